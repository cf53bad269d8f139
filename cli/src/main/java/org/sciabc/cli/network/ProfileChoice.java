// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.network;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.config.NetworkProfile;
import org.sciabc.spi.Similarity;
import org.sciabc.spi.Untrusted;

/**
 * Which network profile applies, and why. Of several that fit, the one with more kinds of conditions does; then the one with
 * the narrower range. Which of them was written first never matters.
 *
 * @param way how it was chosen
 * @param candidates the profile that applies; more than one when several fit equally well, none when none does
 * @param verdicts every profile, in order
 */
public record ProfileChoice(Way way, List<NetworkProfile> candidates, List<ProfileVerdict> verdicts) {
    private static final Comparator<ProfileVerdict> NARROWNESS = Comparator.comparing(
                    (ProfileVerdict verdict) -> verdict.findings().size())
            .thenComparing(ProfileVerdict::longestPrefix);

    /** How a profile is chosen. */
    public enum Way {
        /** {@code --network} named it. */
        NAMED,
        /** It fits this network best. */
        FITS,
        /** None fits. */
        UNMATCHED,
        /** {@code --network none}. */
        SWITCHED_OFF,
        /** Several fit equally well. */
        AMBIGUOUS
    }

    public ProfileChoice {
        candidates = List.copyOf(candidates);
        verdicts = List.copyOf(verdicts);
    }

    /**
     * Chooses.
     *
     * @param named what {@code --network} said
     * @throws CliFailure when it named a profile that there is not
     */
    public static ProfileChoice of(List<NetworkProfile> profiles, NetworkFacts facts, Optional<String> named)
            throws CliFailure {
        List<ProfileVerdict> verdicts =
                profiles.stream().map(profile -> Matching.of(profile, facts)).toList();
        if (named.isPresent()) {
            return named.get().equals(NetworkProfile.NONE)
                    ? new ProfileChoice(Way.SWITCHED_OFF, List.of(), verdicts)
                    : new ProfileChoice(Way.NAMED, List.of(named(profiles, named.get())), verdicts);
        }
        List<ProfileVerdict> fitting =
                verdicts.stream().filter(ProfileVerdict::fits).toList();
        Optional<ProfileVerdict> best = fitting.stream().max(NARROWNESS);
        if (best.isEmpty()) {
            return new ProfileChoice(Way.UNMATCHED, List.of(), verdicts);
        }
        List<NetworkProfile> equal = fitting.stream()
                .filter(verdict -> NARROWNESS.compare(verdict, best.get()) == 0)
                .map(ProfileVerdict::profile)
                .toList();
        return new ProfileChoice(equal.size() == 1 ? Way.FITS : Way.AMBIGUOUS, equal, verdicts);
    }

    /**
     * The profile that applies; empty when none does.
     *
     * @throws CliFailure when several fit equally well
     */
    public Optional<NetworkProfile> profile() throws CliFailure {
        if (way == Way.AMBIGUOUS) {
            throw new CliFailure(
                    ExitCode.CONFIGURATION,
                    "cannot tell which network profile applies",
                    candidates.stream()
                                    .map(each -> "'" + each.name() + "' (" + each.place() + ")")
                                    .collect(Collectors.joining(" and "))
                            + " fit this network equally well",
                    "give one of them a further condition, or choose with --network "
                            + candidates.get(0).name() + "; 'sciabc network' shows why they fit");
        }
        return candidates.stream().findFirst();
    }

    private static NetworkProfile named(List<NetworkProfile> profiles, String name) throws CliFailure {
        Optional<NetworkProfile> found =
                profiles.stream().filter(each -> each.name().equals(name)).findFirst();
        if (found.isPresent()) {
            return found.get();
        }
        String asked = Untrusted.line(name, 40);
        String known = profiles.stream()
                .map(NetworkProfile::name)
                .map(each -> "'" + each + "'")
                .collect(Collectors.joining(", "));
        throw CliFailure.usage(
                "there is no network profile '" + asked + "'",
                profiles.isEmpty() ? "the configuration file has none" : "the configuration file has " + known,
                profiles.stream()
                        .map(NetworkProfile::name)
                        .min(Comparator.comparingInt(each -> Similarity.distance(asked, each)))
                        .filter(nearest -> Similarity.distance(asked, nearest) <= 2)
                        .map(nearest -> "did you mean '" + nearest + "'?")
                        .orElse("a profile is a table such as [network.home]"));
    }
}
