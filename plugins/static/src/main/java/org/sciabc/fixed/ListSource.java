// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.fixed;

import org.sciabc.spi.SciabcException;

/** Where all that is listed can be read, as often as one likes. */
@FunctionalInterface
interface ListSource {
    /**
     * What is listed at this moment.
     *
     * @throws SciabcException when something cannot be read, saying where, or when nothing is listed
     */
    NodeList read() throws SciabcException;
}
