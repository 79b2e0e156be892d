"""Which statistical software makes which p-value of the Mann-Whitney test."""

from __future__ import annotations

import pytest

from netcore.stats.ranks.flavours import FLAVOURS, flavours_of, software_named


@pytest.mark.parametrize(
    ("name", "software"),
    [
        ("R 4.2.0", {"r_before_4_6"}),
        ("R version 4.6.1 (2026-06-20)", {"r_from_4_6"}),
        ("R 4.10.0", {"r_from_4_6"}),
        ("the R language", {"r_before_4_6", "r_from_4_6"}),
        ("R (R Foundation for Statistical Computing, Vienna, Austria), v. 3.6.3", {"r_before_4_6"}),
        ("R (package survival 3.2-7)", {"r_before_4_6", "r_from_4_6"}),
        ("R package coin", {"r_before_4_6", "r_from_4_6", "coin"}),
        ("язык R 4.1", {"r_before_4_6"}),
        ("SPSS 23 and R 3.6", {"spss", "r_before_4_6"}),
        ("RStudio 2022.02.1 build 461", {"r_before_4_6", "r_from_4_6"}),
        ("jamovi 2.3", {"r_before_4_6", "r_from_4_6"}),
        ("IBM SPSS Statistics 23", {"spss"}),
        ("SPSS", {"spss"}),
        ("STATISTICA 10", {"statistica"}),
        ("Statistica 12.0 (StatSoft, Inc.)", {"statistica"}),
        ("Stata 16", {"stata"}),
        ("SAS 9.4", {"sas"}),
        ("scipy", {"scipy"}),
        ("Python 3.9", {"scipy"}),
        ("MedCalc", {"medcalc"}),
        ("GraphPad Prism 8", {"prism"}),
        ("MATLAB R2019b", {"matlab"}),
    ],
)
def test_printed_names_are_recognised(name: str, software: set[str]) -> None:
    assert software_named([name]) == software


def test_an_editor_or_a_spreadsheet_adds_nothing_to_what_tests() -> None:
    assert software_named(["R 4.2.0", "RStudio 2022.02.1"]) == {"r_before_4_6"}
    assert software_named(["STATISTICA 12.6", "Microsoft Excel Office 2019"]) == {"statistica"}
    assert software_named(["Microsoft Excel 2016"]) is None


def test_several_programs_have_the_flavours_of_each() -> None:
    both = set(flavours_of(["SPSS 22", "SAS"]))
    assert both == {*flavours_of(["SPSS 22"]), *flavours_of(["SAS"])}


@pytest.mark.parametrize("names", [[], ["a program of our own"], ["SPSS 22", "AtteStat"]])
def test_unknown_software_may_print_any_flavour(names: list[str]) -> None:
    assert flavours_of(names) == tuple(FLAVOURS.values())
    assert flavours_of(names, options=False) == tuple(FLAVOURS.values())


def test_defaults_come_first_and_are_two_sided() -> None:
    for name in (
        "R 4.2",
        "R 4.6",
        "SPSS",
        "Statistica",
        "Stata",
        "SAS",
        "scipy",
        "MedCalc",
        "Prism",
    ):
        by_default = flavours_of([name], options=False)
        assert by_default
        assert flavours_of([name])[: len(by_default)] == by_default
        assert all(flavour.alternative == "two-sided" for flavour in by_default)


def test_each_program_offers_each_of_its_flavours_one_sided() -> None:
    for name in ("R 4.2", "SPSS", "Statistica", "SAS"):
        keys = {flavour.key for flavour in flavours_of([name])}
        assert {"normal_less", "normal_greater"} <= keys


def test_each_flavour_belongs_to_some_software_and_has_a_title_of_its_own() -> None:
    assert len({flavour.title for flavour in FLAVOURS.values()}) == len(FLAVOURS)
    for key, flavour in FLAVOURS.items():
        assert key == flavour.key
        assert flavour.default_of or flavour.option_of
        assert not set(flavour.default_of) & set(flavour.option_of)


def test_r_made_exact_tests_only_without_ties_before_4_6() -> None:
    old = {flavour.key for flavour in flavours_of(["R 4.5.1"], options=False)}
    new = {flavour.key for flavour in flavours_of(["R 4.6.0"], options=False)}
    assert old == {"exact", "normal_corrected"}
    assert new == old | {"conditional_doubled", "conditional_distance"}
