// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The instances that are said to have left and were not yet given the time to contradict. */
final class Doubts {
    /** When to ask, in milliseconds from the goodbye; a second time because a question may get lost. */
    private static final long[] ASK_AFTER = {0, 300};

    /** How long the answer to the last question is waited for. */
    private static final long FORGET_AFTER = 1_500;

    private static final int LIMIT = ServiceTable.INSTANCE_LIMIT;

    private final Map<DnsName, Doubt> doubts = new HashMap<>();

    private record Doubt(long begin, int asked) {
        long due() {
            return begin + (asked < ASK_AFTER.length ? ASK_AFTER[asked] : FORGET_AFTER);
        }
    }

    void begin(DnsName name, long now) {
        if (doubts.size() < LIMIT) {
            doubts.putIfAbsent(name, new Doubt(now, 0));
        }
    }

    /** Whether there was a doubt of it, which is over now. */
    boolean end(DnsName name) {
        return doubts.remove(name) != null;
    }

    /** What is to be asked by now; who did not answer in time is forgotten. */
    List<Question> questions(long now) {
        List<Question> questions = new ArrayList<>();
        doubts.values().removeIf(doubt -> doubt.asked() == ASK_AFTER.length && now >= doubt.due());
        doubts.replaceAll((name, doubt) -> {
            if (now < doubt.due()) {
                return doubt;
            }
            questions.add(new Question(name, DnsRecord.TYPE_SRV));
            questions.add(new Question(name, DnsRecord.TYPE_TXT));
            return new Doubt(doubt.begin(), doubt.asked() + 1);
        });
        return questions;
    }

    long due() {
        return doubts.values().stream().mapToLong(Doubt::due).min().orElse(Long.MAX_VALUE);
    }
}
