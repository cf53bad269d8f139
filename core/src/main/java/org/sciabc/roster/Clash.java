// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import org.sciabc.spi.Notice;

/**
 * Two nodes that claim what only one can have.
 *
 * @param about what it is, so that the same clash is told once however its nodes change
 * @param notice what to tell
 */
record Clash(String about, Notice notice) {
    /** Whether it is no more than that a machine is elsewhere, or another one where it was: nothing has to be mended. */
    boolean isChange() {
        return notice.level() == Notice.Level.INFO;
    }
}
