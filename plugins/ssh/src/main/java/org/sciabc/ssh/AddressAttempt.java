// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.Untrusted;

/** Tries one address in a thread of its own, until it is identified as an SSH server, fails, or is cancelled. */
final class AddressAttempt implements Runnable {
    /** A server that has too many logins at once (MaxStartups) hangs up; it may have room a moment later. */
    private static final int MOST_SILENT_HANG_UPS = 4;

    private static final String FULL = "Exceeded MaxStartups";

    /** For some seconds, to a machine that came without logging in or failed to, again and again (PerSourcePenalties). */
    private static final String KEPT_OUT = "Not allowed at this time";

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Endpoint endpoint;
    private final Deadline deadline;
    private final Random random;
    private final Queue<Outcome> report;
    private final Object lock = new Object();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private @Nullable Socket socket;
    private volatile ConnectException.Kind stage = ConnectException.Kind.UNREACHABLE;

    /** What became of it: a server, or the reason why there is none. */
    record Outcome(AddressAttempt attempt, Optional<Reached> reached, ConnectException.Kind kind, String why) {}

    AddressAttempt(Endpoint endpoint, Deadline deadline, Random random, Queue<Outcome> report) {
        this.endpoint = endpoint;
        this.deadline = deadline;
        this.random = random;
        this.report = report;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** What has to be said when time is up while it still tries. */
    Outcome unfinished() {
        String seconds = Math.max(1, deadline.limit().toSeconds()) + " s";
        String why = stage == ConnectException.Kind.SILENT
                ? "accepted the connection and said nothing for " + seconds
                : "no answer in " + seconds;
        return failed(stage, why);
    }

    @Override
    public void run() {
        report.add(outcome());
    }

    /** Gives up: closes the socket that it waits for. */
    void cancel() {
        synchronized (lock) {
            cancelled.countDown();
            closeQuietly(socket);
        }
    }

    private Outcome outcome() {
        Duration longest = SHORTEST_PAUSE;
        for (int tries = 1; true; tries++) {
            Outcome outcome = attempt();
            boolean isForNow = outcome.why().contains(FULL) || outcome.why().contains(KEPT_OUT);
            boolean isWorthAnother =
                    outcome.kind() == ConnectException.Kind.SILENT && (isForNow || tries < MOST_SILENT_HANG_UPS);
            if (outcome.reached().isPresent() || !isWorthAnother || !pause(longest)) {
                return outcome;
            }
            longest = longest.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? longest.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private Outcome attempt() {
        try {
            return greeted(open());
        } catch (IOException failure) {
            return failed(stage, reason(failure));
        }
    }

    private Socket open() throws IOException {
        stage = ConnectException.Kind.UNREACHABLE;
        Socket fresh = new Socket();
        synchronized (lock) {
            if (cancelled.getCount() == 0) {
                fresh.close();
            }
            socket = fresh;
        }
        // sshj does not ask for it, and small packets that wait for an acknowledgement cost 40 ms each.
        fresh.setTcpNoDelay(true);
        fresh.connect(endpoint.socketAddress(), milliseconds(deadline.left()));
        stage = ConnectException.Kind.SILENT;
        return fresh;
    }

    private Outcome greeted(Socket open) throws IOException {
        open.setSoTimeout(milliseconds(deadline.left()));
        Greeting greeting = Greeting.read(open.getInputStream());
        if (greeting.end() == Greeting.End.IDENTIFIED) {
            open.setSoTimeout(0);
            return new Outcome(
                    this, Optional.of(new Reached(endpoint, open, greeting)), ConnectException.Kind.SILENT, "");
        }
        open.close();
        if (greeting.end() == Greeting.End.FOREIGN) {
            return failed(ConnectException.Kind.NOT_UNDERSTOOD, "it said '" + greeting.shown() + "'");
        }
        return greeting.text().isEmpty()
                ? failed(ConnectException.Kind.SILENT, "hung up without a word")
                : failed(hungUpKind(greeting), "hung up after saying '" + greeting.shown() + "'");
    }

    /** What OpenSSH says when it has too many logins is worth another try; what is not SSH is not. */
    private static ConnectException.Kind hungUpKind(Greeting greeting) {
        String said = greeting.shown();
        return said.startsWith(FULL) || said.startsWith(KEPT_OUT)
                ? ConnectException.Kind.SILENT
                : ConnectException.Kind.NOT_UNDERSTOOD;
    }

    private Outcome failed(ConnectException.Kind kind, String why) {
        return new Outcome(this, Optional.empty(), kind, why);
    }

    private String reason(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return unfinished().why();
        }
        if (stage == ConnectException.Kind.SILENT) {
            return "hung up without a word";
        }
        if (failure instanceof NoRouteToHostException) {
            return "no route to it";
        }
        if (failure instanceof java.net.ConnectException || failure instanceof SocketException) {
            String said = Untrusted.line(String.valueOf(failure.getMessage()), 80);
            return said.startsWith("Connection refused")
                    ? "connection refused"
                    : said.toLowerCase(java.util.Locale.ROOT);
        }
        return "no connection";
    }

    /**
     * Waits for some time between half of this and all of it, so that those who were sent away together do not come back
     * together. Says no when there is no time for it or when it was cancelled.
     */
    private boolean pause(Duration longest) {
        Duration wanted = longest.dividedBy(2).plusMillis(random.nextInt((int) longest.toMillis() / 2));
        if (deadline.left().compareTo(wanted) < 0) {
            return false;
        }
        try {
            return !cancelled.await(wanted.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            return false;
        }
    }

    private static int milliseconds(Duration left) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left.toMillis()));
    }

    private static void closeQuietly(@Nullable Socket open) {
        if (open != null) {
            try {
                open.close();
            } catch (IOException broken) {
                // Nothing more was wanted of it.
                return;
            }
        }
    }
}
