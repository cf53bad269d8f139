// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maven as somebody else has it: a local repository in which nothing of ours is but the published artifacts, and the libraries
 * of others from the repository that this build has filled, so that no network is needed.
 */
final class CleanMaven {
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>sciabc-parent</artifactId>\\s*<version>([^<]+)</version>");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path repository;
    private final Path settings;

    /** A repository in that folder, with our artifacts installed. */
    CleanMaven(Path folder) throws IOException {
        repository = Files.createDirectory(folder.resolve("repository"));
        settings = Files.writeString(folder.resolve("settings.xml"), """
                <settings>
                  <mirrors>
                    <mirror>
                      <id>what-this-build-has</id>
                      <url>%s</url>
                      <mirrorOf>*</mirrorOf>
                    </mirror>
                  </mirrors>
                </settings>
                """.formatted(
                        repositoryOfThisBuild().toUri()));
        install("sciabc-parent", Project.root(), false);
        install("sciabc-core", Project.root().resolve("core"), true);
        install("sciabc-testkit", Project.root().resolve("plugins/testkit"), true);
    }

    /** Builds the project in that folder, all tests and the finished jar included. */
    Result verify(Path project) {
        List<String> words =
                new ArrayList<>(List.of(Project.root().resolve("mvnw").toString()));
        words.addAll(List.of("-B", "-ntp", "-q", "-s", settings.toString(), "-gs", settings.toString()));
        words.addAll(List.of("-Dmaven.repo.local=" + repository, "verify"));
        return LocalCommand.run(
                project, Command.of(words.toArray(String[]::new)).within(LIMIT));
    }

    private void install(String artifact, Path module, boolean withJar) throws IOException {
        String version = version();
        Path place = Files.createDirectories(repository.resolve("org/sciabc/" + artifact + "/" + version));
        String name = artifact + "-" + version;
        Files.copy(module.resolve("pom.xml"), place.resolve(name + ".pom"));
        if (withJar) {
            Files.copy(module.resolve("target/" + name + ".jar"), place.resolve(name + ".jar"));
        }
    }

    private static String version() throws IOException {
        Matcher matcher = VERSION.matcher(Files.readString(Project.root().resolve("pom.xml")));
        if (!matcher.find()) {
            throw new IllegalStateException("the pom of the project has no version");
        }
        return matcher.group(1);
    }

    private static Path repositoryOfThisBuild() {
        String said = System.getProperty("sciabc.itests.repository", "");
        Path place = Path.of(said.isEmpty() ? System.getProperty("user.home") + "/.m2/repository" : said);
        if (!Files.isDirectory(place)) {
            throw new UncheckedIOException(new IOException("there is no Maven repository in " + place));
        }
        return place;
    }
}
