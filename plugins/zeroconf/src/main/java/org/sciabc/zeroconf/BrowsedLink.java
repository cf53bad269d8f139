// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sciabc.spi.Notice;

/** One link on which services of every kind are looked for: first what kinds there are, then the instances of each. */
final class BrowsedLink {
    /** Under this name each responder lists the types of its services (RFC 6763, section 9). */
    private static final DnsName ALL_TYPES = DnsName.of("_services", "_dns-sd", "_udp", "local");

    /** When to ask, in milliseconds from when something became known; then every ten seconds. */
    private static final long[] ASK_AT = {0, 250, 1_000, 2_000};

    private static final long ASK_EVERY = 10_000;
    private static final long PATIENCE = 2_000;
    private static final int TYPE_LIMIT = 250;

    /** The time to live of records with a host's name, in seconds (RFC 6762, section 10): what a direct answer hides. */
    private static final long USUAL_TTL = 120;

    private final Link link;
    private final boolean asksEverybody;
    private final FoundServices found;
    private final long begin;
    private final Asking allTypes;
    private final Map<DnsName, Type> types = new LinkedHashMap<>();
    private boolean heardOwn;
    private boolean heardOthers;

    /** A question that is repeated. */
    private static final class Asking {
        final DnsName name;
        final long since;
        int asked;
        long at;

        Asking(DnsName name, long now) {
            this.name = name;
            this.since = now;
            this.at = now;
        }

        void askedAt(long now) {
            asked++;
            at = asked < ASK_AT.length ? since + ASK_AT[asked] : now + ASK_EVERY;
        }
    }

    private record Type(Asking asking, ServiceTable table) {}

    /**
     * A link with open sockets.
     *
     * @param asksEverybody whether to ask from port 5353; if not, somebody else on this machine does
     */
    BrowsedLink(Link link, boolean asksEverybody, FoundServices found, long now) {
        this.link = link;
        this.asksEverybody = asksEverybody;
        this.found = found;
        this.begin = now;
        this.allTypes = new Asking(ALL_TYPES, now);
    }

    String place() {
        return link.place();
    }

    void close() throws IOException {
        link.close();
    }

    /** Takes a message that arrived. */
    void take(ByteBuffer bytes, InetAddress sender, DatagramChannel channel, long now) {
        boolean own = link.isOwn(sender);
        heardOwn |= own;
        heardOthers |= !own;
        try {
            List<DnsRecord> records = DnsMessage.read(bytes).records();
            records.forEach(record -> takeType(record, now));
            long leastTtl = link.isDirect(channel) && link.deafBecause().isEmpty() ? USUAL_TTL : 0;
            for (Type type : types.values()) {
                tell(type.table().take(records, sender, now, leastTtl));
            }
        } catch (MalformedMessageException malformed) {
            found.once(Notice.warning("ignored a malformed message of multicast DNS from " + sender.getHostAddress()
                    + " on " + link.localInterface().name()));
        }
    }

    /** Asks what is due. */
    void work(long now) throws IOException {
        List<Question> questions = new ArrayList<>();
        askIfDue(allTypes, now, questions);
        for (Type type : types.values()) {
            askIfDue(type.asking(), now, questions);
            // An instance without a text record is taken to have none after a while.
            tell(type.table().age(now));
            questions.addAll(type.table().questions(now));
        }
        if (!questions.isEmpty()) {
            List<ByteBuffer> messages = QueryWriter.write(questions, List.of());
            link.askDirectly(messages);
            if (asksEverybody && link.deafBecause().isEmpty()) {
                link.ask(messages);
            }
        }
    }

    /** When there is something to do next. */
    long due(long now) {
        long due = Math.min(allTypes.at, now < begin + PATIENCE ? begin + PATIENCE : Long.MAX_VALUE);
        for (Type type : types.values()) {
            due = Math.min(due, Math.min(type.asking().at, type.table().due()));
        }
        return due;
    }

    /** What was observed so far, for people. */
    String observed(long now) {
        int instances =
                types.values().stream().mapToInt(type -> type.table().size()).sum();
        String count = WatchedLink.count(instances) + " of " + types.size() + (types.size() == 1 ? " type" : " types");
        if (link.deafBecause().isPresent()) {
            return count + ", port " + Link.PORT + " is taken: asking, but not listening";
        }
        if (instances > 0 || heardOthers || now < begin + PATIENCE) {
            return count;
        }
        return heardOwn || !asksEverybody
                ? count + ", no other machine was heard"
                : count + ", own multicast was not heard back";
    }

    /** Tells of instances whose machine never said where they live. */
    void tellUnresolved() {
        for (Type type : types.values()) {
            type.table().unresolved().forEach(name -> found.unresolved(link.localInterface(), name));
        }
    }

    /** A type is listed under the name of all types; an instance that is announced tells of its type, too. */
    private void takeType(DnsRecord record, long now) {
        if (!(record instanceof DnsRecord.Pointer pointer) || pointer.ttl() == 0) {
            return;
        }
        DnsName type = pointer.name().equals(ALL_TYPES) ? pointer.target() : pointer.name();
        if (isType(type) && !types.containsKey(type) && types.size() < TYPE_LIMIT) {
            types.put(type, new Type(new Asking(type, now), new ServiceTable(type)));
            found.type(link.localInterface(), type);
        }
    }

    /** Whether this is of the form {@code _service._tcp.local}. */
    private static boolean isType(DnsName name) {
        List<String> labels = name.labels();
        return labels.size() == 3
                && labels.get(0).startsWith("_")
                && labels.get(1).startsWith("_")
                && labels.get(2).equalsIgnoreCase("local");
    }

    private static void askIfDue(Asking asking, long now, List<Question> questions) {
        if (now >= asking.at) {
            asking.askedAt(now);
            questions.add(Question.instancesOf(asking.name));
        }
    }

    private void tell(List<ServiceTable.Change> changes) {
        for (ServiceTable.Change change : changes) {
            if (change instanceof ServiceTable.Change.Found instance) {
                found.instance(link.localInterface(), instance.instance());
            }
        }
    }
}
