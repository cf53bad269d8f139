// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.jgroups;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.testkit.DiscoveryContractTest;

/** The same with a secret; what {@link JgroupsContractTest} runs in a network of its own. */
class SealedJgroupsContract extends DiscoveryContractTest {
    @Override
    protected DiscoveryBackend create() {
        return new JgroupsDiscovery();
    }

    @Override
    protected Map<String, String> given() throws Exception {
        Path file = temporaryFolder().resolve("secret");
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, "a secret of the contract\n");
        }
        return Map.of("secret-file", file.toString());
    }
}
