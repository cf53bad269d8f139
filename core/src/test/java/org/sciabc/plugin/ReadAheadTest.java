// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadAheadTest {
    @TempDir
    Path folder;

    @Test
    void aJarIsReadOnceAsLongAsTheFileIsTheSame() throws Exception {
        Path jar = jar("1.0.0");
        KeptPlugins ahead = KeptPlugins.readAhead(List.of(folder));
        JarContents first = ahead.contents(jar);

        assertThat(ahead.contents(jar)).isSameAs(first);
        Files.delete(jar);
        assertThat(ahead.contents(jar("2.0.0")).info().version()).isEqualTo("2.0.0");
    }

    @Test
    void whatIsNoPluginIsFoundToBeNoneByWhoAsksForIt() throws Exception {
        Path jar = Files.writeString(folder.resolve("damaged.jar"), "no jar");
        KeptPlugins ahead = KeptPlugins.readAhead(List.of(folder, folder.resolve("missing")));

        assertThatThrownBy(() -> ahead.contents(jar)).isInstanceOf(UnusablePluginException.class);
    }

    private Path jar(String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Plugin-Id", "found");
        attributes.putValue("Plugin-Version", version);
        Path jar = folder.resolve("found.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.putNextEntry(new JarEntry(JarContents.INDEX));
            entries.write("example.Found\n".getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }
}
