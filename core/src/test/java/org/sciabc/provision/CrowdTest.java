// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sciabc.spi.Node;
import org.sciabc.spi.SciabcException;

@Timeout(30)
final class CrowdTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void resultsComeInTheOrderOfTheNodes() throws Exception {
        var results = new Crowd(4, LONG).each(nodes(20), (node, deadline) -> node.name(), node -> {});
        assertThat(results)
                .extracting(result -> ((Crowd.Done<String>) result).value())
                .containsExactlyElementsOf(nodes(20).stream().map(Node::name).toList());
    }

    @Test
    void noMoreThanTheWidthAreWorkedOnAtATime() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        new Crowd(3, LONG)
                .each(
                        nodes(9),
                        (node, deadline) -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            three.countDown();
                            assertThat(three.await(10, TimeUnit.SECONDS)).isTrue();
                            return now.decrementAndGet();
                        },
                        node -> {});
        assertThat(most).hasValue(3);
    }

    @Test
    void aNodeThatHangsIsLeftOutAndHoldsNobodyUp() throws Exception {
        var results = new Crowd(2, Duration.ofMillis(300))
                .each(
                        nodes(8),
                        (node, deadline) -> {
                            if (node.name().equals("node1")) {
                                new CountDownLatch(1).await();
                            }
                            return node.name();
                        },
                        node -> {});
        assertThat(results).filteredOn(Crowd.Done.class::isInstance).hasSize(7);
        assertThat(results.get(0))
                .isInstanceOfSatisfying(
                        Crowd.Failed.class,
                        failed -> assertThat(failed.reason())
                                .hasMessage("the node took too long: not done within 300ms"));
    }

    @Test
    void aThreadThatDoesNotObeyIsGivenUpAndWhatItWaitsForIsClosed() throws Exception {
        List<Node> abandoned = new CopyOnWriteArrayList<>();
        CountDownLatch release = new CountDownLatch(1);
        var results = new Crowd(1, Duration.ofMillis(100))
                .each(
                        nodes(2),
                        (node, deadline) -> {
                            while (node.name().equals("node1") && release.getCount() > 0) {
                                LockSupport.parkNanos(1_000_000);
                            }
                            return node.name();
                        },
                        abandoned::add);
        release.countDown();
        assertThat(abandoned).extracting(Node::name).containsExactly("node1");
        assertThat(results.get(1)).isInstanceOf(Crowd.Done.class);
    }

    @Test
    void aFailureStaysWithItsNode() throws Exception {
        var results = new Crowd(2, LONG)
                .each(
                        nodes(2),
                        (node, deadline) -> {
                            if (node.name().equals("node1")) {
                                throw new SciabcException("no", "because", "");
                            }
                            return node.name();
                        },
                        node -> {});
        assertThat(results.get(0))
                .isInstanceOfSatisfying(
                        Crowd.Failed.class,
                        failed -> assertThat(failed.reason()).hasMessage("no: because"));
        assertThat(results.get(1)).isInstanceOf(Crowd.Done.class);
    }

    @Test
    void interruptingTheCallerEndsTheWorkOnEveryNode() throws Exception {
        CountDownLatch begun = new CountDownLatch(3);
        CountDownLatch ended = new CountDownLatch(3);
        Thread caller = Thread.currentThread();
        Thread impatient = new Thread(() -> {
            try {
                assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
            caller.interrupt();
        });
        impatient.start();
        assertThatThrownBy(() -> new Crowd(3, LONG)
                        .each(
                                nodes(5),
                                (node, deadline) -> {
                                    begun.countDown();
                                    try {
                                        new CountDownLatch(1).await();
                                        return "never";
                                    } finally {
                                        ended.countDown();
                                    }
                                },
                                node -> {}))
                .isInstanceOf(InterruptedException.class);
        assertThat(ended.getCount()).isZero();
        impatient.join();
    }

    @Test
    void theDeadlineStandsStillWhileAPersonThinks() {
        long[] now = {0};
        Deadline deadline = new Deadline(Duration.ofSeconds(10), () -> now[0]);
        now[0] += Duration.ofSeconds(4).toNanos();
        deadline.pause();
        now[0] += Duration.ofMinutes(5).toNanos();
        assertThat(deadline.isOver()).isFalse();
        deadline.resume();
        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(6));
        now[0] += Duration.ofSeconds(6).toNanos();
        assertThat(deadline.isOver()).isTrue();
        assertThat(deadline.left()).isZero();
    }

    private static List<Node> nodes(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> Node.of("node" + i, List.of()))
                .toList();
    }
}
