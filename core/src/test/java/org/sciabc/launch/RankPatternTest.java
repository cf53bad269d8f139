// SPDX-License-Identifier: GPL-3.0-or-later
package org.sciabc.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sciabc.spi.SciabcException;

class RankPatternTest {

    @ParameterizedTest
    @CsvSource({
        "/j/out.{rank}.csv,      /j/out.3.csv,        3",
        "/j/out.{rank}.csv,      /j/out.0003.csv,     3",
        "/j/out.{rank}.csv,      /j/out.3.csv.old,    ",
        "/j/out.{rank}.csv,      /j/out.12.csv,       ",
        "/j/out.{rank}.csv,      /j/out.2024.csv,     ",
        "/j/*-{rank}.csv,        /j/7-3.csv,          3",
        "/j/{rank}/*,            /j/2/result.txt,     2",
        "/j/{rank},              /j/2/deep/file.txt,  2",
        "/j/{rank}/o{rank},      /j/2/o2,             2",
        "/j/{rank}/o{rank},      /j/2/o3,             ",
        "/j/x{y}{rank},          /j/x{y}5,            5",
        "/j/[a-c]{rank},         /j/b1,               1",
    })
    void theNumberInTheNameIsTheRank(String pattern, String path, Integer rank) throws Exception {
        assertThat(RankPattern.of(pattern)
                        .orElseThrow()
                        .rank(path, 8)
                        .map(RankPattern.Rank::number)
                        .orElse(null))
                .isEqualTo(rank);
    }

    @Test
    void eachRankHasAFolderUnlessTheFileIsInOne() {
        RankPattern.Rank rank = new RankPattern.Rank(3, "003");

        assertThat(rank.place("out.003")).isEqualTo("3/out.003");
        assertThat(rank.place("003/out")).isEqualTo("3/out");
        assertThat(rank.place("0031/out")).isEqualTo("3/0031/out");
    }

    @Test
    void aPatternWithoutAPlaceForRanksIsAnOrdinaryOne() throws Exception {
        assertThat(RankPattern.of("/j/*.csv")).isEmpty();
    }

    @Test
    void whatIsNoPatternIsRefused() {
        assertThatExceptionOfType(SciabcException.class)
                .isThrownBy(() -> RankPattern.of("/j/[{rank}"))
                .withMessageContaining("not a pattern of file names");
    }
}
