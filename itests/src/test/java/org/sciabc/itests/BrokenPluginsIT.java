// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jars in {@code plugins/} that do not belong there: each is named, and none stops the others. */
@RequiresContainerEngine
class BrokenPluginsIT {

    @AutoClose
    private static Lab lab;

    private String distribution = "";

    @BeforeAll
    static void bootAManager() {
        lab = Lab.ofBareNodes(0);
    }

    @BeforeEach
    void copyTheDistribution() {
        distribution = lab.manager().copyDistribution();
    }

    @Test
    void aBrokenAndAForeignJarAreNamedAndTheOthersStillWork() {
        lab.manager()
                .sh("cd " + distribution
                        + "/plugins && head -c 1000 /dev/urandom > broken.jar && cp ../lib/nanojson*.jar foreign.jar"
                        + " && chown " + ManagerContainer.USER + " *.jar");

        Result result = sciabc("plugins");

        assertThat(result.exitStatus()).isEqualTo(65);
        assertThat(result.stderr()).contains("broken.jar", "foreign.jar", "hint:");
        assertThat(result.stdout()).contains("discovery zeroconf", "provisioner ssh", "launcher openmpi");
        assertThat(sciabc("hostfile", "--discovery", "simulator", "--for", "100ms")
                        .stderr())
                .contains("no nodes found");
    }

    @Test
    void somebodyWithoutRightsInTheDistributionAddsAPluginToTheirOwnFolder() {
        lab.manager().sh("cp " + ManagerContainer.DISTRIBUTION + "/plugins/sciabc-openmpi-*.jar /tmp/mine.jar");

        Result added = lab.manager().sciabc("plugins", "add", "/tmp/mine.jar").succeeded();

        String own = "/home/" + ManagerContainer.USER + "/.local/share/sciabc/plugins";
        assertThat(added.stdout()).isEqualTo(own + "/openmpi.jar\n");
        assertThat(added.stderr()).contains("will be used instead of the one in " + ManagerContainer.DISTRIBUTION);
        assertThat(lab.manager().sciabc("plugins").succeeded().stdout()).contains(own + "/openmpi.jar");
        lab.manager().sciabc("plugins", "remove", "openmpi").succeeded();
        assertThat(lab.manager().sciabc("plugins", "remove", "openmpi").stderr())
                .contains("error: cannot remove " + ManagerContainer.DISTRIBUTION);
    }

    @Test
    void aPluginThatIsNotThereIsAnsweredWithTheNearestOne() {
        Result result = sciabc("discover", "--discovery", "zeroconv");

        assertThat(result.exitStatus()).isEqualTo(65);
        assertThat(result.stderr()).contains("zeroconv", "did you mean 'zeroconf'?");
    }

    @Test
    void anUnknownSettingIsAnsweredWithTheNearestOne() {
        Result result = sciabc("discover", "--discovery", "simulator", "--set", "simulator.nods=3");

        assertThat(result.exitStatus()).isEqualTo(64);
        assertThat(result.stderr()).contains("nods", "did you mean 'nodes'?");
    }

    @Test
    void aMalformedConfigurationIsNamedWithLineAndColumn() {
        lab.manager().sh("printf 'cluster = \"a\"\\nlauncher = [\\n' > /tmp/broken.toml");

        Result result = sciabc("discover", "--config", "/tmp/broken.toml");

        assertThat(result.exitStatus()).isEqualTo(78);
        assertThat(result.stderr()).contains("/tmp/broken.toml, line ", ", column ");
    }

    @Test
    void theDistributionRunsFromAReadOnlyPlace() {
        assertThat(lab.manager().sciabc("version").succeeded().stdout()).startsWith("sciabc ");
    }

    private Result sciabc(String... arguments) {
        return lab.manager().run(lab.manager().commandOf(distribution, arguments));
    }
}
