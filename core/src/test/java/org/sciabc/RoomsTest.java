// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pf4j.ExtensionPoint;

/** The table of rooms in the design, as rules. */
final class RoomsTest {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.sciabc");

    private static final DescribedPredicate<JavaClass> JDK_AND_NULLNESS =
            resideInAnyPackage("java..", "org.jspecify.annotations");

    private static final Room PLUGIN =
            new Room("plugin", resideInAnyPackage("org.sciabc.spi", "org.pf4j..", "org.slf4j"));

    /** One package of the core, and what it may use besides itself, the JDK and the annotations. */
    record Room(String name, DescribedPredicate<JavaClass> mayUse) {

        DescribedPredicate<JavaClass> contents() {
            return resideInAPackage("org.sciabc." + name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Room> rooms() {
        DescribedPredicate<JavaClass> contractAndJson =
                resideInAnyPackage("org.sciabc.spi", "org.slf4j", "com.grack.nanojson");
        return List.of(
                new Room("spi", equivalentTo(ExtensionPoint.class)),
                PLUGIN,
                new Room("roster", contractAndJson),
                new Room("provision", contractAndJson),
                new Room("launch", contractAndJson));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void everyRoomWasLookedAt(Room room) {
        assertThat(CORE.stream()
                        .filter(room.contents())
                        .filter(type -> !type.getSimpleName().equals("package-info")))
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyWhatItsRowAllows(Room room) {
        classes()
                .that(room.contents())
                .should()
                .onlyDependOnClassesThat(room.contents().or(JDK_AND_NULLNESS).or(room.mayUse()))
                .because("each room of the core sees the contract, and none looks into another")
                .check(CORE);
    }

    @Test
    void thereIsNoOtherRoom() {
        classes()
                .should()
                .resideInAnyPackage(rooms().stream()
                        .map(room -> "org.sciabc." + room.name())
                        .toArray(String[]::new))
                .check(CORE);
    }

    @Test
    void onlyThePluginHostKnowsPf4j() {
        noClasses()
                .that(not(PLUGIN.contents()))
                .should()
                .dependOnClassesThat(resideInAPackage("org.pf4j..").and(not(equivalentTo(ExtensionPoint.class))))
                .check(CORE);
    }

    @Test
    void roomsDependOnEachOtherWithoutCycles() {
        slices().matching("org.sciabc.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void nothingPrints() {
        noClasses()
                .that(not(PLUGIN.contents()))
                .should(ACCESS_STANDARD_STREAMS)
                .because("the command line prints; the plugin host sees to it that plugins do not")
                .check(CORE);
    }
}
