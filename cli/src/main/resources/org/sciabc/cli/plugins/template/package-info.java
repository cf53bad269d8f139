// SPDX-License-Identifier: GPL-3.0-or-later
/** A @title@ for sciabc. */
package @package@;
