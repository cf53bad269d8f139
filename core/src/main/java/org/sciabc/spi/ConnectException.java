// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import org.jspecify.annotations.Nullable;

/** A node that was not reached, with the kind of reason, by which the host groups nodes and chooses its advice. */
public final class ConnectException extends SciabcException {
    private static final long serialVersionUID = 1L;

    /** Why a node was not reached. */
    public enum Kind {
        /** Nothing answered at any of its addresses. */
        UNREACHABLE,
        /** A connection was accepted and then nothing, or not enough, was said in time. */
        SILENT,
        /** What answered does not speak the protocol. */
        NOT_UNDERSTOOD,
        /** Its host key is not known and was not accepted. */
        HOST_KEY_UNKNOWN,
        /** Its host key is not the one that is known. */
        HOST_KEY_CHANGED,
        /** It accepted none of the keys and passwords. */
        AUTHENTICATION
    }

    private final Kind kind;

    public ConnectException(Kind kind, String what, @Nullable String why, String hint) {
        super(what, why, hint);
        this.kind = kind;
    }

    public ConnectException(Kind kind, String what, @Nullable String why, String hint, Throwable cause) {
        super(what, why, hint, cause);
        this.kind = kind;
    }

    /** Why the node was not reached. */
    public Kind kind() {
        return kind;
    }
}
