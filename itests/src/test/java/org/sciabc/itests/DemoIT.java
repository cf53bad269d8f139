// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first of the README's two commands, on a machine that has the distribution. */
@RequiresContainerEngine
class DemoIT {

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void bootAManager() {
        lab = Lab.ofBareNodes(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", ManagerContainer.USER})
    void theMainJobIsDoneOnFourNodesAndNothingIsLeft(String user) {
        String before = leftovers(user);

        Result demo = lab.manager()
                .run(lab.manager().command("demo", "--yes").as(user).within(Duration.ofMinutes(2)))
                .succeeded();

        assertThat(demo.stdout()).contains("3.14159265", "node1", "node2", "node3", "node4");
        assertThat(demo.stderr()).contains("==> discovering", "127.0.7.4 slots=1");
        // What was told to end may still be at it on a busy machine.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(leftovers(user)).isEqualTo(before));
    }

    @Test
    void withoutATerminalNothingIsInstalledUnlessThatWasAgreed() {
        lab.manager().sh("mkdir /tmp/few && ln -s /usr/bin/* /tmp/few/ && rm /tmp/few/mpirun* /tmp/few/orterun");

        Result demo = lab.manager().run(lab.manager().command("demo").with("PATH", "/tmp/few"));

        assertThat(demo.exitStatus()).as(demo.toString()).isEqualTo(64);
        assertThat(demo.stderr()).contains("--yes");
    }

    /** Folders that a demonstration makes, keys that it adds, and processes of it. */
    private static String leftovers(String user) {
        return lab.manager()
                .sh("ls -d /tmp/sciabc-demo-* 2>/dev/null; ls -A ~" + user
                        + "/.local/state/sciabc 2>/dev/null; md5sum ~" + user
                        + "/.ssh/authorized_keys 2>/dev/null; pgrep -u " + user + " -a 'orted|java|pi$' || true");
    }
}
