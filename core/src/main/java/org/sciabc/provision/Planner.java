// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.provision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sciabc.provision.Facts.InitSystem;
import org.sciabc.provision.Facts.Place;
import org.sciabc.spi.Node;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.Requirement.PackageManager;

/**
 * Facts and requirements in, plan out. Pure: the same input gives the same plan, and what only the node knows is filled in
 * there, so that equal nodes get equal plans.
 */
public final class Planner {
    private static final long LITTLE_SPACE = 300L << 20;
    private static final long CLOCK_TOLERANCE_SECONDS = 30;

    private final PlanRequest request;
    private final StepMaker maker;

    public Planner(PlanRequest request) {
        this(request, NodeLayout.STANDARD);
    }

    Planner(PlanRequest request, NodeLayout layout) {
        this.request = request;
        this.maker = new StepMaker(request, layout);
    }

    /** The plan for one node. */
    public NodePlan plan(Node node, ChosenUser user, Facts facts) {
        return new Draft(facts).finish(node, user);
    }

    /** What is gathered while one node is planned. */
    private final class Draft {
        private final Facts facts;
        private final List<Step> steps = new ArrayList<>();
        private final Set<String> present = new LinkedHashSet<>();
        private final Set<String> obstacles = new LinkedHashSet<>();
        private final Set<String> notes = new LinkedHashSet<>();

        Draft(Facts facts) {
            this.facts = facts;
        }

        NodePlan finish(Node node, ChosenUser user) {
            accounts();
            packages();
            identity();
            each(Requirement.Directory.class, this::folder);
            each(Requirement.HostDistribution.class, this::distribution);
            each(Requirement.FileContent.class, this::file);
            each(Requirement.SecretFile.class, this::secretFile);
            each(Requirement.Service.class, this::service);
            each(Requirement.AuthorizedKey.class, this::key);
            remarks();
            boolean privileged = facts.privilege().suffices();
            List<Step> asRoot =
                    steps.stream().filter(step -> step.place() == Place.SYSTEM).toList();
            List<Step> own =
                    steps.stream().filter(step -> step.place() == Place.HOME).toList();
            boolean homeless = !privileged && isForAnother();
            List<Step> possible = new ArrayList<>(privileged ? asRoot : List.of());
            possible.addAll(homeless ? List.of() : own);
            List<Step> left = new ArrayList<>(privileged ? List.of() : asRoot);
            left.addAll(homeless ? own : List.of());
            return new NodePlan(
                    node,
                    user,
                    facts.privilege(),
                    Wording.machine(facts),
                    List.copyOf(present),
                    possible,
                    left,
                    List.copyOf(obstacles),
                    List.copyOf(notes));
        }

        private <R extends Requirement> void each(Class<R> kind, java.util.function.Consumer<R> action) {
            request.requirements().stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .forEach(action);
        }

        private boolean isMet(Requirement requirement) {
            if (facts.state(requirement) instanceof State.Met met) {
                present.add(Wording.present(requirement, met.remark()));
                return true;
            }
            return false;
        }

        /** Whether the account in use is not the one that came, so that only root gets at its home folder. */
        private boolean isForAnother() {
            return request.account()
                    .filter(name -> !name.equals(facts.login().user()))
                    .isPresent();
        }

        private void accounts() {
            request.account().map(PlanRequest::account).ifPresent(this::account);
            each(Requirement.Account.class, this::account);
        }

        private void account(Requirement.Account account) {
            if (isMet(account)) {
                return;
            }
            if (facts.machine().init() == InitSystem.LAUNCHD) {
                obstacles.add("no way is known to make the account " + account.name() + " on macOS");
            } else if (steps.stream().noneMatch(step -> step.subject().equals(account.name()))) {
                steps.add(maker.account(account));
            }
        }

        /** All missing packages in one run: the manager is slow to start. */
        private void packages() {
            Map<String, Requirement.Packages> missing = new LinkedHashMap<>();
            Optional<PackageManager> manager = facts.software().packageManager();
            each(Requirement.Packages.class, packages -> {
                if (isMet(packages)) {
                    return;
                }
                if (facts.state(packages) instanceof State.Unmet unmet) {
                    unmet.missing().forEach(name -> missing.putIfAbsent(name, packages));
                } else {
                    obstacles.add(Wording.noPackages(packages, manager));
                }
            });
            if (missing.isEmpty() || manager.isEmpty()) {
                return;
            }
            if (!PackageCommands.wantsRoot(manager.get()) && facts.privilege().level() == Privilege.Level.ROOT) {
                obstacles.add("Homebrew does not install packages as root: use another account");
                return;
            }
            List<String> reasons = missing.values().stream()
                    .map(Requirement.Packages::why)
                    .distinct()
                    .toList();
            List<String> names = List.copyOf(missing.keySet());
            boolean interrupted = facts.software().interrupted();
            if (request.packages().isEmpty()) {
                steps.add(maker.packages(manager.get(), names, reasons, interrupted));
            } else if (isOffered(manager.get(), names, request.packages().get())) {
                steps.add(maker.sentPackages(
                        manager.get(),
                        names,
                        reasons,
                        interrupted,
                        request.packages().get().fitting(manager.get(), facts)));
            } else {
                return;
            }
            facts.software()
                    .lock()
                    .ifPresent(holder -> notes.add(
                            holder.pid() == 0
                                    ? "the package lock is held by " + holder.name()
                                    : holder.name()
                                            + " is installing or removing packages there now: the plan waits for it"));
            facts.machine().freeSystemBytes().ifPresent(free -> {
                if (free < LITTLE_SPACE) {
                    notes.add("less than " + (LITTLE_SPACE >> 20) + " MiB are free below /var");
                }
            });
        }

