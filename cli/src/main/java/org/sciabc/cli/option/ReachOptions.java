// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How nodes are reached, and what may be done there without asking. */
@Parameters(separators = "=")
public final class ReachOptions {
    @Parameter(
            names = "--user",
            description =
                    "NAME | the account on the nodes, such as pi, or alice@desk7,pi (default: what each announced)")
    private @Nullable String userName;

    @Parameter(names = "--ask-password", description = "ask for a password, for login and sudo")
    private boolean askPassword;

    @Parameter(
            names = "--ask-password-per-node",
            description = "ask for a password for each node, before anything begins; an empty one means keys alone")
    private boolean askPasswordPerNode;

    @Parameter(
            names = "--password-file",
            description = "FILE | read the password from the file's first line ('-' is standard input)")
    private @Nullable String passwordFile;

    @Parameter(names = "--accept-new-host-keys", description = "trust a node that is seen for the first time")
    private boolean acceptNewHostKeys;

    @Parameter(
            names = {"-y", "--yes"},
            description = "ask no questions: agree to what is shown")
    private boolean yes;

    @Parameter(
            names = "--provisioner",
            description = "NAME | how nodes are reached (default: ssh, or the configuration's)")
    private @Nullable String provisionerName;

    /** Everything is agreed to, and the password is in this file. */
    public static ReachOptions agreeing(String passwordFile) {
        ReachOptions options = new ReachOptions();
        options.passwordFile = passwordFile;
        options.acceptNewHostKeys = true;
        options.yes = true;
        return options;
    }

    /** The account, where it was named: {@code pi}, or {@code pi@node[1-4],alice@desk7}. */
    public Optional<String> user() {
        return Optional.ofNullable(userName);
    }

    /** Whether to ask for a password. */
    public boolean asksPassword() {
        return askPassword;
    }

    /** Whether to ask for a password for each node. */
    public boolean asksPasswordPerNode() {
        return askPasswordPerNode;
    }

    /** The file that holds the password, where it was named. */
    public Optional<String> passwordFile() {
        return Optional.ofNullable(passwordFile);
    }

    /** Whether host keys that are seen for the first time are trusted. */
    public boolean acceptsNewHostKeys() {
        return acceptNewHostKeys;
    }

    /** Whether everything is agreed to. */
    public boolean agreesToAll() {
        return yes;
    }

    /** How nodes are reached, where it was named. */
    public Optional<String> provisioner() {
        return Optional.ofNullable(provisionerName);
    }
}
