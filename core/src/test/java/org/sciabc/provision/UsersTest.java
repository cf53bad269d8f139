// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sciabc.provision.ChosenUser.Origin;
import org.sciabc.spi.Node;

final class UsersTest {
    private static final Node ANNOUNCED = Node.of("node2", List.of()).withUser("pi");
    private static final Node SILENT = Node.of("desk7", List.of());

    @Test
    void theFirstWhoNamesAnAccountDecides() throws Exception {
        Users users = Users.local("me");
        assertThat(users.choose(SILENT)).isEqualTo(new ChosenUser("me", Origin.LOCAL));
        assertThat(users.choose(ANNOUNCED)).isEqualTo(new ChosenUser("pi", Origin.ANNOUNCED));
        users.configuredBy(node -> Optional.of("lab"));
        assertThat(users.choose(ANNOUNCED)).isEqualTo(new ChosenUser("lab", Origin.CONFIGURATION));
        users.rememberedBy(node -> Optional.of("alice"));
        assertThat(users.choose(ANNOUNCED)).isEqualTo(new ChosenUser("alice", Origin.REMEMBERED));
        users.givenAs("root");
        assertThat(users.choose(ANNOUNCED)).isEqualTo(new ChosenUser("root", Origin.COMMAND_LINE));
    }

    @Test
    void theCommandLineNamesAccountsNodeByNode() throws Exception {
        Users users = Users.local("me").givenAs("pi@node[1-4],alice@desk7");
        assertThat(users.choose(Node.of("node3", List.of())).name()).isEqualTo("pi");
        assertThat(users.choose(SILENT).name()).isEqualTo("alice");
        assertThat(users.choose(Node.of("node5", List.of())).origin()).isEqualTo(Origin.LOCAL);
    }

    @Test
    void anAccountWithoutNodesIsForAllOthers() throws Exception {
        Users users = Users.local("me").givenAs("alice@desk7,guest@node[1,5],pi");
        assertThat(users.choose(SILENT).name()).isEqualTo("alice");
        assertThat(users.choose(Node.of("node5", List.of())).name()).isEqualTo("guest");
        assertThat(users.choose(Node.of("node6", List.of()))).isEqualTo(new ChosenUser("pi", Origin.COMMAND_LINE));
        assertThatThrownBy(() -> Users.local("me").givenAs("pi,root")).hasMessageContaining("two users");
    }

    @Test
    void addressesCountAsNamesWithOrWithoutAPort() throws Exception {
        Users users = Users.local("me").givenAs("pi@10.0.0.[1-3]:2222");
        Node node = Node.of("node1", List.of(InetAddress.getByName("10.0.0.2")));
        assertThat(users.choose(node).name()).isEqualTo("pi");
    }

    @Test
    void aNameThatCouldDoHarmIsRefused() {
        assertThatThrownBy(() -> Users.local("me").givenAs("$(reboot)@node1")).hasMessageContaining("cannot use");
    }
}
