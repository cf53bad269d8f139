// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.List;
import org.sciabc.spi.Node;

/**
 * What one node would undergo.
 *
 * @param node the node
 * @param user the account that sciabc comes with, and who said so
 * @param privilege how the account can act as root
 * @param machine what the machine is, as far as it matters to the plan, for people
 * @param present what is there already, for people
 * @param steps what will be done, in order
 * @param administrator what would have to be done as root, and cannot
 * @param obstacles what keeps the node from becoming ready whatever is done, for people
 * @param notes what is worth knowing, for people
 */
public record NodePlan(
        Node node,
        ChosenUser user,
        Privilege privilege,
        String machine,
        List<String> present,
        List<Step> steps,
        List<Step> administrator,
        List<String> obstacles,
        List<String> notes) {

    public NodePlan {
        present = List.copyOf(present);
        steps = List.copyOf(steps);
        administrator = List.copyOf(administrator);
        obstacles = List.copyOf(obstacles);
        notes = List.copyOf(notes);
    }

    /** Whether the node is ready as it is. */
    public boolean isReady() {
        return steps.isEmpty() && willBeReady();
    }

    /** Whether the node is ready once the steps are carried out. */
    public boolean willBeReady() {
        return administrator.isEmpty() && obstacles.isEmpty();
    }

    /** What a script does that root runs by hand: what sciabc may not do there, or, where it may do all of it, all of it. */
    public List<Step> byHand() {
        return privilege.suffices() ? steps : administrator;
    }

    /** Whether both nodes would undergo the same. */
    boolean isLike(NodePlan other) {
        return user.equals(other.user)
                && privilege.equals(other.privilege)
                && machine.equals(other.machine)
                && present.equals(other.present)
                && steps.equals(other.steps)
                && administrator.equals(other.administrator)
                && obstacles.equals(other.obstacles)
                && notes.equals(other.notes);
    }
}
