// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.testkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessField;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pf4j.Extension;
import org.pf4j.ExtensionPoint;
import org.pf4j.Plugin;
import org.sciabc.spi.Component;
import org.sciabc.spi.JobLauncher;

/**
 * Rules for the classes of a plugin that no run of it shows, as tests. A plugin's own test extends this class in the package of
 * the plugin:
 *
 * <pre>{@code
 * class InventoryArchitectureTest extends ArchitectureContractTest {}
 * }</pre>
 *
 * <p>The plugin's own classes are looked at, not the libraries that it brings along.
 */
public abstract class ArchitectureContractTest {
    /** Reading them takes a second, and each test has an instance of its own. */
    private static final Map<List<String>, JavaClasses> READ = new ConcurrentHashMap<>();

    private JavaClasses own = new ClassFileImporter().importClasses();

    /** For subclasses. */
    protected ArchitectureContractTest() {}

    /**
     * The packages of the plugin.
     *
     * @return the package of the test, with those below it, unless overridden
     */
    protected List<String> packages() {
        return List.of(getClass().getPackageName());
    }

    /**
     * Classes of the plugin that have to set something that all plugins share, such as a system property that a library reads
     * once and that is put back at once. To be used where a library leaves no other way, with a comment that says so.
     *
     * @return full names of classes; none unless overridden
     */
    protected Set<String> mayChangeWhatIsShared() {
        return Set.of();
    }

    @BeforeEach
    final void readTheClasses() {
        own = read();
        assertThat(own.stream().anyMatch(ArchitectureContractTest::isComponent))
                .as("there is no component in %s: override packages()", packages())
                .isTrue();
    }

    /** The plugin's classes. */
    JavaClasses read() {
        return READ.computeIfAbsent(
                packages(),
                names -> new ClassFileImporter()
                        .withImportOption(location -> !isOfTests(location))
                        .importPackages(names));
    }

    @Test
    final void seesTheContractAndNothingElseOfTheHost() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.sciabc..", "org.pf4j..")
                        .and(DescribedPredicate.not(resideInAnyPackage("org.sciabc.spi")))
                        .and(DescribedPredicate.not(belongTo(packages())))
                        .and(DescribedPredicate.not(assignableTo(Extension.class)))
                        .and(DescribedPredicate.not(assignableTo(ExtensionPoint.class)))
                        .and(DescribedPredicate.not(assignableTo(Plugin.class))))
                .because("org.sciabc.spi is what is promised, and the host hides the rest")
                .check(own);
    }

    @Test
    final void leavesTheStandardStreamsAlone() {
        noClasses()
                .should(accessField(System.class, "out")
                        .or(accessField(System.class, "err"))
                        .or(accessField(System.class, "in"))
                        .or(callMethod(System.class, "console"))
                        .or(callMethod(Throwable.class, "printStackTrace"))
                        .or(callMethod(System.class, "setOut", PrintStream.class))
                        .or(callMethod(System.class, "setErr", PrintStream.class))
                        .or(callMethod(System.class, "setIn", InputStream.class)))
                .because(
                        "results go through return values and listeners, words for people through notices, and what is to"
                                + " be asked comes with the request")
                .check(own);
    }

    @Test
    final void neverEndsTheProgramNorWaitsForItsEnd() {
        noClasses()
                .should(callMethod(System.class, "exit", int.class)
                        .or(callMethod(Runtime.class, "exit", int.class))
                        .or(callMethod(Runtime.class, "halt", int.class))
                        .or(callMethod(Runtime.class, "addShutdownHook", Thread.class))
                        .or(ArchConditions.dependOnClassesThat(resideInAnyPackage("sun.misc", "jdk.internal.misc"))))
                .because("the host decides when the program ends, and closes what it opened")
                .check(own);
    }

    @Test
    final void changesNothingThatAllPluginsShare() {
        Set<String> setters = Set.of(
                "setProperty",
                "setProperties",
                "clearProperty",
                "setDefault",
                "setDefaultUncaughtExceptionHandler",
                "setURLStreamHandlerFactory",
                "setContentHandlerFactory");
        noClasses()
                .that(DescribedPredicate.describe(
                        "have no leave to", type -> !mayChangeWhatIsShared().contains(type.getName())))
                .should(callMethodWhere(setsForAll(setters)))
                .because("two plugins, or two copies of one, must not disturb each other")
                .check(own);
    }

    @Test
    final void componentsAreWhatTheHostCanCreate() {
        classes()
                .that(DescribedPredicate.describe("are components", ArchitectureContractTest::isComponent))
                .should()
                .bePublic()
                .andShould()
                .beAnnotatedWith(Extension.class)
                .because("the host finds components by the annotation, and creates them")
                .check(own);
    }

    @Test
    final void launchersStartProgramsThroughTheHost() {
        boolean launches = own.stream().anyMatch(type -> isComponent(type) && type.isAssignableTo(JobLauncher.class));
        if (launches) {
            ArchCondition<JavaClass> start = ArchConditions.dependOnClassesThat(assignableTo(ProcessBuilder.class));
            noClasses()
                    .should(start.or(callMethodWhere(execs())))
                    .because("LaunchRequest.processes sees to it that what was started is ended")
                    .check(own);
        }
    }

    /** The tests of a plugin are in its packages, too, and may do what the plugin must not. */
    private boolean isOfTests(Location location) {
        String ofThisTest =
                getClass().getProtectionDomain().getCodeSource().getLocation().toString();
        return location.contains(ofThisTest) || !new ImportOption.DoNotIncludeTests().includes(location);
    }

    private static boolean isComponent(JavaClass type) {
        return type.isAssignableTo(Component.class)
                && !type.isInterface()
                && !type.getModifiers().contains(ABSTRACT);
    }

    private static DescribedPredicate<JavaClass> belongTo(List<String> packages) {
        return resideInAnyPackage(packages.stream().map(name -> name + "..").toArray(String[]::new));
    }

    private static DescribedPredicate<JavaMethodCall> setsForAll(Set<String> setters) {
        Set<String> shared = Set.of(
                "java.lang.System",
                "java.util.Locale",
                "java.util.TimeZone",
                "java.lang.Thread",
                "java.net.URL",
                "java.net.URLConnection",
                "java.net.Authenticator",
                "java.net.ProxySelector",
                "java.net.CookieHandler",
                "java.net.ResponseCache");
        return DescribedPredicate.describe(
                "set what all plugins share",
                call -> setters.contains(call.getTarget().getName())
                        && shared.contains(call.getTargetOwner().getName()));
    }

    private static DescribedPredicate<JavaMethodCall> execs() {
        return DescribedPredicate.describe(
                "start a program",
                call -> call.getTargetOwner().isEquivalentTo(Runtime.class)
                        && call.getTarget().getName().equals("exec"));
    }
}
