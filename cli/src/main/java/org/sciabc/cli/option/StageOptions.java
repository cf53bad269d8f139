// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.option;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;

/** What is brought to the nodes for a job, and home from them. */
@Parameters(separators = "=")
public final class StageOptions {
    @Parameter(
            names = "--stage",
            description = "copy the program into a folder for this job on each node (the usual, where nodes lack it)")
    private boolean stage;

    @Parameter(names = "--no-stage", description = "copy nothing to the nodes")
    private boolean noStage;

    @Parameter(
            names = "--with",
            description = "FILE|FOLDER | copy this there, too; may be repeated",
            splitter = Whole.class)
    private List<String> with = new ArrayList<>();

    @Parameter(names = "--build", description = "the program is a source in C, C++ or Fortran: compile it first")
    private boolean build;

    @Parameter(
            names = "--fetch",
            description =
                    "PATTERN | bring these files of the job home, {rank} standing for each process; may be repeated",
            splitter = Whole.class)
    private List<String> fetch = new ArrayList<>();

    @Parameter(
            names = "--results",
            description =
                    "FOLDER | where --fetch puts them, in a folder for each node and, with {rank}, each rank (results)")
    private @Nullable String results;

    /** Refuses what makes no sense. */
    void check() throws CliFailure {
        keepsOff();
        if (results != null && fetch.isEmpty()) {
            throw CliFailure.usage(
                    "--results alone does nothing", "it says where --fetch puts files", "add --fetch PATTERN");
        }
        for (List<String> names : List.of(with, fetch)) {
            if (names.contains("")) {
                throw CliFailure.usage((names == with ? "--with" : "--fetch") + " names no file", "it is empty", "");
            }
        }
    }

    /** Whether the program is to be copied in any case. */
    public boolean stages() {
        return stage;
    }

    /** Whether nothing may be copied. */
    public boolean keepsOff() throws CliFailure {
        if (noStage && (stage || build || !with.isEmpty() || !fetch.isEmpty())) {
            throw CliFailure.usage(
                    "--no-stage does not go with --stage, --with, --build and --fetch",
                    "these work in a folder that the job has on each node",
                    "");
        }
        return noStage;
    }

    /** What else is to be copied. */
    public List<String> with() {
        return with;
    }

    /** Whether the program has to be compiled first. */
    public boolean builds() {
        return build;
    }

    /** What is to be brought home. */
    public List<String> fetched() {
        return fetch;
    }

    /** Where it goes. */
    public String results() {
        return results == null ? "results" : results;
    }
}
