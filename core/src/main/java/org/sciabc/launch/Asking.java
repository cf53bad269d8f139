// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sciabc.launch.PreflightRound.Answered;
import org.sciabc.launch.PreflightRound.Question;

/** A machine that was asked and has not answered yet; perhaps over a second connection, beside the first one. */
final class Asking {
    private static final long STEP_MILLIS = 20;

    /** A connection that works has had all the time of the second one's login to answer first. */
    private static final long GRACE_MILLIS = 300;

    private final Question question;
    private final Future<Answered> first;
    private Optional<Future<Answered>> second = Optional.empty();
    private boolean isSecondBetter;

    Asking(Question question, Future<Answered> first) {
        this.question = question;
        this.first = first;
    }

    Question question() {
        return question;
    }

    boolean isOver() {
        return first.isDone();
    }

    void again(Future<Answered> over) {
        second = Optional.of(over);
    }

    /** Whether the second connection brought the answer, and the first one nothing. */
    boolean isSecondBetter() {
        return isSecondBetter;
    }

    /** Waits for a moment. */
    Optional<Answered> poll() throws InterruptedException {
        if (second.isEmpty()) {
            return result(first, STEP_MILLIS);
        }
        Optional<Answered> better = result(second.get(), STEP_MILLIS).filter(Asking::isGood);
        Optional<Answered> earlier = result(first, better.isPresent() ? GRACE_MILLIS : STEP_MILLIS);
        if (earlier.filter(Asking::isGood).isPresent()) {
            return earlier;
        }
        if (better.isPresent()) {
            isSecondBetter = true;
            return better;
        }
        return second.get().isDone() ? earlier : Optional.empty();
    }

    /** Waits no longer; what the second connection has said of the node is the reason, where it said anything. */
    Optional<Answered> giveUp() throws InterruptedException {
        Optional<Answered> said =
                second.isPresent() && second.get().isDone() ? result(second.get(), 0) : Optional.empty();
        first.cancel(true);
        second.ifPresent(each -> each.cancel(true));
        return said;
    }

    /** Ends what is not needed any more. */
    void end() {
        first.cancel(true);
        second.ifPresent(each -> each.cancel(true));
    }

    private static boolean isGood(Answered answered) {
        return answered.failure().isEmpty();
    }

    private static Optional<Answered> result(Future<Answered> future, long millis) throws InterruptedException {
        try {
            return Optional.of(future.get(millis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException notYet) {
            return Optional.empty();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }
}
