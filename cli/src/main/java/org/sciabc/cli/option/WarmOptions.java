// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;

/** Whether a launch uses what earlier ones left open, and whether it says what took how long. */
@Parameters(separators = "=")
public final class WarmOptions {
    @Parameter(
            names = "--cold",
            description = "use no connection and no session that is open already, and leave none open")
    private boolean cold;

    @Parameter(names = "--timing", description = "say where the time went, stage by stage")
    private boolean timing;

    /** Whether nothing that is open already may be used, nor be left open. */
    public boolean isCold() {
        return cold;
    }

    /** Whether to say where the time went. */
    public boolean showsTiming() {
        return timing;
    }
}
