from __future__ import annotations

import pytest

from netcore.study import vocabulary
from netcore.study.vocabulary import (
    ALL_STATISTICS,
    GROUPS,
    STATISTICS,
    is_statistic,
    meaning,
    nearest,
)


@pytest.mark.parametrize(
    "name",
    "N n N_miss N_nonmiss n.risk n.event n.censor pct mean sd var std.error cv geom_mean median "
    "p10 p25 p75 p90 iqr mad min max range survival rmean hazard_ratio estimate difference ratio "
    "risk_ratio odds_ratio risk_difference rate correlation r.squared adj.r.squared slope intercept "
    "p.value statistic parameter alpha power conf.level value start end threshold.min threshold.max "
    "hazard_ratio.conf.low median.conf.high slope.std.error pct.conf.low".split(),
)
def test_the_vocabulary_knows(name: str) -> None:
    assert is_statistic(name)
    assert meaning(name)


@pytest.mark.parametrize(
    "name", ["", "MEDIAN", "p.value.conf.low", "N.std.error", "conf.low", "mean|sd", "p5"]
)
def test_the_vocabulary_does_not_know(name: str) -> None:
    assert not is_statistic(name)
    with pytest.raises(KeyError):
        meaning(name)


def test_every_statistic_is_in_one_group_only() -> None:
    assert sum(len(group) for group in GROUPS.values()) == len(STATISTICS)


def test_every_meaning_is_one_line_and_its_own() -> None:
    assert all(text and "\n" not in text for text in ALL_STATISTICS.values())
    assert len(set(ALL_STATISTICS.values())) == len(ALL_STATISTICS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("p", None),
        ("pval", "p.value"),
        ("medain", "median"),
        ("SD", "sd"),
        ("hazardratio", "hazard_ratio"),
    ],
)
def test_the_nearest_statistic_is_suggested(written: str, meant: str | None) -> None:
    assert nearest(written) == meant


def test_counts_and_dated_statistics_are_part_of_the_vocabulary() -> None:
    assert set(STATISTICS) >= vocabulary.COUNTS
    assert set(STATISTICS) >= vocabulary.DATED
    assert "pct" not in vocabulary.COUNTS


def test_the_vocabulary_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        STATISTICS["mode"] = "most frequent value"  # type: ignore[index]
