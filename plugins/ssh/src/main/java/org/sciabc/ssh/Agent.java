// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import org.sciabc.spi.Untrusted;

/**
 * The person's ssh-agent, over its Unix socket (draft-miller-ssh-agent). It may ask its person before it signs, and take
 * long: closing it from another thread ends the wait.
 */
final class Agent implements Closeable {
    private static final int REQUEST_IDENTITIES = 11;
    private static final int IDENTITIES_ANSWER = 12;
    private static final int SIGN_REQUEST = 13;
    private static final int SIGN_RESPONSE = 14;
    private static final int RSA_SHA2_512 = 4;
    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_KEYS = 1_000;

    private final SocketChannel channel;

    private Agent(SocketChannel channel) {
        this.channel = channel;
    }

    static Agent connect(Path socket) throws IOException {
        try {
            return new Agent(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        } catch (IllegalArgumentException | UnsupportedOperationException impossible) {
            throw new IOException(impossible);
        }
    }

    /** The keys that it holds, in its order. */
    List<Identity> identities() throws IOException {
        Buffer.PlainBuffer answer = ask(new Buffer.PlainBuffer().putByte((byte) REQUEST_IDENTITIES), IDENTITIES_ANSWER);
        long count = Math.min(answer.readUInt32(), MOST_KEYS);
        List<Identity> identities = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            byte[] key = answer.readBytes();
            String comment = answer.readString();
            identities.add(new AgentIdentity(key, Untrusted.line(comment, 40)));
        }
        return identities;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private synchronized Buffer.PlainBuffer ask(Buffer.PlainBuffer question, int expected) throws IOException {
        byte[] message =
                new Buffer.PlainBuffer().putBytes(question.getCompactData()).getCompactData();
        ByteBuffer out = ByteBuffer.wrap(message);
        while (out.hasRemaining()) {
            channel.write(out);
        }
        int length = ByteBuffer.wrap(readFully(4)).getInt();
        if (length < 1 || length > MOST_BYTES) {
            throw new IOException("the agent's answer has an impossible length");
        }
        Buffer.PlainBuffer answer = new Buffer.PlainBuffer(readFully(length));
        if (answer.readByte() != expected) {
            throw new IOException("the agent refused");
        }
        return answer;
    }

    private byte[] readFully(int length) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(length);
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new EOFException("the agent hung up");
            }
        }
        return in.array();
    }

    /** A key whose private half stays with the agent. */
    private final class AgentIdentity implements Identity {
        private final byte[] key;
        private final String type;
        private final String label;

        AgentIdentity(byte[] key, String comment) throws IOException {
            this.key = key;
            this.type = new Buffer.PlainBuffer(key).readString();
            this.label = comment.isEmpty() ? "a key of the agent" : "the agent's key '" + comment + "'";
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public String algorithm() {
            return type.equals("ssh-rsa") ? "rsa-sha2-512" : type;
        }

        @Override
        public byte[] publicKey() {
            return key.clone();
        }

        /** It may have to be confirmed or touched. */
        @Override
        public boolean signsReluctantly() {
            return true;
        }

        @Override
        public byte[] sign(byte[] data) throws IOException {
            Buffer.PlainBuffer question = new Buffer.PlainBuffer()
                    .putByte((byte) SIGN_REQUEST)
                    .putBytes(key)
                    .putBytes(data)
                    .putUInt32(type.equals("ssh-rsa") ? RSA_SHA2_512 : 0);
            return ask(question, SIGN_RESPONSE).readBytes();
        }
    }
}
