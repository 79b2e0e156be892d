"""What printed counts say of a cell, against larger and larger systems."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from checked_studies import count, size, study_of
from study_builder import make_study
from true_studies import draw_true_study

from netcore.checks.count_analysis import CellRange, CountAnalysis, accused, analyse_counts
from netcore.checks.count_systems import RULE
from netcore.checks.estimands import Cell
from netcore.stats.integer_systems import IntegerSystem, attainable_range


def range_in(analysis: CountAnalysis, cell: Cell, labels: set[str], most: int) -> CellRange | None:
    """Return the range of a cell if no unknown exceeds some number, by one search of its own."""
    system = analysis.counts.system
    assert system is not None
    bounds = {name: (low, 0 if high == 0 else most) for name, (low, high) in system.bounds.items()}
    names = [name for name, _ in analysis.counts.terms(cell)]
    if len(names) != 1:
        return None
    found = attainable_range(
        IntegerSystem(bounds, system.constraints), names[0], labels={RULE, *labels}
    )
    return None if found is None else CellRange(*found)


@pytest.mark.parametrize("seed", range(700, 712))
def test_a_cell_has_no_limit_if_it_grows_with_the_limit_of_the_search(
    tmp_path: Path, seed: int
) -> None:
    study = make_study(tmp_path / "paper", **draw_true_study(seed).parts)
    random = Random(seed)
    for analysis in analyse_counts(study):
        limit = analysis.counts.limit
        for printing in random.sample(
            analysis.counts.printings, min(3, len(analysis.counts.printings))
        ):
            # Without the totals, so that some cells have no limit.
            labels = {
                other.label
                for other in analysis.counts.printings
                if other is not printing and other.cell.conditions
            } & set(analysis.undisputed())
            found = analysis.attainable(printing.cell, labels)
            once = range_in(analysis, printing.cell, labels, limit)
            twice = range_in(analysis, printing.cell, labels, 2 * limit)
            if len(analysis.counts.terms(printing.cell)) != 1 or found is None:
                assert once is None
                continue
            assert once is not None
            assert twice is not None
            assert found.low == once.low == twice.low
            assert found.high == (once.high if once.high == twice.high else None)


def test_an_answer_is_the_same_the_second_time(tmp_path: Path) -> None:
    rows = [size("all", "9"), count("all", "response", "CR", "3")]
    (analysis,) = analyse_counts(study_of(tmp_path, rows))
    (_, printing) = analysis.counts.printings
    first = analysis.attainable(printing.cell, analysis.undisputed(printing.label))
    assert first == CellRange(0, 9, True)
    again = analysis.attainable(printing.cell, analysis.undisputed(printing.label))
    assert again == first
    assert analysis.attainable(printing.cell, analysis.undisputed()) == CellRange(3, 3, True)
    assert analysis.attainable(printing.cell, []) == CellRange(0, None, True)


def test_a_size_is_forced_where_no_other_fits(tmp_path: Path) -> None:
    rows = [size("all", "9"), count("all", "response", "CR", "3")]
    (analysis,) = analyse_counts(study_of(tmp_path, rows))
    total, responders = analysis.counts.printings
    assert analysis.is_forced(total.cell, 9, [total.label])
    assert not analysis.is_forced(total.cell, 9, [responders.label])
    assert not analysis.is_forced(total.cell, 8, [total.label])


def test_a_group_accuses_what_all_its_conflicts_share() -> None:
    assert accused([("a", "b", "c"), ("c", "b")]) == {"b", "c"}
