// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a plugin may make, and a plugin need not be compiled with nullness checks. */
class RecordsOfPluginsTest {
    private static final Map<Class<?>, Object> SAMPLES = Map.ofEntries(
            Map.entry(String.class, "sample"),
            Map.entry(int.class, 1),
            Map.entry(boolean.class, true),
            Map.entry(List.class, List.of("sample")),
            Map.entry(Map.class, Map.of()),
            Map.entry(Optional.class, Optional.empty()),
            Map.entry(OptionalInt.class, OptionalInt.empty()),
            Map.entry(OptionalLong.class, OptionalLong.empty()),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(Duration.class, Duration.ZERO),
            Map.entry(InetAddress.class, InetAddress.getLoopbackAddress()),
            Map.entry(Hardware.class, Hardware.UNKNOWN),
            Map.entry(Secret.class, Secret.of("sample")),
            Map.entry(Node.class, Node.of("sample", List.of())));

    static Stream<Class<?>> records() {
        return Stream.concat(
                Stream.of(
                        Compilers.class,
                        Consent.class,
                        Finding.class,
                        Hardware.class,
                        NetworkService.class,
                        Node.class,
                        Notice.class,
                        OpenConnection.class,
                        Probe.class,
                        ReadyNode.class,
                        RemoteShell.class,
                        Resident.class,
                        Setting.class),
                Stream.of(Sighting.class, Requirement.class).flatMap(type -> Stream.of(type.getPermittedSubclasses())));
    }

    @ParameterizedTest
    @MethodSource("records")
    void refuseNullWhereTheyAreMade(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        Object[] whole = Stream.of(types).map(RecordsOfPluginsTest::sample).toArray();

        assertThat(constructor.newInstance(whole)).isInstanceOf(type);
        for (int i = 0; i < types.length; i++) {
            if (!types[i].isPrimitive()) {
                Object[] broken = whole.clone();
                broken[i] = null;

                assertThatThrownBy(() -> constructor.newInstance(broken))
                        .as(components[i].getName())
                        .isInstanceOf(InvocationTargetException.class)
                        .hasCauseInstanceOf(NullPointerException.class);
            }
        }
    }

    private static Object sample(Class<?> type) {
        return type.isEnum() ? type.getEnumConstants()[0] : Objects.requireNonNull(SAMPLES.get(type));
    }
}
