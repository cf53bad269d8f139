// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import org.sciabc.testkit.PluginJar;

/** Plugins with one discovery backend, in source, into which a test puts its mistake. */
final class FoundPlugin {

    private FoundPlugin() {}

    /** A right plugin: its backend finds one node, called as the plugin is. */
    static PluginJar of(String id) {
        return of(id, "");
    }

    /** The same with more members in the class of the backend, {@code example.Found}. */
    static PluginJar of(String id, String members) {
        return watching(id, members, "");
    }

    /** The same with statements before the backend begins to watch. */
    static PluginJar watching(String id, String members, String statements) {
        return PluginJar.of(id).declares("discovery:" + id).source("example.Found", """
                        package example;

                                                import java.util.List;
                        import java.util.Optional;
                        import org.sciabc.spi.*;

                        @org.pf4j.Extension
                        public class Found implements DiscoveryBackend {
                            %2$s

                            @Override
                            public String id() {
                                return "%1$s";
                            }

                            @Override
                            public String summary() {
                                return "finds one node";
                            }

                            @Override
                            public boolean supports(Feature feature) {
                                return false;
                            }

                            @Override
                            public Announcement announce(AnnounceRequest request) throws SciabcException {
                                throw new SciabcException("cannot announce", "not supported", "");
                            }

                            @Override
                            public void watch(WatchRequest request, SightingListener listener) {
                                %3$s
                                listener.listening("here", "1 node");
                                Node node = Node.of("%1$s-node", List.of(Subnet.parse("%4$s").orElseThrow().base()));
                                listener.sighted(new Sighting.Seen("%1$s", node, Optional.empty()));
                            }
                        }
                        """.formatted(
                        id, members, statements, addressOf(id)));
    }

    /** Each plugin's node has another one: nodes with the same address would be taken for one. */
    private static String addressOf(String id) {
        return "127.1." + (id.hashCode() >> 8 & 0xff) + "." + (id.hashCode() & 0xff);
    }
}
