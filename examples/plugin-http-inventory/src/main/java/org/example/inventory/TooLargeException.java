// SPDX-License-Identifier: GPL-3.0-or-later
package org.example.inventory;

import java.io.IOException;

/** An answer goes on and on. */
final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
}
