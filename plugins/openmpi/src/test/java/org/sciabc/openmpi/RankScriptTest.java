// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.LaunchRequest;

/** The scripts by themselves, with a manager that the test plays. */
@Timeout(60)
class RankScriptTest {
    private static final int NOT_OURS = 111;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runsNothingForWhoDoesNotKnowTheSecret(boolean inPerl) throws Exception {
        assertThat(status(inPerl, RankScript.go("another", job()))).isEqualTo(NOT_OURS);
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsWithoutHavingRunAnythingWhenItIsToldTo(boolean inPerl) throws Exception {
        assertThat(status(inPerl, RankScript.off("secret"))).isZero();
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsWhenTheManagerIsGone(boolean inPerl) throws Exception {
        assertThat(status(inPerl, ByteBuffer.allocate(0))).isEqualTo(NOT_OURS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runsTheProgramOfWhoKnowsTheSecret(boolean inPerl) throws Exception {
        // Nobody tells it what to end with.
        assertThat(status(inPerl, RankScript.go("secret", job()))).isEqualTo(143);
        assertThat(folder.resolve("ran")).exists();
    }

    /** As with mpirun, for want of the manager's folder. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void beginsAtHomeWhereTheUsualFolderCannotBeEntered(boolean inPerl) throws Exception {
        String ran = folder.resolve("ran").toString();
        String script = "[ \"$PWD\" = \"$HOME\" ] && [ \"$(pwd -P)\" = \"$(cd && pwd -P)\" ] && touch \"$1\"";
        LaunchRequest.Job pwd =
                new LaunchRequest.Job(List.of("sh", "-c", script, "sh", ran), OptionalInt.empty(), Map.of(), false);
        byte[] go = RankScript.go("secret", pwd).array();
        String here = Path.of("").toAbsolutePath().toString();
        String nowhere = here.replaceAll("[^/]", "x");
        String told = new String(go, StandardCharsets.UTF_8).replace("~" + here, "~" + nowhere);

        assertThat(status(inPerl, ByteBuffer.wrap(told.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(143);
        assertThat(folder.resolve("ran")).exists();
    }

    private LaunchRequest.Job job() {
        return new LaunchRequest.Job(
                List.of("touch", folder.resolve("ran").toString()), OptionalInt.empty(), Map.of(), false);
    }

    /** What a process that is not the first of its job ends with, when it is told this and then nothing any more. */
    private static int status(boolean inPerl, ByteBuffer told) throws Exception {
        InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocket door = new ServerSocket(0, 2, here)) {
            ProcessBuilder builder = new ProcessBuilder(RankScript.command(inPerl));
            builder.environment()
                    .put(RankScript.VARIABLE, RankScript.call("127.0.0.1", door.getLocalPort(), mark(), "secret"));
            builder.environment().put("PMIX_RANK", "1");
            Process process = builder.start();
            try (Socket out = door.accept();
                    Socket err = door.accept()) {
                assertThat(greeting(out)).isEqualTo(mark().token() + " 1 out\n");
                assertThat(greeting(err)).isEqualTo(mark().token() + " 1 err\n");
                byte[] bytes = new byte[told.remaining()];
                told.get(bytes);
                out.getOutputStream().write(bytes);
                out.shutdownOutput();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            return process.exitValue();
        }
    }

    private static EndMark mark() {
        return new EndMark("\u001etoken");
    }

    private static String greeting(Socket from) throws IOException {
        return new String(
                from.getInputStream().readNBytes((mark().token() + " 1 out\n").length()), StandardCharsets.US_ASCII);
    }
}
