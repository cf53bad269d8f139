// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

/**
 * What copying did for one node.
 *
 * @param files how many files were copied
 * @param bytes their sizes, added up
 * @param same how many files were the same already
 * @param resumed how many of the bytes had come earlier, before something cut it off
 */
public record Copied(long files, long bytes, long same, long resumed) {

    /** All in one go. */
    public Copied(long files, long bytes, long same) {
        this(files, bytes, same, 0);
    }
}
