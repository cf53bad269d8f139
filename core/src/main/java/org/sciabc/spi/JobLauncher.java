// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A way to run a parallel program on nodes that are ready, such as Open MPI's {@code mpirun}. */
public interface JobLauncher extends Component {

    /** What a launcher may be unable to do. */
    enum Feature {
        /** {@link #launch}: running jobs by itself. */
        LAUNCH,
        /** Passing standard input to the job. Who cannot must leave {@link CommandStreams#in} unread. */
        STANDARD_INPUT,
        /** {@link LaunchRequest.Job#tagged}: saying of each line of output which rank and node it came from. */
        TAGGED_OUTPUT
    }

    /**
     * Whether this launcher can do that; every one can, unless it says no. What is declared <em>no</em> must be refused
     * with a clear {@link SciabcException}, never ignored.
     */
    default boolean supports(Feature feature) {
        return true;
    }

    /**
     * The launcher's list of nodes and slots. Pure: the same request gives the same text, without network, clock, files or
     * environment. The order of the request is kept.
     *
     * @return lines that each end with a line feed; empty text for no nodes
     */
    String hostfile(HostfileRequest request);

    /**
     * What the launcher wants to know about each node before a job runs there. The host runs each probe's script on each
     * node and gives the answers back to {@link #check}. Pure.
     *
     * @return probes with distinct names; empty when the launcher has no questions
     */
    default List<Probe> probes(LaunchRequest request) {
        return List.of();
    }

    /**
     * What the processes of one job must have in common wherever they run, and with the program on this machine that starts
     * them, such as {@code Open MPI 4.1.4 in /usr/bin}: the host runs no job on nodes whose texts differ. Pure.
     *
     * @param answers one machine's answers to {@link #probes}, by name; may be incomplete
     * @return a short printable line; empty text when the answers do not tell, and then {@link #check} says what is missing
     */
    default String build(Map<String, String> answers) {
        return "";
    }

    /**
     * What a person types to run a program on the nodes of a hostfile without us, variables included. Pure.
     *
     * @param remoteShell how programs are started on the nodes
     * @param hostfile the file, with the text of {@link #hostfile}
     * @return one line for a POSIX shell, to which the program is appended; empty when this launcher has no such line
     */
    default Optional<String> byHand(RemoteShell remoteShell, Path hostfile) {
        return Optional.empty();
    }

    /**
     * Judges the answers: what would keep the job from running, or is likely to spoil it. Pure. The request may have no nodes,
     * where none has answered, or none is ready yet: then it is about this machine, and a finding that stops the job and names
     * no node keeps {@code sciabc up} from making any ready.
     *
     * @return findings, each with its nodes, its evidence and its remedy; empty when all is well
     */
    default List<Finding> check(CheckRequest request) {
        return List.of();
    }

    /**
     * Runs the job to its end. Starts programs on this machine only through {@link LaunchRequest#processes}, which sees to
     * it that they are ended when the thread is interrupted. Output is passed on as it comes.
     *
     * @return the job's own exit status: 0 only when all of its processes ended with 0; where they differ, that of the one
     *     that failed first, as far as the launcher can tell, and never 0
     * @throws SciabcException when the job could not be started, as opposed to: started, and failed
     * @throws InterruptedException when the thread was interrupted; the job was ended
     */
    ExitStatus launch(LaunchRequest request, CommandStreams streams) throws SciabcException, InterruptedException;

    /**
     * Begins what can be begun of a job before the checks have let it run, while they run: nothing of its program may start,
     * and nothing may be opened on nodes that is not open anyway. Must return at once; what takes time goes on in the background.
     * Not called for jobs that are not checked.
     *
     * @param expected the job, as it is going to be when the checks find nothing and change nothing
     * @return absent when there is nothing to begin
     */
    default Optional<EarlyStart> startEarly(LaunchRequest expected) throws SciabcException {
        return Optional.empty();
    }

    /**
     * Begins a job that nobody has asked for, because one like it is likely to be the next: in the process that a session keeps,
     * when a job has ended, and when the session starts. Nothing of a program may start. Must return at once; what takes time
     * goes on in the background.
     *
     * <p>The host keeps it until a launch that the checks have let run uses it, or another one takes its place, or the process
     * ends; the plugin has been stopped meanwhile, and this component is not used any more. The launcher decides
     * whether a job is the one that was expected ({@link EarlyStart#launch}); the host sees to it that the nodes' accounts
     * and system have not changed since.
     *
     * @param like the nodes, the networks, the number of processes and how they are started; its program is of no account
     * @return absent when there is nothing to begin
     */
    default Optional<EarlyStart> startAhead(LaunchRequest like) throws SciabcException {
        return Optional.empty();
    }

    /**
     * What this launcher can keep running on nodes between jobs.
     *
     * @return absent when there is nothing of the kind
     */
    default Optional<ResidentRuntime> resident() {
        return Optional.empty();
    }
}
