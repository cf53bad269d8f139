// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/**
 * What a discovery found, and how it went.
 *
 * @param nodes the nodes that can be tried, sorted by name
 * @param silent known nodes that were there before and are not now, as gone
 * @param notices what is worth telling
 * @param changes those of the notices that only say who is elsewhere than before, or where another one was
 * @param reports how it went for each backend, in the order of the request
 * @param elapsed how long it took
 */
public record Discovered(
        List<RosterEntry> nodes,
        List<RosterEntry> silent,
        List<Notice> notices,
        List<Notice> changes,
        List<BackendReport> reports,
        Duration elapsed) {
    public Discovered {
        nodes = List.copyOf(nodes);
        silent = List.copyOf(silent);
        notices = List.copyOf(notices);
        changes = List.copyOf(changes);
        reports = List.copyOf(reports);
    }

    /**
     * How it went for one backend.
     *
     * @param backend its id
     * @param listening what it observed, by place, in the order in which it named them
     * @param failure why it could not go on
     */
    public record BackendReport(String backend, Map<String, String> listening, Optional<SciabcException> failure) {}
}
