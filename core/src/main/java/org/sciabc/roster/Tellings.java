// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sciabc.spi.Notice;

/** Tells each thing once, and not more things than anybody reads. */
final class Tellings {
    private static final int MOST = 200;

    private final Set<String> told = new HashSet<>();
    private final List<Notice> untaken = new ArrayList<>();

    void tell(String about, Notice notice) {
        if (told.size() < MOST && told.add(about)) {
            untaken.add(notice);
            if (told.size() == MOST) {
                untaken.add(Notice.warning("too many things look wrong: no more of them are told"));
            }
        }
    }

    List<Notice> take() {
        List<Notice> taken = List.copyOf(untaken);
        untaken.clear();
        return taken;
    }
}
