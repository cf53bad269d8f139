// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.Set;
import org.sciabc.plugin.PluginProblem.Kind;

/**
 * Whether somebody else could put code into a folder of plugins, or change a jar there. Trusted are root, who runs this
 * process, and who owns this program: any of them could change the program itself.
 *
 * <p>A group may write when it is the owner's own, which goes by the same number: such groups are what some distributions
 * give each user, together with a umask that lets the group write.
 */
final class PlaceSafety {
    private static final String VIEW = "unix";
    private static final int GROUP_WRITES = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int ROOT = 0;

    private final Set<Integer> userIds;
    private final boolean thisProcess;

    private PlaceSafety(Set<Integer> userIds, boolean thisProcess) {
        this.userIds = userIds;
        this.thisProcess = thisProcess;
    }

    /** Trusts who runs this process and who owns this program. */
    static PlaceSafety ofThisProcess() {
        return new PlaceSafety(Set.of(), true);
    }

    /** Trusts these and nobody else. */
    static PlaceSafety trusting(Set<Integer> userIds) {
        return new PlaceSafety(userIds, false);
    }

    /** What is wrong with it, or nothing. Links are followed: it is their target that counts. */
    Optional<PluginProblem> judge(Path place) {
        if (!place.getFileSystem().supportedFileAttributeViews().contains(VIEW)) {
            return Optional.empty();
        }
        try {
            int owner = number(place, "uid");
            int mode = number(place, "mode");
            boolean groupIsTheOwners = number(place, "gid") == owner;
            if (!trusts(owner)) {
                return Optional.of(unsafe(
                        place,
                        "belongs to " + Files.getOwner(place).getName()
                                + ", who is neither you nor root nor the owner of sciabc",
                        "take it over, when you know what is in it: chown $(id -u) '" + place + "'"));
            }
            if ((mode & OTHERS_WRITE) != 0 || ((mode & GROUP_WRITES) != 0 && !groupIsTheOwners)) {
                return Optional.of(unsafe(
                        place,
                        "can be changed by other users (mode " + Integer.toOctalString(mode & 07777) + ")",
                        "chmod go-w '" + place + "', when you know what is in it"));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(PluginProblem.unusable(
                    Kind.UNREADABLE, place, "cannot be looked at", "see that it exists and that you may read it"));
        }
    }

    private boolean trusts(int userId) {
        return userId == ROOT
                || userIds.contains(userId)
                || (thisProcess && (isOwner(userId, ownedByThisProcess()) || ownsProgram(userId)));
    }

    private static boolean ownsProgram(int userId) {
        return program().filter(path -> isOwner(userId, path)).isPresent();
    }

    private static PluginProblem unsafe(Path place, String cause, String fix) {
        return PluginProblem.unusable(Kind.UNSAFE_PLACE, place, cause, fix);
    }

    private static int number(Path path, String attribute) throws IOException {
        return (Integer) Files.getAttribute(path, VIEW + ":" + attribute);
    }

    private static boolean isOwner(int userId, Path path) {
        try {
            return number(path, "uid") == userId;
        } catch (IOException e) {
            return false;
        }
    }

    /** Where there is no /proc, the home folder has to do. */
    private static Path ownedByThisProcess() {
        Path process = Path.of("/proc/self");
        return Files.exists(process) ? process : Path.of(System.getProperty("user.home", "/"));
    }

    private static Optional<Path> program() {
        CodeSource source = PlaceSafety.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Optional.empty()
                    : Optional.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
