// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import javax.jmdns.impl.constants.DNSConstants;

/** One instance of the library, announcing this machine from one of its addresses. */
final class JmdnsResponder implements AutoCloseable {
    private static final String TYPE = "_sciabc._tcp.local.";
    private static final String TTL_PROPERTY = "net.dns.ttl";

    /** In seconds, as RFC 6762, section 10 recommends: for so long others believe in a machine that vanished. */
    private static final String TTL = "120";

    private static final long NUDGE_EVERY = 10;

    static {
        setTimeToLive();
        PromptTasks.install();
    }

    private final InetAddress address;
    private final JmDNS library;
    private final ServiceInfo service;

    private JmdnsResponder(InetAddress address, JmDNS library, ServiceInfo service) {
        this.address = address;
        this.library = library;
        this.service = service;
    }

    /**
     * Begins to announce, and returns before others know.
     *
     * @param address one of this machine's addresses; its interface and version of the protocol are used
     * @param host the machine's name, a single label
     * @param text strings of the form {@code key=value}
     */
    static JmdnsResponder open(InetAddress address, String host, List<String> text) throws IOException {
        // An address that knows its name: else the library asks for it, and waits for as long as a name server is
        // silent.
        JmDNS library = JmDNS.create(named(address, host), host);
        ServiceInfo service =
                ServiceInfo.create(TYPE, NodeText.INSTANCE_PREFIX + host, NodeText.SERVICE_PORT, 0, 0, encode(text));
        JmdnsResponder responder = new JmdnsResponder(address, library, service);
        try {
            library.registerService(service);
        } catch (IOException | RuntimeException failure) {
            responder.close();
            throw failure;
        }
        return responder;
    }

    InetAddress address() {
        return address;
    }

    /** The name of the instance: another than at first once somebody else turned out to have that. */
    String instance() {
        return service.getName();
    }

    /** Says goodbye and returns when that is said and all threads have ended. */
    @Override
    public void close() {
        Thread closing = new Thread(
                () -> {
                    try {
                        library.close();
                    } catch (IOException ignored) {
                        // The goodbye could not be sent, or the socket is gone already: either way nothing is left
                        // open.
                    }
                },
                "sciabc zeroconf goodbye");
        closing.setDaemon(true);
        closing.start();
        boolean interrupted = false;
        while (closing.isAlive()) {
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
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
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
