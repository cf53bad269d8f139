// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.cli.config.Folders;
import org.sciabc.cli.flow.AnnounceInstallation.Wanted;

final class IdentityTest {
    private static final String PROVISIONED = "00000000-0000-4000-8000-000000000001";
    private static final String ANNOUNCED = "00000000-0000-4000-8000-000000000002";
    private static final String OF_PI = "00000000-0000-4000-8000-000000000003";

    private static final String SERVICE = "<?xml version=\"1.0\"?>\n<service-group>\n<txt-record>id=" + ANNOUNCED
            + "</txt-record>\n</service-group>\n";

    @TempDir
    private Path root;

    private Path idOfPi;

    @BeforeEach
    void anAccount() throws Exception {
        write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\npi:x:1000:1000:,,,:/home/pi:/bin/bash\n");
        idOfPi = write("home/pi/.local/state/sciabc/node-id", OF_PI + "\n");
    }

    @Test
    void theOneOfProvisioningComesFirstThenTheOneThatIsInstalledThenTheCallers() throws Exception {
        assertThat(identity("pi")).isEqualTo(OF_PI);
        write("etc/avahi/services/sciabc.service", Wanted.avahi(SERVICE).content());
        assertThat(identity("pi")).isEqualTo(ANNOUNCED);
        write("var/lib/sciabc/id", PROVISIONED + "\n");
        assertThat(identity("pi")).isEqualTo(PROVISIONED);
    }

    @Test
    void aServiceThatIsNotOursSaysNothingAboutUs() throws Exception {
        write("etc/avahi/services/sciabc.service", SERVICE);

        assertThat(identity("pi")).isEqualTo(OF_PI);
    }

    @Test
    void whatIsNoFileWithAnIdIsPassedOver() throws Exception {
        String own = identity("nobody");
        assertThat(own).isNotEqualTo(OF_PI).isEqualTo(identity("nobody"));

        Path elsewhere = write("root/secret", OF_PI + "\n");
        Files.delete(idOfPi);
        Files.createSymbolicLink(idOfPi, elsewhere);
        assertThat(identity("pi")).isEqualTo(own);
        Files.delete(idOfPi);
        Files.writeString(idOfPi, "no id\n");
        assertThat(identity("pi")).isEqualTo(own);
    }

    private String identity(String caller) throws Exception {
        Folders folders = Folders.of(Map.of("SCIABC_HOME", root.resolve("root").toString()), Optional.empty());
        return Identity.of(new ThisMachine(root), folders, Map.of("SUDO_USER", caller))
                .toString();
    }

    private Path write(String name, String content) throws Exception {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}
