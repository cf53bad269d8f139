// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import org.sciabc.spi.SciabcException;

/** What a component does with what it declares not to support. */
final class Refusal {
    private Refusal() {}

    /** Fails unless the call ends in a failure that says clearly why. */
    static void require(String what, Callable<?> call) throws Exception {
        try {
            Call.make(() -> {
                call.call();
                return true;
            });
        } catch (SciabcException refused) {
            assertThat(Said.wrongInFailure(refused))
                    .as("what is wrong with the refusal")
                    .isEmpty();
            return;
        } catch (RuntimeException broken) {
            throw new AssertionError(
                    what + " has to be refused with a SciabcException, and ended in " + broken, broken);
        }
        throw new AssertionError(what + " has to be refused with a SciabcException, and was not");
    }
}
