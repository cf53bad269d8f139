// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * A short way to the state folder, without spaces, for those who need one: mpirun splits the command line of the remote shell
 * at its spaces, and the path of a socket has room for about a hundred bytes. It is a symbolic link in a folder that belongs
 * to nobody else.
 */
final class StateAlias {
    private static final String PLAIN = "[A-Za-z0-9/._+@,=:-]+";

    private StateAlias() {}

    /** The state folder itself where its path is plain and leaves this much room, a link to it otherwise. */
    static Path of(Path stateFolder, int longest, Surroundings surroundings) throws SciabcException {
        Path real = stateFolder.toAbsolutePath().normalize();
        if (real.toString().matches(PLAIN) && real.toString().length() <= longest) {
            return real;
        }
        try {
            int owner = (int) Files.getAttribute(real, "unix:uid");
            Path folder = ownFolder(owner, surroundings);
            Path link = folder.resolve(shortName(real.toString()));
            if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(real)) {
                Path fresh = folder.resolve(
                        link.getFileName() + "." + surroundings.random().nextInt(Integer.MAX_VALUE));
                Files.createSymbolicLink(fresh, real);
                Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
            }
            return link;
        } catch (IOException failure) {
            throw new SciabcException(
                    "cannot make a short way to " + Untrusted.line(real.toString(), 200),
                    Untrusted.line(String.valueOf(failure.getMessage()), 200),
                    "SCIABC_HOME can name a folder with a short path without spaces",
                    failure);
        }
    }

    /** A name of twelve characters that stands for a text. */
    static String shortName(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static Path ownFolder(int owner, Surroundings surroundings) throws IOException {
        Path base = surroundings
                .variable("XDG_RUNTIME_DIR")
                .filter(folder -> folder.matches("/[A-Za-z0-9/._-]{1,40}"))
                .map(Path::of)
                .filter(Files::isWritable)
                .orElse(Path.of("/tmp"));
        Path folder = base.resolve("sciabc-" + owner);
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException there) {
            refuseUnlessOwn(folder, owner);
        }
        return folder;
    }

    /** In a folder of another user, the link could be made to lead anywhere. */
    private static void refuseUnlessOwn(Path folder, int owner) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean isOwn = Optional.of(Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                .filter(uid -> uid.equals(owner))
                .isPresent();
        boolean isPrivate =
                PosixFilePermissions.toString(attributes.permissions()).endsWith("------");
        if (!attributes.isDirectory() || !isOwn || !isPrivate) {
            throw new IOException("the folder " + folder + " is not one that only its owner can use");
        }
    }
}
