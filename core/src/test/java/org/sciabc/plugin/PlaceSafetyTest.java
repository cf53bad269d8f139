// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.plugin.PluginProblem.Kind;

class PlaceSafetyTest {
    private static final int STRANGER = 54_321;

    @TempDir
    Path place;

    private int me;

    @BeforeEach
    void lookWhoRunsThis() throws IOException {
        me = (Integer) Files.getAttribute(place, "unix:uid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx------", "rwxr-xr-x", "r-xr-xr-x"})
    void trustsWhatOnlyItsOwnerMayChange(String permissions) throws IOException {
        allow(permissions);

        assertThat(PlaceSafety.ofThisProcess().judge(place)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxrwx", "rwxr-xrwx", "rwx----w-"})
    void refusesWhatEverybodyMayChange(String permissions) throws IOException {
        allow(permissions);

        assertThat(PlaceSafety.ofThisProcess().judge(place)).hasValueSatisfying(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.UNSAFE_PLACE);
            assertThat(problem.cause()).startsWith("can be changed by other users (mode ");
            assertThat(problem.fix()).startsWith("chmod go-w '" + place + "'");
        });
    }

    @Test
    void refusesWhatAGroupMayChangeUnlessTheGroupIsTheOwnersOwn() throws IOException {
        allow("rwxrwxr-x");
        boolean own = Files.getAttribute(place, "unix:gid").equals(me);

        assertThat(PlaceSafety.ofThisProcess().judge(place).isEmpty()).isEqualTo(own);
    }

    @Test
    void refusesWhatBelongsToAStranger() throws IOException {
        PlaceSafety trustsNobody = PlaceSafety.trusting(Set.of());
        if (me == 0) {
            Files.setAttribute(place, "unix:uid", STRANGER);
        }

        assertThat(trustsNobody.judge(place)).hasValueSatisfying(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.UNSAFE_PLACE);
            assertThat(problem.cause()).endsWith("who is neither you nor root nor the owner of sciabc");
        });
    }

    @Test
    void looksAtTheTargetOfALink() throws IOException {
        Path open = Files.createDirectory(place.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path link = Files.createSymbolicLink(place.resolve("link"), open);

        assertThat(PlaceSafety.ofThisProcess().judge(link))
                .map(PluginProblem::kind)
                .contains(Kind.UNSAFE_PLACE);
    }

    @Test
    void passesOverAFolderThatIsNotSafe() throws IOException {
        allow("rwxrwxrwx");
        Files.writeString(place.resolve("a.jar"), "never opened");

        PluginScan scan = PluginScan.of(List.of(place), PlaceSafety.ofThisProcess());

        assertThat(scan.jars()).isEmpty();
        assertThat(scan.problems()).extracting(PluginProblem::kind).containsExactly(Kind.UNSAFE_PLACE);
        assertThat(scan.problems().get(0).placeName()).isEqualTo(place.toString());
    }

    @Test
    void passesOverAJarThatIsNotSafe() throws IOException {
        Path jar = Files.writeString(place.resolve("a.jar"), "never opened");
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-rw-"));

        Optional<PluginProblem> problem = PluginScan.of(List.of(place), PlaceSafety.ofThisProcess()).problems().stream()
                .findFirst();

        assertThat(problem).map(PluginProblem::place).contains(jar);
        assertThat(problem).map(PluginProblem::kind).contains(Kind.UNSAFE_PLACE);
    }

    private void allow(String permissions) throws IOException {
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(permissions));
    }
}
