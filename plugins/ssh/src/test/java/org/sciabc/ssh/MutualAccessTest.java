// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.spi.Node;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;

class MutualAccessTest {
    private static final String KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIGJ1c3kgYmVlcyBidXp6IGJ5IHRoZSBicm9vayBzaWRl";

    @TempDir
    Path folder;

    private ManagerSide manager;
    private List<ReadyNode> nodes;

    @BeforeEach
    void prepare() throws Exception {
        manager = new ManagerSide(folder);
        Files.writeString(manager.state.resolve("known_hosts"), "10.0.0.2 ssh-ed25519 " + KEY + "\n");
        nodes = List.of(ready("node1", "10.0.0.1"), ready("node2", "10.0.0.2"));
    }

    @Test
    void nodesDoNotReachEachOtherUnlessThatIsWanted() throws Exception {
        assertThat(requirements()).hasSize(1);
        manager.with("mutual", "true");
        nodes = List.of();
        assertThat(requirements()).hasSize(1);
    }

    @Test
    void aKeyOfTheirOwnIsGoodFromTheirAddressesAlone() throws Exception {
        manager.with("mutual", "true");

        List<Requirement> requirements = requirements();

        List<String> keys = requirements.stream()
                .filter(Requirement.AuthorizedKey.class::isInstance)
                .map(each -> ((Requirement.AuthorizedKey) each).publicKey())
                .toList();
        assertThat(keys).hasSize(2);
        assertThat(keys.get(0)).startsWith("ssh-ed25519 ");
        assertThat(keys.get(1))
                .startsWith("from=\"10.0.0.1,10.0.0.2\" ssh-ed25519 ")
                .endsWith(" sciabc lab between nodes");
        assertThat(keys.get(1)).doesNotContain(keys.get(0).split(" ", -1)[1]);
        assertThat(requirements()).as("asked again").isEqualTo(requirements);
    }

    @Test
    void addressesThatNodesGaveThemselvesCountAndThoseOfOneLinkDoNot() throws Exception {
        manager.with("mutual", "true");
        nodes = List.of(ready("node1", "169.254.7.1"), ready("node2", "fe80::1"));

        assertThat(requirements())
                .filteredOn(Requirement.AuthorizedKey.class::isInstance)
                .last()
                .asString()
                .contains("from=\"169.254.7.1\" ssh-ed25519 ");
    }

    @Test
    void whereThereIsNoOtherAddressNoKeyIsMade() throws Exception {
        manager.with("mutual", "true");
        nodes = List.of(ready("node1", "fe80::1"), ready("node2", "fe80::2"));
        assertThatThrownBy(this::requirements)
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("all of their addresses are IPv6 ones of a single link");
    }

    @Test
    void thePrivateHalfIsASecretOnEitherSide() throws Exception {
        manager.with("mutual", "true");

        Requirement.SecretFile secret = requirements().stream()
                .filter(Requirement.SecretFile.class::isInstance)
                .map(Requirement.SecretFile.class::cast)
                .findFirst()
                .orElseThrow();

        assertThat(secret.path()).isEqualTo("~/.ssh/sciabc-lab");
        assertThat(secret.mode()).isEqualTo(0600);
        assertThat(new String(secret.content().characters())).contains("PRIVATE KEY");
        assertThat(secret.toString()).doesNotContain("PRIVATE KEY");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(manager.state.resolve("id_ed25519_mutual"))))
                .isEqualTo("rw-------");
    }

    @Test
    void nodesKnowEachOthersHostKeysAndHowToGetThere() throws Exception {
        manager.with("mutual", "true");
        assertThat(content(".known_hosts")).isEqualTo("node2 ssh-ed25519 " + KEY + "\n");
        assertThat(content(".config"))
                .contains("Host node2 10.0.0.2\n  HostName 10.0.0.2\n  Port 22\n  User mpi\n  HostKeyAlias node2\n")
                .contains("  IdentityFile ~/.ssh/sciabc-lab\n", "  StrictHostKeyChecking yes\n");
    }

    private String content(String suffix) throws Exception {
        return requirements().stream()
                .filter(each -> each instanceof Requirement.FileContent file
                        && file.path().equals("~/.ssh/sciabc-lab" + suffix))
                .map(each -> ((Requirement.FileContent) each).content())
                .findFirst()
                .orElseThrow();
    }

    private List<Requirement> requirements() throws Exception {
        return manager.ssh().requirements(new RequirementsRequest("lab", manager.settings(), manager.state, nodes));
    }

    private static ReadyNode ready(String name, String address) throws Exception {
        InetAddress place = InetAddress.getByName(address);
        return new ReadyNode(Node.of(name, List.of(place)), place, "mpi", 1);
    }
}
