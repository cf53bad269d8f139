// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Subnet;

final class FactsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final PlanRequest REQUEST =
            PlanRequest.of("lab", List.of(Samples.MPI, Samples.SERVICE_FILE, Samples.SERVICE, Samples.KEY));

    @Nested
    final class Reading {
        private static final String DEBIAN = """
                Linux node1 6.1
                @sciabc facts begin
                clock.first=1700000003.000000000
                user=pi
                uid=1000
                home=/home/pi
                shell=/usr/bin/fish
                home.writable=yes
                hostname=node1
                os=debian|12|Debian GNU/Linux 12 (bookworm)|
                arch=aarch64
                cores=4
                memory=8000000000
                init=systemd
                package.manager=APT
                package.lock=713 unattended-upgr
                machine.id=4da4588c73fb4535935b695332d287b4
                id=2e78cf13-62be-40a4-bc33-a9389c4b82ac
                disk.system=1000000000
                avahi=running
                mpi.path=/usr/bin/mpirun
                mpi.version=mpirun (Open MPI) 4.1.4
                mpi.build=openmpi-bin 4.1.4-3+b1
                address=eth0 10.0.3.12 24
                address=eth0 fe80::1 64
                privilege=sudo-password
                journal.system=yes
                journal.account=pi
                clock.last=1700000005.000000000
                need.0=packages
                need.0.has=openmpi-bin 4.1.4-3+b1
                need.1=unmet mode 600
                need.2=met
                need.3=unknown hidden
                @sciabc facts end
                """;

        @Test
        void everythingThatWasSaidIsThere() throws Exception {
            Facts facts = FactsParser.parse(DEBIAN, REQUEST, NOW, NOW.plusSeconds(2));

            assertThat(facts.login())
                    .isEqualTo(new Facts.Login(
                            "pi", OptionalLong.of(1000), "/home/pi", Optional.of(true), Optional.of("/usr/bin/fish")));
            assertThat(facts.machine().system().orElseThrow().title()).isEqualTo("Debian GNU/Linux 12 (bookworm)");
            assertThat(facts.machine().hardware().os()).contains("debian-12");
            assertThat(facts.machine().hardware().cores()).isEqualTo(OptionalInt.of(4));
            assertThat(facts.machine().init()).isEqualTo(Facts.InitSystem.SYSTEMD);
            assertThat(facts.machine().clockAhead()).contains(Duration.ofSeconds(3));
            assertThat(facts.machine().freeHomeBytes()).isEmpty();
            assertThat(facts.software().packageManager()).contains(PackageManager.APT);
            assertThat(facts.software().lock()).contains(new Facts.LockHolder(713, "unattended-upgr"));
            assertThat(facts.software().mpi())
                    .contains(new Facts.Mpi(
                            "/usr/bin/mpirun", "mpirun (Open MPI) 4.1.4", Optional.of("openmpi-bin 4.1.4-3+b1")));
            assertThat(facts.addresses().get(0))
                    .isEqualTo(new NodeAddress("eth0", InetAddress.getByName("10.0.3.12"), 24));
            assertThat(facts.addresses().get(0).subnet())
                    .isEqualTo(Subnet.parse("10.0.3.0/24").orElseThrow());
            assertThat(facts.addresses().get(1).address().getHostAddress()).isEqualTo("fe80:0:0:0:0:0:0:1");
            assertThat(facts.privilege().level()).isEqualTo(Privilege.Level.SUDO_WITH_PASSWORD);
            assertThat(facts.id()).contains(new NodeId("2e78cf13-62be-40a4-bc33-a9389c4b82ac"));
            assertThat(facts.journals()).isEqualTo(new Facts.Journals(true, List.of("pi")));
            assertThat(facts.state(Samples.MPI)).isEqualTo(new State.Unmet("missing", List.of("python3-mpi4py")));
            assertThat(facts.state(Samples.SERVICE_FILE)).isEqualTo(new State.Unmet("mode 600", List.of()));
            assertThat(facts.state(Samples.SERVICE)).isEqualTo(new State.Met(""));
            assertThat(facts.state(Samples.KEY)).isEqualTo(new State.Unknown("hidden"));
        }

        @Test
        void whatIsMalformedIsUnknown() throws Exception {
            Facts facts = parse("""
                    user=root; rm -rf /
                    cores=many
                    memory=-1
                    os=|||
                    init=upstart
                    machine.id=../../etc/passwd
                    id=x
                    address=eth0 999.0.0.1 24
                    address=eth0 10.0.0.1 33
                    address=eth0 example.org 24
                    clock.first=yesterday
                    package.manager=portage
                    privilege=god
                    need.2=perhaps
                    """);
            assertThat(facts.login().user()).isEqualTo("unknown");
            assertThat(facts.machine().hardware().cores()).isEmpty();
            assertThat(facts.machine().hardware().memoryBytes()).isEmpty();
            assertThat(facts.machine().system()).isEmpty();
            assertThat(facts.machine().init()).isEqualTo(Facts.InitSystem.NONE);
            assertThat(facts.machine().machineId()).isEmpty();
            assertThat(facts.id()).isEmpty();
            assertThat(facts.addresses()).isEmpty();
            assertThat(facts.machine().clockAhead()).isEmpty();
            assertThat(facts.software().packageManager()).isEmpty();
            assertThat(facts.privilege().level()).isEqualTo(Privilege.Level.NONE);
            assertThat(facts.state(Samples.SERVICE)).isEqualTo(new State.Unknown(""));
        }

        @Test
        void controlCharactersDoNotGetThrough() throws Exception {
            Facts facts = parse("mpi.path=/usr/bin/mpirun\nmpi.version=\u001b[31mred\u0007\n");
            assertThat(facts.software().mpi().orElseThrow().version()).isEqualTo("[31mred");
        }

        @Test
        void aClockWithoutNanosecondsIsReadInSeconds() throws Exception {
            Facts facts = parse("clock.first=1700000010.N\nclock.last=1700000010.\n");
            assertThat(facts.machine().clockAhead()).contains(Duration.ofSeconds(10));
        }

        @Test
        void anAnswerThatBrokeOffIsNoAnswer() {
            assertThatThrownBy(() -> FactsParser.parse("@sciabc facts begin\nuser=pi\n", REQUEST, NOW, NOW))
                    .isInstanceOf(SciabcException.class)
                    .hasMessage("cannot gather facts: the node's answer broke off");
        }

        @Test
        void somethingElseThanAnAnswerIsQuoted() {
            assertThatThrownBy(() -> FactsParser.parse("\nThis account is not available.\n", REQUEST, NOW, NOW))
                    .hasMessage(
                            "cannot gather facts: the node did not run the question; it said 'This account is not available.'");
        }

        private Facts parse(String lines) throws SciabcException {
            return FactsParser.parse("@sciabc facts begin\n" + lines + "@sciabc facts end\n", REQUEST, NOW, NOW);
        }
    }

    @Nested
    final class Asking {
        @TempDir
        Path folder;

        @ParameterizedTest
        @MethodSource("org.sciabc.provision.LocalNode#shells")
        void everyShellAnswersInOneRoundTrip(String shell) throws Exception {
            LocalNode local = LocalNode.in(folder, shell).greeting("Last login: yesterday");
            Facts facts = new Rehearsal(local, Samples.KEY, Samples.SERVICE_FILE).facts();

            assertThat(local.scripts).hasSize(1);
            assertThat(facts.login().user()).isEqualTo("pi");
            assertThat(facts.login().home()).isEqualTo(local.home().toString());
            assertThat(facts.login().homeWritable()).contains(true);
            assertThat(facts.machine().hardware().cores().orElseThrow()).isEqualTo(processorsOnline());
            assertThat(facts.machine().hardware().memoryBytes().orElseThrow()).isGreaterThan(1 << 20);
            assertThat(facts.machine().freeHomeBytes()).isPresent();
            assertThat(facts.machine().clockAhead().orElseThrow().abs()).isLessThan(Duration.ofSeconds(2));
            assertThat(facts.addresses())
                    .anySatisfy(each -> assertThat(each.subnet()).hasToString("127.0.0.0/8"));
            assertThat(facts.privilege().level()).isEqualTo(Privilege.Level.SUDO);
            assertThat(facts.state(Samples.KEY)).isEqualTo(new State.Unmet("absent", List.of()));
        }

        /** Those of the machine, of which a test run may be confined to some. */
        private int processorsOnline() throws IOException {
            Process getconf = new ProcessBuilder("getconf", "_NPROCESSORS_ONLN").start();
            return Integer.parseInt(
                    new String(getconf.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        }

        @ParameterizedTest
        @MethodSource("org.sciabc.provision.LocalNode#shells")
        void withoutIpTheKernelIsAskedAndSaysTheSame(String shell) throws Exception {
            Facts withIp = new Rehearsal(LocalNode.in(folder, shell)).facts();
            Facts without = new Rehearsal(LocalNode.in(folder, shell).with("ip", "exit 1\n")).facts();
            assertThat(without.addresses()).containsExactlyInAnyOrderElementsOf(withIp.addresses());
        }

        @Test
        void ifconfigOfMacOsIsUnderstood() throws Exception {
            LocalNode local = LocalNode.in(folder).with("ip", "exit 1\n").with("uname", "echo Darwin\n");
            local.with("ifconfig", """
                    cat <<'END'
                    en0: flags=8863<UP,BROADCAST> mtu 1500
                    \tinet6 fe80::1c2b:3d4e%en0 prefixlen 64 secured scopeid 0x6
                    \tinet 192.168.1.20 netmask 0xfffffe00 broadcast 192.168.1.255
                    END
                    """);
            String script = new FactsScript(local.layout()).of(REQUEST, false).replace("/proc/net", "/nonexistent");
            Facts facts = FactsParser.parse(local.output(script), REQUEST, NOW, NOW);
            assertThat(facts.addresses())
                    .extracting(each ->
                            each.interfaceName() + " " + each.address().getHostAddress() + "/" + each.prefixLength())
                    .containsExactly("en0 fe80:0:0:0:0:0:1c2b:3d4e/64", "en0 192.168.1.20/23");
        }

        @Test
        void packagesAndMpiAreAskedForAtOnce() throws Exception {
            LocalNode local =
                    LocalNode.in(folder).with("apt-get", "exit 1\n").with("mpirun", "echo 'mpirun (Open MPI) 4.1.4'\n");
            local.with("dpkg-query", """
                    echo called >>"$HOME/../log/dpkg-query"
                    echo 'installed openmpi-bin 4.1.4-3+b1'
                    echo 'config-files python3-mpi4py 3.1.4-2'
                    echo 'half-configured libfoo 1'
                    """);
            Facts facts = new Rehearsal(local, Samples.MPI, Samples.AVAHI).facts();
            assertThat(facts.software().packageManager()).contains(PackageManager.APT);
            assertThat(facts.software().interrupted()).isTrue();
            assertThat(facts.software().mpi().orElseThrow().build()).contains("openmpi-bin 4.1.4-3+b1");
            assertThat(facts.state(Samples.MPI)).isEqualTo(new State.Unmet("missing", List.of("python3-mpi4py")));
            assertThat(facts.state(Samples.AVAHI)).isEqualTo(new State.Unmet("missing", List.of("avahi-daemon")));
            assertThat(local.log("dpkg-query")).hasSize(1);
        }
    }
}
