// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.provision.ShellText;

/**
 * What makes this machine announce itself at every start: a file that belongs to the system, and nothing else. A file that
 * bears no mark of ours is never touched.
 */
public final class AnnounceInstallation {
    /** Where Avahi looks for what to announce, since 2016. */
    public static final String AVAHI_FILE = "/etc/avahi/services/sciabc.service";

    /** The name of the unit that announces where Avahi does not. */
    public static final String UNIT = "sciabc-announce.service";

    private static final String UNIT_FILE = "/etc/systemd/system/" + UNIT;
    /** Without two hyphens in a row, which no comment of XML may have. */
    static final String MARK = "written by 'sciabc announce', which also removes it: 'sciabc help announce'";

    private static final String END = "END_OF_SCIABC_FILE";
    /** How the line begins by which it says that it announces. */
    public static final String ANNOUNCED = "announced to the cluster";

    private static final int FOREIGN = 3;
    private static final int ENDED = 4;

    private final Path root;
    private final RootScript scripts;

    /**
     * An installation below this folder.
     *
     * @param root {@code /}
     * @param scripts runs what needs root
     */
    public AnnounceInstallation(Path root, RootScript scripts) {
        this.root = root;
        this.scripts = scripts;
    }

    /** Runs a script as root. */
    @FunctionalInterface
    public interface RootScript {
        /**
         * Runs it to its end.
         *
         * @return its exit status
         * @throws CliFailure when nobody here can be root
         * @throws InterruptedException when the thread was interrupted
         */
        int run(String script) throws CliFailure, InterruptedException;
    }

    /**
     * A file that is to be there.
     *
     * @param file its path
     * @param content its content, marked as ours
     * @param afterwards commands that make the system notice
     */
    public record Wanted(String file, String content, List<String> afterwards) {

        /** Avahi announces by itself whatever is in this file. */
        public static Wanted avahi(String content) {
            // Behind the XML declaration, before which nothing may stand.
            int declared = content.indexOf("?>") + 2;
            return new Wanted(
                    AVAHI_FILE,
                    content.substring(0, declared) + "\n<!-- " + MARK + " -->" + content.substring(declared),
                    List.of());
        }

        /** A unit that runs 'sciabc announce' as this user. */
        public static Wanted unit(String cluster, String user, List<String> command, List<String> environment) {
            String variables = environment.stream()
                    .map(variable -> "Environment=" + inUnit(variable) + "\n")
                    .collect(Collectors.joining());
            return new Wanted(
                    UNIT_FILE,
                    """
                    # %s

                    [Unit]
                    Description=Announces this machine to the sciabc cluster '%s'
                    After=network.target

                    [Service]
                    Type=exec
                    User=%s
                    %sExecStart=%s
                    Restart=on-failure
                    RestartSec=5

                    [Install]
                    WantedBy=multi-user.target
                    """.formatted(
                                    MARK,
                                    cluster,
                                    user,
                                    variables,
                                    command.stream().map(Wanted::inUnit).collect(Collectors.joining(" "))),
                    List.of(
                            "systemctl daemon-reload",
                            "systemctl enable --quiet " + UNIT,
                            "began=$(date +%s)",
                            "systemctl restart " + UNIT + " || exit " + ENDED,
                            // Until it says that it announces. A Java that is not found, or a mistake in the
                            // configuration, ends it
                            // before; where there is no journal, it has ended by then.
                            "looked=0",
                            "until journalctl -q -o cat -u " + UNIT + " --since \"@$began\" 2>/dev/null | grep -q '^"
                                    + ANNOUNCED + "' || [ \"$looked\" -ge 50 ]; do",
                            "    systemctl is-active --quiet " + UNIT + " || exit " + ENDED,
                            "    sleep 0.2",
                            "    looked=$((looked + 1))",
                            "done"));
        }

        /** In double quotes, where systemd.syntax(7) and systemd.service(5) want backslashes and doubled signs. */
        private static String inUnit(String word) {
            return "\""
                    + word.replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("%", "%%")
                            .replace("$", "$$") + "\"";
        }
    }

    /** Whether this runs now; the file with its process number may outlive it. */
    public boolean isRunning(String daemon) {
        try {
            Path file = root.resolve("run").resolve(daemon).resolve("pid");
            Path process = root.resolve("proc").resolve(Files.readString(file).strip());
            return Files.readString(process.resolve("comm")).strip().equals(daemon);
        } catch (IOException | InvalidPathException notRunning) {
            return false;
        }
    }

    /** Whether systemd starts this machine's services. */
    public boolean hasSystemd() {
        return Files.isDirectory(root.resolve("run/systemd/system"));
    }

