// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

/** The program's entry point. */
public final class Sciabc {

    private Sciabc() {}

    public static void main(String[] args) {
        System.exit(64);
    }
}
