"""Two endpoints of the same patients: what is possible together, and what needs something unsaid."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.answers import computed, sketched
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.survival.joint_answers import METHOD
from netcore.checks.survival.joint_endpoints import check_joint_endpoints
from netcore.checks.survival.joint_questions import joint_cases
from netcore.ledger import build_ledger
from netcore.printed import print_value
from netcore.stats.survival.curves import Observation, kaplan_meier, rate_at
from netcore.stats.survival.medians import median_of
from netcore.study import Study

Row = dict[str, str]

POPULATIONS: dict[str, Any] = {
    "all": {"units": "patients"},
    "x": {"of": "all", "where": {"arm": "x"}, "title": "Arm X"},
    "y": {"of": "all", "where": {"arm": "y"}, "title": "Arm Y"},
}
VARIABLES: dict[str, Any] = {
    "arm": {"type": "categorical", "levels": ["x", "y"], "complete": True},
    "sex": {"type": "categorical"},
    "pfs": {"type": "time", "unit": "months", "to": "progression", "title": "Time to progression"},
    "os": {"type": "time", "unit": "months", "to": "death", "title": "Survival"},
}
ANALYSES: dict[str, Any] = {
    f"{variable}_by_{by}": {"test": [test], "variable": variable, "by": by}
    for variable, by, test in (
        ("pfs", "arm", "log_rank"), ("os", "arm", "log_rank"), ("pfs", "sex", "unnamed"),
    )
}  # fmt: skip


def row(variable: str, statistic: str, printed: str, at: str = "", population: str = "x") -> Row:
    unit = "%" if statistic == "survival" else ""
    return {
        "claim": f"{variable or population}.{statistic}.{population}.{at}".replace(" ", ""),
        "population": population, "variable": variable, "stat_name": statistic, "at": at,
        "printed": printed, "unit": unit,
    }  # fmt: skip


def p_value(variable: str, printed: str, by: str = "arm") -> Row:
    return {
        "claim": f"{variable}.p.{by}", "population": "all", "stat_name": "p.value",
        "analysis": f"{variable}_by_{by}", "printed": printed,
    }  # fmt: skip


def study_of(folder: Path, rows: list[Row], **variables: dict[str, Any]) -> Study:
    changed = {name: one | variables.get(name, {}) for name, one in VARIABLES.items()}
    return make_study(
        folder, populations=POPULATIONS, variables=changed, analyses=ANALYSES, claims=rows
    )


def findings_of(folder: Path, rows: list[Row], **variables: dict[str, Any]) -> tuple[Finding, ...]:
    return check_joint_endpoints(study_of(folder, rows, **variables), Conventions())


def one_arm(number: str, *rows: tuple[str, ...]) -> list[Row]:
    return [row("", "N", number), *(row(*cells) for cells in rows)]


TRIAL = [
    row("", "N", "10"),
    row("", "N", "11", population="y"),
    row("pfs", "survival", "40", "1 years"),
    row("pfs", "survival", "55", "1 years", "y"),
    row("os", "survival", "80", "1 years"),
    row("os", "survival", "91", "1 years", "y"),
    p_value("pfs", "0.3"),
    p_value("os", "0.4"),
]

VERDICTS = {"possible": Verdict.POSSIBLE, "open": Verdict.OPEN, "conditional": Verdict.CONDITIONAL}


def verdicts(finding: Finding) -> dict[str, Verdict | None]:
    return {claim: bearing.verdict for claim, bearing in finding.bearings.items()}


def columns(finding: Finding, which: int) -> list[list[Observation]]:
    assert finding.witness is not None
    groups: Any = json.loads(json.dumps(finding.witness["patients"]))
    return [
        [Observation(Fraction(one[2 * which]), bool(one[2 * which + 1])) for one in group]
        for group in groups
    ]


def fitted(group: list[Observation]) -> KaplanMeierFitter:
    return KaplanMeierFitter().fit([float(time) for time, _ in group], [e for _, e in group])


def test_one_witness_has_rates_and_p_values_of_both_endpoints(tmp_path: Path) -> None:
    (finding,) = findings_of(tmp_path, TRIAL)
    assert finding.kind == "support"
    assert not finding.assumptions
    assert set(verdicts(finding).values()) == {Verdict.POSSIBLE}
    assert set(finding.claims) == {one["claim"] for one in TRIAL}
    for which, rates, p in ((0, ("40", "55"), "0.3"), (1, ("80", "91"), "0.4")):
        groups = columns(finding, which)
        assert [len(group) for group in groups] == [10, 11]
        for group, rate in zip(groups, rates, strict=True):
            assert f"{100 * float(fitted(group).predict(12)):.0f}" == rate
        ends = [[float(time) for time, _ in group] for group in groups]
        had = [[event for _, event in group] for group in groups]
        assert f"{logrank_test(*ends, *had).p_value:.1f}" == p
    firsts, seconds = ([who for group in columns(finding, k) for who in group] for k in (0, 1))
    for first, second in zip(firsts, seconds, strict=True):
        assert first.time <= second.time
        # Nobody dies as progressing: it makes no difference whether a death counts for both.
        assert not second.event or (first.event and first.time < second.time)


def test_another_p_value_of_the_patients_leaves_an_endpoint_open(tmp_path: Path) -> None:
    sexes = [row("pfs", "median", "9", "", "x") | {"population": "all", "claim": "median.all"}]
    (finding,) = findings_of(tmp_path, [*TRIAL, *sexes])
    found = verdicts(finding)
    assert found["pfs.survival.x.1years"] is Verdict.OPEN
    assert found["os.survival.x.1years"] is Verdict.POSSIBLE
    # A p-value of a factor of which nothing else is printed can be theirs as well.
    (finding,) = findings_of(tmp_path / "free", [*TRIAL, p_value("pfs", "0.6", "sex")])
    assert set(verdicts(finding).values()) == {Verdict.POSSIBLE}


def test_nobody_progressed_but_some_died_needs_deaths_that_do_not_count(tmp_path: Path) -> None:
    rows = one_arm(
        "12",
        ("pfs", "survival", "100", "24 months"),
        ("os", "survival", "80", "24 months"),
        ("os", "survival", "92", "3 months"),
    )
    (finding,) = findings_of(tmp_path, rows)
    assert finding.kind == "note"
    assert set(verdicts(finding)) == {"pfs.survival.x.24months", "os.survival.x.24months"}
    assert set(verdicts(finding).values()) == {Verdict.CONDITIONAL}
    assert NOT_REPLAYED in finding.assumptions
    assert any("a death is an event of time to progression too" in a for a in finding.assumptions)
    assert any("the same patients" in a for a in finding.assumptions)


def test_numbers_at_risk_conflict_whether_or_not_deaths_count(tmp_path: Path) -> None:
    rows = one_arm("30", ("pfs", "n.risk", "11", "1 years"), ("os", "n.risk", "9", "1 years"))
    (finding,) = findings_of(tmp_path, rows)
    assert len(finding.bearings) == 2
    assert NOT_REPLAYED not in finding.assumptions
    assert not any("death" in text for text in finding.assumptions)
    fitting = one_arm("30", ("pfs", "n.risk", "9", "1 years"), ("os", "n.risk", "11", "1 years"))
    (finding,) = findings_of(tmp_path / "fitting", fitting)
    assert set(verdicts(finding).values()) == {Verdict.POSSIBLE}


def test_more_deaths_than_events_of_both_conflict_if_deaths_count(tmp_path: Path) -> None:
    rows = one_arm("400", ("pfs", "n.event", "90"), ("os", "n.event", "100"))
    (finding,) = findings_of(tmp_path, rows)
    assert len(finding.bearings) == 2
    assert any("a death is an event" in text for text in finding.assumptions)


def test_more_alive_without_progression_than_alive_needs_losses(tmp_path: Path) -> None:
    rows = one_arm("30", ("pfs", "survival", "80", "2 years"), ("os", "survival", "50", "2 years"))
    (finding,) = findings_of(tmp_path, rows)
    assert set(verdicts(finding).values()) == {Verdict.CONDITIONAL}
    assert any("patients were lost" in text for text in finding.assumptions)
    assert NOT_REPLAYED not in finding.assumptions
    larger = [{**one, "printed": "5000"} if one["stat_name"] == "N" else one for one in rows]
    (finding,) = findings_of(tmp_path / "large", larger)
    assert set(verdicts(finding).values()) == {Verdict.CONDITIONAL}


@pytest.mark.parametrize(
    ("first", "second", "is_reversed"),
    [
        (("median", "20"), ("median", "10"), True),
        (("median", "10"), ("median", "20"), False),
        (("median", "15"), ("median", "15"), False),
        (("survival", "60", "24 months"), ("median", "10"), True),
        (("survival", "60", "9 months"), ("median", "10"), False),
        (("median", "20"), ("survival", "40", "12 months"), True),
        (("survival", "60", "24 months"), ("survival", "50", "12 months"), True),
        (("survival", "60", "12 months"), ("survival", "50", "24 months"), False),
    ],
)
def test_medians_and_rates_at_other_times_have_an_order_too(
    tmp_path: Path, first: tuple[str, ...], second: tuple[str, ...], is_reversed: bool
) -> None:
    rows = one_arm("60", ("pfs", *first), ("os", *second))
    found = findings_of(tmp_path, rows)
    is_conditional = any(Verdict.CONDITIONAL in verdicts(one).values() for one in found)
    assert is_conditional == is_reversed


def test_medians_in_their_order_say_nothing(tmp_path: Path) -> None:
    assert not findings_of(tmp_path, one_arm("60", ("pfs", "median", "10"), ("os", "median", "20")))


def test_a_mean_that_is_no_area_needs_another_meaning(tmp_path: Path) -> None:
    rows = one_arm(
        "10",
        ("pfs", "survival", "40", "12 months"),
        ("os", "survival", "80", "12 months"),
        ("os", "n.risk", "4", "12 months"),
        ("os", "mean", "9.0"),
    )
    (finding,) = findings_of(tmp_path, rows)
    # Eighty per cent are alive at twelve months, and some are followed: the area is at least 9.6.
    assert any("all times of observation" in text for text in finding.assumptions)
    (patients,) = columns(finding, 1)
    assert f"{float(sum(time for time, _ in patients) / 10):.1f}" == "9.0"


@pytest.mark.parametrize(
    "variables",
    [
        {"pfs": {"to": None}},
        {"os": {"to": "last_contact"}},
        {"pfs": {"to": "death"}},
        {"pfs": {"unit": "weeks"}},
        {"pfs": {"from": "randomisation"}, "os": {"from": "diagnosis"}},
    ],
)
def test_times_that_need_not_be_in_order_are_left_alone(
    tmp_path: Path, variables: dict[str, dict[str, Any]]
) -> None:
    rows = one_arm("30", ("pfs", "survival", "80", "2 years"), ("os", "survival", "50", "2 years"))
    study = study_of(tmp_path, rows)
    kept = {
        name: {k: v for k, v in (one | variables.get(name, {})).items() if v is not None}
        for name, one in VARIABLES.items()
    }
    assert check_joint_endpoints(study, Conventions())
    study = make_study(
        tmp_path / "other", populations=POPULATIONS, variables=kept, analyses=ANALYSES, claims=rows
    )
    assert not check_joint_endpoints(study, Conventions())


def test_places_that_print_the_same_are_one_case_and_others_two(tmp_path: Path) -> None:
    rows = one_arm("12", ("pfs", "survival", "38", "2 years"), ("os", "survival", "80", "2 years"))
    again = [
        {**one, "claim": f"again.{one['claim']}", "location": "abstract"}
        for one in rows
        if one["variable"]
    ]
    places = {name: {"title": name, "section": name} for name in ("results", "abstract")}

    def study(name: str, more: list[Row]) -> Study:
        return make_study(
            tmp_path / name, locations=places, populations=POPULATIONS, variables=VARIABLES,
            analyses=ANALYSES, claims=[*rows, *more],
        )  # fmt: skip

    (case,) = joint_cases(study("same", again), Conventions())
    assert len(case.rows) == 4
    changed = [{**again[0], "printed": "42"}, again[1]]
    cases = joint_cases(study("other", changed), Conventions())
    assert [len(case.rows) for case in cases] == [3, 3]


def test_a_sketch_finds_what_follows_from_two_values(tmp_path: Path) -> None:
    rows = one_arm("12", ("pfs", "n.event", "3"), ("os", "n.event", "5"))
    (case,) = joint_cases(study_of(tmp_path, rows), Conventions())
    quick, whole = sketched(METHOD, case.question), computed(METHOD, case.question)
    assert quick["arms"] == whole["arms"]
    assert quick["patients"] is None


def test_the_ledger_takes_the_verdicts(tmp_path: Path) -> None:
    rows = one_arm("30", ("pfs", "survival", "80", "2 years"), ("os", "survival", "50", "2 years"))
    ledger = build_ledger([study_of(tmp_path / "paper1", rows)])
    assert ledger.counts()[Verdict.INCONSISTENT] == 0
    assert ledger.counts()[Verdict.CONDITIONAL] >= 2


# --- True patients ----------------------------------------------------------------------------------


def true_rows(draw: Random) -> tuple[list[Row], bool]:
    """Publish random patients with two endpoints, and tell whether somebody was lost."""
    rows, is_lost = [], False
    texts: dict[str, list[list[Observation]]] = {"pfs": [], "os": []}
    for population in ("x", "y")[: draw.choice((1, 1, 2))]:
        number = draw.randint(3, 16)
        loses = draw.random() < 0.5
        rows.append(row("", "N", str(number), population=population))
        ends: dict[str, list[Observation]] = {"pfs": [], "os": []}
        for _ in range(number):
            death, progression = draw.randint(1, 40), draw.randint(1, 30)
            last = draw.randint(1, 45) if loses else 50
            second = min(death, last)
            first = min(progression, second)
            died = death <= last
            is_lost = is_lost or not died
            ends["os"].append(Observation(Fraction(second), died))
            ends["pfs"].append(Observation(Fraction(first), died or progression <= last))
        for variable in ("pfs", "os"):
            steps = kaplan_meier(ends[variable])
            for months in sorted(draw.sample((6, 12, 24), draw.randint(1, 2))):
                rate = print_value(100 * rate_at(steps, Fraction(months)), draw.choice((0, 1)))
                rows.append(row(variable, "survival", rate, f"{months} months", population))
            median = median_of(ends[variable], draw.choice(("first", "midpoint")))
            if median is not None and draw.random() < 0.4:
                rows.append(row(variable, "median", print_value(median, 1), "", population))
            if draw.random() < 0.3:
                events = sum(event for _, event in ends[variable])
                rows.append(row(variable, "n.event", str(events), "", population))
            texts[variable].append(ends[variable])
    return rows, is_lost


def test_true_patients_are_never_said_to_conflict(tmp_path: Path) -> None:
    draw = Random(20)
    kinds = []
    for k in range(15):
        rows, is_lost = true_rows(draw)
        for finding in findings_of(tmp_path / str(k), rows):
            kinds.append(finding.kind)
            assert NOT_REPLAYED not in finding.assumptions, rows
            if not is_lost:
                assert not finding.assumptions, rows
    assert kinds.count("support") > 6
