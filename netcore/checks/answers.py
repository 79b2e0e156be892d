"""Answers to expensive questions: computed on the spot, or looked up where they were stored.

A question is plain JSON, so that its answer can be kept beside the paper.  A check
asks by the name of a method and does not know where the answer comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Protocol

__all__ = [
    "METHODS",
    "SKETCHES",
    "Answer",
    "Answers",
    "Question",
    "answer",
    "answered_by",
    "computed",
    "sketched",
]

Question = Mapping[str, object]
"""What is asked, as plain JSON values."""

Answer = Mapping[str, object]
"""What follows, as plain JSON values."""


class Answers(Protocol):
    """Whoever answers questions."""

    def __call__(self, method: str, question: Question) -> Answer:
        """Return the answer of a method to a question."""
        ...


METHODS: Final[dict[str, Callable[[Question], Answer]]] = {}
"""The methods by name: functions of a module, whose answers depend on nothing but the question."""


SKETCHES: Final[dict[str, Callable[[Question], Answer]]] = {}
"""Quick answers of some of the methods: they find a contradiction at the most likely sizes, and
leave everything else open."""


def sketched(method: str, question: Question) -> Answer:
    """Answer a question quickly, for a search that asks it hundreds of times.

    Parameters
    ----------
    method : str
        Key of :data:`METHODS`.
    question : Mapping of str to object
        Plain JSON values.

    Returns
    -------
    Mapping of str to object
        Plain JSON values.
    """
    return SKETCHES[method](question) if method in SKETCHES else computed(method, question)


def computed(method: str, question: Question) -> Answer:
    """Answer a question on the spot.

    Parameters
    ----------
    method : str
        Key of :data:`METHODS`.
    question : Mapping of str to object
        Plain JSON values.

    Returns
    -------
    Mapping of str to object
        Plain JSON values.

    Raises
    ------
    KeyError
        If there is no such method.
    """
    if method not in METHODS:
        raise KeyError(f"found no method {method!r}, expected one of {', '.join(METHODS)}")
    return METHODS[method](question)


_CURRENT: ContextVar[Answers] = ContextVar("answers", default=computed)


@contextmanager
def answered_by(answers: Answers) -> Iterator[None]:
    """Have all questions within answered by somebody.

    Parameters
    ----------
    answers : Answers
        Who answers.

    Yields
    ------
    None
        Until the end of the block.
    """
    token = _CURRENT.set(answers)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def answer(method: str, question: Question) -> Answer:
    """Ask a question.

    Parameters
    ----------
    method : str
        Key of :data:`METHODS`.
    question : Mapping of str to object
        Plain JSON values.

    Returns
    -------
    Mapping of str to object
        What :func:`netcore.checks.run_checks` was told to answer by, computed
        on the spot by default.
    """
    return _CURRENT.get()(method, question)
