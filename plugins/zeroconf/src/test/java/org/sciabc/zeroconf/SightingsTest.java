// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;
import org.sciabc.spi.Sighting;
import org.sciabc.spi.SightingListener;

class SightingsTest {
    private static final LocalInterface ETH = new LocalInterface(
            "eth7", List.of(new LocalInterface.Address(Packet.literal("10.0.0.1"), 24)), false, true);

    private final List<Sighting> seen = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private final List<DnsName> departed = new ArrayList<>();
    private final Sightings sightings = new Sightings(
            new SightingListener() {
                @Override
                public void sighted(Sighting sighting) {
                    seen.add(sighting);
                }

                @Override
                public void listening(String place, String finding) {
                    throw new AssertionError("not its business");
                }

                @Override
                public void notice(Notice notice) {
                    notices.add(notice);
                }
            },
            (seenOn, name) -> departed.add(name));

    @Test
    void bothVersionsOfTheProtocolAreOneSourceWithAllAddresses() {
        sightings.found(ETH, "4", instance("pi", "10.0.0.7", "v=1"));
        sightings.found(ETH, "6", instance("pi", "2001:db8::7", "v=1"));

        assertThat(seen).hasSize(2).extracting(Sighting::source).containsOnly("SupercomputerInABriefcase on pi%eth7");
        assertThat(((Sighting.Seen) seen.get(1)).node().addresses())
                .containsExactly(Packet.literal("10.0.0.7"), Packet.literal("2001:db8::7"));
    }

    @Test
    void whatAvahiOnceSaidDoesNotOutliveWhatWeHearOurselves() {
        sightings.found(ETH, AvahiBrowser.way(IpVersion.IPV4), instance("pi", "10.0.0.7", "v=1"));
        sightings.found(ETH, AvahiBrowser.way(IpVersion.IPV6), instance("pi", "2001:db8::7", "v=1"));
        sightings.found(ETH, IpVersion.IPV4.name(), instance("pi", "10.0.0.9", "v=1"));
        sightings.found(ETH, AvahiBrowser.way(IpVersion.IPV4), instance("pi", "10.0.0.7", "v=1"));

        assertThat(((Sighting.Seen) seen.get(seen.size() - 1)).node().addresses())
                .containsExactly(Packet.literal("10.0.0.9"), Packet.literal("2001:db8::7"));
    }

    @Test
    void whatSaysNothingNewIsNotReportedAgain() {
        sightings.found(ETH, "4", instance("pi", "10.0.0.7", "v=1"));
        sightings.found(ETH, "6", instance("pi", "10.0.0.7", "v=1"));

        assertThat(seen).hasSize(1);
    }

    @Test
    void signOfLifeIsReportedAgain() {
        sightings.found(ETH, "4", instance("pi", "10.0.0.7", "v=1"));
        sightings.renewed(ETH, Packet.instance("pi"));
        sightings.renewed(ETH, Packet.instance("stranger"));

        assertThat(seen).hasSize(2).containsOnly(seen.get(0));
    }

    @Test
    void goodbyeOnOneWayEndsAllOfThemAndIsPassedOn() {
        sightings.found(ETH, "4", instance("pi", "10.0.0.7", "v=1"));
        sightings.found(ETH, "6", instance("pi", "10.0.0.7", "v=1"));
        sightings.gone(ETH, "6", Packet.instance("pi"), Sighting.Reason.LEFT);
        sightings.gone(ETH, "4", Packet.instance("pi"), Sighting.Reason.LEFT);

        assertThat(seen)
                .last()
                .isEqualTo(new Sighting.Lost("SupercomputerInABriefcase on pi%eth7", Sighting.Reason.LEFT));
        assertThat(seen).hasSize(2);
        assertThat(departed).containsExactly(Packet.instance("pi"));
    }

    @Test
    void silenceOnOneWayIsNoLossWhileTheOtherHears() {
        sightings.found(ETH, "4", instance("pi", "10.0.0.7", "v=1"));
        sightings.found(ETH, "6", instance("pi", "10.0.0.7", "v=1"));
        sightings.gone(ETH, "4", Packet.instance("pi"), Sighting.Reason.EXPIRED);
        assertThat(seen).hasSize(1);

        sightings.gone(ETH, "6", Packet.instance("pi"), Sighting.Reason.EXPIRED);
        assertThat(seen)
                .last()
                .isEqualTo(new Sighting.Lost("SupercomputerInABriefcase on pi%eth7", Sighting.Reason.EXPIRED));
    }

    @Test
    void nodeThatChangesItsClusterIsReportedWithTheOtherOne() {
        sightings.found(ETH, "4", instance("pi", "10.0.0.7", "v=1", "cluster=lab"));
        sightings.found(ETH, "4", instance("pi", "10.0.0.7", "v=1", "cluster=other"));

        assertThat(seen)
                .extracting(
                        sighting -> ((Sighting.Seen) sighting).node().cluster().orElseThrow())
                .containsExactly("lab", "other");
    }

    @Test
    void complaintOfOneSourceIsMadeOnce() {
        sightings.found(ETH, "4", instance("pi", "10.0.0.7", "user=-x"));
        sightings.found(ETH, "4", instance("pi", "10.0.0.7", "user=-y"));

        assertThat(notices)
                .containsExactly(
                        Notice.warning("the announcement 'SupercomputerInABriefcase on pi' on eth7 looks wrong:"
                                + " unusable values of user are ignored"));
    }

    @Test
    void thousandLiarsDoNotFillTheConsole() {
        for (int i = 0; i < 1_000; i++) {
            sightings.found(ETH, "4", instance("pi" + i, "10.0.0.7", "user=-x"));
        }

        assertThat(notices).hasSizeLessThanOrEqualTo(100);
    }

    @Test
    void sourcesThatDifferOnlyInWhatCannotBePrintedStayDifferentAndPrintable() {
        sightings.found(ETH, "4", named("pi"));
        sightings.found(ETH, "4", named("pi\u200B"));
        sightings.found(ETH, "4", named("\u001b[31mpi"));

        assertThat(seen)
                .extracting(Sighting::source)
                .doesNotHaveDuplicates()
                .allSatisfy(source -> assertThat(source).matches("[\\x20-\\x7E]+"));
    }

    private static ServiceInstance named(String label) {
        return new ServiceInstance(
                Packet.TYPE.child(label),
                DnsName.of("pi", "local"),
                NodeText.SERVICE_PORT,
                ServiceText.NONE,
                List.of(Packet.literal("10.0.0.7")));
    }

    private static ServiceInstance instance(String host, String address, String... text) {
        return new ServiceInstance(
                Packet.instance(host),
                DnsName.of(host, "local"),
                NodeText.SERVICE_PORT,
                ServiceText.read(ByteBuffer.wrap(Packet.strings(text))),
                List.of(Packet.literal(address)));
    }
}
