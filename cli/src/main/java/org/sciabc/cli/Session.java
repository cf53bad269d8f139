// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.cli.config.Folders;
import org.sciabc.cli.console.Terminal;
import org.sciabc.cli.standby.Standby;
import org.sciabc.plugin.KeptPlugins;

/**
 * What one run of a verb has to work with.
 *
 * @param terminal where it prints and asks
 * @param folders where its files are
 * @param environment the environment's variables
 * @param cluster the cluster, where the command line named it
 * @param job the words after {@code --}; empty when there were none
 * @param standby the process, where it stays for the next command
 * @param plugins what was read of the plugins' jars already
 */
public record Session(
        Terminal terminal,
        Folders folders,
        Map<String, String> environment,
        Optional<String> cluster,
        List<String> job,
        Optional<Standby> standby,
        KeptPlugins plugins) {}
