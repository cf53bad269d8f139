// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.plugin.PluginHost;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;

/** A plugin sees the contract, the JDK and its own jar; nothing of the host and nothing of another plugin. */
class IsolationTest {
    private static final String SEES = """
            static boolean sees(String name) {
                try {
                    Class.forName(name);
                    return true;
                } catch (ClassNotFoundException e) {
                    return false;
                }
            }

            @Override
            public String summary() {
                return "%s " + sees("%s");
            }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "org.sciabc.spi.Node, true",
        "org.slf4j.Logger, true",
        "org.pf4j.Extension, true",
        "org.jspecify.annotations.Nullable, true",
        "java.net.http.HttpClient, true",
        "java.sql.Connection, true",
        "javax.net.ssl.SSLContext, true",
        "org.sciabc.plugin.PluginHost, false",
        "org.sciabc.testkit.PluginJar, false",
        "com.github.zafarkhaja.semver.Version, false",
        "org.junit.jupiter.api.Test, false",
    })
    void decidesWhatAPluginSees(String className, boolean visible) throws SciabcException {
        PluginJar.of("curious")
                .source(
                        "example.Found",
                        Sources.found("curious", SEES.formatted("sees", className))
                                .replaceFirst(
                                        "(?s)@Override\\s+public String summary\\(\\) \\{\\s+return \"finds nothing\";\\s+}",
                                        ""))
                .writeTo(folder);

        try (PluginHost host = PluginHostTest.open(folder)) {
            assertThat(host.component(DiscoveryBackend.class, "curious").summary())
                    .isEqualTo("sees " + visible);
        }
    }

    @Test
    void twoCopiesOfOneLibraryDoNotDisturbEachOther() throws SciabcException {
        for (String id : List.of("one", "two")) {
            Sources.discovery(id, """
                            @Override
                            public java.util.List<Setting> settings() {
                                return java.util.List.of(Setting.number("calls", library.Counter.next(), ""));
                            }
                            """)
                    .source(
                            "library.Counter",
                            "package library; public class Counter { static int n; public static int next() { return ++n; } }")
                    .writeTo(folder);
        }

        try (PluginHost host = PluginHostTest.open(folder)) {
            assertThat(host.describe())
                    .extracting(component ->
                            component.settings().get(0).defaultText().orElse("?"))
                    .containsExactly("1", "1");
        }
    }

    @Test
    void aPluginFindsItsOwnResourcesAndServices() throws SciabcException {
        Sources.discovery("found", """
                        @Override
                        public java.util.List<Requirement> requirements(RequirementsRequest request)
                                throws SciabcException {
                            int services = 0;
                            for (Runnable service : java.util.ServiceLoader.load(Runnable.class)) {
                                services++;
                            }
                            boolean own = Found.class.getResource("/own.txt") != null;
                            boolean hosts = Found.class.getResource("/org/sciabc/plugin/PluginHost.class") != null;
                            throw new SciabcException("services " + services, "own " + own + ", host's " + hosts, "");
                        }
                        """)
                .entry("own.txt", "own")
                .entry("META-INF/services/java.lang.Runnable", "example.Service\n")
                .source(
                        "example.Service",
                        "package example; public class Service implements Runnable { public void run() {} }")
                .writeTo(folder);

        try (PluginHost host = PluginHostTest.open(folder)) {
            DiscoveryBackend backend = host.component(DiscoveryBackend.class, "found");

            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> backend.requirements(
                            new RequirementsRequest("default", Settings.defaults(List.of()), folder))))
                    .hasMessage("services 1: own true, host's false");
        }
    }
}
