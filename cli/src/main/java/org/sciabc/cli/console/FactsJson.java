// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.console;

import com.grack.nanojson.JsonStringWriter;
import java.util.Locale;
import java.util.OptionalLong;
import org.sciabc.provision.Facts;
import org.sciabc.provision.NodeAddress;

/** What a node said about itself, as JSON: the keys are documented and stable. Unknown values are absent. */
final class FactsJson {
    private static final double MILLIS = 1000.0;

    private FactsJson() {}

    /** The key {@code facts} of the object that is being written. */
    static void write(JsonStringWriter json, Facts facts) {
        json.object("facts");
        machine(json, facts.machine());
        software(json, facts.software());
        json.value("login", facts.login().user());
        facts.login().shell().ifPresent(shell -> json.value("shell", shell));
        facts.login().homeWritable().ifPresent(writable -> json.value("homeWritable", (boolean) writable));
        json.array("addresses");
        for (NodeAddress address : facts.addresses()) {
            json.object()
                    .value("interface", address.interfaceName())
                    .value("address", address.address().getHostAddress())
                    .value("prefix", address.prefixLength())
                    .end();
        }
        json.end().end();
    }

    private static void machine(JsonStringWriter json, Facts.Machine machine) {
        json.value("hostname", machine.hostname());
        machine.system().ifPresent(system -> {
            json.value("system", system.id()).value("version", system.version()).value("title", system.title());
        });
        machine.hardware().arch().ifPresent(arch -> json.value("arch", arch));
        machine.hardware().cores().ifPresent(cores -> json.value("cores", cores));
        number(json, "memoryBytes", machine.hardware().memoryBytes());
        json.value("init", machine.init().name().toLowerCase(Locale.ROOT));
        machine.machineId().ifPresent(id -> json.value("machineId", id));
        number(json, "freeSystemBytes", machine.freeSystemBytes());
        number(json, "freeHomeBytes", machine.freeHomeBytes());
        machine.clockAhead().ifPresent(ahead -> json.value("clockAheadSeconds", ahead.toMillis() / MILLIS));
    }

    private static void software(JsonStringWriter json, Facts.Software software) {
        software.packageManager()
                .ifPresent(
                        manager -> json.value("packageManager", manager.name().toLowerCase(Locale.ROOT)));
        software.lock()
                .ifPresent(holder -> json.object("packageLock")
                        .value("process", holder.pid())
                        .value("name", holder.name())
                        .end());
        json.value("packagesInterrupted", software.interrupted());
        software.mpi().ifPresent(mpi -> {
            json.object("mpi").value("path", mpi.path()).value("version", mpi.version());
            mpi.build().ifPresent(build -> json.value("build", build));
            json.end();
        });
        json.value("avahi", software.avahi().name().toLowerCase(Locale.ROOT)).value("selinux", software.selinux());
    }

    private static void number(JsonStringWriter json, String key, OptionalLong number) {
        number.ifPresent(known -> json.value(key, known));
    }
}
