"""Percentages that only a number explains to which their row does not lead."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked_studies import POPULATIONS, VARIABLES, count, ledger_of, share, size, verdict

from netcore.checks import Verdict
from netcore.ledger import Ledger

PROCEDURES = {"all": {"units": "patients"}, "procedures": {"units": "procedures", "per": "all"}}
TOXICITY = {"toxicity": {"type": "multi", "levels": ["nausea", "fever", "pain"]}}
RECURRENCE = {
    "recurrence": {"type": "categorical", "levels": ["yes", "no"], "complete": True},
    "site": {"type": "categorical", "levels": ["liver", "lung", "none"]},
}


def assumed(ledger: Ledger, claim: str) -> str:
    """Return what a conditional claim rests on."""
    assert verdict(ledger, claim) is Verdict.CONDITIONAL
    (entry,) = (entry for entry in ledger.entries if entry.claim.claim == claim)
    return " ".join(entry.assumptions)


def test_a_percentage_may_be_one_of_procedures(tmp_path: Path) -> None:
    rows = [
        size("all", "45"),
        size("procedures", "97"),
        count("all", "response", "CR", "4"),
        share("all", "response", "CR", "4.1"),
    ]
    variables = {"response": VARIABLES["response"]}
    ledger = ledger_of(tmp_path, rows, populations=PROCEDURES, variables=variables)
    assert "procedures (97)" in assumed(ledger, "results.all.response.CR.pct")


def test_a_percentage_may_be_one_of_a_union(tmp_path: Path) -> None:
    rows = [
        size("all", "40"),
        *(
            row
            for level, number, printed in (("CR", "5", "25.0"), ("PR", "15", "75.0"))
            for row in (
                count("all", "response", level, number),
                share("all", "response", level, printed),
            )
        ),
        count("all", "response", "ORR", "20"),
        count("all", "response", "SD", "12"),
        share("all", "response", "SD", "30.0"),
        count("all", "response", "PD", "8"),
        share("all", "response", "PD", "20.0"),
    ]
    ledger = ledger_of(tmp_path, rows, populations=POPULATIONS, variables=VARIABLES)
    assert "(20)" in assumed(ledger, "results.all.response.CR.pct")
    assert verdict(ledger, "results.all.response.SD.pct") is Verdict.REPRODUCED


def listed(variable: str, numbers: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    """Return counts and percentages of a list."""
    return [
        row
        for level, (number, printed) in numbers.items()
        for row in (count("all", variable, level, number), share("all", variable, level, printed))
    ]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"nausea": ("20", "35.1"), "fever": ("25", "43.9"), "pain": ("12", "21.1")}, "20 + 25 + 12 (57)"),
        ({"nausea": ("12", "6.0"), "fever": ("7", "3.5"), "pain": ("3", "1.5")}, "199 to 201 units"),
    ],
)  # fmt: skip
def test_percentages_of_a_list_may_be_of_mentions_or_of_other_units(
    tmp_path: Path, numbers: dict[str, tuple[str, str]], said: str
) -> None:
    rows = [size("all", "40"), *listed("toxicity", numbers)]
    ledger = ledger_of(
        tmp_path, rows, populations={"all": {"units": "patients"}}, variables=TOXICITY
    )
    for level in numbers:
        assert said in assumed(ledger, f"results.all.toxicity.{level}.pct")


def test_two_of_a_list_may_be_of_another_count_of_the_place(tmp_path: Path) -> None:
    rows = [
        size("all", "40"),
        *listed("recurrence", {"yes": ("12", "30"), "no": ("28", "70")}),
        *listed("site", {"liver": ("7", "58"), "lung": ("5", "42"), "none": ("28", "70")}),
    ]
    ledger = ledger_of(
        tmp_path, rows, populations={"all": {"units": "patients"}}, variables=RECURRENCE
    )
    assert "(12)" in assumed(ledger, "results.all.site.liver.pct")
    assert verdict(ledger, "results.all.site.none.pct") is Verdict.REPRODUCED


def test_one_percentage_is_not_explained_by_a_count_that_happens_to_fit(tmp_path: Path) -> None:
    rows = [
        size("all", "40"),
        *listed("recurrence", {"yes": ("12", "30"), "no": ("28", "70")}),
        *listed("site", {"liver": ("7", "58"), "lung": ("5", "17"), "none": ("28", "70")}),
    ]
    ledger = ledger_of(
        tmp_path, rows, populations={"all": {"units": "patients"}}, variables=RECURRENCE
    )
    assert verdict(ledger, "results.all.site.liver.pct") is Verdict.INCONSISTENT


@pytest.mark.parametrize(("number", "printed"), [("10", "33.4"), ("20", "66.6")])
def test_a_last_digit_may_be_adjusted(tmp_path: Path, number: str, printed: str) -> None:
    rows = [size("all", "30"), *listed("site", {"liver": (number, printed), "lung": ("5", "16.7")})]
    ledger = ledger_of(
        tmp_path, rows, populations={"all": {"units": "patients"}}, variables=RECURRENCE
    )
    assert "last digit" in assumed(ledger, "results.all.site.liver.pct")


def test_two_units_of_the_last_digit_are_too_many(tmp_path: Path) -> None:
    rows = [size("all", "30"), *listed("site", {"liver": ("10", "33.5"), "lung": ("10", "33.3")})]
    ledger = ledger_of(
        tmp_path, rows, populations={"all": {"units": "patients"}}, variables=RECURRENCE
    )
    assert verdict(ledger, "results.all.site.liver.pct") is Verdict.INCONSISTENT


def test_a_0_may_have_been_added(tmp_path: Path) -> None:
    rows = [size("all", "34"), *listed("site", {"liver": ("7", "20.60"), "lung": ("2", "5.90")})]
    ledger = ledger_of(
        tmp_path, rows, populations={"all": {"units": "patients"}}, variables=RECURRENCE
    )
    assert "last digit" in assumed(ledger, "results.all.site.liver.pct")


def test_a_percentage_of_a_time_may_be_an_estimate(tmp_path: Path) -> None:
    rows = [
        size("all", "40"),
        count("all", "recurrence", "yes", "3", at="2 years"),
        share("all", "recurrence", "yes", "12.9", at="2 years"),
    ]
    ledger = ledger_of(
        tmp_path, rows, populations={"all": {"units": "patients"}}, variables=RECURRENCE
    )
    (name,) = (entry.claim.claim for entry in ledger.entries if entry.claim.stat_name == "pct")
    assert "not followed" in assumed(ledger, name)


def test_a_percentage_has_to_be_of_a_number_that_the_counts_leave_room_for(tmp_path: Path) -> None:
    rows = [
        size("all", "40"),
        count("all", "recurrence", "yes", "10"),
        share("all", "recurrence", "no", "40"),
    ]
    ledger = ledger_of(
        tmp_path, rows, populations={"all": {"units": "patients"}}, variables=RECURRENCE
    )
    assert "than the printed counts" in assumed(ledger, "results.all.recurrence.no.pct")
    rows[-1] = share("all", "recurrence", "no", "75")
    ledger = ledger_of(
        tmp_path / "true", rows, populations={"all": {"units": "patients"}}, variables=RECURRENCE
    )
    assert verdict(ledger, "results.all.recurrence.no.pct") is Verdict.POSSIBLE


def test_percentages_may_be_cut_off_to_fives_unless_another_of_the_list_is_rounded(
    tmp_path: Path,
) -> None:
    # 5 of 34 is 14.7 %; 3 of 34 is 8.8 %, which only rounding makes 10.
    numbers = {"liver": ("5", "10"), "lung": ("10", "25"), "none": ("7", "20")}
    only = {"all": {"units": "patients"}}
    rows = [size("all", "34"), *listed("site", numbers)]
    ledger = ledger_of(tmp_path / "cut", rows, populations=only, variables=RECURRENCE)
    assert "cut off to multiples of 5" in assumed(ledger, "results.all.site.liver.pct")
    rows = [size("all", "34"), *listed("site", {**numbers, "none": ("3", "10")})]
    ledger = ledger_of(tmp_path / "rounded", rows, populations=only, variables=RECURRENCE)
    assert verdict(ledger, "results.all.site.liver.pct") is Verdict.INCONSISTENT


def test_digits_that_are_cut_off_are_no_reason_to_doubt_the_counts(tmp_path: Path) -> None:
    # 28 of 42 is 66.67 %: cut off it is 66.6, of the very patients that the counts leave.
    rows = [
        size("all", "42"),
        count("all", "recurrence", "yes", "14"),
        count("all", "recurrence", "no", "28", location="abstract"),
        share("all", "recurrence", "no", "66.6"),
    ]
    only = {"all": {"units": "patients"}}
    ledger = ledger_of(tmp_path / "counted", rows, populations=only, variables=RECURRENCE)
    assert "cut off" in assumed(ledger, "results.all.recurrence.no.pct")
    del rows[2]
    ledger = ledger_of(tmp_path / "left", rows, populations=only, variables=RECURRENCE)
    said = assumed(ledger, "results.all.recurrence.no.pct")
    assert "cut off" in said or "rounded to the nearest" in said
