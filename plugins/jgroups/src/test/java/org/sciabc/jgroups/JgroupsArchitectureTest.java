// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.util.Set;
import org.sciabc.testkit.ArchitectureContractTest;

class JgroupsArchitectureTest extends ArchitectureContractTest {
    /** JGroups reads from a system property, once, which Java objects it takes from a network, and offers no other way. */
    @Override
    protected Set<String> mayChangeWhatIsShared() {
        return Set.of(Stack.class.getName());
    }
}
