// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli.verb;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sciabc.cli.CliFailure;
import org.sciabc.cli.ExitCode;
import org.sciabc.cli.Session;
import org.sciabc.cli.Verb;
import org.sciabc.cli.console.Findings;
import org.sciabc.cli.flow.ServicesStage;
import org.sciabc.cli.flow.ServicesStage.Listing;
import org.sciabc.cli.flow.Setup;
import org.sciabc.cli.option.NetworkOptions;
import org.sciabc.spi.Durations;
import org.sciabc.spi.NetworkService;
import org.sciabc.spi.SciabcException;

/** {@code sciabc services}. */
@Parameters(separators = "=")
public final class ServicesVerb implements Verb {
    private static final String USUAL_TIME = "3s";

    @Parameter(names = "--json", description = "print one JSON object")
    private boolean json;

    @Parameter(names = "--discovery", description = "NAME | the backend to look through (default: zeroconf)")
    private String backend = "zeroconf";

    @Parameter(names = "--for", description = "TIME | how long to look, such as 5s or 300ms (default: 3s)")
    private @Nullable String time;

    @ParametersDelegate
    private NetworkOptions network = new NetworkOptions();

    @Override
    public int run(Session session) throws SciabcException, InterruptedException {
        String given = time == null ? USUAL_TIME : time;
        Duration limit = Durations.parse(given)
                .orElseThrow(() -> CliFailure.usage(
                        "--for cannot be '" + given + "'",
                        "it takes a duration of at most ten years",
                        "for example --for 5s"));
        try (Setup setup = Setup.open(session, network)) {
            ServicesStage stage =
                    new ServicesStage(setup, setup.backends(List.of(backend)).get(0));
            Listing listing = stage.run(limit);
            Findings findings = Findings.of(backend, listing.listening());
            if (json) {
                session.terminal().json(json(listing, findings));
            } else {
                print(listing, session.terminal().out());
            }
            if (listing.types().isEmpty()) {
                throw new CliFailure(
                        ExitCode.UNAVAILABLE,
                        "nothing answered in " + Durations.format(limit) + findings.text(),
                        "",
                        "a network that filters multicast shows nothing here: --discovery sweep finds nodes without it");
            }
            findings.lines().forEach(session.terminal()::say);
            return ExitCode.OK;
        }
    }

    private static void print(Listing listing, PrintStream out) {
        for (String type : listing.types()) {
            List<NetworkService> services = listing.services().stream()
                    .filter(service -> service.type().equals(type))
                    .toList();
            out.println(type + (services.isEmpty() ? "  (no instance answered)" : ""));
            services.forEach(service -> print(service, out));
        }
    }

    private static void print(NetworkService service, PrintStream out) {
        String place = service.host().isPresent()
                ? service.host().get() + " port " + service.port().orElse(0) + "  "
                        + service.addresses().stream()
                                .map(InetAddress::getHostAddress)
                                .collect(Collectors.joining(", "))
                : "(where it is was not said)";
        out.println("  " + service.name() + "  " + service.networkInterface() + "  " + place);
        service.text().forEach(text -> out.println("    " + text));
    }

    private static String json(Listing listing, Findings findings) {
        JsonStringWriter json =
                JsonWriter.string().object().array("types", listing.types()).array("services");
        for (NetworkService service : listing.services()) {
            json.object()
                    .value("type", service.type())
                    .value("name", service.name())
                    .value("interface", service.networkInterface());
            service.host().ifPresent(host -> json.value("host", host));
            service.port().ifPresent(port -> json.value("port", port));
            json.array("addresses");
            service.addresses().forEach(address -> json.value(address.getHostAddress()));
            json.end().array("text", service.text()).end();
        }
        json.end();
        findings.write(json);
        return json.end().done();
    }
}
