// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.Locale;

/** A step as a shell function: what was there is written into the journal, then the commands run, then what is there now. */
final class StepFrame {
    private StepFrame() {}

    static String function(String name, Step step) {
        return name + "() {\n"
                + secret(step)
                + "journal_begin " + step.kind().name().toLowerCase(Locale.ROOT)
                + " " + ShellText.quote(step.title())
                + " " + subject(step)
                + " " + ShellText.quote(step.detail())
                + "\n"
                + String.join("\n", step.commands())
                + proof(step)
                + "\njournal_done\n}\n";
    }

    private static String secret(Step step) {
        return step.secret()
                .map(text -> "secret() {\n" + ShellText.withInput("cat", "", new String(text.characters())) + "\n}\n")
                .orElse("");
    }

    /** A manager may end well and have installed nothing. */
    private static String proof(Step step) {
        return step.kind() == Step.Kind.PACKAGES ? "\nprove_packages " + step.subject() : "";
    }

    /** Paths are filed as absolute ones: undoing may come with another idea of home. */
    private static String subject(Step step) {
        return switch (step.kind()) {
            case KEY -> "\"$HOME\"";
            case FILE, FOLDER, DISTRIBUTION -> ShellText.path(step.subject());
            case ACCOUNT, PACKAGES, SERVICE -> ShellText.quote(step.subject());
        };
    }
}
