"""Sizes of groups: printed, printed and followed by others, in conflict, solved for, unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_builder import make_study

from netcore.checks.parts_and_wholes import analyse_counts
from netcore.figures import FlowBox
from netcore.tables.group_sizes import group_boxes

POPULATIONS = {
    "all": {"units": "patients", "title": "All patients"},
    "one": {"of": "all", "where": {"arm": "1"}, "title": "Arm 1"},
    "two": {"of": "all", "where": {"arm": "2"}, "title": "Arm 2"},
    "women": {"of": "one", "where": {"sex": "female"}},
    "lesions": {"units": "lesions", "per": "all", "title": "Foci"},
}
VARIABLES = {
    "arm": {"type": "categorical", "levels": ["1", "2"], "complete": "true"},
    "sex": {"type": "categorical", "levels": ["female", "male"]},
}


def boxes(folder: Path, *sizes: tuple[str, str]) -> dict[str, FlowBox]:
    claims = [
        {"claim": str(row), "population": population, "stat_name": "N", "printed": printed}
        for row, (population, printed) in enumerate(sizes)
    ]
    study = make_study(folder, populations=POPULATIONS, variables=VARIABLES, claims=claims)
    return {box.name: box for box in group_boxes(study, analyse_counts(study), tuple(POPULATIONS))}


def test_a_group_stands_beside_the_smallest_group_that_holds_it(tmp_path: Path) -> None:
    found = boxes(tmp_path / "paper", ("all", "34"))
    parents = {name: box.parent for name, box in found.items()}
    assert parents == {"all": "", "one": "all", "two": "all", "women": "one", "lesions": "all"}


def test_a_size_is_printed_or_what_the_others_leave(tmp_path: Path) -> None:
    found = boxes(tmp_path / "paper", ("all", "34"), ("one", "1"))
    said = {name: (box.size, box.known, box.is_solved) for name, box in found.items()}
    assert said == {
        "all": ("34 patients", "printed", False),
        "one": ("1 patient", "printed", False),
        "two": ("33 patients", "not printed; by the other counts", True),
        "women": ("0 to 1 patients", "not printed; by the other counts", True),
        "lesions": ("number not known", "not printed", True),
    }


def test_a_printed_size_that_the_others_leave_alone_follows(tmp_path: Path) -> None:
    found = boxes(tmp_path / "paper", ("all", "34"), ("one", "15"), ("two", "19"))
    assert {found[name].known for name in ("all", "one", "two")} == {"printed; follows from others"}


def test_sizes_that_cannot_all_hold_say_so(tmp_path: Path) -> None:
    found = boxes(tmp_path / "paper", ("all", "34"), ("one", "15"), ("two", "20"))
    assert found["one"].known == "printed; in conflict with other counts"


def test_a_size_printed_in_two_ways_shows_both(tmp_path: Path) -> None:
    found = boxes(tmp_path / "paper", ("all", "34"), ("all", "35"))
    assert found["all"].size == "34 or 35 patients"
    assert found["all"].known == "printed in several ways"


def test_an_unknown_group_is_refused(tmp_path: Path) -> None:
    study = make_study(tmp_path / "paper")
    with pytest.raises(ValueError, match="found group 'nobody', expected one of all"):
        group_boxes(study, analyse_counts(study), ["nobody"])
