// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import java.util.Optional;
import org.sciabc.spi.Component;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.Provisioner;

/** What a plugin can offer: one constant for each SPI. */
public enum ComponentKind {
    DISCOVERY("discovery", "discovery backend", DiscoveryBackend.class),
    PROVISIONER("provisioner", "provisioner", Provisioner.class),
    LAUNCHER("launcher", "launcher", JobLauncher.class);

    private final String label;
    private final String title;
    private final Class<? extends Component> type;

    ComponentKind(String label, String title, Class<? extends Component> type) {
        this.label = label;
        this.title = title;
        this.type = type;
    }

    /** The word in the manifest, in options and in JSON, such as {@code discovery}. */
    public String label() {
        return label;
    }

    /** The words in a sentence, such as {@code discovery backend}. */
    public String title() {
        return title;
    }

    /** The SPI. */
    public Class<? extends Component> type() {
        return type;
    }

    static Optional<ComponentKind> parse(String label) {
        for (ComponentKind kind : values()) {
            if (kind.label.equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    static ComponentKind of(Class<? extends Component> type) {
        for (ComponentKind kind : values()) {
            if (kind.type == type) {
                return kind;
            }
        }
        throw new IllegalArgumentException("not one of the SPIs: " + type.getName());
    }
}
