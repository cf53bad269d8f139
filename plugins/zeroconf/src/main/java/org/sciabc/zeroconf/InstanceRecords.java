// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The records of one instance, as far as they came, and what is still to be asked for. */
final class InstanceRecords {
    /** How long an instance waits for its text record before it is taken to have none, in milliseconds. */
    static final long TEXT_PATIENCE = 1_000;

    /** An announcement is repeated within a second; what comes after this time, in milliseconds, is another one. */
    private static final long SAME_ANNOUNCEMENT = 2_000;

    /** When to ask for what is missing, in milliseconds from the first that was heard; then no more. */
    private static final long[] ASK_AFTER = {5, 150, 500, 1_500, 4_000, 10_000};

    private final DnsName name;
    private final long begin;
    private Lifetime pointer;
    private DnsRecord.@Nullable Server server;
    private @Nullable Lifetime serverLife;
    private @Nullable ServiceText text;
    private @Nullable Lifetime textLife;
    private @Nullable ServiceInstance reported;
    private @Nullable InetAddress sender;
    private long heardAt;
    private int asked;

    InstanceRecords(DnsName name, Lifetime pointer, long now) {
        this.name = name;
        this.pointer = pointer;
        this.begin = now;
        this.heardAt = now;
    }

    DnsName name() {
        return name;
    }

    Lifetime pointer() {
        return pointer;
    }

    /**
     * Takes that the instance is still there.
     *
     * @return whether that is worth telling: it was reported, and was not heard for a while
     */
    boolean renew(Lifetime lifetime) {
        boolean afterSilence = lifetime.begin() >= heardAt + SAME_ANNOUNCEMENT;
        pointer = lifetime;
        heardAt = lifetime.begin();
        return afterSilence && reported != null;
    }

    /**
     * Takes where the instance lives.
     *
     * @return who said something else before, when it was another machine
     */
    Optional<InetAddress> server(DnsRecord.Server record, Lifetime lifetime, InetAddress newSender) {
        boolean differs =
                server != null && !(server.target().equals(record.target()) && server.port() == record.port());
        server = record;
        serverLife = lifetime;
        return supplanted(differs, newSender);
    }

    /**
     * Takes what the instance says of itself.
     *
     * @return who said something else before, when it was another machine
     */
    Optional<InetAddress> text(ServiceText value, Lifetime lifetime, InetAddress newSender) {
        boolean differs = text != null && !text.equals(value);
        text = value;
        textLife = lifetime;
        return supplanted(differs, newSender);
    }

    private Optional<InetAddress> supplanted(boolean differs, InetAddress newSender) {
        Optional<InetAddress> former = Optional.ofNullable(sender);
        if (former.isEmpty() || differs) {
            sender = newSender;
        }
        return former.filter(known -> differs && !known.equals(newSender));
    }

    Optional<DnsName> host() {
        return Optional.ofNullable(server).map(DnsRecord.Server::target);
    }

    boolean isReported() {
        return reported != null;
    }

    /** Whether it is over: nobody renewed what says that it exists, or where. */
    boolean isOver(long now) {
        return pointer.isOver(now) || (serverLife != null && serverLife.isOver(now));
    }

    /** The instance, when it is complete and differs from what was reported last; it then counts as reported. */
    Optional<ServiceInstance> news(long now, List<InetAddress> addresses) {
        if (server == null || addresses.isEmpty() || (text == null && now < begin + TEXT_PATIENCE)) {
            return Optional.empty();
        }
        ServiceInstance instance = new ServiceInstance(
                name, server.target(), server.port(), text == null ? ServiceText.NONE : text, addresses);
        if (instance.equals(reported)) {
            return Optional.empty();
        }
        reported = instance;
        return Optional.of(instance);
    }

    /** The questions that are due; each counts as asked. */
    Set<Question> questions(long now, DnsName serviceType, boolean resolved) {
        List<Question> questions = new ArrayList<>();
        if (isIncomplete(resolved) && asked < ASK_AFTER.length && now >= begin + ASK_AFTER[asked]) {
            asked++;
            if (server == null) {
                questions.add(new Question(name, DnsRecord.TYPE_SRV));
            } else if (!resolved) {
                questions.add(new Question(server.target(), DnsRecord.TYPE_A));
                questions.add(new Question(server.target(), DnsRecord.TYPE_AAAA));
            }
            if (text == null) {
                questions.add(new Question(name, DnsRecord.TYPE_TXT));
            }
        }
        if (pointer.isQuestionDue(now)) {
            pointer = pointer.askedAgain();
            questions.add(Question.instancesOf(serviceType));
        }
        if (serverLife != null && serverLife.isQuestionDue(now)) {
            serverLife = serverLife.askedAgain();
            questions.add(new Question(name, DnsRecord.TYPE_SRV));
        }
        if (textLife != null && textLife.isQuestionDue(now)) {
            textLife = textLife.askedAgain();
            questions.add(new Question(name, DnsRecord.TYPE_TXT));
        }
        return Set.copyOf(questions);
    }

    long due(boolean resolved) {
        long due = pointer.due();
        if (serverLife != null) {
            due = Math.min(due, serverLife.due());
        }
        if (textLife != null && !textLife.isOver(textLife.due())) {
            due = Math.min(due, textLife.due());
        }
        if (isIncomplete(resolved) && asked < ASK_AFTER.length) {
            due = Math.min(due, begin + ASK_AFTER[asked]);
        }
        // Nothing else waits for a text: without a server or an address there is nothing to tell when that time is
        // over.
        if (text == null && reported == null && server != null && resolved) {
            due = Math.min(due, begin + TEXT_PATIENCE);
        }
        return due;
    }

    private boolean isIncomplete(boolean resolved) {
        return server == null || text == null || !resolved;
    }
}
