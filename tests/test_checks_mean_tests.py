"""p-values of t-tests against means, spreads and numbers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import mean, stdev
from typing import Any

import pytest
from study_builder import make_study
from summary_rows import verdicts

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.moments.mean_tests import check_mean_tests
from netcore.checks.plain_tests import NOT_PLAIN_MEANS, PLAIN_TEST_OF_MEANS, TWO_VARIANCES
from netcore.study import Study

POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "a": {"of": "all", "where": {"group": "a"}},
    "b": {"of": "all", "where": {"group": "b"}},
}

FURTHER: dict[str, Any] = {
    "c": {"of": "all", "where": {"stage": "c"}},
    "part": {"of": "a", "where": {"stage": "d"}},
    "controls": {"units": "patients"},
}


def study_of(
    folder: Path,
    p: str,
    one: tuple[int, str, str],
    other: tuple[int, str, str],
    *,
    test: list[str],
    spread: str = "sd",
    stated: bool = True,
    kind: str = "continuous",
    places: tuple[str, str] = ("results", "results"),
    further: tuple[str, ...] = (),
    all_of_them: str = "",
    stages: str = "",
) -> Study:
    claims = [{"claim": "p", "stat_name": "p.value", "analysis": "x", "printed": p}]
    for name, place, (number, middle, around) in zip("ab", places, (one, other), strict=True):
        claims.append(
            {"claim": f"{name}.N", "population": name, "stat_name": "N", "printed": str(number)}
        )
        if stated:
            claims.append(claims[-1] | {"claim": f"{name}.n", "variable": "y"})
        for stat, value in (("mean", middle), (spread, around)):
            claims.append(
                {
                    "claim": f"{name}.{stat.split('|')[0]}",
                    "location": place,
                    "population": name,
                    "variable": "y",
                    "stat_name": stat,
                    "printed": value,
                }
            )
    if all_of_them:
        claims.append({"claim": "N", "population": "all", "stat_name": "N", "printed": all_of_them})
    if stages:
        row = {"claim": "q", "stat_name": "p.value", "analysis": "by_stage", "printed": "0.4"}
        claims.append(row)
    for group in further:
        row = {"claim": f"{group}.N", "population": group, "stat_name": "N", "printed": "12"}
        claims.append(row)
        for stat, value in (("mean", "9.0"), ("sd", "20.0")):
            of = {"claim": f"{group}.{stat}", "variable": "y", "stat_name": stat, "printed": value}
            claims.append(row | of)
    return make_study(
        folder / "paper1",
        populations=POPULATIONS | (FURTHER if further else {}),
        variables={
            "group": {"type": "categorical", "levels": ["a", "b"]},
            "stage": {"type": "categorical", "levels": list(stages or "cde")},
            "y": {"type": kind, "unit": "years"},
        },
        analyses={
            "x": {"test": test, "variable": "y", "by": "group"},
            "by_stage": {"test": ["anova"], "variable": "y", "by": "stage"},
        },
        locations={"results": {"title": "Results"}, "t2": {"title": "Table 2"}},
        claims=claims,
    )


def check(*args: Any, **keys: Any) -> tuple[Finding, ...]:
    return check_mean_tests(study_of(*args, **keys), Conventions())


ONE, OTHER = (20, "10.0", "3.0"), (23, "12.0", "4.0")
BOTH = ["student_t", "welch_t"]


def test_two_places_may_mean_two_things_by_one_sign(tmp_path: Path) -> None:
    # 3.0 as the deviation of one group and 0.83 as the standard error of the other give 0.074.
    other = (23, "12.0", "0.83")
    same, apart = (
        check(
            tmp_path / last,
            "0.074",
            ONE,
            other,
            test=["student_t"],
            spread="sd|std.error",
            places=("results", last),
        )
        for last in ("results", "t2")
    )
    assert [finding.kind for finding in same] == ["note"]  # at odds, by a long proof
    assert [finding.kind for finding in apart] == ["support"]


def test_a_named_test_that_gives_the_value_is_possible(tmp_path: Path) -> None:
    # t = -2 / sqrt(9/20 + 16/23) with 40.3 degrees of freedom: p = 0.0691
    [finding] = check(tmp_path, "0.07", ONE, OTHER, test=["welch_t"])
    found = verdicts([finding])
    assert found["p"] == Verdict.POSSIBLE
    assert found["a.mean"] == Verdict.POSSIBLE
    attainable = finding.bearings["p"].attainable
    assert attainable is not None
    assert Fraction("0.0691") in attainable[0]
    assert Fraction("0.12") not in attainable[0]


def test_a_value_that_all_numbers_give_is_reproduced(tmp_path: Path) -> None:
    [finding] = check(
        tmp_path, "0.07", (20, "10.000", "3.000"), (23, "12.000", "4.000"), test=["welch_t"]
    )
    assert finding.bearings["p"].verdict is Verdict.REPRODUCED


@pytest.mark.parametrize(
    ("p", "test", "keys", "words"),
    [
        ("0.0346", ["welch_t"], {}, "one-sided"),
        ("0.20", ["student_t"], {"stated": False}, "not all of each group were analysed"),
        ("0.07", ["unnamed"], {}, "the test is a t-test"),
    ],
)
def test_what_needs_an_assumption_is_conditional(
    tmp_path: Path, p: str, test: list[str], keys: dict[str, Any], words: str
) -> None:
    [finding] = check(tmp_path, p, ONE, OTHER, test=test, **keys)
    assert finding.bearings["p"].verdict is Verdict.CONDITIONAL
    assert words in finding.statement


CONFLICT = ("0.60", ONE, OTHER)


def test_what_no_flavour_gives_conflicts_and_a_certificate_shows_it(tmp_path: Path) -> None:
    study = study_of(tmp_path, *CONFLICT, test=BOTH)
    [finding] = check_mean_tests(study, Conventions())
    assert (finding.kind, finding.assumptions) == ("conflict", ())
    assert finding.certificate is not None
    assert set(finding.bearings) == {"p", "a.mean", "a.sd", "b.mean", "b.sd"}
    assert set(verdicts([finding]).values()) == {Verdict.INCONSISTENT}
    # One sided the other way it would be 0.97; nothing between is reached.
    found = check(tmp_path / "x", "0.97", ONE, OTHER, test=BOTH)
    assert [f.kind for f in found] == ["support"]


def test_what_plain_bounds_do_not_reach_is_conditional_on_the_proof(tmp_path: Path) -> None:
    # By Gauss p may be 0.19; by Student's distribution it is less than 0.09.
    exact = (20, "10.000", "3.000"), (23, "12.000", "4.000")
    [finding] = check(tmp_path, "0.13", *exact, test=BOTH)
    assert (finding.kind, finding.assumptions, finding.certificate) == (
        "note",
        (PLAIN_TEST_OF_MEANS, NOT_REPLAYED),
        None,
    )
    assert set(verdicts([finding]).values()) == {Verdict.CONDITIONAL}


def test_degrees_of_freedom_of_the_smaller_group_are_a_variant(tmp_path: Path) -> None:
    # t = 5.42 / sqrt(3.05²/5 + 1.63²/30) = 3.88: 0.0178 with 4 degrees of freedom, 0.0149 by Welch.
    groups = (5, "11.30", "3.05"), (30, "16.72", "1.63")
    [finding] = check(tmp_path / "smaller", "0.0178", *groups, test=["welch_t"])
    assert "one degree of freedom less than the smaller group" in finding.assumptions[0]
    # Between the two lies Cochran's approximation, which is not looked at.
    [finding] = check(tmp_path / "between", "0.0169", *groups, test=["welch_t"])
    assert finding.assumptions == (PLAIN_TEST_OF_MEANS, NOT_REPLAYED)
    assert "a variant that was looked at" in finding.assumptions[0]
    assert "no other variant" not in finding.bearings["p"].sentence


@pytest.mark.parametrize(
    ("further", "all_of_them", "is_certified"),
    [
        (("c",), "60", False),
        (("c",), "", False),
        (("c",), "54", True),  # its 12 cannot all be outside of 20 and 23
        (("part",), "60", True),
        (("controls",), "43", False),
        ((), "60", True),
    ],
)
def test_a_variance_of_more_groups_leaves_a_way_out(
    tmp_path: Path, further: tuple[str, ...], all_of_them: str, *, is_certified: bool
) -> None:
    keys = {"further": further, "all_of_them": all_of_them}
    [finding] = check(tmp_path, *CONFLICT, test=BOTH, **keys)
    assert (finding.certificate is not None) is is_certified
    expected = () if is_certified else (PLAIN_TEST_OF_MEANS, TWO_VARIANCES, NOT_REPLAYED)
    assert finding.assumptions == expected
    verdict = Verdict.INCONSISTENT if is_certified else Verdict.CONDITIONAL
    assert set(verdicts([finding]).values()) == {verdict}


@pytest.mark.parametrize(
    ("stages", "all_of_them", "is_certified"),
    [("cde", "60", False), ("cd", "60", True), ("cde", "43", True)],
)
def test_a_p_value_between_more_groups_in_the_same_place_leaves_a_way_out(
    tmp_path: Path, stages: str, all_of_them: str, *, is_certified: bool
) -> None:
    [finding] = check(tmp_path, *CONFLICT, test=BOTH, all_of_them=all_of_them, stages=stages)
    assert (finding.certificate is not None) is is_certified
    assert (TWO_VARIANCES in finding.assumptions) is not is_certified


def test_what_holds_by_another_way_may_also_be_no_plain_test(tmp_path: Path) -> None:
    # 0.0015 times fifteen comparisons is called a t-test's, and so is one of logarithms.
    groups = (20, "50.8", "7.4"), (20, "58.6", "7.3")
    [finding] = check(tmp_path, "0.03", *groups, test=["student_t"])
    assert finding.bearings["p"].verdict is Verdict.CONDITIONAL
    assert NOT_PLAIN_MEANS in finding.assumptions[0]
    [finding] = check(tmp_path / "time", *CONFLICT, test=["student_t"], kind="time")
    assert NOT_PLAIN_MEANS in finding.assumptions[0]


def test_less_than_zero_is_a_rounded_zero(tmp_path: Path) -> None:
    # t = -2.0 / (0.5 sqrt(2 / 20)): p is far below 0.0005, and about 0.07 of the wider ones.
    [finding] = check(tmp_path / "a", "≤0.000", (20, "10.0", "0.5"), (20, "12.0", "0.5"), test=BOTH)
    assert finding.kind == "support"
    [finding] = check(tmp_path / "b", "≤0.000", ONE, OTHER, test=BOTH)
    assert finding.certificate is None
    assert NOT_REPLAYED in finding.assumptions


@pytest.mark.parametrize(
    ("test", "keys"),
    [
        (["student_t", "log_rank"], {}),
        (["unnamed"], {}),
        (["student_t"], {"kind": "time"}),
        (["student_t"], {"spread": "sd|std.error|median.std.error"}),
    ],
)
def test_what_leaves_a_way_out_convicts_nobody(
    tmp_path: Path, test: list[str], keys: dict[str, Any]
) -> None:
    found = check(tmp_path, *CONFLICT, test=test, **keys)
    assert not [f for f in found if f.kind == "conflict" or NOT_REPLAYED in f.assumptions]


def test_fewer_values_may_give_a_greater_value(tmp_path: Path) -> None:
    found = check(tmp_path, *CONFLICT, test=BOTH, stated=False)
    assert [finding.kind for finding in found] == ["support"]


def test_true_studies_have_no_conflict(tmp_path: Path) -> None:
    from scipy.stats import ttest_ind, ttest_rel

    random = Random(5)
    for trial in range(25):
        sizes = [random.randint(3, 30) for _ in range(2)]
        way = random.choice(["student", "welch", "less", "greater", "paired"])
        if way == "paired":
            sizes[1] = sizes[0]
        values = [
            [random.gauss(10 + 3 * i, random.uniform(1, 6)) for _ in range(size)]
            for i, size in enumerate(sizes)
        ]
        if way == "paired":
            p = ttest_rel(*values).pvalue
        else:
            side = way if way in ("less", "greater") else "two-sided"
            p = ttest_ind(*values, equal_var=way == "student", alternative=side).pvalue
        spread = random.choice(["sd", "std.error", "sd|std.error"])
        places = random.choice([1, 2])
        groups = []
        for group in values:
            around = stdev(group) / (len(group) ** 0.5 if spread != "sd" else 1)
            if around < 0.06:
                break
            groups.append((len(group), f"{mean(group):.{places}f}", f"{around:.{places}f}"))
        if len(groups) < 2:
            continue
        printed = f"{p:.{random.choice([2, 3])}f}"
        found = check(
            tmp_path / f"s{trial}",
            printed,
            *groups,
            test=BOTH,
            spread=spread,
            stated=random.random() < 0.8,
        )
        assert not [finding for finding in found if NOT_REPLAYED in finding.assumptions], (
            way,
            printed,
            groups,
        )
