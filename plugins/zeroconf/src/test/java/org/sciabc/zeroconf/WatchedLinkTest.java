// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

/** A link whose sockets send nothing: they are closed, which is as good as a firewall that lets nothing out. */
class WatchedLinkTest {
    private final List<String> findings = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private WatchedLink watched;

    @BeforeEach
    void closeTheSockets() throws IOException {
        watched =
                new WatchedLink(closed(), IpVersion.IPV4.name(), true, new Sightings(listener(), (on, name) -> {}), 0);
    }

    @Test
    void whatCannotBeSentIsNotTriedAgainBeforeTheNextQuestionIsDue() {
        for (long expected : new long[] {250, 1_000, 3_000}) {
            long now = watched.due(60_000);
            refuse(now);

            assertThat(watched.due(60_000)).as("after the question at " + now).isEqualTo(expected);
        }
    }

    @Test
    void whatCannotBeSentIsSaidOnce() throws IOException {
        for (long now = 0; now <= 27_000; now += 50) {
            if (watched.due(60_000) <= now) {
                refuse(now);
            } else {
                watched.work(now);
            }
            watched.describe(now, (place, finding) -> findings.add(finding));
        }

        assertThat(findings).containsExactly("0 answers, cannot send: Operation not permitted");
        // Nothing was sent that could be heard back.
        assertThat(notices).isEmpty();
    }

    @Test
    void newSocketsMaySend() throws IOException {
        refuse(0);
        watched.describe(0, (place, finding) -> findings.add(finding));

        watched.reopen(closed(), 100);
        watched.describe(100, (place, finding) -> findings.add(finding));

        assertThat(findings).containsExactly("0 answers, cannot send: Operation not permitted", "0 answers");
    }

    private void refuse(long now) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> watched.work(now));
        watched.refused("Operation not permitted");
    }

    private static Link closed() throws IOException {
        InetAddress own = Packet.literal("127.0.0.1");
        String name = NetworkInterface.getByInetAddress(own).getName();
        LocalInterface loopback = new LocalInterface(name, List.of(new LocalInterface.Address(own, 8)), true, true);
        Link link = Link.open(loopback, IpVersion.IPV4, own);
        link.close();
        return link;
    }

    private SightingListener listener() {
        return new SightingListener() {
            @Override
            public void sighted(Sighting sighting) {
                throw new AssertionError("there is nobody");
            }

            @Override
            public void listening(String place, String finding) {
                throw new AssertionError("not its business");
            }

            @Override
            public void notice(Notice notice) {
                notices.add(notice);
            }
        };
    }
}
