// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.roster.Seeing.KEY_A;
import static org.sciabc.roster.Seeing.at;
import static org.sciabc.roster.Seeing.lost;
import static org.sciabc.roster.Seeing.node;
import static org.sciabc.roster.Seeing.seen;
import static org.sciabc.roster.Seeing.withId;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.Sighting.Reason;

final class RosterStoreTest {
    @TempDir
    Path stateFolder;

    private final Roster roster = new Roster(Node.DEFAULT_CLUSTER);

    @Test
    void whatIsSavedIsLoaded() throws Exception {
        Hardware hardware = new Hardware(
                OptionalInt.of(4), OptionalLong.of(8_000_000_000L), Optional.of("aarch64"), Optional.of("debian-12"));
        roster.sighted(
                "zeroconf",
                seen(
                        "SupercomputerInABriefcase on \"pi1\"",
                        withId("pi-id-0001", "pi1", "10.0.0.1", "2001:db8::1")
                                .withUser("pi")
                                .withPort(2222)
                                .withHostKey(KEY_A)
                                .withCluster("default")
                                .withHardware(hardware)),
                at(0));
        roster.sighted("zeroconf", seen("b", node("pi2")), at(1.5));
        roster.sighted("zeroconf", lost("b", Reason.LEFT), at(2));
        roster.answered(new Endpoint(Seeing.address("10.0.0.1"), 2222), at(3));
        store().save(roster.entries(), at(4));
        assertThat(store().load().entries()).isEqualTo(roster.entries());
        assertThat(store().load().notices()).isEmpty();
    }

    @Test
    void nothingIsThereAtFirst() throws Exception {
        assertThat(store().load().entries()).isEmpty();
        assertThat(store().load().notices()).isEmpty();
    }

    @Test
    void itIsForItsOwnerAlone() throws Exception {
        save("pi1", "10.0.0.1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void whatAnotherProcessSavedIsKept() throws Exception {
        save("pi1", "10.0.0.1");
        save("pi2", "10.0.0.2");
        assertThat(names()).containsExactly("pi1", "pi2");
    }

    @Test
    void whatAnotherProcessSawOfANodeThroughItsBackendIsKept() throws Exception {
        save("pi1", "10.0.0.1");
        roster.sighted("jgroups", seen("member", withId("id-of-pi1", "pi1", "10.0.0.1")), at(1));
        roster.sighted("zeroconf", seen("pi1", withId("id-of-pi1", "pi1", "10.0.0.1")), at(1));
        store().save(roster.entries(), at(1));
        Roster third = new Roster(Node.DEFAULT_CLUSTER);
        third.sighted("zeroconf", seen("pi1", withId("id-of-pi1", "pi1", "10.0.0.1")), at(2));
        store().save(third.entries(), at(2));
        assertThat(store().load().entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.seenBy()).containsExactly("jgroups", "zeroconf"));
    }

    @Test
    void sinceWhenANodeIsKnownIsKept() throws Exception {
        save("pi1", "10.0.0.1");
        Roster later = new Roster(Node.DEFAULT_CLUSTER);
        later.sighted("zeroconf", seen("pi1", withId("id-of-pi1", "pi1", "10.0.0.1")), at(50));
        store().save(later.entries(), at(50));
        assertThat(store().load().entries()).singleElement().satisfies(entry -> {
            assertThat(entry.firstSeen()).isEqualTo(at(0));
            assertThat(entry.lastSeen()).isEqualTo(at(50));
        });
    }

    /** A member of a JGroups group has another name after each start. */
    @Test
    void whatABackendCalledANodeTheDayBeforeIsForgotten() throws Exception {
        for (int start = 0; start < 100; start++) {
            Roster watching = new Roster(Node.DEFAULT_CLUSTER);
            Instant now = at(0).plus(Duration.ofHours(30L * start));
            watching.restored(store().load().entries(), now);
            watching.sighted("jgroups", seen("member" + start, withId("id-of-pi1", "pi1", "10.0.0.1")), now);
            store().save(watching.entries(), now);
        }
        assertThat(store().load().entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.claims()).hasSizeLessThan(5));
    }

    @Test
    void whoWentLongAgoIsForgotten() throws Exception {
        save("pi1", "10.0.0.1");
        store().save(List.of(), at(0).plus(Duration.ofDays(31)));
        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                              | line 1, column",
                "{\"format\": 1, \"nodes\": [}                  | line 1, column",
                "not json                                       | line 1, column",
                "{\"format\": 2, \"nodes\": []}                 | it is not of format 1",
                "{\"format\": 1}                                | 'nodes' is missing",
                "{\"format\": 1, \"nodes\": [7]}                | 'nodes' holds something that is not an object",
                "{\"format\": 1, \"nodes\": [{\"claims\": []}]} | a node without claims",
                "[]                                             | ",
            })
    void damageIsToldAndSetAside(String text, String why) throws Exception {
        Files.writeString(file(), text);
        RosterStore.Stored stored = store().load();
        assertThat(stored.entries()).isEmpty();
        assertThat(stored.notices())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text())
                        .startsWith("the roster in " + file() + " could not be read (" + (why == null ? "" : why))
                        .endsWith("set aside as roster.json.damaged: nodes have to be discovered again"));
        assertThat(stateFolder.resolve("roster.json.damaged")).hasContent(text);
        assertThat(file()).doesNotExist();
    }

    @Test
    void impossibleValuesAreDamage() throws Exception {
        save("pi1", "10.0.0.1");
        String good = Files.readString(file());
        for (String bad : List.of(
                good.replace("\"port\": 22", "\"port\": 99999").replace("\"port\":22", "\"port\":99999"),
                good.replace("10.0.0.1", "example.org"),
                good.replace("alive", "sleepy"),
                good.replace("2016-09-16T10", "yesterday"),
                good.replace("\"pi1\"", "\"pi1; reboot\""))) {
            assertThat(bad).isNotEqualTo(good);
            Files.writeString(file(), bad);
            assertThat(store().load().notices()).hasSize(1);
        }
    }

    @Test
    void nestingWithoutEndIsDamage() throws Exception {
        Files.writeString(file(), "[".repeat(200_000));
        assertThat(store().load().notices())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text()).contains("it is nested more than 16 deep"));
    }

    @Test
    void savingOverDamageSetsItAsideToo() throws Exception {
        Files.writeString(file(), "{");
        roster.sighted("zeroconf", seen("a", node("pi1", "10.0.0.1")), at(0));
        assertThat(store().save(roster.entries(), at(0))).hasSize(1);
        assertThat(names()).containsExactly("pi1");
        assertThat(stateFolder.resolve("roster.json.damaged")).hasContent("{");
    }

    private void save(String name, String address) throws Exception {
        Roster other = new Roster(Node.DEFAULT_CLUSTER);
        other.sighted("zeroconf", seen(name, withId("id-of-" + name, name, address)), at(0));
        store().save(other.entries(), at(0));
    }

    private List<String> names() throws Exception {
        return store().load().entries().stream()
                .map(entry -> entry.node().name())
                .toList();
    }

    private RosterStore store() {
        return new RosterStore(stateFolder);
    }

    private Path file() {
        return stateFolder.resolve("roster.json");
    }
}
