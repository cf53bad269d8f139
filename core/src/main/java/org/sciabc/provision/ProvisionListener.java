// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

/** Hears what happens on the nodes. Never called from two threads at once; must return at once. */
@FunctionalInterface
public interface ProvisionListener {
    /** Wants to hear nothing. */
    ProvisionListener NONE = event -> {};

    /** Something happened. */
    void happened(ProvisionEvent event);
}
