// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.simulator;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process of its own that simulates nodes until its input ends, or until it is killed. */
final class AnotherProcess {
    private AnotherProcess() {}

    static Process start(Path stateFolder, String address) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path", ""),
                AnotherProcess.class.getName(),
                stateFolder.toString(),
                address);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (!"ready".equals(out.readLine())) {
            process.destroyForcibly();
            throw new AssertionError("the other process does not simulate");
        }
        return process;
    }

    /** Simulates two nodes, on one of which a daemon runs. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> settings = Map.of("address", arguments[1], "port", "2300", "nodes", "2");
        try (Classroom classroom = Classroom.open(Path.of(arguments[0]), settings);
                SshUser user = new SshUser()) {
            try (var session =
                    user.withPassword(classroom.node(1), System.getProperty("user.name", ""), classroom.password())) {
                SshUser.run(session, "setsid sleep 600 >/dev/null 2>&1 </dev/null &");
            }
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // Whoever started this says when it is over.
            }
        }
    }
}
