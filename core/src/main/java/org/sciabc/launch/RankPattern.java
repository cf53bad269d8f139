// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.sciabc.spi.SciabcException;

/**
 * A pattern of files in whose names {@code {rank}} stands for the number of the process that wrote them, with or without
 * zeros in front. A folder that it names stands for all that is in it.
 *
 * @param text what the person wrote, as an absolute path
 */
public record RankPattern(String text) {
    private static final String PLACE = "{rank}";
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final int MOST_DIGITS = 9;

    /**
     * A rank that a file is of.
     *
     * @param number counted from 0
     * @param digits as it is written in the name
     */
    public record Rank(int number, String digits) {
        /** Where a file of it goes: into a folder for the rank, unless it is in one already. */
        public String place(String name) {
            return name.startsWith(digits + "/") ? number + name.substring(digits.length()) : number + "/" + name;
        }
    }

    /**
     * The pattern, where it has a place for ranks.
     *
     * @throws SciabcException when it makes no sense
     */
    public static Optional<RankPattern> of(String text) throws SciabcException {
        if (!text.contains(PLACE)) {
            return Optional.empty();
        }
        RankPattern pattern = new RankPattern(text);
        try {
            pattern.matcher("0");
        } catch (PatternSyntaxException malformed) {
            throw new SciabcException("cannot fetch " + text, "it is not a pattern of file names", "");
        }
        return Optional.of(pattern);
    }

    /** For a shell on a node: what it finds is more than what this pattern means. */
    public String glob() {
        return text.replace(PLACE, "[0-9]*");
    }

    /**
     * The rank that a file is of.
     *
     * @param path the file's absolute path on a node
     * @param ranks how many there are: other numbers mean something else
     * @return absent where the file is of none
     */
    public Optional<Rank> rank(String path, int ranks) {
        Matcher numbers = NUMBER.matcher(path);
        while (numbers.find()) {
            String digits = numbers.group();
            boolean isRank = digits.length() <= MOST_DIGITS && Integer.parseInt(digits) < ranks;
            if (isRank && matches(matcher(digits), path)) {
                return Optional.of(new Rank(Integer.parseInt(digits), digits));
            }
        }
        return Optional.empty();
    }

    private PathMatcher matcher(String digits) {
        // Braces mean nothing to a shell's patterns, and something to Java's.
        String literal = text.replace(PLACE, digits).replace("{", "\\{").replace("}", "\\}");
        return FileSystems.getDefault().getPathMatcher("glob:" + literal);
    }

    /** The file itself, or a folder that it is in. */
    private static boolean matches(PathMatcher matcher, String path) {
        try {
            for (Path each = Path.of(path); each != null; each = each.getParent()) {
                if (matcher.matches(each)) {
                    return true;
                }
            }
            return false;
        } catch (InvalidPathException nonsense) {
            return false;
        }
    }
}
