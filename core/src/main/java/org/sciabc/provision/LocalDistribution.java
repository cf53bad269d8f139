// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * The distribution that runs on the manager, as it is sent to nodes: an archive whose hash tells whether a node has it.
 *
 * @param archive the archive, a file that nobody changes while this is in use
 * @param hash the SHA-256 of the archive, in hexadecimal
 */
public record LocalDistribution(Path archive, String hash) {
    private static final int PROGRAM = 0755;
    private static final int DATA = 0644;

    /**
     * Packs a distribution.
     *
     * @param folder the unpacked distribution
     * @param archive where the archive is written; an existing file is replaced
     * @throws SciabcException when the folder cannot be read or the archive cannot be written
     */
    public static LocalDistribution pack(Path folder, Path archive) throws SciabcException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> files = walk.filter(Files::isRegularFile).sorted().toList();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Path fresh = Files.createTempFile(archive.toAbsolutePath().getParent(), ".distribution", ".tmp");
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(fresh));
                    OutputStream hashed = new DigestOutputStream(file, digest);
                    TarWriter tar = new TarWriter(hashed)) {
                for (Path each : files) {
                    try (InputStream content = Files.newInputStream(each)) {
                        String name = folder.relativize(each).toString();
                        tar.add(name, Files.isExecutable(each) ? PROGRAM : DATA, Files.size(each), content);
                    }
                }
            }
            Files.move(fresh, archive, StandardCopyOption.REPLACE_EXISTING);
            return new LocalDistribution(archive, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException | UncheckedIOException failure) {
            throw new SciabcException(
                    "cannot pack the distribution for the nodes",
                    Untrusted.line(String.valueOf(failure.getMessage()), 200),
                    "is there room in " + archive.getParent() + "?",
                    failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
