// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.openmpi;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pf4j.Extension;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.ReadyNode;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;

/** Runs jobs with Open MPI's {@code mpirun}, versions 4 and 5. */
@Extension
public final class OpenMpiLauncher implements JobLauncher {

    @Override
    public String id() {
        return "openmpi";
    }

    @Override
    public String summary() {
        return "runs jobs with Open MPI's mpirun";
    }

    @Override
    public List<Setting> settings() {
        return List.of(Setting.text("mpirun", "mpirun", "the program that starts jobs, a name on the PATH or a path"));
    }

    @Override
    public List<Requirement> requirements(RequirementsRequest request) {
        Map<PackageManager, List<String>> names = new EnumMap<>(PackageManager.class);
        names.put(PackageManager.APT, List.of("openmpi-bin", "python3-mpi4py"));
        names.put(PackageManager.DNF, List.of("openmpi", "python3-mpi4py-openmpi"));
        names.put(PackageManager.ZYPPER, List.of("openmpi4", "python3-mpi4py"));
        names.put(PackageManager.PACMAN, List.of("openmpi", "python-mpi4py"));
        names.put(PackageManager.APK, List.of("openmpi", "py3-mpi4py"));
        names.put(PackageManager.BREW, List.of("open-mpi", "mpi4py"));
        return List.of(new Requirement.Packages(names, "mpirun starts the job's processes on each node with Open MPI"));
    }

    @Override
    public String hostfile(HostfileRequest request) {
        return request.nodes().stream()
                .map(node -> line(node, request.localUser()))
                .collect(Collectors.joining());
    }

    @Override
    public ExitStatus launch(LaunchRequest request, CommandStreams streams)
            throws SciabcException, InterruptedException {
        MpirunCommand command = MpirunCommand.of(request);
        return request.processes().run(command.words(), command.environment(), streams);
    }

    private static String line(ReadyNode node, String localUser) {
        String user = node.user().equals(localUser) ? "" : node.user() + "@";
        return user + node.address().getHostAddress() + " slots=" + node.slots() + "\n";
    }
}
