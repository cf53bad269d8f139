// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedComponentTest {

    static Stream<Class<? extends GuardedComponent>> guards() {
        return Stream.of(GuardedDiscovery.class, GuardedProvisioner.class, GuardedLauncher.class);
    }

    /** What a guard leaves to a default method of the SPI would be answered by that, and not by the plugin. */
    @ParameterizedTest
    @MethodSource("guards")
    void answersEveryMethodOfTheSpiItself(Class<? extends GuardedComponent> guard) {
        List<Method> methods = Arrays.stream(guard.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getDeclaringClass() != Object.class)
                .toList();

        assertThat(methods).hasSizeGreaterThan(5);
        assertThat(methods).allMatch(method -> GuardedComponent.class.isAssignableFrom(method.getDeclaringClass()));
    }

    @ParameterizedTest
    @MethodSource("guards")
    void isThereForEachKind(Class<? extends GuardedComponent> guard) {
        assertThat(ComponentKind.values())
                .filteredOn(kind -> kind.type().isAssignableFrom(guard))
                .hasSize(1);
    }
}
