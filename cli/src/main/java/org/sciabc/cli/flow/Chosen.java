// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import org.sciabc.spi.Component;
import org.sciabc.spi.Settings;

/**
 * A component in use, with its settings.
 *
 * @param component the component
 * @param settings what was configured and given for it, checked
 */
public record Chosen<T extends Component>(T component, Settings settings) {}
