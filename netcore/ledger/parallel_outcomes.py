"""Outcomes of all papers under all conventions, worked out side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from netcore.checks import Conventions
from netcore.checks.survival.curve_questions import figure_questions
from netcore.evidence import StoredAnswers, evidence_folder
from netcore.evidence.robustness import OtherConvention
from netcore.ledger.robustness import Outcome, outcome_under
from netcore.study import Study
from netcore.study.library import load_library

__all__ = ["outcomes_side_by_side"]

_LIBRARY: list[Study] = []
"""The documents, in a process that works."""


def outcomes_side_by_side(
    data: Path, chosen: Mapping[str, OtherConvention], processes: int | None = None
) -> Iterator[tuple[str, str, Outcome, dict[str, str]]]:
    """Run all checks on all documents under several conventions, in several processes.

    Parameters
    ----------
    data : Path
        The data folder.
    chosen : Mapping of str to OtherConvention
        The conventions by name.
    processes : int, optional
        How many processes; as many as there are processors by default.

    Yields
    ------
    paper : str
        Key of the document.
    convention : str
        Name of the conventions; those are left out that say nothing of a document.
    outcome : Outcome
        Verdicts and conflicts.
    asked : dict of str to str
        Answers that were asked for, for :meth:`netcore.evidence.StoredAnswers.take`;
        those of the figures of a chapter among them.
    """
    library = load_library(data).studies
    # Papers with more rows take longer: they are not left to the end.
    by_length = sorted(library, key=lambda study: (-len(study.claims), study.paper.key))
    jobs = [
        (study.paper.key, name, convention)
        for study in by_length
        for name, convention in chosen.items()
        if not convention.supposition or convention.applied(study) is not study
    ]
    with ProcessPoolExecutor(processes, initializer=_open, initargs=(data,)) as pool:
        yield from pool.map(_work, jobs)


def _open(data: Path) -> None:
    _LIBRARY[:] = load_library(data).studies


def _work(job: tuple[str, str, OtherConvention]) -> tuple[str, str, Outcome, dict[str, str]]:
    key, name, convention = job
    (study,) = (study for study in _LIBRARY if study.paper.key == key)
    answers = StoredAnswers(evidence_folder(study))
    outcome = outcome_under(study, convention, _LIBRARY, answers)
    if not convention.supposition:
        _ask_for_figures(study, convention.conventions, answers)
    return key, name, outcome, answers.asked


def _ask_for_figures(study: Study, conventions: Conventions, answers: StoredAnswers) -> None:
    for asked in figure_questions(study, conventions):
        answers(asked.method, asked.question)
