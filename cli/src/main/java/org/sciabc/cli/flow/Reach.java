// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.flow;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.console.Questions;
import org.sciabc.cli.option.ReachOptions;
import org.sciabc.provision.Access;
import org.sciabc.provision.ChosenUser;
import org.sciabc.provision.Users;
import org.sciabc.roster.RememberedUsers;
import org.sciabc.spi.Node;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Secret;

/** How the nodes of this run are reached: by which provisioner, as whom, with which password, trusting which host keys. */
public final class Reach implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Chosen<Provisioner> provisioner;
    private final Function<Node, ChosenUser> users;
    private final Map<Node, ChosenUser> settled;
    private final Map<Node, Optional<Secret>> own;
    private final boolean asksEach;
    private final Questions questions;
    private final Trust trust;
    private final Access access;

    private Reach(
            Chosen<Provisioner> provisioner,
            Function<Node, ChosenUser> users,
            Map<Node, ChosenUser> settled,
            Map<Node, Optional<Secret>> own,
            boolean asksEach,
            Questions questions,
            Trust trust,
            Access access) {
        this.provisioner = provisioner;
        this.users = users;
        this.settled = settled;
        this.own = own;
        this.asksEach = asksEach;
        this.questions = questions;
        this.trust = trust;
        this.access = access;
    }

    /** Decides it, and asks for the password when that was wanted; reaches nobody yet. */
    public static Reach of(Setup setup, ReachOptions options) throws SciabcException, InterruptedException {
        Questions questions = new Questions(setup.session().terminal(), options.agreesToAll());
        return of(setup, options, questions, password(options, questions), Optional.empty());
    }

    /** The same for undoing: with the accounts that made nodes ready rather than those that they were made ready for. */
    public static Reach forUndoing(Setup setup, ReachOptions options) throws SciabcException, InterruptedException {
        Questions questions = new Questions(setup.session().terminal(), options.agreesToAll());
        Users users = users(setup, options.user(), RememberedUsers::preparerOf);
        return of(setup, options, users, questions, password(options, questions), Optional.empty());
    }

    /** The same with a password that is known, or none, and a decision about host keys that was taken already. */
    static Reach of(
            Setup setup, ReachOptions options, Questions questions, Optional<Secret> password, Optional<Trust> decided)
            throws SciabcException {
        return of(setup, options, users(setup, options), questions, password, decided);
    }

    private static Reach of(
            Setup setup,
            ReachOptions options,
            Users chosen,
            Questions questions,
            Optional<Secret> password,
            Optional<Trust> decided)
            throws SciabcException {
        Chosen<Provisioner> provisioner = setup.provisioner(options.provisioner());
        Map<Node, ChosenUser> settled = new ConcurrentHashMap<>();
        Function<Node, ChosenUser> users =
                node -> Optional.ofNullable(settled.get(node)).orElseGet(() -> chosen.choose(node));
        Map<Node, Optional<Secret>> own = new ConcurrentHashMap<>();
        Trust trust =
                decided.orElseGet(() -> new Trust(setup.session().terminal(), questions, options.acceptsNewHostKeys()));
        Access access = new Access(
                provisioner.component(),
                provisioner.settings(),
                setup.stateFolder(),
                users,
                node -> own.getOrDefault(node, password),
                trust,
                PATIENCE);
        return new Reach(provisioner, users, settled, own, options.asksPasswordPerNode(), questions, trust, access);
    }

    /** The way to the nodes. */
    public Access access() {
        return access;
    }

    /** What reaches them. */
    public Chosen<Provisioner> provisioner() {
        return provisioner;
    }

    /** The account on a node, and who said so. */
    public ChosenUser user(Node node) {
        return users.apply(node);
    }

    /** From now on, comes to this node with the account that was made ready there. */
    void settle(Node node, String account) {
        if (!user(node).name().equals(account)) {
            access.drop(node);
            settled.put(node, new ChosenUser(account, ChosenUser.Origin.REMEMBERED));
        }
    }

    /** From now on, comes to this node of a hostfile with the account that is named there, unless the command line names one. */
    void takeAccountOf(Node listed) {
        if (user(listed).origin() != ChosenUser.Origin.COMMAND_LINE) {
            listed.user().ifPresent(user -> settled.put(listed, new ChosenUser(user, ChosenUser.Origin.HOSTFILE)));
        }
    }

    /**
     * Asks for the password of each of these nodes where that was wanted, one after the other and each once. Has to be called
     * before many are reached at once.
     *
     * @throws CliFailure when there is nobody to ask
     * @throws InterruptedException when the thread was interrupted at a question
     */
    public void askPasswords(List<Node> nodes) throws CliFailure, InterruptedException {
        if (!asksEach) {
            return;
        }
        for (Node node : nodes) {
            if (!own.containsKey(node)) {
                Secret typed = questions.password("Password of " + user(node).name() + " on " + node.name()
                        + " (login and sudo; empty for none): ");
                own.put(node, typed.utf8().length == 0 ? Optional.empty() : Optional.of(typed));
            }
        }
    }

    /** From now on nobody is asked about a host key: what is not known, and was not accepted beforehand, is refused. */
    void askNoMore() {
        trust.askNoMore();
    }

    /** The person to ask. */
    public Questions questions() {
        return questions;
    }

    @Override
    public void close() {
        access.close();
    }

    static Users users(Setup setup, ReachOptions options) throws SciabcException {
        return users(setup, options.user());
    }

    /** Who decides about the account on each node, where this was given on the command line. */
    static Users users(Setup setup, Optional<String> given) throws SciabcException {
        return users(setup, given, RememberedUsers::of);
    }

    private static Users users(
            Setup setup,
            Optional<String> given,
            BiFunction<Node, List<RememberedUsers.Answer>, Optional<String>> remembered)
            throws SciabcException {
        List<RememberedUsers.Answer> answers = new RememberedUsers(setup.stateFolder()).all();
        Users users = Users.local(System.getProperty("user.name", "root"))
                .rememberedBy(node -> remembered.apply(node, answers))
                .configuredBy(node -> Optional.ofNullable(
                                setup.configuration().users().get(node.name()))
                        .or(setup.configuration()::user));
        try {
            return given.isPresent() ? users.givenAs(given.get()) : users;
        } catch (SciabcException refused) {
            throw CliFailure.of(ExitCode.USAGE, refused);
        }
    }

    private static Optional<Secret> password(ReachOptions options, Questions questions)
            throws SciabcException, InterruptedException {
        boolean once = options.asksPassword() || options.passwordFile().isPresent();
        if (options.asksPasswordPerNode() && once) {
            throw CliFailure.usage(
                    "is there one password, or one for each node?",
                    "--ask-password-per-node does not go with --ask-password and --password-file",
                    "give one of them");
        }
        if (options.passwordFile().isPresent()) {
            return Optional.of(questions.passwordFrom(options.passwordFile().get()));
        }
        return options.asksPassword()
                ? Optional.of(questions.password("Password for the nodes (login and sudo): "))
                : Optional.empty();
    }
}
