"""Whether any data with the printed quantiles of two samples have the printed p-value.

What is not printed - how many values were analysed, how quantiles are defined, whether
values are tied, which flavour of the test was made - is searched for a proof over all
of it: a bound for every pair of sizes, from the values that any definition lets in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import Final, NamedTuple

from netcore.printed import EVERYTHING, Interval
from netcore.stats.ranks.boxes import Boxes, Conflict, Sample, ordered_boxes
from netcore.stats.ranks.conditional_bounds import least_conditional_p
from netcore.stats.ranks.corners import corner_codes, intervals_of
from netcore.stats.ranks.flavours import FLAVOURS, Flavour
from netcore.stats.ranks.kruskal_wallis import largest_tie_term
from netcore.stats.ranks.mann_whitney import URange, u_range_of_boxes
from netcore.stats.ranks.p_values import approximate_p, are_counted, p_range, variance_of_u
from netcore.stats.ranks.ties import tie_hull

__all__ = ["Comparison", "Exclusion", "PrintedSample", "bounds_of_p", "exclusion"]

_HALF: Final = Fraction(1, 2)
_ONE: Final = Fraction(1)
_LARGEST: Final = 4_000
"""Pairs of sizes that one exclusion looks at, of small samples."""

_PATTERNS: Final = 2_000  # of ties that are examined for one pair of sizes
_CHEAP: Final = 1_900
"""Pairs of values up to which so many are; of more, fewer as each takes longer."""

_WORTH_ONE: Final = 500  # values in all, for which large samples are charged once

_COST_OF_MANY: Final = 20  # pairs of sizes, for each such charge
_BEYOND: Final = Fraction(1_000_001, 1_000_000)
_SHORT: Final = 10_000  # denominators of thresholds


@dataclass(frozen=True, slots=True)
class PrintedSample:
    """What is printed of one of the samples, of a number of values that may be open.

    Parameters
    ----------
    quantiles : tuple of (Fraction, Interval)
        Share of values below and window of the printed quantile.
    least, greatest : int
        How many values there may be.
    domain : Interval
        Where all values lie.
    """

    quantiles: tuple[tuple[Fraction, Interval], ...]
    least: int
    greatest: int
    domain: Interval = EVERYTHING

    def of(self, number: int) -> Sample:
        """Return the sample with a number of values.

        Parameters
        ----------
        number : int
            How many values.

        Returns
        -------
        Sample
            What is printed, of so many values.
        """
        return Sample(number, self.quantiles, self.domain)

    def without(self, share: Fraction) -> PrintedSample:
        """Return the sample without one of its quantiles.

        Parameters
        ----------
        share : Fraction
            The share of values below it.

        Returns
        -------
        PrintedSample
            The others.
        """
        return replace(self, quantiles=tuple(q for q in self.quantiles if q[0] != share))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two samples and the p-value that is printed of them.

    Parameters
    ----------
    x, y : PrintedSample
        The samples.
    p : Interval
        The window of the p-value.
    total : int or None
        Both samples have no more values together.
    """

    x: PrintedSample
    y: PrintedSample
    p: Interval
    total: int | None = None

    def sizes(self) -> Iterator[tuple[int, int]]:
        """Yield all pairs of sizes, those with the most values first.

        Yields
        ------
        tuple of (int, int)
            How many values each sample has.
        """
        # Total by total: of large groups there are millions of pairs.
        most = self.x.greatest + self.y.greatest
        if self.total is not None:
            most = min(most, self.total)
        for total in range(most, self.x.least + self.y.least - 1, -1):
            first = max(self.x.least, total - self.y.greatest)
            last = min(self.x.greatest, total - self.y.least)
            pairs = [(n1, total - n1) for n1 in range(first, last + 1)]
            yield from sorted(pairs, key=lambda pair: (-min(pair), pair))

    @property
    def number_of_sizes(self) -> int:
        """How many pairs of sizes there are, if the total leaves all."""
        return (self.x.greatest + 1 - self.x.least) * (self.y.greatest + 1 - self.y.least)


class Exclusion(NamedTuple):
    """What is left of a printed p-value.

    Parameters
    ----------
    left : tuple of (int, int, str)
        Sizes and key of a flavour that are not excluded; empty if none is left.
    sizes : int
        How many pairs of sizes were looked at.
    is_finished : bool
        Whether all were, or the first that was left ended the search.
    are_some : bool
        Whether for some sizes there can be data with the printed quantiles at all.
    patterns : tuple of (int, int, str, tuple)
        For exact tests given the ties, where counting orders is not enough: sizes, side and the
        patterns of ties that prove the bound.
    """

    left: tuple[tuple[int, int, str], ...]
    sizes: int
    is_finished: bool
    are_some: bool
    patterns: tuple[tuple[int, int, str, tuple[object, ...]], ...]

    @property
    def is_proof(self) -> bool:
        """Whether no data have the p-value, although some have the quantiles."""
        return not self.left and self.is_finished and self.are_some


