// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A command on a machine of a lab is what it would be in a shell there. */
@RequiresContainerEngine
class CommandIT {

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootAManager() {
        lab = Lab.ofBareNodes(0);
    }

    @Test
    void streamsAndStatusStayApart() {
        Result result = lab.manager().run(Command.script("echo data; echo trouble >&2; exit 75"));

        assertThat(result.stdout()).isEqualTo("data\n");
        assertThat(result.stderr()).isEqualTo("trouble\n");
        assertThat(result.exitStatus()).isEqualTo(75);
    }

    @Test
    void inputHasAnEnd() {
        assertThat(lab.manager()
                        .run(Command.of("cat").reading("one\ntwo\n"))
                        .succeeded()
                        .stdout())
                .isEqualTo("one\ntwo\n");
        assertThat(lab.manager().run(Command.of("cat")).succeeded().stdout()).isEmpty();
        assertThat(lab.manager()
                        .run(Command.of("wc", "-c").reading("x".repeat(1 << 20)))
                        .succeeded()
                        .stdout())
                .isEqualTo("1048576\n");
    }

    @Test
    void withoutATerminalThereIsNone() {
        assertThat(lab.manager()
                        .run(Command.script("! test -t 0 && ! test -t 1 && ! test -t 2"))
                        .exitStatus())
                .isZero();
    }

    @Test
    void aQuestionOnATerminalCanBeAnswered() {
        try (RunningCommand question = lab.manager()
                .start(Command.script("read -p 'Go on? ' answer; echo \"<$answer>\"; test -t 2")
                        .as(ManagerContainer.USER)
                        .onTerminal())) {
            question.awaitOutput("Go on? ").type("yes\n");

            assertThat(question.await().succeeded().stdout()).contains("<yes>");
        }
    }

    @Test
    void ctrlCReachesTheWholeGroupWithAndWithoutATerminal() {
        String script = "trap 'echo parent; exit 130' INT; "
                + "bash -c 'trap \"echo child; exit\" INT; echo ready; while :; do sleep 0.1; done'; wait";
        for (Command command :
                new Command[] {Command.script(script), Command.script(script).onTerminal()}) {
            try (RunningCommand running = lab.manager().start(command)) {
                running.awaitOutput("ready").interrupt();

                Result result = running.await();
                assertThat(result.exitStatus()).isEqualTo(130);
                assertThat(result.stdout()).contains("child", "parent");
            }
        }
    }

    @Test
    void aSignalReachesOneProcess() {
        try (RunningCommand running = lab.manager()
                .start(Command.script("trap 'echo told; exit 3' TERM; echo ready; while :; do sleep 0.1; done"))) {
            running.awaitOutput("ready").signal("TERM");

            Result result = running.await();
            assertThat(result.exitStatus()).isEqualTo(3);
            assertThat(result.stdout()).contains("told");
        }
    }

    @Test
    void whatTakesTooLongIsKilledAndFailsTheTest() {
        assertThatThrownBy(() -> lab.manager()
                        .run(Command.script("echo begun; sleep 4711").within(Duration.ofSeconds(5))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("still running after 5 s")
                .hasMessageContaining("begun");
        lab.manager().sh("timeout 20 sh -c 'while pgrep -f \"[s]leep 4711\" >/dev/null; do sleep 0.1; done'");
    }
}
