// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sciabc.testkit.OwnNetwork;

class ZeroconfContractTest {
    @TestFactory
    Stream<DynamicTest> contract() throws Exception {
        return OwnNetwork.run(ZeroconfContract.class);
    }
}
