// SPDX-License-Identifier: GPL-3.0-or-later
package @package@;

import java.net.InetAddress;
import java.util.List;
import org.pf4j.Extension;
import org.sciabc.spi.ConnectException;
import org.sciabc.spi.ConnectRequest;
import org.sciabc.spi.NodeConnection;
import org.sciabc.spi.Provisioner;
import org.sciabc.spi.RemoteShell;
import org.sciabc.spi.RemoteShellRequest;
import org.sciabc.spi.SciabcException;

/** Reaches this machine, and no other yet: commands are run by a shell that could as well be somewhere else. */
@Extension
public final class @class@ implements Provisioner {
    @Override
    public String id() {
        return "@id@";
    }

    @Override
    public String summary() {
        return "reaches this machine only";
    }

    /** What is not supported has to be refused: see {@link #connect}, {@link #remoteShell} and {@link ShellConnection}. */
    @Override
    public boolean supports(Feature feature) {
        return false;
    }

    @Override
    public NodeConnection connect(ConnectRequest request) throws SciabcException {
        if (request.password().isPresent()) {
            throw new SciabcException("@id@ takes no password", "it logs in nowhere", "leave the password out");
        }
        if (!request.node().addresses().stream().allMatch(InetAddress::isLoopbackAddress)) {
            throw new ConnectException(
                    ConnectException.Kind.UNREACHABLE,
                    "cannot reach " + request.node().name(),
                    "@id@ reaches this machine only",
                    "use another --provisioner");
        }
        if (!request.user().equals(System.getProperty("user.name"))) {
            throw new ConnectException(
                    ConnectException.Kind.AUTHENTICATION,
                    "cannot work as " + request.user() + " on " + request.node().name(),
                    "@id@ works as whoever runs it",
                    "leave out --user");
        }
        // For containers, for instance: List.of("docker", "exec", "-i", request.node().name(), "/bin/sh"). To end a command
        // there takes more than here: see ShellConnection.end.
        return new ShellConnection(List.of("/bin/sh"));
    }

    @Override
    public RemoteShell remoteShell(RemoteShellRequest request) throws SciabcException {
        throw new SciabcException(
                "@id@ has no command for launchers", "it reaches this machine only", "use another --provisioner");
    }
}
