// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A process of sciabc that stays when a session begins, so that the next commands need not wait for Java. The start script
 * is its client: it finds the {@link StandbyFolder}, lays a {@link Request} there, and passes the streams on. What a
 * command does is the same as in a process of its own, and nothing is remembered from one to the next.
 */
@NullMarked
package org.sciabc.cli.standby;

import org.jspecify.annotations.NullMarked;
