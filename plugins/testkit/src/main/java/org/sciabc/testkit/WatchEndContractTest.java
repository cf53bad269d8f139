// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.DiscoveryBackend.Feature;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Settings;
import org.sciabc.spi.WatchRequest;

/**
 * What {@link DiscoveryBackend} demands of the end of a watch, as tests; a part of {@link DiscoveryContractTest}, which is what a
 * backend's own test extends.
 */
public abstract class WatchEndContractTest extends ComponentContractTest<DiscoveryBackend> {
    WatchEndContractTest() {}

    /**
     * The networks in all requests to a backend that supports {@link Feature#INTERFACES}.
     *
     * @return the loopback interface unless overridden, so that nothing leaves the machine
     * @throws Exception when that fails, which fails the test
     */
    protected List<LocalInterface> interfaces() throws Exception {
        return List.of(SampleNodes.loopback());
    }

    /**
     * Whether a watch with a limit returns as soon as it has reported all that it can find. One without a limit never does.
     *
     * @return false unless overridden, such as for a list of nodes that is read once
     */
    protected boolean endsWhenAllIsReported() {
        return false;
    }

    /**
     * Settings with which whoever is asked says nothing, such as the address of a server that accepts connections and never
     * answers: a watch has to end in time then, too.
     *
     * @return texts by key; absent unless overridden, and then these tests are skipped
     * @throws Exception when that fails, which fails the test
     */
    protected Optional<Map<String, String>> givenSoThatNothingAnswers() throws Exception {
        return Optional.empty();
    }

    @Test
    final void returnsWhenTheLimitHasPassedAndNotBefore() throws Exception {
        try (Watching watching = watch(new RecordingListener(), Optional.of(aWhile()))) {
            requireEnd(watching.call(), aWhile().plus(Call.A_SECOND), "it has to return when its limit has passed");
            watching.call().result();
            if (endsWhenAllIsReported()) {
                return;
            }
            assertThat(watching.call().took())
                    .as(
                            "it must watch until the limit of %s has passed, even when there is nothing more to see",
                            Said.seconds(aWhile()))
                    .isGreaterThanOrEqualTo(aWhile().minusMillis(50));
        }
    }

    @Test
    final void obeysInterruptionWithinASecond() throws Exception {
        try (Watching watching = watch(new RecordingListener(), Optional.empty())) {
            watching.call().endsWithin(shortly());
            assertThat(watching.call().hasEnded())
                    .as("it must not return by itself when there is no limit")
                    .isFalse();
            watching.call().interrupt();
            requireEnd(watching.call(), Call.A_SECOND, "an interrupted watch has to end within one second");
            requireNormalEnd(watching.call());
        }
    }

    @Test
    final void obeysAnInterruptionThatCameBefore() throws Exception {
        DiscoveryBackend backend = create();
        WatchRequest request = watchRequest(settings(), Optional.empty());
        Call<Boolean> call = Call.beginInterrupted(() -> {
            backend.watch(request, new RecordingListener());
            return true;
        });
        requireEnd(call, Call.A_SECOND, "a watch on an interrupted thread has to end within one second");
        requireNormalEnd(call);
    }

    @Test
    final void returnsWhenTheLimitHasPassedAlthoughNothingAnswers() throws Exception {
        try (Watching watching = watchWithoutAnswers(Optional.of(aWhile()))) {
            requireEnd(
                    watching.call(),
                    aWhile().plus(Call.A_SECOND),
                    "it has to return when its limit has passed, although nothing has answered");
            failsInWords(watching.call());
        }
    }

    @Test
    final void obeysInterruptionAlthoughNothingAnswers() throws Exception {
        try (Watching watching = watchWithoutAnswers(Optional.empty())) {
            if (watching.call().endsWithin(shortly())) {
                assertThat(failsInWords(watching.call()))
                        .as("it must not return by itself when there is no limit, although nothing has answered")
                        .isTrue();
                return;
            }
            watching.call().interrupt();
            requireEnd(
                    watching.call(),
                    Call.A_SECOND,
                    "an interrupted watch has to end within one second, although nothing has answered");
            requireNormalEnd(watching.call());
        }
    }

    private Watching watchWithoutAnswers(Optional<Duration> limit) throws Exception {
        Optional<Map<String, String>> given = givenSoThatNothingAnswers();
        assumeTrue(given.isPresent(), "there are no settings with which nothing answers");
        DiscoveryBackend backend = create();
        Settings settings = Settings.of(backend.settings(), given.orElseThrow());
        return Watching.begin(backend, watchRequest(settings, limit), new RecordingListener());
    }

    /** Whether it takes silence for a failure, which it may. */
    private static boolean failsInWords(Call<?> call) throws Exception {
        try {
            call.result();
            return false;
        } catch (SciabcException noAnswer) {
            assertThat(Said.wrongInFailure(noAnswer))
                    .as("what is wrong with the message")
                    .isEmpty();
            return true;
        }
    }

    static void requireEnd(Call<?> call, Duration limit, String clause) throws InterruptedException {
        assertThat(call.endsWithin(limit))
                .as("%s, and %s later it has not", clause, Said.seconds(limit))
                .isTrue();
    }

    static void requireNormalEnd(Call<?> call) throws Exception {
        try {
            call.result();
        } catch (InterruptedException allowed) {
            return;
        } catch (SciabcException failure) {
            throw new AssertionError(
                    "an interrupted watch has to return or to throw InterruptedException, and failed: "
                            + failure.getMessage(),
                    failure);
        }
    }

    final Duration shortly() {
        return aWhile().dividedBy(2);
    }

    final List<LocalInterface> networks() throws Exception {
        return create().supports(Feature.INTERFACES) ? interfaces() : List.of();
    }

    final WatchRequest watchRequest(Settings settings, Optional<Duration> limit) throws Exception {
        return new WatchRequest(CLUSTER, settings, networks(), stateFolder(), limit);
    }

    final Watching watch(RecordingListener listener, Optional<Duration> limit) throws Exception {
        return watch(create(), listener, limit);
    }

    final Watching watch(DiscoveryBackend backend, RecordingListener listener, Optional<Duration> limit)
            throws Exception {
        return Watching.begin(backend, watchRequest(settings(), limit), listener);
    }
}
