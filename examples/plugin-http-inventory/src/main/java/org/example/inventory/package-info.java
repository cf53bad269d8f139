// SPDX-License-Identifier: GPL-3.0-or-later
/** A discovery backend that reads the nodes from a JSON document on a web server. */
package org.example.inventory;
