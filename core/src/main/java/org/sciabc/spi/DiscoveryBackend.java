// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.Optional;

/**
 * One network's way of finding nodes and of being found.
 *
 * <p>A backend deals with one network technology and knows nothing of the others: merging, suspicion and storage are the
 * roster's. The host calls {@link #watch} on a thread of its own for each backend; a backend may start further threads,
 * which must all have ended one second after {@code watch} returned or the announcement was closed.
 *
 * <p>A sighting is a hint, never an authorisation: a backend checks what it received with {@link Untrusted} and
 * {@link Node}, drops what does not fit, and says so once with a {@link Notice}.
 */
public interface DiscoveryBackend extends Component {

    /** What a backend may be unable to do. */
    enum Feature {
        /** {@link #announce}: making this machine findable. */
        ANNOUNCE,
        /**
         * Reporting {@link Sighting.Lost} when a node leaves, without waiting to be asked. Who cannot never reports a loss:
         * the roster then asks the nodes themselves, by connecting to their SSH servers at {@link Node#port}, whichever
         * provisioner is used.
         */
        LEAVING,
        /** Using only those interfaces that the request names. */
        INTERFACES
    }

    /**
     * Whether this backend can do that; every backend can, unless it says no. What is declared <em>no</em> must be refused
     * with a clear {@link SciabcException}, never ignored.
     */
    default boolean supports(Feature feature) {
        return true;
    }

    /**
     * What a person has to agree to before {@link #watch} may be called with this request. A backend that connects to machines
     * which have not announced themselves must ask in this way, and must refuse to watch when the setting of its
     * {@link Consent} is not given. Must send nothing, and must return at once.
     *
     * @return empty when nothing has to be asked, because the backend only deals with its own kind or the setting is given
     * @throws SciabcException when the request cannot be carried out, whoever agrees to it
     */
    default Optional<Consent> consent(WatchRequest request) throws SciabcException {
        return Optional.empty();
    }

    /**
     * Makes this machine findable and returns as soon as that is under way. Must use only the interfaces of the request.
     * The caller closes the announcement, which withdraws it: others must be told (a goodbye) before {@code close} returns.
     * Of a backend that supports {@link Feature#INTERFACES} it may be called again while other announcements last, for a
     * network that has come since.
     *
     * @throws SciabcException when this machine cannot be announced, or when the backend does not support it
     * @throws InterruptedException when the thread was interrupted; nothing is then left announced
     */
    Announcement announce(AnnounceRequest request) throws SciabcException, InterruptedException;

    /**
     * Reports nodes until the request's limit has passed, or until the thread is interrupted; only then it returns. It may
     * return earlier only when the request has a limit and all is reported that can be found, as with a list, and then it
     * should: commands wait for a backend without {@link Feature#ANNOUNCE} until its watch ends, and one that returns late
     * costs each of them its whole time. Nodes that are already there must be reported, too, and as soon as they are known.
     *
     * <p>Must call {@link SightingListener#listening} once for each network that it listens on before it waits. May call
     * the listener from any thread, but never from two at once, and never after it returned. Interruption must be obeyed
     * within one second, by returning normally or by throwing {@link InterruptedException}.
     *
     * @throws SciabcException when watching is impossible or became impossible, for all networks of the request; when only
     *     some of them fail, that is a {@link Notice}
     * @throws InterruptedException when the thread was interrupted
     */
    void watch(WatchRequest request, SightingListener listener) throws SciabcException, InterruptedException;

    /**
     * Reports every service that the network announces, of whatever kind, until the request's limit has passed or the thread
     * is interrupted. It is what {@code sciabc services} shows to somebody who wonders what answers on a network at all.
     *
     * <p>A backend that knows of nodes only leaves this as it is, which refuses. Calls of the listener and interruption are
     * as in {@link #watch}.
     *
     * @throws SciabcException when this backend knows of nodes only, or when looking is impossible on all networks of the
     *     request
     * @throws InterruptedException when the thread was interrupted
     */
    default void browse(BrowseRequest request, ServiceListener listener) throws SciabcException, InterruptedException {
        throw new SciabcException(
                "cannot list services through " + id(), "it knows of nodes only", "--discovery zeroconf lists them");
    }
}
