// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.Node;
import org.sciabc.spi.Requirement;

final class PlannerTest {
    private static final ChosenUser PI = new ChosenUser("pi", ChosenUser.Origin.ANNOUNCED);
    private static final PlanRequest REQUEST = PlanRequest.of(
            "lab", List.of(Samples.MPI, Samples.AVAHI, Samples.SERVICE_FILE, Samples.SERVICE, Samples.KEY));
    private static final String BARE = """
            user=pi
            home.writable=yes
            os=debian|12|Debian GNU/Linux 12 (bookworm)|
            init=systemd
            package.manager=APT
            privilege=sudo
            need.0=packages
            need.1=packages
            need.1.has=avahi-daemon 0.8-10
            need.2=unmet absent
            need.3=unmet inactive, disabled
            need.4=unmet absent
            """;

    @Test
    void theExactCommandsAreShown() throws Exception {
        assertThat(PlanText.commands(plan(BARE, "node1"))).startsWith("""
                node1: 5 steps
                  as pi (as the node announced), sudo without password
                  is: Debian GNU/Linux 12 (bookworm), systemd, apt
                  there already: avahi-daemon 0.8-10
                  1. install openmpi-bin, python3-mpi4py [root: packages are installed for all users]
                    because mpirun starts the job's processes with it
                    | export DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1
                    | wait_for_package_lock 300
                    | ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || apt-get -q -o APT::Update::Error-Mode=any update
                    | apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 install openmpi-bin python3-mpi4py || { apt-get -q -o APT::Update::Error-Mode=any update; apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 install openmpi-bin python3-mpi4py; }
                  2. give the node a random id in /var/lib/sciabc/id [root: it lies outside of the home folder]
                    because nodes are told apart by it, whatever their names and addresses are
                    | mkdir -p '/var/lib/sciabc'
                    | { own_id | grep . || new_id; } >'/var/lib/sciabc/id.sciabc-new'
                    | chmod 644 '/var/lib/sciabc/id.sciabc-new'
                    | mv -f '/var/lib/sciabc/id.sciabc-new' '/var/lib/sciabc/id'
                  3. write /etc/avahi/services/sciabc.service [root: it lies outside of the home folder]
                    because the node is found by it
                    | mkdir -p '/etc/avahi/services'
                    | fill_in <<'END' >'/etc/avahi/services/sciabc.service.sciabc-new'
                    | <txt-record>id=@sciabc.id@</txt-record>
                    | END
                    | chmod 644 '/etc/avahi/services/sciabc.service.sciabc-new'
                    | mv -f '/etc/avahi/services/sciabc.service.sciabc-new' '/etc/avahi/services/sciabc.service'
                  4. enable and start the service avahi-daemon [root: services run for the whole machine]
                    because it announces the node
                    | systemctl enable --now 'avahi-daemon'
                  5. add a key to ~/.ssh/authorized_keys
                    because jobs are started with it
                    | add_key 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1c3kgYmVlcyBidXp6IGJ5IHRoZSBicm9vayBzaWRl sciabc-lab'
                """);
    }

    @Test
    void equalNodesAreFoldedAndOthersStandAlone() throws Exception {
        List<NodePlan> plans =
                new ArrayList<>(plan(BARE, "node10", "node2", "node1").nodes());
        plans.addAll(
                plan(BARE.replace("privilege=sudo", "privilege=none"), "node3").nodes());
        assertThat(new Plan(plans).groups()).extracting(Plan.Group::names).containsExactly("node[1-2,10]", "node3");
    }

    @Test
    void equalFactsGiveEqualText() throws Exception {
        assertThat(PlanText.commands(plan(BARE, "node1", "node2")))
                .isEqualTo(PlanText.commands(plan(BARE, "node2", "node1")));
    }

    @Test
    void aNodeThatHasEverythingHasNothingToDo() throws Exception {
        Plan plan = plan("""
                privilege=none
                package.manager=APT
                need.0=packages
                need.0.has=openmpi-bin 4
                need.0.has=python3-mpi4py 3
                need.1=packages
                need.1.has=avahi-daemon 0.8
                need.2=met
                need.3=met
                need.4=met
                """, "node1");
        assertThat(plan.isDone()).isTrue();
        assertThat(PlanText.steps(plan)).startsWith("node1: ready, nothing to do\n");
    }

    @Test
    void withoutPrivilegeRootsPartIsForAnAdministrator() throws Exception {
        NodePlan plan = plan(BARE.replace("privilege=sudo", "privilege=none"), "node1")
                .nodes()
                .get(0);
        assertThat(plan.steps()).extracting(Step::kind).containsExactly(Step.Kind.KEY);
        assertThat(plan.administrator()).hasSize(4);
        assertThat(plan.willBeReady()).isFalse();
    }

