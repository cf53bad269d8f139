// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Something that a component needs on every node: a small closed set of declarations, so that the host can print, check,
 * apply and undo each without the plugin's code.
 */
public sealed interface Requirement {

    /** Why it is needed, for the owner of the machine: one line such as {@code mpirun starts its processes with it}. */
    String why();

    /** The package managers that are known. */
    enum PackageManager {
        /** Debian, Ubuntu, Raspberry Pi OS. */
        APT,
        /** Fedora, RHEL and its relatives. */
        DNF,
        /** openSUSE. */
        ZYPPER,
        /** Arch. */
        PACMAN,
        /** Alpine. */
        APK,
        /** Homebrew on macOS. */
        BREW
    }

    /**
     * Packages are installed.
     *
     * @param names the packages for each manager; a manager that is missing here cannot satisfy it, and the plan says so
     */
    record Packages(Map<PackageManager, List<String>> names, String why) implements Requirement {
        public Packages {
            Objects.requireNonNull(why, "why is null");
            names = Map.copyOf(names);
        }
    }

    /**
     * A file has exactly this content.
     *
     * <p>The content may hold placeholders that each node fills in for itself when the file is written, so that the same
     * declaration serves all nodes: {@code @sciabc.id@}, {@code @sciabc.cluster@}, {@code @sciabc.user@},
     * {@code @sciabc.port@} (SSH), {@code @sciabc.cores@}, {@code @sciabc.memory@} (bytes), {@code @sciabc.arch@},
     * {@code @sciabc.os@} and {@code @sciabc.hostkey@}; and {@code @sciabc.avahi-host@}, which is Avahi's {@code %h}, or the
     * first 34 characters of a longer host name: no more fit into a label of DNS after this project's prefix. Values are
     * harmless in XML, shell and configuration files.
     *
     * @param path absolute path on the node, or one that begins with {@code ~/} for the account in use
     * @param content the text, with line feeds
     * @param mode permission bits such as {@code 0644}
     */
    record FileContent(String path, String content, int mode, String why) implements Requirement {
        public FileContent {
            Objects.requireNonNull(path, "path is null");
            Objects.requireNonNull(content, "content is null");
            Objects.requireNonNull(why, "why is null");
        }
    }

    /**
     * A file has exactly this content, which nobody but the account in use (and root) may see: it belongs to that account, is
     * never shown in a plan or kept in a journal, and never stands on a command line.
     *
     * @param path absolute path on the node, or one that begins with {@code ~/} for the account in use
     * @param content the text, with line feeds; without placeholders
     * @param mode permission bits such as {@code 0600}, with none for others
     */
    record SecretFile(String path, Secret content, int mode, String why) implements Requirement {
        public SecretFile {
            Objects.requireNonNull(path, "path is null");
            Objects.requireNonNull(content, "content is null");
            Objects.requireNonNull(why, "why is null");
        }
    }

    /**
     * The distribution of sciabc that the manager runs is in a folder, with its {@code bin} folder in there; Java is not part
     * of it. Whatever else is in the folder goes.
     *
     * @param path absolute path of a folder for nothing else, such as {@code /usr/local/lib/sciabc}
     */
    record HostDistribution(String path, String why) implements Requirement {
        public HostDistribution {
            Objects.requireNonNull(path, "path is null");
            Objects.requireNonNull(why, "why is null");
        }
    }

    /**
     * A directory exists.
     *
     * @param path absolute path on the node, or one that begins with {@code ~/} for the account in use
     * @param mode permission bits such as {@code 0755}
     */
    record Directory(String path, int mode, String why) implements Requirement {
        public Directory {
            Objects.requireNonNull(path, "path is null");
            Objects.requireNonNull(why, "why is null");
        }
    }

    /**
     * A service of the node's init system is enabled and runs.
     *
     * @param name the unit's name without a suffix, such as {@code avahi-daemon}
     */
    record Service(String name, String why) implements Requirement {
        public Service {
            Objects.requireNonNull(name, "name is null");
            Objects.requireNonNull(why, "why is null");
        }
    }

    /**
     * A public key may log in to the account in use.
     *
     * @param publicKey one line as in {@code authorized_keys}: type, base64, comment
     */
    record AuthorizedKey(String publicKey, String why) implements Requirement {
        public AuthorizedKey {
            Objects.requireNonNull(publicKey, "publicKey is null");
            Objects.requireNonNull(why, "why is null");
        }
    }

    /**
     * An account exists: no password, login by key only, with a home folder.
     *
     * @param name the user's name
     */
    record Account(String name, String why) implements Requirement {
        public Account {
            Objects.requireNonNull(name, "name is null");
            Objects.requireNonNull(why, "why is null");
        }
    }
}
