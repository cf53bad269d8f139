// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import static org.sciabc.plugin.ConstantPool.int2;
import static org.sciabc.plugin.ConstantPool.int4;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a class file says of its class (JVMS 4.1). Names are those of class files, such as {@code java/lang/Object}.
 */
final class ClassFile {
    private static final int FIRST_MAJOR = 44;

    private final byte[] bytes;
    private final ConstantPool constants;

    private ClassFile(byte[] bytes, ConstantPool constants) {
        this.bytes = bytes;
        this.constants = constants;
    }

    /** A method that the class itself has. */
    record Method(int access, String name, String descriptor) {
        boolean is(String otherName, String otherDescriptor) {
            return name.equals(otherName) && descriptor.equals(otherDescriptor);
        }
    }

    /** Finds its constants; empty when these bytes are not a class file. */
    static Optional<ClassFile> of(byte[] bytes) {
        return ConstantPool.of(bytes).map(constants -> new ClassFile(bytes, constants));
    }

    /** The first version of Java that accepts it, such as 17. */
    int javaVersion() {
        return int2(bytes, 6) - FIRST_MAJOR;
    }

    boolean isPublic() {
        return Modifier.isPublic(int2(bytes, constants.end()));
    }

    /** Also true for interfaces. */
    boolean isAbstract() {
        return Modifier.isAbstract(int2(bytes, constants.end()));
    }

    /** What it extends and implements. */
    List<String> parents() {
        List<String> parents = new ArrayList<>();
        int parent = int2(bytes, constants.end() + 4);
        if (parent != 0) {
            parents.add(constants.className(parent));
        }
        int at = constants.end() + 8;
        for (int i = interfaceCount(); i > 0; i--) {
            parents.add(constants.className(int2(bytes, at)));
            at += 2;
        }
        return parents;
    }

    /** The methods that the class itself has. */
    List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        int begin = behindFields();
        int at = begin + 2;
        for (int i = int2(bytes, begin); i > 0; i--) {
            methods.add(new Method(
                    int2(bytes, at), constants.utf8(int2(bytes, at + 2)), constants.utf8(int2(bytes, at + 4))));
            at = behindMember(at);
        }
        return methods;
    }

    boolean hasPublicConstructorWithoutParameters() {
        return methods().stream().anyMatch(method -> method.is("<init>", "()V") && Modifier.isPublic(method.access()));
    }

    /** The classes that it refers to in any way but by reflection; of an array, that of its elements. */
    List<String> classes() {
        List<String> classes = new ArrayList<>();
        constants.forEach(
                ConstantPool.CLASS,
                index -> elements(constants.utf8(constants.first(index))).ifPresent(classes::add));
        return classes;
    }

    /** The fields and methods of other classes, and its own, that it refers to. */
    List<ConstantPool.Member> members() {
        List<ConstantPool.Member> members = new ArrayList<>();
        for (int kind : List.of(ConstantPool.FIELD, ConstantPool.METHOD, ConstantPool.INTERFACE_METHOD)) {
            constants.forEach(kind, index -> members.add(constants.member(index)));
        }
        return members;
    }

    private static Optional<String> elements(String name) {
        if (!name.startsWith("[")) {
            return Optional.of(name);
        }
        String element = name.substring(name.lastIndexOf('[') + 1);
        return element.startsWith("L") ? Optional.of(element.substring(1, element.length() - 1)) : Optional.empty();
    }

    private int interfaceCount() {
        return int2(bytes, constants.end() + 6);
    }

    private int behindFields() {
        int begin = constants.end() + 8 + 2 * interfaceCount();
        int at = begin + 2;
        for (int i = int2(bytes, begin); i > 0; i--) {
            at = behindMember(at);
        }
        return at;
    }

    private int behindMember(int begin) {
        int at = begin + 8;
        for (int i = int2(bytes, begin + 6); i > 0; i--) {
            at += 6 + int4(bytes, at + 2);
        }
        return at;
    }
}
