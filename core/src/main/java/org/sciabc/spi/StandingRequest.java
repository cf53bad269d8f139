// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.file.Path;

/**
 * Asks about what a component keeps open, or running, between one launch and the next.
 *
 * @param settings the component's settings
 * @param stateFolder the cluster's private folder on the manager (mode 0700); exists
 * @param processes how to start programs on this machine
 */
public record StandingRequest(Settings settings, Path stateFolder, LocalProcesses processes) {}
