// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import java.util.List;
import org.sciabc.cli.config.NetworkProfile;

/**
 * Whether a profile fits the network, and why.
 *
 * @param profile the profile
 * @param findings one for each kind of condition that it names
 * @param longestPrefix the prefix length of the narrowest of its ranges that holds an address of this machine; -1 when none
 */
public record ProfileVerdict(NetworkProfile profile, List<Finding> findings, int longestPrefix) {
    public ProfileVerdict {
        findings = List.copyOf(findings);
    }

    /**
     * How it is with one kind of condition.
     *
     * @param condition its key in the configuration file
     * @param wanted the values of which one has to hold
     * @param holds whether one does
     * @param why what was seen
     */
    public record Finding(String condition, List<String> wanted, boolean holds, String why) {
        public Finding {
            wanted = List.copyOf(wanted);
        }
    }

    /** Whether it applies here by itself; one without conditions never does. */
    public boolean fits() {
        return !findings.isEmpty() && findings.stream().allMatch(Finding::holds);
    }
}
