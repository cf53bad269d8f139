// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.cli.CommandRun.text;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Network profiles as somebody at the keyboard meets them; the loopback network is one that every machine is in. */
class NetworkCommandTest {
    @TempDir
    private Path home = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theProfileThatFitsIsShownWithTheReasonAndWhatThenHolds() throws IOException {
        configure("""
                [network.here]
                cidr = "127.0.0.0/8"
                cluster = "lab"
                discovery = ["jgroups"]
                [network.elsewhere]
                wifi = "Tea"
                """);

        assertThat(run("network")).isZero();
        assertThat(text(out))
                .contains("network profile: here (fits this network)", "cidr 127.0.0.0/8: yes, lo has 127.0.0.1")
                .contains("elsewhere: does not fit", "wifi Tea: no")
                .contains("cluster lab, discovery jgroups")
                .containsPattern("lo +up +");
    }

    @Test
    void theSameIsThereAsJson() throws IOException, JsonParserException {
        configure("[network.here]\ncidr = '127.0.0.0/8'\n[network.here.settings.jgroups]\nsecret = 'sesame'\n");

        assertThat(run("network", "--json")).isZero();

        JsonObject read = JsonParser.object().from(text(out));
        assertThat(read.getString("choice")).isEqualTo("fits");
        assertThat(read.getString("profile")).isEqualTo("here");
        assertThat(read.getArray("profiles").getObject(0).getArray("conditions").getObject(0))
                .containsEntry("condition", "cidr")
                .containsEntry("holds", true);
        assertThat(read.getObject("holds").getArray("settings")).containsExactly("jgroups.secret");
        assertThat(text(out)).doesNotContain("sesame");
        assertThat(read.getArray("interfaces"))
                .map(each -> ((JsonObject) each).getString("name"))
                .contains("lo");
    }

    @Test
    void withoutProfilesTheInterfacesAreShownAllTheSame() {
        assertThat(run("network")).isZero();
        assertThat(text(out)).contains("network profile: none", "discovery zeroconf", "127.0.0.1/8");
    }

    @Test
    void twoThatFitEquallyWellAreShownAndAreAnErrorForEveryVerbThatNeedsToKnow() throws IOException {
        configure("[network.one]\ncidr = '127.0.0.0/8'\n[network.two]\ncidr = '127.0.0.0/8'\n");

        assertThat(run("network")).isEqualTo(78);
        assertThat(text(out)).contains("one, two fit equally well", "127.0.0.1/8");
        assertThat(text(err)).contains("'one' (", "line 3, column 1", "--network one");
        assertThat(run("discover")).isEqualTo(78);
    }

    @Test
    void theProfileThatAppliesDecidesWhichBackendIsUsed() throws IOException {
        configure("discovery = 'zeroconf'\n[network.here]\ncidr = '127.0.0.0/8'\ndiscovery = 'carrier-pigeon'\n");

        assertThat(run("discover")).isEqualTo(65);
        assertThat(text(err)).contains("no discovery backend 'carrier-pigeon'");
        err.reset();
        assertThat(run("discover", "--network", "none")).isEqualTo(65);
        assertThat(text(err)).contains("no discovery backend 'zeroconf'");
    }

    @Test
    void aProfileThatIsNotThereIsAMistakeOfTheCommandLine() {
        assertThat(run("discover", "--network", "home")).isEqualTo(64);
        assertThat(text(err)).contains("there is no network profile 'home'", "[network.home]");
    }

    private void configure(String content) throws IOException {
        Files.writeString(home.resolve("config.toml"), content);
    }

    private int run(String... arguments) {
        return CommandRun.of(Map.of("SCIABC_HOME", home.toString()), out, err, arguments);
    }
}
