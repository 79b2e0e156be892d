"""Planted misprints: each really changes what is printed, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from simulation.families import FAMILIES
from simulation.misprints import KINDS, plant
from simulation.papers import Paper
from simulation.seeds import study_seed


def papers() -> list[Paper]:
    return [
        FAMILIES[family](Random(study_seed(5, family, index)))
        for family in FAMILIES
        for index in range(12)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_misprint_changes_the_values_that_it_names_and_no_other(kind: str) -> None:
    planted = 0
    for number, paper in enumerate(papers()):
        before = [dict(row.cells) for row in paper.rows]
        misprint = plant(paper, kind, Random(number))
        assert [row.cells for row in paper.rows] == before
        if misprint is None:
            continue
        planted += 1
        assert len(misprint.rows) == (2 if kind == "two cells exchanged" else 1)
        for index, (old, new) in enumerate(zip(paper.rows, misprint.paper.rows, strict=True)):
            if index in misprint.rows:
                assert Decimal(old.printed) != Decimal(new.printed), misprint.change
                assert {**old.cells, "printed": ""} == {**new.cells, "printed": ""}
            else:
                assert old == new
    assert planted > 10


def test_no_misprint_falls_on_what_is_not_said_of_the_patients() -> None:
    for number, paper in enumerate(papers()):
        for kind in KINDS:
            misprint = plant(paper, kind, Random(number))
            for index in misprint.rows if misprint else ():
                cells = paper.rows[index].cells
                assert cells["location"] != "hearsay"
                assert cells.get("population", "protocol") != "protocol"


def test_digits_and_points_move_as_their_names_say() -> None:
    paper = Paper(locations={"t": {"title": "T"}}, populations={"all": {"units": "patients"}})
    paper.print_row("12.34", location="t", population="all", variable="x", stat_name="mean")
    printed = {
        kind: {
            misprint.paper.rows[0].printed
            for seed in range(60)
            if (misprint := plant(paper, kind, Random(seed))) is not None
        }
        for kind in KINDS
    }
    assert printed["two digits exchanged"] == {"21.34", "12.43"}
    assert printed["decimal point moved"] == {"123.4", "1.234"}
    assert len(printed["one digit changed"]) > 20
    assert all(
        sum(a != b for a, b in zip(text, "12.34", strict=True)) == 1
        for text in printed["one digit changed"]
    )
    assert printed["another p-value"] == printed["two cells exchanged"] == set()
