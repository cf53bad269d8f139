// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sciabc plugins} with the real script: what is there, and putting plugins in and taking them out. */
class PluginsVerbIT {

    @TempDir
    private static Path copy;

    private static LocalSciabc shared;

    @TempDir
    private Path downloads;

    private LocalSciabc sciabc;

    @BeforeAll
    static void copyTheDistribution() throws IOException {
        shared = LocalSciabc.copiedTo(copy.resolve("sciabc"), copy);
    }

    @BeforeEach
    void beginWithoutPluginsOfOnesOwn() throws IOException {
        sciabc = new LocalSciabc(shared.distribution(), Files.createDirectory(downloads.resolve("home")));
        Files.deleteIfExists(sciabc.sharedPlugins().resolve("found.jar"));
    }

    @Test
    void theListSaysWhatIsLoadedFromWhereForWhichSpiAndWithWhichSettings() {
        Result result = sciabc.run("plugins").succeeded();

        assertThat(result.stdout())
                .contains("zeroconf ", sciabc.sharedPlugins().toString(), "for SPI >=", "(here: ")
                .contains("discovery zeroconf: ", "provisioner ssh: ", "launcher openmpi: runs jobs")
                .contains("openmpi.mpirun=mpirun", "openmpi.python=true", "(flag)");
        assertThat(result.stderr()).isEmpty();
    }

    @Test
    void theListCanBeReadByAProgram() throws JsonParserException {
        JsonObject json = JsonParser.object()
                .from(sciabc.run("plugins", "--json").succeeded().stdout());

        JsonObject openmpi = json.getArray("plugins").stream()
                .map(JsonObject.class::cast)
                .filter(plugin -> plugin.getString("id").equals("openmpi"))
                .findFirst()
                .orElseThrow();
        assertThat(openmpi.getString("jar")).startsWith(sciabc.sharedPlugins().toString());
        assertThat(openmpi.getString("requires")).startsWith(">=");
        JsonObject component = openmpi.getArray("components").getObject(0);
        assertThat(component.getString("kind")).isEqualTo("launcher");
        assertThat(component.getArray("settings").getObject(0))
                .containsEntry("key", "mpirun")
                .containsEntry("default", "mpirun")
                .containsEntry("type", "text")
                .containsKey("help");
        assertThat(json.getArray("problems")).isEmpty();
    }

    @Test
    void aRightJarIsExaminedWithoutBeingRun() throws JsonParserException {
        Path jar = FoundPlugin.of("found", "static { System.err.println(\"run!\"); }")
                .writeTo(downloads);

        Result result = sciabc.run("plugins", "check", jar.toString()).succeeded();
        JsonObject json = JsonParser.object()
                .from(sciabc.run("plugins", "check", "--json", jar.toString())
                        .succeeded()
                        .stdout());

        assertThat(result.stdout()).contains("found 1.0.0  " + jar, "discovery backend: example.Found");
        assertThat(result.stderr()).contains("nothing is wrong with found.jar").doesNotContain("run!");
        JsonObject report = json.getArray("jars").getObject(0);
        assertThat(report.getBoolean("usable")).isTrue();
        assertThat(report.getObject("plugin").getArray("declares")).containsExactly("discovery:found");
        assertThat(report.getArray("problems")).isEmpty();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Result result = sciabc.run("plugins", "check", "gone.jar");

        assertThat(result.exitStatus()).isEqualTo(65);
        assertThat(result.stderr()).contains("error: cannot use plugin gone.jar: is not there");
    }

    @Test
    void anAddedPluginGoesToTheDistributionAndFindsNodes() {
        Path jar = FoundPlugin.of("found").writeTo(downloads, "found-1.0.0.jar");

        Result added = sciabc.run("plugins", "add", jar.toString()).succeeded();

        Path place = sciabc.sharedPlugins().resolve("found.jar");
        assertThat(added.stdout()).isEqualTo(place + "\n");
        assertThat(place).hasSameBinaryContentAs(jar);
        assertThat(sciabc.run("discover", "--discovery", "found", "--for", "2s")
                        .succeeded()
                        .stdout())
                .contains("found-node", "127.1.");
    }

    @Test
    void aDryRunChangesNothing() {
        Path jar = FoundPlugin.of("found").writeTo(downloads);

        Result said = sciabc.run("plugins", "add", "--dry-run", jar.toString()).succeeded();

        assertThat(said.stderr())
                .contains("would be copied to " + sciabc.sharedPlugins().resolve("found.jar"));
        assertThat(sciabc.sharedPlugins().resolve("found.jar")).doesNotExist();
    }

