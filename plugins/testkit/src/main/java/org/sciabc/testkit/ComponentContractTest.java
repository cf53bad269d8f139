// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pf4j.Extension;
import org.sciabc.spi.Component;
import org.sciabc.spi.Requirement;
import org.sciabc.spi.RequirementsRequest;
import org.sciabc.spi.SciabcException;
import org.sciabc.spi.Setting;
import org.sciabc.spi.SettingException;
import org.sciabc.spi.Settings;

/**
 * What {@link Component} demands of every plugin, as tests. A plugin's own test does not extend this class but the one for its
 * kind: {@link DiscoveryContractTest}, {@link ProvisionerContractTest} or {@link LauncherContractTest}.
 *
 * <p>Each test is one clause of the contract, and the message of its failure says which, what was seen instead, and where
 * that helps what to do. Time limits are those of the contract with half a second more, for a machine that is busy. The tests
 * look at the threads and the standard streams of the whole JVM: nothing else may run in it meanwhile.
 *
 * @param <C> the kind of component
 */
@Isolated("looks at the threads and the standard streams of the whole JVM")
public abstract class ComponentContractTest<C extends Component> {
    /** The name of the cluster in all requests. */
    protected static final String CLUSTER = "contract";

    private static final Duration AT_ONCE = Duration.ofMillis(500);

    private final InputStream standardInput = System.in;

    @TempDir
    private Path temporary;

    ComponentContractTest() {}

    /**
     * Creates the component. Is called often, and each call must create another one.
     *
     * @return the component under test
     * @throws Exception when that fails, which fails the test
     */
    protected abstract C create() throws Exception;

    /**
     * What a person would set for the surroundings of the test, such as the path of a program.
     *
     * @return texts by key, without the component's id; nothing unless overridden
     * @throws Exception when that fails, which fails the test
     */
    protected Map<String, String> given() throws Exception {
        return Map.of();
    }

    /**
     * The settings that all requests carry: the defaults, and what was {@link #given}.
     *
     * @return the settings of the component under test
     * @throws Exception when what was given is refused
     */
    protected final Settings settings() throws Exception {
        return Settings.of(create().settings(), given());
    }

    /**
     * The cluster's private folder on the manager, empty at the beginning of each test.
     *
     * @return a folder that exists, with mode 0700
     * @throws IOException when it cannot be made
     */
    protected final Path stateFolder() throws IOException {
        Path folder = temporary.resolve("state");
        return Files.exists(folder)
                ? folder
                : Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /**
     * A folder for what the test itself needs, such as a program that stands in for the real one.
     *
     * @return a folder that exists, another one for each test
     */
    protected final Path temporaryFolder() {
        return temporary;
    }

    /**
     * Whether a thread is one of the test's own surroundings, such as those of a server that the component talks to. All others
     * that come while the component works have to end with it.
     *
     * @param thread a thread of this JVM
     * @return false unless overridden
     */
    protected boolean belongsToTheTest(Thread thread) {
        return false;
    }

    /** How long the contract looks on, or lets something take. The test of the contract is less patient. */
    Duration aWhile() {
        return Duration.ofSeconds(1);
    }

    /** Uses everything that the component can do once, and closes what has to be closed. */
    abstract void useOnce() throws Exception;

    /** Uses what depends on settings most, with these. May throw what a plugin throws for settings that it refuses. */
    abstract void useWith(Settings settings) throws Exception;

    /** A plugin that asks a question fails one test and does not wait for an answer in all others. */
    @BeforeEach
    final void letNobodyAnswer() {
        System.setIn(InputStream.nullInputStream());
    }

    @AfterEach
    final void putStandardInputBack() {
        System.setIn(standardInput);
    }

    @Test
    final void isAPublicClassThatTheHostCanCreate() throws Exception {
        Class<?> type = create().getClass();

        assertThat(Modifier.isPublic(type.getModifiers()))
                .as("%s has to be public: the host creates it", type.getName())
                .isTrue();
        assertThat(type.getConstructors())
                .as("%s needs a public constructor without parameters: the host calls it", type.getName())
                .anyMatch(constructor -> constructor.getParameterCount() == 0);
        assertThat(type.isAnnotationPresent(Extension.class))
                .as("%s needs the annotation org.pf4j.Extension: without it the host does not find it", type.getName())
                .isTrue();
    }

    @Test
    final void isCreatedAtOnceAndWithoutEffects() throws Exception {
        Constructor<?> constructor = create().getClass().getConstructor();
        ThreadsBefore threads = new ThreadsBefore(this::belongsToTheTest);
        Set<String> files = openFiles();
        long begin = System.nanoTime();
        Object created = constructor.newInstance();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);

        assertThat(took)
                .as("the constructor has to return at once: the host creates components in order to list them")
                .isLessThan(AT_ONCE);
        threads.requireThatNoneCame("the constructor of " + created.getClass().getName());
        Set<String> opened = openFiles();
        opened.removeAll(files);
        assertThat(opened)
                .as("the constructor must not open files or connections")
                .isEmpty();
    }