# --- Thresholds of test statistics: p-values are compared once, then only squares ---------------


@lru_cache(maxsize=4_096)
def _threshold(flavour: Flavour, number: int, p: Fraction, *, above: bool) -> Fraction | None:
    """Return a square of the statistic whose two-sided p is surely above (below) a value.

    Found in floats, then proved; None if there is none within reach.
    """
    if above and p >= 1:
        return None
    if not above and p <= 0:
        return None
    near = NormalDist().inv_cdf(1 - float(p) / 2) if 0 < p < 1 else (40.0 if p <= 0 else 0.0)
    two_sided = FLAVOURS["t_corrected" if flavour.distribution == "t" else "normal_corrected"]
    scale = Fraction(1)
    for _ in range(60):
        square = (Fraction(near) ** 2 * scale).limit_denominator(_SHORT)
        if square < 0 or (above and square == 0):
            return Fraction(0) if above else None
        bounds = approximate_p(
            replace(two_sided, correction=Fraction(0)), _ONE, 1 / square, number
        ) if square else None  # fmt: skip
        if bounds is None:
            return None
        if above and bounds.low > p:
            return square
        if not above and bounds.high < p:
            return square
        scale *= Fraction(999, 1000) if above else Fraction(1001, 1000)
        if flavour.distribution == "t" and not above:
            scale *= Fraction(11, 10)
    return None


