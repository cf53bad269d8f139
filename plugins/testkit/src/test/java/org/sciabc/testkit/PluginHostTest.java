// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginHostRequest;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;

class PluginHostTest {
    @TempDir
    Path folder;

    @Test
    void offersWhatTheJarsInTheFolderOffer() throws SciabcException {
        Sources.discovery("found").writeTo(folder);

        try (PluginHost host = open()) {
            assertThat(host.component(DiscoveryBackend.class, "found").summary())
                    .isEqualTo("finds nothing");
            assertThat(host.plugins()).extracting(PluginInfo::id).containsExactly("found");
            assertThat(host.problems()).isEmpty();
        }
    }

    @Test
    void namesTheNearestComponentFirstWhenThereIsNoSuch() {
        Sources.discovery("zeroconf").writeTo(folder);
        Sources.discovery("static").writeTo(folder);

        try (PluginHost host = open()) {
            assertThatThrownBy(() -> host.component(DiscoveryBackend.class, "zerconf"))
                    .isInstanceOfSatisfying(SciabcException.class, failure -> {
                        assertThat(failure).hasMessage("no discovery backend 'zerconf': there are zeroconf, static");
                        assertThat(failure.hint()).contains("did you mean 'zeroconf'?");
                    });
        }
    }

    private PluginHost open() {
        return PluginHost.open(PluginHostRequest.of(List.of(folder)));
    }
}
