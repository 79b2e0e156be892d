from __future__ import annotations

from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest

from netcore.checks import Bearing, Conventions, Finding, Verdict
from netcore.printed import ROUNDINGS


def finding(kind: str = "conflict", **parts: object) -> Finding:
    bearings = {"a": Bearing(Verdict.INCONSISTENT, "Inconsistent with b.")}
    fields = {"claims": ("a", "b"), "bearings": bearings, **parts}
    return Finding("percentages", "paper1", kind, statement="It is so.", **fields)  # type: ignore[arg-type]


def test_the_worst_verdict_comes_first() -> None:
    assert [verdict.value for verdict in Verdict] == [
        "inconsistent",
        "conditional",
        "reproduced",
        "possible",
        "open",
        "unconstrained",
    ]


def test_every_verdict_says_what_it_means() -> None:
    assert len({verdict.meaning for verdict in Verdict}) == len(Verdict)


def test_a_finding_is_addressed_by_its_check_and_first_claim() -> None:
    assert finding().id == "percentages.a"
    assert finding(ordinal=2).id == "percentages.a.2"


def test_claims_of_a_conflict_without_a_bearing_are_held_by_others() -> None:
    assert finding().held_by_others == ("b",)
    assert finding("support").held_by_others == ()


def test_a_finding_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        finding().kind = "note"  # type: ignore[misc]


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_conventions_say_what_they_are(rounding: str) -> None:
    (text,) = Conventions(rounding).as_text()
    assert rounding in text
    assert "0.01" in Conventions(rounding, Fraction(1, 100)).as_text()[1]


def test_unknown_rounding_and_impossible_levels_are_refused() -> None:
    with pytest.raises(ValueError, match=r"half_down.*half_up"):
        Conventions("half_down")
    for alpha in (Fraction(0), Fraction(1), Fraction(5)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            Conventions(alpha=alpha)
