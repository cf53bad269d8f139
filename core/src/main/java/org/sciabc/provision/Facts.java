// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;

/**
 * What one node said about itself in one round trip. Unknown values are absent; texts are printable lines.
 *
 * @param login the account that sciabc came with
 * @param machine what the machine is
 * @param software what is installed
 * @param addresses its addresses with their networks, in the node's order
 * @param privilege how the account can act as root
 * @param id its identity, when it has one already
 * @param journals where there is something to undo
 * @param states what each requirement's part of the node is like
 */
public record Facts(
        Login login,
        Machine machine,
        Software software,
        List<NodeAddress> addresses,
        Privilege privilege,
        Optional<NodeId> id,
        Journals journals,
        Map<Requirement, State> states) {

    public Facts {
        addresses = List.copyOf(addresses);
        states = Map.copyOf(states);
    }

    /** Where a change belongs: to the machine or to the home folder of the account in use. */
    public enum Place {
        /** The machine: root only. */
        SYSTEM,
        /** The home folder of the account in use. */
        HOME
    }

    /**
     * Where there is something to undo.
     *
     * @param system whether the machine has a journal
     * @param accounts the accounts whose home folders have one
     */
    public record Journals(boolean system, List<String> accounts) {
        public Journals {
            accounts = List.copyOf(accounts);
        }

        /** Whether there is anything to undo. */
        public boolean isEmpty() {
            return !system && accounts.isEmpty();
        }
    }

    /**
     * The account that sciabc came with.
     *
     * @param user its name
     * @param uid its number
     * @param home its home folder
     * @param homeWritable whether the home folder of the account in use can be written to; absent when there is none
     * @param shell its login shell
     */
    public record Login(
            String user, OptionalLong uid, String home, Optional<Boolean> homeWritable, Optional<String> shell) {}

    /**
     * What the machine is.
     *
     * @param hostname its own name
     * @param system its operating system
     * @param hardware cores, memory, architecture, system
     * @param init what starts its services
     * @param machineId systemd's id of the installation, the same on cloned cards
     * @param freeSystemBytes the free space below {@code /var}
     * @param freeHomeBytes the free space in the home folder of the account in use
     * @param clockAhead how far the node's clock is ahead of the manager's
     */
    public record Machine(
            String hostname,
            Optional<OperatingSystem> system,
            Hardware hardware,
            InitSystem init,
            Optional<String> machineId,
            OptionalLong freeSystemBytes,
            OptionalLong freeHomeBytes,
            Optional<Duration> clockAhead) {}

    /**
     * An operating system.
     *
     * @param id a short word, such as {@code debian}
     * @param version such as {@code 12}; empty text for rolling distributions
     * @param title for people, such as {@code Debian GNU/Linux 12 (bookworm)}
     * @param codename such as {@code bookworm}; empty text where there is none
     */
    public record OperatingSystem(String id, String version, String title, String codename) {}

    /** What starts services. */
    public enum InitSystem {
        /** systemd. */
        SYSTEMD,
        /** OpenRC, as on Alpine. */
        OPENRC,
        /** macOS. */
        LAUNCHD,
        /** None that is known, as in a container. */
        NONE
    }

    /**
     * What is installed.
     *
     * @param packageManager the system's package manager
     * @param lock who keeps others from installing packages now
     * @param interrupted whether an installation was cut off in the middle
     * @param mpi the MPI on the PATH
     * @param avahi whether Avahi is there
     * @param selinux whether files carry SELinux contexts
     * @param packageArchitecture the architecture in the package manager's word, where local packages are to be installed
     */
    public record Software(
            Optional<PackageManager> packageManager,
            Optional<LockHolder> lock,
            boolean interrupted,
            Optional<Mpi> mpi,
            Avahi avahi,
            boolean selinux,
            Optional<String> packageArchitecture) {}

    /**
     * A process that holds the package manager's lock.
     *
     * @param pid its number, 0 when unknown
     * @param name its name
     */
    public record LockHolder(long pid, String name) {}

    /**
     * An MPI.
     *
     * @param path where {@code mpirun} is
     * @param version its first line about itself
     * @param build the exact package that it comes from, such as {@code openmpi-bin 4.1.4-3+b1}
     */
    public record Mpi(String path, String version, Optional<String> build) {}

    /** Whether Avahi is there. */
    public enum Avahi {
        /** It runs. */
        RUNNING,
        /** It is installed and does not run. */
        INSTALLED,
        /** It is not installed. */
        ABSENT,
        /** Nobody looked. */
        UNKNOWN
    }

    /** The state of one requirement; unknown for one that the node was not asked about. */
    State state(Requirement requirement) {
        return states.getOrDefault(requirement, new State.Unknown("not asked"));
    }

    Facts withStates(Map<Requirement, State> newStates) {
        return new Facts(login, machine, software, addresses, privilege, id, journals, newStates);
    }
}
