// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sciabc.cli.CommandRun.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sciabc.cli.console.Terminal;
import org.sciabc.spi.AnnounceRequest;
import org.sciabc.spi.Announcement;
import org.sciabc.spi.CommandStreams;
import org.sciabc.spi.DiscoveryBackend;
import org.sciabc.spi.ExitStatus;
import org.sciabc.spi.HostfileRequest;
import org.sciabc.spi.JobLauncher;
import org.sciabc.spi.LaunchRequest;
import org.sciabc.spi.LocalInterface;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SightingListener;
import org.sciabc.spi.WatchRequest;

/** What a person is told of a plugin that fails, and that no other plugin has to suffer. */
class PluginFailuresTest {
    private static final String WHERE = "at org.sciabc.cli.PluginFailuresTest$Failing.watch(";

    @TempDir
    private Path home = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Finds nothing, and announces nothing. */
    public abstract static class Finder implements DiscoveryBackend {
        private final String id;

        Finder(String id) {
            this.id = id;
        }

        @Override
        public final String id() {
            return id;
        }

        @Override
        public final String summary() {
            return "finds nothing";
        }

        @Override
        public Announcement announce(AnnounceRequest request) throws SciabcException {
            throw new SciabcException("cannot announce", "this is a test", "");
        }

        @Override
        public void watch(WatchRequest request, SightingListener listener)
                throws SciabcException, InterruptedException {}
    }

    public static final class Failing extends Finder {
        public Failing() {
            super("failing");
        }

        @Override
        public void watch(WatchRequest request, SightingListener listener) {
            throw new IllegalStateException("no luck");
        }
    }

    public static final class Uncreatable extends Finder {
        public Uncreatable() {
            super("uncreatable");
            throw new IllegalStateException("no luck");
        }
    }

    public static final class Announcing extends Finder {
        public Announcing() {
            super("announcing");
        }

        @Override
        public Announcement announce(AnnounceRequest request) {
            return new Unclosable();
        }
    }

    public static final class Unclosable implements Announcement {
        @Override
        public List<String> told() {
            return List.of("something");
        }

        @Override
        public void close() {
            throw new IllegalStateException("no goodbye");
        }
    }

    public static final class Undecided extends Finder {
        public Undecided() {
            super("undecided");
        }

        @Override
        public boolean supports(Feature feature) {
            throw new IllegalStateException("no idea");
        }
    }

    public static final class Choiceless extends Finder {
        public Choiceless() {
            super("choiceless");
        }

        @Override
        public boolean supports(Feature feature) {
            return feature != Feature.INTERFACES;
        }

        @Override
        public void watch(WatchRequest request, SightingListener listener) throws SciabcException {
            String names =
                    request.interfaces().stream().map(LocalInterface::name).collect(Collectors.joining(", "));
            throw new SciabcException("told of [" + names + "]", "", "leave out either");
        }
    }

    /** Has threads of its own, which end as they should not. */
    public static final class Threaded extends Finder {
        public Threaded() {
            super("threaded");
        }

        @Override
        public void watch(WatchRequest request, SightingListener listener) throws InterruptedException {
            run("worker", Threaded::fail);
            run("quitter", Threaded::exit);
        }

        private static void run(String name, Runnable work) throws InterruptedException {
            Thread thread = new Thread(work, name);
            thread.start();
            thread.join();
        }

        private static void fail() {
            throw new IllegalStateException("no luck");
        }

        private static void exit() {
            System.exit(3);
        }
    }

    public static final class TwinFinder extends Finder {
        public TwinFinder() {
            super("twin");
        }

        @Override
        public List<Setting> settings() {
            return List.of(Setting.number("port", 1, "where to look"));
        }
    }

    public static final class TwinLauncher implements JobLauncher {
        @Override
        public String id() {
            return "twin";
        }

        @Override
        public String summary() {
            return "runs nothing";
        }

        @Override
        public List<Setting> settings() {
            return List.of(Setting.text("queue", "short", "where jobs wait"));
        }

        @Override
        public String hostfile(HostfileRequest request) {
            return "";
        }

        @Override
        public ExitStatus launch(LaunchRequest request, CommandStreams streams) {
            return ExitStatus.OK;
        }
    }

    @Test
    void whereABackendFailedIsShownToWhoAsksForIt() throws IOException {
        write("failing", Failing.class);

        assertThat(run("discover", "--discovery", "failing", "--stacktrace")).isEqualTo(69);
        assertThat(text(err)).contains("error: no nodes found", "IllegalStateException: no luck", WHERE);
        err.reset();
        assertThat(run("discover", "--discovery", "failing")).isEqualTo(69);
        assertThat(text(err)).contains("error: no nodes found").doesNotContain(WHERE);
    }

    @Test
    void whereAComponentCouldNotBeCreatedIsShownToWhoAsksForIt() throws IOException {
        write("uncreatable", Uncreatable.class);
        String where = "at org.sciabc.cli.PluginFailuresTest$Uncreatable.<init>(";

        assertThat(run("plugins", "--stacktrace")).isEqualTo(65);
        assertThat(text(err)).contains("cannot use plugin uncreatable.jar: failed: no luck", where);
        err.reset();
        assertThat(run("plugins")).isEqualTo(65);
        assertThat(text(err)).doesNotContain(where);
    }

