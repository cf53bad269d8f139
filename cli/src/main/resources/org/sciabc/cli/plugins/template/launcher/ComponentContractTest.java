// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import org.sciabc.spi.JobLauncher;
import org.sciabc.testkit.LauncherContractTest;

/** Everything that sciabc demands of a launcher. What it declares not to support is tested to be refused. */
class @class@ContractTest extends LauncherContractTest {
    @Override
    protected JobLauncher create() {
        return new @class@();
    }
}
