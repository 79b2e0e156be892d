"""Signed-rank tests against the number of pairs, and quartiles before, after and of the change."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from study_builder import make_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.answers import METHODS, sketched
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.plain_tests import PLAIN_PAIRED_TEST
from netcore.checks.ranks import check_ranks

Row = dict[str, str]
TRUE_STUDIES = 30
NAMES = ("p25", "median", "p75")
VARIABLES: dict[str, Any] = {
    "before": {"type": "continuous", "min": "0", "title": "Volume before"},
    "after": {"type": "continuous", "min": "0", "title": "Volume after"},
    "pain": {"type": "integer", "title": "Pain before"},
    "pain_later": {"type": "integer", "title": "Pain after"},
    "change": {
        "type": "continuous",
        "title": "Change",
        "derived": {"per": "patient", "difference": ["after", "before"]},
    },
}
ANALYSES: dict[str, Any] = {
    "paired": {"test": ["wilcoxon_signed_rank"], "variable": "after", "with": "before"},
    "scores": {"test": ["wilcoxon_signed_rank"], "variable": "pain_later", "with": "pain"},
    "either": {
        "test": ["wilcoxon_signed_rank", "student_t"],
        "variable": "after",
        "with": "before",
    },
    "unnamed": {"test": ["unnamed"], "variable": "after", "with": "before"},
}


def size(number: str) -> Row:
    return {"claim": "N", "stat_name": "N", "printed": number}


def quartiles(variable: str, values: tuple[str, ...]) -> list[Row]:
    return [
        {"claim": f"{variable}.{name}", "variable": variable, "stat_name": name, "printed": value}
        for name, value in zip(NAMES, values, strict=True)
    ]


def p_value(printed: str, analysis: str = "paired") -> Row:
    return {"claim": "p", "stat_name": "p.value", "analysis": analysis, "printed": printed}


def analysed(variable: str, number: str) -> Row:
    row = {"claim": f"{variable}.n", "variable": variable, "stat_name": "N_nonmiss"}
    return row | {"printed": number}


def found(
    folder: Path, rows: list[Row], software: tuple[str, ...] = ("R 4.2.0",)
) -> Finding | None:
    study = make_study(
        folder / "surname2020",
        paper={"software": list(software)},
        variables=VARIABLES,
        analyses=ANALYSES,
        claims=rows,
    )
    findings = check_ranks(study, Conventions())
    assert len(findings) <= 1
    return findings[0] if findings else None


def test_so_few_pairs_give_no_p_value_so_small(tmp_path: Path) -> None:
    # The least p-values of five pairs are 2 of 32, and that of z² = 5, 0.025.
    finding = found(tmp_path, [size("5"), p_value("0.001")])
    assert finding is not None
    assert finding.kind == "note"
    bearing = finding.bearings["p"]
    assert bearing.verdict is Verdict.CONDITIONAL
    assert finding.assumptions == (PLAIN_PAIRED_TEST, NOT_REPLAYED)
    assert "unpaired" not in bearing.sentence  # pairs are the test itself
    assert bearing.attainable is not None
    assert bearing.attainable[0].low == pytest.approx(2**-5, rel=0.5)
    assert set(finding.claims) == {"p", "N"}


def test_a_p_value_that_pairs_can_have_is_possible_with_pairs_that_have_it(tmp_path: Path) -> None:
    from scipy.stats import wilcoxon

    finding = found(tmp_path, [size("9"), p_value("0.039")])
    assert finding is not None
    assert finding.bearings["p"].verdict is Verdict.POSSIBLE
    assert finding.witness is not None
    y = [float(Fraction(v)) for v in finding.witness["y"]]  # type: ignore[attr-defined]
    assert f"{wilcoxon(y, method='exact').pvalue:.3f}" == "0.039"
    json.dumps(finding.witness)


def test_quartiles_before_and_after_are_kept_by_the_constructed_pairs(tmp_path: Path) -> None:
    from scipy.stats import wilcoxon

    rows = [size("12"), *quartiles("before", ("3.1", "4.5", "6.2"))]
    rows += [*quartiles("after", ("2.0", "3.3", "5.8")), p_value("0.09")]
    finding = found(tmp_path, rows)
    assert finding is not None
    assert finding.bearings["p"].verdict is Verdict.POSSIBLE
    assert finding.bearings["before.median"].verdict is Verdict.POSSIBLE
    assert finding.witness is not None
    x, y = ([float(Fraction(v)) for v in finding.witness[k]] for k in ("x", "y"))  # type: ignore[attr-defined]
    assert 4.45 <= sorted(x)[5] / 2 + sorted(x)[6] / 2 <= 4.55
    p = {f"{wilcoxon(x, y, method=m, correction=c).pvalue:.2f}"
         for m in ("exact", "asymptotic") for c in (True, False)}  # fmt: skip
    assert "0.09" in p


def test_values_far_apart_exclude_a_large_p_value_of_all_pairs(tmp_path: Path) -> None:
    ends = [("before", "min", "30"), ("before", "max", "52"), ("after", "max", "3")]
    rows = [size("16"), p_value("0.62")]
    for variable, name, value in ends:
        row = {"claim": f"{variable}.{name}", "variable": variable, "stat_name": name}
        rows.append(row | {"printed": value})
    finding = found(tmp_path / "fewer", rows)
    assert finding is not None  # one pair has a p-value of 1
    assert finding.bearings["p"].verdict is Verdict.CONDITIONAL
    assert "every unit" in finding.assumptions[0]
    attainable = finding.bearings["p"].attainable
    assert attainable is not None
    assert attainable[0].high is not None
    assert attainable[0].high < Fraction(62, 100)
    all_of_them = [analysed("before", "16"), analysed("after", "16")]
    finding = found(tmp_path / "all", [*rows, *all_of_them])
    assert finding is not None
    assert finding.assumptions == (PLAIN_PAIRED_TEST, NOT_REPLAYED)


def test_quartiles_of_the_change_say_which_signs_there_are(tmp_path: Path) -> None:
    least = {"claim": "max", "variable": "change", "stat_name": "max", "printed": "-1.2"}
    rows = [size("14"), *quartiles("change", ("-9.1", "-7.2", "-5.5")), least, p_value("0.8")]
    finding = found(tmp_path, [*rows, analysed("change", "14")])
    assert finding is not None
    assert finding.bearings["p"].verdict is Verdict.CONDITIONAL
    assert set(finding.claims) >= {"change.p25", "change.median", "change.p75", "max"}
    near = found(tmp_path / "near", [*rows[:-1], p_value("0.0001"), analysed("change", "14")])
    assert near is not None
    assert near.kind == "support"


@pytest.mark.parametrize("analysis", ["either", "unnamed"])
def test_a_test_that_is_not_named_for_certain_convicts_nobody(
    tmp_path: Path, analysis: str
) -> None:
    finding = found(tmp_path, [size("5"), p_value("0.001", analysis)])
    assert finding is None or not finding.assumptions or "read as" in " ".join(finding.assumptions)


def test_pairs_without_number_bind_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, [p_value("0.001")]) is None


def test_other_rows_about_the_values_leave_it_open(tmp_path: Path) -> None:
    mean = {"claim": "mean", "variable": "before", "stat_name": "mean", "printed": "4.4"}
    finding = found(tmp_path, [size("9"), p_value("0.039"), mean])
    assert finding is not None
    assert finding.bearings["p"].verdict is Verdict.OPEN
    assert finding.bearings["p"].attainable is not None


def draw(random_: random.Random) -> tuple[list[Row], tuple[str, ...]]:
    """Draw pairs, and publish them truly in one of many ways."""
    import numpy as np
    from scipy.stats import wilcoxon

    is_score = random_.random() < 0.4
    number = random_.randint(3, 16)
    shift = random_.choice([0, 0.5, 2, 6])
    x = [random_.gauss(8, 2) for _ in range(number)]
    y = [v - shift + random_.gauss(0, 1.5) for v in x]
    x, y = ([float(round(v, 0 if is_score else 3)) for v in part] for part in (x, y))
    names = ("pain", "pain_later") if is_score else ("before", "after")
    rows = [size(str(number + random_.choice([0, 0, 3])))]
    method = random_.choice(["inverted_cdf", "weibull", "linear", "hazen"])
    for name, values in zip(names, (x, y), strict=True):
        if random_.random() < 0.8:
            numbers = np.quantile(values, [0.25, 0.5, 0.75], method=method)
            rows += quartiles(name, tuple(f"{v:.1f}" for v in numbers))
    if not is_score and random_.random() < 0.5:
        change = np.quantile(np.subtract(y, x), [0.25, 0.5, 0.75], method=method)
        rows += quartiles("change", tuple(f"{v:.1f}" for v in change))
    options: dict[str, Any] = random_.choice(
        [
            {"method": "exact"},
            {"method": "asymptotic"},
            {"method": "asymptotic", "correction": True},
            {"method": "asymptotic", "zero_method": "pratt"},
            {"method": "asymptotic", "zero_method": "zsplit"},
            {"method": "asymptotic", "alternative": "less"},
        ]
    )
    if x == y:
        return rows, ()
    p = wilcoxon(y, x, **options).pvalue
    printed = random_.choice([f"{p:.2f}", f"{p:.3f}", f"{p:.4f}", "<0.05" if p < 0.05 else "ns"])
    rows.append(p_value(printed, "scores" if is_score else "paired"))
    return rows, random_.choice([("SciPy 1.11",), ()])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(TRUE_STUDIES))
def test_no_true_study_is_in_conflict(tmp_path: Path, seed: int) -> None:
    rows, software = draw(random.Random(seed))
    finding = found(tmp_path, rows, software)
    assert finding is None or not any(
        "Conflicts" in bearing.sentence and "every unit" not in bearing.sentence
        for bearing in finding.bearings.values()
    )


def test_answers_are_json() -> None:
    question: dict[str, Any] = {"before": None, "after": None, "differences": None}
    question |= {"p": ["0", "1/100"], "pairs": [1, 30], "full": 30, "software": None}
    asked = question | {"definitions": []}
    json.dumps(METHODS["signed-rank"](asked))
    assert sketched("signed-rank", asked)["outcome"] == "open"
    small = asked | {"p": ["0", "1/1000000"], "pairs": [1, 9], "full": 9}
    assert sketched("signed-rank", small)["outcome"] == "excluded"
