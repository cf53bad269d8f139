// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

/** Plugins with one component, in source, into which a test puts its mistake. */
final class Sources {
    /** A member with which a component leaves a trace of having been created. */
    static final String MARKS_ITS_CREATION = """
            public Found() {
                System.setProperty("created." + id(), "yes");
            }
            """;

    private Sources() {}

    /** Whether a component with that id was created since this was last asked. */
    static boolean wasCreated(String id) {
        return System.clearProperty("created." + id) != null;
    }

    /** A right plugin with one discovery backend that finds nothing. */
    static PluginJar discovery(String id) {
        return discovery(id, "");
    }

    /** The same with more members in the class of the component, {@code example.Found}. */
    static PluginJar discovery(String id, String members) {
        return PluginJar.of(id).declares("discovery:" + id).source("example.Found", found(id, members));
    }

    static String found(String id, String members) {
        return """
                package example;

                import org.sciabc.spi.*;

                @org.pf4j.Extension
                public class Found implements DiscoveryBackend {
                    %s

                    @Override
                    public String id() {
                        return "%s";
                    }

                    @Override
                    public String summary() {
                        return "finds nothing";
                    }

                    @Override
                    public Announcement announce(AnnounceRequest request) throws SciabcException {
                        throw new SciabcException("cannot announce", "not supported", "");
                    }

                    @Override
                    public void watch(WatchRequest request, SightingListener listener) {}
                }
                """.formatted(members, id);
    }
}
