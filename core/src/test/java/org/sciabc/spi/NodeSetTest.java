// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeSetTest {

    @Nested
    final class Folding {
        @Test
        void neighboursBecomeRanges() {
            assertThat(NodeSet.of(List.of("node7", "node1", "node3", "node2"))).hasToString("node[1-3,7]");
        }

        @Test
        void loneNamesStayAsTheyAre() {
            assertThat(NodeSet.of(List.of("desk7", "teacher", "pi-a"))).hasToString("desk7,pi-a,teacher");
        }

        @Test
        void nothingIsEmptyText() {
            assertThat(NodeSet.of(List.of())).hasToString("");
        }

        @Test
        void leadingZerosAreKept() {
            assertThat(NodeSet.of(List.of("n08", "n09", "n10", "n11"))).hasToString("n[08-11]");
            assertThat(NodeSet.of(List.of("n1", "n01", "n2"))).hasToString("n[1,01,2]");
            assertThat(NodeSet.of(List.of("n099", "n100", "n101", "n1000"))).hasToString("n[099-101,1000]");
        }

        @Test
        void theNumberThatDiffersIsFolded() {
            assertThat(NodeSet.of(List.of("pi@10.0.0.1:22", "pi@10.0.0.2:22"))).hasToString("pi@10.0.0.[1-2]:22");
            assertThat(NodeSet.of(List.of("10.0.0.1", "10.0.0.2", "10.0.1.1"))).hasToString("10.0.0.[1-2],10.0.1.1");
        }

        @Test
        void serialNumbersAndAddressesInBracketsAreLeftAlone() {
            assertThat(NodeSet.of(List.of("sn1234567890", "sn1234567891"))).hasToString("sn1234567890,sn1234567891");
            assertThat(NodeSet.of(List.of("[fe80::1]:22", "[fe80::2]:22"))).hasToString("[fe80::1]:22,[fe80::2]:22");
        }

        @Test
        void namesThatCouldNotBeReadBackAreRefused() {
            for (String name : List.of("", "a,b", "a b", "a[1]", "a\nb", "x".repeat(301))) {
                assertThatThrownBy(() -> NodeSet.of(List.of(name))).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Nested
    final class Reading {
        @Test
        void rangesListsAndPlainNamesAreExpanded() throws SciabcException {
            assertThat(NodeSet.parse("pi@10.0.0.[1-3]:22,desk7, node[08-10,12]").names())
                    .containsExactly(
                            "desk7",
                            "node08",
                            "node09",
                            "node10",
                            "node12",
                            "pi@10.0.0.1:22",
                            "pi@10.0.0.2:22",
                            "pi@10.0.0.3:22");
        }

        @Test
        void severalBracketsStandForEveryCombination() throws SciabcException {
            assertThat(NodeSet.parse("r[1-2]n[1-2]").names()).containsExactly("r1n1", "r1n2", "r2n1", "r2n2");
        }

        @Test
        void bracketsOfAnAddressStandForThemselves() throws SciabcException {
            assertThat(NodeSet.parse("pi@[fe80::1%eth0]:22").names()).containsExactly("pi@[fe80::1%eth0]:22");
        }

        @Test
        void doublesCountOnce() throws SciabcException {
            assertThat(NodeSet.parse("a,a,n[1,1-2]").names()).containsExactly("a", "n1", "n2");
        }

        @Test
        void whatWasFoldedIsReadBack() throws SciabcException {
            Random random = new Random(20_160_916);
            for (int round = 0; round < 200; round++) {
                List<String> names = new ArrayList<>(IntStream.range(0, 40)
                        .mapToObj(i -> "n" + padded(random) + "x" + random.nextInt(3))
                        .toList());
                Collections.shuffle(names, random);
                NodeSet set = NodeSet.of(names);
                assertThat(NodeSet.parse(set.toString())).isEqualTo(set);
            }
        }

        private String padded(Random random) {
            return String.format("%0" + (1 + random.nextInt(3)) + "d", random.nextInt(120));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "node[1-3      | column 5, at '[1-3': this bracket is never closed",
                    "node]         | column 5, at ']': this bracket was never opened",
                    "a,,b          | column 3, at ',b': a name is missing",
                    "a,            | column 3, at the end: a name is missing",
                    "n[3-1]        | column 3, at '3-1]': the range runs backwards",
                    "n[]           | column 3, at ']': a number is missing",
                    "n[1-]         | column 5, at ']': a number is missing",
                    "n[a-c]        | column 3, at 'a-c]': a number is missing",
                    "n[1-9/2]      | column 6, at '/2]': a bracket holds numbers and ranges such as 1-3,7",
                    "a b           | column 3, at 'b': names are separated by commas",
                    "n[1234567890] | column 3, at '1234567890]': a number has at most 9 digits",
                    "[fe80::[1]]   | column 8, at '[1]]': this is neither an IPv6 address nor a range",
                })
        void aMistakeIsMarkedWithItsColumn(String text, String why) {
            assertThatThrownBy(() -> NodeSet.parse(text)).isInstanceOfSatisfying(SciabcException.class, error -> {
                assertThat(error.what()).isEqualTo("cannot read the nodes '" + text + "'");
                assertThat(error.why()).isEqualTo(why);
                assertThat(error.hint()).isPresent();
            });
        }

        @Test
        void emptyTextIsAMistake() {
            assertThatThrownBy(() -> NodeSet.parse("")).hasMessageContaining("column 1, at the end: a name is missing");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"n[0-65536]", "n[0-999999999]", "a[0-299]b[0-299]", "a[1-65536],b", "n[1-60000,1-60000]"})
        void tooLargeASetIsRefusedBeforeItIsMade(String text) {
            assertThatThrownBy(() -> NodeSet.parse(text)).hasMessageContaining("more than 65536 names");
        }

        @Test
        void theLargestSetIsRead() throws SciabcException {
            NodeSet set = NodeSet.parse("n[1-65536]");
            assertThat(set.names()).hasSize(65_536);
            assertThat(set).hasToString("n[1-65536]");
        }

        @Test
        void aNameHasALimit() {
            assertThatThrownBy(() -> NodeSet.parse("x".repeat(299) + "[1-60000]"))
                    .hasMessageContaining("a name has at most 300 characters");
        }

        @Test
        void hostileTextDoesNotReachTheTerminal() {
            assertThatThrownBy(() -> NodeSet.parse("a\u001b[31mb"))
                    .message()
                    .doesNotContain("\u001b")
                    .contains("column 2");
        }
    }

    @Nested
    final class NaturalOrdering {
        @Test
        void numbersCountByValue() {
            assertThat(List.of("node10", "node2", "Node1", "10.0.0.10", "10.0.0.9", "node", "node02").stream()
                            .sorted(NodeSet.NATURAL_ORDER))
                    .containsExactly("10.0.0.9", "10.0.0.10", "node", "Node1", "node02", "node2", "node10");
        }

        @Test
        void numbersOfAnyLengthAreCompared() {
            assertThat(NodeSet.NATURAL_ORDER.compare("n99999999999999999999", "n100000000000000000000"))
                    .isNegative();
        }

        @Test
        void equalOnlyWhenTheSame() {
            assertThat(NodeSet.NATURAL_ORDER.compare("n1", "n01")).isNotZero();
            assertThat(NodeSet.NATURAL_ORDER.compare("n1", "N1")).isNotZero();
            assertThat(NodeSet.NATURAL_ORDER.compare("n1", "n1")).isZero();
        }

        @Test
        void theOrderIsTransitive() {
            Random random = new Random(7);
            String alphabet = "aA01.-";
            List<String> words = IntStream.range(0, 60)
                    .mapToObj(i -> random.ints(1 + random.nextInt(5), 0, alphabet.length())
                            .mapToObj(c -> alphabet.substring(c, c + 1))
                            .reduce("", String::concat))
                    .toList();
            for (String a : words) {
                for (String b : words) {
                    for (String c : words) {
                        if (NodeSet.NATURAL_ORDER.compare(a, b) <= 0 && NodeSet.NATURAL_ORDER.compare(b, c) <= 0) {
                            assertThat(NodeSet.NATURAL_ORDER.compare(a, c))
                                    .as("%s %s %s", a, b, c)
                                    .isLessThanOrEqualTo(0);
                        }
                    }
                }
            }
        }
    }
}
