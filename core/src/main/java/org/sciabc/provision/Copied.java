// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

/**
 * What copying did for one node.
 *
 * @param files how many files were copied
 * @param bytes their sizes, added up
 * @param same how many files were the same already
 */
public record Copied(long files, long bytes, long same) {}
