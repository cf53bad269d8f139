// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
            String reference = new String(build.getInputStream().readAllBytes(), UTF_8).strip();
            int status = build.waitFor();
            if (status != 0) {
                throw new IllegalStateException(script + " " + recipe + " ended with status " + status);
            }
            return reference;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + recipe + " was being made", interruption);
        }
    }
}
