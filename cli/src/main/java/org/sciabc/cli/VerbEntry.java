// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

/**
 * A line of the table of verbs.
 *
 * @param name what is typed
 * @param summary what it does, in a few words
 */
record VerbEntry(String name, String summary) {}
