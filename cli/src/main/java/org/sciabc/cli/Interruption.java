// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.sciabc.cli.console.Terminal;
import org.sciabc.launch.LifeLine;

/**
 * Ctrl-C and SIGTERM: the first interrupts the verb, which cleans up and ends by itself; the second ends the program at
 * once. The JDK has no supported way to see a second signal, so its unsupported one is used through reflection; where that
 * is missing, the first signal interrupts from a shutdown hook and a second one is not seen.
 */
public final class Interruption {
    private static final int HANG_UP = 1;
    private static final int BROKEN_PIPE = 13;

    /** timeout(1) and some others signal a program, and then the group that it is in. Nobody types that fast. */
    private static final long ECHO_NANOS = 60_000_000;

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static volatile long lastAt;
    private static volatile int lastSignal;
    private static volatile boolean readerLeft;
    private static volatile boolean finished;

    private Interruption() {}

    /** From now on, signals interrupt this thread. */
    static void watch(Thread verb) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    arrived(verb, (int) signal.getMethod("getNumber").invoke(arguments[0]));
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "interruption";
            };
            Object installed =
                    Proxy.newProxyInstance(Interruption.class.getClassLoader(), new Class<?>[] {handler}, invocation);
            for (String name : new String[] {"INT", "TERM", "HUP"}) {
                Object instance = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, instance, installed);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException unsupported) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> interruptAndWait(verb)));
        }
    }

    /** Whether a signal has arrived, or what is as good as one. */
    public static boolean hasArrived() {
        return COUNT.get() > 0 || readerLeft;
    }

    /** Whoever wanted this to run is gone: as if their terminal had hung up. */
    public static void hangUp(Thread verb) {
        if (COUNT.compareAndSet(0, 1)) {
            lastSignal = HANG_UP;
            verb.interrupt();
        }
    }

    /**
     * From now on, a reader of output or errors that leaves ends this thread's verb: Java ignores the signal that would. It does
     * not count as one, or the first Ctrl-C after it would end the program at once. It interrupts once, and not after a signal:
     * what is written then has no reader either, and the verb is cleaning up.
     */
    public static void whenReaderLeaves(Terminal terminal) {
        Thread verb = Thread.currentThread();
        terminal.whenReaderLeaves(() -> readerLeft(verb));
    }

    private static synchronized void readerLeft(Thread verb) {
        if (COUNT.get() == 0 && !readerLeft) {
            lastAt = System.nanoTime();
            readerLeft = true;
            verb.interrupt();
        }
    }

    /** The verb that was interrupted has ended, and another one may follow. */
    public static void forget() {
        COUNT.set(0);
        lastSignal = 0;
        readerLeft = false;
    }

    /** The exit status of a program that a signal ended: 130 for Ctrl-C. */
    public static int status() {
        if (isOfReader()) {
            return 128 + BROKEN_PIPE;
        }
        return lastSignal == 0 ? ExitCode.INTERRUPTED : 128 + lastSignal;
    }

    /** What happened, for who asks later. */
    public static String why() {
        return isOfReader() ? "nobody read its output any longer" : "interrupted";
    }

    private static boolean isOfReader() {
        return readerLeft && lastSignal == 0;
    }

    /** Ends the JVM without waiting for threads that a plugin may have left. */
    public static void finish(int status) {
        finished = true;
        Runtime.getRuntime().halt(status);
    }

    /** What a signal does, which may come from several threads. */
    static synchronized void arrived(Thread verb, int signalNumber) {
        long now = System.nanoTime();
        boolean isEcho = now - lastAt < ECHO_NANOS;
        if (COUNT.get() > 0 && signalNumber == lastSignal && isEcho) {
            return;
        }
        // Ctrl-C ends all of a pipeline: the reader may be gone before we hear of it.
        boolean isKnown = COUNT.get() == 0 && readerLeft && isEcho;
        lastAt = now;
        lastSignal = signalNumber;
        if (COUNT.incrementAndGet() > 1) {
            // What was started here has been asked to end by the first signal, and was given time that is over now. A
            // launcher has processes on nodes to end before it: there is somebody who gives it the rest of its time.
            ProcessHandle.current()
                    .children()
                    .filter(child -> !LifeLine.holds(child))
                    .flatMap(child -> Stream.concat(child.descendants(), Stream.of(child)))
                    .forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(128 + signalNumber);
        }
        if (!isKnown) {
            verb.interrupt();
        }
    }

    private static void interruptAndWait(Thread verb) {
        if (finished) {
            return;
        }
        COUNT.incrementAndGet();
        verb.interrupt();
        try {
            verb.join(10_000);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
