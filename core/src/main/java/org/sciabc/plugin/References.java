// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.sciabc.plugin.ConstantPool.Member;
import org.sciabc.plugin.PluginProblem.Kind;
import org.sciabc.spi.SpiVersion;

/**
 * What the classes of a plugin refer to, followed from its components through its jar.
 *
 * <p>What a plugin's own classes, those below the packages of its components, refer to has to be there. A library in the jar
 * may refer to what is not: many have parts that want another library and are never used.
 */
final class References {
    private static final int MOST_NAMES = 3;
    private static final String SPI = "org/sciabc/spi/";
    private static final Set<String> ENDING_THE_PROGRAM =
            Set.of("java/lang/System.exit", "java/lang/Runtime.exit", "java/lang/Runtime.halt");
    private static final Set<String> STANDARD_OUTPUT = Set.of("java/lang/System.out", "java/io/FileDescriptor.out");

    private final PluginInfo plugin;
    private final ClassSource classes;
    private final Contract contract = new Contract();
    private final Set<String> ownPackages = new HashSet<>();
    private final Set<String> seen = new HashSet<>();
    private final Deque<String> waiting = new ArrayDeque<>();

    private final Map<Kind, Set<String>> found = new EnumMap<>(Kind.class);

    References(PluginInfo plugin, ClassSource classes) {
        this.plugin = plugin;
        this.classes = classes;
    }

    List<PluginProblem> from(List<String> classNames) {
        for (String className : classNames) {
            String name = className.replace('.', '/');
            ownPackages.add(name.substring(0, name.lastIndexOf('/') + 1));
            reach(name);
        }
        while (!waiting.isEmpty()) {
            String name = waiting.remove();
            Optional<ClassFile> type = classes.find(name);
            if (type.isPresent()) {
                examine(name, type.get());
            }
        }
        return found.entrySet().stream()
                .map(entry -> problem(entry.getKey(), shortened(entry.getValue())))
                .toList();
    }

    private void reach(String name) {
        if (seen.add(name) && classes.has(name) && !ContractPackages.hold(name.replace('/', '.'))) {
            waiting.add(name);
        }
    }

    private void examine(String name, ClassFile type) {
        boolean own = ownPackages.stream().anyMatch(name::startsWith);
        boolean usesSpi = false;
        if (type.javaVersion() > Runtime.version().feature()) {
            found(Kind.JAVA_VERSION, name);
        }
        for (String other : type.classes()) {
            usesSpi |= other.startsWith(SPI);
            if (classes.has(other)) {
                reach(other);
            } else {
                outside(other, own);
            }
        }
        if (own || usesSpi) {
            for (Member member : type.members()) {
                inContract(member);
                if (own) {
                    misbehaviour(name, member);
                }
            }
        }
    }

    private void outside(String name, boolean own) {
        if (ContractPackages.hold(name.replace('/', '.'))) {
            if (contract.find(name).isEmpty() && name.startsWith("org/sciabc/")) {
                found(Kind.SPI_VERSION, name);
            }
        } else if (name.startsWith("org/sciabc/")) {
            found(Kind.HOST_INTERNALS, name);
        } else if (own && !contract.isInPlatform(name)) {
            found(Kind.MISSING_CLASS, name);
        }
    }

    private void inContract(Member member) {
        if (!member.owner().startsWith(SPI)) {
            return;
        }
        Optional<Class<?>> owner = contract.find(member.owner());
        if (owner.isPresent() && !Contract.has(owner.get(), member)) {
            found(Kind.SPI_VERSION, member.owner() + "." + member.name());
        }
    }

    private void misbehaviour(String name, Member member) {
        String reference = member.owner() + "." + member.name();
        if (ENDING_THE_PROGRAM.contains(reference)) {
            found(Kind.EXITS, name);
        }
        if (STANDARD_OUTPUT.contains(reference)) {
            found(Kind.PRINTS, name);
        }
    }

    private void found(Kind kind, String name) {
        found.computeIfAbsent(kind, key -> new TreeSet<>()).add(name.replace('/', '.'));
    }

    private PluginProblem problem(Kind kind, String names) {
        PluginProblem problem = switch (kind) {
            case JAVA_VERSION ->
                unusable(
                        kind,
                        "was compiled for a newer Java than this one ("
                                + Runtime.version().feature() + "): " + names,
                        "run sciabc with a newer Java, or build the plugin with --release 17");
            case HOST_INTERNALS ->
                unusable(
                        kind,
                        "uses what belongs to the host alone: " + names,
                        "plugins may use org.sciabc.spi and what is in their own jar");
            case SPI_VERSION ->
                unusable(
                        kind,
                        "uses what SPI " + SpiVersion.CURRENT + " does not have: " + names,
                        "build it against this version, and say so with Plugin-Requires");
            case MISSING_CLASS ->
                warning(
                        kind,
                        "needs classes that are not in its jar, and fails where it comes to them: " + names,
                        "its build has to put the library with them into the jar");
            case EXITS ->
                warning(
                        kind,
                        "tries to end the program, which will be refused: " + names,
                        "fail with a SciabcException instead");
            default ->
                warning(
                        kind,
                        "may print to standard output, which is for data: " + names,
                        "results go through return values and listeners, words for people through notices");
        };
        return problem.in(plugin.id());
    }

    private PluginProblem unusable(Kind kind, String cause, String fix) {
        return PluginProblem.unusable(kind, plugin.jar(), cause, fix);
    }

    private PluginProblem warning(Kind kind, String cause, String fix) {
        return PluginProblem.warning(kind, plugin.jar(), cause, fix);
    }

    private static String shortened(Set<String> names) {
        List<String> sorted = List.copyOf(names);
        return sorted.size() <= MOST_NAMES
                ? String.join(", ", sorted)
                : String.join(", ", sorted.subList(0, MOST_NAMES)) + " and " + (sorted.size() - MOST_NAMES) + " more";
    }
}
