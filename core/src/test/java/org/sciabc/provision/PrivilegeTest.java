// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.provision.Facts.Place;
import org.sciabc.provision.Privilege.Level;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Secret;

final class PrivilegeTest {
    @TempDir
    Path folder;

    private LocalNode local;

    @BeforeEach
    void prepare() throws Exception {
        local = LocalNode.in(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "raspberry",
                "a \"b' $c `d` \\ e",
                "ü€日本",
                " leading and trailing ",
                "-n -S",
                "100 %s \\n",
                "@sciabc step"
            })
    void anyPasswordOpensSudoAndShowsNowhere(String password) throws Exception {
        local.with("FAKE_PASSWORD=" + password);
        Rehearsal rehearsal = rehearsal(Optional.of(password));

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.why()).isEmpty();
        assertThat(outcome.isReady()).isTrue();
        assertThat(rehearsal.facts().privilege().level()).isEqualTo(Level.SUDO_WITH_PASSWORD);
        assertThat(local.scripts)
                .allSatisfy(script -> assertThat(script).doesNotContain("=" + password, "'" + password));
        assertThat(String.join("\n", local.log("sudo"))).doesNotContain(password);
        assertThat(String.join("\n", local.snapshot())).doesNotContain(password);
        assertThat(outcome.toString()).doesNotContain(password);
        assertThat(rehearsal.restore().isComplete()).isTrue();
    }

    @Test
    void sudoGetsThePasswordThatTheWayToTheNodeDoesNotTake() throws Exception {
        local.takingNoPassword().with("FAKE_PASSWORD=raspberry");
        Rehearsal rehearsal = rehearsal(Optional.of("raspberry"));

        assertThat(rehearsal.facts().privilege().level()).isEqualTo(Level.SUDO_WITH_PASSWORD);
        assertThat(rehearsal.provision().why()).isEmpty();
        assertThat(rehearsal.restore().isComplete()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void passwordAndScriptShareTheInputInEveryShell(String shell) throws Exception {
        local = LocalNode.in(folder, shell).with("FAKE_PASSWORD=raspberry");
        assertThat(rehearsal(Optional.of("raspberry")).provision().why()).isEmpty();
    }

    @Test
    void aWrongPasswordIsTriedOnceAndSaidWithoutBeingShown() throws Exception {
        local.with("FAKE_PASSWORD=raspberry");
        Rehearsal rehearsal = rehearsal(Optional.of("blackberry"));

        Outcome outcome = rehearsal.provision();

        assertThat(outcome.result()).isEqualTo(Outcome.Result.LEFT_OUT);
        assertThat(outcome.why())
                .isEqualTo("root has to: write " + file()
                        + " (sudo wants a password (sudo: 1 incorrect password attempt))");
        assertThat(outcome.hint()).contains("give a password with --ask-password or --password-file");
        assertThat(local.log("sudo")).filteredOn(call -> call.contains("-S")).hasSize(1);
    }

    @Test
    void withoutAPasswordNobodyIsBotheredForOne() throws Exception {
        local.with("FAKE_PASSWORD=raspberry").with("FAKE_GROUP=users");
        Privilege privilege = rehearsal(Optional.empty()).facts().privilege();
        assertThat(privilege.level()).isEqualTo(Level.PASSWORD_NEEDED);
        assertThat(privilege.problem()).isEqualTo("pi is in none of the groups sudo, wheel and admin");
        assertThat(local.log("sudo")).allMatch(call -> call.contains("-n"));
    }

    /** Its commands run on the machine of who plays with it. */
    @Test
    void thePasswordOfASimulatedNodeIsNotTriedOnTheMachinesOwnSudo() throws Exception {
        local.with("FAKE_PASSWORD=raspberry").with("SCIABC_SIMULATED=run1.node1");

        Privilege privilege =
                rehearsal(Optional.of("of the simulation")).facts().privilege();

        assertThat(privilege.level()).isEqualTo(Level.PASSWORD_NEEDED);
        assertThat(local.log("sudo")).noneMatch(call -> call.contains("-S"));
    }

    @ParameterizedTest
    @MethodSource("org.sciabc.provision.LocalNode#shells")
    void aPasswordThatSudoDoesNotReadIsNotTakenForACommand(String shell) throws Exception {
        local = LocalNode.in(folder, shell).with("FAKE_PASSWORD=touch ../log/run");
        Rehearsal rehearsal = rehearsal(Optional.of("touch ../log/run"));
        NodePlan plan = rehearsal.plan();
        assertThat(plan.privilege().level()).isEqualTo(Level.SUDO_WITH_PASSWORD);
        local.with("FAKE_PASSWORD=");

        Outcome outcome = rehearsal.carryOut(plan);

        assertThat(outcome.why()).isEmpty();
        assertThat(folder.resolve("log/run")).doesNotExist();
        assertThat(outcome.output()).isEmpty();
    }

    /** As with targetpw, or where one may become root and nobody else. */
    @Test
    void whoMayBecomeRootAloneBecomesTheAccountFromThere() throws Exception {
        local.with("su", """
                echo "$*" >>"$HOME/../log/su"
                shift 3
                command=$1
                shift 2
                exec /bin/sh -c "$command" "$@"
                """);
        local.with("FAKE_PASSWORD=raspberry");
        local.with(
                "sudo",
                "case $* in *-u*) exit 1 ;; esac\n"
                        + Files.readString(local.bin().resolve("sudo")));
        List<String> said = new ArrayList<>();

        ExitStatus status = new Session(
                        local.connection(),
                        Level.SUDO_WITH_PASSWORD,
                        Optional.of(Secret.of("raspberry")),
                        Optional.of("mpi"))
                .run(
                        Place.HOME,
                        "echo \"for $1\"; exit\n",
                        new Deadline(Duration.ofSeconds(20), System::nanoTime),
                        said::add);

        assertThat(status).isEqualTo(ExitStatus.OK);
        assertThat(said).containsExactly("for pi");
        assertThat(local.log("su")).singleElement().asString().contains(" mpi sciabc pi ");
    }

    @Test
    void rootNeedsNoSudo() throws Exception {
        local.with("FAKE_UID=0").with("sudo", "exit 1\n");
        Rehearsal rehearsal = rehearsal(Optional.of("raspberry"));
        assertThat(rehearsal.facts().privilege().level()).isEqualTo(Level.ROOT);
        assertThat(rehearsal.provision().isReady()).isTrue();
    }

    @Test
    void withoutPrivilegeTheAccountIsPreparedAndTheRestIsForAnAdministrator() throws Exception {
        local.with("sudo", "echo 'sudo: a password is required' >&2\nexit 1\n");
        PlanRequest request = PlanRequest.of("lab", List.of(wanted(), Samples.KEY));
        Rehearsal rehearsal = new Rehearsal(local, Optional.empty(), request);

        NodePlan plan = rehearsal.plan();
        Outcome outcome = rehearsal.provision();

        assertThat(plan.administrator()).extracting(Step::title).containsExactly("write " + file());
        assertThat(outcome.result()).isEqualTo(Outcome.Result.LEFT_OUT);
        assertThat(outcome.changes()).isEqualTo(1);
        assertThat(local.home().resolve(".ssh/authorized_keys")).exists();
        assertThat(Path.of(file())).doesNotExist();
    }

    @Test
    void theFileThatSudoLeavesBehindInTheHomeFolderIsTidiedAway() throws Exception {
        local.with(
                "sudo",
                "touch \"$HOME/.sudo_as_admin_successful\"\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n");
        Rehearsal rehearsal = rehearsal(Optional.empty());
        List<String> before = local.snapshot();
        assertThat(rehearsal.provision().isReady()).isTrue();
        assertThat(rehearsal.restore().isComplete()).isTrue();
        assertThat(local.snapshot()).isEqualTo(before);
    }

    @Test
    void restoringWithoutThePrivilegeThatItTakesSaysSo() throws Exception {
        rehearsal(Optional.empty()).provision();
        local.with("FAKE_PASSWORD=raspberry");

        Restored restored = rehearsal(Optional.empty()).restore();

        assertThat(restored.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.what()).isEqualTo("cannot undo what was changed as root");
            assertThat(failure.hint())
                    .contains("give a password with --ask-password or --password-file, or another account with --user");
        });
        assertThat(rehearsal(Optional.of("raspberry")).restore().isComplete()).isTrue();
    }

    private Rehearsal rehearsal(Optional<String> password) {
        return new Rehearsal(local, password.map(Secret::of), PlanRequest.of("lab", List.of(wanted())));
    }

    private Requirement.FileContent wanted() {
        return new Requirement.FileContent(file(), "x\n", 0644, "it is needed");
    }

    private String file() {
        return local.etc() + "/node.conf";
    }
}