    @Test
    final void idIsWellFormedAndAlwaysTheSame() throws Exception {
        C component = create();

        assertThat(component.id())
                .as("an id is what people type: lower-case letters, digits and hyphens, at most 32")
                .matches("[a-z][a-z0-9-]{0,31}");
        assertThat(List.of(component.id(), create().id()))
                .as("the id has to be the same at each call and in each instance")
                .containsOnly(component.id());
    }

    @Test
    final void summaryIsOneLineWithoutAFullStop() throws Exception {
        assertThat(Said.wrongInPhrase(create().summary()))
                .as("what is wrong with the summary, which is a line of a list")
                .isEmpty();
    }

    @Test
    final void settingsAreWellFormedAndTheirDefaultsAreAccepted() throws Exception {
        List<Setting> settings = create().settings();

        assertThat(create().settings())
                .as("the declarations have to be the same in each instance")
                .isEqualTo(settings);
        assertThat(settings.stream().map(Setting::key).toList())
                .as("keys have to be unique")
                .doesNotHaveDuplicates();
        for (Setting setting : settings) {
            assertThat(Said.wrongInPhrase(setting.help()))
                    .as("what is wrong with the help of setting '%s'", setting.key())
                    .isEmpty();
            if (setting.defaultText().isPresent()) {
                assertThat(acceptsItsDefault(setting))
                        .as("setting '%s' has to accept its own default '%s'", setting.key(), setting.defaultText())
                        .isTrue();
                assertThat(setting.type())
                        .as("setting '%s': a secret with a default is none", setting.key())
                        .isNotEqualTo(Setting.Type.SECRET);
            }
        }
    }

    @Test
    final void settingsThatAreRefusedAreRefusedInWords() throws Exception {
        for (Setting setting : create().settings()) {
            for (String text : Absurd.textsFor(setting.type())) {
                refusesInWords(setting, text);
            }
        }
    }

    @Test
    final void requirementsAreTheSameForTheSameRequest() throws Exception {
        RequirementsRequest request = new RequirementsRequest(CLUSTER, settings(), stateFolder());
        C component = create();
        List<Requirement> first = Call.make(() -> component.requirements(request));

        assertThat(Call.make(() -> component.requirements(request)))
                .as("requirements have to be the same when they are asked for again")
                .isEqualTo(first);
        C another = create();
        assertThat(Call.make(() -> another.requirements(request)))
                .as("requirements have to be the same whichever instance is asked")
                .isEqualTo(first);
    }

    @Test
    final void requirementsAreWellFormed() throws Exception {
        RequirementsRequest request = new RequirementsRequest(CLUSTER, settings(), stateFolder());
        C component = create();

        for (Requirement requirement : Call.make(() -> component.requirements(request))) {
            assertThat(RequirementForm.wrongIn(requirement))
                    .as("what is wrong with %s", requirement)
                    .isEmpty();
        }
    }

    @Test
    final void printsNothing() throws Exception {
        try (StandardStreams streams = StandardStreams.watch()) {
            useOnce();
            assertThat(streams.printed())
                    .as("a plugin must not print: results go through return values and listeners, words for people"
                            + " through notices")
                    .isEmpty();
        }
    }

    @Test
    final void promptsForNothing() throws Exception {
        try (StandardStreams streams = StandardStreams.watch()) {
            useOnce();
            assertThat(streams.reader())
                    .as(
                            "a plugin must not read standard input, and this class did: what it needs comes with the request")
                    .isEmpty();
        }
    }

    @Test
    final void leavesNoThreads() throws Exception {
        ThreadsBefore threads = new ThreadsBefore(this::belongsToTheTest);
        useOnce();
        threads.requireThatAllOthersEnd("everything was closed and had returned");
    }

    private void refusesInWords(Setting setting, String text) throws Exception {
        Settings settings;
        try {
            settings = Settings.of(create().settings(), withGiven(setting.key(), text));
        } catch (SettingException refusedByTheHost) {
            return;
        }
        try {
            useWith(settings);
        } catch (SciabcException refused) {
            assertThat(Said.wrongInFailure(refused))
                    .as("setting '%s' as '%s' was refused, but not in words for a person", setting.key(), text)
                    .isEmpty();
        } catch (RuntimeException broken) {
            throw new AssertionError(
                    "setting '" + setting.key() + "' as '" + text
                            + "' has to work or to be refused with a SciabcException, and ended in " + broken,
                    broken);
        }
    }

    private Map<String, String> withGiven(String key, String text) throws Exception {
        Map<String, String> all = new HashMap<>(given());
        all.put(key, text);
        return all;
    }

    private static boolean acceptsItsDefault(Setting setting) {
        try {
            Settings.of(
                    List.of(setting),
                    Map.of(setting.key(), setting.defaultText().orElseThrow()));
            return true;
        } catch (SettingException refused) {
            return false;
        }
    }

    /** What this process has open and did not have to open for loading classes; empty where there is no /proc. */
    private static Set<String> openFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return new HashSet<>();
        }
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.map(ComponentContractTest::target)
                    .filter(target -> target.startsWith("socket:")
                            || (target.startsWith("/") && !target.endsWith(".jar") && !target.startsWith("/proc/")))
                    .collect(Collectors.toCollection(HashSet::new));
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
