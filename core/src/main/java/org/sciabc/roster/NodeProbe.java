// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import java.util.function.Consumer;

/** Asks an endpoint whether something lives there. */
interface NodeProbe extends AutoCloseable {

    /** What becomes of an attempt. */
    enum Reply {
        /** The machine took the connection; more follows. */
        ACCEPTED,
        /** The server spoke. The attempt is over. */
        ANSWERED,
        /**
         * The server spoke, and is one that holds it against who comes and does not log in: OpenSSH from 9.8 on. Some
         * fifteen such visits more than one a second, and it lets nobody of that machine in for a while (PerSourcePenalties
         * in sshd_config(5)). The attempt is over.
         */
        ANSWERED_COUNTING,
        /** Somebody spoke, and did not want to talk to us. The attempt is over. */
        TURNED_AWAY,
        /** A machine is there, and nobody listens at that port. The attempt is over. */
        REFUSED,
        /** Nobody is there, or the connection was closed without a word. The attempt is over. */
        FAILED;

        /** Whether the server spoke, whatever it said. */
        boolean isWord() {
            return isAnswer() || this == TURNED_AWAY;
        }

        /** Whether it would have talked to us. */
        boolean isAnswer() {
            return this == ANSWERED || this == ANSWERED_COUNTING;
        }
    }

    /** An attempt that may be given up. */
    @FunctionalInterface
    interface Attempt {
        /** Gives it up; a reply that is under way may still come. */
        void cancel();
    }

    /**
     * Begins an attempt and returns at once. It has no end of its own: whoever began it gives it up.
     *
     * @param replies takes what becomes of it, on any thread, possibly before this returns
     */
    Attempt attempt(Endpoint endpoint, Consumer<Reply> replies);

    @Override
    void close();
}
