"""Load a study from its folder, or say everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from netcore.study.claim_rules import check_claims
from netcore.study.claims_file import read_claims
from netcore.study.drafts import PaperDraft
from netcore.study.models import Claim
from netcore.study.paper_file import read_paper
from netcore.study.problems import MOST_PROBLEMS, Problem, StudyError
from netcore.study.study import Study
from netcore.study.text_file import read_text_file

__all__ = ["CLAIMS_FILE", "PAPER_FILE", "load_study"]

PAPER_FILE: Final = "paper.yaml"
"""Who was studied, and what the variables are."""
CLAIMS_FILE: Final = "claims.csv"
"""The printed values, one a row."""

# Far above any paper, far below what would keep a reader waiting.
_MOST_PAPER_BYTES: Final = 250_000
_MOST_CLAIMS_BYTES: Final = 2_500_000


def load_study(folder: Path | str) -> Study:
    """Load the study that a folder holds.

    Parameters
    ----------
    folder : Path or str
        A folder with ``paper.yaml`` and ``claims.csv``, named for the key of
        the paper.

    Returns
    -------
    Study
        The validated study.

    Raises
    ------
    StudyError
        If anything is wrong with either file; holds all problems of both.
        Whatever the files contain, no other error is raised, nothing in them
        is evaluated, and every value is kept as the string that it is.

    Examples
    --------
    >>> load_study("nowhere")
    Traceback (most recent call last):
        ...
    netcore.study.problems.StudyError: nowhere: found no such folder, expected a folder with paper.yaml and claims.csv
    """
    path = Path(folder)
    if found := _no_folder(path):
        expected = f"a folder with {PAPER_FILE} and {CLAIMS_FILE}"
        raise StudyError([Problem(path.as_posix(), None, None, found, expected)])

    problems: list[Problem] = []
    draft = PaperDraft()
    file = (path / PAPER_FILE).as_posix()
    paper_text = read_text_file(
        path / PAPER_FILE, name=file, most_bytes=_MOST_PAPER_BYTES, holds="what the paper is about"
    )
    problems.extend(paper_text.problems)
    if paper_text.text is not None:
        draft, found_problems = read_paper(
            paper_text.text, file=file, folder_name=path.resolve().name
        )
        problems.extend(_first(found_problems))

    claims: list[Claim] = []
    file = (path / CLAIMS_FILE).as_posix()
    claims_text = read_text_file(
        path / CLAIMS_FILE,
        name=file,
        most_bytes=_MOST_CLAIMS_BYTES,
        holds="one claim per row",
        cells=True,
    )
    problems.extend(claims_text.problems)
    if claims_text.text is not None:
        table = read_claims(claims_text.text, file=file)
        claims, found_problems = check_claims(table, draft, file=file)
        problems.extend(_first([*table.problems, *found_problems]))

    if problems or draft.paper is None:
        raise StudyError(problems)
    return Study(
        path,
        draft.paper,
        draft.locations.sound,
        draft.populations.sound,
        draft.variables.sound,
        draft.analyses.sound,
        tuple(claims),
    )


def _no_folder(path: Path) -> str:
    """Say what stands in place of a folder; nothing if it is one."""
    try:
        if path.is_dir():
            return ""
        return "a file" if path.exists() else "no such folder"
    except OSError as error:  # such as a name that is too long, or no permission
        return f"no folder that can be opened ({error.strerror or error})"


def _first(problems: list[Problem]) -> list[Problem]:
    """Return the first problems of one file, and one that counts the rest."""
    ordered = sorted(problems, key=lambda problem: problem.place)
    if len(ordered) <= MOST_PROBLEMS:
        return ordered
    last = ordered[MOST_PROBLEMS - 1]
    rest = Problem(
        last.file,
        last.line,
        last.column,
        "more problems after this one",
        "those above mended first",
    )
    return [*ordered[:MOST_PROBLEMS], rest]
