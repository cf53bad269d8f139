// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

/** The least that a Java program can be: what our own start-up is measured beside. */
final class Hello {
    private Hello() {}

    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
