// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.JobsReport;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.ProfileOption;
import org.sciabc.launch.JobRecords;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/** {@code sciabc jobs [show ID]}. */
@Parameters(separators = "=")
public final class JobsVerb implements Verb {
    private static final String SEE_HELP = "'sciabc help jobs' shows what it takes";

    @Parameter(description = "[show ID]")
    private List<String> words = new ArrayList<>();

    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @ParametersDelegate
    private ProfileOption profile = new ProfileOption();

    @Override
    public int run(Session session) throws SciabcException {
        if (!words.isEmpty() && !words.get(0).equals("show")) {
            throw CliFailure.usage(
                    "'jobs' cannot '" + Untrusted.line(words.get(0), 40) + "'",
                    "",
                    "did you mean 'sciabc jobs show ID'? " + SEE_HELP);
        }
        if (words.size() == 1 || words.size() > 2) {
            throw CliFailure.usage("'jobs show' takes the number of one job", "", SEE_HELP);
        }
        try (Setup setup = Setup.open(session, profile.network())) {
            JobRecords records = new JobRecords(setup.stateFolder());
            JobsReport report = new JobsReport(session.terminal(), setup.cluster(), ZoneId.systemDefault());
            return words.isEmpty() ? list(records, report) : show(records, report, words.get(1));
        }
    }

    private int list(JobRecords records, JobsReport report) throws SciabcException {
        List<JobRecords.Kept> jobs = records.all();
        if (json) {
            report.json(jobs);
        } else if (!jobs.isEmpty()) {
            report.table(jobs, InstantSource.system().instant());
        }
        return ExitCode.OK;
    }

    private int show(JobRecords records, JobsReport report, String number) throws SciabcException {
        int id = number.matches("[1-9]\\d{0,8}") ? Integer.parseInt(number) : 0;
        JobRecords.Kept job = records.find(id)
                .orElseThrow(() -> new CliFailure(
                        ExitCode.USAGE,
                        "there is no job '" + Untrusted.line(number, 40) + "'",
                        "the last " + JobRecords.MOST_JOBS + " are kept",
                        "'sciabc jobs' lists them"));
        try (InputStream output = records.output(id)) {
            if (json) {
                report.json(job, output);
            } else {
                report.details(job, InstantSource.system().instant(), output);
            }
            return ExitCode.OK;
        } catch (IOException unreadable) {
            throw new SciabcException("cannot read the output of job " + id, "", "", unreadable);
        }
    }
}
