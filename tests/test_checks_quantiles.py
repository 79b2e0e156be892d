"""Quantiles of whole numbers, of groups beside their parts, and of changes of each patient."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.quantiles import (
    StratumSizes,
    check_quantiles,
    divided_samples,
    stratum_sizes,
)
from netcore.checks.samples import printed_samples
from netcore.checks.summary_values import SummaryValues
from netcore.printed import print_value
from netcore.stats.quantiles.definitions import DEFINITIONS, quantile_form
from netcore.study import Study
from tests.study_builder import ShortClaim, make_study

NAMES = ("min", "p25", "median", "p75", "max")
SHARES = dict(zip(NAMES, map(Fraction, ("0", "1/4", "1/2", "3/4", "1")), strict=True))
GROUPS = {
    "all": {"units": "patients"},
    "men": {"of": "all", "where": {"sex": "male"}, "title": "Men"},
    "women": {"of": "all", "where": {"sex": "female"}, "title": "Women"},
}
SEX = {"sex": {"type": "categorical", "levels": ["male", "female"], "complete": True}}
WHOLE_YEARS = {"age": {"type": "integer", "unit": "years", "min": 0}}
AGE = {"age": {"type": "continuous", "unit": "years", "min": 0}}


def found_in(study: Study) -> tuple[Finding, ...]:
    return check_quantiles(study, Conventions(), analyse_counts(study))


def rows(group: str, variable: str, values: Mapping[str, str]) -> list[ShortClaim]:
    return [(group, variable, "", name, printed) for name, printed in values.items()]


def of_ages(
    tmp_path: Path,
    values: Mapping[str, str],
    number: str = "15",
    software: Sequence[str] = ("IBM SPSS Statistics 26",),
    variable: Mapping[str, Any] | None = None,
    more: Sequence[ShortClaim] = (),
) -> tuple[Finding, ...]:
    study = make_study(
        tmp_path / "ages2020",
        paper={"software": list(software)},
        variables={"age": dict(variable or WHOLE_YEARS["age"])},
        claims=[("all", "", "", "N", number), *rows("all", "age", values), *more],
    )
    return found_in(study)


def of_strata(
    tmp_path: Path,
    groups: Mapping[str, Sequence[str]],
    sizes: Mapping[str, str],
    variable: Mapping[str, Any] | None = None,
    elsewhere: str = "results",
    software: Sequence[str] = (),
) -> Study:
    return make_study(
        tmp_path / "strata2020",
        paper={"software": list(software)} if software else {},
        locations={"results": {"title": "Table 1"}, "other": {"title": "Table 2"}},
        populations=GROUPS,
        variables={**SEX, "age": dict(variable or AGE["age"])},
        claims=[
            *((group, "", "", "N", size) for group, size in sizes.items()),
            *(
                {
                    "location": elsewhere if group == "all" else "results",
                    "population": group,
                    "variable": "age",
                    "stat_name": name,
                    "printed": printed,
                }
                for group, values in groups.items()
                for name, printed in zip(("p25", "median", "p75"), values, strict=True)
            ),
        ],
    )


def test_quartiles_of_whole_years_are_possible_with_values_that_have_them(tmp_path: Path) -> None:
    (finding,) = of_ages(tmp_path, {"p25": "50", "median": "58", "p75": "66"})
    assert finding.kind == "support"
    assert {bearing.verdict for bearing in finding.bearings.values()} == {Verdict.POSSIBLE}
    assert finding.witness is not None
    values = sorted(Fraction(value) for value in finding.witness["values"])  # type: ignore[attr-defined]
    assert len(values) == 15
    for name, printed in (("p25", 50), ("median", 58), ("p75", 66)):
        exact = quantile_form("type6", SHARES[name], 15).value(values)
        assert abs(exact - printed) <= Fraction(1, 2)
        assert all(value.denominator == 1 for value in values)


def test_a_mean_beside_the_quartiles_leaves_the_verdict_to_others(tmp_path: Path) -> None:
    (finding,) = of_ages(tmp_path, {"median": "58", "p75": "66", "mean": "57"})
    assert {bearing.verdict for bearing in finding.bearings.values()} == {None}


@pytest.mark.parametrize("printed", ["58", "58.5", "58.0", "58,5"])
def test_a_median_of_whole_years_may_be_a_half(tmp_path: Path, printed: str) -> None:
    found = of_ages(tmp_path, {"median": printed.replace(",", "."), "max": "80"}, number="16")
    assert [finding.kind for finding in found] == ["support"]
    assert not found[0].assumptions


def test_a_median_that_is_no_half_year_is_conditional_and_never_more(tmp_path: Path) -> None:
    (finding,) = of_ages(tmp_path, {"median": "58.55", "max": "80"})
    assert [*finding.bearings] == [next(iter(finding.bearings))]
    (bearing,) = finding.bearings.values()
    assert bearing.verdict is Verdict.CONDITIONAL
    assert "age is not in whole years" in finding.assumptions[0]
    assert "grouped median" in finding.assumptions[0]
    assert "a multiple of 0.5" in finding.statement
    assert finding.witness == {"numbers": [], "tried": 15, "definitions": len(DEFINITIONS)}


def test_a_half_year_of_an_odd_number_needs_fewer_patients(tmp_path: Path) -> None:
    (finding,) = of_ages(tmp_path, {"median": "58.5"})
    assert "only 2, 4, 6, 8, 10, 12 or 14 of 15 were analysed" in finding.assumptions[0]


def test_the_number_analysed_counts_where_it_is_stated(tmp_path: Path) -> None:
    more: list[ShortClaim] = [("all", "age", "", "N_nonmiss", "14")]
    (finding,) = of_ages(tmp_path, {"median": "58.5", "max": "80"}, more=more)
    assert not finding.assumptions
    (finding,) = of_ages(tmp_path / "b", {"median": "58.25", "max": "80"}, more=more)
    assert "were analysed" not in finding.assumptions[0]


def test_a_quartile_by_another_definition_names_it(tmp_path: Path) -> None:
    # R places the quartile of 16 values at 4.75: it ends in .0, .25, .5 or .75.
    (finding,) = of_ages(tmp_path, {"p25": "50.33"}, number="15", software=["R 4.2.0"])
    assert "it follows type 8 of Hyndman and Fan" in finding.assumptions[0]
    assert finding.bearings[finding.claims[0]].verdict is Verdict.CONDITIONAL
    (finding,) = of_ages(tmp_path / "b", {"p25": "50.25"}, number="16", software=["R 4.2.0"])
    assert not finding.assumptions
    (finding,) = of_ages(tmp_path / "c", {"p25": "50.33"}, number="15", software=[])
    assert not finding.assumptions  # where no software is named it may be any definition


def test_quartiles_of_two_definitions_are_conditional_together(tmp_path: Path) -> None:
    # Of 3 values SPSS prints the first, second and third as quartiles.
    found = of_ages(tmp_path, {"p25": "50", "median": "58", "p75": "66", "max": "70"}, number="3")
    (finding,) = found
    assert finding.assumptions
    said = {finding_claim.rsplit(".", 1)[-1] for finding_claim in finding.bearings}
    assert len(said) >= 1


def test_values_without_a_step_are_left_to_the_check_of_order(tmp_path: Path) -> None:
    assert of_ages(tmp_path, {"p25": "50", "median": "58.55"}, variable=AGE["age"]) == ()


def test_quantiles_out_of_order_are_left_to_the_check_of_order(tmp_path: Path) -> None:
    assert of_ages(tmp_path, {"p25": "60", "median": "50"}) == ()


def test_a_row_that_may_be_a_mean_is_left_alone(tmp_path: Path) -> None:
    assert of_ages(tmp_path, {"mean|median": "58.55"}) == ()


def test_quartiles_of_parts_bound_those_of_the_whole(tmp_path: Path) -> None:
    study = of_strata(
        tmp_path,
        {"men": ("10", "11", "12"), "women": ("20", "21", "22"), "all": ("11", "16", "21")},
        {"men": "20", "women": "20", "all": "40"},
    )
    (finding,) = found_in(study)
    assert finding.kind == "support"
    assert "All 40 may have been analysed" in finding.statement


def test_no_values_of_parts_and_whole_are_a_conflict_with_a_count(tmp_path: Path) -> None:
    study = of_strata(
        tmp_path,
        {"men": ("10", "11", "12"), "women": ("20", "21", "22"), "all": ("11", "12", "21")},
        {"men": "20", "women": "20", "all": "40"},
    )
    study = make_study(
        tmp_path / "b" / "strata2020",
        populations=GROUPS,
        variables={**SEX, **AGE},
        claims=[
            *(
                (group, "age", "", name, printed)
                for group, values in {
                    "men": ("40", "10", "11", "12"),
                    "women": ("10", "20", "21", "22"),
                    "all": ("50", "11", "20", "21"),
                }.items()
                for name, printed in zip(("N_nonmiss", "p25", "median", "p75"), values, strict=True)
            ),
        ],
    )
    (finding,) = found_in(study)
    assert finding.kind == "conflict"
    assert "whatever the definition" in finding.statement
    assert "lie" in finding.statement
    ids = {study.claim_by_id(name).stat_name for name in finding.claims}
    assert "median" in ids
    assert "N_nonmiss" in ids
    assert {bearing.verdict for bearing in finding.bearings.values()} == {Verdict.INCONSISTENT}
    assert {"men", "all"} <= {study.claim_by_id(name).population for name in finding.claims}


CROWDED = {"men": ("10", "11", "12"), "women": ("20", "21", "22"), "all": ("1", "2", "3")}


def test_a_whole_outside_its_parts_is_a_conflict_however_many_were_analysed(
    tmp_path: Path,
) -> None:
    (finding,) = found_in(of_strata(tmp_path, CROWDED, {"men": "9", "women": "9", "all": "18"}))
    assert finding.kind == "conflict"
    assert not {name for name in finding.bearings if name.startswith("all.n")}
    stats = set(finding.claims)
    assert len(stats) <= 3  # the smallest set has one quantile of each group


def test_values_of_several_places_or_of_times_never_convict(tmp_path: Path) -> None:
    sizes = {"men": "9", "women": "9", "all": "18"}
    (finding,) = found_in(of_strata(tmp_path, CROWDED, sizes, elsewhere="other"))
    assert finding.kind == "support"
    assert "other patients" in finding.assumptions[0]
    time = {"type": "time", "unit": "years"}
    (finding,) = found_in(of_strata(tmp_path / "b", CROWDED, sizes, variable=time))
    assert finding.kind == "support"
    assert "censored" in finding.assumptions[0]
    assert {bearing.verdict for bearing in finding.bearings.values()} == {Verdict.CONDITIONAL}


def test_numbers_that_do_not_add_up_are_left_to_the_check_of_counts(tmp_path: Path) -> None:
    study = of_strata(tmp_path, CROWDED, {"men": "9", "women": "9", "all": "25"})
    assert found_in(study) == ()


def test_fewer_patients_may_resolve_it(tmp_path: Path) -> None:
    # With half of the men left out the median of all is where it is printed.
    study = of_strata(
        tmp_path,
        {"men": ("10", "11", "12"), "women": ("20", "21", "22"), "all": ("11", "20", "21")},
        {"men": "40", "women": "10", "all": "50"},
    )
    (finding,) = found_in(study)
    assert finding.kind == "support"
    assert "of 50 were analysed" in finding.assumptions[0]


def test_sizes_of_parts_that_are_not_printed_follow(tmp_path: Path) -> None:
    groups = {"men": ("10", "11", "12"), "women": ("20", "21", "22"), "all": ("10", "11", "20")}
    study = of_strata(tmp_path, groups, {"all": "40"})
    (finding,) = found_in(study)
    assert "If all 40 were analysed" in finding.statement
    assert "belong to men" in finding.statement
    assert {bearing.verdict for bearing in finding.bearings.values()} == {Verdict.OPEN}
    (sizes,) = sizes_in(study)
    assert all(sum(one) <= 40 for one in sizes.possible)
    of_all = {men for men, women in sizes.possible if men + women == 40}
    # At least floor(40/2) = 20 values are below 11.5, and of n women at most ceil((n + 3)/4) − 1
    # are below 19.5: with 13 men 7 of 27 women, with 12 men still 7 of 28.
    assert min(of_all) == 13
    assert sizes.assumption == ""


def sizes_in(study: Study) -> tuple[StratumSizes, ...]:
    conventions = Conventions()
    printed = printed_samples(study, conventions, Sizes(study, analyse_counts(study)))
    return stratum_sizes(study, divided_samples(study, printed, SummaryValues(study, conventions)))


CHANGE = {
    "before": {"type": "continuous", "unit": "cm"},
    "after": {"type": "continuous", "unit": "cm"},
    "change": {
        "type": "continuous",
        "unit": "cm",
        "derived": {"per": "patient", "difference": ["after", "before"]},
    },
}


def of_changes(
    tmp_path: Path,
    before: Sequence[str],
    after: Sequence[str],
    change: Sequence[str],
    variables: Mapping[str, Any] = CHANGE,
    number: str = "15",
) -> tuple[Finding, ...]:
    claims: list[ShortClaim] = [("all", "", "", "N", number)]
    for name, values in (("before", before), ("after", after), ("change", change)):
        claims += rows("all", name, dict(zip(NAMES, values, strict=True)))
    study = make_study(tmp_path / "change2020", variables=dict(variables), claims=claims)
    return found_in(study)


BEFORE, AFTER = ("10", "12", "14", "16", "18"), ("5", "6", "7", "8", "9")


def test_a_change_within_what_before_and_after_allow_passes(tmp_path: Path) -> None:
    (finding,) = of_changes(tmp_path, BEFORE, AFTER, ("-13", "-9", "-7", "-5", "-1"))
    assert finding.kind == "support"
    assert not finding.assumptions
    assert "the median of change lies from −12 to −4 cm," in finding.statement


def test_what_the_change_could_be_is_said_where_all_numbers_are_stated(tmp_path: Path) -> None:
    claims: list[ShortClaim] = []
    for name, values in (("before", BEFORE), ("after", AFTER), ("change", ["-7"])):
        names = NAMES if name != "change" else ("median",)
        claims += [("all", name, "", "N_nonmiss", "3")]
        claims += rows("all", name, dict(zip(names, values, strict=True)))
    study = make_study(tmp_path / "change2020", variables=CHANGE, claims=claims)
    (finding,) = found_in(study)
    (window,) = finding.bearings["results.all.change.median"].attainable or ()
    # By all definitions the median of three lies between the first and the second of them.
    assert window.low is not None
    assert window.high is not None
    assert window.low < -7 < window.high
    assert finding.bearings["results.all.before.median"].attainable is None


def test_a_change_that_no_pairs_give_is_conditional(tmp_path: Path) -> None:
    (finding,) = of_changes(tmp_path, BEFORE, AFTER, ("-13", "-1", "0", "0", "0"))
    assert "other patients were analysed" in finding.assumptions[0]
    assert {bearing.verdict for bearing in finding.bearings.values()} == {Verdict.CONDITIONAL}
    assert len(finding.claims) < 15  # only what is needed


def test_numbers_of_different_patients_bound_no_change(tmp_path: Path) -> None:
    claims: list[ShortClaim] = [("all", "", "", "N", "15")]
    for name, number, values in (("before", "15", BEFORE), ("after", "14", AFTER)):
        claims += [("all", name, "", "N_nonmiss", number)]
        claims += rows("all", name, dict(zip(NAMES, values, strict=True)))
    claims += rows("all", "change", {"median": "40"})
    study = make_study(tmp_path / "change2020", variables=CHANGE, claims=claims)
    assert found_in(study) == ()


def test_a_change_counted_the_other_way_round_says_so(tmp_path: Path) -> None:
    (finding,) = of_changes(tmp_path, BEFORE, AFTER, ("1", "5", "7", "9", "13"))
    assert "counted the other way round" in finding.assumptions[0]


def test_a_relative_change_is_not_compared_with_a_difference(tmp_path: Path) -> None:
    relative = {**CHANGE, "change": {**CHANGE["change"], "unit": "%"}}
    assert not of_changes(tmp_path, BEFORE, AFTER, ("1", "5", "7", "9", "13"), relative)


def test_sums_and_ratios_are_bounded_too(tmp_path: Path) -> None:
    for operation, good, bad in (
        ("sum", ("15", "18", "21", "24", "27"), ("15", "18", "21", "24", "99")),
        ("ratio", ("0.3", "0.4", "0.5", "0.6", "0.8"), ("0.3", "0.4", "0.5", "0.6", "3.5")),
    ):
        derived = {"per": "patient", operation: ["after", "before"]}
        unit = {"unit": "cm"} if operation == "sum" else {"unit": "times"}
        variables = {
            "before": {**CHANGE["before"], "min": 0},
            "after": {**CHANGE["after"], "min": 0},
            "change": {"type": "continuous", **unit, "derived": derived},
        }
        (finding,) = of_changes(tmp_path / operation, BEFORE, AFTER, good, variables)
        assert not finding.assumptions
        (finding,) = of_changes(tmp_path / f"{operation}b", BEFORE, AFTER, bad, variables)
        assert finding.assumptions


def printed_by(
    values: Sequence[Fraction], definition: str, decimals: int, names: Sequence[str] = NAMES
) -> dict[str, str]:
    ordered = sorted(values)
    exact = {
        name: quantile_form(definition, SHARES[name], len(ordered)).value(ordered) for name in names
    }
    return {name: print_value(value, decimals) for name, value in exact.items()}


def random_study(folder: Path, random_: random.Random, misprint: bool = False) -> Study:
    """Print a random true study: ages of men, women and all; values before and after."""
    size = {"men": random_.randint(4, 14), "women": random_.randint(4, 14)}
    step = random_.choice([Fraction(1), Fraction(1, 10)])
    definition = random_.choice(["type1", "type2", "type5", "type6", "type7", "tukey"])
    decimals = random_.choice([0, 1, 2])
    names = random_.choice([NAMES, ("p25", "median", "p75"), ("median", "p25", "p75", "max")])
    people: dict[str, list[tuple[Fraction, Fraction]]] = {}
    for group, number in size.items():
        middle = random_.choice([40, 60])
        people[group] = [
            (
                round(Fraction(random_.gauss(middle, 12)) / step) * step,
                round(Fraction(random_.gauss(30, 8)) / step) * step,
            )
            for _ in range(number)
        ]
    people["all"] = people["men"] + people["women"]
    claims: list[ShortClaim] = [("all", "", "", "N", str(len(people["all"])))]
    if random_.random() < 0.5:
        claims += [(group, "", "", "N", str(number)) for group, number in size.items()]
    missing = random_.random() < 0.3
    columns = {
        "before": lambda pair: pair[0],
        "after": lambda pair: pair[1],
        "change": lambda pair: pair[1] - pair[0],
    }
    for group, pairs in people.items():
        kept = pairs[1:] if missing and group != "all" else pairs
        if missing and group == "all":
            kept = people["men"][1:] + people["women"][1:]
        if missing and random_.random() < 0.5:
            claims.append((group, "before", "", "N_nonmiss", str(len(kept))))
        for variable, column in columns.items():
            of_variable = [column(pair) for pair in kept]
            claims += rows(group, variable, printed_by(of_variable, definition, decimals, names))
    if misprint:
        place = random_.choice(
            [i for i, row in enumerate(claims) if isinstance(row, tuple) and row[1]]
        )
        row = claims[place]
        assert isinstance(row, tuple)
        digits = [i for i, sign in enumerate(row[4]) if sign.isdigit()]
        at = random_.choice(digits)
        other = random_.choice([d for d in "0123456789" if d != row[4][at]])
        claims[place] = (*row[:4], row[4][:at] + other + row[4][at + 1 :])
    is_stated = random_.random() < 0.7
    variables: dict[str, Any] = {}
    for name, described in CHANGE.items():
        granularity = {"granularity": {"step": float(step), "stated": True}} if is_stated else {}
        variables[name] = {**described, **granularity}
    return make_study(folder, populations=GROUPS, variables={**SEX, **variables}, claims=claims)


def test_true_studies_have_no_conflict_and_need_no_assumption(tmp_path: Path) -> None:
    random_ = random.Random(20221230)
    findings = 0
    for number in range(40):
        study = random_study(tmp_path / f"true{number}x2020", random_)
        for finding in found_in(study):
            findings += 1
            assert finding.kind == "support", finding.statement
            needs_fewer = "analysed" in " ".join(finding.assumptions)
            assert not finding.assumptions or needs_fewer, finding.statement
    assert findings > 40


def test_constructed_values_of_parts_have_what_is_printed(tmp_path: Path) -> None:
    groups = {"men": ("10", "11", "12"), "women": ("20", "21", "22"), "all": ("10", "11", "20")}
    study = of_strata(tmp_path, groups, {"all": "40"}, software=["R 4.2.0"])
    (finding,) = found_in(study)
    assert finding.witness is not None
    parts: Mapping[str, Sequence[str]] = finding.witness["parts"]  # type: ignore[assignment]
    values = {name: [float(value) for value in some] for name, some in parts.items()}
    values["all"] = [value for some in values.values() for value in some]
    assert finding.witness["quantiles"] == "type 2 of Hyndman and Fan"
    for name, printed in groups.items():
        got = np.quantile(values[name], [0.25, 0.5, 0.75], method="averaged_inverted_cdf")
        assert np.all(np.abs(got - np.array(printed, dtype=float)) <= 0.5)
