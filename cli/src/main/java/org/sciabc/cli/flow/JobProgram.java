// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sciabc.launch.OwnProcesses;

/**
 * Which of a command's words is the file of this machine that runs: the program itself, or what an interpreter is given.
 *
 * @param command the program and its arguments; a program in Python is given to its interpreter
 * @param place the number of the word that is a file here
 * @param file that file, with its absolute path; absent where the command is one that nodes have of their own
 * @param isPython whether Python runs it
 */
record JobProgram(List<String> command, int place, Optional<Path> file, boolean isPython) {
    private static final Pattern INTERPRETER =
            Pattern.compile("(?:.*/)?(?:python[0-9.]*|sh|bash|dash|perl|ruby|julia|Rscript|lua)");
    private static final Pattern PYTHON = Pattern.compile("(?:.*/)?python[0-9.]*");

    JobProgram {
        command = List.copyOf(command);
    }

    static JobProgram of(List<String> command, Path here, String searchPath) {
        String first = command.get(0);
        Optional<Path> program =
                first.contains("/") || OwnProcesses.find(first, searchPath).isEmpty()
                        ? file(first, here)
                        : Optional.empty();
        if (program.isPresent() && first.endsWith(".py")) {
            List<String> words = new ArrayList<>(command);
            words.add(0, "python3");
            return new JobProgram(words, 1, program, true);
        }
        if (INTERPRETER.matcher(first).matches() && !program.isPresent()) {
            for (int i = 1; i < command.size(); i++) {
                Optional<Path> script = file(command.get(i), here);
                // What follows -c is a text, and a file of that name is not meant.
                if (command.get(i).equals("-c")) {
                    break;
                }
                if (script.isPresent()) {
                    return new JobProgram(
                            command, i, script, PYTHON.matcher(first).matches());
                }
            }
        }
        return new JobProgram(command, 0, program, false);
    }

    /** The same command with another program. */
    List<String> running(String word) {
        List<String> words = new ArrayList<>(command);
        words.set(place, word);
        return List.copyOf(words);
    }

    /**
     * What a file is called in the folder of a job: as here when it is below the working folder, so that arguments go on to
     * name it; else by its own name.
     */
    static String nameInFolder(Path file, Path here) {
        Path normal = file.normalize();
        Path name = normal.startsWith(here) && !normal.equals(here) ? here.relativize(normal) : normal.getFileName();
        return name == null ? "" : name.toString();
    }

    private static Optional<Path> file(String word, Path here) {
        try {
            Path path = here.resolve(word).normalize();
            return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException notOne) {
            return Optional.empty();
        }
    }
}
