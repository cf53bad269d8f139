// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.beust.jcommander.JCommander;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.cli.CliFailure;

class DiscoveryOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"--discovery=sweep", "--for=1s", "--expect=3", "--known", "--fresh"})
    void besideAHostfileNothingIsIgnored(String option) {
        assertThatExceptionOfType(CliFailure.class)
                .isThrownBy(() -> read(option).requireNone("--hostfile", ""))
                .withMessageStartingWith(option.replaceFirst("=.*", "") + " has no meaning with --hostfile")
                .satisfies(refused -> assertThat(refused.status()).isEqualTo(64));
    }

    @Test
    void nothingOfItNeedsToBeGiven() {
        assertThatCode(() -> read().requireNone("--hostfile", "")).doesNotThrowAnyException();
    }

    private static DiscoveryOptions read(String... words) {
        DiscoveryOptions options = new DiscoveryOptions();
        JCommander.newBuilder().addObject(options).build().parse(words);
        return options;
    }
}
