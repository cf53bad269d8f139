// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which node to reach, and with what.
 *
 * @param node the node; has at least one address
 * @param user the account to use, already decided
 * @param settings the provisioner's settings
 * @param stateFolder the cluster's private folder on the manager (mode 0700): key pair, known hosts; exists
 * @param password the password, tried after keys; absent means keys alone, and for a provisioner without
 *     {@link Provisioner.Feature#PASSWORD} always, also where the person gave one for sudo
 * @param hostKeyDecision asked when the node's key is not known yet; never asked about a key that changed
 * @param timeout for everything up to the authenticated connection
 */
public record ConnectRequest(
        Node node,
        String user,
        Settings settings,
        Path stateFolder,
        Optional<Secret> password,
        HostKeyDecision hostKeyDecision,
        Duration timeout) {}
