// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OwnerTest {
    private final Owner self = Owner.self();

    @Test
    void thisProcessIsAlive() {
        assertThat(self.state()).isEqualTo(Owner.State.ALIVE);
    }

    @Test
    void processThatEndedHasEnded() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "read wait").start();
        Owner owner = Owner.of(process.toHandle());
        assertThat(owner.state()).isEqualTo(Owner.State.ALIVE);
        process.getOutputStream().close();
        process.waitFor();
        assertThat(owner.state()).isEqualTo(Owner.State.ENDED);
    }

    @Test
    void processThatItsParentHasNotNoticedYetHasEnded() throws Exception {
        Process parent = new ProcessBuilder("/bin/sh", "-c", "sleep 600 & echo $!; exec sleep 600").start();
        try {
            String pid = parent.inputReader().readLine();
            ProcessHandle child = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            Owner owner = Owner.of(child);
            assertThat(owner.state()).isEqualTo(Owner.State.ALIVE);
            child.destroyForcibly();
            Waiting.until("it has ended", () -> owner.state() == Owner.State.ENDED);
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void laterProcessWithTheSameNumberIsAnotherOne() {
        assertThat(new Owner(self.machine(), self.boot(), self.pid(), "1").state())
                .isEqualTo(Owner.State.ENDED);
    }

    @Test
    void processFromBeforeTheMachineWasRestartedHasEnded() {
        assertThat(new Owner(self.machine(), "another boot", self.pid(), self.started()).state())
                .isEqualTo(Owner.State.ENDED);
    }

    @Test
    void nobodyCanTellOfAProcessOnAnotherMachine() {
        assertThat(new Owner("another machine", self.boot(), self.pid(), self.started()).state())
                .isEqualTo(Owner.State.ELSEWHERE);
    }
}
