// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs a test class in a JVM of its own, in a network of its own that has a loopback interface with multicast and nothing else:
 * no packet can reach anybody. For backends that send multicast. Needs Linux with user namespaces and the programs
 * {@code unshare} and {@code ip}.
 *
 * <p>The test class that is run so has a name that the build does not take for a test, and another one runs it:
 *
 * <pre>{@code
 * class ZeroconfContractTest {
 *     @TestFactory
 *     Stream<DynamicTest> contract() {
 *         return OwnNetwork.run(ZeroconfContract.class);
 *     }
 * }
 * }</pre>
 */
public final class OwnNetwork {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final List<String> UNSHARE = List.of("unshare", "--map-root-user", "--net", "sh", "-c");
    private static final String NETWORK =
            "ip link set lo up multicast on && ip route add 224.0.0.0/4 dev lo && exec \"$@\"";

    private OwnNetwork() {}

    /**
     * Runs all tests of that class. Where no such network can be made, the tests are skipped with a word on why; with the
     * variable {@code CI} in the environment they fail instead.
     *
     * @param tests the test class
     * @return one test for each test of the class, with the outcome that it had there
     * @throws IOException when the other JVM cannot be started
     * @throws InterruptedException when the thread was interrupted; the other JVM was ended
     */
    public static Stream<DynamicTest> run(Class<?> tests) throws IOException, InterruptedException {
        if (!isPossible()) {
            if (System.getenv("CI") != null) {
                throw new AssertionError("no network namespace can be made here");
            }
            return abort("no network namespace can be made here: " + tests.getSimpleName() + " is not run");
        }
        Path report = Files.createTempFile("contract", ".txt");
        try {
            Path output = report.resolveSibling(report.getFileName() + ".out");
            try {
                Process process = start(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.net.preferIPv4Stack=" + System.getProperty("java.net.preferIPv4Stack", "false"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                OwnNetworkRun.class.getName(),
                                tests.getName(),
                                report.toString()),
                        output);
                boolean ended = await(process, LONGEST);
                return outcomes(report, output, ended).stream();
            } finally {
                Files.deleteIfExists(output);
            }
        } finally {
            Files.deleteIfExists(report);
        }
    }

    private static List<DynamicTest> outcomes(Path report, Path output, boolean ended) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (OwnNetworkRun.Outcome outcome : OwnNetworkRun.read(report)) {
            tests.add(DynamicTest.dynamicTest(outcome.name(), outcome::repeat));
        }
        if (!ended || tests.isEmpty()) {
            String said = Files.readString(output, StandardCharsets.UTF_8);
            tests.add(DynamicTest.dynamicTest("the other JVM", () -> {
                throw new AssertionError(
                        (ended ? "it ran no test" : "it did not end within " + Said.seconds(LONGEST)) + ": " + said);
            }));
        }
        return tests;
    }

    private static boolean isPossible() throws InterruptedException {
        try {
            Process process = start(List.of("true"), Path.of("/dev/null"));
            return await(process, Duration.ofSeconds(10)) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    private static Process start(List<String> command, Path output) throws IOException {
        List<String> inNetwork = new ArrayList<>(UNSHARE);
        inNetwork.addAll(List.of(NETWORK, "sh"));
        inNetwork.addAll(command);
        return new ProcessBuilder(inNetwork)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static boolean await(Process process, Duration limit) throws InterruptedException {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return false;
    }
}