class _Pair:
    """All bounds for one pair of sizes, each made when it is needed."""

    def __init__(self, x: Boxes, y: Boxes):
        self.x, self.y = x, y
        self.n1, self.n2 = x.number, y.number
        self.total = x.number + y.number
        self.u: URange = u_range_of_boxes(x, y)
        self._boxes: tuple[list[Interval], list[Interval]] | None = None
        self._most_ties: int | None = None
        self._least: Fraction | None = None
        self._asked = Fraction(0)
        self.patterns: list[tuple[int, int, str, tuple[object, ...]]] = []

    @property
    def boxes(self) -> tuple[list[Interval], list[Interval]]:
        if self._boxes is None:
            self._boxes = list(intervals_of(self.x)), list(intervals_of(self.y))
        return self._boxes

    def deviation(self, side: str) -> Fraction:
        """Return how far U can be on a side of its mean; negative if it cannot reach it."""
        return self.u.greatest - self.u.mean if side == "greater" else self.u.mean - self.u.least

    def nearest(self) -> Fraction:
        """Return how near U must be to its mean."""
        return max(Fraction(0), -self.deviation("greater"), -self.deviation("less"))

    def most_z(self, side: str, correction: Fraction, limit: Fraction | None) -> Fraction:
        """Bound the square of z on a side from above; no tighter than a limit needs."""
        away = self.deviation(side) - correction
        if away <= 0:
            return Fraction(0)
        if correction >= 0 and not are_counted(self.n1, self.n2, ties=True):
            # The time that the hull takes does not grow with the sizes; that of codes does.
            return tie_hull(
                self.x, self.y, "greater" if side == "greater" else "less"
            ).largest_squared_z(correction)[0]
        if self._most_ties is None:
            codes = corner_codes(self.boxes)
            self._most_ties = largest_tie_term(codes)
        everything = self.total**3 - self.total
        left = 1 - Fraction(self._most_ties, everything) if everything else Fraction(0)
        variance = variance_of_u(self.n1, self.n2)
        if left and limit is not None and away**2 / (variance * left) <= limit:
            return away**2 / (variance * left)
        if correction < 0:
            return away**2 / (variance * left) if left else Fraction(self.total**2)
        hull = tie_hull(self.x, self.y, "greater" if side == "greater" else "less")
        return hull.largest_squared_z(correction)[0]

    def least_p_of_side(self, enough: Fraction) -> Fraction:
        """Bound the exact probability given the ties of a side from below."""
        if self._least is not None and (self._least >= enough or self._asked >= enough):
            return self._least
        if not are_counted(self.n1, self.n2, ties=True):
            return Fraction(0)
        budget = min(_PATTERNS, _PATTERNS * _CHEAP**3 // (self.n1 * self.n2) ** 3)
        found = _ONE
        patterns: list[tuple[int, int, str, tuple[object, ...]]] = []
        for side in ("less", "greater"):
            bound = least_conditional_p(*self.boxes, side, enough=enough, budget=budget)
            found = min(found, bound.low)
            if bound.examined > 1:
                patterns.append((self.n1, self.n2, side, bound.parts))
            if bound.low < enough:
                break
        self._least, self._asked, self.patterns = found, enough, patterns
        return found

    # --- Whether a flavour is excluded --------------------------------------------------------

    def excludes(self, flavour: Flavour, window: Interval) -> bool:
        """Return whether no data in the boxes have a p-value of this flavour in a window."""
        if flavour.needs_no_ties or flavour.ignores_ties:
            return self._excludes_by_u(flavour, window)
        if flavour.distribution == "conditional":
            return self._excludes_conditional(flavour, window)
        return self._is_too_small(flavour, window) or self._is_too_large(flavour, window)

    def range_by_u(self, flavour: Flavour) -> Interval | None:
        """Return the p-values where ties enter through U alone; None if there are none."""
        least: Fraction | int | None = self.u.least
        greatest: Fraction | int | None = self.u.greatest
        if flavour.needs_no_ties:
            least, greatest = self.u.least_without_ties, self.u.greatest_without_ties
        if least is None or greatest is None or least > greatest:
            return None
        ties = not flavour.needs_no_ties
        return Interval(*p_range(flavour, self.n1, self.n2, least, greatest, ties=ties))

    def _excludes_by_u(self, flavour: Flavour, window: Interval) -> bool:
        found = self.range_by_u(flavour)
        return found is None or not window.meets(found)

    def _is_too_small(self, flavour: Flavour, window: Interval) -> bool:
        """Return whether every p-value is above the window."""
        if window.high is None:
            return False
        sided = flavour.alternative != "two-sided"
        p = window.high * (2 if sided else 1)
        # Student's tail is the heavier, so that the normal threshold does for it too.
        limit = _threshold(FLAVOURS["normal"], self.total, p, above=True)
        if limit is None:
            return False
        sides = (flavour.alternative,) if sided else ("greater", "less")
        return all(self.most_z(side, flavour.correction, limit) <= limit for side in sides)

    def _is_too_large(self, flavour: Flavour, window: Interval) -> bool:
        """Return whether every p-value is below the window."""
        if window.low is None:
            return False
        if flavour.alternative == "two-sided":
            away = self.nearest() - flavour.correction
            p = window.low
        else:
            away = -self.deviation("less" if flavour.alternative == "greater" else "greater")
            away -= flavour.correction
            p = window.low * 2
        if away <= 0:
            return False
        limit = _threshold(flavour, self.total, min(p, _ONE), above=False)
        return limit is not None and away**2 / variance_of_u(self.n1, self.n2) >= limit

    def _excludes_conditional(self, flavour: Flavour, window: Interval) -> bool:
        variance = variance_of_u(self.n1, self.n2)
        if window.low is not None:
            # Cantelli's inequality; ties make the variance smaller.
            if flavour.alternative == "two-sided":
                away, sides = self.nearest(), 2
            else:
                away, sides = (
                    -self.deviation("less" if flavour.alternative == "greater" else "greater"),
                    1,
                )
            if away > 0 and sides * variance / (variance + away**2) < window.low:
                return True
        if window.high is None or window.high >= 1:
            return False
        if flavour.alternative != "two-sided":
            # The same of the other side, if all U are there.
            away = -self.deviation(flavour.alternative)
            if away > 0 and away**2 / (variance + away**2) > window.high:
                return True
        enough = window.high * _sides_needed(flavour) * _BEYOND
        return enough < 1 and self.least_p_of_side(enough) > window.high * _sides_needed(flavour)


def _sides_needed(flavour: Flavour) -> Fraction:
    """Return how much of the smaller side surely exceeds a p-value if the p-value does.

    The smaller side is half of the doubled one, at most the mid-p of it and that by
    distance, and at most twice the mid-p of one side.
    """
    if flavour.alternative == "two-sided":
        return _HALF if flavour.rule == "doubled" else _ONE
    return Fraction(2) if flavour.rule == "mid" else _ONE


@lru_cache(maxsize=65_536)
def _boxes_of(sample: Sample) -> Boxes | None:
    found = ordered_boxes(sample, None)
    return None if isinstance(found, Conflict) else found


def _cost(n1: int, n2: int) -> int:
    """Return as how many pairs of sizes one counts, by the time it takes."""
    if are_counted(n1, n2, ties=True):
        return 1
    return _COST_OF_MANY * -(-(n1 + n2) // _WORTH_ONE)


def exclusion(
    comparison: Comparison, flavours: Sequence[Flavour], *, stop: bool = True
) -> Exclusion:
    """Exclude a printed p-value under any definition of quantiles, size and pattern of ties.

    Parameters
    ----------
    comparison : Comparison
        The samples and the p-value.
    flavours : sequence of Flavour
        The flavours that may have been made.
    stop : bool
        Whether to end at the first pair of sizes that is left.

    Returns
    -------
    Exclusion
        The sizes and flavours that are left.

    Raises
    ------
    ValueError
        If there are no sizes.

    Notes
    -----
    For each pair of sizes the ordered values get the widest boxes of all definitions, and
    with them U and the tie term their range.  A z^2 is bounded by the hull of both, an exact
    p-value by the range of U, one given the ties by
    :func:`~netcore.stats.ranks.conditional_bounds.least_conditional_p` from below and by
    Cantelli's inequality from above.  p-values of the approximations are compared with the window
    through rational thresholds of z^2, which are proved once.

    Examples
    --------
    >>> low, high = Interval(Fraction(1), Fraction(2)), Interval(Fraction(8), Fraction(9))
    >>> x = PrintedSample(((Fraction(0), low), (Fraction(1), low)), 8, 8)
    >>> y = PrintedSample(((Fraction(0), high), (Fraction(1), high)), 9, 9)
    >>> printed = Comparison(x, y, Interval(Fraction(3, 10), Fraction(4, 10)))
    >>> exclusion(printed, list(FLAVOURS.values())[:7]).is_proof
    True
    """
    # The quick ones first; the exact test given the ties is the slowest.
    ordered = sorted(
        flavours,
        key=lambda f: (-1, 0) if f.distribution != "conditional" else (0, -_sides_needed(f)),
    )
    left: list[tuple[int, int, str]] = []
    looked = spent = 0
    are_some = False
    patterns: list[tuple[int, int, str, tuple[object, ...]]] = []
    if comparison.number_of_sizes <= 0:
        raise ValueError("found no sizes of the samples, expected some")
    for n1, n2 in comparison.sizes():
        if spent >= _LARGEST:
            return Exclusion(tuple(left), looked, False, are_some, tuple(patterns))
        looked += 1
        spent += _cost(n1, n2)
        x, y = _boxes_of(comparison.x.of(n1)), _boxes_of(comparison.y.of(n2))
        if x is None or y is None or n1 + n2 < 2:
            continue
        are_some = True
        pair = _Pair(x, y)
        for flavour in ordered:
            if not pair.excludes(flavour, comparison.p):
                left.append((n1, n2, flavour.key))
                if stop:
                    return Exclusion(tuple(left), looked, False, are_some, tuple(patterns))
        patterns += pair.patterns
    return Exclusion(tuple(left), looked, True, are_some, tuple(patterns))


def bounds_of_p(
    x: Sample, y: Sample, flavours: Sequence[Flavour], definition: str | None = None
) -> Interval | None:
    """Bound the p-values of all data with the printed quantiles, with and without ties.

    Parameters
    ----------
    x, y : Sample
        What is printed of both samples, of known sizes.
    flavours : sequence of Flavour
        The flavours that may have been made.
    definition : str or None
        How the quantiles are defined; None: by whichever definition.

    Returns
    -------
    Interval or None
        No data have a p-value outside; None if no data have the quantiles.

    Raises
    ------
    ValueError
        If the definition is unknown.

    Examples
    --------
    >>> low, high = Interval(Fraction(1), Fraction(2)), Interval(Fraction(8), Fraction(9))
    >>> x = Sample.of(3, {Fraction(0): low, Fraction(1): low})
    >>> y = Sample.of(4, {Fraction(0): high, Fraction(1): high})
    >>> str(bounds_of_p(x, y, [FLAVOURS["exact"]]).low)
    '2/35'
    """
    boxes_x, boxes_y = ordered_boxes(x, definition), ordered_boxes(y, definition)
    if isinstance(boxes_x, Conflict) or isinstance(boxes_y, Conflict):
        return None
    pair = _Pair(boxes_x, boxes_y)
    lows: list[Fraction] = []
    highs: list[Fraction] = []
    for flavour in flavours:
        if flavour.alternative != "two-sided" or flavour.distribution == "conditional":
            lows.append(Fraction(0))
            highs.append(_ONE)
        elif flavour.needs_no_ties or flavour.ignores_ties:
            found = pair.range_by_u(flavour)
            if found is not None:
                lows.append(found.low or Fraction(0))
                highs.append(_ONE if found.high is None else found.high)
        else:
            square = max(
                pair.most_z(side, flavour.correction, None) for side in ("greater", "less")
            )
            away = max(Fraction(0), pair.nearest() - flavour.correction)
            plain = replace(flavour, correction=Fraction(0))
            variance = variance_of_u(pair.n1, pair.n2)
            if square:
                lows.append(approximate_p(plain, _ONE, 1 / square, pair.total).low)
            else:
                lows.append(_ONE)
            highs.append(approximate_p(plain, away, variance, pair.total).high)
    if not lows:
        return None
    return Interval(max(Fraction(0), min(lows)), min(_ONE, max(highs)))
