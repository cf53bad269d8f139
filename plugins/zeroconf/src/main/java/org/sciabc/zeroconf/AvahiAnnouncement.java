// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.types.UInt16;
import org.freedesktop.dbus.types.UInt32;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;

/**
 * Has Avahi announce this machine, under Avahi's name for it. Avahi itself follows interfaces that come and go; when it is
 * restarted, it is told again.
 */
final class AvahiAnnouncement implements Announcement {
    private static final long RETRY_AFTER = 1_000;

    /** As avahi-common/defs.h counts the states of a group of entries. */
    private static final int COLLISION = 3;

    private static final int FAILURE = 4;

    private final AnnounceRequest request;
    private final AvahiFeed.Connector connector;
    private final List<String> text;
    private final Thread following;
    private AvahiBus bus;
    private String group = "";
    private String instance = "";
    private boolean closed;

    private AvahiAnnouncement(AnnounceRequest request, AvahiFeed.Connector connector, AvahiBus bus) {
        this.request = request;
        this.connector = connector;
        this.text = NodeText.write(request.self());
        this.bus = bus;
        this.following = new Thread(this::follow, "sciabc zeroconf avahi");
        following.setDaemon(true);
    }

    /**
     * Begins.
     *
     * @throws IOException when Avahi cannot be asked, or refuses
     */
    static AvahiAnnouncement begin(AnnounceRequest request, AvahiFeed.Connector connector) throws IOException {
        AvahiBus bus = connector.connect();
        AvahiAnnouncement announcement = new AvahiAnnouncement(request, connector, bus);
        try {
            announcement.publish();
        } catch (IOException failure) {
            bus.close();
            throw failure;
        }
        announcement.following.start();
        return announcement;
    }

    @Override
    public synchronized List<String> told() {
        List<String> told = new ArrayList<>();
        told.add(instance + ", port " + NodeText.SERVICE_PORT);
        told.addAll(text);
        request.interfaces().forEach(localInterface -> told.add("on " + localInterface.name() + ", through Avahi"));
        return List.copyOf(told);
    }

    @Override
    public void close() {
        AvahiBus last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = bus;
            try {
                last.call(group, AvahiBus.ENTRY_GROUP, "Free");
            } catch (IOException gone) {
                // Then Avahi has withdrawn it already: it does so for whoever is no longer on the bus.
                request.notices().accept(Notice.info("avahi-daemon was gone before this machine said goodbye"));
            }
        }
        following.interrupt();
        last.close();
    }

    private synchronized void publish() throws IOException {
        String host =
                bus.call(AvahiBus.ROOT, AvahiBus.SERVER, "GetHostName").get(0).toString();
        instance = NodeText.instance(host);
        group = bus.call(AvahiBus.ROOT, AvahiBus.SERVER, "EntryGroupNew").get(0).toString();
        addAndCommit();
    }

    private synchronized void addAndCommit() throws IOException {
        List<LocalInterface> usable =
                request.interfaces().stream().filter(LocalInterface::multicast).toList();
        for (LocalInterface localInterface : usable) {
            add(localInterface);
        }
        if (usable.isEmpty()) {
            throw new IOException("there is no network interface to use");
        }
        bus.call(group, AvahiBus.ENTRY_GROUP, "Commit");
    }

    private void add(LocalInterface localInterface) throws IOException {
        NetworkInterface system = NetworkInterface.getByName(localInterface.name());
        if (system == null) {
            throw new IOException("the interface " + localInterface.name() + " is gone");
        }
        byte[][] strings = text.stream()
                .map(string -> string.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        while (true) {
            try {
                bus.call(
                        group,
                        AvahiBus.ENTRY_GROUP,
                        "AddService",
                        "iiussssqaay",
                        system.getIndex(),
                        AvahiBus.UNSPECIFIED,
                        new UInt32(0),
                        instance,
                        "_sciabc._tcp",
                        "",
                        "",
                        new UInt16(NodeText.SERVICE_PORT),
                        strings);
                return;
            } catch (AvahiRefusedException refused) {
                if (!refused.isCollision()) {
                    throw refused;
                }
                rename();
            }
        }
    }

    /** Takes another name, since somebody has this one; what was added under it is to be added again. */
    private void rename() throws IOException {
        String before = instance;
        instance = bus.call(AvahiBus.ROOT, AvahiBus.SERVER, "GetAlternativeServiceName", "s", before)
                .get(0)
                .toString();
        request.notices()
                .accept(Notice.warning("somebody announces '" + before + "' already: this machine is announced as '"
                        + instance + "'"));
    }

    private void follow() {
        try {
            while (!isClosed()) {
                try {
                    takeSignal();
                } catch (IOException failure) {
                    reconnect(failure);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeSignal() throws IOException, InterruptedException {
        AvahiBus current = current();
        AvahiBus.Signal signal = current.signals().poll(1, TimeUnit.SECONDS);
        if (signal == null) {
            if (!current.isConnected()) {
                throw new IOException("the bus is gone");
            }
        } else if (signal.member().equals(AvahiBus.Signal.OTHER_DAEMON)) {
            throw new IOException("it was ended or restarted");
        } else if (signal.member().equals("StateChanged")) {
            takeState(signal);
        }
    }

    private synchronized void takeState(AvahiBus.Signal signal) throws IOException {
        if (closed || !signal.path().equals(group)) {
            return;
        }
        int state = ((Number) signal.values().get(0)).intValue();
        if (state == COLLISION) {
            rename();
            bus.call(group, AvahiBus.ENTRY_GROUP, "Reset");
            addAndCommit();
        } else if (state == FAILURE) {
            throw new IOException("it gave up: " + signal.values().get(1));
        }
    }

    private void reconnect(IOException failure) throws InterruptedException {
        if (isClosed()) {
            return;
        }
        request.notices()
                .accept(Notice.warning("avahi-daemon no longer announces this machine (" + failure.getMessage()
                        + "): trying again until it does"));
        current().close();
        while (!isClosed()) {
            Thread.sleep(RETRY_AFTER);
            try {
                take(connector.connect());
                publish();
                request.notices().accept(Notice.info("avahi-daemon announces this machine again"));
                return;
            } catch (IOException stillGone) {
                current().close();
            }
        }
    }

    private synchronized void take(AvahiBus other) {
        if (closed) {
            other.close();
        }
        bus = other;
    }

    private synchronized AvahiBus current() {
        return bus;
    }

    private synchronized boolean isClosed() {
        return closed;
    }
}
