// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contract as this host has it: which classes and members there are to refer to. Nothing of it is initialized. */
final class Contract {
    private final ClassLoader host = Contract.class.getClassLoader();
    private final ClassLoader platform = ClassLoader.getPlatformClassLoader();
    private final Map<String, Boolean> inPlatform = new HashMap<>();

    /** The class of that name, when it belongs to the contract and the host has it. */
    Optional<Class<?>> find(String name) {
        String className = name.replace('/', '.');
        try {
            return ContractPackages.hold(className)
                    ? Optional.of(Class.forName(className, false, host))
                    : Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    boolean isInPlatform(String name) {
        return inPlatform.computeIfAbsent(name, key -> {
            try {
                Class.forName(key.replace('/', '.'), false, platform);
                return true;
            } catch (ClassNotFoundException | LinkageError e) {
                return false;
            }
        });
    }

    /** Whether the class, or one that it inherits from, has that field, method or constructor. */
    static boolean has(Class<?> type, ConstantPool.Member member) {
        if (member.name().equals("<init>")) {
            return Arrays.stream(type.getDeclaredConstructors())
                    .anyMatch(constructor -> descriptor(void.class, constructor).equals(member.descriptor()));
        }
        if (hasItself(type, member)) {
            return true;
        }
        if (Arrays.stream(type.getInterfaces()).anyMatch(parent -> has(parent, member))) {
            return true;
        }
        Class<?> parent = type.isInterface() ? Object.class : type.getSuperclass();
        return parent != null && has(parent, member);
    }

    private static boolean hasItself(Class<?> type, ConstantPool.Member member) {
        return member.descriptor().startsWith("(")
                ? Arrays.stream(type.getDeclaredMethods())
                        .anyMatch(method -> method.getName().equals(member.name())
                                && descriptor(method).equals(member.descriptor()))
                : Arrays.stream(type.getDeclaredFields())
                        .anyMatch(field -> field.getName().equals(member.name()));
    }

    /** What an implementation of that SPI has to have. */
    static List<Method> demands(Class<?> spi) {
        return Arrays.stream(spi.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .toList();
    }

    static String descriptor(Method method) {
        return descriptor(method.getReturnType(), method);
    }

    private static String descriptor(Class<?> result, Executable executable) {
        return MethodType.methodType(result, executable.getParameterTypes()).toMethodDescriptorString();
    }
}
