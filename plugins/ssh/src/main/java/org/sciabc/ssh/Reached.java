// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.net.Socket;

/** A socket at whose other end an SSH server has identified itself with this greeting. */
record Reached(Endpoint endpoint, Socket socket, Greeting greeting) {}
