// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SpiVersionTest {

    @Test
    void theHostOffersTheVersionThatShippedPluginsAskFor() {
        assertThat(System.getProperty("sciabc.spi.version")).isEqualTo(SpiVersion.CURRENT);
    }
}
