// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Reaches nodes with SSH through sshj: keys, agent, passwords, host keys, commands, files, and the OpenSSH client for launchers.
 * Which nodes are reached, what runs on them, fan-out and retries must not move in.
 */
@NullMarked
package org.sciabc.ssh;

import org.jspecify.annotations.NullMarked;
