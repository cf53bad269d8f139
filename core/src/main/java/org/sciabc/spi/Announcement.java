// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;

/** An announcement that lasts until it is closed. */
public interface Announcement extends AutoCloseable {

    /**
     * What the network is told, for the owner of the machine to read.
     *
     * @return printable lines, such as {@code cores=4}
     */
    List<String> told();

    /**
     * Withdraws the announcement, with a goodbye where the technology has one. Should return within a second, also when
     * nobody answers: the program ends after it. Closing again does nothing.
     */
    @Override
    void close();
}
