// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NameLookupTest {
    private static final InetAddress THERE = InetAddress.getLoopbackAddress();

    private final List<String> said = new ArrayList<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @Test
    void manyNamesAreLookedUpAtOnceAndEachOnce() throws Exception {
        CyclicBarrier all = new CyclicBarrier(3);
        NameLookup.NameService service = name -> {
            asked.add(name);
            try {
                all.await(20, TimeUnit.SECONDS);
            } catch (Exception alone) {
                throw new UnknownHostException(name);
            }
            return THERE;
        };

        try (NameLookup lookup = new NameLookup(List.of("a", "b", "a", "c"), service, said::add)) {
            assertThat(lookup.address("c")).isEqualTo(THERE);
            assertThat(lookup.address("a")).isEqualTo(THERE);
        }
        assertThat(asked).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void aNameServerThatTakesItsTimeIsSaidOnce() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        NameLookup.NameService service = name -> {
            await(told);
            return THERE;
        };

        try (NameLookup lookup = new NameLookup(List.of("a", "b", "127.0.0.1"), slow(service), line -> {
            said.add(line);
            told.countDown();
        })) {
            lookup.address("a");
            lookup.address("b");
        }
        assertThat(said).containsExactly("looking up 2 names");
    }

    @Test
    void waitingForANameServerCanBeInterrupted() {
        CountDownLatch never = new CountDownLatch(1);
        NameLookup.NameService service = name -> {
            await(never);
            return THERE;
        };

        try (NameLookup lookup = new NameLookup(List.of("a"), service, said::add)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> lookup.address("a"));
        }
        never.countDown();
    }

    @Test
    void aNameWithoutAnAddressIsThatOfWhoWaitsForIt() throws Exception {
        NameLookup.NameService service = name -> {
            if (name.equals("a")) {
                throw new UnknownHostException(name);
            }
            return THERE;
        };

        try (NameLookup lookup = new NameLookup(List.of("a", "b"), service, said::add)) {
            assertThat(lookup.address("b")).isEqualTo(THERE);
            assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> lookup.address("a"));
        }
    }

    private static NameLookup.NameService slow(NameLookup.NameService names) {
        return name -> name.equals("127.0.0.1") ? THERE : names.address(name);
    }

    private static void await(CountDownLatch latch) throws UnknownHostException {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new UnknownHostException(stop.toString());
        }
    }
}
