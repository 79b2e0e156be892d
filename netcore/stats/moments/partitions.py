"""Means and standard deviations of a whole against those of the parts that make it up.

The parts are a true partition of those observed: everybody with a value is in exactly
one of them.  How many each part has may be printed, or be one of several numbers.  Ends of
windows count as belonging to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from netcore.printed import EVERYTHING, Interval
from netcore.stats.interval_arithmetic import hull
from netcore.stats.moments.sums_of_squares import greatest_squares, least_squares_in_boxes

__all__ = [
    "CombinedVariance",
    "FittingNumbers",
    "Part",
    "WholeMean",
    "combined_variance",
    "combined_variance_hull",
    "fitting_numbers",
    "whole_mean",
]

_LIMIT: Final = 20_000  # combinations of numbers that are tried


@dataclass(frozen=True, slots=True)
class Part:
    """What is printed of one group.

    Parameters
    ----------
    numbers : range
        How many values it may have, each at least 1.
    mean : Interval
        The means that print as printed.
    variance : Interval
        The squares of what prints as the standard deviation; everything if
        none is printed.
    ddof : int, optional
        1 or 0 for the divisor n - 1 or n; either if left out.

    Raises
    ------
    ValueError
        If there are no numbers or some less than 1, or a window is empty or,
        for the mean, has no end.
    """

    numbers: range
    mean: Interval
    variance: Interval = EVERYTHING
    ddof: int | None = None

    def __post_init__(self) -> None:
        if not self.numbers or self.numbers[0] < 1 or self.numbers.step != 1:
            raise ValueError(f"found {self.numbers}, expected numbers of at least 1")
        if self.mean.is_empty or self.mean.low is None or self.mean.high is None:
            raise ValueError(f"found {self.mean}, expected an interval with two ends")
        if self.variance.is_empty or (self.variance.high is not None and self.variance.high < 0):
            raise ValueError(f"found {self.variance}, expected variances of at least 0")
        if self.ddof not in (None, 0, 1):
            raise ValueError(f"found ddof {self.ddof}, expected 0, 1 or None")

    @property
    def means(self) -> tuple[Fraction, Fraction]:
        """The ends of the window of the mean."""
        assert self.mean.low is not None
        assert self.mean.high is not None
        return self.mean.low, self.mean.high

    def squares(self, number: int) -> tuple[Fraction, Fraction | None]:
        """Bound the sum of squares about the mean of the part.

        Parameters
        ----------
        number : int
            How many values it has.

        Returns
        -------
        tuple of Fraction and (Fraction or None)
            The least and the greatest; one value has none.
        """
        if number == 1:
            return Fraction(0), Fraction(0)
        low, high = max(self.variance.low or Fraction(0), Fraction(0)), self.variance.high
        fewest = number if self.ddof == 0 else number - 1
        most = number - 1 if self.ddof == 1 else number
        return low * fewest, None if high is None else high * most


@dataclass(frozen=True, slots=True)
class WholeMean:
    """The means that a whole can have, with the numbers that give the ends.

    Parameters
    ----------
    window : Interval
        All means between the least and the greatest possible one.
    least, greatest : tuple of int
        Numbers of values in each part that give the ends.
    """

    window: Interval
    least: tuple[int, ...]
    greatest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CombinedVariance:
    """The variances that a whole can have.

    Parameters
    ----------
    window : Interval
        All of them, and possibly some more.
    is_exact : bool
        Whether both ends are attained by some means and spreads of the parts.
    """

    window: Interval
    is_exact: bool


@dataclass(frozen=True, slots=True)
class FittingNumbers:
    """The numbers of values in each part with which a whole fits.

    Parameters
    ----------
    numbers : tuple of tuple of int
        Combinations that are not excluded, in order.
    tried : int
        How many combinations were tried.
    is_complete : bool
        Whether these were all.
    """

    numbers: tuple[tuple[int, ...], ...]
    tried: int
    is_complete: bool


def _check(parts: Sequence[Part], total: range | None) -> range:
    if not parts:
        raise ValueError("found no part, expected at least one")
    fewest = sum(part.numbers[0] for part in parts)
    most = sum(part.numbers[-1] for part in parts)
    sizes = range(fewest, most + 1) if total is None else total
    if not sizes or sizes.step != 1 or sizes[0] > most or sizes[-1] < fewest:
        raise ValueError(f"found {total} in all, expected some number from {fewest} to {most}")
    return range(max(fewest, sizes[0]), min(most, sizes[-1]) + 1)


def whole_mean(parts: Sequence[Part], total: range | None = None) -> WholeMean:
    """Return the means that a whole can have, given those of its parts.

    Parameters
    ----------
    parts : sequence of Part
        The parts that make it up; their variances do not matter.
    total : range, optional
        How many values the whole may have.

    Returns
    -------
    WholeMean
        Exact: both ends are attained.

    Raises
    ------
    ValueError
        If there is no part, or the numbers of the parts cannot add up to
        the total.

    Notes
    -----
    The mean is sum of n_i m_i / sum of n_i.  It is greatest with each m_i at its
    greatest, every part at its fewest, and values then added to the parts with
    the greatest means first, for as long as these exceed the mean or the
    total needs them.

    Examples
    --------
    14 patients with a mean of 50 and 8 to 20 with one of 60:

    >>> parts = [
    ...     Part(range(14, 15), Interval.point(50)), Part(range(8, 21), Interval.point(60))
    ... ]
    >>> found = whole_mean(parts)
    >>> round(float(found.window.low), 2), round(float(found.window.high), 2), found.greatest
    (53.64, 55.88, (14, 20))
    """
    sizes = _check(parts, total)
    greatest = _greatest_mean([(part.means[1], part.numbers) for part in parts], sizes)
    least = _greatest_mean([(-part.means[0], part.numbers) for part in parts], sizes)
    return WholeMean(Interval(-least[0], greatest[0]), least[1], greatest[1])


def _greatest_mean(
    parts: Sequence[tuple[Fraction, range]], sizes: range
) -> tuple[Fraction, tuple[int, ...]]:
    numbers = [few[0] for _, few in parts]
    size = sum(numbers)
    total = sum((n * mean for n, (mean, _) in zip(numbers, parts, strict=True)), Fraction(0))
    for index in sorted(range(len(parts)), key=lambda i: parts[i][0], reverse=True):
        mean, allowed = parts[index]
        wanted = sizes[-1] if mean * size > total else sizes[0]
        added = min(allowed[-1] - allowed[0], max(wanted - size, 0))
        numbers[index] += added
        size += added
        total += added * mean
    return total / size, tuple(numbers)


def combined_variance(
    parts: Sequence[Part],
    numbers: Sequence[int],
    mean: Interval = EVERYTHING,
    ddof: int | None = None,
) -> CombinedVariance | None:
    """Return the variances that a whole can have, given its parts and their numbers.

    Parameters
    ----------
    parts : sequence of Part
        The parts that make it up.
    numbers : sequence of int
        How many values each part has.
    mean : Interval
        The numbers that print as the mean of the whole, if it is printed.
    ddof : int, optional
        1 or 0 for the divisor n - 1 or n of the whole; either if left out.

    Returns
    -------
    CombinedVariance or None
        The variances; None if the parts cannot have this mean.

    Raises
    ------
    ValueError
        If there is not one number of at least 1 for each part, or the whole
        has fewer than two values.

    Notes
    -----
    The squares about the mean of the whole are those about the mean of each part
    plus sum of n_i (m_i - m)^2 (the identity of the analysis of variance).  The
    first are free of the means; the second are least and greatest as in
    :mod:`netcore.stats.moments.sums_of_squares`, with the numbers as weights.

    Examples
    --------
    12 patients with 50 ± 8 and 14 with 60 ± 10:

    >>> parts = [
    ...     Part(range(12, 13), Interval.point(50), Interval.point(64), ddof=1),
    ...     Part(range(14, 15), Interval.point(60), Interval.point(100), ddof=1),
    ... ]
    >>> found = combined_variance(parts, (12, 14), ddof=1)
    >>> round(float(found.window.low) ** 0.5, 2), found.is_exact
    (10.3, True)
    """
    size = sum(numbers)
    if len(numbers) != len(parts) or min(numbers, default=0) < 1 or size < 2:
        raise ValueError(f"found numbers {numbers}, expected one of at least 1 for each part")
    if ddof not in (None, 0, 1):
        raise ValueError(f"found ddof {ddof}, expected 0, 1 or None")
    total = Interval(
        None if mean.low is None else mean.low * size,
        None if mean.high is None else mean.high * size,
    )
    ends = [
        sum((n * part.means[k] for n, part in zip(numbers, parts, strict=True)), Fraction(0))
        for k in (0, 1)
    ]
    if not Interval(ends[0], ends[1]).meets(total):
        return None
    boxes = [part.mean for part in parts]
    least = least_squares_in_boxes(boxes, total, numbers).squares
    between = greatest_squares(boxes, total, numbers)
    assert between is not None  # the windows of means have ends
    greatest: Fraction | None = between.bound
    for n, part in zip(numbers, parts, strict=True):
        low, high = part.squares(n)
        least += low
        greatest = None if greatest is None or high is None else greatest + high
    return CombinedVariance(
        Interval(
            least / (size - 1 if ddof == 1 else size),
            None if greatest is None else greatest / (size if ddof == 0 else size - 1),
        ),
        between.is_exact or greatest is None,
    )


def _compositions(parts: Sequence[Part], sizes: range) -> Iterator[tuple[int, ...]]:
    """Yield every choice of numbers that adds up to one of the sizes, in order."""
    first, *others = parts
    fewest = sum(part.numbers[0] for part in others)
    most = sum(part.numbers[-1] for part in others)
    low = max(first.numbers[0], sizes[0] - most)
    high = min(first.numbers[-1], sizes[-1] - fewest)
    for number in range(low, high + 1):
        if not others:
            yield (number,)
            continue
        rest = range(max(sizes[0] - number, fewest), min(sizes[-1] - number, most) + 1)
        for chosen in _compositions(others, rest):
            yield (number, *chosen)


def fitting_numbers(
    parts: Sequence[Part],
    whole: Part,
    limit: int = _LIMIT,
) -> FittingNumbers:
    """Return the numbers of values in each part with which mean and spread of a whole fit.

    Parameters
    ----------
    parts : sequence of Part
        The parts that make it up.
    whole : Part
        The whole, with the numbers of values that it may have.
    limit : int
        How many combinations to try.

    Returns
    -------
    FittingNumbers
        Those with which the mean fits, exactly, and the variance is
        not excluded.  If they are none and complete, nothing fits.

    Raises
    ------
    ValueError
        If there is no part, or the numbers of the parts cannot add up to
        that of the whole.

    Examples
    --------
    Means of 50.0 and 60.0 and a mean of all 26 of 55.4: 12 and 14 patients.

    >>> def near(value: str) -> Interval:
    ...     return Interval(Fraction(value) - Fraction(1, 20), Fraction(value) + Fraction(1, 20))
    >>> parts = [Part(range(1, 26), near("50.0")), Part(range(1, 26), near("60.0"))]
    >>> fitting_numbers(parts, Part(range(26, 27), near("55.4"))).numbers
    ((12, 14),)
    """
    fitting: list[tuple[int, ...]] = []
    tried = 0
    for numbers in _compositions(parts, _check(parts, whole.numbers)):
        if tried == limit:
            return FittingNumbers(tuple(fitting), tried, is_complete=False)
        tried += 1
        size = sum(numbers)
        low, high = (
            sum((n * part.means[k] for n, part in zip(numbers, parts, strict=True)), Fraction(0))
            for k in (0, 1)
        )
        if not Interval(low / size, high / size).meets(whole.mean):
            continue
        if whole.variance != EVERYTHING and size > 1:
            combined = combined_variance(parts, numbers, whole.mean, whole.ddof)
            if combined is None or not combined.window.meets(whole.variance):
                continue
        fitting.append(numbers)
    return FittingNumbers(tuple(fitting), tried, is_complete=True)


def combined_variance_hull(
    parts: Sequence[Part],
    whole: Part,
    limit: int = _LIMIT,
) -> CombinedVariance | None:
    """Return the variances that a whole can have with any numbers of values in its parts.

    Parameters
    ----------
    parts : sequence of Part
        The parts that make it up.
    whole : Part
        The numbers and the mean of the whole, and its divisor.
    limit : int
        How many combinations to try; with more, a wider window is returned.

    Returns
    -------
    CombinedVariance or None
        The hull over all combinations with which the mean fits; None if
        there is none.

    Raises
    ------
    ValueError
        If there is no part, or the numbers of the parts cannot add up to
        that of the whole.

    Notes
    -----
    With too many combinations the least variance is that of the part that
    varies least, less one degree of freedom for each part, and the greatest
    that of the part that varies most plus a quarter of the squared distance of the means.

    Examples
    --------
    >>> part = Part(range(5, 10), Interval.point(50), Interval.point(64), ddof=1)
    >>> whole = Part(range(12, 13), Interval.point(50), ddof=1)
    >>> found = combined_variance_hull([part, part], whole)
    >>> str(found.window), found.is_exact
    ('[640/11, 640/11]', True)
    """
    sizes = _check(parts, whole.numbers)
    fitting = fitting_numbers(parts, Part(whole.numbers, whole.mean), limit)
    if fitting.is_complete:
        found = [
            combined_variance(parts, numbers, whole.mean, whole.ddof)
            for numbers in fitting.numbers
            if sum(numbers) > 1
        ]
        spans = [one for one in found if one is not None]
        if not spans:
            return None
        return CombinedVariance(
            hull([span.window for span in spans]), all(span.is_exact for span in spans)
        )
    return _without_numbers(parts, sizes, whole.ddof)


def _without_numbers(parts: Sequence[Part], sizes: range, ddof: int | None) -> CombinedVariance:
    fewest = max(sizes[0], 2)
    lows = [max(part.variance.low or Fraction(0), Fraction(0)) for part in parts]
    highs = [part.variance.high for part in parts]
    least = min(lows) * max(Fraction(fewest - len(parts), fewest), Fraction(0))
    greatest = None
    if None not in highs:
        distance = max(part.means[1] for part in parts) - min(part.means[0] for part in parts)
        most = max(high for high in highs if high is not None)
        factor = 1 if ddof == 0 else Fraction(fewest, fewest - 1)
        greatest = (most + distance**2 / 4) * factor
    return CombinedVariance(Interval(least, greatest), is_exact=False)
