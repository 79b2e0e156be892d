"""The study model: what a paper says, loaded from two files and validated.

A folder holds ``paper.yaml`` (who, what, where) and ``claims.csv`` (one row
per printed value).  :func:`load_study` returns a frozen :class:`Study`, or
raises a :class:`StudyError` that lists every problem of both files with line
and column.
"""

from netcore.study.loading import CLAIMS_FILE, PAPER_FILE, load_study
from netcore.study.models import (
    AMBIGUOUS,
    COLUMNS,
    Analysis,
    Claim,
    Condition,
    Derived,
    Granularity,
    Location,
    PaperFile,
    PaperInfo,
    Population,
    StudiesCounted,
    Variable,
)
from netcore.study.problems import Problem, StudyError
from netcore.study.study import Study

__all__ = [
    "AMBIGUOUS",
    "CLAIMS_FILE",
    "COLUMNS",
    "PAPER_FILE",
    "Analysis",
    "Claim",
    "Condition",
    "Derived",
    "Granularity",
    "Location",
    "PaperFile",
    "PaperInfo",
    "Population",
    "Problem",
    "StudiesCounted",
    "Study",
    "StudyError",
    "Variable",
    "load_study",
]
