// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.util.stream.Collectors;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.console.Terminal;
import org.sciabc.spi.HostKeyDecision;
import org.sciabc.spi.Node;

/** Decides about host keys that are seen for the first time: as the command line said, else by asking. */
final class Trust implements HostKeyDecision {
    private final Terminal terminal;
    private final Questions questions;
    private boolean acceptsAll;
    private boolean isOver;

    Trust(Terminal terminal, Questions questions, boolean acceptsAll) {
        this.terminal = terminal;
        this.questions = questions;
        this.acceptsAll = acceptsAll;
    }

    /** From now on what would have been asked is refused: a job runs, and nobody may be looking. */
    synchronized void askNoMore() {
        isOver = true;
    }

    /** One question at a time, and none after "all": nodes are reached in parallel. */
    @Override
    public synchronized boolean accept(Node node, String fingerprint) {
        if (acceptsAll) {
            terminal.detail(node.name() + ": new host key " + fingerprint);
            return true;
        }
        if (isOver || Thread.currentThread().isInterrupted() || !terminal.canAsk()) {
            return false;
        }
        try {
            return ask(node, fingerprint);
        } catch (InterruptedException interrupted) {
            // Other nodes are waiting for their turn: nobody is left to answer.
            isOver = true;
            Thread.currentThread().interrupt();
            return false;
        } catch (CliFailure nobodyToAsk) {
            return false;
        }
    }

    private boolean ask(Node node, String fingerprint) throws CliFailure, InterruptedException {
        String where = node.addresses().stream()
                .map(address -> address.getHostAddress())
                .collect(Collectors.joining(", "));
        terminal.say(node.name() + " (" + where + ") is reached for the first time. Its key is " + fingerprint
                + (node.hostKey().filter(fingerprint::contains).isPresent() ? ", as it announced." : "."));
        String answer = questions.answer("Trust it? [y/N/all] ");
        acceptsAll = answer.equals("all") || answer.equals("a");
        return acceptsAll || answer.equals("y") || answer.equals("yes");
    }
}
