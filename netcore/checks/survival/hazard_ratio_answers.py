"""Answers to the question which hazard ratios two printed curves leave open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from netcore.checks.answers import METHODS, SKETCHES
from netcore.checks.json_windows import ends_of, interval_of
from netcore.checks.survival.two_arm_answers import arms_of
from netcore.stats.survival.backward_sets import BudgetError
from netcore.stats.survival.event_graph import GraphTooLargeError, TwoArmGraph
from netcore.stats.survival.hazard_ratios import (
    ESTIMATES,
    Estimate,
    HazardRatioRange,
    hazard_ratio_range,
    hazard_ratios_with_p,
)

__all__ = ["ESTIMATE_NAMES", "HAZARD_RATIOS", "WITH_P", "hazard_ratios_answer"]

HAZARD_RATIOS: Final = "hazard-ratios"
WITH_P: Final[tuple[Estimate, ...]] = ("breslow", "efron", "peto")
"""The estimates of which it is worked out what a p-value adds."""
ESTIMATE_NAMES: Final = {
    "breslow": "Cox, ties as by Breslow",
    "efron": "Cox, ties as by Efron",
    "discrete": "Cox, discrete times",
    "peto": "Peto, exp((O − E) / V)",
    "observed expected": "ratio of O / E",
}
"""What may be called a hazard ratio, in a reader's words."""
_CELLS: Final = 10_000


def _side(found: HazardRatioRange | None) -> list[str | None] | None:
    return None if found is None else ends_of(found.interval)


def hazard_ratios_answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Say which hazard ratios of the first arm against the second two curves leave open.

    Parameters
    ----------
    question : Mapping
        As for :func:`netcore.checks.survival.two_arm_answers.survival_test_answer`; ``p`` is
        the window of a two-sided p-value of the log-rank test, or null.

    Returns
    -------
    dict
        ``ranges`` by estimate: ``free`` without the p-value; ``more`` and ``fewer`` with it,
        for patients with more, and with fewer, events of the first arm than expected.  Nothing
        is said of arms that are too large, or of curves that nobody can have; ``more`` and
        ``fewer`` are missing where the search ended on its budget.
    """
    found: dict[str, Any] = json.loads(_answered(json.dumps(question, sort_keys=True)))
    return found


@lru_cache(maxsize=32)
def _answered(text: str) -> str:
    question = json.loads(text)
    nothing = json.dumps({"ranges": {}})
    arms = arms_of(question)
    if arms is None:
        return nothing
    try:
        graph = TwoArmGraph(*arms, cells=_CELLS)
    except GraphTooLargeError:
        return nothing
    if not graph.is_possible:
        return nothing
    p = None if question["p"] is None else interval_of(question["p"])
    ranges: dict[str, Any] = {}
    for estimate in ESTIMATES:
        try:
            free = hazard_ratio_range(graph, estimate)
        except BudgetError:
            return nothing  # what only some estimates exclude is not excluded
        if free is None:
            continue
        ranges[estimate] = {"free": ends_of(free.interval)}
        if p is not None and estimate in WITH_P:
            with suppress(BudgetError):  # both sides are said, or none: one alone would mislead
                more, fewer = hazard_ratios_with_p(graph, estimate, p)
                ranges[estimate] |= {"more": _side(more), "fewer": _side(fewer)}
    return json.dumps({"ranges": ranges}, sort_keys=True)


def hazard_ratios_sketch(question: Mapping[str, Any]) -> dict[str, Any]:
    """Say nothing, for a search that asks for contradictions alone.

    Parameters
    ----------
    question : Mapping
        As for :func:`hazard_ratios_answer`.

    Returns
    -------
    dict
        Without ranges.
    """
    return {"ranges": {}, "p": question["p"]}


METHODS[HAZARD_RATIOS] = hazard_ratios_answer
SKETCHES[HAZARD_RATIOS] = hazard_ratios_sketch
