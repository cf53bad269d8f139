// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sciabc.testkit.OwnNetwork;

class JgroupsContractTest {
    @TestFactory
    Stream<DynamicTest> contract() throws Exception {
        return OwnNetwork.run(JgroupsContract.class);
    }

    @TestFactory
    Stream<DynamicTest> contractWithASecret() throws Exception {
        return OwnNetwork.run(SealedJgroupsContract.class);
    }

    @TestFactory
    Stream<DynamicTest> groups() throws Exception {
        return OwnNetwork.run(Groups.class);
    }
}
