// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * Takes the contents of files, one behind the other, and puts each in its place when it is whole and its checksum is right.
 * What comes after the first that is not is left. What has come of a large file stays with its parts.
 */
final class FetchedFiles extends OutputStream {
    private final List<Wanted> wanted;
    private final LocalParts parts;
    private int next;
    private Optional<Opened> current = Optional.empty();
    private Optional<SciabcException> failure = Optional.empty();

    /**
     * A file.
     *
     * @param path where it is on the node
     * @param target its place
     * @param sum its SHA-256 in hexadecimal digits
     * @param beginning what is here already, and will not come again
     */
    record Wanted(String path, Path target, int mode, String sum, long size, Optional<LocalParts.Beginning> beginning) {
        boolean isLarge() {
            return size >= CopyTree.LARGE;
        }

        /** How many bytes will come. */
        long rest() {
            return size - here();
        }

        /** How many bytes are here. */
        long here() {
            return beginning.isPresent() ? beginning.get().size() : 0;
        }

        Wanted with(Optional<LocalParts.Beginning> part) {
            return new Wanted(path, target, mode, sum, size, part);
        }
    }

    /** The file whose content is coming. */
    private static final class Opened {
        private final Wanted file;
        private final Path temporary;
        private final MessageDigest digest;
        private final OutputStream out;
        private long left;

        Opened(Wanted file, LocalParts parts) throws IOException {
            this.file = file;
            this.left = file.rest();
            if (file.beginning().isPresent()) {
                this.temporary = file.beginning().get().file();
                this.digest = file.beginning().get().digest();
            } else {
                this.temporary = file.isLarge() ? parts.open(file.target()) : small(file);
                this.digest = CopyTree.digest();
            }
            this.out = new DigestOutputStream(
                    Files.newOutputStream(temporary, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS), digest);
        }

        private static Path small(Wanted file) throws IOException {
            Path folder = Objects.requireNonNull(file.target().getParent());
            Files.createDirectories(folder);
            return Files.createTempFile(folder, ".sciabc-", "");
        }

        /** Whether its beginning is of use when the rest does not come. */
        boolean isKept() {
            return LocalParts.isOne(temporary);
        }

        boolean isRight() {
            return left == 0 && HexFormat.of().formatHex(digest.digest()).equals(file.sum());
        }
    }

    FetchedFiles(List<Wanted> wanted, LocalParts parts) {
        this.wanted = List.copyOf(wanted);
        this.parts = parts;
    }

    @Override
    public synchronized void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    /** Fails at a file that is not as it was described; why, {@link #requireAll} says. */
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            Opened file = openNext();
            int count = (int) Math.min(left, file.left);
            try {
                file.out.write(bytes, from, count);
            } catch (IOException full) {
                throw failed(Fetching.unwritable(file.file.target(), full));
            }
            file.left -= count;
            from += count;
            left -= count;
            if (file.left == 0) {
                place(file);
            }
        }
    }

    /** Puts the last ones, of which nothing comes, in their places, and fails unless all are. */
    synchronized void requireAll() throws SciabcException {
        try {
            while (failure.isEmpty()
                    && current.isEmpty()
                    && next < wanted.size()
                    && wanted.get(next).rest() == 0) {
                place(open(wanted.get(next++)));
            }
        } catch (IOException said) {
            // Why, is known below.
            current = Optional.empty();
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (current.isPresent() || next < wanted.size()) {
            throw changed(current.map(file -> file.file).orElseGet(() -> wanted.get(next)));
        }
    }

    /** Why it took no more. */
    synchronized Optional<SciabcException> why() {
        return failure;
    }

    /** What is not whole goes, unless it is the beginning of a large file. */
    @Override
    public synchronized void close() throws IOException {
        if (current.isPresent() && failure.isEmpty() && current.get().isKept()) {
            current.get().out.close();
        } else {
            current.ifPresent(FetchedFiles::remove);
        }
        current = Optional.empty();
    }

    private Opened openNext() throws IOException {
        while (current.isEmpty()) {
            if (failure.isPresent() || next == wanted.size()) {
                throw failed(failure.orElseGet(() -> changed(wanted.get(wanted.size() - 1))));
            }
            Opened opened = open(wanted.get(next++));
            if (opened.left == 0) {
                place(opened);
            } else {
                current = Optional.of(opened);
            }
        }
        return current.get();
    }

    private Opened open(Wanted file) throws IOException {
        try {
            return new Opened(file, parts);
        } catch (IOException unwritable) {
            throw failed(Fetching.unwritable(file.target(), unwritable));
        }
    }

    private void place(Opened opened) throws IOException {
        current = Optional.empty();
        Wanted file = opened.file;
        try {
            opened.out.close();
            if (!opened.isRight()) {
                throw failed(changed(file));
            }
            Fetching.setMode(opened.temporary, file.mode());
            Files.move(
                    opened.temporary,
                    file.target(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            if (file.isLarge()) {
                parts.forget(file.target());
            }
        } catch (IOException unwritable) {
            throw failed(failure.orElseGet(() -> Fetching.unwritable(file.target(), unwritable)));
        } finally {
            remove(opened);
        }
    }

    private IOException failed(SciabcException why) {
        failure = Optional.of(failure.orElse(why));
        return new IOException(why.what());
    }

    private static SciabcException changed(Wanted file) {
        return new SciabcException(
                "cannot copy " + Untrusted.line(String.valueOf(file.target().getFileName()), 200),
                "it changed while it was copied",
                "copy again when nobody writes to it");
    }

    private static void remove(Opened opened) {
        try {
            opened.out.close();
            Files.deleteIfExists(opened.temporary);
        } catch (IOException stays) {
            // Its name begins with .sciabc-, and the failure that led here is the one to tell.
            return;
        }
    }
}