    @Test
    void allMissingPackagesAreInstalledInOneRun() throws Exception {
        NodePlan plan = plan(BARE.replace("need.1.has=avahi-daemon 0.8-10\n", ""), "node1")
                .nodes()
                .get(0);
        assertThat(plan.steps())
                .filteredOn(step -> step.kind() == Step.Kind.PACKAGES)
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.subject()).isEqualTo("openmpi-bin python3-mpi4py avahi-daemon");
                    assertThat(step.why()).hasSize(2);
                });
    }

    @Test
    void anIdThatTheNodeHasIsKept() throws Exception {
        assertThat(plan(BARE + "id=2e78cf13-62be-40a4-bc33\n", "node1")
                        .nodes()
                        .get(0)
                        .steps())
                .noneMatch(step -> step.title().contains("random id"));
    }

    @Test
    void servicesWithoutAnInitAreInTheWay() throws Exception {
        assertThat(plan(BARE.replace("init=systemd", "init=none"), "node1")
                        .nodes()
                        .get(0)
                        .obstacles())
                .containsExactly("no way is known to start avahi-daemon on a node without systemd or OpenRC");
    }

    @Test
    void aMaskedServiceIsUnmaskedAndOpenRcHasItsOwnWords() throws Exception {
        assertThat(commands(BARE.replace("need.3=unmet inactive, disabled", "need.3=unmet masked")))
                .contains("unmask_service 'avahi-daemon'");
        assertThat(commands(BARE.replace("init=systemd", "init=openrc")))
                .contains("rc-update add 'avahi-daemon' default", "rc-service 'avahi-daemon' start");
    }

    @Test
    void aReadOnlyHomeIsInTheWayOfTheKey() throws Exception {
        NodePlan plan = plan(BARE.replace("home.writable=yes", "home.writable=no"), "node1")
                .nodes()
                .get(0);
        assertThat(plan.obstacles())
                .containsExactly("the home folder cannot be written to: is it mounted read-only, or somebody else's?");
    }

    @Test
    void whoHoldsThePackageLockIsNamed() throws Exception {
        assertThat(plan(BARE + "package.lock=7 unattended-upgr\n", "node1")
                        .nodes()
                        .get(0)
                        .notes())
                .containsExactly("unattended-upgr is installing or removing packages there now: the plan waits for it");
        assertThat(plan(BARE + "package.lock=0 nobody any more: remove /db.lck\n", "node1")
                        .nodes()
                        .get(0)
                        .notes())
                .containsExactly("the package lock is held by nobody any more: remove /db.lck");
    }

    @Test
    void anAccountOfItsOwnIsMadeFirst() throws Exception {
        PlanRequest request = REQUEST.withAccount("mpi", OptionalLong.of(1234));
        NodePlan plan = plan(request, BARE + "need.account=unmet absent\n", "node1")
                .nodes()
                .get(0);
        assertThat(plan.steps().get(0).commands()).containsExactly("create_account 'mpi' 1234");
        NodePlan without = plan(
                        request,
                        BARE.replace("privilege=sudo", "privilege=none") + "need.account=unmet absent\n",
                        "node1")
                .nodes()
                .get(0);
        assertThat(without.steps()).isEmpty();
        assertThat(without.administrator())
                .extracting(Step::kind)
                .startsWith(Step.Kind.ACCOUNT)
                .endsWith(Step.Kind.KEY);
    }

    @Test
    void withoutPrivilegeTheHomeOfAnotherAccountIsForAnAdministratorToo() throws Exception {
        PlanRequest request = PlanRequest.of("lab", List.of(Samples.KEY)).withAccount("mpi");
        String facts = "user=pi\nprivilege=none\nneed.0=unmet absent\nneed.account=met with number 1001\n";
        NodePlan plan = plan(request, facts, "node1").nodes().get(0);
        assertThat(plan.present()).containsExactly("account mpi (with number 1001)");
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.administrator()).extracting(Step::kind).containsExactly(Step.Kind.KEY);
        NodePlan own = plan(request, facts.replace("user=pi", "user=mpi"), "node1")
                .nodes()
                .get(0);
        assertThat(own.steps()).extracting(Step::kind).containsExactly(Step.Kind.KEY);
    }

    @Test
    void anAccountHasTheSameNumberOnAllNodes() {
        assertThat(REQUEST.withAccount("mpi").uid().orElseThrow())
                .isEqualTo(REQUEST.withAccount("mpi").uid().orElseThrow())
                .isBetween(20_000L, 29_999L)
                .isNotEqualTo(REQUEST.withAccount("other").uid().orElseThrow());
    }

    @Test
    void whatIsNotAKeyIsNotAdded() throws Exception {
        Requirement broken = new Requirement.AuthorizedKey("ssh-ed25519 AAAA\ncommand=x", "jobs");
        NodePlan plan = plan(PlanRequest.of("lab", List.of(broken)), BARE, "node1")
                .nodes()
                .get(0);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles()).containsExactly("what should be added to authorized_keys is not a public key");
    }

    @Test
    void namesWithShellCharactersAreRefused() {
        assertThatThrownBy(() -> PlanRequest.of("lab'; reboot", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> REQUEST.withAccount("a b", OptionalLong.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> commands(String facts) throws Exception {
        return plan(facts, "node1").nodes().get(0).steps().stream()
                .flatMap(step -> step.commands().stream())
                .toList();
    }

    private static Plan plan(String facts, String... names) throws Exception {
        return plan(REQUEST, facts, names);
    }

    private static Plan plan(PlanRequest request, String facts, String... names) throws Exception {
        List<NodePlan> plans = new ArrayList<>();
        for (String name : names) {
            Facts parsed = FactsParser.parse(
                    "@sciabc facts begin\n" + facts + "@sciabc facts end\n", request, Instant.EPOCH, Instant.EPOCH);
            plans.add(new Planner(request).plan(Node.of(name, List.of()), PI, parsed));
        }
        return new Plan(plans);
    }
}
