// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles sources against the class path of this JVM. */
final class SourceCompiler {
    private static final String PROCESSOR = "org.pf4j.processor.ExtensionAnnotationProcessor";

    /** Tests build much the same jar over and over, and a compilation takes longer than all the rest of such a test. */
    private static final Map<Input, Map<String, byte[]>> COMPILED = new ConcurrentHashMap<>();

    private SourceCompiler() {}

    private record Input(Map<String, String> sources, boolean processed) {}

    /** Everything that the compiler and, where wanted, pf4j's processor wrote, by the names that they have in a jar. */
    static Map<String, byte[]> compile(Map<String, String> sources, boolean processed) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        COMPILED.computeIfAbsent(new Input(Map.copyOf(sources), processed), SourceCompiler::compile)
                .forEach((name, content) -> entries.put(name, content.clone()));
        return entries;
    }

    private static Map<String, byte[]> compile(Input input) {
        try {
            Path output = Files.createTempDirectory("plugin-classes");
            try {
                run(input.sources(), input.processed(), output);
                return read(output);
            } finally {
                delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Map<String, String> sources, boolean processed, Path output) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("the test kit needs a JDK, and this is a Java runtime without a compiler");
        }
        List<String> options = new ArrayList<>(List.of("--release", "17", "-g", "-d", output.toString()));
        options.addAll(List.of("-classpath", System.getProperty("java.class.path")));
        options.addAll(processed ? List.of("-processor", PROCESSOR) : List.of("-proc:none"));
        StringWriter messages = new StringWriter();
        List<JavaFileObject> files = sources.entrySet().stream()
                .map(source -> source(source.getKey(), source.getValue()))
                .toList();
        if (!compiler.getTask(messages, null, null, options, null, files).call()) {
            throw new IllegalArgumentException("does not compile:\n" + messages);
        }
    }

    private static JavaFileObject source(String className, String text) {
        URI name = URI.create("string:///" + className.replace('.', '/') + ".java");
        return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private static Map<String, byte[]> read(Path output) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = output.relativize(file).toString().replace('\\', '/');
                entries.put(name, Files.readAllBytes(file));
            }
        }
        return entries;
    }

    private static void delete(Path output) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
