// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import org.sciabc.testkit.PackagedPluginContractTest;

/** The finished jar, in the plugin host that sciabc has. */
class @class@PackagedIT extends PackagedPluginContractTest {}
