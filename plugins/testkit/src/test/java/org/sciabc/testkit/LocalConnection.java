// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** Runs commands on this machine as a connection to a node should. The broken ones inherit from it. */
class LocalConnection implements NodeConnection {
    private final Path home;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    LocalConnection(Path home) {
        this.home = home;
    }

    @Override
    public ExitStatus run(RemoteCommand command, CommandStreams streams) throws SciabcException, InterruptedException {
        requireOpen();
        Process process = start(command.script());
        running.add(process);
        try {
            return attend(process, command, streams);
        } finally {
            kill(process);
            running.remove(process);
        }
    }

    ExitStatus attend(Process process, RemoteCommand command, CommandStreams streams)
            throws SciabcException, InterruptedException {
        Thread in = pump(streams.in(), process.getOutputStream(), true);
        Thread out = pump(process.getInputStream(), out(streams), false);
        Thread err = pump(process.getErrorStream(), streams.err(), false);
        long limit = command.timeout().map(timeout -> timeout.toMillis()).orElse(Long.MAX_VALUE);
        if (!process.waitFor(limit, TimeUnit.MILLISECONDS)) {
            throw new SciabcException("the command took too long", "it was ended", "");
        }
        finish(in, out, err);
        in.interrupt();
        return status(process);
    }

    OutputStream out(CommandStreams streams) {
        return streams.out();
    }

    void finish(Thread in, Thread out, Thread err) throws InterruptedException {
        out.join();
        err.join();
    }

    ExitStatus status(Process process) {
        return new ExitStatus(process.exitValue());
    }

    /** Stopped first: a shell that starts a program while its programs are looked for would leave that one behind. */
    void kill(Process process) {
        if (process.isAlive()) {
            stop(process);
        }
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static void stop(Process process) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -STOP " + process.pid())
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    void requireOpen() throws SciabcException {
        if (closed) {
            throw new SciabcException("cannot run a command", "the connection is closed", "");
        }
    }

    /** The script goes through a file: the length of an argument is limited. */
    Process start(String script) throws SciabcException {
        try {
            Path file = Files.writeString(Files.createTempFile(Files.createDirectories(home), "script", ""), script);
            return new ProcessBuilder("/bin/sh", file.toString())
                    .directory(home.toFile())
                    .start();
        } catch (IOException e) {
            throw new SciabcException("cannot run a command", "there is no shell", "", e);
        }
    }

    static Thread pump(InputStream from, OutputStream to, boolean closes) {
        Thread thread = new Thread(() -> {
            byte[] buffer = new byte[8_192];
            try {
                for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                    to.write(buffer, 0, read);
                    to.flush();
                }
                if (closes) {
                    to.close();
                }
            } catch (IOException over) {
                // The command has ended.
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void upload(InputStream content, String path, int mode) throws SciabcException, InterruptedException {
        Path target = home.resolve(path);
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        try {
            Files.createDirectories(home);
            Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(fresh, permissions(mode));
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new SciabcException("cannot write the file", "something broke", "", e);
        }
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        List<PosixFilePermission> all = List.of(PosixFilePermission.values());
        for (int bit = 0; bit < all.size(); bit++) {
            if ((mode >> (all.size() - 1 - bit) & 1) == 1) {
                permissions.add(all.get(bit));
            }
        }
        return permissions;
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(this::kill);
    }
}
