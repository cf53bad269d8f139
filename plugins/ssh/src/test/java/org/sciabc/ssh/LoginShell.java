// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** Runs a command line with a login shell, as sshd does, and leaves the process alone when the channel goes away. */
final class LoginShell implements Command {
    private final List<String> commandLine;
    private final Path home;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private OutputStream err = OutputStream.nullOutputStream();
    private ExitCallback callback = (code, message, isCleanExit) -> {};

    LoginShell(List<String> shell, Path home, String command) {
        this.commandLine = new ArrayList<>(shell);
        this.commandLine.add(command);
        this.home = home;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback exit) {
        callback = exit;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(commandLine).directory(home.toFile());
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        thread(() -> pass(in, process.getOutputStream(), true));
        Thread output = thread(() -> pass(process.getInputStream(), out, false));
        Thread errors = thread(() -> pass(process.getErrorStream(), err, false));
        thread(() -> {
            int status = process.waitFor();
            output.join();
            errors.join();
            callback.onExit(status);
        });
    }

    @Override
    public void destroy(ChannelSession channel) {}

    private static void pass(InputStream source, OutputStream target, boolean closes) throws IOException {
        byte[] part = new byte[32 * 1024];
        int count = source.read(part);
        while (count >= 0) {
            target.write(part, 0, count);
            target.flush();
            count = source.read(part);
        }
        if (closes) {
            target.close();
        }
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private static Thread thread(Step step) {
        Thread thread = new Thread(() -> {
            try {
                step.run();
            } catch (IOException | InterruptedException over) {
                // One of the two ends is gone.
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
