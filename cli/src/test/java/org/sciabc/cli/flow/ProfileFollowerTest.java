// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sciabc.cli.config.NetworkProfile;
import org.sciabc.spi.Notice;
import org.sciabc.spi.SciabcException;

final class ProfileFollowerTest {
    private static final NetworkProfile HOME = profile("home", "zeroconf");
    private static final NetworkProfile LAB = profile("lab", "jgroups");

    private final List<Notice> notices = new ArrayList<>();
    private ProfileFollower.Look look = () -> Optional.of(HOME);
    private boolean online = true;
    private final ProfileFollower follower =
            new ProfileFollower(Optional.of(HOME), () -> look.profile(), () -> online, notices::add);

    @Test
    void nothingHasMovedAsLongAsTheSameApplies() {
        assertThat(follower.hasMoved()).isFalse();
        assertThat(follower.hasMoved()).isFalse();
        assertThat(follower.isElsewhere()).isFalse();
    }

    @Test
    void anotherProfileCountsWhenItIsFoundTwice() {
        look = () -> Optional.of(LAB);
        assertThat(follower.isElsewhere()).isTrue();
        assertThat(follower.hasMoved()).isFalse();
        assertThat(follower.hasMoved()).isTrue();
    }

    @Test
    void whatAppliesForAMomentDoesNotCount() {
        look = Optional::empty;
        assertThat(follower.hasMoved()).isFalse();
        look = () -> Optional.of(LAB);
        assertThat(follower.hasMoved()).isFalse();
        look = () -> Optional.of(HOME);
        assertThat(follower.hasMoved()).isFalse();
        assertThat(follower.hasMoved()).isFalse();
    }

    @Test
    void aCableThatWasPulledIsNoOtherNetwork() {
        online = false;
        look = Optional::empty;
        assertThat(follower.hasMoved()).isFalse();
        assertThat(follower.hasMoved()).isFalse();
        assertThat(follower.isElsewhere()).isFalse();
    }

    @Test
    void theSameProfileOnAnotherLineOfTheFileIsTheSame() {
        look = () -> Optional.of(new NetworkProfile(
                "home", "line 9", HOME.when(), HOME.cluster(), HOME.discovery(), HOME.interfaces(), HOME.settings()));
        assertThat(follower.hasMoved()).isFalse();
        assertThat(follower.hasMoved()).isFalse();
    }

    @Test
    void whyItCannotBeToldIsSaidOnceAndChangesNothing() {
        look = () -> {
            throw new SciabcException("cannot tell which network profile applies", "two fit", "");
        };
        assertThat(follower.hasMoved()).isFalse();
        assertThat(follower.hasMoved()).isFalse();
        assertThat(notices)
                .containsExactly(Notice.warning(
                        "cannot tell which network profile applies: two fit; what applied before goes on"));
    }

    private static NetworkProfile profile(String name, String backend) {
        return new NetworkProfile(
                name,
                "line 3",
                new NetworkProfile.Conditions(List.of(), List.of(), List.of()),
                Optional.empty(),
                List.of(backend),
                List.of(),
                Map.of());
    }
}
