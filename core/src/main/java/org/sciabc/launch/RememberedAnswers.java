// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Probe;
import org.sciabc.spi.SciabcException;

/**
 * What machines answered to the questions of earlier launches, with the evidence that nothing has changed since then. For
 * each set of questions, thus for each program, one file; whatever makes no sense in it is as if it were not there.
 */
final class RememberedAnswers {
    private static final String FOLDER = "checks";
    private static final int MOST_FILES = 24;
    private static final int MOST_MACHINES = 512;

    /** Neither is in what machines answer, as a rule; an answer with one of them is not remembered. */
    private static final String FIELD = "\u001f";

    private static final String PART = "\u001e";
    private static final String FORM = "1";

    private final Path file;
    private final String questions;
    private final Map<String, Remembered> machines;
    private boolean isChanged;

    private RememberedAnswers(Path file, String questions, Map<String, Remembered> machines) {
        this.file = file;
        this.questions = questions;
        this.machines = machines;
    }

    /**
     * What one machine answered.
     *
     * @param sight the evidence, as the machine said it
     * @param answers by the name of the probe
     */
    record Remembered(String sight, Map<String, String> answers) {
        Remembered {
            answers = Map.copyOf(answers);
        }
    }

    /** What is remembered of these questions. */
    static RememberedAnswers of(Path stateFolder, List<Probe> probes) {
        StringBuilder questions = new StringBuilder();
        for (Probe probe : probes) {
            questions.append(probe.name()).append('\n').append(probe.script()).append('\n');
            questions.append(probe.evidence()).append('\n');
        }
        String text = questions.toString().replace(FIELD, "").replace(PART, "");
        Path file = stateFolder.resolve(FOLDER).resolve(Integer.toHexString(text.hashCode()));
        return new RememberedAnswers(file, text, read(file, text));
    }

    /** Lets go of everything that is remembered for a cluster. */
    static void forget(Path stateFolder) throws SciabcException {
        File[] files = stateFolder.resolve(FOLDER).toFile().listFiles();
        for (File each : files == null ? new File[0] : files) {
            delete(each);
        }
    }

    /** What that machine answered. */
    Optional<Remembered> of(String machine) {
        return Optional.ofNullable(machines.get(machine));
    }

    /**
     * Remembers what a machine answered just now, unless there is any doubt that a change of it would be seen.
     *
     * @param probes those that it was asked
     * @param clock the machine's clock, in seconds
     */
    void keep(String machine, Map<String, String> answers, List<Probe> probes, String clock) {
        if (answers.containsKey(PreflightScript.SAME)) {
            return;
        }
        isChanged |= machines.remove(machine) != null;
        String sight = answers.getOrDefault(PreflightScript.SIGHT, "");
        Map<String, String> lasting = new LinkedHashMap<>(answers);
        lasting.remove(PreflightScript.SIGHT);
        for (Probe probe : probes) {
            if (!PreflightScript.isLasting(probe)) {
                lasting.remove(probe.name());
            }
        }
        String all = sight + lasting;
        if (Settled.isSure(sight, clock) && !all.contains(FIELD) && !all.contains(PART)) {
            machines.put(machine, new Remembered(sight, lasting));
            isChanged = true;
        }
    }

    /** Makes it last until the next launch. */
    void write() throws SciabcException {
        if (!isChanged) {
            return;
        }
        StringBuilder text = new StringBuilder(FORM).append(FIELD).append(questions);
        machines.entrySet().stream()
                .skip(Math.max(0, machines.size() - MOST_MACHINES))
                .forEach(each -> text.append(FIELD).append(line(each.getKey(), each.getValue())));
        text.append(FIELD);
        makeRoom();
        AtomicFile.ownerOnlyAt(file).write(text.toString());
        isChanged = false;
    }

    private static String line(String machine, Remembered known) {
        StringBuilder text = new StringBuilder(machine).append(PART).append(known.sight());
        known.answers()
                .forEach((name, answer) ->
                        text.append(PART).append(name).append(PART).append(answer));
        return text.toString();
    }

    private static Map<String, Remembered> read(Path file, String questions) {
        Map<String, Remembered> machines = new LinkedHashMap<>();
        String text;
        try {
            text = AtomicFile.at(file).read().orElse("");
        } catch (SciabcException unreadable) {
            // Then everything is asked, as the first time.
            return machines;
        }
        String[] fields = text.split(FIELD, -1);
        if (fields.length < 3
                || !fields[0].equals(FORM)
                || !fields[1].equals(questions)
                || !fields[fields.length - 1].isEmpty()) {
            return machines;
        }
        for (int number = 2; number < fields.length - 1; number++) {
            String[] parts = fields[number].split(PART, -1);
            if (parts.length < 2 || parts.length % 2 != 0) {
                return new LinkedHashMap<>();
            }
            Map<String, String> answers = new LinkedHashMap<>();
            for (int part = 2; part < parts.length; part += 2) {
                answers.put(parts[part], parts[part + 1]);
            }
            machines.put(parts[0], new Remembered(parts[1], answers));
        }
        return machines;
    }

    /** The oldest go, so that the folder does not grow with every program that somebody tried. */
    private void makeRoom() throws SciabcException {
        Path folder = file.resolveSibling("");
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw new SciabcException("cannot make " + folder, String.valueOf(failure.getMessage()), "", failure);
        }
        File[] files = folder.toFile().listFiles();
        if (files != null && files.length >= MOST_FILES) {
            Arrays.sort(files, Comparator.comparingLong(File::lastModified));
            for (int number = 0; number <= files.length - MOST_FILES; number++) {
                delete(files[number]);
            }
        }
    }

    private static void delete(File file) throws SciabcException {
        try {
            Files.deleteIfExists(file.toPath());
        } catch (IOException failure) {
            throw new SciabcException("cannot remove " + file, String.valueOf(failure.getMessage()), "", failure);
        }
    }
}
