// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.Sighting.Reason;
import org.sciabc.zeroconf.ServiceTable.Change;

class ServiceTableTest {
    private static final InetAddress SENDER = Packet.literal("10.0.0.7");
    private static final DnsName PI = Packet.instance("pi");
    private static final DnsName HOST = DnsName.of("pi", "local");

    private final ServiceTable table = new ServiceTable(Packet.TYPE);

    @Nested
    class Finding {
        @Test
        void completeAnnouncementIsFoundAtOnce() {
            List<Change> changes = take(Packet.node("pi", "10.0.0.7", "v=1"), 0);

            assertThat(changes).singleElement().isInstanceOfSatisfying(Change.Found.class, found -> {
                assertThat(found.instance().name()).isEqualTo(PI);
                assertThat(found.instance().host()).isEqualTo(HOST);
                assertThat(found.instance().text().values()).containsEntry("v", "1");
                assertThat(found.instance().addresses()).containsExactly(Packet.literal("10.0.0.7"));
            });
        }

        @Test
        void sameAnnouncementAgainIsNoNews() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);

            assertThat(take(Packet.node("pi", "10.0.0.7", "v=1"), 500)).isEmpty();
        }

        @Test
        void whatIsMissingIsAskedForAndCompletes() {
            take(Packet.response().pointer(PI, 4_500), 0);

            assertThat(table.questions(10))
                    .containsExactlyInAnyOrder(
                            new Question(PI, DnsRecord.TYPE_SRV), new Question(PI, DnsRecord.TYPE_TXT));
            assertThat(take(Packet.response().server(PI, HOST, 120).text(PI, 4_500, "v=1"), 20))
                    .isEmpty();
            assertThat(table.questions(160))
                    .containsExactlyInAnyOrder(
                            new Question(HOST, DnsRecord.TYPE_A), new Question(HOST, DnsRecord.TYPE_AAAA));
            assertThat(take(Packet.response().address(HOST, "10.0.0.7", 120), 170))
                    .singleElement()
                    .isInstanceOf(Change.Found.class);
        }

        @Test
        void addressThatWasAnnouncedBeforeTheInstanceIsRemembered() {
            take(Packet.response().address(HOST, "10.0.0.7", 120), 0);

            assertThat(take(
                            Packet.response()
                                    .pointer(PI, 4_500)
                                    .server(PI, HOST, 120)
                                    .text(PI, 4_500, "v=1"),
                            500))
                    .singleElement()
                    .isInstanceOf(Change.Found.class);
        }

        @Test
        void instanceWithoutATextIsFoundOnceThatHadTheTimeToCome() {
            Packet packet =
                    Packet.response().pointer(PI, 4_500).server(PI, HOST, 120).address(HOST, "10.0.0.7", 120);

            assertThat(take(packet, 0)).isEmpty();
            assertThat(table.age(999)).isEmpty();
            assertThat(table.due()).isLessThanOrEqualTo(1_000);
            assertThat(table.age(1_000)).singleElement().isInstanceOf(Change.Found.class);
        }

        @Test
        void announcementAfterASilenceIsASignOfLife() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);
            take(Packet.node("pi", "10.0.0.7", "v=1"), 1_000);

            assertThat(take(Packet.node("pi", "10.0.0.7", "v=1"), 9_000)).containsExactly(new Change.Renewed(PI));
        }

        @Test
        void changedTextIsNews() {
            take(Packet.node("pi", "10.0.0.7", "v=1", "cores=4"), 0);

            assertThat(take(Packet.response().text(PI, 4_500, "v=1", "cores=8"), 2_000))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Change.Found.class,
                            found ->
                                    assertThat(found.instance().text().values()).containsEntry("cores", "8"));
        }

        @Test
        void newAddressReplacesTheOldOne() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);

            assertThat(take(Packet.response().address(HOST, "10.0.0.9", 120), 5_000))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Change.Found.class,
                            found -> assertThat(found.instance().addresses())
                                    .containsExactly(Packet.literal("10.0.0.9")));
        }

        @Test
        void otherServicesAreIgnored() {
            DnsName printer = DnsName.of("laser", "_ipp", "_tcp", "local");
            Packet packet = Packet.response()
                    .record(DnsName.of("_ipp", "_tcp", "local"), DnsRecord.TYPE_PTR, 4_500, Packet.name(printer))
                    .pointer(printer, 4_500)
                    .server(printer, HOST, 120);

            assertThat(take(packet, 0)).isEmpty();
            assertThat(table.size()).isZero();
        }
    }

    @Nested
    class Losing {
        @Test
        void goodbyeIsBelievedAtOnce() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);

            assertThat(take(Packet.response().pointer(PI, 0), 60)).containsExactly(new Change.Gone(PI, Reason.LEFT));
            assertThat(table.size()).isZero();
        }

        @Test
        void whoSaidGoodbyeIsAskedAndComesBackWhenItAnswers() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);
            take(Packet.response().pointer(PI, 0), 60);

            assertThat(table.questions(60)).contains(new Question(PI, DnsRecord.TYPE_SRV));
            assertThat(take(
                            Packet.response()
                                    .server(PI, HOST, 120)
                                    .text(PI, 4_500, "v=1")
                                    .address(HOST, "10.0.0.7", 120),
                            90))
                    .singleElement()
                    .isInstanceOf(Change.Found.class);
        }

        @Test
        void repeatedGoodbyeIsOneLoss() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);
            take(Packet.response().pointer(PI, 0), 60);

            assertThat(take(Packet.response().pointer(PI, 0).server(PI, HOST, 0), 90))
                    .isEmpty();
        }

        @Test
        void answerThatComesLongAfterTheGoodbyeIsNotBelieved() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);
            take(Packet.response().pointer(PI, 0), 0);
            table.questions(0);
            table.questions(300);
            table.questions(2_000);

            assertThat(take(Packet.response().server(PI, HOST, 120).address(HOST, "10.0.0.7", 120), 2_100))
                    .isEmpty();
        }

        @Test
        void announcementThatNobodyRenewsRunsOutAfterItWasAskedForInTime() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);

            assertThat(table.due()).isEqualTo(96_000);
            assertThat(table.questions(96_000)).contains(new Question(PI, DnsRecord.TYPE_SRV));
            assertThat(table.age(119_999)).isEmpty();
            assertThat(table.age(120_000)).containsExactly(new Change.Gone(PI, Reason.EXPIRED));
        }

        @Test
        void renewedAnnouncementStays() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);
            take(Packet.node("pi", "10.0.0.7", "v=1"), 100_000);

            assertThat(table.age(200_000)).isEmpty();
        }

        @Test
        void understatedTimeToLiveOfADirectAnswerIsRaised() {
            Packet direct = Packet.response()
                    .pointer(PI, 10)
                    .server(PI, HOST, 10)
                    .text(PI, 10, "v=1")
                    .address(HOST, "10.0.0.7", 10);
            table.take(direct.records(), SENDER, 0, 120);

            assertThat(table.age(60_000)).isEmpty();
        }
    }

    @Nested
    class Hostile {
        @Test
        void floodOfNamesFillsTheTableAndNoMore() {
            IntStream.range(0, 3_000).forEach(i -> take(Packet.response().pointer(Packet.instance("n" + i), 120), 0));

            assertThat(table.size()).isEqualTo(ServiceTable.INSTANCE_LIMIT);
            assertThat(table.isOverfull()).isTrue();
        }

        @Test
        void twoMachinesThatAnnounceOneInstanceAreReported() {
            take(Packet.node("pi", "10.0.0.7", "v=1"), 0);

            List<Change> changes = table.take(
                    Packet.node("pi", "10.0.0.66", "v=1", "user=eve").records(), Packet.literal("10.0.0.66"), 500, 0);

            assertThat(changes).contains(new Change.Contested(PI, SENDER, Packet.literal("10.0.0.66")));
        }

        @Test
        void knownAnswersHoldOnlyWhatIsFresh() {
            take(Packet.response().pointer(PI, 100), 0);

            assertThat(table.known(10_000)).containsExactly(new DnsRecord.Pointer(Packet.TYPE, 90, PI));
            assertThat(table.known(60_000)).isEmpty();
        }
    }

    private List<Change> take(Packet packet, long now) {
        return table.take(packet.records(), SENDER, now, 0);
    }
}
