// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.util.function.Supplier;

/**
 * A line of the table of verbs.
 *
 * @param name what is typed
 * @param summary what it does, in a few words
 * @param verb makes an instance, so that only the verb in use is loaded
 */
record VerbEntry(String name, String summary, Supplier<Verb> verb) {}
