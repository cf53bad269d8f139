// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.ConnectException.Kind;

/**
 * Tries the addresses of a node in their order, the next one each time the one before has failed or has not answered for
 * a moment (as RFC 8305 does): machines announce addresses on which nobody can reach them, and those must not cost seconds.
 * The first one at which an SSH server identifies itself wins.
 */
final class AddressRace {
    private static final Duration HEAD_START = Duration.ofMillis(250);

    private final List<Endpoint> endpoints;
    private final Deadline deadline;
    private final Random random;
    private final BlockingQueue<AddressAttempt.Outcome> outcomes = new LinkedBlockingQueue<>();
    private final List<AddressAttempt> running = new ArrayList<>();
    private final List<AddressAttempt.Outcome> failures = new ArrayList<>();

    AddressRace(List<Endpoint> endpoints, Deadline deadline, Random random) {
        this.endpoints = endpoints;
        this.deadline = deadline;
        this.random = random;
    }

    /** Runs until there is a winner, all have failed, or time is up. */
    Reached run() throws ConnectException, InterruptedException {
        try {
            return race();
        } finally {
            for (AddressAttempt attempt : running) {
                attempt.cancel();
            }
        }
    }

    private Reached race() throws ConnectException, InterruptedException {
        Iterator<Endpoint> waiting = endpoints.iterator();
        while (waiting.hasNext() || !running.isEmpty()) {
            if (waiting.hasNext()) {
                start(waiting.next());
            }
            AddressAttempt.@Nullable Outcome outcome = next(waiting.hasNext() ? HEAD_START : deadline.left());
            if (outcome == null) {
                if (deadline.left().isNegative() || deadline.left().isZero()) {
                    break;
                }
                continue;
            }
            running.remove(outcome.attempt());
            if (outcome.reached().isPresent()) {
                return outcome.reached().get();
            }
            failures.add(outcome);
        }
        running.forEach(attempt -> failures.add(attempt.unfinished()));
        throw failed();
    }

    private void start(Endpoint endpoint) {
        AddressAttempt attempt = new AddressAttempt(endpoint, deadline, random, outcomes);
        running.add(attempt);
        Workers.POOL.execute(attempt);
    }

    private AddressAttempt.@Nullable Outcome next(Duration patience) throws InterruptedException {
        Duration wait = patience.compareTo(deadline.left()) < 0 ? patience : deadline.left();
        return outcomes.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** The address from which most was heard decides the kind; all of them are named. */
    private ConnectException failed() {
        Kind kind = failures.stream()
                .map(AddressAttempt.Outcome::kind)
                .max(Comparator.naturalOrder())
                .orElse(Kind.UNREACHABLE);
        String why = failures.stream()
                .map(failure -> failure.attempt().endpoint() + ": " + failure.why())
                .collect(Collectors.joining("; "));
        return switch (kind) {
            case SILENT ->
                new ConnectException(
                        kind,
                        "no SSH server answered",
                        why,
                        "the machine may be overloaded, half way through starting, full of logins (MaxStartups), or keep"
                                + " this one out for some seconds (PerSourcePenalties): try again");
            case NOT_UNDERSTOOD ->
                new ConnectException(kind, "no SSH server answered", why, "is that the port of its SSH server?");
            default ->
                new ConnectException(
                        kind,
                        "not reachable",
                        why,
                        "is it switched on, on this network, and does an SSH server run on it?");
        };
    }
}
