// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import org.sciabc.spi.Node;

/**
 * Something that is not as it was before sciabc came.
 *
 * @param node the node
 * @param what what it is about: a path, a package, a service, an account
 * @param was what was there before
 * @param is what is there now
 */
public record Difference(Node node, String what, String was, String is) {}
