// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Ready nodes in, hostfile, exit status and the record of the job out; and which network the nodes share.
 * Making nodes ready stays out, and so does everything that only one launcher needs.
 */
@NullMarked
package org.sciabc.launch;

import org.jspecify.annotations.NullMarked;
