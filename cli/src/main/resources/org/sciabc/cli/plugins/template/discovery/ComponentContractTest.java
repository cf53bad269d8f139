// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import java.util.Map;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.Node;
import org.sciabc.testkit.DiscoveryContractTest;
import org.sciabc.testkit.Presence;

/** Everything that sciabc demands of a discovery backend. */
class @class@ContractTest extends DiscoveryContractTest {
    private String listed = "";

    @Override
    protected DiscoveryBackend create() {
        return new @class@();
    }

    @Override
    protected Map<String, String> given() {
        return Map.of("nodes", listed);
    }

    /** Shows a node to the backend, as another machine would that comes. */
    @Override
    protected Presence appear(Node node) {
        listed = node.name() + "=" + node.addresses().get(0).getHostAddress();
        return Presence.of(node, () -> listed = "");
    }

    /** The setting is read when a watch begins. */
    @Override
    protected boolean seesArrivals() {
        return false;
    }

    @Override
    protected boolean endsWhenAllIsReported() {
        return true;
    }
}
