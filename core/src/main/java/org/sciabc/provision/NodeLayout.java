// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;

/**
 * Where sciabc keeps its own things on a node.
 *
 * @param system the folder for what belongs to the machine
 * @param sent what the folders begin with that hold what the manager sends, one for each account that it comes with
 * @param turn how long one waits for another that is at work there: after a manager was killed, its work ends within seconds
 */
record NodeLayout(String system, String sent, Duration turn) {
    static final NodeLayout STANDARD = new NodeLayout("/var/lib/sciabc", "/var/tmp/sciabc", Duration.ofSeconds(20));
    private static final String IN_HOME = ".local/state/sciabc";

    /** What all scripts know. */
    String variables(PlanRequest request) {
        return "sciabc_system=" + ShellText.quote(system)
                + "\nsciabc_turn=" + turn.toSeconds()
                + "\nsciabc_cluster=" + ShellText.quote(request.cluster())
                + "\nsciabc_account=" + ShellText.quote(request.account().orElse(""))
                + "\nsciabc_packages=" + ShellText.quote(debianPackages(request))
                + "\nlock_patience=" + request.lockPatience().toSeconds();
    }

    /** Where what is sent to an account waits; the account's name has to be known. */
    String sentVariable() {
        return "sciabc_sent=" + ShellText.quote(sent) + "-$sciabc_login";
    }

    /** All packages that are asked about, so that the slow question is asked once. */
    private static String debianPackages(PlanRequest request) {
        return request.requirements().stream()
                .filter(Requirement.Packages.class::isInstance)
                .map(Requirement.Packages.class::cast)
                .flatMap(packages -> packages.names().getOrDefault(PackageManager.APT, List.of()).stream())
                .collect(Collectors.joining(" "));
    }

    /** The journal's folder as a shell word. */
    String journal(Facts.Place place) {
        return folder(place) + "/journal";
    }

    /** The file that holds the node's id, as a path in the way of requirements. */
    String id(Facts.Place place) {
        return place == Facts.Place.SYSTEM ? system + "/id" : "~/" + IN_HOME + "/id";
    }

    private String folder(Facts.Place place) {
        return place == Facts.Place.SYSTEM ? ShellText.quote(system) : "\"$HOME\"/" + IN_HOME;
    }
}
