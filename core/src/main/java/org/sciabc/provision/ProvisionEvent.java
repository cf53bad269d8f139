// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import org.sciabc.spi.Node;

/** Something that happened on one node, for the console; it influences nothing. */
public sealed interface ProvisionEvent {

    /** The node. */
    Node node();

    /** Work on the node begins. */
    record Began(Node node) implements ProvisionEvent {}

    /**
     * A step begins.
     *
     * @param number its number, counted from 1
     * @param count how many steps the node has
     * @param title what is done, for people
     */
    record StepStarted(Node node, int number, int count, String title) implements ProvisionEvent {}

    /**
     * The manager sends a file that the steps need.
     *
     * @param number its number, counted from 1
     * @param count how many files there are
     * @param file its name
     */
    record Sending(Node node, int number, int count, String file) implements ProvisionEvent {}

    /** A step is done. */
    record StepFinished(Node node, int number, int count, String title) implements ProvisionEvent {}

    /** A step failed; the steps after it are not begun. */
    record StepFailed(Node node, int number, int count, String title, String why) implements ProvisionEvent {}

    /**
     * The node said something.
     *
     * @param line one printable line
     */
    record Said(Node node, String line) implements ProvisionEvent {}

    /** The node's journal says something else now: what the manager keeps of it. */
    record Journaled(Node node, JournalCopy copy) implements ProvisionEvent {}

    /** Work on the node has ended. */
    record Ended(Node node, Outcome outcome) implements ProvisionEvent {}
}
