// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a plugin's jar says of itself, read without loading any of its code.
 *
 * @param id the manifest's {@code Plugin-Id}
 * @param version the manifest's {@code Plugin-Version}
 * @param jar where it is
 * @param requires the versions of the SPI that it was built for
 * @param declared the components that it says it has; absent when it says nothing, and then only loading it shows them
 */
public record PluginInfo(
        String id,
        String version,
        Path jar,
        Optional<String> provider,
        Optional<String> description,
        Optional<String> license,
        Optional<String> requires,
        Optional<List<Offer>> declared) {

    boolean declares(Offer offer) {
        return declared.isPresent() && declared.get().contains(offer);
    }

    /** Whether it may have components of this kind, as far as can be told without loading it. */
    boolean mayOffer(ComponentKind kind) {
        return declared.isEmpty() || declared.get().stream().anyMatch(offer -> offer.kind() == kind);
    }
}
