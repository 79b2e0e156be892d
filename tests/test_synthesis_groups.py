from __future__ import annotations

from math import log
from pathlib import Path

import pytest
from synthesis_studies import claim, counted, ledger_of, line, rows_of, study

from netcore.ledger import Ledger
from netcore.stats.synthesis import StudyCount, pool_proportions
from netcore.study import Study
from netcore.synthesis import SynthesisGroup, pool_across, synthesise


@pytest.fixture
def trials(tmp_path: Path) -> tuple[Study, ...]:
    return (
        counted(tmp_path, "alpha2020", 12, 40),
        counted(tmp_path, "beta2018", 9, 20),
        counted(tmp_path, "gamma2019", 30, 90),
        counted(tmp_path, "secondary2017", 5, 50, location="review"),
        # 23 of 20 patients respond, in parts that do not exceed 20 one by one
        study(
            tmp_path,
            "delta2021",
            [
                *(claim("N", "N", "20"), claim("pr", "n", "15", "PR")),
                *(claim("cr", "n", "3", "CR"), claim("sd", "n", "5", "SD")),
            ],
        ),
    )


@pytest.fixture
def ledger(trials: tuple[Study, ...]) -> Ledger:
    return ledger_of(*trials)


def groups(folder: Path, ledger: Ledger, *lines: str) -> tuple[SynthesisGroup, ...]:
    return synthesise(rows_of(folder, ledger, *lines), ledger)


def test_shares_of_one_kind_are_pooled(tmp_path: Path, ledger: Ledger) -> None:
    names = ("alpha2020", "beta2018", "gamma2019")
    (group,) = groups(tmp_path, ledger, *(line(name, "pr", "N") for name in names))
    assert [share.study for share in group.shares] == ["Beta 2018", "Gamma 2019", "Alpha 2020"]
    counts = [StudyCount("b", 9, 20), StudyCount("c", 30, 90), StudyCount("a", 12, 40)]
    expected = pool_proportions(counts)
    result = group.all_values.result
    assert result is not None
    assert (result.estimate, result.low, result.high) == pytest.approx(
        (expected.estimate, expected.low, expected.high)
    )
    # By hand: without heterogeneity the logits are weighted by 1 / (1/x + 1/(n - x)).
    assert result.tau2 == 0
    weights = {(x, n): 1 / (1 / x + 1 / (n - x)) for x, n in ((9, 20), (30, 90), (12, 40))}
    centre = sum(w * log(x / (n - x)) for (x, n), w in weights.items()) / sum(weights.values())
    assert result.logit == pytest.approx(centre)
    assert not group.has_disputed
    assert group.undisputed.result == result
    assert result.warnings[0] in group.all_values.warnings


@pytest.mark.parametrize(
    "other",
    [{"treatment": "conventional"}, {"criteria": "mRECIST"}, {"outcome": "disease_control"}],
)
def test_nothing_is_pooled_across_groups(
    tmp_path: Path, ledger: Ledger, other: dict[str, str]
) -> None:
    found = groups(
        tmp_path, ledger, line("alpha2020", "pr", "N"), line("beta2018", "pr", "N", **other)
    )
    assert len(found) == 2
    for group in found:
        assert group.all_values.result is None
        assert group.all_values.reason == ("One document may enter; a pool needs two.")


def test_a_secondary_source_is_shown_and_never_pooled(tmp_path: Path, ledger: Ledger) -> None:
    lines = (line("secondary2017", "pr", "N"), line("alpha2020", "pr", "N"))
    (group,) = groups(tmp_path, ledger, *lines)
    assert [share.study for share in group.shares] == ["Secondary 2017", "Alpha 2020"]
    assert [share.study for share in group.all_values.shares] == ["Alpha 2020"]
    assert group.all_values.result is None
    (pooled,) = groups(tmp_path, ledger, *lines, line("beta2018", "pr", "N"))
    assert pooled.all_values.result is not None
    assert len(pooled.all_values.result.studies) == 2
    assert pooled.all_values.warnings[-1] == (
        "Left out: Secondary 2017 (seen in a secondary source only)."
    )


