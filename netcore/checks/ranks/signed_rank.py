"""The check: p-values of signed-rank tests against the number of pairs and their quantiles."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from netcore.checks.answers import METHODS, SKETCHES
from netcore.checks.json_windows import interval_of
from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.boxes import Conflict, Sample, ordered_boxes
from netcore.stats.ranks.corners import intervals_of
from netcore.stats.ranks.flavours import FLAVOURS
from netcore.stats.ranks.signed_rank_bounds import Boxes, excludes, lattice_meets, p_bounds
from netcore.stats.ranks.signed_rank_fitting import PairsFit, PrintedPairs, fit_pairs

__all__ = ["METHOD", "signed_rank_answer", "signed_rank_sketch"]

METHOD: Final = "signed-rank"

Json = Mapping[str, Any]

_MOST: Final = 400  # pairs
_SHOWN: Final = 10**6
_FEWER: Final = 3  # numbers of pairs for which data are made
_NAMES: Final = ("before", "after", "differences")


class _Case:
    """A question, read."""

    def __init__(self, question: Json):
        self.question = question
        self.window = interval_of(question["p"])
        self.least, self.most = question["pairs"]
        keys = question["software"]
        self.software = None if keys is None else frozenset(keys)
        self.definitions = tuple(question["definitions"]) or tuple(DEFINITIONS)

    def sample(self, name: str, number: int, *, step: bool = False) -> Sample | None:
        one = self.question[name]
        if one is None:
            return None
        windows = tuple((Fraction(share), interval_of(w)) for share, w in one["quantiles"].items())
        unit = Fraction(one["step"]) if step and one["step"] is not None else None
        return Sample(number, windows, interval_of(one["domain"]), unit)

    def boxes(self, number: int) -> tuple[tuple[Boxes, Boxes] | None, Boxes | None] | None:
        """Return the boxes of both values and of the differences; None if there are no data."""
        found: list[Boxes | None] = []
        for name in _NAMES:
            sample = self.sample(name, number)
            if sample is None:
                found.append(None)
                continue
            bounds = ordered_boxes(sample, None)
            if isinstance(bounds, Conflict):
                return None
            found.append(intervals_of(bounds))
        before, after, differences = found
        return None if before is None or after is None else (before, after), differences

    def excludes(self, number: int) -> bool | None:
        """Return whether so many pairs cannot have the p-value; None if there are no data."""
        boxes = self.boxes(number)
        return None if boxes is None else excludes(self.window, number, *boxes)

    def fit(self, number: int, *, definitions: tuple[str, ...], usual: bool) -> PairsFit | None:
        printed = PrintedPairs(number, *(self.sample(name, number, step=True) for name in _NAMES))
        return fit_pairs(printed, self.window, definitions, self.software, usual=usual)


def signed_rank_answer(question: Json) -> dict[str, Any]:
    """Say whether pairs exist that give what is printed, and what they have to assume.

    Parameters
    ----------
    question : Mapping
        The quantiles before and after and of the differences, the window of the p-value, how
        many pairs there may be and how many units there are, and the software.

    Returns
    -------
    dict
        ``outcome`` is ``fits`` (with data), ``excluded`` (by proof, for all numbers of pairs),
        ``excluded if all``, ``no data`` or ``open``; ``bounds`` are those of all pairs.
    """
    case = _Case(question)
    answer: dict[str, Any] = {
        "outcome": "open",
        "fits": [],
        "sizes": case.most - case.least + 1,
        "bounds": None,
    }
    if case.most > _MOST:
        return answer
    all_pairs = case.most if question["full"] is None else question["full"]
    boxes = case.boxes(all_pairs)
    if boxes is not None:
        bounds = p_bounds(all_pairs, *boxes)
        answer["bounds"] = None if bounds is None else _rounded(bounds)
    if lattice_meets(case.window, case.most) is False:
        return {**answer, "outcome": "excluded", "by": "number"}
    numbers = range(case.most, case.least - 1, -1)
    states: dict[int, bool | None] = {}
    for number in numbers:
        states[number] = case.excludes(number)
        if states[number] is False:
            break
    left = [number for number, state in states.items() if state is False]
    if not left:
        is_some = any(state for state in states.values())
        return {**answer, "outcome": "excluded" if is_some else "no data"}
    if question["full"] is not None and states.get(question["full"]) is True:
        answer["outcome"] = "excluded if all"
        answer["left"] = left[0]
    fits = _fits(case, question["full"], left[0])
    if fits and answer["outcome"] == "open":
        answer["outcome"] = "fits"
    return {**answer, "fits": fits}


def _fits(case: _Case, full: int | None, first: int) -> list[dict[str, Any]]:
    """Return pairs under as few assumptions as possible."""
    if full is not None and full == first:
        for definitions, usual in (
            (case.definitions, True),
            (case.definitions, False),
            (tuple(name for name in DEFINITIONS if name not in case.definitions), True),
        ):
            found = case.fit(full, definitions=definitions, usual=usual)
            if found is not None:
                assumes: dict[str, object] = {} if usual else {"flavour": found.flavour}
                if definitions is not case.definitions and case.sample("before", full):
                    assumes["definition"] = found.definition
                return [_fit_json(found, assumes)]
    for number in range(first, max(case.least, first - _FEWER) - 1, -1):
        if number == full or number < 2:
            continue
        found = case.fit(number, definitions=case.definitions, usual=True)
        if found is not None:
            return [_fit_json(found, {"pairs": number})]
    return []


def _fit_json(fit: PairsFit, assumes: Mapping[str, object]) -> dict[str, Any]:
    return {
        "assumes": dict(assumes),
        "constructed": True,
        "definition": fit.definition,
        "flavour": fit.flavour,
        "title": FLAVOURS[fit.flavour].title,
        "p": [_number(fit.p.low, up=False), _number(fit.p.high, up=True)],
        "x": [str(value) for value in fit.before],
        "y": [str(value) for value in fit.after],
    }


def _number(value: Fraction | None, *, up: bool) -> str:
    """Write an end of a p-value, rounded outwards where it is long."""
    assert value is not None  # p-values have two ends
    if value.denominator < _SHOWN**3:
        return str(value)
    scale = 10**20
    return str(Fraction(-(-value * scale // 1) if up else value * scale // 1, scale))


def _rounded(bounds: Interval) -> list[str]:
    low, high = bounds.low or Fraction(0), Fraction(1) if bounds.high is None else bounds.high
    scale = _SHOWN
    while 0 < low * scale < 1000:
        scale *= 10
    return [
        str(Fraction(low * scale // 1, scale)),
        str(min(Fraction(1), Fraction(-(-high * _SHOWN // 1), _SHOWN))),
    ]


def signed_rank_sketch(question: Json) -> dict[str, Any]:
    """Say whether all pairs can give what is printed, and leave all else open.

    Parameters
    ----------
    question : Mapping
        As of :func:`signed_rank_answer`.

    Returns
    -------
    dict
        ``outcome`` is ``excluded`` or ``open``.
    """
    case = _Case(question)
    number = case.most if question["full"] is None else question["full"]
    is_excluded = number <= _MOST and case.excludes(number) is True
    outcome = "excluded" if is_excluded else "open"
    return {"outcome": outcome, "fits": [], "sizes": 1, "bounds": None}


METHODS[METHOD] = signed_rank_answer
SKETCHES[METHOD] = signed_rank_sketch
