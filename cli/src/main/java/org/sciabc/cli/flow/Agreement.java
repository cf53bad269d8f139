// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Questions;
import org.sciabc.spi.Consent;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.WatchRequest;

/** What a person has to agree to before a discovery backend may begin. */
public final class Agreement {
    private Agreement() {}

    /**
     * The same backends, with the settings that say what was agreed to.
     *
     * @throws CliFailure when it was not agreed to, or when there is nobody to ask
     * @throws InterruptedException when the thread was interrupted at a question
     */
    public static List<Chosen<DiscoveryBackend>> obtain(
            Setup setup, Questions questions, List<Chosen<DiscoveryBackend>> backends)
            throws SciabcException, InterruptedException {
        List<Chosen<DiscoveryBackend>> agreed = new ArrayList<>();
        for (Chosen<DiscoveryBackend> backend : backends) {
            agreed.add(obtain(setup, questions, backend));
        }
        return List.copyOf(agreed);
    }

    private static Chosen<DiscoveryBackend> obtain(Setup setup, Questions questions, Chosen<DiscoveryBackend> backend)
            throws SciabcException, InterruptedException {
        List<LocalInterface> interfaces;
        try {
            interfaces = DiscoverStage.interfacesFor(setup, backend);
        } catch (SciabcException withoutNetwork) {
            // Nothing can be asked before there is a network. A discovery will say the same; a watch waits for one.
            return backend;
        }
        WatchRequest request = new WatchRequest(
                setup.cluster(), backend.settings(), interfaces, setup.stateFolder(), Optional.empty());
        Optional<Consent> wanted = backend.component().consent(request);
        if (wanted.isEmpty()) {
            return backend;
        }
        Consent consent = wanted.get();
        String setting = backend.component().id() + "." + consent.key() + "=" + consent.value();
        if (!questions.agrees(consent.question(), "--yes, or --set " + setting + ",")) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "nothing was looked for",
                    "you did not agree",
                    "choose another backend with --discovery");
        }
        return new Chosen<>(backend.component(), backend.settings().with(consent.key(), consent.value()));
    }
}
