// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.util.Set;
import org.sciabc.testkit.ArchitectureContractTest;

class ZeroconfArchitectureTest extends ArchitectureContractTest {
    /** jmdns reads how long others are to believe it from a system property, once, and offers no other way. */
    @Override
    protected Set<String> mayChangeWhatIsShared() {
        return Set.of(JmdnsResponder.class.getName());
    }
}
