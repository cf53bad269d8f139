// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

/** What the roster believes of a node now. */
public enum NodeState {
    /** It was seen, and nothing speaks against it. */
    ALIVE,
    /** A backend lost it or a probe went unanswered: it may still be there. */
    SUSPECT,
    /** It said goodbye, or probes have confirmed that it is not there. */
    GONE
}
