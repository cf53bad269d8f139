// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.Notice;

/**
 * One link that is being watched: its sockets, what is known of it, and what to ask when. It outlives its sockets: an interface
 * that went down and came back is the same link. Not for several threads.
 */
final class WatchedLink {
    /** When to ask who is there, in milliseconds from the beginning; then every minute. */
    private static final long[] ASK_AT = {0, 250, 1_000, 3_000, 9_000, 27_000};

    private static final long ASK_EVERY = 60_000;

    /** Without port 5353 nobody is heard but by asking; what is answered then holds for ten seconds. */
    private static final long ASK_EVERY_WHEN_DEAF = 3_000;

    /** Until when somebody must have been heard, in milliseconds. */
    private static final long PATIENCE = 2_000;

    /** The time to live of records with a host's name, in seconds (RFC 6762, section 10): what a direct answer hides. */
    private static final long USUAL_TTL = 120;

    private final String way;
    private final boolean asksEverybody;
    private final Sightings sightings;
    private final ServiceTable table = new ServiceTable(NodeText.SERVICE_TYPE);
    private Link link;
    private long begin;
    private int asked;
    private long askAt;
    private boolean open = true;
    private boolean heardOwn;
    private boolean heardOthers;
    private Optional<String> refusal = Optional.empty();
    private String finding = "";

    /**
     * A link with open sockets.
     *
     * @param way the name of this way of hearing, for {@link Sightings}
     * @param asksEverybody whether to ask from port 5353; if not, somebody else on this machine does
     */
    WatchedLink(Link link, String way, boolean asksEverybody, Sightings sightings, long now) {
        this.link = link;
        this.way = way;
        this.asksEverybody = asksEverybody;
        this.sightings = sightings;
        this.begin = now;
        this.askAt = now;
    }

    String place() {
        return link.place();
    }

    boolean isOpen() {
        return open;
    }

    /** Whether announcements and goodbyes are heard here. */
    boolean hears() {
        return open && link.deafBecause().isEmpty();
    }

    /** Whether this link's address is still one of the interface's. */
    boolean isAt(LocalInterface current) {
        return current.addresses().stream().anyMatch(address -> link.isOwn(address.address()));
    }

    /** Goes on with new sockets, asking anew; what was known is kept until it had the time to answer. */
    void reopen(Link newLink, long now) {
        link = newLink;
        begin = now;
        askAt = now;
        asked = 0;
        open = true;
        heardOwn = false;
        heardOthers = false;
        refusal = Optional.empty();
        finding = "";
    }

    void close() throws IOException {
        open = false;
        link.close();
    }

    /** Takes a message that arrived; says what was observed before it tells what follows, after which nobody may listen. */
    void take(
            ByteBuffer bytes,
            InetAddress sender,
            DatagramChannel channel,
            long now,
            BiConsumer<String, String> listening) {
        boolean own = link.isOwn(sender);
        heardOwn |= own;
        heardOthers |= !own;
        try {
            DnsMessage message = DnsMessage.read(bytes);
            long leastTtl = link.isDirect(channel) && link.deafBecause().isEmpty() ? USUAL_TTL : 0;
            List<ServiceTable.Change> changes = table.take(message.records(), sender, now, leastTtl);
            describe(now, listening);
            tell(changes);
        } catch (MalformedMessageException malformed) {
            sightings.once(Notice.warning("ignored a malformed message of multicast DNS from " + sender.getHostAddress()
                    + " on " + link.localInterface().name()));
        }
    }

    /** Takes that an instance said goodbye elsewhere on the same interface. */
    void doubt(DnsName name, long now) {
        table.doubt(name, now);
    }

    /** Does what is due; a question that could not be sent counts as asked, and is repeated when the next one is due. */
    void work(long now) throws IOException {
        if (now >= begin + PATIENCE) {
            tell(table.age(now));
        }
        if (now >= askAt) {
            askWhoIsThere(now);
        }
        List<Question> questions = table.questions(now);
        if (!questions.isEmpty()) {
            ask(QueryWriter.write(questions, List.of()));
        }
    }

    private void ask(List<ByteBuffer> messages) throws IOException {
        if (asksEverybody && hears()) {
            link.ask(messages);
        } else {
            link.askDirectly(messages);
        }
        refusal = Optional.empty();
    }

    /** Takes that nothing can be sent here, which holds until something can. */
    void refused(String why) {
        refusal = Optional.of(why);
    }

    /** When there is something to do next. */
    long due(long now) {
        long due = Math.min(askAt, table.due());
        return now < begin + PATIENCE ? Math.min(due, begin + PATIENCE) : due;
    }

    /** Says what was observed so far, when that is news. */
    void describe(long now, BiConsumer<String, String> listening) {
        String news = observed(now);
        if (!news.equals(finding)) {
            finding = news;
            listening.accept(link.place(), news);
        }
    }

    private String observed(long now) {
        int answers = table.size();
        String count = count(answers);
        if (refusal.isPresent()) {
            return count + ", cannot send: " + refusal.get();
        }
        if (link.deafBecause().isPresent()) {
            return count + ", port " + Link.PORT + " is taken: asking, but not listening";
        }
        if (answers > 0 || heardOthers || now < begin + PATIENCE) {
            return count;
        }
        if (heardOwn || !asksEverybody) {
            return count + ", no other machine was heard";
        }
        sightings.once(
                Notice.warning("multicast is sent on " + link.localInterface().name()
                        + " but not heard back: a firewall may block UDP port " + Link.PORT
                        + "; --discovery sweep and --discovery static need no multicast"));
        return count + ", own multicast was not heard back";
    }

    /** A number of answers, for people. */
    static String count(int answers) {
        return answers == 1 ? "1 answer" : answers + " answers";
    }

    private void askWhoIsThere(long now) throws IOException {
        List<Question> question = List.of(Question.instancesOf(NodeText.SERVICE_TYPE));
        int before = asked;
        asked++;
        askAt = asked < ASK_AT.length ? begin + ASK_AT[asked] : now + ASK_EVERY;
        if (!hears()) {
            askAt = Math.min(askAt, now + ASK_EVERY_WHEN_DEAF);
        }
        // First directly, since that is quick, then of all together with what is known, so that they need not repeat
        // it.
        if (before < 2) {
            link.askDirectly(QueryWriter.write(question, List.of()));
            refusal = Optional.empty();
        }
        if (before != 1) {
            ask(QueryWriter.write(question, table.known(now)));
        }
    }

    private void tell(List<ServiceTable.Change> changes) {
        for (ServiceTable.Change change : changes) {
            if (change instanceof ServiceTable.Change.Found found) {
                sightings.found(link.localInterface(), way, found.instance());
            } else if (change instanceof ServiceTable.Change.Renewed renewed) {
                sightings.renewed(link.localInterface(), renewed.name());
            } else if (change instanceof ServiceTable.Change.Gone gone) {
                sightings.gone(link.localInterface(), way, gone.name(), gone.reason());
            } else if (change instanceof ServiceTable.Change.Contested contested) {
                sightings.contested(link.localInterface(), contested.name(), contested.first(), contested.second());
            }
        }
        if (table.isOverfull()) {
            sightings.once(Notice.warning("more than " + ServiceTable.INSTANCE_LIMIT + " announcements on "
                    + link.localInterface().name() + ": the rest is ignored"));
        }
    }
}
