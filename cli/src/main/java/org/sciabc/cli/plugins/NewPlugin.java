// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.plugin.ComponentKind;

/** {@code sciabc plugins new}: writes the sources of a plugin that does nothing yet, and builds and passes its tests. */
public final class NewPlugin {
    private final Session session;

    public NewPlugin(Session session) {
        this.session = session;
    }

    /** Writes it into a folder that is empty or does not exist; the result is the exit status. */
    public int run(Path folder, PluginNames names) throws CliFailure {
        requireEmpty(folder);
        for (Map.Entry<String, String> file : files(names).entrySet()) {
            Path target = folder.resolve(file.getKey());
            write(folder, target, names.fill(template(file.getValue())));
            session.terminal().out().println(target);
        }
        session.terminal()
                .say("build it with 'mvn verify', then use it with 'sciabc plugins add "
                        + folder.resolve("target").resolve(names.id() + "-0.1.0.jar") + "'");
        return ExitCode.OK;
    }

    /** The templates by the files that they become. */
    private static Map<String, String> files(PluginNames names) {
        String kind = names.kind().label();
        String main = "src/main/java/" + names.packageFolder();
        String test = "src/test/java/" + names.packageFolder();
        Map<String, String> files = new TreeMap<>();
        files.put("pom.xml", "pom.xml");
        files.put("README.md", "README.md");
        files.put(".gitignore", "gitignore");
        files.put(main + "package-info.java", "package-info.java");
        files.put(main + names.className() + ".java", kind + "/Component.java");
        files.put(test + names.className() + "ContractTest.java", kind + "/ComponentContractTest.java");
        files.put(test + names.className() + "ArchitectureTest.java", "ComponentArchitectureTest.java");
        files.put(test + names.className() + "PackagedIT.java", "ComponentPackagedIT.java");
        if (names.kind() == ComponentKind.PROVISIONER) {
            files.put(main + "ShellConnection.java", kind + "/ShellConnection.java");
        }
        return files;
    }

    private static void requireEmpty(Path folder) throws CliFailure {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isEmpty()) {
                return;
            }
        } catch (IOException unreadable) {
            throw CliFailure.usage("cannot begin a plugin in " + folder, "it is not a folder that can be read", "");
        }
        throw CliFailure.usage(
                "cannot begin a plugin in " + folder, "there is something in it already", "name a folder that is new");
    }

    private static void write(Path folder, Path target, String text) throws CliFailure {
        try {
            Path parent = target.getParent();
            Files.createDirectories(parent == null ? folder : parent);
            Files.writeString(target, text, StandardOpenOption.CREATE_NEW);
        } catch (IOException unwritable) {
            throw CliFailure.usage("cannot write " + target, "its folder cannot be made or written to", "");
        }
    }

    private static String template(String name) {
        try (InputStream resource = NewPlugin.class.getResourceAsStream("template/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("no template " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
