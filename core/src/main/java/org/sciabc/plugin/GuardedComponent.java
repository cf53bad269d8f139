// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sciabc.spi.Component;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;

/**
 * A component as the host hands it out: what it is was asked once, when it was loaded, and everything else is called
 * through {@link PluginCalls}.
 */
abstract class GuardedComponent implements Component {
    final PluginCalls calls;
    private final ComponentInfo info;
    private final Component component;

    GuardedComponent(ComponentInfo info, Component component, PluginCalls calls) {
        this.info = info;
        this.component = component;
        this.calls = calls;
    }

    static Component of(ComponentInfo info, Component component, PluginCalls calls) {
        return switch (info.offer().kind()) {
            case DISCOVERY -> new GuardedDiscovery(info, (DiscoveryBackend) component, calls);
            case PROVISIONER -> new GuardedProvisioner(info, (Provisioner) component, calls);
            case LAUNCHER -> new GuardedLauncher(info, (JobLauncher) component, calls);
        };
    }

    @Override
    public final String id() {
        return info.offer().id();
    }

    @Override
    public final String summary() {
        return info.summary();
    }

    @Override
    public final List<Setting> settings() {
        return info.settings();
    }

    @Override
    public final List<Requirement> requirements(RequirementsRequest request) throws SciabcException {
        return calls.attempt("requirements", () -> component.requirements(request));
    }

    /** Of the same class, as it was loaded from the same jar: what one has begun, the other may go on with. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof GuardedComponent guarded
                && id().equals(guarded.id())
                && component.getClass() == guarded.component.getClass();
    }

    @Override
    public final int hashCode() {
        return component.getClass().hashCode();
    }

    @Override
    public final String toString() {
        return info.offer() + " of plugin " + info.plugin().id();
    }
}
