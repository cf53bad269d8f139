// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.List;
import java.util.Optional;
import org.sciabc.spi.Component;

/**
 * A plugin whose class loader is open and whose components exist.
 *
 * @param components in the order of their class names
 */
record LoadedPlugin(
        JarContents jar, Pf4jForOnePlugin manager, Containment containment, List<LoadedComponent> components) {

    /** A component, and what it said of itself when it was loaded. */
    record LoadedComponent(ComponentInfo info, Component instance) {}

    Optional<LoadedComponent> find(Offer offer) {
        return components.stream()
                .filter(component -> component.info().offer().equals(offer))
                .findFirst();
    }
}
