// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What authors of plugins use says what it is. */
class DocumentationTest {
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");
    private static final Set<String> OF_EVERY_ENUM = Set.of("values", "valueOf");

    @ParameterizedTest
    @ValueSource(strings = {"../../core/src/main/java/org/sciabc/spi", "src/main/java/org/sciabc/testkit"})
    void everythingThatIsPromisedIsDescribed(String folder) throws IOException {
        List<String> seen = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        look(Path.of(folder), seen, missing);

        assertThat(seen).as("what was looked at in %s", folder).hasSizeGreaterThan(50);
        assertThat(missing).as("what has no description in %s", folder).isEmpty();
    }

    private static void look(Path folder, List<String> seen, List<String> missing) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.list(folder)) {
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromPaths(
                    sources.filter(file -> file.toString().endsWith(".java")).toList());
            List<String> options = List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, options, null, units);
            DocTrees trees = DocTrees.instance(task);
            for (Element element : task.analyze()) {
                lookAt(element, trees, seen, missing);
            }
        }
    }

    private static void lookAt(Element element, DocTrees trees, List<String> seen, List<String> missing) {
        boolean promised = element.getModifiers().contains(Modifier.PUBLIC)
                || element.getModifiers().contains(Modifier.PROTECTED);
        if (element.getKind() != ElementKind.PACKAGE && !promised) {
            return;
        }
        if (needsWords(element)) {
            String name = element.getEnclosingElement() + "." + element;
            DocCommentTree words = trees.getDocCommentTree(element);
            seen.add(name);
            if (words == null || words.getFirstSentence().isEmpty()) {
                missing.add(name);
            } else if (element instanceof TypeElement type && element.getKind() == ElementKind.RECORD) {
                missing.addAll(componentsWithoutWords(type, words));
            }
        }
        if (element instanceof TypeElement || element.getKind() == ElementKind.PACKAGE) {
            element.getEnclosedElements().stream()
                    .filter(inner -> element.getKind() != ElementKind.PACKAGE)
                    .forEach(inner -> lookAt(inner, trees, seen, missing));
        }
    }

    /** What overrides is described where it was declared; constructors and accessors of records are their components. */
    private static boolean needsWords(Element element) {
        return switch (element.getKind()) {
            case CLASS, INTERFACE, ENUM, RECORD, ENUM_CONSTANT -> true;
            case FIELD -> !element.getSimpleName().contentEquals("serialVersionUID");
            case METHOD ->
                element.getAnnotation(Override.class) == null
                        && element.getEnclosingElement() instanceof TypeElement owner
                        && !isMadeByTheCompiler((ExecutableElement) element, owner);
            default -> false;
        };
    }

    private static boolean isMadeByTheCompiler(ExecutableElement method, TypeElement owner) {
        String name = method.getSimpleName().toString();
        return OF_EVERY_OBJECT.contains(name)
                || (owner.getKind() == ElementKind.ENUM && OF_EVERY_ENUM.contains(name))
                || (method.getParameters().isEmpty()
                        && owner.getRecordComponents().stream()
                                .anyMatch(component -> component.getSimpleName().contentEquals(name)));
    }

    /** The reason of a requirement is described once for all of them. */
    private static List<String> componentsWithoutWords(TypeElement type, DocCommentTree words) {
        Set<String> described = words.getBlockTags().stream()
                .filter(tag -> tag.getKind() == DocTree.Kind.PARAM)
                .map(tag -> ((ParamTree) tag).getName().toString())
                .collect(Collectors.toSet());
        return type.getRecordComponents().stream()
                .map(component -> component.getSimpleName().toString())
                .filter(name -> !described.contains(name)
                        && !(name.equals("why") && type.getEnclosingElement() instanceof TypeElement))
                .map(name -> type.getSimpleName() + ", component " + name)
                .toList();
    }
}