        private boolean isOffered(PackageManager manager, List<String> names, PackageFolder folder) {
            if (manager == PackageManager.BREW) {
                obstacles.add("Homebrew does not install from package files");
                return false;
            }
            List<String> offered = folder.fitting(manager, facts).stream()
                    .map(LocalPackage::name)
                    .toList();
            List<String> absent =
                    names.stream().filter(name -> !offered.contains(name)).toList();
            if (!absent.isEmpty()) {
                obstacles.add("no file in " + folder.folder() + " is a package " + Wording.list(absent) + " for "
                        + String.join(" ", PackageFolder.words(facts)));
            }
            return absent.isEmpty();
        }

        private void identity() {
            if (facts.id().isPresent()) {
                return;
            }
            request.requirements().stream()
                    .filter(each -> each instanceof Requirement.FileContent file
                            && Placeholders.wantsId(file.content())
                            && !(facts.state(file) instanceof State.Met))
                    .findFirst()
                    .ifPresent(file -> steps.add(maker.identity(placeOf(((Requirement.FileContent) file).path()))));
        }

        private void folder(Requirement.Directory folder) {
            if (isMet(folder)) {
                return;
            }
            if (reason(folder).equals("is not a folder")) {
                obstacles.add(folder.path() + " is there and is not a folder");
            } else if (isWritable(folder.path())) {
                steps.add(maker.folder(
                        folder, placeOf(folder.path()), reason(folder).startsWith("mode")));
            }
        }

        private void file(Requirement.FileContent file) {
            if (isMet(file)) {
                return;
            }
            if (reason(file).equals("is a folder")) {
                obstacles.add(file.path() + " is there and is a folder");
            } else if (isWritable(file.path())) {
                steps.add(
                        maker.file(file, placeOf(file.path()), facts.software().selinux()));
            }
        }

        private void secretFile(Requirement.SecretFile file) {
            if (isMet(file)) {
                return;
            }
            if (reason(file).equals("is a folder")) {
                obstacles.add(file.path() + " is there and is a folder");
            } else if (isWritable(file.path())) {
                steps.add(maker.secretFile(
                        file, placeOf(file.path()), facts.software().selinux()));
            }
        }

        private void distribution(Requirement.HostDistribution distribution) {
            if (isMet(distribution)) {
                return;
            }
            if (reason(distribution).startsWith("is somebody")) {
                obstacles.add(distribution.path() + " is there and is somebody else's");
            } else if (request.distribution().isEmpty()) {
                obstacles.add("this sciabc cannot be sent, because it does not run from an unpacked distribution");
            } else {
                steps.add(maker.distribution(
                        distribution, request.distribution().get().hash()));
            }
        }

        private void service(Requirement.Service service) {
            InitSystem init = facts.machine().init();
            if (isMet(service)) {
                if (init == InitSystem.SYSTEMD && changes(service)) {
                    steps.add(maker.restart(service));
                }
                return;
            }
            if (init == InitSystem.SYSTEMD || init == InitSystem.OPENRC) {
                steps.add(maker.service(service, init, reason(service).equals("masked"), writesUnits()));
            } else {
                obstacles.add("no way is known to start " + service.name() + " on a node "
                        + (init == InitSystem.LAUNCHD ? "with macOS" : "without systemd or OpenRC"));
            }
        }

        private void key(Requirement.AuthorizedKey key) {
            if (KeyLine.parse(key.publicKey()).isEmpty()) {
                obstacles.add("what should be added to authorized_keys is not a public key");
            } else if (!isMet(key) && isWritable("~/.ssh/authorized_keys")) {
                steps.add(maker.key(key));
            }
        }

        private boolean writesUnits() {
            return steps.stream()
                    .anyMatch(step ->
                            step.kind() == Step.Kind.FILE && step.subject().startsWith("/etc/systemd/"));
        }

        /** Whether the unit, or what it starts, is written anew. */
        private boolean changes(Requirement.Service service) {
            String unit = "/etc/systemd/system/" + service.name() + ".service";
            boolean ours = request.requirements().stream()
                    .anyMatch(each -> each instanceof Requirement.FileContent file
                            && file.path().equals(unit));
            return ours
                    && steps.stream()
                            .anyMatch(step -> step.subject().equals(unit)
                                    || step.kind() == Step.Kind.DISTRIBUTION
                                    || step.secret().isPresent());
        }

        private String reason(Requirement requirement) {
            return facts.state(requirement) instanceof State.Unmet unmet ? unmet.reason() : "";
        }

        private boolean isWritable(String path) {
            if (placeOf(path) == Place.HOME && !facts.login().homeWritable().orElse(true)) {
                obstacles.add("the home folder cannot be written to: is it mounted read-only, or somebody else's?");
                return false;
            }
            return true;
        }

        private Place placeOf(String path) {
            return path.startsWith("~/") ? Place.HOME : Place.SYSTEM;
        }

        private void remarks() {
            facts.machine().clockAhead().ifPresent(ahead -> {
                if (ahead.abs().toSeconds() >= CLOCK_TOLERANCE_SECONDS) {
                    notes.add("its clock is " + (ahead.isNegative() ? "behind" : "ahead")
                            + " by more than half a minute: certificates and file times may be refused");
                }
            });
        }
    }
}
