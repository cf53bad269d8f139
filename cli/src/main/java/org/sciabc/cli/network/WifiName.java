// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sciabc.spi.Untrusted;

/** The name of the Wi-Fi that an interface is in. No file tells it: it takes one of several programs, where one is there. */
final class WifiName {
    private static final int LONGEST = 64;
    private static final long PATIENCE_SECONDS = 2;
    private static final Pattern PART = Pattern.compile("\\\\x[0-9a-fA-F]{2}|\\\\.|.", Pattern.DOTALL);

    private static final List<Question> QUESTIONS = List.of(
            new Question(
                    "iw",
                    List.of("dev", "%s", "link"),
                    line -> after(line, "SSID: ").map(WifiName::unescaped)),
            new Question("iwgetid", List.of("%s", "--raw"), Optional::of),
            new Question(
                    "wpa_cli",
                    List.of("-i", "%s", "status"),
                    line -> after(line, "ssid=").map(WifiName::unescaped)),
            new Question(
                    "nmcli",
                    List.of("-t", "-f", "ACTIVE,SSID", "device", "wifi", "list", "ifname", "%s", "--rescan", "no"),
                    line -> after(line, "yes:").map(name -> name.replaceAll("\\\\(.)", "$1"))));

    private final List<Path> folders;

    private record Question(String program, List<String> arguments, Function<String, Optional<String>> answer) {
        List<String> command(Path found, String networkInterface) {
            List<String> words = new ArrayList<>(List.of(found.toString()));
            arguments.forEach(word -> words.add(word.equals("%s") ? networkInterface : word));
            return words;
        }
    }

    /**
     * Looks for the programs in these folders.
     *
     * @param folders in the order in which they are looked through
     */
    WifiName(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /** The programs of this machine; those that are meant for root are often not on a user's PATH. */
    static WifiName on(Map<String, String> environment) {
        return new WifiName(Stream.concat(
                        Stream.of(environment.getOrDefault("PATH", "").split(":", -1)), Stream.of("/usr/sbin", "/sbin"))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of)
                .distinct()
                .toList());
    }

    /** The name; empty when no program knows it. */
    Optional<String> of(String networkInterface) {
        for (Question question : QUESTIONS) {
            Optional<Path> program = program(question.program());
            if (program.isPresent()) {
                Optional<String> name = ask(question, question.command(program.get(), networkInterface));
                if (name.isPresent()) {
                    return name;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Path> program(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Optional<String> ask(Question question, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    return Optional.empty();
                }
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return said.lines()
                        .map(String::strip)
                        .flatMap(line -> question.answer().apply(line).stream())
                        .map(name -> Untrusted.line(name, LONGEST))
                        .filter(name -> !name.isEmpty())
                        .findFirst();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException notRunnable) {
            return Optional.empty();
        } catch (InterruptedException ending) {
            // Whoever waits next ends; until then the name is not known.
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * As iw and wpa_cli write it: each byte that is not printable ASCII as {@code \xNN}, and some after a backslash (iw's
     * print_ssid_escaped, printf_encode of wpa_supplicant).
     */
    private static String unescaped(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher parts = PART.matcher(name);
        while (parts.find()) {
            String part = parts.group();
            if (part.matches("\\\\x[0-9a-fA-F]{2}")) {
                bytes.write(Integer.parseInt(part.substring(2), 16));
            } else {
                String meant = part.length() == 2 && part.startsWith("\\") ? part.substring(1) : part;
                bytes.writeBytes(meant.getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Optional<String> after(String line, String prefix) {
        return line.startsWith(prefix) ? Optional.of(line.substring(prefix.length())) : Optional.empty();
    }
}
