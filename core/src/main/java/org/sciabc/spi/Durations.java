// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 300ms}, {@code 5s}, {@code 2m}, {@code 1h}; a bare number means seconds. */
public final class Durations {
    /** Ten years, short of what nanoseconds can count. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,3}))?(ms|s|m|h)?");

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @return empty when the text is not a duration, or one of more than ten years
     */
    public static Optional<Duration> parse(String text) {
        var matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = Optional.ofNullable(matcher.group(3)).orElse("s");
        long millis = switch (unit) {
            case "ms" -> 1L;
            case "m" -> 60_000L;
            case "h" -> 3_600_000L;
            default -> 1_000L;
        };
        String fraction = Optional.ofNullable(matcher.group(2)).orElse("0");
        long thousandths = Long.parseLong((fraction + "00").substring(0, 3));
        return Optional.of(Duration.ofMillis(Long.parseLong(matcher.group(1)) * millis + thousandths * millis / 1_000))
                .filter(duration -> duration.compareTo(LONGEST) <= 0);
    }

    /** Writes a duration so that {@link #parse} reads it back, with the largest unit that leaves no remainder. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        if (millis % 3_600_000 == 0 && millis > 0) {
            return millis / 3_600_000 + "h";
        }
        return millis % 60_000 == 0 && millis > 0 ? millis / 60_000 + "m" : millis / 1_000 + "s";
    }
}
