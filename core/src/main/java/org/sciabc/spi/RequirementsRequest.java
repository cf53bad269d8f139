// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.file.Path;

/**
 * The circumstances under which a component says what it needs on nodes.
 *
 * @param cluster the name of the cluster
 * @param settings this component's settings
 * @param stateFolder the cluster's private folder on the manager (mode 0700); exists
 */
public record RequirementsRequest(String cluster, Settings settings, Path stateFolder) {}
