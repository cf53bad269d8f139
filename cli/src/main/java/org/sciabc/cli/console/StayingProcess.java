// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import java.time.Duration;
import java.time.Instant;

/**
 * A process of this program that stays for the next commands.
 *
 * @param process its number
 * @param place the folder in which it was started; commands typed elsewhere start Java as ever
 * @param since when it began
 * @param idle after how long without a command it ends
 */
public record StayingProcess(long process, String place, Instant since, Duration idle) {}
