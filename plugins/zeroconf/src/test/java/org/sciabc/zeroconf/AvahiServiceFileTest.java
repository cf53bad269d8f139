// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.zeroconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.sciabc.spi.Hardware;
import org.sciabc.spi.Node;
import org.sciabc.spi.NodeId;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.Settings;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class AvahiServiceFileTest {
    private final Requirement.FileContent file = new ZeroconfDiscovery()
                    .requirements(new RequirementsRequest(
                            "lab", Settings.defaults(new ZeroconfDiscovery().settings()), Path.of("unused")))
                    .stream()
                    .filter(Requirement.FileContent.class::isInstance)
                    .map(Requirement.FileContent.class::cast)
                    .findFirst()
                    .orElseThrow();

    @Test
    void fileIsTheOneOf2016() throws Exception {
        Document document = parse(file.content());

        assertThat(file.path()).isEqualTo("/etc/avahi/services/sciabc.service");
        assertThat(file.mode()).isEqualTo(0644);
        assertThat(texts(document, "name")).containsExactly("SupercomputerInABriefcase on @sciabc.avahi-host@");
        assertThat(document.getElementsByTagName("name")
                        .item(0)
                        .getAttributes()
                        .getNamedItem("replace-wildcards")
                        .getTextContent())
                .isEqualTo("yes");
        assertThat(texts(document, "type")).containsExactly("_sciabc._tcp");
        assertThat(texts(document, "port")).containsExactly("34343");
    }

    @Test
    void nameIsFilledInAsLongAsAnAnnouncementsIs() {
        int room = NodeText.instance("h".repeat(63)).length() - NodeText.INSTANCE_PREFIX.length();

        assertThat(room).as("what is documented of the placeholder").isEqualTo(34);
    }

    @Test
    void itTellsWhatAnAnnouncementTells() throws Exception {
        Node complete = Node.of("pi", List.of())
                .withId(new NodeId("0f8fad5b"))
                .withCluster("lab")
                .withUser("ada")
                .withHostKey("SHA256:" + "A".repeat(43))
                .withHardware(new Hardware(
                        OptionalInt.of(1), OptionalLong.of(1), Optional.of("aarch64"), Optional.of("debian-12")));

        assertThat(texts(parse(file.content()), "txt-record"))
                .extracting(text -> text.split("=", 2)[0])
                .containsExactlyElementsOf(NodeText.write(complete).stream()
                        .map(text -> text.split("=", 2)[0])
                        .toList());
    }

    @Test
    void textIsEscaped() throws Exception {
        assertThat(texts(parse(AvahiServiceFile.content(List.of("os=<a>&b"))), "txt-record"))
                .containsExactly("os=<a>&b");
    }

    private static Document parse(String xml) throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
        return builder.parse(new InputSource(new StringReader(xml)));
    }

    private static List<String> texts(Document document, String tag) {
        NodeList found = document.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getTextContent())
                .toList();
    }
}
