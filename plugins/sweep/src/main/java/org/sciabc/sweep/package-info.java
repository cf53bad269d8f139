// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Finds SSH servers by connecting to every address of a network that a person has agreed to. Nothing may be sent anywhere else,
 * and nothing more than a connection: logging in is the provisioner's.
 */
@NullMarked
package org.sciabc.sweep;

import org.jspecify.annotations.NullMarked;
