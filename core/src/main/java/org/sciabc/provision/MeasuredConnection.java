// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.RemoteCommand;
import org.sciabc.spi.SciabcException;

/** A connection that says how many bytes go through it. */
final class MeasuredConnection implements NodeConnection {
    private final NodeConnection connection;
    private final LongConsumer moved;

    MeasuredConnection(NodeConnection connection, LongConsumer moved) {
        this.connection = connection;
        this.moved = moved;
    }

    @Override
    public ExitStatus run(RemoteCommand command, CommandStreams streams) throws SciabcException, InterruptedException {
        return connection.run(
                command, new CommandStreams(measured(streams.in()), measured(streams.out()), streams.err()));
    }

    @Override
    public void upload(InputStream content, String path, int mode) throws SciabcException, InterruptedException {
        connection.upload(new Measured(content), path, mode);
    }

    @Override
    public Optional<String> hostKey() {
        return connection.hostKey();
    }

    @Override
    public void close() {
        connection.close();
    }

    /** That there is none is told by its class, and makes a command cheaper. */
    private InputStream measured(InputStream source) {
        boolean isNone = source.getClass() == InputStream.nullInputStream().getClass();
        return isNone ? source : new Measured(source);
    }

    private OutputStream measured(OutputStream target) {
        return new FilterOutputStream(target) {
            @Override
            public void write(int value) throws IOException {
                out.write(value);
                moved.accept(1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                out.write(bytes, offset, count);
                moved.accept(count);
            }
        };
    }

    private final class Measured extends FilterInputStream {
        Measured(InputStream source) {
            super(source);
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            if (value >= 0) {
                moved.accept(1);
            }
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            int read = in.read(target, offset, count);
            if (read > 0) {
                moved.accept(read);
            }
            return read;
        }
    }
}
