// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.lang.reflect.Modifier;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pf4j.Plugin;

/**
 * A class of a jar with everything that it inherits from, as far as that is in the jar or in the contract.
 *
 * @param kinds the SPIs that it implements
 * @param methods the names and descriptors of the methods that are not abstract
 */
record Ancestry(Set<ComponentKind> kinds, Set<String> methods) {

    static Ancestry of(String name, ClassSource classes) {
        Ancestry ancestry = new Ancestry(EnumSet.noneOf(ComponentKind.class), new HashSet<>());
        ancestry.collect(name, classes, new HashSet<>());
        return ancestry;
    }

    /** Whether the class extends pf4j's {@link Plugin}. */
    static boolean isPlugin(String name, ClassSource classes) {
        Set<String> seen = new HashSet<>();
        String at = name;
        while (seen.add(at) && !ContractPackages.hold(at.replace('/', '.'))) {
            List<String> parents = classes.find(at).map(ClassFile::parents).orElse(List.of());
            at = parents.isEmpty() ? at : parents.get(0);
        }
        return new Contract().find(at).filter(Plugin.class::isAssignableFrom).isPresent();
    }

    /** What the SPIs demand and the class does not have, such as {@code watch}. */
    List<String> missingMethods() {
        return kinds.stream()
                .flatMap(kind -> Contract.demands(kind.type()).stream())
                .filter(method -> !methods.contains(method.getName() + Contract.descriptor(method)))
                .map(method -> method.getName() + "()")
                .distinct()
                .sorted()
                .toList();
    }

    private void collect(String name, ClassSource classes, Set<String> seen) {
        if (!seen.add(name)) {
            return;
        }
        for (ComponentKind kind : ComponentKind.values()) {
            if (name.equals(kind.type().getName().replace('.', '/'))) {
                kinds.add(kind);
            }
        }
        Optional<ClassFile> found = classes.find(name);
        if (found.isEmpty() || ContractPackages.hold(name.replace('/', '.'))) {
            return;
        }
        for (ClassFile.Method method : found.get().methods()) {
            if (!Modifier.isAbstract(method.access())) {
                methods.add(method.name() + method.descriptor());
            }
        }
        for (String parent : found.get().parents()) {
            collect(parent, classes, seen);
        }
    }
}
