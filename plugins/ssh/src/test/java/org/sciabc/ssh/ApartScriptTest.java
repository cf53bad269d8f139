// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.spi.RemoteShellRequest;

/** Whoever has the same output as the program that the script runs notices nothing of what that does to it. */
@EnabledOnOs(OS.LINUX)
class ApartScriptTest {
    /** In Perl: makes it so that nobody waits for a reader; says whether it is so; and puts a socket in place of an output. */
    private static final Map<String, String> PERL = Map.of(
            "SWITCH", "fcntl($_, F_SETFL, O_NONBLOCK) for *STDOUT, *STDERR",
            "LOOK", "print fcntl(STDOUT, F_GETFL, 0) & O_NONBLOCK",
            "OUT",
                    "socketpair(A, B, AF_UNIX, SOCK_STREAM, 0); open(OUT, '>&', STDOUT); open(STDOUT, '>&', A);"
                            + " system(@ARGV); sysread(B, my $said, 99); print OUT $said",
            "ERR", "socketpair(A, B, AF_UNIX, SOCK_STREAM, 0); open(STDERR, '>&', A); system(@ARGV)");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            apart perl -MFcntl -e "$SWITCH" 2>&1; perl -MFcntl -e "$LOOK" | 0
            { printf 1; apart printf 2; printf 3; } >file; cat file | 123
            { printf 1; apart sh -c "printf 2 >&2"; printf 3; } >file 2>&1; cat file | 123
            apart sh -c "echo out; echo err >&2; exit 3" 2>&1; printf $? | out\\nerr\\n3
            apart sh -c "echo out; exit 4" 2>&-; printf $? | out\\n4
            apart sh -c "exit 5" >&- 2>&-; printf $? | 5
            perl -MSocket -e "$OUT" sh ssh_apart printf passed | passed
            perl -MSocket -e "$ERR" sh ssh_apart perl -MFcntl -e "$SWITCH"; perl -MFcntl -e "$LOOK" | 0
            """)
    void theOutputOfOthersStaysAsItIs(String script, String said) throws Exception {
        assumeTrue(run("perl -MFcntl -MSocket -e 'print 1' 2>&1").equals("1"), "there is no Perl with its modules");
        ManagerSide manager = new ManagerSide(folder);
        List<String> words = ApartScript.before(
                List.of("true"),
                folder.resolve("ssh_config"),
                new RemoteShellRequest(List.of(), manager.settings(), folder));
        assertThat(words).containsExactly("/bin/sh", folder.resolve("ssh_apart").toString(), "true");

        assertThat(run("apart() { sh ssh_apart \"$@\"; }\n" + script)).isEqualTo(said.translateEscapes());
    }

    private String run(String script) throws Exception {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", script);
        shell.directory(folder.toFile());
        shell.environment().putAll(PERL);
        Process running = shell.start();
        return new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
