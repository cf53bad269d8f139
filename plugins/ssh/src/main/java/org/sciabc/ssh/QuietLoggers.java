// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import net.schmizz.sshj.common.LoggerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * sshj logs as an error, with a stack trace, whatever it throws as well. Here it is heard only by those who want to hear
 * everything.
 */
final class QuietLoggers implements LoggerFactory {
    @Override
    public Logger getLogger(String name) {
        Logger logger = org.slf4j.LoggerFactory.getLogger(name);
        return logger.isDebugEnabled() ? logger : NOPLogger.NOP_LOGGER;
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return getLogger(type.getName());
    }
}
