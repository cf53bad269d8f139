// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;

final class RememberedUsersTest {
    private static final Node UNKNOWN = Node.of("node1", List.of());
    private static final Node KNOWN = UNKNOWN.withId(new NodeId("2e78cf13-62be-40a4-bc33"));

    @TempDir
    Path folder;

    private RememberedUsers users;

    @BeforeEach
    void open() {
        users = new RememberedUsers(folder);
    }

    @Test
    void anAnswerIsKeptForTheNextCommand() throws Exception {
        users.remember(List.of(KNOWN), "mpi", "mpi");
        assertThat(answer(KNOWN)).contains("mpi");
        assertThat(answer(UNKNOWN.withName("node2"))).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("users.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aNodeIsKnownByItsIdAndByItsNameUntilItHasOne() throws Exception {
        users.remember(List.of(KNOWN), "mpi", "mpi");
        assertThat(answer(KNOWN.withName("renamed"))).contains("mpi");
        assertThat(answer(UNKNOWN)).contains("mpi");
        assertThat(answer(UNKNOWN.withId(new NodeId("another-machine")))).isEmpty();
    }

    @Test
    void aLaterAnswerTakesThePlaceOfAnEarlierOneAndIsForgotten() throws Exception {
        users.remember(List.of(UNKNOWN), "pi", "pi");
        users.remember(List.of(KNOWN), "mpi", "mpi");
        assertThat(users.all()).extracting(RememberedUsers.Answer::user).containsExactly("mpi");
        users.forget(List.of(KNOWN));
        assertThat(users.all()).isEmpty();
    }

    @Test
    void aDamagedFileHoldsNothingAndIsWrittenAnew() throws Exception {
        Files.writeString(
                folder.resolve("users.json"), "{\"nodes\": [{\"name\": \"node1\", \"user\": \"$(reboot)\"}, 7]}");
        assertThat(users.all()).isEmpty();
        Files.writeString(folder.resolve("users.json"), "{\"nodes");
        assertThat(users.all()).isEmpty();
        users.remember(List.of(KNOWN), "mpi", "mpi");
        assertThat(answer(KNOWN)).contains("mpi");
    }

    @Test
    void whoMadeANodeReadyForAnotherAccountIsTheOneToUndoIt() throws Exception {
        users.remember(List.of(KNOWN), "mpi", "pi");
        users.remember(List.of(UNKNOWN.withName("node2")), "alice", "alice");

        assertThat(answer(KNOWN)).contains("mpi");
        assertThat(RememberedUsers.preparerOf(KNOWN, users.all())).contains("pi");
        assertThat(RememberedUsers.preparerOf(UNKNOWN.withName("node2"), users.all()))
                .contains("alice");
        users.remember(List.of(KNOWN), "mpi", "mpi");
        assertThat(RememberedUsers.preparerOf(KNOWN, users.all()))
                .as("after a second run, which mpi came for")
                .contains("pi");
        users.remember(List.of(KNOWN), "alice", "alice");
        assertThat(RememberedUsers.preparerOf(KNOWN, users.all())).contains("alice");
    }

    private Optional<String> answer(Node node) throws Exception {
        return RememberedUsers.of(node, users.all());
    }
}
