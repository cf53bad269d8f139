// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.util.List;
import org.sciabc.spi.Setting;

/** What somebody may set who did not read the help, or who did and wants to see what happens. */
final class Absurd {
    private Absurd() {}

    /** Texts of that type that few settings can have use for. */
    static List<String> textsFor(Setting.Type type) {
        return switch (type) {
            case TEXT -> List.of("", "/nowhere/at all", "'; \"$(");
            case LIST -> List.of("/nowhere/at all,'; \"$(,,");
            case NUMBER -> List.of("0", "999999999999999999");
            case DURATION -> List.of("0s", "999999999h");
            case FLAG, SECRET -> List.of();
        };
    }
}
