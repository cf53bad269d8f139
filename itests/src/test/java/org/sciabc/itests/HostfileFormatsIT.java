// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each form of the hostfile, read by the program that it is for, which then reaches both nodes with it. */
@RequiresContainerEngine
class HostfileFormatsIT {
    private static final String USER = "teacher";
    private static final String BOTH = "node1\nnode2\n";

    @AutoClose
    private static Lab lab;

    @BeforeAll
    static void letATeacherLogInEverywhere() {
        lab = Lab.of(MachineImage.TOOLS, MachineImage.TOOLS);
        lab.nodes().forEach(NodeContainer::announceAs2016);
        String key = lab.node(1).makeKey();
        as("printf 'StrictHostKeyChecking no\nLogLevel ERROR\n' >~/.ssh/config");
        for (NodeContainer node : lab.nodes()) {
            node.letIn(key);
        }
    }

    @Test
    void mpichRunsOnIt() {
        write("mpich", "hosts");

        assertThat(as("cat hosts")).contains(lab.node(1).address() + ":", " user=pi\n");
        assertThat(as("mpiexec.hydra -f hosts -ppn 1 -n 2 hostname | sort")).isEqualTo(BOTH);
    }

    @Test
    void gnuParallelLogsInWithIt() {
        write("parallel", "logins");

        assertThat(as("parallel --will-cite --sshloginfile logins --nonall hostname | sort"))
                .isEqualTo(BOTH);
    }

    @Test
    void clusterShellKnowsTheGroup() {
        // A person's own folder of groups is only looked into beside a person's own groups.conf.
        as("mkdir -p ~/.config/clustershell/groups.d && cp /etc/clustershell/groups.conf ~/.config/clustershell");
        write("nodeset", "~/.config/clustershell/groups.d/sciabc.yaml");

        assertThat(as("nodeset -e @sciabc:default").strip().split(" "))
                .containsExactly(lab.node(1).address(), lab.node(2).address());
        assertThat(as("clush -l pi -N -w @sciabc:default hostname | sort")).isEqualTo(BOTH);
    }

    @Test
    void ansibleKnowsTheInventory() throws JsonParserException {
        write("ansible", "inventory.ini");

        JsonObject inventory = JsonParser.object().from(as("ansible-inventory -i inventory.ini --list"));
        assertThat(inventory.getObject("sciabc_default").getArray("hosts")).containsExactly("node1", "node2");
        JsonObject first = inventory.getObject("_meta").getObject("hostvars").getObject("node1");
        assertThat(first.getString("ansible_host")).isEqualTo(lab.node(1).address());
        assertThat(first.getString("ansible_user")).isEqualTo("pi");
        assertThat(as("ansible -i inventory.ini sciabc_default -m raw -a hostname"))
                .contains("node1 | CHANGED", "node2 | CHANGED");
    }

    @Test
    void sshKnowsTheNodesByTheirNames() {
        write("ssh-config", "nodes.conf");

        assertThat(as("ssh -F nodes.conf -G node2"))
                .contains("hostname " + lab.node(2).address() + "\n", "user pi\n", "port 22\n");
        assertThat(as("ssh -F nodes.conf -o StrictHostKeyChecking=no node2 hostname 2>/dev/null"))
                .isEqualTo("node2\n");
    }

    private static void write(String format, String file) {
        as(ManagerContainer.DISTRIBUTION + "/bin/sciabc hostfile --expect 2 --user pi --format " + format + " -o "
                + file);
    }

    private static String as(String script) {
        return lab.node(1)
                .run(Command.script("cd ~ && " + script).as(USER).with("HOME", "/home/" + USER))
                .succeeded()
                .stdout();
    }
}
