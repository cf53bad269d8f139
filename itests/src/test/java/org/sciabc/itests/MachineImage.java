// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What the machines of a lab are made from; see {@code itests/images}. */
enum MachineImage {
    /** Debian 12 with an init, sshd and Avahi, and no Open MPI; its packages are in apt's cache. */
    BARE("node-bookworm"),
    /** As {@link #BARE}, with MPICH's packages in apt's cache, too. */
    BARE_MPICH("mpich-bookworm"),
    /** Debian 12 with Open MPI 4.1 and Java as well. */
    READY("mpi-bookworm"),
    /** As {@link #READY}, with the programs that read hostfiles of other forms. */
    TOOLS("tools-bookworm"),
    /** As {@link #READY}, with fish and a German locale that is not UTF-8. */
    ODD("odd-bookworm"),
    /** Debian 13, otherwise as {@link #BARE}. */
    BARE_TRIXIE("node-trixie"),
    /** Debian 13 with Open MPI 5.0. */
    READY_TRIXIE("mpi-trixie");

    /** For packages to come over a slow network. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private static final Map<MachineImage, String> REFERENCES = new ConcurrentHashMap<>();

    private final String recipe;

    MachineImage(String recipe) {
        this.recipe = recipe;
    }

    /** The name that the engine knows it by. The image is made first if it is not there yet, which may take a minute. */
    String reference() {
        return REFERENCES.computeIfAbsent(this, image -> built(image.recipe));
    }

    private static String built(String recipe) {
        Path script = Project.root().resolve("itests/images/build");
        try {
            Process build = new ProcessBuilder(script.toString(), recipe)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // What it prints, one line, waits in the pipe.
            if (!build.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                build.destroy();
                throw new IllegalStateException(
                        script + " " + recipe + " did not end within " + LIMIT.toMinutes() + " minutes");
            }
            if (build.exitValue() != 0) {
                throw new IllegalStateException(script + " " + recipe + " ended with status " + build.exitValue());
            }
            return new String(build.getInputStream().readAllBytes(), UTF_8).strip();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + recipe + " was being made", interruption);
        }
    }
}
