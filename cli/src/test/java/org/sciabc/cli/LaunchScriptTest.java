// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class LaunchScriptTest {
    private static final long SIGTERM = 1L << 14;
    private static final Path SCRIPT = Path.of("src/dist/bin/sciabc");

    /** A branch of the script for some verbs: {@code version | help) verb=$1 ...}. */
    private static final Pattern BRANCH = Pattern.compile("^ *([a-z |]+)\\) verb=\\$1", Pattern.MULTILINE);

    @Test
    void theScriptKnowsHowToStartEachVerbOnce() throws IOException {
        String script = Files.readString(SCRIPT);

        Stream<String> inTheScript = BRANCH.matcher(script)
                .results()
                .map(branch -> branch.group(1))
                .flatMap(verbs -> Arrays.stream(verbs.split("\\|")))
                .map(String::strip);

        assertThat(inTheScript)
                .containsExactlyInAnyOrderElementsOf(VerbTable.shipped().entries().stream()
                        .map(VerbEntry::name)
                        .toList());
    }

    /** With a Java that says how it was started, and serves one command where it is to stay. */
    @Nested
    final class Started {
        private static final String JAVA = """
                #!/bin/sh
                echo "path $PATH"
                { cat <&3; } 2>/dev/null
                for word in "$@"; do
                  echo "<$word>"
                  case $word in
                    -XX:ArchiveClassesAtExit=*/nothing.jsa) : >"${word#*=}" ;;
                    -Dsciabc.standby=*) folder=${word#*=} ;;
                    -Dsciabc.standby.serve=true)
                      ls -d "$folder"/../standby-* >"$SEEN/folders"
                      cp "$folder/surroundings" "$SEEN/surroundings"
                      echo $$ >"$folder/pid"
                      if [ -e "$SEEN/freeze" ]; then echo "$folder" >"$SEEN/frozen"; kill -s STOP $$; fi
                      echo served >"$folder/desk/out"
                      echo 0 >"$folder/desk/done"
                      while [ -d "$folder/desk" ]; do sleep 0.05; done
                      ;;
                  esac
                done
                """;

        @TempDir
        private Path folder;

        private Path distribution;
        private Path java;
        private Path caches;

        @BeforeEach
        void install() throws IOException {
            folder = folder.toRealPath();
            caches = folder.resolve("cache");
            distribution = distribution("distribution");
            java = folder.resolve("java");
            executable(java.resolve("bin/java"), JAVA);
            Files.writeString(java.resolve("release"), "JAVA_RUNTIME_VERSION=\"17.0.9+9\"\nJAVA_VERSION=\"17.0.9\"\n");
        }

        @Test
        void aDemonstrationLooksWhereSomeSystemsPutOpenMpi() throws Exception {
            assertThat(run("demo").said()).containsPattern("path .*:/usr/lib64/openmpi/bin:");
            assertThat(run("launch").said()).doesNotContain("/usr/lib64/openmpi/bin");
        }

        @Test
        void aBuildThatServesACommandKeepsItsFolderAndOthersDoNot() throws Exception {
            Path older = caches.resolve("sciabc/start" + distribution);
            Path busy = Files.createDirectories(older.resolve("@busy/17/standby-999999999/desk"));
            Path idle = Files.createDirectories(older.resolve("@idle/17/standby-999999999"));
            Path left = Files.createDirectories(older.resolve("@left/17/standby-999999999/desk"));
            String alive = ProcessHandle.current().pid() + "\n";
            Files.writeString(busy.resolveSibling("pid"), alive);
            Files.writeString(idle.resolve("pid"), alive);
            Files.writeString(left.resolveSibling("pid"), "999999998\n");

            run("version");

            assertThat(busy).exists();
            assertThat(idle).doesNotExist();
            assertThat(left).doesNotExist();
        }

        @Test
        @EnabledOnOs(OS.LINUX)
        void aProcessThatStaysLeavesNoSecretsOnTheDisk() throws Exception {
            Path archives = archives();
            Path left = Files.createDirectories(archives.resolve("standby-999999999"));
            Files.writeString(left.resolve("surroundings"), "export TOKEN='a secret'\n");

            Ended session = run("session", "start");

            assertThat(session.said()).isEqualTo("served\n");
            assertThat(folder.resolve("surroundings"))
                    .content()
                    .matches(Pattern.quote(Path.of("").toRealPath().toString()) + "\n[0-9a-f]{64}\n");
            assertThat(folder.resolve("folders")).content().doesNotContain("standby-999999999");
        }

        @Test
        @EnabledOnOs(OS.LINUX)
        void aCommandThatNamesWhatItsCallerHasOpenIsNotGivenToAProcessThatStays() throws Exception {
            archives();

            for (String name : List.of("--hostfile=/dev/fd/63", "/dev/stdin", "/proc/self/fd/3")) {
                assertThat(run("session", "start", name).said())
                        .contains("<" + name + ">")
                        .doesNotContain("serve");
            }
            assertThat(run("session", "start", "--", "/dev/stdin").said()).isEqualTo("served\n");
        }

        @Test
        @EnabledOnOs(OS.LINUX)
        void whatTheCallerHasOpenStaysOpenWhereTheProcessThatStaysWillNotDo() throws Exception {
            Files.createDirectory(archives().resolve("standby"));
            Files.writeString(folder.resolve("third"), "the third\n");

            Ended launch = end(List.of(
                    "/bin/sh", "-c", "exec \"$@\" 3<\"$SEEN/third\"", "sh", script(), "launch", "--", "hostname"));

            assertThat(launch.said()).contains("\nthe third\n");
        }

        @Test
        void aHomeFolderThatBelongsToSomebodyElseGetsNothing() throws Exception {
            Path home = Files.createDirectory(folder.resolve("home"));
            List<String> command = List.of("/usr/bin/env", "-u", "XDG_CACHE_HOME", "HOME=" + home, script(), "version");
            assertThat(end(command).said()).contains("-XX:ArchiveClassesAtExit=" + home + "/.cache/");

            // Which only root can do.
            if (Files.getOwner(home).getName().equals("root")) {
                Files.setAttribute(home, "unix:uid", 65_534);
                assertThat(end(command).said()).contains("<version>").doesNotContain("ArchiveClassesAtExit");
            }
        }

        @Test
        @EnabledOnOs(OS.LINUX)
        @Timeout(60)
        void theThirdSignalEndsAProcessThatStaysAndDoesNotReact() throws Exception {
            archives();
            Files.createFile(folder.resolve("freeze"));
            Process session = start(List.of(script(), "session", "start"));
            Path standby = Path.of(written(folder.resolve("frozen")));
            ProcessHandle frozen = ProcessHandle.of(Long.parseLong(written(standby.resolve("pid"))))
                    .orElseThrow();
            try {
                await(() -> isCaught(session.pid()));
                Path passedOn = standby.resolve("interrupted");
                for (int signals = 0; signals < 2; signals++) {
                    session.destroy();
                    await(() -> Files.exists(passedOn) && Files.size(passedOn) == 0);
                    Files.writeString(passedOn, "seen");
                    assertThat(frozen.isAlive()).isTrue();
                }
                session.destroy();

                assertThat(session.onExit().get(20, TimeUnit.SECONDS).exitValue())
                        .isEqualTo(143);
            } finally {
                frozen.destroyForcibly();
            }
        }

        private static String written(Path file) throws Exception {
            await(() -> Files.exists(file) && Files.size(file) > 0);
            return Files.readString(file).strip();
        }

        private static void await(Callable<Boolean> condition) throws Exception {
            while (!condition.call()) {
                LockSupport.parkNanos(5_000_000);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }

        /** Whether the process does something of its own when it gets SIGTERM. */
        private static boolean isCaught(long process) throws IOException {
            return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
                    .filter(line -> line.startsWith("SigCgt:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.split("\\s+", -1)[1], 16) & SIGTERM) != 0);
        }

        @Test
        void aColonInThePathIsSaidOrDoneWithout() throws Exception {
            caches = folder.resolve("my:cache");
            assertThat(run("version").said()).contains("<version>").doesNotContain("ArchiveClassesAtExit");

            distribution = distribution("backup-10:30");
            Ended refused = run("version");
            assertThat(refused.status()).isEqualTo(78);
            assertThat(refused.said()).startsWith("error: sciabc cannot run from " + distribution + ": ");
        }

        private Path distribution(String name) throws IOException {
            Path home = folder.resolve(name);
            executable(home.resolve("bin/sciabc"), Files.readString(SCRIPT));
            Files.createDirectories(home.resolve("lib"));
            Files.createFile(home.resolve("lib/sciabc-cli-1.jar"));
            Files.writeString(home.resolve("lib/build-id"), "one\n");
            return home;
        }

        /** The folder for what makes Java start faster, as the first run leaves it. */
        private Path archives() throws IOException {
            Path archives = Files.createDirectories(caches.resolve("sciabc/start" + distribution + "/@one/17.0.9+9"));
            Files.createFile(archives.resolve("nothing.jsa"));
            return archives;
        }

        private String script() {
            return distribution.resolve("bin/sciabc").toString();
        }

        private Ended run(String... words) throws IOException, InterruptedException {
            return end(Stream.concat(Stream.of(script()), Stream.of(words)).toList());
        }

        private Ended end(List<String> command) throws IOException, InterruptedException {
            Process process = start(command);
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), said);
        }

        private Process start(List<String> command) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment()
                    .putAll(Map.of(
                            "JAVA_HOME", java.toString(),
                            "XDG_CACHE_HOME", caches.toString(),
                            "SEEN", folder.toString(),
                            "TOKEN", "a secret"));
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
            return builder.redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .start();
        }

        private static void executable(Path file, String text) throws IOException {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private record Ended(int status, String said) {}
}