    @Test
    void whatOneBackendAnnouncesIsWithdrawnWhereAnotherBreaksDown() throws IOException {
        PluginOfTest.write(
                home.resolve("plugins"),
                "announcing",
                "discovery:announcing",
                Announcing.class,
                Finder.class,
                Unclosable.class);
        write("undecided", Undecided.class);

        assertThat(run("announce", "--discovery", "announcing,undecided")).isEqualTo(65);
        assertThat(text(err))
                .contains(
                        "error: plugin undecided (undecided.jar) broke down in supports: it failed: no idea",
                        "warning: plugin announcing broke down when what it had opened was closed: it failed: no goodbye");
    }

    @Test
    void componentsOfOneNameAreSetEachByItsOwnKeys() throws IOException {
        write("finder", "discovery:twin", TwinFinder.class);
        PluginOfTest.write(home.resolve("plugins"), "launcher", "launcher:twin", TwinLauncher.class);
        Files.writeString(home.resolve("config.toml"), "[settings.twin]\nqueue = \"long\"\nport = 3\n");

        assertThat(run("discover", "--discovery", "twin", "--set", "twin.queue=short"))
                .isEqualTo(69);
        assertThat(text(err)).contains("error: no nodes found");
        err.reset();
        assertThat(run("discover", "--discovery", "twin", "--set", "twin.queeu=short"))
                .isEqualTo(64);
        assertThat(text(err)).contains("plugin twin");
    }

    @Test
    void aNetworkThatABackendCannotChooseIsRefusedByAWatchAsByADiscovery() throws Exception {
        write("choiceless", Choiceless.class);

        assertThat(run("discover", "--discovery", "choiceless", "--interface", "lo"))
                .isEqualTo(69);
        assertThat(text(err)).contains("told of [lo]", "hint: leave out either");
        err.reset();
        assertThat(run("watch", "--discovery", "choiceless", "--interface", "lo"))
                .isEqualTo(69);
        assertThat(text(err))
                .startsWith("error: choiceless cannot be told which network to use: ")
                .contains("hint: leave out --interface");
        assertThat(watchUntil("told of", "--discovery", "choiceless")).contains("told of []");
    }

    @Test
    void whatEndsAThreadOfAPluginIsSaidInWordsAndNamesThePlugin() throws Exception {
        write("threaded", Threaded.class);
        String failed =
                "warning: plugin threaded (threaded.jar) broke down in a thread of its own, 'worker': it failed: no luck";
        String quit =
                "warning: plugin threaded (threaded.jar) broke down in a thread of its own, 'quitter': it tried to end"
                        + " the program with status 3";

        assertThat(run("discover", "--discovery", "threaded")).isEqualTo(69);
        assertThat(text(err))
                .contains(failed, quit, "hint: tell the plugin's author")
                .doesNotContain("Exception", "\tat ");
        err.reset();
        assertThat(run("discover", "--discovery", "threaded", "--stacktrace")).isEqualTo(69);
        assertThat(text(err)).contains(failed, "IllegalStateException: no luck", "$Threaded.fail(");
    }

    @Test
    void whatEndsAnotherThreadIsSaidInWords() throws Exception {
        Thread.UncaughtExceptionHandler handler = new LostThreads(terminal());

        handler.uncaughtException(new Thread("ours"), new IllegalStateException("no luck"));

        assertThat(text(err))
                .startsWith("error: something went wrong that should not have: no luck\nhint: ")
                .doesNotContain("\tat ");
    }

    @Test
    void aSettingOfAnotherComponentThanTheOneInUseIsSaidToHaveNoEffect() throws Exception {
        write("finder", "discovery:twin", TwinFinder.class);
        write("failing", Failing.class);
        PluginOfTest.write(home.resolve("plugins"), "launcher", "launcher:queue", TwinLauncher.class);
        String unused = """
                warning: --set twin.port has no effect: this command does not use the discovery backend 'twin'
                hint: --discovery twin would use it
                """;

        assertThat(run("discover", "--discovery", "failing", "--set", "twin.port=2"))
                .isEqualTo(69);
        assertThat(text(err)).containsOnlyOnce(unused);
        assertThat(watchUntil("broke down in watch", "--discovery", "failing", "--set", "twin.port=2"))
                .containsOnlyOnce(unused);
        err.reset();
        assertThat(run("discover", "--discovery", "failing,twin", "--set", "twin.port=2"))
                .isEqualTo(69);
        assertThat(text(err)).doesNotContain("has no effect");
    }

    /** What a watch has said by the time that it said this; it is interrupted then. */
    private String watchUntil(String said, String... options) throws InterruptedException {
        err.reset();
        Thread watch = new Thread(
                () -> run(Stream.concat(Stream.of("watch"), Stream.of(options)).toArray(String[]::new)));
        watch.start();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!text(err).contains(said) && System.nanoTime() < end) {
            watch.join(20);
        }
        watch.interrupt();
        watch.join();
        return text(err);
    }

    private void write(String id, Class<?> finder) throws IOException {
        write(id, "discovery:" + id, finder);
    }

    private void write(String id, String offer, Class<?> finder) throws IOException {
        PluginOfTest.write(home.resolve("plugins"), id, offer, finder, Finder.class);
    }

    private int run(String... arguments) {
        return CommandRun.of(Map.of("SCIABC_HOME", home.toString()), out, err, arguments);
    }

    private Terminal terminal() {
        return CommandRun.terminal(out, err);
    }
}
