"""Questions of rank tests as plain JSON values, and their answers.

A question holds numbers, windows and definitions alone, so that its answer can be
stored, and holds for every paper that asks the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from netcore.checks.answers import METHODS, SKETCHES
from netcore.checks.json_windows import ends_of, interval_of, rounded_p
from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.attainable import Comparison, PrintedSample, bounds_of_p, exclusion
from netcore.stats.ranks.fitting import Effort, Fit, Search, fit_at, is_default
from netcore.stats.ranks.flavours import FLAVOURS, Flavour
from netcore.stats.ranks.p_values import are_counted, u_values_printing

__all__ = ["mann_whitney_answer", "mann_whitney_question"]

Json = Mapping[str, Any]

_FULL_PAIRS: Final = 12  # of sizes, where the whole sizes of the groups are not known
_FEWER_PAIRS: Final = 6  # of sizes with fewer values, for which values are made
_EFFORT: Final = 1_000  # data that are looked at in each part of a search
_MANY_VALUES: Final = 300_000
"""Data times their values that are looked at of large samples, in all parts together: 15 s."""

_MOST_SCANNED: Final = 700
_SCANS_OF_MANY: Final = 70  # sizes that a pair of large ones counts as
_MANY_MORE: Final = 5  # times as many values, to see whether a size is part of a conflict


# --- JSON -----------------------------------------------------------------------------------------


def _number(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def mann_whitney_question(
    comparison: Comparison,
    *,
    full: Sequence[tuple[int, int]],
    software: frozenset[str] | None,
    definitions: Sequence[str],
    step: Fraction | None,
) -> dict[str, Any]:
    """Return the question whether two samples can have a p-value.

    Parameters
    ----------
    comparison : Comparison
        The samples and the p-value; ends of windows count as inside.
    full : sequence of (int, int)
        The sizes if every unit was analysed.
    software : frozenset of str or None
        Keys as in :data:`netcore.stats.ranks.flavours.FLAVOURS`; None if any.
    definitions : sequence of str
        The definitions of quantiles that are usual with it.
    step : Fraction or None
        Values are multiples of it, for constructed data.

    Returns
    -------
    dict
        Plain JSON values.
    """

    def sample(one: PrintedSample) -> dict[str, Any]:
        return {
            "quantiles": {str(share): ends_of(window) for share, window in one.quantiles},
            "sizes": [one.least, one.greatest],
            "domain": ends_of(one.domain),
        }

    return {
        "x": sample(comparison.x),
        "y": sample(comparison.y),
        "p": ends_of(comparison.p),
        "total": comparison.total,
        "full": [list(pair) for pair in full],
        "software": None if software is None else sorted(software),
        "definitions": list(definitions),
        "step": _number(step),
    }


def _comparison(question: Json) -> Comparison:
    def sample(one: Json) -> PrintedSample:
        return PrintedSample(
            tuple((Fraction(share), interval_of(ends)) for share, ends in one["quantiles"].items()),
            one["sizes"][0],
            one["sizes"][1],
            interval_of(one["domain"]),
        )

    return Comparison(
        sample(question["x"]), sample(question["y"]), interval_of(question["p"]), question["total"]
    )


def _fit_json(fit: Fit, assumptions: Mapping[str, object]) -> dict[str, Any]:
    return {
        "assumes": dict(assumptions),
        "constructed": True,
        "definition": fit.definition,
        "flavour": fit.flavour,
        "p": ends_of(fit.p),
        "ties": fit.has_ties,
        "u": str(fit.u),
        "x": [str(value) for value in fit.x],
        "y": [str(value) for value in fit.y],
    }


# --- The answer -----------------------------------------------------------------------------------


class _Case:
    """A question taken apart."""

    def __init__(self, question: Json):
        self.comparison = _comparison(question)
        self.full = [(n1, n2) for n1, n2 in question["full"]][:_FULL_PAIRS]
        keys = question["software"]
        self.software = None if keys is None else frozenset(keys)
        self.definitions = tuple(question["definitions"]) or tuple(DEFINITIONS)
        self.step = None if question["step"] is None else Fraction(question["step"])
        self.flavours = tuple(
            flavour
            for flavour in FLAVOURS.values()
            if self.software is None or self.software & {*flavour.default_of, *flavour.option_of}
        )
        self.usual = tuple(f for f in self.flavours if self._is_usual(f))
        most = max(
            (sizes for sizes in self.full), key=lambda sizes: sizes[0] * sizes[1], default=()
        )
        self._effort: Effort | None = None
        if most and not are_counted(*most, ties=True):
            self._effort = Effort(min(_EFFORT, _MANY_VALUES // sum(most)))

    def _is_usual(self, flavour: Flavour) -> bool:
        return bool(flavour.default_of) and (
            self.software is None or bool(self.software & set(flavour.default_of))
        )

    def search(self, flavours: Sequence[Flavour], *, usual: bool) -> Search:
        return Search(tuple(flavours), self.software, usual, self.step)

    def effort(self) -> Effort:
        """Return how much of a part of a search is left: of large samples, what others left."""
        return Effort(_EFFORT) if self._effort is None else self._effort

    def simplest(self) -> Fit | None:
        """Return data of all units by the usual definitions and flavours."""
        search = self.search(self.usual, usual=True)
        tied: Fit | None = None
        for sizes in self.full:
            fit = fit_at(self.comparison, sizes, self.definitions, search, self.effort())
            if fit is not None and not (fit.has_ties and self.step is None):
                return fit
            tied = tied or fit
        return tied

    def fewer(self) -> Iterator[tuple[int, int]]:
        """Yield sizes at which a usual flavour without ties can print the p-value."""
        full = set(self.full)
        # Approximations first: an exact distribution of many values takes its time.
        flavours = sorted(
            self.usual, key=lambda flavour: flavour.distribution not in ("normal", "t")
        )
        scanned = 0
        for sizes in self.comparison.sizes():
            if scanned >= _MOST_SCANNED:
                return
            scanned += 1 if are_counted(*sizes, ties=True) else _SCANS_OF_MANY
            if sizes in full or min(sizes) < 2:
                continue
            for flavour in flavours:
                if is_default(flavour, self.software, *sizes, ties=False) and u_values_printing(
                    self.comparison.p, flavour, *sizes
                ):
                    yield sizes
                    break


def mann_whitney_answer(question: Json) -> dict[str, Any]:
    """Say whether data exist that give what is printed, and what they have to assume.

    Parameters
    ----------
    question : Mapping
        From :func:`mann_whitney_question`.

    Returns
    -------
    dict
        ``outcome`` is ``fits`` (with data, and what they assume), ``excluded`` (by proof),
        ``excluded without conditional`` (only exact tests given the ties are left) or ``open``.
    """
    case = _Case(question)
    answer: dict[str, Any] = {
        "outcome": "open",
        "fits": [],
        "sizes": case.comparison.number_of_sizes,
        "flavours": [flavour.key for flavour in case.flavours],
        "bounds": _bounds(case),
    }
    simplest = case.simplest()
    if simplest is not None and not (simplest.has_ties and case.step is None):
        return {**answer, "outcome": "fits", "fits": [_fit_json(simplest, {})]}
    quick = [flavour for flavour in case.flavours if flavour.distribution != "conditional"]
    slow = [flavour for flavour in case.flavours if flavour.distribution == "conditional"]
    found = exclusion(case.comparison, quick)
    if found.is_proof:
        given_ties = exclusion(case.comparison, slow) if slow else found
        proved = not slow or given_ties.is_proof
        outcome = "excluded" if proved else "excluded without conditional"
        left = slow if proved else []
        return {**answer, "outcome": outcome, "needed": _needed(case.comparison, quick, left)}
    if not found.left and found.is_finished:
        return {**answer, "outcome": "no data"}  # the quantiles of one sample are at odds
    fits = _wider(case, simplest)
    if fits:
        return {**answer, "outcome": "fits", "fits": fits}
    if not found.left:  # too many sizes to look at
        return {**answer, "outcome": "open", "looked": found.sizes}
    whole = [sizes for sizes in case.full if not _is_left(case, sizes)]
    return {
        **answer,
        "outcome": "excluded if all" if len(whole) == len(question["full"]) else "open",
    }


def mann_whitney_sketch(question: Json) -> dict[str, Any]:
    """Say whether the whole groups can give what is printed, and leave all else open.

    Parameters
    ----------
    question : Mapping
        From :func:`mann_whitney_question`.

    Returns
    -------
    dict
        ``outcome`` is ``excluded`` or ``open``.
    """
    case = _Case(question)
    quick = [flavour for flavour in case.flavours if flavour.distribution != "conditional"]
    x, y = case.comparison.x, case.comparison.y
    whole = replace(
        case.comparison, x=replace(x, least=x.greatest), y=replace(y, least=y.greatest), total=None
    )
    needed = {
        name: [str(share) for share, _ in sample.quantiles] for name, sample in (("x", x), ("y", y))
    }
    return {
        "outcome": "excluded" if exclusion(whole, quick).is_proof else "open",
        "fits": [],
        "sizes": 1,
        "flavours": [flavour.key for flavour in quick],
        "bounds": None,
        "needed": {**needed, "sizes": ["x", "y"]},
        "sketched": True,
    }


def _is_left(case: _Case, sizes: tuple[int, int]) -> bool:
    """Return whether some flavour is left at one pair of sizes."""
    x, y = case.comparison.x, case.comparison.y
    one = Comparison(
        PrintedSample(x.quantiles, sizes[0], sizes[0], x.domain),
        PrintedSample(y.quantiles, sizes[1], sizes[1], y.domain),
        case.comparison.p,
    )
    return not exclusion(one, case.flavours).is_proof


def _bounds(case: _Case) -> list[str | None] | None:
    """Bound the p-values of all units by any definition and the usual flavours."""
    found = [
        bounds
        for n1, n2 in case.full
        if (
            bounds := bounds_of_p(
                case.comparison.x.of(n1), case.comparison.y.of(n2), case.usual or case.flavours
            )
        )
        is not None
    ]
    if not found:
        return None
    lows = [bounds.low for bounds in found if bounds.low is not None]
    highs = [bounds.high for bounds in found if bounds.high is not None]
    return [rounded_p(min(lows), up=False), rounded_p(max(highs), up=True)]


def _needed(
    comparison: Comparison, quick: Sequence[Flavour], slow: Sequence[Flavour]
) -> dict[str, list[str]]:
    """Return the quantiles without which the p-value would not be excluded."""
    kept = comparison
    larger = [
        name for name in ("x", "y") if not exclusion(_larger(comparison, name), quick).is_proof
    ]
    for name in ("x", "y"):
        for share, _ in getattr(kept, name).quantiles:
            sample = getattr(kept, name).without(share)
            less = Comparison(
                sample if name == "x" else kept.x,
                sample if name == "y" else kept.y,
                kept.p,
                kept.total,
            )
            if exclusion(less, quick).is_proof and (not slow or exclusion(less, slow).is_proof):
                kept = less
    shares = {
        name: [str(share) for share, _ in getattr(kept, name).quantiles] for name in ("x", "y")
    }
    return {**shares, "sizes": larger}


def _larger(comparison: Comparison, name: str) -> Comparison:
    """Return the comparison with many more values of one sample, and all of the other."""
    x, y = (replace(one, least=one.greatest) for one in (comparison.x, comparison.y))
    more = max(x.greatest, y.greatest) * _MANY_MORE
    if name == "x":
        x = replace(x, least=more, greatest=more)
    else:
        y = replace(y, least=more, greatest=more)
    return Comparison(x, y, comparison.p)


def _wider(case: _Case, tied: Fit | None) -> list[dict[str, Any]]:
    """Return data that give the p-value under one assumption each; else under several."""
    comparison = case.comparison
    found: list[dict[str, Any]] = []
    if tied is not None:
        found.append(_fit_json(tied, {"ties": True}))
    fewer = list(case.fewer())
    for sizes in fewer[:_FEWER_PAIRS]:
        fit = fit_at(
            comparison,
            sizes,
            case.definitions,
            case.search(case.usual, usual=True),
            case.effort(),
        )
        if fit is not None:
            assumed = {"sizes": list(sizes), **_assumed(case, fit, sizes)}
            found.append({**_fit_json(fit, assumed), "other sizes": len(fewer)})
            break
    others = [name for name in DEFINITIONS if name not in case.definitions]
    two_sided = [f for f in case.flavours if f.alternative == "two-sided"]
    attempts: list[tuple[Sequence[str], Sequence[Flavour], bool]] = [
        (others, case.usual, True),
        (case.definitions, two_sided, False),
        (others, two_sided, False),
        (case.definitions, case.flavours, False),
    ]
    for definitions, flavours, usual in attempts:
        if found and ((not usual and definitions is others) or flavours is case.flavours):
            break  # more than one assumption, or an unusual one
        for sizes in case.full:
            fit = fit_at(
                comparison, sizes, definitions, case.search(flavours, usual=usual), case.effort()
            )
            if fit is not None:
                found.append(_fit_json(fit, _assumed(case, fit, sizes)))
                break
    if found:
        return found
    for sizes in fewer[:_FEWER_PAIRS]:
        fit = fit_at(
            comparison,
            sizes,
            case.definitions,
            case.search(two_sided, usual=False),
            case.effort(),
        )
        if fit is not None:
            return [_fit_json(fit, {"sizes": list(sizes), **_assumed(case, fit, sizes)})]
    return []


def _assumed(case: _Case, fit: Fit, sizes: tuple[int, int]) -> dict[str, object]:
    assumed: dict[str, object] = {}
    if fit.definition not in case.definitions:
        assumed["definition"] = fit.definition
    if not is_default(FLAVOURS[fit.flavour], case.software, *sizes, ties=fit.has_ties):
        assumed["flavour"] = fit.flavour
    if fit.has_ties and case.step is None:
        assumed["ties"] = True
    return assumed


METHODS["mann-whitney"] = mann_whitney_answer
SKETCHES["mann-whitney"] = mann_whitney_sketch
