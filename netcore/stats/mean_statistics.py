"""Bounds on t and z, and on degrees of freedom, over windows of means, spreads and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.moments.spread import NINETY_FIVE, READINGS, squared_error_factor
from netcore.stats.tail_enclosures import normal_tail, student_tail

__all__ = ["STATISTICS", "Box", "Comparison", "Sample", "paired_spread"]

STATISTICS: Final = (
    "student",
    "welch",
    "smaller_df",
    "z_pooled",
    "z",
    "one_sample_t",
    "one_sample_z",
)
"""What a comparison of means may divide a difference by, and which distribution it then has."""

_GRID: Final = 10**20  # bounds are rounded outwards to decimals with as many places

Ends = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is printed of the values of one group.

    Parameters
    ----------
    numbers : range
        How many values there may be, each at least 2.
    mean : Interval
        The means that print as printed.
    spread : Interval
        The spreads that print as printed; what is below 0 is left out.
    reading : str
        What the spread is, a key of
        :data:`netcore.stats.moments.spread.READINGS`.
    level : Fraction
        The level of the interval of which the spread may be half.

    Raises
    ------
    ValueError
        If there are no numbers or fewer than two values, a window is empty or
        has no end, or no spread is more than 0.
    """

    numbers: range
    mean: Interval
    spread: Interval
    reading: str = "sd"
    level: Fraction = NINETY_FIVE

    def __post_init__(self) -> None:
        if not self.numbers or self.numbers[0] < 2 or self.numbers.step != 1:
            raise ValueError(f"found {self.numbers}, expected numbers of at least 2 values")
        if self.reading not in READINGS:
            raise ValueError(
                f"found reading {self.reading!r}, expected one of {', '.join(READINGS)}"
            )
        for window in (self.mean, self.spread):
            if window.is_empty or window.high is None:
                raise ValueError(f"found {window}, expected an interval with two ends")
        if self.mean.low is None:
            raise ValueError(f"found {self.mean}, expected an interval with two ends")
        if self.spread.high is None or self.spread.high <= 0:
            raise ValueError(f"found {self.spread}, expected a spread of more than 0")

    @property
    def means(self) -> Ends:
        """The ends of the window of the mean."""
        assert self.mean.low is not None
        assert self.mean.high is not None
        return self.mean.low, self.mean.high

    @property
    def spreads(self) -> Ends:
        """The ends of the window of the spread, none below 0."""
        assert self.spread.high is not None
        return max(self.spread.low or Fraction(0), Fraction(0)), self.spread.high

    def squared_errors(self, numbers: tuple[int, int], spreads: Ends) -> Ends:
        """Bound the square of the standard error of the mean.

        Parameters
        ----------
        numbers : tuple of int
            The least and the greatest number of values.
        spreads : tuple of Fraction
            The least and the greatest spread.

        Returns
        -------
        tuple of Fraction
            Its bounds.  Each factor of a spread rises or falls throughout
            with the number, so the ends of the numbers are enough.
        """
        factors = [squared_error_factor(self.reading, n, self.level) for n in set(numbers)]
        return (
            spreads[0] ** 2 * min(factor.low for factor in factors),
            spreads[1] ** 2 * max(factor.high for factor in factors),
        )


@dataclass(frozen=True, slots=True)
class Box:
    """Ranges of the numbers of values and of the spreads of each group.

    Parameters
    ----------
    numbers : tuple of (int, int)
        Least and greatest number of values of each group.
    spreads : tuple of (Fraction, Fraction)
        Least and greatest spread of each group, as printed.
    """

    numbers: tuple[tuple[int, int], ...]
    spreads: tuple[Ends, ...]

    @property
    def is_one_size(self) -> bool:
        """Whether each group has one number of values only."""
        return all(low == high for low, high in self.numbers)


def _floor(value: Fraction) -> Fraction:
    return Fraction(floor(value * _GRID), _GRID)


