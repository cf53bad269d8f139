// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.net.NetworkInterface;
import java.net.SocketException;

/** The system's numbers of its interfaces: a device that is plugged in again gets another one. */
final class SystemInterfaces {
    private static final int NONE = -1;

    private SystemInterfaces() {}

    /** The number of the device that has this name now. */
    static int identify(String name) {
        try {
            NetworkInterface found = NetworkInterface.getByName(name);
            return found == null ? NONE : found.getIndex();
        } catch (SocketException gone) {
            return NONE;
        }
    }
}
