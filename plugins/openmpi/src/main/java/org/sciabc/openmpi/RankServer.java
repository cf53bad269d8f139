// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sciabc.openmpi.RankScript.Greeting;
import org.sciabc.openmpi.RankScript.Greeting.Kind;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** Where the processes of one job bring what they write and how they ended, and the first gets its input: see {@link RankScript}. */
final class RankServer implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int STRANGERS = 64;
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration FULL = Duration.ofMillis(1);

    private final ServerSocketChannel door;
    private final Selector selector;
    private final InetAddress here;
    private final EndMark mark;
    /** By which processes know that it is us who tells them what to run. */
    private final String secret = UUID.randomUUID().toString();

    private final Thread thread = new Thread(this::serve, "ranks");
    private final RankEnds ends;
    private final List<Call> calls = new ArrayList<>();
    private final Map<Integer, Call> outputs = new HashMap<>();
    private @Nullable SocketChannel input;
    /** Guarded by this. */
    private boolean isObeyed;

    /** Guarded by this. */
    private boolean isWithdrawn;

    private volatile @Nullable Order order;
    private final AtomicBoolean isSpokenFor = new AtomicBoolean();
    private volatile boolean isClosed;

    /**
     * What all processes are told once all are there.
     *
     * @param words what each reads
     * @param streams where output goes, a write at a time, and where input comes from; absent when nothing is to run
     * @param begun is run just before: the program runs from then on, and before nowhere
     */
    private record Order(ByteBuffer words, Optional<CommandStreams> streams, Runnable begun) {}

    private RankServer(InetAddress here, EndMark mark, int ranks) throws IOException {
        this.here = here;
        this.mark = mark;
        this.ends = new RankEnds(ranks);
        this.selector = Selector.open();
        this.door = ServerSocketChannel.open();
        door.bind(new InetSocketAddress(here, 0));
        door.configureBlocking(false);
        door.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Begins to listen.
     *
     * @param here this machine's address on the network of the job
     */
    static RankServer open(InetAddress here, EndMark mark, int ranks) throws SciabcException {
        try {
            RankServer server = new RankServer(here, mark, ranks);
            server.thread.setDaemon(true);
            server.thread.start();
            return server;
        } catch (IOException refused) {
            throw new SciabcException(
                    "cannot listen at " + here.getHostAddress(),
                    Untrusted.line(String.valueOf(refused.getMessage()), 200),
                    "",
                    refused);
        }
    }

    /** What {@link RankScript} is told. */
    String call() {
        return RankScript.call(here.getHostAddress(), door.socket().getLocalPort(), mark, secret);
    }

    RankEnds ends() {
        return ends;
    }

    /**
     * Has all processes run a program as soon as all are there.
     *
     * @param streams where output goes, a write at a time, and where input comes from
     * @param begun is run just before that
     */
    void run(LaunchRequest.Job job, CommandStreams streams, Runnable begun) {
        order = new Order(RankScript.go(secret, job), Optional.of(streams), begun);
        selector.wakeup();
    }

    /**
     * Keeps the processes for a job that is about to be run.
     *
     * @return whether they had not been asked to make room, see {@link RankScript#makeRoom}
     */
    boolean keep() {
        return isSpokenFor.compareAndSet(false, true);
    }

    /** Has all processes end without having run anything, as soon as all are there. */
    void callOff() {
        order = new Order(RankScript.off(secret), Optional.empty(), () -> {});
        selector.wakeup();
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try {
            while (!isClosed) {
                boolean isDue = ends.isAnswerDue() || calls.stream().anyMatch(Call::isKeeping);
                selector.select(isDue ? LOOK.toMillis() : 0);
                for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
                    if (!key.isValid()) {
                        continue;
                    }
                    if (key.attachment() instanceof Call call) {
                        read(call, buffer);
                    } else {
                        accept();
                    }
                }
                selector.selectedKeys().clear();
                obey();
                calls.forEach(Call::releaseWhatIsOld);
                ends.answers(System.nanoTime())
                        .forEach((rank, code) -> tell(rank, StandardCharsets.US_ASCII.encode(code + "\n")));
            }
        } catch (IOException | java.nio.channels.ClosedSelectorException failure) {
            // What did not arrive is missing among the ends, and that is said.
        } finally {
            Quietly.close(door);
            new ArrayList<>(calls).forEach(this::end);
            if (input != null) {
                Quietly.close(input);
            }
            Quietly.close(selector);
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = door.accept();
        if (channel == null) {
            return;
        }
        if (calls.size() >= ends.ranks() * Kind.values().length + STRANGERS) {
            channel.close();
            return;
        }
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        Call call = new Call(channel);
        channel.register(selector, SelectionKey.OP_READ, call);
        calls.add(call);
    }

    private void read(Call call, ByteBuffer buffer) {
        buffer.clear();
        try {
            if (call.channel.read(buffer) < 0) {
                end(call);
                return;
            }
            buffer.flip();
            if (!call.isGreeted()) {
                Optional<String> line = call.greeting(buffer);
                if (line.isEmpty()) {
                    return;
                }
                if (line.get().equals(RankScript.makeRoom(secret)) && isSpokenFor.compareAndSet(false, true)) {
                    callOff();
                }
                Optional<Greeting> greeting = Greeting.parse(line.get(), mark, ends.ranks());
                if (greeting.isEmpty() || !ends.begin(greeting.get())) {
                    end(call);
                    return;
                }
                greet(call, greeting.get());
            }
            call.take(buffer);
        } catch (IOException gone) {
            end(call);
        }
    }

    private void greet(Call call, Greeting greeting) throws IOException {
        call.greet(greeting);
        switch (greeting.kind()) {
            case OUT -> outputs.put(greeting.rank(), call);
            case ERR -> {}
            case IN -> {
                // A channel that blocks may not be registered with a selector any more.
                call.channel.keyFor(selector).cancel();
                selector.selectNow();
                calls.remove(call);
                call.channel.configureBlocking(true);
                input = call.channel;
            }
        }
    }

    /**
     * Has nothing run that does not run yet.
     *
     * @return whether nothing has run, and nothing will
     */
    synchronized boolean withdraw() {
        isWithdrawn = true;
        return !isObeyed;
    }

    /** Whether all processes have been told what to do. */
    synchronized boolean isObeyed() {
        return isObeyed;
    }

    private void obey() {
        Order wanted = order;
        synchronized (this) {
            if (isObeyed || isWithdrawn || wanted == null || !ends.areWaiting()) {
                return;
            }
            isObeyed = true;
        }
        wanted.begun().run();
        wanted.streams().ifPresent(streams -> {
            calls.forEach(call -> pass(call, streams));
            feed(streams.in());
        });
        outputs.keySet().forEach(rank -> tell(rank, wanted.words()));
    }

    private void pass(Call call, CommandStreams streams) {
        call.greeting()
                .ifPresent(whose -> call.passTo(
                        whose.kind() == Kind.OUT ? streams.out() : streams.err(),
                        mark,
                        status -> ended(whose, status)));
    }

    private void ended(Greeting greeting, int status) {
        ends.end(greeting, status, System.nanoTime());
    }

    private void tell(int rank, ByteBuffer what) {
        Call output = outputs.get(rank);
        if (output != null) {
            try {
                ByteBuffer whole = what.duplicate();
                while (output.channel.write(whole) >= 0 && whole.hasRemaining() && !isClosed) {
                    // Longer than what the kernel takes at a time, and the process is about to read it.
                    LockSupport.parkNanos(FULL.toNanos());
                }
            } catch (IOException gone) {
                // Who is gone need not be told.
            }
        }
    }

    /** Input is read by a thread that may stay blocked in a read of a terminal, and not before somebody wants it. */
    private void feed(InputStream from) {
        SocketChannel to = Objects.requireNonNull(input);
        Thread feeder = new Thread(() -> copy(from, to), "rank-input");
        feeder.setDaemon(true);
        feeder.start();
    }

    private static void copy(InputStream from, SocketChannel to) {
        byte[] bytes = new byte[BUFFER_BYTES];
        try (to) {
            for (int read = from.read(bytes); read >= 0; read = from.read(bytes)) {
                ByteBuffer whole = ByteBuffer.wrap(bytes, 0, read);
                while (whole.hasRemaining()) {
                    to.write(whole);
                }
            }
        } catch (IOException readsNoMore) {
            // A program need not read all of its input.
        }
    }

    private void end(Call call) {
        call.release();
        calls.remove(call);
        Quietly.close(call.channel);
        call.greeting().ifPresent(ends::close);
    }

    @Override
    public void close() {
        isClosed = true;
        selector.wakeup();
        boolean isInterrupted = Thread.interrupted();
        try {
            thread.join();
        } catch (InterruptedException again) {
            isInterrupted = true;
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
