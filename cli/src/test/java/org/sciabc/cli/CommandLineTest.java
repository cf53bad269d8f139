// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.cli.CommandRun.text;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.SpiVersion;

class CommandLineTest {
    @TempDir
    private Path home = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    static Stream<String> verbs() {
        return VerbTable.shipped().entries().stream().map(VerbEntry::name);
    }

    @Test
    void withoutWordsTheVerbsAreListedAsAnError() {
        assertThat(run()).isEqualTo(64);
        assertThat(text(err)).contains("Usage:", "discover", "provision");
        assertThat(text(out)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbExplainsItselfWithAnExampleAndItsOptions(String verb) {
        assertThat(run("help", verb)).isZero();
        assertThat(text(out)).contains("Usage: sciabc " + verb, "Options:", "--stacktrace");
        assertThat(text(out).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(135));
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void theOptionHelpSaysTheSameAsTheVerbHelp(String verb) {
        run("help", verb);
        String said = text(out);
        out.reset();

        assertThat(run(verb, "--help")).isZero();
        assertThat(text(out)).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({
        "discovr, did you mean 'discover'",
        "lunch, did you mean 'launch'",
        "plugin, did you mean 'plugins'",
    })
    void aMistypedVerbIsAnsweredWithTheNearestOne(String typed, String answer) {
        assertThat(run(typed)).isEqualTo(64);
        assertThat(text(err))
                .startsWith("error: there is no verb '" + typed + "'")
                .contains("hint: " + answer);
    }

    @ParameterizedTest
    @CsvSource({
        "discover, --expct, --expect",
        "launch, --hostfiel=x, --hostfile",
        "up, --accept-new-host-key, --accept-new-host-keys",
    })
    void aMistypedOptionIsAnsweredWithTheNearestOneAndNotTakenForANode(String verb, String typed, String nearest) {
        assertThat(run(verb, typed)).isEqualTo(64);
        assertThat(text(err)).contains("has no option", "did you mean '" + nearest + "'?");
    }

    @ParameterizedTest
    @CsvSource({
        "--for, soon, --for cannot be 'soon'",
        "--expect, 0, --expect cannot be 0",
        "--expect, many, cannot read the options",
        "--set, simulator, it takes PLUGIN.KEY=VALUE",
        "--cluster, ../etc, a cluster cannot be called",
    })
    void aValueThatMakesNoSenseIsRefused(String option, String value, String message) {
        assertThat(run("discover", "--discovery", "simulator", option, value)).isIn(64, 65);
        assertThat(text(err)).contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "\"a\""})
    void aFileWhoseNameTheParserWouldChangeIsNoOtherFile(String name) {
        assertThat(run("copy", name, "there")).isEqualTo(64);
        assertThat(text(err)).contains("cannot take the word '" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "-v", "-"})
    void noMoreIsItBehindAWordThatTakesNoValue(String before) {
        assertThat(run("copy", before, " a", "there")).isEqualTo(64);
        assertThat(text(err)).contains("cannot take the word ' a'");
    }

    @Test
    void aValueMayBeginWithABlank() {
        run("copy", "--user", " pi", "a", "there");

        assertThat(text(err)).doesNotContain("cannot take the word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "many", "2.5", ""})
    void aNumberOfProcessesIsAtLeastOne(String typed) {
        assertThat(run("launch", "-n", typed, "--", "hostname")).isEqualTo(64);
        assertThat(text(err))
                .contains("error: -n cannot be '" + typed + "': it takes a number of processes, from 1 to 65536");
    }

    @ParameterizedTest
    @CsvSource({
        "--scale, error: --scale alone does nothing",
        "--fetch=, error: --fetch names no file",
        "--with=, error: --with names no file",
        "--no-stage --stage, error: --no-stage does not go with --stage",
    })
    void anOptionThatDoesNothingIsRefused(String options, String message) {
        List<String> words = new ArrayList<>(List.of("launch"));
        words.addAll(List.of(options.split(" ", -1)));
        words.addAll(List.of("--", "hostname"));

        assertThat(run(words.toArray(new String[0]))).isEqualTo(64);
        assertThat(text(err)).contains(message);
    }

    @ParameterizedTest
    @CsvSource({
        "launch, --with=dta, error: cannot copy dta: there is no such file",
        "up, --with=dta, error: cannot copy dta: there is no such file",
        "launch, --fetch={rank}[, error: cannot fetch {rank}[: it is not a pattern of file names",
        "launch, --stage, error: there is no program 'hostname' here that could be copied",
    })
    void whatIsWrongWithTheFilesOfAJobIsSaidBeforeAnythingElse(String verb, String option, String message) {
        assertThat(run(verb, option, "--", "hostname")).isEqualTo(64);
        assertThat(text(err)).contains(message);
    }

    @Test
    void aValueMayFollowAnEqualsSign() throws JsonParserException {
        assertThat(run("version", "--json", "--cluster=lab")).isZero();
        assertThat(JsonParser.object().from(text(out))).containsKeys("version", "spi", "java");
    }

    @Test
    void wordsBehindTheDashesAreNotOptions() {
        assertThat(run("launch", "--", "program", "--no-such-option")).isNotZero();
        assertThat(text(err)).doesNotContain("has no option");
    }

    @ParameterizedTest
    @CsvSource({
        "nodes, node7, hint: 'sciabc help nodes' shows",
        "nodes, -, hint: 'sciabc help nodes' shows",
        "up, ./pi, hint: the program stands after '--'; 'sciabc help up' shows",
    })
    void aWordThatAVerbHasNoUseForIsNamed(String verb, String word, String hint) {
        assertThat(run(verb, word)).isEqualTo(64);
        assertThat(text(err)).contains("error: '" + verb + "' cannot do anything with '" + word + "'", hint);
    }

    @Test
    void aWordThatCouldNotBeReadIsRefusedInsteadOfAnotherOne() {
        assertThat(run("launch", "--", "\uFFFD\uFFFD.sh")).isEqualTo(64);
        assertThat(text(err))
                .contains("error: cannot read the word '", "locale 'xx_XX.UTF-8'", "hint: put LC_ALL=C.UTF-8 before");
    }

    @Test
    void aVerbWithoutAJobRefusesOne() {
        assertThat(run("discover", "--", "hostname")).isEqualTo(64);
        assertThat(text(err)).contains("'discover' takes no job");
    }

    @Test
    void aJobIsMissedBeforeAnythingIsLookedFor() {
        assertThat(run("launch")).isEqualTo(64);
        assertThat(text(err)).contains("there is no program to run", "sciabc launch -- hostname");
    }

    @Test
    void anAccountThatCannotBeAndFilesThatAreNotThereAreMistakesOfTheCommandLine() {
        assertThat(run("plan", "--user", "pi;reboot")).isEqualTo(64);
        assertThat(text(err)).contains("cannot use 'pi;reboot' as a user's name");
        assertThat(run("copy", home.resolve("nothing").toString(), "there")).isEqualTo(64);
        assertThat(text(err)).contains("there is no such file");
    }

    @ParameterizedTest
    @CsvSource({
        "copy data node1:/srv, hint: nodes come first, and then paths: sciabc copy node1 data /srv",
        "copy data :~/work, sciabc copy node[1-3] data /srv",
        "copy data pi@node2:, sciabc copy pi@node2 data /srv",
        "copy --fetch node1:/srv/out here, sciabc copy --fetch node1",
    })
    void aPlaceAsScpHasItIsNoPathOnTheNodes(String command, String hint) {
        assertThat(run(command.split(" ", -1))).isEqualTo(64);
        assertThat(text(err)).contains("is not a path on the nodes", hint);
    }

    @ParameterizedTest
    @CsvSource({
        "plugins lst, did you mean 'sciabc plugins list'",
        "plugins check, 'plugins check' takes FILE.jar",
        "plugins add, 'plugins add' takes FILE.jar",
        "plugins add one.jar two.jar, 'plugins add' takes FILE.jar",
        "plugins remove, 'plugins remove' takes ID",
        "plugins new --kind discovery --id x, 'plugins new' takes DIR",
        "plugins new dir --id x, 'plugins new' takes --kind KIND",
        "plugins new dir --kind finder --id x, there is no kind 'finder'",
        "plugins new dir --kind discovery, 'plugins new' takes --id NAME",
        "plugins new dir --kind discovery --id X_1, it cannot be 'X_1'",
        "plugins new dir --kind discovery --id x --package a.class, --package cannot be 'a.class'",
        "plugins new dir --kind discovery --id x --package org.ex\u00e4mple, --package cannot be 'org.ex\u00e4mple'",
        "plugins new dir --kind discovery --id x --package org.a$b, Maven takes letters without accents",
        "plugins new dir --kind discovery --id x --json, 'plugins new' takes no --json",
        "plugins list --yes, 'plugins list' takes no --yes",
        "plugins add --json one.jar, 'plugins add' takes no --json",
    })
    void whatPluginsCannotDoIsRefused(String typed, String answer) {
        assertThat(run(typed.split(" ", -1))).isEqualTo(64);
        assertThat(text(err)).contains(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "discovery, rack-list, org/example/racklist/RackListDiscovery.java",
        "provisioner, static, org/example/staticplugin/StaticProvisioner.java",
        "launcher, a-1, org/example/a1/A1Launcher.java",
    })
    void aNewPluginHasItsNameEverywhereAndNoPlaceholderLeft(String kind, String id, String component)
            throws IOException {
        Path folder = home.resolve("new");

        assertThat(run("plugins", "new", folder.toString(), "--kind", kind, "--id", id))
                .isZero();

        List<Path> files = text(out).lines().map(Path::of).toList();
        assertThat(files).contains(folder.resolve("pom.xml"), folder.resolve("src/main/java/" + component));
        for (Path file : files) {
            assertThat(file).content().doesNotContainPattern("@[a-z.]+@");
        }
        assertThat(folder.resolve("pom.xml"))
                .content()
                .contains("<Sciabc-Components>" + kind + ":" + id + "<", "&gt;=" + SpiVersion.CURRENT + " &amp; &lt;");
        assertThat(run("plugins", "new", folder.toString(), "--kind", kind, "--id", id))
                .isEqualTo(64);
        assertThat(text(err)).contains("there is something in it already");
    }

    @Test
    void pluginsCanBeListedWhereTheConfigurationIsBroken() throws IOException {
        Files.writeString(home.resolve("config.toml"), "no = configuration");

        assertThat(run("plugins")).isZero();
        assertThat(text(err)).contains("no plugins in " + home.resolve("plugins"));
    }

    @Test
    void anUnknownPluginIsNamedEvenWhereThereIsNone() {
        assertThat(run("discover")).isEqualTo(65);
        assertThat(text(err)).contains("no discovery backend 'zeroconf'", "hint:");
    }

    @Test
    void controlCharactersOfArgumentsDoNotReachTheTerminal() {
        run("dis\u001b[31mcover");

        assertThat(text(err)).doesNotContain("\u001b");
    }

    private int run(String... arguments) {
        return CommandRun.of(Map.of("SCIABC_HOME", home.toString(), "LANG", "xx_XX.UTF-8"), out, err, arguments);
    }
}
