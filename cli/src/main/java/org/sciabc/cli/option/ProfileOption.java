// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which network profile applies; alone in verbs that read what is kept of a cluster and use no network. */
@Parameters(separators = "=")
public final class ProfileOption {
    @Parameter(
            names = "--network",
            description = "NAME | apply this network profile, or 'none' (default: the one that fits this network)")
    private @Nullable String profile;

    /** Its name, where it was named. */
    Optional<String> name() {
        return Optional.ofNullable(profile);
    }

    /** The same, without networks and settings. */
    public NetworkOptions network() {
        return NetworkOptions.in(this);
    }
}
