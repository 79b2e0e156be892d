from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from netcore.study import scalars


def accepts(kind: Any, text: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "Name",
            ["all", "group1", "abstract.en", "g1_first", "x-y", "1"],
            ["", " a", "a b", "a|b", "-a", "ж", "<b>", "a\n"],
        ),
        (
            "Label",
            ["Table 1", "p < 0.05", "Таблица"],
            ["", " a", "a ", "a\nb", "a\tb", "a\x00", "\x1b[0m"],
        ),
        (
            "Level",
            ["1", "G1_2", "RECIST 1.1", ">=4 cm", "да"],
            ["", "a|b", " a", "a\u00a0b", "a\tb"],
        ),
        (
            "IsoDate",
            ["2022", "2022-02", "2024-02-29"],
            ["", "22", "2022-13", "2023-02-29", "2022-2", "0000", "2022-12-31 "],
        ),
        (
            "TimePoint",
            ["2 cycles", "24 months", "1.5 years", "-1 weeks", "2 месяца"],
            ["", "2", "cycles", "2cycles", "2  cycles", "2 3", "2 a|b"],
        ),
        (
            "Doi",
            ["10.1000/182", "10.1002/(SICI)1097<1::AID>3.0;2-2"],
            [
                "",
                "doi:10.1000/182",
                "https://doi.org/10.1000/182",
                "10.1000/",
                "10.1/2",
                "10.1000/a b",
            ],
        ),
        ("Year", ["2022"], ["22", "2022-01", ""]),
        ("Flag", ["true", "false", True], ["True", "yes", "1", "", "no"]),
        (
            "Number",
            ["0", "-0.5", "100", "1.50"],
            ["", "1,5", "1e5", "nan", "inf", ".5", "5.", "+1", "١", 0.5, True],
        ),
        ("PositiveNumber", ["0.5"], ["0", "-1"]),
        ("Statistic", ["median", "mean.conf.low"], ["", "Median"]),
        ("TestName", ["log_rank"], ["", "logrank"]),
        (
            "ClaimId",
            ["t1.age.mean", "A-b_c+d", "1"],
            ["", ".a", "a b", "a<b", "a|b", "a#b", "a%20", "ж", "a\n"],
        ),
        ("ClaimIdCell", ["", "t1"], [" ", "a b"]),
        ("KeyCell", ["table1"], ["", "table1 "]),
        (
            "ReadingsCell",
            ["", "a", "a|b", "2 cycles|8 weeks"],
            ["|", "a|", "|a", "a||b", "a | b", "a|a", " ", "a\u00a0b", "|".join("abcdefghi")],
        ),
        ("FilledReadingsCell", ["a|b"], [""]),
        ("PrintedCell", ["0,57", "1\u00a0234", "<0.05"], ["", " 1", "1\n2"]),
        ("TextCell", ["", "cm3", "%", "m²"], ["cm3 ", "a\tb", "a\x7f"]),
        ("NoteCell", ["", "two\nlines"], [" a", "a\x00"]),
        (
            "CitesCell",
            ["", "source2020", "source2020#os.all.median"],
            ["a b", "#x", "a#", "a#b#c", "<a>"],
        ),
    ],
)
def test_each_kind_of_string_accepts_and_refuses(
    kind: str, good: list[object], bad: list[object]
) -> None:
    type_ = getattr(scalars, kind)
    assert [text for text in good if not accepts(type_, text)] == []
    assert [text for text in bad if accepts(type_, text)] == []


def test_numbers_are_exact() -> None:
    assert TypeAdapter(scalars.Number).validate_python("0.1") == Fraction(1, 10)


@pytest.mark.parametrize(
    "kind", ["Doi", "TimePoint", "Name", "ClaimId", "Number", "Level", "ReadingsCell"]
)
@pytest.mark.parametrize("piece", ["a", "1", "1 ", " a", "a|", "10.", "\u00a0"])
def test_long_strings_are_refused_without_delay(kind: str, piece: str) -> None:
    accepts(getattr(scalars, kind), piece * 50_000)


def test_long_names_are_refused() -> None:
    assert not accepts(scalars.Name, "a" * 201)