def _ceil(value: Fraction) -> Fraction:
    return Fraction(ceil(value * _GRID), _GRID)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A difference of means over its standard error.

    Parameters
    ----------
    statistic : str
        One of :data:`STATISTICS`.
    samples : tuple of Sample
        Two groups, or one.

    Raises
    ------
    ValueError
        If the statistic is unknown or wants another number of groups.

    Notes
    -----
    With the squared errors w_i = s_i^2 / n_i of the means, the squared
    statistic is d^2 / V.  Welch: V = w_1 + w_2 and df = V^2 / (w_1^2 / (n_1 - 1)
    + w_2^2 / (n_2 - 1)).  Student: V = sp^2 (1 / n_1 + 1 / n_2) with the
    variance sp^2 = ((n_1 - 1) s_1^2 + (n_2 - 1) s_2^2) / (n_1 + n_2 - 2) and
    n_1 + n_2 - 2 degrees of freedom, so that V = a_1 w_1 + a_2 w_2 with
    a_1 = (n_1 - 1) (n_1 + n_2) / (n_2 (n_1 + n_2 - 2)).  One sample: V = w_1
    with n_1 - 1 degrees of freedom.  ``smaller_df`` has Welch's V with the lesser of
    n_1 - 1 and n_2 - 1 degrees of freedom, as hand calculations have it.  z has the same V and the normal
    distribution.

    With r = w_1 / (w_1 + w_2), Welch's 1 / df = r^2 / (n_1 - 1) + (1 - r)^2 /
    (n_2 - 1), a parabola in r with its least value 1 / (n_1 + n_2 - 2) at
    r = (n_1 - 1) / (n_1 + n_2 - 2).

    References
    ----------
    Welch BL (1947). The generalization of 'Student's' problem when several
    different population variances are involved. Biometrika 34(1-2):28-35.
    doi:10.1093/biomet/34.1-2.28
    """

    statistic: str
    samples: tuple[Sample, ...]

    def __post_init__(self) -> None:
        if self.statistic not in STATISTICS:
            raise ValueError(
                f"found statistic {self.statistic!r}, expected one of {', '.join(STATISTICS)}"
            )
        expected = 1 if self.statistic.startswith("one_sample") else 2
        if len(self.samples) != expected:
            raise ValueError(
                f"found {len(self.samples)} groups, expected {expected} for {self.statistic}"
            )

    @property
    def is_pooled(self) -> bool:
        """Whether the groups share one variance."""
        return self.statistic in ("student", "z_pooled")

    def _variance(self, box: Box) -> Ends:
        """Bound the variance of the difference."""
        low = high = Fraction(0)
        total = sum(numbers[0] for numbers in box.numbers), sum(n[1] for n in box.numbers)
        errors = self._errors(box)
        for index, (least, greatest) in enumerate(errors):
            if self.is_pooled:
                own, other = box.numbers[index], box.numbers[1 - index]
                # n / (n - 2) falls in the total number.
                least *= Fraction(own[0] - 1, other[1]) * Fraction(total[1], total[1] - 2)
                greatest *= Fraction(own[1] - 1, other[0]) * Fraction(total[0], total[0] - 2)
            low, high = low + least, high + greatest
        return low, high

    def _errors(self, box: Box) -> list[Ends]:
        return [
            sample.squared_errors(numbers, spreads)
            for sample, numbers, spreads in zip(self.samples, box.numbers, box.spreads, strict=True)
        ]

    def degrees_of_freedom(self, box: Box) -> Ends | None:
        """Bound the degrees of freedom.

        Parameters
        ----------
        box : Box
            Ranges of numbers and spreads.

        Returns
        -------
        tuple of Fraction or None
            The bounds; None for the normal distribution.
        """
        if self.statistic in ("z", "z_pooled", "one_sample_z"):
            return None
        if self.statistic == "smaller_df":
            return (
                Fraction(min(few for few, _ in box.numbers) - 1),
                Fraction(min(many for _, many in box.numbers) - 1),
            )
        if self.statistic != "welch":
            lost = len(box.numbers)
            return (
                Fraction(sum(numbers[0] for numbers in box.numbers) - lost),
                Fraction(sum(numbers[1] for numbers in box.numbers) - lost),
            )
        (low, high), (other_low, other_high) = self._errors(box)
        (few, many), (other_few, other_many) = box.numbers
        first = low / (low + other_high) if low + other_high else Fraction(0)
        last = high / (high + other_low) if high + other_low else Fraction(1)

        def inverse(r: Fraction, n: int, other: int) -> Fraction:
            return r**2 / (n - 1) + (1 - r) ** 2 / (other - 1)

        best = min(max(Fraction(many - 1, many + other_many - 2), first), last)
        return (
            _floor(1 / max(inverse(first, few, other_few), inverse(last, few, other_few))),
            _ceil(1 / inverse(best, many, other_many)),
        )

    def squared_statistic(
        self, box: Box, distance: Ends
    ) -> tuple[Fraction | None, Fraction | None]:
        """Bound the square of the statistic.

        Parameters
        ----------
        box : Box
            Ranges of numbers and spreads.
        distance : tuple of Fraction
            The least and the greatest difference, without its sign.

        Returns
        -------
        tuple of Fraction or None
            Its bounds; None, beyond any number, where all spreads are 0.
        """
        if distance[1] == 0:
            return Fraction(0), Fraction(0)
        low, high = self._variance(box)
        return (
            _floor(distance[0] ** 2 / high) if high else None,
            _ceil(distance[1] ** 2 / low) if low else None,
        )

    def p_value(self, box: Box, distance: Ends) -> Enclosure:
        """Bound the two-sided p-value.

        Parameters
        ----------
        box : Box
            Ranges of numbers and spreads.
        distance : tuple of Fraction
            The least and the greatest difference, without its sign.

        Returns
        -------
        Enclosure
            Bounds: it falls with the statistic and with the degrees of
            freedom, which are bounded apart.
        """
        least, greatest = self.squared_statistic(box, distance)
        freedom = self.degrees_of_freedom(box)
        few, many = (None, None) if freedom is None else freedom
        return Enclosure(
            Fraction(0) if greatest is None else _tail(greatest, many).low,
            Fraction(0) if least is None else _tail(least, few).high,
        )

    def distances(self, against: Interval) -> Ends:
        """Bound the difference of the means, without its sign.

        Parameters
        ----------
        against : Interval
            What the mean of one sample is compared with, or the difference
            that two samples are compared with.

        Returns
        -------
        tuple of Fraction
            The least and the greatest.

        Raises
        ------
        ValueError
            If ``against`` is empty or has no end.
        """
        if against.is_empty or against.low is None or against.high is None:
            raise ValueError(f"found {against}, expected an interval with two ends")
        low, high = self.differences()
        low, high = low - against.high, high - against.low
        return max(Fraction(0), low, -high), max(high, -low)

    def differences(self) -> Ends:
        """Bound the first mean less the second, or the mean of one sample.

        Returns
        -------
        tuple of Fraction
            The least and the greatest, with their signs.
        """
        low, high = self.samples[0].means
        for other in self.samples[1:]:
            low, high = low - other.means[1], high - other.means[0]
        return low, high

    def whole(self) -> Box:
        """Return the box of all numbers and spreads.

        Returns
        -------
        Box
            What is printed of the groups.
        """
        return Box(
            tuple((sample.numbers[0], sample.numbers[-1]) for sample in self.samples),
            tuple(sample.spreads for sample in self.samples),
        )


def _tail(square: Fraction, df: Fraction | None) -> Enclosure:
    return normal_tail(square) if df is None else student_tail(square, df)


def paired_spread(first: Interval, second: Interval) -> Interval:
    """Bound the spread of differences of pairs by the spreads of both sides.

    Parameters
    ----------
    first, second : Interval
        The spreads that print as printed, both of the same reading.

    Returns
    -------
    Interval
        From the difference of the spreads to their sum.

    Raises
    ------
    ValueError
        If a spread has no upper end.

    Notes
    -----
    The variance of the differences is s_1^2 + s_2^2 - 2 r s_1 s_2 with a
    correlation r between -1 and 1.  From three pairs on each r is possible;
    two pairs have r = 1 or -1 only.

    Examples
    --------
    >>> str(paired_spread(Interval.point(3), Interval(Fraction(4), Fraction(5))))
    '[1, 8]'
    """
    if first.high is None or second.high is None:
        raise ValueError(f"found {first} and {second}, expected intervals with two ends")
    lows = [max(window.low or Fraction(0), Fraction(0)) for window in (first, second)]
    least = max(Fraction(0), lows[0] - second.high, lows[1] - first.high)
    return Interval(least, first.high + second.high)
