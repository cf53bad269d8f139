// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import org.sciabc.spi.SciabcException;

/**
 * A plugin broke its contract in a method that may not fail, such as {@code hostfile}: thrown from the component that the
 * host handed out, in place of whatever came out of the plugin.
 */
public final class PluginFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SciabcException failure;

    PluginFailure(SciabcException failure) {
        super(failure);
        this.failure = failure;
    }

    /** The failure, said for the person at the keyboard. */
    public SciabcException failure() {
        return failure;
    }
}
