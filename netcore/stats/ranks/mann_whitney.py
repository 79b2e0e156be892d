"""Every value that Mann and Whitney's U can have, given what is printed of both samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal

from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.boxes import Block, Boxes, Conflict, Sample, ordered_boxes, sample_forms
from netcore.stats.ranks.cells import cut_cells, range_without_ties
from netcore.stats.ranks.interleavings import DEFAULT_BUDGET, Chain, critical_chain, greatest_u

__all__ = ["ImpossibleSample", "URange", "u_range", "u_range_of_boxes", "u_ranges"]


@dataclass(frozen=True, slots=True)
class URange:
    """The values of U that data with the printed quantiles can have.

    U is the number of pairs with x above y, an x equal to a y counting half.

    Parameters
    ----------
    n1, n2 : int
        How many values x and y have.
    least, greatest : Fraction
        The ends if values can be equal; multiples of 1/2.
    least_without_ties, greatest_without_ties : int or None
        The ends if no two values of both samples are equal; None if that is impossible.
    is_exact : bool
        Whether some data have each of the two ends ``least`` and ``greatest``.  If not, no data
        have a value beyond them, but they need not be reached.
    is_exact_without_ties : bool
        The same of the ends without ties.
    is_granular : bool
        Whether the values are multiples of a step.  If not, data without ties have every whole
        number between their ends, where those are exact.
    """

    n1: int
    n2: int
    least: Fraction
    greatest: Fraction
    least_without_ties: int | None
    greatest_without_ties: int | None
    is_exact: bool
    is_exact_without_ties: bool
    is_granular: bool = False

    @property
    def mean(self) -> Fraction:
        """The expectation of U under the null hypothesis, n1 n2 / 2."""
        return Fraction(self.n1 * self.n2, 2)

    def nearest(self, *, with_ties: bool) -> Fraction | None:
        """Return the value in the range that is nearest to the expectation.

        Parameters
        ----------
        with_ties : bool
            Whether values can be equal.

        Returns
        -------
        Fraction or None
            A multiple of 1/2 with ties, a whole number without; the least of two as near.
            None if there are no data without ties.

        Examples
        --------
        >>> ends = URange(3, 5, Fraction(2), Fraction(13), 2, 13, True, True)
        >>> ends.nearest(with_ties=True), ends.nearest(with_ties=False)
        (Fraction(15, 2), Fraction(7, 1))
        """
        if with_ties:
            return min(max(self.mean, self.least), self.greatest)
        if self.least_without_ties is None or self.greatest_without_ties is None:
            return None
        nearest = max(floor(self.mean), self.least_without_ties)
        return Fraction(min(nearest, self.greatest_without_ties))


@dataclass(frozen=True, slots=True)
class ImpossibleSample:
    """No data have the printed quantiles, whatever the other sample is.

    Parameters
    ----------
    sample : {"x", "y"}
        The sample.
    shares : tuple of Fraction
        The shares of its quantiles that cannot go together.
    """

    sample: Literal["x", "y"]
    shares: tuple[Fraction, ...]


def _compare(top: Block, bottom: Block) -> int:
    """Return 2 if a value under a top can be above one over a bottom, 1 if equal at best."""
    if top.value is None or bottom.value is None or top.value > bottom.value:
        return 2
    return int(top.value == bottom.value and top.closed and bottom.closed)


def _has_forced_ties(x: Boxes, y: Boxes) -> bool:
    """Return whether some two values are equal in all data."""
    points: list[set[Fraction]] = []
    for boxes in (x, y):
        points.append(set())
        for bottom in boxes.bottoms:
            for top in boxes.tops:
                if bottom.value is None or top.value is None:
                    continue
                first, last = max(bottom.first, top.first), min(bottom.last, top.last)
                if bottom.value == top.value and first <= last:
                    points[-1].add(bottom.value)
                # The value after the first one of the bottom has the least top of those after.
                if bottom.value >= top.value and top.first <= bottom.first + 1 <= top.last:
                    return True
    return not points[0].isdisjoint(points[1])


def u_range_of_boxes(x: Boxes, y: Boxes) -> URange:
    """Return the range of U over all values in given boxes.

    Parameters
    ----------
    x, y : Boxes
        Bounds of the ordered values of both samples.

    Returns
    -------
    URange
        Exact for the boxes, hence exact for the data if the boxes are.

    Notes
    -----
    U rises with every x and falls with every y, and all x can be at their tops together
    while all y are at their bottoms: U is greatest as the number of pairs with
    top_x(i) > bottom_y(j), and half of those with equal and closed ends.  Without ties the
    latter count for the lower one, which is less.  Under a step the ends without ties are sought
    cell by cell instead (see :mod:`netcore.stats.ranks.cells`).

    Examples
    --------
    >>> from netcore.printed import Interval
    >>> def sample(number, low, high):
    ...     window = Interval(Fraction(low), Fraction(high))
    ...     return ordered_boxes(Sample.of(number, {Fraction(1, 2): window}), "type7")
    >>> ends = u_range_of_boxes(sample(3, 1, 2), sample(5, 2, 4))
    >>> ends.least, ends.greatest, ends.greatest_without_ties
    (Fraction(0, 1), Fraction(12, 1), 9)
    """
    pairs = x.number * y.number
    doubled_most = most = doubled_rest = rest = 0
    for one in x.tops:
        for other in y.bottoms:
            answer = _compare(one, other)
            doubled_most += answer * one.size * other.size
            most += (answer == 2) * one.size * other.size
    for other in y.tops:
        for one in x.bottoms:
            answer = _compare(other, one)
            doubled_rest += answer * one.size * other.size
            rest += (answer == 2) * one.size * other.size
    least: int | None = pairs - rest
    greatest: int | None = most
    if _has_forced_ties(x, y):
        least = greatest = None
    are_exact = are_exact_without_ties = x.are_exact and y.are_exact
    if least is not None and x.step is not None:
        ends = range_without_ties(cut_cells(x, y))
        if ends == "open":
            are_exact_without_ties = False
        else:
            least, greatest = (None, None) if ends == "none" else ends
    return URange(
        x.number,
        y.number,
        Fraction(2 * pairs - doubled_rest, 2),
        Fraction(doubled_most, 2),
        least,
        greatest,
        are_exact,
        are_exact_without_ties,
        x.step is not None,
    )


def _named(x: Sample, y: Sample) -> tuple[tuple[Literal["x", "y"], Sample], ...]:
    return (("x", x), ("y", y))


def u_range(
    x: Sample, y: Sample, definition: str | None = None, *, budget: int = DEFAULT_BUDGET
) -> URange | ImpossibleSample:
    """Return the values of U that data with the printed quantiles can have.

    Parameters
    ----------
    x, y : Sample
        What is printed of both samples.
    definition : str or None
        How the quantiles are defined; None: by whichever definition, one for each quantile
        if need be.
    budget : int
        Orders that each search looks at, where quantiles lie between two values.

    Returns
    -------
    URange or ImpossibleSample
        The range; or the sample that has no values with the printed quantiles.

    Raises
    ------
    ValueError
        If the definition is unknown, or if the samples are granular in different steps.

    Notes
    -----
    Exact if every quantile is an ordered value (:func:`u_range_of_boxes`) or if the values are
    not granular (:func:`~netcore.stats.ranks.interleavings.greatest_u`; the least U of x
    and y is n1 n2 minus the greatest of y and x).  Otherwise the better of the two bounds.  A
    quantile that the definition does not define is left out.

    Between the ends without ties every whole number is attained, if the values are not granular:
    on the straight way from data with one end to data with the other the printed quantiles
    hold, and two values of different samples change places once at most; if several
    pairs did so at once, data near by would part them.  With ties the halves between are
    attained as well, where two neighbours change places.

    References
    ----------
    Mann HB, Whitney DR (1947). On a test of whether one of two random variables is
    stochastically larger than the other. Annals of Mathematical Statistics 18(1):50-60.
    doi:10.1214/aoms/1177730491

    Examples
    --------
    >>> from netcore.printed import Interval
    >>> def quartiles(number, *windows):
    ...     shares = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
    ...     ends = [Interval(Fraction(low), Fraction(high)) for low, high in windows]
    ...     return Sample.of(number, dict(zip(shares, ends)))
    >>> x = quartiles(7, (0, 1), (4, 5), (8, 9))
    >>> y = quartiles(9, (2, 3), (6, 7), (9, 10))
    >>> found = u_range(x, y, "type7")
    >>> found.least_without_ties, found.greatest_without_ties, found.is_exact
    (16, 36, True)
    """
    if x.step != y.step:
        raise ValueError(f"found steps {x.step} and {y.step}, expected the same of both samples")
    boxes: list[Boxes] = []
    for name, sample in _named(x, y):
        found = ordered_boxes(sample, definition)
        if isinstance(found, Conflict):
            return ImpossibleSample(name, found.shares)
        boxes.append(found)
    outer = u_range_of_boxes(*boxes)
    if definition is None or outer.is_exact:
        return outer
    chains: list[Chain] = []
    for name, sample in _named(x, y):
        chain = critical_chain(sample, definition)
        if isinstance(chain, Conflict):
            return ImpossibleSample(name, chain.shares)
        chains.append(chain)
    found_ends = []
    for with_ties in (True, False):
        highest = greatest_u(*chains, with_ties=with_ties, budget=budget)
        lowest = greatest_u(*reversed(chains), with_ties=with_ties, budget=budget)
        found_ends.append((highest, lowest))
    (highest, lowest), (highest_strict, lowest_strict) = found_ends
    if highest is None or lowest is None:
        raise AssertionError("both samples are possible, so U has some value")
    pairs = x.number * y.number
    least, greatest = outer.least_without_ties, outer.greatest_without_ties
    if least is None or greatest is None or highest_strict is None or lowest_strict is None:
        least = greatest = None
        is_exact_without_ties = True
    else:
        least = max(least, int(pairs - lowest_strict.bound))
        greatest = min(greatest, int(highest_strict.bound))
        is_exact_without_ties = highest_strict.is_exact and lowest_strict.is_exact
    is_free = x.step is None
    return URange(
        x.number,
        y.number,
        max(outer.least, pairs - lowest.bound),
        min(outer.greatest, highest.bound),
        least,
        greatest,
        is_free and highest.is_exact and lowest.is_exact,
        is_exact_without_ties and (is_free or least is None),
        not is_free,
    )


def u_ranges(
    x: Sample,
    y: Sample,
    definitions: Sequence[str] = tuple(DEFINITIONS),
    *,
    budget: int = DEFAULT_BUDGET,
) -> dict[str, URange | ImpossibleSample]:
    """Return the range of U under each of several definitions.

    Parameters
    ----------
    x, y : Sample
        What is printed of both samples.
    definitions : sequence of str
        How the quantiles may be defined, those of both samples alike.
    budget : int
        Orders that each search looks at, where quantiles lie between two values.

    Returns
    -------
    dict of str to URange or ImpossibleSample
        By definition.  Definitions that agree for these sizes are computed once.

    Raises
    ------
    ValueError
        If a definition is unknown, or if the samples are granular in different steps.
    """
    known: dict[tuple[object, object], URange | ImpossibleSample] = {}
    found = {}
    for definition in definitions:
        key = sample_forms(x, definition), sample_forms(y, definition)
        if key not in known:
            known[key] = u_range(x, y, definition, budget=budget)
        found[definition] = known[key]
    return found
