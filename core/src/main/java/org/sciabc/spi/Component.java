// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import java.util.List;
import org.pf4j.ExtensionPoint;

/**
 * What every plugin offers, whichever of the SPIs it implements: a name, settings, and what it needs on each node.
 *
 * <p>An implementation is a public class with a public constructor without parameters, annotated with
 * {@code org.pf4j.Extension}. The constructor must return at once and must not start threads, open files or send packets:
 * the host creates components in order to list them. A component must not keep state between calls other than caches; the
 * host may call it from several threads at once.
 *
 * <p>A component never prints, never prompts, never ends the JVM, and never installs handlers for signals: data goes back
 * through return values and listeners, words for people through a {@link Notice} or a {@link SciabcException}. The interfaces
 * of slf4j are there for libraries that log with them; what is logged is dropped. Threads that a call started have ended one
 * second after it returned, or after the connection or announcement that it made was closed.
 */
public interface Component extends ExtensionPoint {

    /**
     * The name that people type ({@code --discovery zeroconf}) and that prefixes settings ({@code zeroconf.ttl}). Components
     * of different kinds may have the same one: each is given the settings below it that it declares, and a key that several
     * of them declare is for all of these.
     *
     * @return lower-case letters, digits and hyphens, beginning with a letter, at most 32 characters; always the same
     */
    String id();

    /**
     * What it is, for lists and help.
     *
     * @return one line without a full stop
     */
    String summary();

    /**
     * The settings that this component understands. Keys outside of this list are refused by the host, which names the
     * nearest known one, unless a component of another kind with the same id declares them; the component therefore never sees
     * an unknown key.
     *
     * @return the declarations, in the order in which help shows them; empty when there is nothing to set
     */
    default List<Setting> settings() {
        return List.of();
    }

    /**
     * What this component needs on every node in order to work there. Must be a pure function of the request, of files
     * below {@link RequirementsRequest#stateFolder()} and of files that the settings name; it may create what is missing in
     * that folder (a key pair), nothing else.
     *
     * @return declarations that the host checks, prints, applies and undoes; empty when nodes need nothing
     * @throws SciabcException when the requirements cannot be determined
     */
    default List<Requirement> requirements(RequirementsRequest request) throws SciabcException {
        return List.of();
    }
}
