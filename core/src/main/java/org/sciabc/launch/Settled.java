// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a machine's evidence can be relied on. Apart from what is read at each launch, which mostly does not need it. */
final class Settled {
    /** A file, and when its status changed. */
    private static final Pattern FILE = Pattern.compile("file (?:[0-9a-f]+ ){6}-?\\d+\\.\\d{9} (\\d+\\.\\d{9}) /.*");

    private static final Pattern CLOCK = Pattern.compile("\\d{1,11}(\\.\\d{1,9})?");

    /** Two changes within one tick of a file system's clock look like one; the longest tick is that of FAT, two seconds. */
    private static final BigDecimal LEAST_AGE = BigDecimal.valueOf(4);

    private Settled() {}

    /**
     * Whether every file was as it is for some seconds.
     *
     * @param sight what the machine said
     * @param clock its time, in seconds
     */
    static boolean isSure(String sight, String clock) {
        if (!CLOCK.matcher(clock).matches() || sight.length() >= PreflightScript.MOST_CHARACTERS) {
            return false;
        }
        BigDecimal latest = new BigDecimal(clock).subtract(LEAST_AGE);
        boolean hasFiles = false;
        for (String line : sight.split("\n", -1)) {
            Matcher seen = FILE.matcher(line);
            if (seen.matches()) {
                hasFiles = true;
                if (new BigDecimal(seen.group(1)).compareTo(latest) > 0) {
                    return false;
                }
            } else if (hasFiles || line.equals("doubt")) {
                return false;
            }
        }
        return hasFiles;
    }
}
