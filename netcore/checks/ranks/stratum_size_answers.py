"""Answers to the question with which sizes two samples can have a p-value of a rank test."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from netcore.checks.answers import METHODS, SKETCHES
from netcore.checks.json_windows import interval_of
from netcore.stats.ranks.attainable import Comparison, PrintedSample, exclusion
from netcore.stats.ranks.flavours import FLAVOURS

__all__ = ["METHOD", "sizes_answer"]

METHOD: Final = "mann-whitney-sizes"


def sizes_answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Say with which sizes two samples can have a p-value.

    Parameters
    ----------
    question : Mapping
        Quantiles and domain of both samples, the window of the p-value, pairs of sizes, and
        the keys of flavours.

    Returns
    -------
    dict
        ``left``: the pairs of sizes with which the p-value is not excluded by proof.
    """
    window = interval_of(question["p"])
    flavours = [FLAVOURS[key] for key in question["flavours"]]

    def sample(one: Mapping[str, Any], number: int) -> PrintedSample:
        windows = tuple((Fraction(share), interval_of(w)) for share, w in one["quantiles"].items())
        return PrintedSample(windows, number, number, interval_of(one["domain"]))

    left = []
    for n1, n2 in question["pairs"]:
        case = Comparison(sample(question["x"], n1), sample(question["y"], n2), window)
        found = exclusion(case, flavours)
        if found.left or not found.is_finished:
            left.append([n1, n2])
    return {"left": left}


def _all_left(question: Mapping[str, Any]) -> dict[str, Any]:
    return {"left": question["pairs"]}


METHODS[METHOD] = sizes_answer
SKETCHES[METHOD] = _all_left
