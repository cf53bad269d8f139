// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.plugin.PluginAddition;
import org.sciabc.plugin.PluginFolder;
import org.sciabc.plugin.PluginHost;
import org.sciabc.plugin.PluginInfo;
import org.sciabc.plugin.UnusablePluginException;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.SciabcException;

class PluginFolderTest {
    @TempDir
    Path downloads;

    @TempDir
    Path home;

    private PluginFolder plugins;

    @BeforeEach
    void chooseAFolderThatIsNotThereYet() {
        plugins = new PluginFolder(home.resolve("share/sciabc/plugins"));
    }

    @Test
    void addsAPluginThatTheHostThenUses() throws SciabcException {
        Path jar = Sources.discovery("found").writeTo(downloads, "found-1.0.0-all.jar");

        PluginAddition addition = plugins.examine(jar);
        Path added = plugins.add(addition);

        assertThat(addition.replaced()).isEmpty();
        assertThat(added).isEqualTo(plugins.path().resolve("found.jar")).hasSameBinaryContentAs(jar);
        try (PluginHost host = PluginHostTest.open(plugins.path())) {
            assertThat(host.component(DiscoveryBackend.class, "found").id()).isEqualTo("found");
            assertThat(host.problems()).isEmpty();
        }
    }

    @Test
    void doesNotTakeThePlaceOfAnotherPlugin() throws SciabcException, IOException {
        Files.createDirectories(plugins.path());
        Path other = Sources.discovery("other").writeTo(plugins.path(), "found.jar");
        byte[] content = Files.readAllBytes(other);
        Path jar = Sources.discovery("found").writeTo(downloads);

        assertThatThrownBy(() -> plugins.examine(jar))
                .isInstanceOf(SciabcException.class)
                .hasMessageContaining("holds the plugin other");
        assertThat(other).hasBinaryContent(content);
    }

    @Test
    void changesNothingUntilItIsTold() throws SciabcException {
        plugins.examine(Sources.discovery("found").writeTo(downloads));

        assertThat(plugins.path()).doesNotExist();
    }

    @Test
    void makesFolderAndFileWritableForTheOwnerAlone() throws SciabcException, IOException {
        Path added = plugins.add(plugins.examine(Sources.discovery("found").writeTo(downloads)));

        // The umask decides who may read the folder, and in no case may anybody else write there.
        assertThat(Files.getPosixFilePermissions(plugins.path()))
                .contains(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                .doesNotContain(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(added)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void saysWhatWouldBeReplaced() throws SciabcException {
        plugins.add(plugins.examine(Sources.discovery("found").writeTo(downloads)));
        Path newer =
                Sources.discovery("found").manifest("Plugin-Version", "2.0.0").writeTo(downloads, "newer.jar");

        PluginAddition addition = plugins.examine(newer);

        assertThat(addition.replaced()).map(PluginInfo::version).contains("1.0.0");
        assertThat(addition.plugin().version()).isEqualTo("2.0.0");
    }

    @Test
    void replacesEveryJarOfThePluginWhateverItsName() throws SciabcException {
        Path older = Sources.discovery("found").writeTo(downloads);
        plugins.add(plugins.examine(older));
        Sources.discovery("found").writeTo(plugins.path(), "by-hand.jar");
        Path newer =
                Sources.discovery("found").manifest("Plugin-Version", "2.0.0").writeTo(downloads, "newer.jar");

        plugins.add(plugins.examine(newer));

        assertThat(plugins.path().toFile().list()).containsExactly("found.jar");
        assertThat(plugins.plugins()).extracting(PluginInfo::version).containsExactly("2.0.0");
    }

    @Test
    void refusesAJarThatTheHostWouldRefuse() {
        Path jar = Sources.discovery("broken")
                .manifest("Plugin-Requires", ">=99.0.0")
                .writeTo(downloads);

        assertThatThrownBy(() -> plugins.examine(jar))
                .isInstanceOf(UnusablePluginException.class)
                .hasMessageStartingWith("cannot use plugin broken (broken.jar): was built for SPI >=99.0.0");
        assertThat(plugins.path()).doesNotExist();
    }

    @Test
    void refusesAFileThatWasChangedSinceItWasExamined() throws SciabcException, IOException {
        Path jar = Sources.discovery("found").writeTo(downloads);
        PluginAddition addition = plugins.examine(jar);
        Files.write(jar, new byte[] {0}, StandardOpenOption.APPEND);

        assertThatThrownBy(() -> plugins.add(addition))
                .hasMessage("cannot add plugin found: " + jar + " was changed since it was examined");
        assertThat(plugins.path()).doesNotExist();
    }

    @Test
    void refusesToReplaceWhatWasNotThereWhenItWasExamined() throws SciabcException {
        PluginAddition addition = plugins.examine(Sources.discovery("found").writeTo(downloads));
        plugins.add(addition);

        assertThatThrownBy(() -> plugins.add(addition))
                .hasMessage(
                        "cannot add plugin found: another version of it came into " + plugins.path() + " meanwhile");
    }

    @Test
    void saysThatAFileIsNotThere() {
        assertThatThrownBy(() -> plugins.examine(downloads.resolve("gone.jar")))
                .hasMessage("cannot read " + downloads.resolve("gone.jar") + ": there is no such file");
    }

    @Test
    void refusesAFolderThatOthersMayWriteTo() throws SciabcException, IOException {
        Path jar = Sources.discovery("found").writeTo(downloads);
        plugins.add(plugins.examine(jar));
        Files.setPosixFilePermissions(plugins.path(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> plugins.examine(jar))
                .hasMessage(
                        "cannot use the folder " + plugins.path() + ": it can be changed by other users (mode 777)");
    }

    @Test
    void removesAPlugin() throws SciabcException {
        Path added = plugins.add(plugins.examine(Sources.discovery("found").writeTo(downloads)));

        assertThat(plugins.remove("found")).containsExactly(added);
        assertThat(added).doesNotExist();
    }

    @Test
    void removesABrokenJarByTheNameOfItsFile() throws SciabcException, IOException {
        plugins.add(plugins.examine(Sources.discovery("found").writeTo(downloads)));
        Path broken = Files.writeString(plugins.path().resolve("broken.jar"), "no jar");

        assertThat(plugins.remove("broken.jar")).containsExactly(broken);
        assertThat(plugins.plugins()).extracting(PluginInfo::id).containsExactly("found");
    }

    @Test
    void namesTheNearestPluginWhenThereIsNoSuchToRemove() throws SciabcException {
        plugins.add(plugins.examine(Sources.discovery("static").writeTo(downloads)));
        plugins.add(plugins.examine(Sources.discovery("found").writeTo(downloads)));

        assertThatThrownBy(() -> plugins.remove("foud"))
                .hasMessage("no plugin 'foud' in " + plugins.path() + ": there are found, static");
    }

    @Test
    void neverLeavesTheFolder() throws SciabcException, IOException {
        plugins.add(plugins.examine(Sources.discovery("found").writeTo(downloads)));
        Path outside = Files.writeString(home.resolve("share/sciabc/other.jar"), "precious");

        assertThatThrownBy(() -> plugins.remove("../other.jar")).isInstanceOf(SciabcException.class);
        assertThat(outside).exists();
    }
}
