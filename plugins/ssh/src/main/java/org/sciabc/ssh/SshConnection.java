// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** An authenticated connection, on which commands run one after the other, each in a channel of its own. */
final class SshConnection implements NodeConnection {
    private final Link link;
    private final HostKeyCheck check;
    private final Duration patience;
    private final SecureRandom random;
    private volatile @Nullable CommandRun current;
    private volatile boolean closed;

    SshConnection(Link link, HostKeyCheck check, Duration patience, SecureRandom random) {
        this.link = link;
        this.check = check;
        this.patience = patience;
        this.random = random;
    }

    @Override
    public ExitStatus run(RemoteCommand command, CommandStreams streams) throws SciabcException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        CommandRun run = new CommandRun(link, patience, command, streams, random);
        current = run;
        try {
            if (closed || !link.isOpen()) {
                throw new SciabcException("the connection is lost", "it was closed", "");
            }
            return run.run();
        } finally {
            current = null;
        }
    }

    @Override
    public void upload(InputStream content, String path, int mode) throws SciabcException, InterruptedException {
        new Upload(this, path, mode, random).carryOut(content);
    }

    @Override
    public Optional<String> hostKey() {
        return check.accepted();
    }

    @Override
    public void close() {
        closed = true;
        CommandRun running = current;
        if (running != null) {
            running.endFromOutside();
        }
        link.closeInPeace();
    }
}
