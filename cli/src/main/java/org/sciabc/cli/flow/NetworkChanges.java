// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.sciabc.spi.LocalInterface;

/**
 * Tells interfaces that are new from those that are known. An interface that went down and came back as it was is known; one
 * that lost an address, or that is another device by the same name, is new. An interface that comes up gets its addresses one
 * after the other, so that a change counts when two looks in a row have seen the same.
 */
final class NetworkChanges {
    private final ToIntFunction<String> identity;
    private final Map<String, Known> known = new HashMap<>();
    private List<LocalInterface> last = List.of();
    private List<LocalInterface> settled = List.of();

    /** What is known of an interface. */
    private record Known(int identity, Set<InetAddress> addresses) {}

    /**
     * What a look has shown.
     *
     * @param any whether anything has changed
     * @param fresh the interfaces that are new
     */
    record Change(boolean any, List<LocalInterface> fresh) {}

    /**
     * Changes that have not begun.
     *
     * @param identity the system's number of the device that has this name now
     */
    NetworkChanges(ToIntFunction<String> identity) {
        this.identity = identity;
    }

    /** Takes these as known. */
    void begin(List<LocalInterface> interfaces) {
        interfaces.forEach(this::learn);
        last = List.copyOf(interfaces);
        settled = last;
    }

    /** Takes that this one is to be told as new again. */
    void retry(LocalInterface failed) {
        known.remove(failed.name());
        settled = List.of();
    }

    Change look(List<LocalInterface> now) {
        boolean changed = now.equals(last) && !now.equals(settled);
        last = List.copyOf(now);
        if (!changed) {
            return new Change(false, List.of());
        }
        settled = last;
        List<LocalInterface> fresh = now.stream().filter(this::isNew).toList();
        fresh.forEach(this::learn);
        return new Change(true, fresh);
    }

    private boolean isNew(LocalInterface each) {
        Known before = known.get(each.name());
        return before == null
                || before.identity() != identity.applyAsInt(each.name())
                || !addresses(each).containsAll(before.addresses());
    }

    private void learn(LocalInterface each) {
        known.put(each.name(), new Known(identity.applyAsInt(each.name()), addresses(each)));
    }

    private static Set<InetAddress> addresses(LocalInterface each) {
        return each.addresses().stream().map(LocalInterface.Address::address).collect(Collectors.toSet());
    }
}
