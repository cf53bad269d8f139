// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** Reads what {@link FactsScript} made a node say. Whatever is malformed counts as unknown. */
final class FactsParser {
    private static final int LONGEST_LINE = 1000;
    private static final int LONGEST_VALUE = 300;

    private final Map<String, List<String>> values = new HashMap<>();

    private FactsParser(List<String> lines) {
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0 && line.length() <= LONGEST_LINE) {
                String value = Untrusted.line(line.substring(equals + 1), LONGEST_VALUE);
                values.computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>())
                        .add(value);
            }
        }
    }

    /**
     * Reads the output of the script.
     *
     * @param sent when the question was sent, by the manager's clock
     * @param received when the answer was complete
     * @throws SciabcException when it is not the output of the script, or not all of it
     */
    static Facts parse(String output, PlanRequest request, Instant sent, Instant received) throws SciabcException {
        List<String> lines = output.lines().toList();
        int begin = lines.indexOf(FactsScript.BEGIN);
        int end = lines.lastIndexOf(FactsScript.END);
        if (begin < 0) {
            throw new SciabcException(
                    "cannot gather facts",
                    "the node did not run the question" + firstLine(lines),
                    "does 'sh -c true' work there?");
        }
        if (end < begin) {
            throw new SciabcException("cannot gather facts", "the node's answer broke off", "try again");
        }
        return new FactsParser(lines.subList(begin + 1, end)).facts(request, sent, received);
    }

    private static String firstLine(List<String> lines) {
        return lines.stream()
                .map(line -> Untrusted.line(line, 120))
                .filter(line -> !line.isEmpty())
                .findFirst()
                .map(line -> "; it said '" + line + "'")
                .orElse("");
    }

    private Facts facts(PlanRequest request, Instant sent, Instant received) {
        Facts.Software software = software();
        return new Facts(
                login(),
                machine(sent, received),
                software,
                all("address").stream()
                        .flatMap(text -> NodeAddress.parse(text).stream())
                        .toList(),
                privilege(),
                text("id").flatMap(NodeId::parse),
                journals(),
                states(request, software.packageManager()));
    }

    private Facts.Login login() {
        return new Facts.Login(
                text("user").flatMap(Untrusted::user).orElse("unknown"),
                number("uid"),
                text("home").orElse("/"),
                text("home.writable").map("yes"::equals),
                text("shell"));
    }

    private Facts.Machine machine(Instant sent, Instant received) {
        String[] os = text("os").orElse("").split("\\|", -1);
        Optional<Facts.OperatingSystem> system =
                os.length >= 3 && Untrusted.word(os[0]).isPresent()
                        ? Optional.of(new Facts.OperatingSystem(os[0], os[1], os[2], os.length >= 5 ? os[4] : ""))
                        : Optional.empty();
        Optional<String> word = system.map(
                        known -> known.version().isEmpty() ? known.id() : known.id() + "-" + known.version())
                .flatMap(Untrusted::word);
        OptionalLong cores = number("cores");
        Hardware hardware = new Hardware(
                cores.isPresent() && cores.getAsLong() >= 1 && cores.getAsLong() <= 65_536
                        ? OptionalInt.of((int) cores.getAsLong())
                        : OptionalInt.empty(),
                positive(number("memory")),
                text("arch").flatMap(Untrusted::word),
                word);
        return new Facts.Machine(
                text("hostname").flatMap(Untrusted::nodeName).orElse("unknown"),
                system,
                hardware,
                constant(Facts.InitSystem.class, "init").orElse(Facts.InitSystem.NONE),
                text("machine.id").filter(id -> id.matches("[0-9a-f]{32}")),
                number("disk.system"),
                number("disk.home"),
                clockAhead(sent, received));
    }

    private Facts.Software software() {
        Optional<Facts.Mpi> mpi = text("mpi.path")
                .map(path -> new Facts.Mpi(path, text("mpi.version").orElse("unknown version"), text("mpi.build")));
        Optional<Facts.LockHolder> lock = text("package.lock").flatMap(FactsParser::lockHolder);
        return new Facts.Software(
                constant(PackageManager.class, "package.manager"),
                lock,
                text("package.interrupted").isPresent(),
                mpi,
                constant(Facts.Avahi.class, "avahi").orElse(Facts.Avahi.UNKNOWN),
                text("selinux").isPresent(),
                text("package.arch").flatMap(Untrusted::word));
    }

    private static Optional<Facts.LockHolder> lockHolder(String text) {
        String[] words = text.split(" ", 2);
        return words.length == 2 && words[0].matches("[0-9]{1,10}")
                ? Optional.of(new Facts.LockHolder(Long.parseLong(words[0]), words[1]))
                : Optional.empty();
    }

    private Privilege privilege() {
        Privilege.Level level = switch (text("privilege").orElse("none")) {
            case "root" -> Privilege.Level.ROOT;
            case "sudo" -> Privilege.Level.SUDO;
            case "sudo-password" -> Privilege.Level.SUDO_WITH_PASSWORD;
            case "password-needed" -> Privilege.Level.PASSWORD_NEEDED;
            default -> Privilege.Level.NONE;
        };
        return new Privilege(level, text("privilege.why").orElse(""));
    }

    private Facts.Journals journals() {
        return new Facts.Journals(
                text("journal.system").isPresent(),
                all("journal.account").stream()
                        .flatMap(name -> Untrusted.user(name).stream())
                        .distinct()
                        .sorted()
                        .toList());
    }

    /** As NTP does: the mean of what both ways say, so that equal delays cancel out. */
    private Optional<Duration> clockAhead(Instant sent, Instant received) {
        Optional<Instant> first = text("clock.first").flatMap(FactsParser::instant);
        Optional<Instant> last = text("clock.last").flatMap(FactsParser::instant);
        return first.isPresent() && last.isPresent()
                ? Optional.of(Duration.between(sent, first.get())
                        .plus(Duration.between(received, last.get()))
                        .dividedBy(2))
                : Optional.empty();
    }

    private static Optional<Instant> instant(String text) {
        if (text.matches("[0-9]{1,11}\\.[0-9]{9}")) {
            BigDecimal seconds = new BigDecimal(text);
            return Optional.of(Instant.ofEpochSecond(
                    seconds.longValue(),
                    seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue()));
        }
        String whole = text.replaceFirst("\\..*", "");
        return whole.matches("[0-9]{1,11}")
                ? Optional.of(Instant.ofEpochSecond(Long.parseLong(whole)))
                : Optional.empty();
    }

    private Map<Requirement, State> states(PlanRequest request, Optional<PackageManager> manager) {
        Map<Requirement, State> states = new HashMap<>();
        List<Requirement> requirements = request.requirements();
        for (int i = 0; i < requirements.size(); i++) {
            Requirement each = requirements.get(i);
            states.put(each, state("need." + i, each, manager));
        }
        request.account().ifPresent(name -> {
            Requirement account = PlanRequest.account(name);
            states.put(account, state("need.account", account, manager));
        });
        return states;
    }

    private State state(String key, Requirement requirement, Optional<PackageManager> manager) {
        if (requirement instanceof Requirement.Packages packages) {
            return packages(key, packages, manager);
        }
        String answer = text(key).orElse("unknown no answer");
        String[] words = answer.split(" ", 2);
        String reason = words.length == 2 ? words[1] : "";
        return switch (words[0]) {
            case "met" -> new State.Met(reason);
            case "unmet" -> new State.Unmet(reason, List.of());
            default -> new State.Unknown(reason);
        };
    }

    private State packages(String key, Requirement.Packages packages, Optional<PackageManager> manager) {
        List<String> wanted = manager.map(packages.names()::get).orElse(List.of());
        if (wanted.isEmpty()) {
            return new State.Unknown(manager.isEmpty() ? "no package manager" : "no packages are known for it");
        }
        List<String> there =
                all(key + ".has").stream().map(text -> text.split(" ", 2)[0]).toList();
        List<String> missing =
                wanted.stream().filter(name -> !there.contains(name)).toList();
        return missing.isEmpty()
                ? new State.Met(String.join(", ", all(key + ".has")))
                : new State.Unmet("missing", missing);
    }

    private List<String> all(String key) {
        return values.getOrDefault(key, List.of());
    }

    private Optional<String> text(String key) {
        return all(key).stream().filter(value -> !value.isEmpty()).findFirst();
    }

    private OptionalLong number(String key) {
        return text(key)
                .filter(value -> value.matches("[0-9]{1,18}"))
                .map(value -> OptionalLong.of(Long.parseLong(value)))
                .orElse(OptionalLong.empty());
    }

    private static OptionalLong positive(OptionalLong number) {
        return number.isPresent() && number.getAsLong() > 0 ? number : OptionalLong.empty();
    }

    private <E extends Enum<E>> Optional<E> constant(Class<E> type, String key) {
        String name = text(key).orElse("").toUpperCase(Locale.ROOT);
        for (E each : type.getEnumConstants()) {
            if (each.name().equals(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
