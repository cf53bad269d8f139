// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

/** Bytes that are no DNS message, or one whose lengths and offsets lie. */
final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String what) {
        super(what);
    }
}
