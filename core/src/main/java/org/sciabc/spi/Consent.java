// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Objects;

/**
 * Something that a component would do to machines whose owners have not asked for it, so that a person has to agree first.
 * The host puts the question; who agrees has given the setting, and who gave the setting beforehand is not asked.
 *
 * @param question what would be done, to be answered with yes or no: one line that ends in a question mark
 * @param key the setting, without the component's id, that says the same as a yes
 * @param value its value
 */
public record Consent(String question, String key, String value) {
    public Consent {
        Objects.requireNonNull(question, "question is null");
        Objects.requireNonNull(key, "key is null");
        Objects.requireNonNull(value, "value is null");
    }
}
