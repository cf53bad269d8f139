// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.itests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A manager and some nodes on a network of their own, all booted. The tests of a class share one, in a static field with
 * {@code @AutoClose}; it disappears with the class, with the test run, and at the latest when the next run starts.
 */
final class Lab implements AutoCloseable {

    /** More at once only makes each of them slower. */
    private static final int BOOTS_AT_ONCE = 8;

    /** Longer than installing Open MPI ever took on a busy machine. */
    private static final Duration PROVISIONING = Duration.ofMinutes(5);

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Set<Lab> OPEN = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean PREPARED = new AtomicBoolean();

    private final LabNetwork network;
    private final ManagerContainer manager;
    private final List<NodeContainer> nodes = new CopyOnWriteArrayList<>();

    private Lab() {
        String name = "sciabc-itests-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        // First what may fail: a network that nobody can name any more would stay.
        MachineImage.READY.reference();
        Project.distribution();
        network = LabNetwork.create(name, Leftovers.labels());
        manager = new ManagerContainer(network);
    }

    /** A lab with one node for each of the images: node1, node2 and so on. */
    static Lab of(MachineImage... images) {
        prepare();
        Lab lab = new Lab();
        OPEN.add(lab);
        try {
            List<Machine> machines = new ArrayList<>(List.of(lab.manager));
            for (MachineImage image : images) {
                machines.add(lab.enlist(image));
            }
            boot(machines);
        } catch (RuntimeException cause) {
            lab.close();
            throw cause;
        }
        return lab;
    }

    /** A lab of nodes that nobody has made ready. */
    static Lab ofBareNodes(int count) {
        return of(Collections.nCopies(count, MachineImage.BARE).toArray(MachineImage[]::new));
    }

    /** A lab of nodes that have Open MPI already. */
    static Lab ofReadyNodes(int count) {
        return of(Collections.nCopies(count, MachineImage.READY).toArray(MachineImage[]::new));
    }

    ManagerContainer manager() {
        return manager;
    }

    List<NodeContainer> nodes() {
        return List.copyOf(nodes);
    }

    /** Counted as their names are: the first is node1. */
    NodeContainer node(int number) {
        return nodes.get(number - 1);
    }

    /** The network that all machines share, in CIDR notation. */
    String subnet() {
        return network.subnet();
    }

    /** What the engine calls that network; others of the lab begin with the same. */
    String networkName() {
        return network.name();
    }

    /** The manager knows the nodes that there are by their names, without mDNS. */
    void nameTheNodes() {
        StringBuilder hosts = new StringBuilder();
        nodes.forEach(node -> hosts.append(node.address() + " " + node.name() + "\n"));
        manager.run(Command.of("tee", "-a", "/etc/hosts").reading(hosts.toString()))
                .succeeded();
    }

    /** Options of a command that has to find all nodes, which have names: announced or not, on however busy a machine. */
    List<String> findingAll() {
        return List.of(
                "--discovery",
                "zeroconf,static",
                "--set",
                "static.nodes=node[1-" + nodes.size() + "]",
                "--set",
                "static.patience=30s",
                "--expect",
                Integer.toString(nodes.size()),
                "--for",
                "60s");
    }

    /** Somebody brings another machine. */
    NodeContainer add(MachineImage image) {
        NodeContainer node = enlist(image);
        node.boot();
        return node;
    }

    /** Makes all nodes ready, so that the manager's user logs in everywhere as pi without a password. */
    void provision() {
        manager.run(manager.command(
                                "provision",
                                "--user",
                                NodeContainer.USER,
                                "--expect",
                                Integer.toString(nodes.size()),
                                "--for",
                                "20s",
                                "--accept-new-host-keys",
                                "--yes",
                                "--password-file",
                                "-")
                        .reading(NodeContainer.PASSWORD + "\n")
                        .within(PROVISIONING))
                .succeeded();
    }

    /**
     * One machine after the other: Docker before 24, and so that of Debian 12, deadlocks now and then where two leave a
     * network at once (github.com/moby/moby/issues/46661), or counts one that has left for ever.
     */
    @Override
    public void close() {
        OPEN.remove(this);
        nodes.stream().filter(Machine::exists).forEach(Machine::remove);
        if (manager.exists()) {
            manager.remove();
        }
        network.close();
    }

    private synchronized NodeContainer enlist(MachineImage image) {
        NodeContainer node = new NodeContainer(network, nodes.size() + 1, image);
        nodes.add(node);
        return node;
    }

    private static void prepare() {
        if (PREPARED.compareAndSet(false, true)) {
            Engine.ask("remove what earlier runs left", engine -> {
                Leftovers.remove(engine);
                return null;
            });
            Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(Lab::close), "labs"));
        }
    }

    private static void boot(List<Machine> machines) {
        inParallel(machines.stream().<Runnable>map(machine -> machine::boot).toList());
    }

    private static void inParallel(List<Runnable> tasks) {
        ExecutorService threads = Executors.newFixedThreadPool(BOOTS_AT_ONCE);
        try {
            List<Future<?>> started = new ArrayList<>();
            tasks.forEach(task -> started.add(threads.submit(task)));
            for (Future<?> one : started) {
                one.get();
            }
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interruption);
        } finally {
            threads.shutdownNow();
        }
    }
}
