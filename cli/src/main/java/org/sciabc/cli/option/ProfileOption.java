// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import org.jspecify.annotations.Nullable;

/** Which network profile names the cluster, for verbs that read what is kept of it and use no network. */
@Parameters(separators = "=")
public final class ProfileOption {
    @Parameter(
            names = "--network",
            description = "NAME | apply this network profile, or 'none' (default: the one that fits this network)")
    private @Nullable String profile;

    /** The same, without networks and settings. */
    public NetworkOptions network() {
        return NetworkOptions.inProfile(profile);
    }
}
