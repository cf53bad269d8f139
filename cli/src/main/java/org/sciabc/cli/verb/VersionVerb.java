// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Product;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.spi.SpiVersion;

/** {@code sciabc version}. */
@Parameters(separators = "=")
public final class VersionVerb implements Verb {
    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @Override
    public boolean usesPlugins() {
        return false;
    }

    @Override
    public int run(Session session) {
        String version = Product.version();
        String java = System.getProperty("java.version", "unknown");
        // Two fixed keys and texts of our own: loading the JSON library would double the time that this verb takes.
        session.terminal()
                .out()
                .println(
                        json
                                ? "{\"version\":\"" + version + "\",\"spi\":\"" + SpiVersion.CURRENT + "\",\"java\":\""
                                        + java + "\"}"
                                : "sciabc " + version + " (SPI " + SpiVersion.CURRENT + ", Java " + java + ")");
        return ExitCode.OK;
    }

    @Override
    public boolean isInterruptible() {
        return false;
    }
}