    /** What root has to run in order to install a file. */
    public String installing(Wanted wanted) {
        // Announced twice, a machine would have two names, and perhaps two accounts.
        String others = installed().stream()
                .filter(file -> !file.equals(wanted.file()))
                .map(this::removing)
                .collect(Collectors.joining());
        return others
                + script(wanted.file())
                + "if [ -e \"$file\" ] || [ -L \"$file\" ]; then\n    grep -qF " + ShellText.quote(MARK)
                + " \"$file\" || exit " + FOREIGN + "\nfi\n"
                + "new=$(mktemp \"$file.XXXXXX\")\ntrap 'rm -f \"$new\"' EXIT\n"
                + "cat >\"$new\" <<'" + END + "'\n" + wanted.content() + END + "\n"
                + "chmod 644 \"$new\"\nmv -f \"$new\" \"$file\"\ntrap - EXIT\n"
                + String.join("\n", wanted.afterwards()) + "\n";
    }

    /** What root has to run in order to remove whatever was installed. */
    public String uninstalling() {
        return installed().stream().map(this::removing).collect(Collectors.joining());
    }

    /** The files of ours that are there. */
    public List<String> installed() {
        return Stream.of(AVAHI_FILE, UNIT_FILE)
                .filter(file ->
                        present(file).filter(text -> text.contains(MARK)).isPresent())
                .toList();
    }

    /** The files that are there in the place of ours, and are not. */
    public List<String> foreign() {
        return Stream.of(AVAHI_FILE, UNIT_FILE)
                .filter(file ->
                        present(file).filter(text -> !text.contains(MARK)).isPresent())
                .toList();
    }

    /**
     * Installs a file.
     *
     * @return whether anything was changed
     * @throws CliFailure when there is a file of somebody else's in its place, or when it does not work
     */
    public boolean install(Wanted wanted) throws CliFailure, InterruptedException {
        boolean isAlone = installed().equals(List.of(wanted.file()));
        if (isAlone && present(wanted.file()).equals(Optional.of(wanted.content())) && isAtWork(wanted)) {
            return false;
        }
        if (foreign().contains(wanted.file())) {
            throw foreign(wanted.file());
        }
        int status = scripts.run(installing(wanted));
        if (status == FOREIGN) {
            throw foreign(wanted.file());
        }
        if (status == ENDED) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "this machine is not announced",
                    wanted.file() + " is installed, but what it starts has ended at once",
                    "'journalctl -u " + UNIT + "' says why; 'sciabc announce --uninstall' removes it");
        }
        require(status, "install " + wanted.file(), "--install");
        return true;
    }

    /** Whether what the file says is done: a unit may be stopped, and is not started by its file alone. */
    private boolean isAtWork(Wanted wanted) {
        if (!wanted.file().equals(UNIT_FILE)) {
            return true;
        }
        boolean isEnabled = Files.exists(
                root.resolve("etc/systemd/system/multi-user.target.wants").resolve(UNIT), LinkOption.NOFOLLOW_LINKS);
        // A unit has its control group as long as it runs, in whichever tree is systemd's.
        boolean isActive = Stream.of("sys/fs/cgroup", "sys/fs/cgroup/systemd", "sys/fs/cgroup/unified")
                .anyMatch(tree -> Files.isDirectory(
                        root.resolve(tree).resolve("system.slice").resolve(UNIT)));
        return isEnabled && isActive;
    }

    /** Removes whatever was installed; returns the files. */
    public List<String> uninstall() throws CliFailure, InterruptedException {
        List<String> ours = installed();
        if (!ours.isEmpty()) {
            require(scripts.run(uninstalling()), "remove " + String.join(" and ", ours), "--uninstall");
        }
        return ours;
    }

    private String removing(String file) {
        String unit = file.equals(UNIT_FILE) ? "    systemctl disable --quiet --now " + UNIT + "\n" : "";
        String reload = file.equals(UNIT_FILE) ? "    systemctl daemon-reload\n" : "";
        return script(file) + "if grep -qF " + ShellText.quote(MARK) + " \"$file\"; then\n" + unit
                + "    rm -f \"$file\"\n" + reload + "fi\n";
    }

    private String script(String file) {
        return "set -eu\nfile=" + ShellText.quote(below(file).toString()) + "\n";
    }

    private Optional<String> present(String file) {
        try {
            return Files.exists(below(file)) ? Optional.of(Files.readString(below(file))) : Optional.empty();
        } catch (IOException unreadable) {
            // Then it is none of ours: those can be read by everybody.
            return Optional.of("");
        }
    }

    private Path below(String file) {
        return root.resolve(file.substring(1));
    }

    private static void require(int status, String what, String option) throws CliFailure {
        if (status != 0) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "cannot " + what,
                    "it needs root, and what was run as root ended with status " + status,
                    "'sciabc announce " + option + " --dry-run' prints what root has to run");
        }
    }

    private static CliFailure foreign(String file) {
        return new CliFailure(
                ExitCode.CONFIGURATION,
                "cannot install " + file,
                "there is one already that 'sciabc announce --install' did not write",
                "this machine may be announced already: 'sciabc services' shows it; remove the file to replace it");
    }
}
