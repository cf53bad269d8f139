// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.sciabc.cli.Session;
import org.sciabc.cli.config.NetworkProfile;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.roster.LocalInterfaces;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

/**
 * Notices that another network profile has come to apply while something runs. Without any network nothing is concluded: a
 * cable that was pulled is no other network. For one thread.
 */
public final class ProfileFollower {
    private final Optional<NetworkProfile> current;
    private final Look look;
    private final BooleanSupplier online;
    private final Consumer<Notice> notices;
    private List<Object> proposed;
    private String problem = "";

    /** Finds out which profile applies at this moment. */
    @FunctionalInterface
    interface Look {
        Optional<NetworkProfile> profile() throws SciabcException;
    }

    ProfileFollower(Optional<NetworkProfile> current, Look look, BooleanSupplier online, Consumer<Notice> notices) {
        this.current = current;
        this.look = look;
        this.online = online;
        this.notices = notices;
        this.proposed = effect(current);
    }

    /**
     * A follower that begins with the profile that the setup was opened with.
     *
     * @param notices hears why it cannot be told which profile applies, once
     */
    public static ProfileFollower of(Setup setup, NetworkOptions network, Consumer<Notice> notices) {
        Session session = setup.session();
        return new ProfileFollower(
                setup.profile(), () -> Setup.profile(session, network), ProfileFollower::isOnline, notices);
    }

    /** Whether another profile applies at this moment. */
    public boolean isElsewhere() {
        return !found().equals(effect(current));
    }

    /**
     * Whether another profile applies, and did at the last look, too: an address, a gateway and the name of a Wi-Fi come to
     * be known one after the other.
     */
    public boolean hasMoved() {
        List<Object> now = found();
        boolean settled = now.equals(proposed);
        proposed = now;
        return settled && !now.equals(effect(current));
    }

    private List<Object> found() {
        if (!online.getAsBoolean()) {
            return effect(current);
        }
        try {
            List<Object> effect = effect(look.profile());
            problem = "";
            return effect;
        } catch (SciabcException unclear) {
            String text = unclear.what() + ": " + unclear.why();
            if (!Objects.equals(text, problem)) {
                problem = text;
                notices.accept(Notice.warning(text + "; what applied before goes on"));
            }
            return effect(current);
        }
    }

    /** All that a profile does, without where it is written. */
    private static List<Object> effect(Optional<NetworkProfile> profile) {
        return profile.<List<Object>>map(
                        each -> List.of(each.name(), each.cluster(), each.discovery(), each.interfaces(), texts(each)))
                .orElse(List.of());
    }

    private static Map<String, Map<String, String>> texts(NetworkProfile profile) {
        return profile.settings().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> each.getValue().entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey,
                                        setting -> setting.getValue().text()))));
    }

    private static boolean isOnline() {
        try {
            return LocalInterfaces.enumerate().all().stream()
                    .anyMatch(each -> each.isReady() && !each.itself().loopback());
        } catch (SciabcException unclear) {
            return false;
        }
    }
}
