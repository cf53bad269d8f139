// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.MulticastSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.jmdns.ServiceInfo;
import javax.jmdns.impl.DNSTaskStarter;
import javax.jmdns.impl.JmDNSImpl;
import javax.jmdns.impl.constants.DNSConstants;

/** One instance of the library, announcing this machine from one of its addresses. */
final class JmdnsResponder implements AutoCloseable {
    private static final String TYPE = "_sciabc._tcp.local.";
    private static final String TTL_PROPERTY = "net.dns.ttl";

    /** In seconds, as RFC 6762, section 10 recommends: for so long others believe in a machine that vanished. */
    private static final String TTL = "120";

    private static final long NUDGE_EVERY = 10;
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(900);
    private static final Duration LAST_STEPS = Duration.ofMillis(200);

    static {
        setTimeToLive();
        PromptTasks.install();
    }

    private final InetAddress address;
    private final JmDNSImpl library;
    private final byte[] text;
    private Optional<ServiceInfo> service = Optional.empty();

    private JmdnsResponder(InetAddress address, JmDNSImpl library, byte[] text) {
        this.address = address;
        this.library = library;
        this.text = text;
    }

    /**
     * Begins to claim the machine's name, and returns before others know.
     *
     * @param address one of this machine's addresses; its interface and version of the protocol are used
     * @param host the machine's name, a single label
     * @param text strings of the form {@code key=value}
     */
    static JmdnsResponder open(InetAddress address, String host, List<String> text) throws IOException {
        // An address that knows its name: else the library asks for that, and waits while a name server is silent.
        return new JmdnsResponder(address, new JmDNSImpl(named(address, host), host), encode(text));
    }

    /**
     * Announces, once the machine's name is known to be its own. Not before: the library would compare its instance with
     * another's while both point at a machine of the same name, and see no conflict.
     *
     * @return whether it is announced
     * @throws IOException when the library refuses
     */
    boolean announce() throws IOException {
        if (service.isEmpty() && !library.isProbing() && !library.isClosing()) {
            ServiceInfo info =
                    ServiceInfo.create(TYPE, NodeText.instance(hostLabel()), NodeText.SERVICE_PORT, 0, 0, text);
            service = Optional.of(info);
            library.registerService(info);
        }
        return service.isPresent();
    }

    /** Whether the network refused what was to be sent, after which the library is of no use any more. */
    boolean isBroken() {
        return library.isCanceling() || library.isCanceled();
    }

    InetAddress address() {
        return address;
    }

    /** The name of the instance: another than expected once somebody else turned out to have that. */
    String instance() {
        return service.map(ServiceInfo::getName).orElseGet(() -> NodeText.instance(hostLabel()));
    }

    private String hostLabel() {
        return library.getHostName().split("\\.", 2)[0];
    }

    /** Says goodbye, and returns when that is said; soon, too, when the network is gone and takes no goodbye. */
    @Override
    public void close() {
        Thread closing = new Thread(library::close, "sciabc zeroconf goodbye");
        closing.setDaemon(true);
        closing.start();
        boolean interrupted = false;
        long end = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        while (closing.isAlive() && System.nanoTime() < end) {
            try {
                closing.join(NUDGE_EVERY);
            } catch (InterruptedException again) {
                interrupted = true;
            }
            // The library waits up to a second on its own monitor for a thread that has ended, and nobody tells it.
            synchronized (library) {
                library.notifyAll();
            }
        }
        abandon(closing);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Frees what the library keeps when it is closed while it tries to recover from a network that refused it: it then believes
     * to be closed already, and would announce again later.
     */
    private void abandon(Thread closing) {
        MulticastSocket socket = library.getSocket();
        if (socket != null) {
            library.closeState();
            cancelTimers();
            socket.close();
        }
        // When it was about to announce, the library would wait some seconds more for the end of that.
        closing.interrupt();
        try {
            closing.join(LAST_STEPS.toMillis());
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        // Timers that were made anew by its last steps.
        cancelTimers();
        DNSTaskStarter.Factory.getInstance().disposeStarter(library);
    }

    private void cancelTimers() {
        library.cancelTimer();
        library.cancelStateTimer();
    }

    private static InetAddress named(InetAddress address, String host) throws IOException {
        if (address instanceof Inet6Address scoped && scoped.getScopedInterface() != null) {
            return Inet6Address.getByAddress(host, address.getAddress(), scoped.getScopedInterface());
        }
        return address instanceof Inet6Address scoped
                ? Inet6Address.getByAddress(host, address.getAddress(), scoped.getScopeId())
                : InetAddress.getByAddress(host, address.getAddress());
    }

    private static byte[] encode(List<String> text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String string : text) {
            byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    /** The library reads this property once, when its class of constants loads, and offers no other way. */
    private static void setTimeToLive() {
        if (System.getProperty(TTL_PROPERTY) == null) {
            System.setProperty(TTL_PROPERTY, TTL);
            try {
                if (DNSConstants.DNS_TTL != Integer.parseInt(TTL)) {
                    throw new IllegalStateException("the library's constants were loaded before");
                }
            } finally {
                System.clearProperty(TTL_PROPERTY);
            }
        }
    }
}
