// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.ArrayList;
import java.util.List;

/** Reads one folded expression from left to right. */
final class NodeSetParser {
    private static final int MOST_DIGITS = 9;

    private final String text;
    private int at;

    NodeSetParser(String text) {
        this.text = text;
    }

    List<String> names() throws SciabcException {
        List<String> names = new ArrayList<>();
        do {
            skipSpaces();
            int start = at;
            List<String> item = item();
            if (names.size() + item.size() > NodeSet.LIMIT) {
                throw tooMany(start);
            }
            names.addAll(item);
        } while (skipped(','));
        return names;
    }

    private List<String> item() throws SciabcException {
        int start = at;
        List<String> prefixes = List.of("");
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ' ') {
            prefixes = combined(prefixes, text.charAt(at) == '[' ? bracket() : List.of(plain()), start);
        }
        if (at == start) {
            throw error(start, "a name is missing");
        }
        skipSpaces();
        if (at < text.length() && text.charAt(at) != ',') {
            throw error(at, "names are separated by commas");
        }
        return prefixes;
    }

    private String plain() throws SciabcException {
        int start = at;
        while (at < text.length() && ",[ ".indexOf(text.charAt(at)) < 0) {
            char character = text.charAt(at);
            if (character == ']') {
                throw error(at, "this bracket was never opened");
            }
            if (Character.isISOControl(character) || Character.isWhitespace(character)) {
                throw error(at, "a name has no control characters");
            }
            at++;
        }
        return text.substring(start, at);
    }

    private List<String> bracket() throws SciabcException {
        int open = at;
        int close = text.indexOf(']', open);
        if (close < 0) {
            throw error(open, "this bracket is never closed");
        }
        String inside = text.substring(open + 1, close);
        if (inside.indexOf(':') >= 0) {
            return List.of(literal(open, close));
        }
        at = open + 1;
        List<String> numbers = new ArrayList<>();
        do {
            addRange(numbers);
        } while (skipped(','));
        if (at != close) {
            throw error(at, "a bracket holds numbers and ranges such as 1-3,7");
        }
        at = close + 1;
        return numbers;
    }

    private String literal(int open, int close) throws SciabcException {
        for (int i = open + 1; i < close; i++) {
            char character = text.charAt(i);
            if ("[,".indexOf(character) >= 0
                    || Character.isISOControl(character)
                    || Character.isWhitespace(character)) {
                throw error(i, "this is neither an IPv6 address nor a range");
            }
        }
        at = close + 1;
        return text.substring(open, at);
    }

    private void addRange(List<String> numbers) throws SciabcException {
        int start = at;
        String first = digits();
        String last = skipped('-') ? digits() : first;
        int from = Integer.parseInt(first);
        int to = Integer.parseInt(last);
        if (to < from) {
            throw error(start, "the range runs backwards");
        }
        if (numbers.size() + (to - from) >= NodeSet.LIMIT) {
            throw tooMany(start);
        }
        int width = first.startsWith("0") ? first.length() : 1;
        for (int number = from; number <= to; number++) {
            numbers.add(padded(number, width));
        }
    }

    private String digits() throws SciabcException {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw error(start, "a number is missing");
        }
        if (at - start > MOST_DIGITS) {
            throw error(start, "a number has at most " + MOST_DIGITS + " digits");
        }
        return text.substring(start, at);
    }

    private List<String> combined(List<String> prefixes, List<String> endings, int start) throws SciabcException {
        if ((long) prefixes.size() * endings.size() > NodeSet.LIMIT) {
            throw tooMany(start);
        }
        List<String> all = new ArrayList<>(prefixes.size() * endings.size());
        for (String prefix : prefixes) {
            for (String ending : endings) {
                if (prefix.length() + ending.length() > NodeSet.LONGEST_NAME) {
                    throw error(start, "a name has at most " + NodeSet.LONGEST_NAME + " characters");
                }
                all.add(prefix + ending);
            }
        }
        return all;
    }

    static String padded(int number, int width) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    private boolean skipped(char expected) {
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpaces() {
        while (skipped(' ')) {
            // A list that was typed in quotes may have spaces after its commas.
        }
    }

    private SciabcException tooMany(int index) {
        return error(index, "this stands for more than " + NodeSet.LIMIT + " names");
    }

    private SciabcException error(int index, String why) {
        String rest = Untrusted.line(text.substring(Math.min(index, text.length())), 20);
        String where = "column " + (index + 1) + (rest.isEmpty() ? ", at the end" : ", at '" + rest + "'");
        return new SciabcException(
                "cannot read the nodes '" + Untrusted.line(text, 80) + "'",
                where + ": " + why,
                "write them as in node[1-3,7] or pi@10.0.0.[1-8]:22,desk7");
    }
}