    @Test
    void anotherVersionIsReplacedOnlyWhenThatWasAgreedTo() {
        Path jar = FoundPlugin.of("found").writeTo(downloads);
        Path newer = FoundPlugin.of("found").manifest("Plugin-Version", "2.0.0").writeTo(downloads, "newer.jar");
        sciabc.run("plugins", "add", jar.toString()).succeeded();

        Result asked = sciabc.run("plugins", "add", newer.toString());
        Path place = sciabc.sharedPlugins().resolve("found.jar");

        assertThat(asked.exitStatus()).isEqualTo(64);
        assertThat(asked.stderr())
                .contains("replaces found 1.0.0", "Replace found 1.0.0 by 2.0.0?", "give --yes to agree beforehand");
        assertThat(place).hasSameBinaryContentAs(jar);
        sciabc.run("plugins", "add", "--yes", newer.toString()).succeeded();
        assertThat(place).hasSameBinaryContentAs(newer);
    }

    @Test
    void whatTheHostWouldRefuseIsNotAdded() {
        Path jar = FoundPlugin.of("found")
                .manifest("Plugin-Requires", ">=99.0.0")
                .index("example.Found", "example.Gone")
                .writeTo(downloads);

        Result result = sciabc.run("plugins", "add", "--yes", jar.toString());

        assertThat(result.exitStatus()).isEqualTo(65);
        assertThat(result.stderr()).contains("was built for SPI >=99.0.0", "example.Gone, which is not in the jar");
        assertThat(result.stdout()).isEmpty();
        assertThat(sciabc.sharedPlugins().resolve("found.jar")).doesNotExist();
    }

    @Test
    void aComponentThatAnotherPluginHasAlreadyIsNamed() {
        Path jar = FoundPlugin.of("found").declares("discovery:zeroconf").writeTo(downloads);

        Result said = sciabc.run("plugins", "add", "--dry-run", jar.toString()).succeeded();

        assertThat(said.stderr())
                .contains(
                        "warning: plugin zeroconf ",
                        "also has the discovery backend 'zeroconf': only one of them is used");
    }

    @Test
    void aPluginOfOnesOwnHidesThatOfTheDistributionUntilItIsRemoved() {
        FoundPlugin.of("found").writeTo(sciabc.sharedPlugins());
        FoundPlugin.of("found").manifest("Plugin-Version", "0.9.0").writeTo(sciabc.plugins());

        Result listed = sciabc.run("plugins").succeeded();
        Result removed = sciabc.run("plugins", "remove", "found").succeeded();

        assertThat(listed.stdout()).contains("found 0.9.0  " + sciabc.plugins());
        assertThat(listed.stderr())
                .contains("and 0.9.0 from " + sciabc.plugins().resolve("found.jar") + " is used");
        assertThat(removed.stdout()).isEqualTo(sciabc.plugins().resolve("found.jar") + "\n");
        assertThat(removed.stderr()).contains("from now on the one in " + sciabc.sharedPlugins());
        assertThat(sciabc.sharedPlugins().resolve("found.jar")).exists();
    }

    @Test
    void whatIsNotThereCannotBeRemovedAndTheNearestIsNamed() {
        Result result = sciabc.run("plugins", "remove", "zeroconv");

        assertThat(result.exitStatus()).isEqualTo(65);
        assertThat(result.stderr()).contains("error: no plugin 'zeroconv' in ", "there are zeroconf, ");
    }

    @Test
    void aFolderThatOthersMayWriteToIsRefused() throws IOException {
        Path jar = FoundPlugin.of("found").writeTo(downloads);
        FoundPlugin.of("planted").writeTo(sciabc.plugins());
        Files.setPosixFilePermissions(sciabc.plugins(), PosixFilePermissions.fromString("rwxrwxrwx"));

        Result added = sciabc.run("plugins", "add", jar.toString());
        Result listed = sciabc.run("plugins");

        assertThat(added.exitStatus()).isEqualTo(65);
        assertThat(added.stderr())
                .contains("cannot use the folder " + sciabc.plugins(), "(mode 777)", "hint: chmod go-w");
        assertThat(listed.exitStatus()).isEqualTo(65);
        assertThat(listed.stdout()).contains("zeroconf ").doesNotContain("planted");
        assertThat(listed.stderr()).contains(sciabc.plugins() + ": can be changed by other users (mode 777)");
    }

    @Test
    void aMistypedActionIsAnsweredWithTheNearestOne() {
        Result result = sciabc.run("plugins", "remov", "found");

        assertThat(result.exitStatus()).isEqualTo(64);
        assertThat(result.stderr()).contains("did you mean 'sciabc plugins remove'?");
    }
}
