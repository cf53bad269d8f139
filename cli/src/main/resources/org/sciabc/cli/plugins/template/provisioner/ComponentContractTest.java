// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import java.util.List;
import org.sciabc.spi.Node;
import org.sciabc.spi.Provisioner;
import org.sciabc.testkit.ProvisionerContractTest;
import org.sciabc.testkit.ReachableNode;
import org.sciabc.testkit.SampleNodes;

/** Everything that sciabc demands of a provisioner. What it declares not to support is tested to be refused. */
class @class@ContractTest extends ProvisionerContractTest {
    @Override
    protected Provisioner create() {
        return new @class@();
    }

    @Override
    protected ReachableNode reachable() {
        Node here = Node.of("here", List.of(SampleNodes.address("127.0.0.1")));
        return ReachableNode.of(here, System.getProperty("user.name"));
    }

    /** An address that belongs to nobody (RFC 5737), and is not even tried. */
    @Override
    protected Node unreachable() {
        return Node.of("elsewhere", List.of(SampleNodes.address("192.0.2.1")));
    }

    /** This machine has no key that a person could be asked about. */
    @Override
    protected boolean asksAboutHostKeys() {
        return false;
    }

    @Override
    protected boolean connectsOverTcp() {
        return false;
    }
}
