// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sciabc.spi.CheckRequest;

final class PythonProgramTest {
    @TempDir
    Path folder;

    private Path module;

    @BeforeEach
    void prepare() throws Exception {
        module = Files.writeString(folder.resolve("module.so"), "");
        program("bin/python9", "#!/bin/sh\necho '" + module + "'\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#!/usr/bin/env python9",
                "#!/usr/bin/env -S python9 -u",
                "#! FOLDER/bin/python9 -E",
                "#!/usr/bin/env -S LANG=C python9"
            })
    void aScriptThatIsStartedByItsFirstLineIsOne(String first) throws Exception {
        program("job", first.replace("FOLDER", folder.toString()) + "\nfrom mpi4py import MPI\n");
        assertThat(answer("./job", "4").lines()).containsExactly("asked", "uses", "mpi4py " + module);
    }

    @Test
    void aScriptWithoutMpi4pyDoesNotStartPython() throws Exception {
        program("bin/python9", "#!/bin/sh\n: >'" + folder + "/started'\n");
        program("job", "#!/usr/bin/env python9\nprint()\n");
        assertThat(answer("./job", "mpi4py")).isEqualTo("asked\n");
        assertThat(folder.resolve("started")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#!/bin/sh\n# not python, mpi4py", "#!/usr/bin/env pythonic\nmpi4py", "python9 mpi4py", ""})
    void otherProgramsAreNotAskedAnything(String content) throws Exception {
        program("job", content);
        assertThat(answer("./job")).isEmpty();
        assertThat(answer("./absent")).isEmpty();
        assertThat(PythonProgram.probe(List.of("/usr/bin/env", "mpi4py"), folder))
                .isEmpty();
    }

    @Test
    void whereTheScriptIsMissingNobodyIsToldThatMpi4pyIs() throws Exception {
        program("job", "#!/usr/bin/env python9\nfrom mpi4py import MPI\n");
        Map<String, String> manager = Map.of(PythonProgram.PROBE, answer("./job"));
        Map<String, String> without = Map.of(PythonProgram.PROBE, "asked\nuses\n");
        Map<String, String> absent = Map.of(PythonProgram.PROBE, answer("./absent"));

        List<Map<String, String>> told = PythonProgram.told(List.of(manager, without, absent), manager);

        assertThat(told.get(0)).containsEntry(CheckRequest.MPI4PY, module.toString());
        assertThat(told.get(1)).containsEntry(CheckRequest.MPI4PY, "");
        assertThat(told.get(2)).doesNotContainKey(CheckRequest.MPI4PY);
    }

    private String answer(String... command) throws Exception {
        String script =
                PythonProgram.probe(List.of(command), folder).orElseThrow().script();
        ProcessBuilder shell =
                new ProcessBuilder("/bin/sh", "-c", script).redirectError(ProcessBuilder.Redirect.DISCARD);
        shell.environment().put("PATH", folder + "/bin:" + System.getenv("PATH"));
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private void program(String name, String content) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
