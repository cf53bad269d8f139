// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.sciabc.spi.Untrusted;

/**
 * Avahi on this machine, asked over the system's D-Bus.
 *
 * <p>Calls are written as messages instead of with the library's proxies: what Avahi answers is then read by position, and no
 * class of ours has to be open to reflection.
 */
final class AvahiBus implements AutoCloseable {
    static final String SERVER = "org.freedesktop.Avahi.Server";
    static final String TYPE_BROWSER = "org.freedesktop.Avahi.ServiceTypeBrowser";
    static final String BROWSER = "org.freedesktop.Avahi.ServiceBrowser";
    static final String RESOLVER = "org.freedesktop.Avahi.ServiceResolver";
    static final String ENTRY_GROUP = "org.freedesktop.Avahi.EntryGroup";

    /** The object that offers {@link #SERVER}. */
    static final String ROOT = "/";

    /** Stands for every interface, or for either version of the protocol. */
    static final int UNSPECIFIED = -1;

    private static final String NAME = "org.freedesktop.Avahi";
    private static final String DBUS = "org.freedesktop.DBus";
    private static final String OWNER_CHANGED = "NameOwnerChanged";
    private static final long REPLY_TIMEOUT = 3_000;
    private static final int CONNECT_TIMEOUT = 2_000;

    /** Whoever announces faster than we can read must not fill the memory. */
    private static final int SIGNAL_LIMIT = 20_000;

    private final DBusConnection connection;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>(SIGNAL_LIMIT);
    private volatile String owner = "";

    /**
     * Something that Avahi says unasked.
     *
     * @param path the object that it is about
     * @param member what happened
     * @param values the details, as their signature has them
     */
    record Signal(String path, String member, List<Object> values) {
        /** What stands for the member when Avahi ended or began: all that was asked of it before is forgotten. */
        static final String OTHER_DAEMON = "OtherDaemon";
    }

    private AvahiBus(DBusConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects.
     *
     * @throws IOException when there is no bus, or it refuses us, or Avahi is not on it
     */
    static AvahiBus connect() throws IOException {
        AvahiBus bus;
        try {
            bus = new AvahiBus(DBusConnectionBuilder.forSystemBus()
                    .withShared(false)
                    .transportConfig()
                    .withTimeout(CONNECT_TIMEOUT)
                    .withServiceLoaderClassLoader(AvahiBus.class.getClassLoader())
                    .back()
                    .build());
        } catch (DBusException | DBusExecutionException failure) {
            throw new IOException("D-Bus: " + reason(failure), failure);
        }
        try {
            bus.listen();
            bus.owner = bus.connection.getDBusOwnerName(NAME);
            bus.call(ROOT, SERVER, "GetAPIVersion");
            return bus;
        } catch (DBusException | DBusExecutionException failure) {
            bus.close();
            throw new IOException("D-Bus: " + reason(failure), failure);
        } catch (IOException failure) {
            bus.close();
            throw failure;
        }
    }

    private void listen() throws DBusException {
        for (String sender : List.of(TYPE_BROWSER, BROWSER, RESOLVER, ENTRY_GROUP)) {
            var rule = DBusMatchRuleBuilder.create().withType("signal").withInterface(sender);
            connection.addGenericSigHandler(rule.build(), this::take);
        }
        var restarts = DBusMatchRuleBuilder.create()
                .withType("signal")
                .withInterface(DBUS)
                .withMember(OWNER_CHANGED)
                .withArg0123(0, NAME);
        connection.addGenericSigHandler(restarts.build(), this::take);
    }

    /**
     * Calls a method without arguments.
     *
     * @throws IOException when Avahi refuses, or does not answer in time
     */
    List<Object> call(String path, String target, String method) throws IOException {
        return call(path, target, method, "");
    }

    /**
     * Calls a method.
     *
     * @param signature the types of the arguments, as D-Bus writes them
     * @throws IOException when Avahi refuses, or does not answer in time
     */
    List<Object> call(String path, String target, String method, String signature, Object... arguments)
            throws IOException {
        try {
            MethodCall call = connection
                    .getMessageFactory()
                    .createMethodCall(
                            null,
                            NAME,
                            path,
                            target,
                            method,
                            (byte) 0,
                            signature.isEmpty() ? null : signature,
                            arguments);
            connection.sendMessage(call);
            Message reply = call.getReply(REPLY_TIMEOUT);
            if (reply == null) {
                throw new IOException("Avahi does not answer");
            }
            if (reply instanceof Error error) {
                throw new AvahiRefusedException(String.valueOf(error.getName()), text(error));
            }
            return List.of(reply.getParameters());
        } catch (DBusException | DBusExecutionException failure) {
            throw new IOException("D-Bus: " + reason(failure), failure);
        }
    }

    /** What Avahi says unasked, in the order in which it said it. */
    BlockingQueue<Signal> signals() {
        return signals;
    }

    /** Whether the bus is still there. */
    boolean isConnected() {
        return connection.isConnected();
    }

    /** Disconnects; Avahi then forgets all that was asked of it, and withdraws what was announced. */
    @Override
    public void close() {
        connection.disconnect();
    }

    private void take(DBusSignal signal) {
        try {
            List<Object> values = List.of(signal.getParameters());
            if (OWNER_CHANGED.equals(signal.getName()) && DBUS.equals(signal.getSource())) {
                owner = String.valueOf(values.get(2));
                offer(new Signal(ROOT, Signal.OTHER_DAEMON, values));
            } else if (owner.equals(signal.getSource())) {
                offer(new Signal(signal.getPath(), signal.getName(), values));
            }
        } catch (DBusException unreadable) {
            // Of the bus's own daemon, not of the network: such a message was never seen, and one signal less does no
            // harm.
            offer(new Signal(ROOT, "Unreadable", List.of()));
        }
    }

    private void offer(Signal signal) {
        if (!signals.offer(signal)) {
            signals.clear();
            signals.add(new Signal(ROOT, Signal.OTHER_DAEMON, List.of()));
        }
    }

    private static String text(Error error) throws DBusException {
        Object[] details = error.getParameters();
        return details.length > 0 ? Untrusted.line(String.valueOf(details[0]), 200) : "no reason given";
    }

    private static String reason(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Optional.ofNullable(root.getMessage())
                .map(message -> Untrusted.line(message, 200))
                .orElse("the bus refused");
    }
}
