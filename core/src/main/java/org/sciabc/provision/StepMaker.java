// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sciabc.provision.Facts.InitSystem;
import org.sciabc.provision.Facts.Place;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;

/** Makes the step that satisfies one requirement, with the exact commands. */
final class StepMaker {
    private static final String SUFFIX = ".sciabc-new";

    private final PlanRequest request;
    private final NodeLayout layout;

    StepMaker(PlanRequest request, NodeLayout layout) {
        this.request = request;
        this.layout = layout;
    }

    Step account(Requirement.Account account) {
        String uid = request.uid().isPresent() ? " " + request.uid().getAsLong() : "";
        return new Step(
                Step.Kind.ACCOUNT,
                "create the account " + account.name() + ", for login by key only",
                List.of(account.why()),
                Optional.of("accounts are root's business"),
                account.name(),
                "",
                List.of("create_account " + ShellText.quote(account.name()) + uid));
    }

    Step packages(PackageManager manager, List<String> names, List<String> reasons, boolean interrupted) {
        return new Step(
                Step.Kind.PACKAGES,
                "install " + Wording.list(names) + (interrupted ? ", and finish what was cut off before" : ""),
                reasons,
                PackageCommands.wantsRoot(manager)
                        ? Optional.of("packages are installed for all users")
                        : Optional.empty(),
                String.join(" ", names),
                "",
                new PackageCommands(request.lockPatience()).install(manager, names, interrupted));
    }

    Step sentPackages(
            PackageManager manager,
            List<String> names,
            List<String> reasons,
            boolean interrupted,
            List<LocalPackage> files) {
        Step fromMirror = packages(manager, names, reasons, interrupted);
        return new Step(
                fromMirror.kind(),
                fromMirror.title() + ", from files of the manager's",
                fromMirror.why(),
                fromMirror.privilege(),
                fromMirror.subject(),
                fromMirror.detail(),
                new PackageCommands(request.lockPatience()).installSent(manager, names, interrupted),
                Optional.empty(),
                Optional.of(new Step.Sent(files, names, interrupted)));
    }

    /** The random identity that other files tell. */
    Step identity(Place place) {
        String path = layout.id(place);
        List<String> commands = write("{ own_id | grep . || new_id; } >", path, 0644);
        return new Step(
                Step.Kind.FILE,
                "give the node a random id in " + path,
                List.of("nodes are told apart by it, whatever their names and addresses are"),
                privilege(place),
                path,
                "",
                commands);
    }

    Step folder(Requirement.Directory folder, Place place, boolean exists) {
        String path = ShellText.path(folder.path());
        String mode = "chmod " + FactsScript.octal(folder.mode()) + " " + path;
        return new Step(
                Step.Kind.FOLDER,
                (exists ? "set the mode of the folder " : "make the folder ") + folder.path(),
                List.of(folder.why()),
                privilege(place),
                folder.path(),
                "",
                exists ? List.of(mode) : List.of("mkdir -p " + path, mode));
    }

    Step file(Requirement.FileContent file, Place place, boolean selinux) {
        String target = ShellText.path(file.path());
        List<String> commands = new ArrayList<>(List.of("mkdir -p " + parent(file.path())));
        String filler = Placeholders.in(file.content()) ? "fill_in" : "cat";
        commands.add(ShellText.withInput(filler, " >" + ShellText.path(file.path() + SUFFIX), file.content()));
        commands.addAll(move(file.path(), file.mode()));
        if (selinux) {
            commands.add("restorecon -F " + target);
        }
        return new Step(
                Step.Kind.FILE,
                "write " + file.path(),
                List.of(file.why()),
                privilege(place),
                file.path(),
                "",
                commands);
    }

    /** The secret itself stands neither in the commands nor in the journal. */
    Step secretFile(Requirement.SecretFile file, Place place, boolean selinux) {
        String fresh = ShellText.path(file.path() + SUFFIX);
        List<String> commands = new ArrayList<>(List.of("mkdir -p " + parent(file.path())));
        commands.add("(umask 077 && secret >" + fresh + ")");
        if (place == Place.SYSTEM) {
            commands.add("chown \"$sciabc_account\": " + fresh);
        }
        commands.addAll(move(file.path(), file.mode()));
        if (selinux) {
            commands.add("restorecon -F " + ShellText.path(file.path()));
        }
        return new Step(
                Step.Kind.FILE,
                "write " + file.path() + ", which nobody but the account may read",
                List.of(file.why()),
                privilege(place),
                file.path(),
                "",
                commands,
                Optional.of(file.content()),
                Optional.empty());
    }

    Step distribution(Requirement.HostDistribution distribution, String hash) {
        return new Step(
                Step.Kind.DISTRIBUTION,
                "install this sciabc in " + distribution.path(),
                List.of(distribution.why()),
                privilege(Place.SYSTEM),
                distribution.path(),
                "",
                List.of("unpack_distribution " + ShellText.path(distribution.path()) + " " + ShellText.quote(hash)));
    }

    Step restart(Requirement.Service service) {
        return new Step(
                Step.Kind.SERVICE,
                "restart the service " + service.name(),
                List.of("what it runs with changes"),
                Optional.of("services run for the whole machine"),
                service.name(),
                "",
                List.of("systemctl daemon-reload", "systemctl restart " + ShellText.quote(service.name())));
    }

    Step service(Requirement.Service service, InitSystem init, boolean masked, boolean unitsChanged) {
        String name = ShellText.quote(service.name());
        List<String> commands = new ArrayList<>();
        if (init == InitSystem.SYSTEMD) {
            if (unitsChanged) {
                commands.add("systemctl daemon-reload");
            }
            if (masked) {
                commands.add("unmask_service " + name);
            }
            commands.add("systemctl enable --now " + name);
        } else {
            commands.add("rc-update add " + name + " default");
            commands.add("rc-service " + name + " start");
        }
        return new Step(
                Step.Kind.SERVICE,
                "enable and start the service " + service.name(),
                List.of(service.why()),
                Optional.of("services run for the whole machine"),
                service.name(),
                "",
                commands);
    }

    Step key(Requirement.AuthorizedKey key) {
        String line = key.publicKey().strip();
        return new Step(
                Step.Kind.KEY,
                "add a key to ~/.ssh/authorized_keys",
                List.of(key.why()),
                Optional.empty(),
                "~/.ssh/authorized_keys",
                line,
                List.of("add_key " + ShellText.quote(line)));
    }

    private static List<String> write(String command, String path, int mode) {
        List<String> commands = new ArrayList<>(List.of("mkdir -p " + parent(path)));
        commands.add(command + ShellText.path(path + SUFFIX));
        commands.addAll(move(path, mode));
        return commands;
    }

    private static List<String> move(String path, int mode) {
        String fresh = ShellText.path(path + SUFFIX);
        return List.of("chmod " + FactsScript.octal(mode) + " " + fresh, "mv -f " + fresh + " " + ShellText.path(path));
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 1 && path.startsWith("~")
                ? "\"$HOME\""
                : ShellText.path(slash == 0 ? "/" : path.substring(0, slash));
    }

    private static Optional<String> privilege(Place place) {
        return place == Place.SYSTEM ? Optional.of("it lies outside of the home folder") : Optional.empty();
    }
}
