// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.sciabc.spi.Requirement.PackageManager;

/** The command lines that install packages, without questions and without what is merely recommended. */
final class PackageCommands {
    /** What a full disk left in the middle of being unpacked: dpkg does not configure it, and apt does not notice it. */
    private static final String HALF_UNPACKED =
            "again=$(dpkg-query -W -f '${db:Status-Eflag} ${binary:Package}\\n' | sed -n 's/^reinstreq //p')";

    private static final String APT_ENVIRONMENT =
            "export DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1";

    private final Duration lockPatience;

    PackageCommands(Duration lockPatience) {
        this.lockPatience = lockPatience;
    }

    /**
     * The commands.
     *
     * @param interrupted whether an earlier installation was cut off and has to be finished first
     */
    List<String> install(PackageManager manager, List<String> packages, boolean interrupted) {
        String names = packages.stream().map(PackageCommands::word).collect(Collectors.joining(" "));
        long seconds = lockPatience.toSeconds();
        // Those that wait by themselves, too: they do not say for whom.
        String wait = "wait_for_package_lock " + seconds;
        return switch (manager) {
            case APT -> apt(names, seconds, interrupted);
            case DNF -> List.of(wait, "dnf -y --setopt=install_weak_deps=False install " + names);
            case ZYPPER ->
                List.of(
                        wait,
                        "ZYPP_LOCK_TIMEOUT=" + seconds
                                + " zypper --non-interactive install --auto-agree-with-licenses --no-recommends "
                                + names);
            case PACMAN ->
                List.of(
                        wait,
                        "ls /var/lib/pacman/sync/*.db >/dev/null 2>&1 || pacman -Sy",
                        "pacman -S --noconfirm --needed " + names);
            case APK ->
                List.of(
                        wait,
                        "apk --wait " + seconds + " add " + names + " || { apk --wait " + seconds
                                + " update; apk --wait " + seconds + " add " + names + "; }");
            case BREW ->
                List.of(
                        "export NONINTERACTIVE=1 HOMEBREW_NO_AUTO_UPDATE=1 HOMEBREW_NO_INSTALL_CLEANUP=1 HOMEBREW_NO_ENV_HINTS=1",
                        "brew install " + names);
        };
    }

    /**
     * The commands that install from the files that were sent, and from nowhere else.
     *
     * @param interrupted whether an earlier installation was cut off and has to be finished first
     */
    List<String> installSent(PackageManager manager, List<String> packages, boolean interrupted) {
        String names = packages.stream().map(PackageCommands::word).collect(Collectors.joining(" "));
        long seconds = lockPatience.toSeconds();
        List<String> commands = new ArrayList<>();
        if (manager == PackageManager.APT) {
            commands.add(APT_ENVIRONMENT);
        }
        commands.add("wait_for_package_lock " + seconds);
        if (interrupted) {
            commands.add("dpkg --configure -a || true");
        }
        commands.add(
                switch (manager) {
                    case APT ->
                        "apt-get -q -y --no-install-recommends $(from_sent_packages)"
                                + " -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=" + seconds
                                + (interrupted ? " --fix-broken" : "") + " install " + names;
                    case DNF -> "dnf -y --disablerepo='*' --setopt=install_weak_deps=False install $(sent_packages)";
                    case ZYPPER ->
                        "ZYPP_LOCK_TIMEOUT=" + seconds
                                + " zypper --non-interactive --no-refresh --disable-repositories install"
                                + " --allow-unsigned-rpm --auto-agree-with-licenses --no-recommends $(sent_packages)";
                    case PACMAN -> "pacman -U --noconfirm --needed $(sent_packages)";
                    case APK -> "apk --wait " + seconds + " add --allow-untrusted --no-network $(sent_packages)";
                    case BREW -> throw new IllegalArgumentException("Homebrew takes no package files");
                });
        commands.add("forget_sent_packages");
        return List.copyOf(commands);
    }

    /** Homebrew refuses to run as root; all others must. */
    static boolean wantsRoot(PackageManager manager) {
        return manager != PackageManager.BREW;
    }

    /**
     * The lists are fetched when there are none, and again when they turn out to be too old. Semicolons, because a shell
     * with -e overlooks what fails before an "and".
     */
    private static List<String> apt(String names, long seconds, boolean interrupted) {
        String update = "apt-get -q -o APT::Update::Error-Mode=any update";
        String install = "apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-confold"
                + " -o DPkg::Lock::Timeout=" + seconds + (interrupted ? " --fix-broken" : "") + " install " + names;
        String lists = "ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || " + update;
        String wait = "wait_for_package_lock " + seconds;
        String unpackAgain = "if [ -n \"$again\" ]; then apt-get -q -y -o DPkg::Lock::Timeout=" + seconds
                + " --reinstall install $again; fi";
        String either = install + " || { " + update + "; " + install + "; }";
        return interrupted
                ? List.of(
                        APT_ENVIRONMENT, wait, "dpkg --configure -a || true", lists, HALF_UNPACKED, unpackAgain, either)
                : List.of(APT_ENVIRONMENT, wait, lists, either);
    }

    private static String word(String name) {
        return name.matches("[A-Za-z0-9][A-Za-z0-9+._:@/-]*") ? name : ShellText.quote(name);
    }
}
