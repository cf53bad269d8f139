// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.roster;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.sciabc.spi.AtomicFile;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Untrusted;

/**
 * Which account each node was made ready with: {@code users.json} in the cluster's state folder. A node is known again by its
 * id, and by its name where either side has no id yet.
 */
public final class RememberedUsers {
    private static final int LARGEST = 4 << 20;

    private final AtomicFile file;

    /** Those of the cluster whose private folder this is. */
    public RememberedUsers(Path stateFolder) {
        this.file = AtomicFile.ownerOnlyAt(stateFolder.resolve("users.json"));
    }

    /**
     * What was answered for one node.
     *
     * @param id its identity, where it had one
     * @param name its name
     * @param user the account
     * @param preparedBy the account that made it ready, where that was another one: it may become root there
     */
    public record Answer(Optional<NodeId> id, String name, String user, Optional<String> preparedBy) {
        boolean isAbout(Node node) {
            return (id.isPresent() && node.id().isPresent()) ? id.equals(node.id()) : name.equals(node.name());
        }
    }

    /**
     * All answers. A file that cannot be understood holds none: they are given again.
     *
     * @throws SciabcException when the file is there and the system does not let it be read
     */
    public List<Answer> all() throws SciabcException {
        return parse(file.read());
    }

    /** The account for a node among these answers. */
    public static Optional<String> of(Node node, List<Answer> answers) {
        return about(node, answers).map(Answer::user);
    }

    /** The account for undoing what was done to a node: the one that did it. */
    public static Optional<String> preparerOf(Node node, List<Answer> answers) {
        return about(node, answers).map(answer -> answer.preparedBy().orElse(answer.user()));
    }

    private static Optional<Answer> about(Node node, List<Answer> answers) {
        return answers.stream().filter(answer -> answer.isAbout(node)).findFirst();
    }

    /**
     * Keeps an account for these nodes, in place of what was kept for them.
     *
     * @param preparer the account that came to make them ready; where it is the same, one that did so earlier stays known
     * @throws SciabcException when the file cannot be written
     * @throws InterruptedException when the thread was interrupted while another process was writing
     */
    public void remember(Collection<Node> nodes, String user, String preparer)
            throws SciabcException, InterruptedException {
        file.update(present -> {
            List<Answer> earlier = parse(present);
            return write(replaced(
                    earlier,
                    nodes,
                    nodes.stream()
                            .map(node -> new Answer(
                                    node.id(),
                                    node.name(),
                                    user,
                                    Optional.of(preparer)
                                            .filter(other -> !other.equals(user))
                                            .or(() -> about(node, earlier)
                                                    .filter(answer ->
                                                            answer.user().equals(user))
                                                    .flatMap(Answer::preparedBy))))
                            .toList()));
        });
    }

    /**
     * Keeps nothing for these nodes any longer.
     *
     * @throws SciabcException when the file cannot be written
     * @throws InterruptedException when the thread was interrupted while another process was writing
     */
    public void forget(Collection<Node> nodes) throws SciabcException, InterruptedException {
        if (!all().isEmpty()) {
            file.update(present -> write(replaced(parse(present), nodes, List.of())));
        }
    }

    private static List<Answer> replaced(List<Answer> earlier, Collection<Node> nodes, List<Answer> fresh) {
        List<Answer> kept = new ArrayList<>(earlier);
        kept.removeIf(answer -> nodes.stream().anyMatch(answer::isAbout));
        kept.addAll(fresh);
        return kept;
    }

    private static String write(List<Answer> answers) {
        JsonStringWriter json =
                JsonWriter.indent("  ").string().object().value("format", 1).array("nodes");
        for (Answer answer : answers) {
            json.object();
            answer.id().ifPresent(id -> json.value("id", id.value()));
            json.value("name", answer.name()).value("user", answer.user());
            answer.preparedBy().ifPresent(preparer -> json.value("preparedBy", preparer));
            json.end();
        }
        return json.end().end().done() + "\n";
    }

    private static List<Answer> parse(Optional<String> text) {
        if (text.isEmpty() || text.get().length() > LARGEST) {
            return List.of();
        }
        try {
            JsonArray nodes = JsonParser.object().from(text.get()).getArray("nodes", new JsonArray());
            return nodes.stream()
                    .filter(JsonObject.class::isInstance)
                    .flatMap(each -> answer((JsonObject) each).stream())
                    .toList();
        } catch (JsonParserException damaged) {
            return List.of();
        }
    }

    private static Optional<Answer> answer(JsonObject json) {
        Optional<String> name = Untrusted.nodeName(json.getString("name", ""));
        Optional<NodeId> id = NodeId.parse(json.getString("id", ""));
        Optional<String> preparer = Untrusted.user(json.getString("preparedBy", ""));
        return Untrusted.user(json.getString("user", ""))
                .flatMap(user -> name.map(known -> new Answer(id, known, user, preparer)));
    }
}