def test_two_rows_of_one_document_are_no_two_studies(tmp_path: Path) -> None:
    sizes = ("group1", "18"), ("group2", "22")
    claims = [
        row
        for name, size in sizes
        for row in (
            claim(f"{name}.N", "N", size, population=name),
            claim(f"{name}.pr", "n", "7", "PR", population=name),
        )
    ]
    ledger = ledger_of(study(tmp_path, "a2020", claims), counted(tmp_path, "b2020", 6, 19))
    arms = [line("a2020", f"{name}.pr", f"{name}.N", label=name) for name, _ in sizes]
    (alone,) = groups(tmp_path, ledger, *arms)
    assert alone.all_values.result is None
    (together,) = groups(tmp_path, ledger, *arms, line("b2020", "pr", "N"))
    assert together.all_values.result is not None
    assert len(together.all_values.result.studies) == 3


def test_criteria_that_are_not_stated_may_differ(tmp_path: Path, ledger: Ledger) -> None:
    lines = [line(key, "pr", "N", criteria="not stated") for key in ("alpha2020", "beta2018")]
    (group,) = groups(tmp_path, ledger, *lines)
    assert group.all_values.result is None
    assert group.all_values.reason == (
        "No document may enter; a pool needs two. "
        "Left out: Beta 2018 (criteria that are not stated may differ). "
        "Left out: Alpha 2020 (criteria that are not stated may differ)."
    )


def test_disputed_values_are_in_one_pool_and_not_in_the_other(
    tmp_path: Path, ledger: Ledger
) -> None:
    keys = ("alpha2020", "beta2018", "delta2021")
    (group,) = groups(tmp_path, ledger, *(line(key, "pr", "N") for key in keys))
    assert group.has_disputed
    with_all, without = group.all_values.result, group.undisputed.result
    assert with_all is not None
    assert without is not None
    assert [weight.study.label for weight in with_all.studies] == [
        *("Beta 2018", "Alpha 2020", "Delta 2021")
    ]
    assert [weight.study.label for weight in without.studies] == ["Beta 2018", "Alpha 2020"]
    assert without.prediction_low is None
    assert any("prediction interval needs" in warning for warning in group.undisputed.warnings)


def test_a_rounded_percentage_that_is_pooled_is_named(tmp_path: Path) -> None:
    claims = [claim("N", "N", "300"), claim("pr", "pct", "35", "PR", unit="%")]
    ledger = ledger_of(study(tmp_path, "a2020", claims), counted(tmp_path, "b2020", 6, 19))
    lines = line("a2020", "pr", "N"), line("b2020", "pr", "N")
    (group,) = groups(tmp_path, ledger, *lines)
    assert group.all_values.warnings[-1] == (
        "A 2020: 35 % of 300 is any of 104 to 106; 105 was pooled."
    )


def test_the_order_has_nothing_to_do_with_what_was_found(tmp_path: Path, ledger: Ledger) -> None:
    lines = [
        *(line("gamma2019", "pr", "N", treatment="conventional"), line("alpha2020", "pr", "N")),
        *(line("beta2018", "pr", "N"), line("alpha2020", "pr", "N", criteria="mRECIST")),
    ]
    shown = [
        [(group.treatment, group.criteria, share.study) for group in made for share in group.shares]
        for made in (groups(tmp_path, ledger, *lines), groups(tmp_path, ledger, *lines[::-1]))
    ]
    assert shown[0] == shown[1]
    assert [criteria for _, criteria, _ in shown[0]] == [
        *("RECIST 1.1", "RECIST 1.1", "mRECIST", "RECIST 1.1")
    ]


def test_over_all_kinds_there_is_a_mean_for_orientation_with_its_warnings(
    tmp_path: Path, ledger: Ledger
) -> None:
    found = groups(
        tmp_path,
        ledger,
        line("alpha2020", "pr", "N"),
        line("beta2018", "pr", "N", treatment="conventional"),
        line("gamma2019", "pr", "N", criteria="not stated"),
        line("secondary2017", "pr", "N"),
        line("delta2021", "pr", "N"),
    )
    everything, sure = pool_across(found)
    names = [share.study for share in everything.shares]
    assert names == ["Beta 2018", "Gamma 2019", "Alpha 2020", "Delta 2021"]
    assert [share.study for share in sure.shares] == names[:3]
    counts = [StudyCount("b", 9, 20), StudyCount("c", 30, 90), StudyCount("a", 12, 40)]
    expected = pool_proportions(counts)
    assert sure.result is not None
    assert sure.result.prediction_low == pytest.approx(expected.prediction_low)
    assert "Left out: Secondary 2017 (seen in a secondary source only)." in sure.warnings
    assert any("Only 3 studies" in warning for warning in sure.warnings)
    nothing, _ = pool_across(found[:0])
    assert nothing.result is None
