"""Answers to questions of three or more groups and the p-value of the Kruskal-Wallis test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from netcore.checks.answers import METHODS, SKETCHES
from netcore.checks.json_windows import interval_of, rounded_p
from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.boxes import Conflict, Sample, ordered_boxes
from netcore.stats.ranks.corners import intervals_of
from netcore.stats.ranks.kruskal_wallis import h_range, kruskal_wallis_p
from netcore.stats.ranks.kruskal_wallis_fitting import fit_groups

__all__ = ["METHOD", "kruskal_wallis_answer", "kruskal_wallis_sketch"]

METHOD: Final = "kruskal-wallis"


def kruskal_wallis_sketch(question: Mapping[str, Any]) -> dict[str, Any]:
    """Bound the p-values, and construct no data.

    Parameters
    ----------
    question : Mapping
        As of :func:`kruskal_wallis_answer`.

    Returns
    -------
    dict
        ``fit`` is None.
    """
    return kruskal_wallis_answer({**question, "p": ["2", "2"]})


def kruskal_wallis_answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Bound the p-values that samples with the printed quantiles can have.

    Parameters
    ----------
    question : Mapping
        For each sample its quantiles and domain; the sizes that they may have if every unit was
        analysed; the window of the p-value, the definitions of quantiles and the step.

    Returns
    -------
    dict
        ``bounds``: no data of so many values have a p-value outside, by the chi-squared
        approximation, with or without ties; None if no data have the quantiles.  ``fit``: data
        that have the p-value, or None.
    """
    window = interval_of(question["p"])
    definitions = tuple(question["definitions"]) or tuple(DEFINITIONS)
    ends: list[Fraction] = []
    fit: dict[str, Any] | None = None
    for sizes in question["sizes"]:
        samples = [_sample(one, size) for one, size in zip(question["samples"], sizes, strict=True)]
        found = [ordered_boxes(sample, None) for sample in samples]
        boxes = [list(intervals_of(one)) for one in found if not isinstance(one, Conflict)]
        if len(boxes) < len(found):
            continue
        h = h_range(boxes)
        p = kruskal_wallis_p(h.least, h.greatest_corrected, len(boxes))
        ends += [p.low, p.high]
        if fit is None and window.meets(Interval(p.low, p.high)):
            fit = _fit(question, sizes, window, definitions)
    if not ends:
        return {"bounds": None, "fit": None}
    return {"bounds": [rounded_p(min(ends), up=False), rounded_p(max(ends), up=True)], "fit": fit}


def _sample(one: Mapping[str, Any], number: int, step: Fraction | None = None) -> Sample:
    windows = tuple((Fraction(share), interval_of(w)) for share, w in one["quantiles"].items())
    return Sample(number, windows, interval_of(one["domain"]), step)


def _fit(
    question: Mapping[str, Any],
    sizes: Sequence[int],
    window: Interval,
    definitions: Sequence[str],
) -> dict[str, Any] | None:
    step = None if question["step"] is None else Fraction(question["step"])
    samples = [
        _sample(one, size, step) for one, size in zip(question["samples"], sizes, strict=True)
    ]
    found = fit_groups(samples, window, definitions)
    if found is None:
        return None
    return {
        "constructed": True,
        "definition": found.definition,
        "p": [
            rounded_p(found.p.low or Fraction(0), up=False),
            rounded_p(Fraction(1) if found.p.high is None else found.p.high, up=True),
        ],
        "values": [[str(value) for value in group] for group in found.groups],
        "ties": found.has_ties,
    }


METHODS[METHOD] = kruskal_wallis_answer
SKETCHES[METHOD] = kruskal_wallis_sketch
