"""Bounds on standard deviations and means that need no more than a pencil.

Each bound names its inequality and carries its arithmetic, so that a reader can go
through it.  Bounds on a standard deviation are bounds on its square.  Whether the
divisor is n - 1 or n is seldom printed: ``ddof`` None allows for both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

from netcore.printed import EVERYTHING, Interval, format_fraction
from netcore.stats.moments.sums_of_squares import (
    GreatestSquares,
    LeastSquares,
    greatest_squares,
    least_squares_in_boxes,
)
from netcore.stats.quantiles.boxes import boxes
from netcore.stats.quantiles.definitions import (
    DEFINITIONS,
    LinearForm,
    defines,
    loosest_indices,
    quantile_form,
)

__all__ = [
    "RULES",
    "Bound",
    "VarianceRange",
    "bhatia_davis",
    "mean_from_quantile",
    "popoviciu",
    "quantile_distance",
    "range_spread",
    "variance_range",
]

RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bhatia_davis": "SD² is at most (max − mean) × (mean − min)",
        "popoviciu": "SD² is at most a quarter of the squared range",
        "range": "two values as far apart as min and max have a spread by themselves",
        "samuelson": "no value is further than SD × √(n − 1) from the mean",
        "quantile": "those beyond a quantile are at least as far from the mean as it is",
        "median": "the mean and the median are at most one SD apart",
        "values_beyond": "those beyond a quantile have at least its value, the others the least",
        "boxes": "the ordered values that the quantiles allow, as near together or far apart",
    }
)
"""The inequalities, in words."""

_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of what a statistic can be, with the inequality that gives it.

    Parameters
    ----------
    rule : str
        A key of :data:`RULES`.
    relation : str
        ``at most`` or ``at least``.
    limit : Fraction
        The end; of a standard deviation its square.
    arithmetic : str
        How the limit is computed.
    """

    rule: str
    relation: Literal["at most", "at least"]
    limit: Fraction
    arithmetic: str

    def excludes(self, window: Interval) -> bool:
        """Tell whether no number of a window keeps to the bound.

        Parameters
        ----------
        window : Interval
            What is printed; of a standard deviation the squares.

        Returns
        -------
        bool
            True if all of it is beyond the limit.
        """
        allowed = (
            Interval(None, self.limit) if self.relation == "at most" else Interval(self.limit, None)
        )
        return not allowed.meets(window)


def _text(value: Fraction | int) -> str:
    return format_fraction(Fraction(value)).replace("-", "−")


def _in_brackets(value: Fraction) -> str:
    return f"({_text(value)})" if value < 0 else _text(value)


def _difference(one: Fraction, other: Fraction) -> str:
    return f"({_text(one)} − {_in_brackets(other)})"


def _sizes(numbers: int | range) -> tuple[int, int]:
    sizes = range(numbers, numbers + 1) if isinstance(numbers, int) else numbers
    if not sizes or min(sizes) < 2:
        raise ValueError(f"found {numbers}, expected numbers of at least 2 values")
    return min(sizes), max(sizes)


def _check_ddof(ddof: int | None) -> None:
    if ddof not in (None, 0, 1):
        raise ValueError(f"found ddof {ddof}, expected 0, 1 or None")


def _ends(window: Interval, name: str) -> tuple[Fraction, Fraction]:
    if window.is_empty or window.low is None or window.high is None:
        raise ValueError(f"found {window} for the {name}, expected an interval with two ends")
    return window.low, window.high


def bhatia_davis(
    mean: Interval, low: Fraction, high: Fraction, numbers: int | range, ddof: int | None = None
) -> Bound:
    """Bound a variance by the mean and by bounds on all values.

    Parameters
    ----------
    mean : Interval
        The means that print as printed.
    low, high : Fraction
        No value is less or greater; of printed extremes the outer ends.
    numbers : int or range
        How many values there may be, at least 2.
    ddof : int, optional
        1 or 0 for the divisor n - 1 or n; both if left out.

    Returns
    -------
    Bound
        ``at most``, the loosest over all that is not known.

    Raises
    ------
    ValueError
        If no mean lies between the bounds, or there are fewer than two values.

    Notes
    -----
    The sum of (max - x)(x - min) is not negative, which is the inequality.
    As a function of the mean it is greatest halfway.  Attained if all values
    are extremes, so for some numbers only.

    References
    ----------
    Bhatia R, Davis C (2000). A better bound on the variance. The American
    Mathematical Monthly 107(4):353-357. doi:10.1080/00029890.2000.12005203

    Examples
    --------
    >>> mean = Interval(Fraction("58.45"), Fraction("58.55"))
    >>> found = bhatia_davis(mean, Fraction("28.5"), Fraction("82.5"), 34)
    >>> found.arithmetic
    '(82.5 − 58.45) × (58.45 − 28.5) × 34/33'
    >>> round(float(found.limit) ** 0.5, 2)
    27.24
    """
    _check_ddof(ddof)
    few, _ = _sizes(numbers)
    within = mean.meet(Interval(low, high))
    if within.is_empty:
        raise ValueError(f"found the mean {mean}, expected one from {low} to {high}")
    first, last = _ends(within, "mean")
    at = min(max((low + high) / 2, first), last)
    factor = Fraction(1) if ddof == 0 else Fraction(few, few - 1)
    text = f"{_difference(high, at)} × {_difference(at, low)}"
    return Bound(
        "bhatia_davis",
        "at most",
        (high - at) * (at - low) * factor,
        text if ddof == 0 else f"{text} × {few}/{few - 1}",
    )


def popoviciu(
    low: Fraction, high: Fraction, numbers: int | range, ddof: int | None = None
) -> Bound:
    """Bound a variance by bounds on all values.

    Parameters
    ----------
    low, high : Fraction
        No value is less or greater; of printed extremes the outer ends.
    numbers : int or range
        How many values there may be, at least 2.
    ddof : int, optional
        1 or 0 for the divisor n - 1 or n; both if left out.

    Returns
    -------
    Bound
        ``at most``: attained by half of the values at each end.

    Raises
    ------
    ValueError
        If the bounds are out of order or there are fewer than two values.

    Notes
    -----
    With k values at one end the sum of squares is k (n - k) / n times the
    squared range, at most floor(n^2 / 4) / n times (Popoviciu 1935).

    Examples
    --------
    >>> popoviciu(Fraction(0), Fraction(10), 5, ddof=1).limit
    Fraction(30, 1)
    """
    _check_ddof(ddof)
    few, many = _sizes(numbers)
    if low > high:
        raise ValueError(f"found {low} to {high}, expected bounds in order")
    sizes = range(few, many + 1) if ddof == 0 else range(few, few + 1)
    # With divisor n the factor is 1/4 for even n and less for odd; else it falls with n.
    number = next((n for n in sizes if n % 2 == 0), sizes[-1])
    divisor = number if ddof == 0 else number - 1
    share = Fraction(number * number // 4, number)
    return Bound(
        "popoviciu",
        "at most",
        share * (high - low) ** 2 / divisor,
        f"{_text(share)} × {_difference(high, low)}² / {divisor}",
    )


def range_spread(
    low: Interval, high: Interval, numbers: int | range, ddof: int | None = None
) -> Bound:
    """Bound a variance from below by the least and the greatest value.

    Parameters
    ----------
    low, high : Interval
        The numbers that print as the least and as the greatest value, both of
        which some patient has.
    numbers : int or range
        How many values there may be, at least 2.
    ddof : int, optional
        1 or 0 for the divisor n - 1 or n; both if left out.

    Returns
    -------
    Bound
        ``at least``: attained if all others are halfway.

    Raises
    ------
    ValueError
        If a window has no end, or there are fewer than two values.

    Notes
    -----
    Two values R apart have squares of at least R^2 / 2 about any number.

    Examples
    --------
    >>> range_spread(Interval.point(29), Interval.point(82), 34).arithmetic
    '(82 − 29)² / 2 / 34'
    """
    _check_ddof(ddof)
    _, many = _sizes(numbers)
    bottom, top = _ends(low, "least value")[1], _ends(high, "greatest value")[0]
    divisor = many - 1 if ddof == 1 else many
    width = max(top - bottom, Fraction(0))
    return Bound(
        "range",
        "at least",
        width**2 / 2 / divisor,
        f"{_difference(top, bottom)}² / 2 / {divisor}" if width else "0",
    )


def quantile_distance(
    mean: Interval,
    value: Interval,
    share: Fraction,
    numbers: int | range,
    ddof: int | None = None,
    definitions: Sequence[str] = (),
) -> Bound:
    """Bound a variance from below by the distance of a quantile from the mean.

    Parameters
    ----------
    mean, value : Interval
        The numbers that print as the mean and as the quantile.
    share : Fraction
        Of values below: 0 for the least, 1/2 for the median, 1 for the greatest.
    numbers : int or range
        How many values there may be, at least 2.
    ddof : int, optional
        1 or 0 for the divisor n - 1 or n; both if left out.
    definitions : sequence of str
        Definitions of the quantile that may have been used; all if empty.

    Returns
    -------
    Bound
        ``at least``, the loosest over all that is not known.

    Raises
    ------
    ValueError
        If a window has no end, or there are fewer than two values.

    Notes
    -----
    If the k-th of n ordered values is D above the mean, then n - k + 1 values are
    at least D above it and the k - 1 others make up for them, so that the
    squares are at least D^2 (n - k + 1) n / (k - 1); with divisor n the variance
    is D^2 (n - k + 1) / (k - 1) or more.  For the greatest value that is
    Samuelson's D^2 / (n - 1); for the median, if it is the middle value or lies
    between the two middle ones, at least D^2.  Below the mean it is the mirror
    image: D^2 k / (n - k).

    References
    ----------
    Samuelson PA (1968). How deviant can you be? Journal of the American
    Statistical Association 63(324):1522-1525. doi:10.1080/01621459.1968.10480944

    Hotelling H, Solomons LM (1932). The limits of a measure of skewness. The
    Annals of Mathematical Statistics 3(2):141-142. doi:10.1214/aoms/1177732911

    Examples
    --------
    A mean stay of 20.0 days with a median of 5 needs an SD of at least 14.5 days:

    >>> mean, median = Interval(Fraction("19.95"), Fraction("20.05")), Interval.point(5)
    >>> found = quantile_distance(mean, median, Fraction(1, 2), 40)
    >>> found.rule, found.arithmetic
    ('median', '(19.95 − 5)²')
    """
    _check_ddof(ddof)
    few, many = _sizes(numbers)
    (low, high), (bottom, top) = _ends(mean, "mean"), _ends(value, "quantile")
    rule = {0: "samuelson", 1: "samuelson", _HALF: "median"}.get(share, "quantile")
    is_above = bottom > high
    distance = max(bottom - high, low - top, Fraction(0))
    factors = []
    for n in range(few, many + 1):
        first, last = loosest_indices(share, n, definitions)
        beyond = n - last + 1 if is_above else first
        # All values beyond the mean on one side are impossible; any bound holds of them.
        if beyond < n:
            factors.append(Fraction(beyond, n - beyond) * (Fraction(n, n - 1) if ddof == 1 else 1))
    factor = min(factors, default=Fraction(1))
    text = _difference(bottom, high) if is_above else _difference(low, top)
    return Bound(
        rule,
        "at least",
        distance**2 * factor,
        "0" if not distance else f"{text}²" + ("" if factor == 1 else f" × {_text(factor)}"),
    )


def mean_from_quantile(
    value: Interval,
    share: Fraction,
    number: int,
    domain: Interval,
    definitions: Sequence[str] = (),
) -> tuple[Bound | None, Bound | None]:
    """Bound a mean by a quantile and by bounds on all values.

    Parameters
    ----------
    value : Interval
        The numbers that print as the quantile.
    share : Fraction
        Of values below: 1/2 for the median.
    number : int
        How many values there are, at least 1.
    domain : Interval
        Where all values lie: [0, no end) for a variable that is not negative.
    definitions : sequence of str
        Definitions of the quantile that may have been used; all if empty.

    Returns
    -------
    tuple of Bound or None
        ``at least`` and ``at most``; None where the domain has no end.

    Raises
    ------
    ValueError
        If the window of the quantile has no end or lies outside the
        domain, or a definition is unknown.

    Notes
    -----
    Let the quantile v be (1 - g) x_(j) + g x_(j+1) and no value be less
    than a.  The least total has j - 1 values a, some y for x_(j) and one z >= y
    for all after it, and is linear in y: either y = z = v, which gives the mean
    a + (v - a)(n - j + 1) / n, or y is as little as it can be.  Of a median
    the factor is (n + 1) / 2n for odd n and (n + 2) / 2n for even n (1/2 if the
    upper middle value is taken).  The greatest mean is the mirror image.

    Examples
    --------
    If 7 patients have a median of 12 months, their mean is at least 4/7 of that:

    >>> domain = Interval(Fraction(0), None)
    >>> least, greatest = mean_from_quantile(
    ...     Interval.point(12), Fraction(1, 2), 7, domain, ["type7"]
    ... )
    >>> least.arithmetic, greatest
    ('(3 × 0 + 4 × 12) / 7', None)
    """
    bottom, top = _ends(value.meet(domain), f"quantile within {domain}")
    forms = [
        quantile_form(name, share, number)
        for name in definitions or DEFINITIONS
        if defines(name, share)
    ]
    if not forms:
        raise ValueError(f"found share {share}, expected one that {definitions} define")
    least = greatest = None
    if domain.low is not None:
        groups = min((_least_groups(form, number, bottom, domain) for form in forms), key=_sum)
        least = Bound("values_beyond", "at least", _sum(groups) / number, _mean_text(groups))
    if domain.high is not None:
        mirror = Interval(-domain.high, None if domain.low is None else -domain.low)
        groups = min(
            (_least_groups(_mirrored(form, number), number, -top, mirror) for form in forms),
            key=_sum,
        )
        groups = [(count, -x) for count, x in reversed(groups)]
        greatest = Bound("values_beyond", "at most", _sum(groups) / number, _mean_text(groups))
    return least, greatest


_Groups = list[tuple[int, Fraction]]  # how many values there are of each


def _sum(groups: _Groups) -> Fraction:
    return sum((count * x for count, x in groups), Fraction(0))


def _mean_text(groups: _Groups) -> str:
    terms = " + ".join(f"{count} × {_in_brackets(x)}" for count, x in groups)
    return f"({terms}) / {sum(count for count, _ in groups)}"


def _mirrored(form: LinearForm, number: int) -> LinearForm:
    """Return the form of the same quantile of the negated values."""
    if not form.weight:
        return LinearForm(number + 1 - form.index, Fraction(0))
    return LinearForm(number - form.index, 1 - form.weight)


def _least_groups(form: LinearForm, number: int, value: Fraction, domain: Interval) -> _Groups:
    """Return the values in a domain with a quantile that have the least total."""
    j, g, least = form.index, form.weight, domain.low
    assert least is not None
    choices: list[_Groups] = [[(j - 1, least), (number - j + 1, value)]]
    if g:
        y = least
        if domain.high is not None:  # what comes after must not be beyond it
            y = max(y, (value - g * domain.high) / (1 - g))
        choices.append([(j - 1, least), (1, y), (number - j, (value - (1 - g) * y) / g)])
    return [(count, x) for count, x in min(choices, key=_sum) if count]


@dataclass(frozen=True, slots=True)
class VarianceRange:
    """Between which bounds a variance lies, and why.

    Parameters
    ----------
    window : Interval
        The variances that are possible as far as the bounds tell.
    least : LeastSquares
        The ordered values with the least sum of squares.
    greatest : GreatestSquares or None
        Those with the greatest, and a bound; None if there is none.
    named : tuple of Bound
        Simpler bounds, none of them narrower.
    """

    window: Interval
    least: LeastSquares
    greatest: GreatestSquares | None
    named: tuple[Bound, ...]

    def refusal(self, printed: Interval) -> Bound | None:
        """Return the simplest bound that a printed variance does not keep to.

        Parameters
        ----------
        printed : Interval
            The squares of what prints as the standard deviation.

        Returns
        -------
        Bound or None
            The first simple bound that excludes it, or that of the boxes;
            None if it is possible as far as the bounds tell.
        """
        assert self.window.low is not None
        ends = [Bound("boxes", "at least", self.window.low, _text(self.window.low))]
        if self.window.high is not None:
            ends.append(Bound("boxes", "at most", self.window.high, _text(self.window.high)))
        return next((bound for bound in (*self.named, *ends) if bound.excludes(printed)), None)


def variance_range(
    number: int,
    quantiles: Mapping[Fraction, Interval],
    mean: Interval = EVERYTHING,
    *,
    ddof: int | None = None,
    definitions: Sequence[str] = (),
    domain: Interval = EVERYTHING,
) -> VarianceRange | None:
    """Bound a variance by everything else that is printed of the same values.

    Parameters
    ----------
    number : int
        How many values there are, at least 2.
    quantiles : Mapping of Fraction to Interval
        Share of each printed quantile (0 the least value, 1 the greatest), with
        the numbers that print as it.
    mean : Interval
        The numbers that print as the mean.
    ddof : int, optional
        1 or 0 for the divisor n - 1 or n; both if left out.
    definitions : sequence of str
        Definitions of the quantiles that may have been used; all if empty.
    domain : Interval
        Where all values lie.

    Returns
    -------
    VarianceRange or None
        The range; None if no values have these quantiles and this mean.

    Raises
    ------
    ValueError
        If there are fewer than two values, a window is empty or a
        definition is unknown.

    Notes
    -----
    The quantiles put each ordered value into a box
    (:func:`netcore.stats.quantiles.boxes.boxes`), and the least and greatest sums of
    squares in the boxes with that total bound the variance
    (:mod:`netcore.stats.moments.sums_of_squares`).  The least is exact for the boxes; these are
    all that is known where no quantile lies between two values.

    Examples
    --------
    Ages of 34 patients from 29 to 82 with a mean of 58.5:

    >>> ends = {Fraction(0): Interval.point(29), Fraction(1): Interval.point(82)}
    >>> found = variance_range(34, ends, Interval.point(Fraction(117, 2)), ddof=1)
    >>> round(float(found.window.low) ** 0.5, 2), round(float(found.window.high) ** 0.5, 2)
    (6.57, 26.61)
    >>> found.refusal(Interval.point(900)).rule
    'popoviciu'
    """
    _sizes(number)
    _check_ddof(ddof)
    found = boxes(quantiles, number, definitions, domain=domain)
    if found.conflict is not None:
        return None
    total = Interval(
        None if mean.low is None else mean.low * number,
        None if mean.high is None else mean.high * number,
    )
    lows = [box.low for box in found.intervals if box.low is not None]
    highs = [box.high for box in found.intervals if box.high is not None]
    attainable = Interval(
        sum(lows, Fraction(0)) if len(lows) == number else None,
        sum(highs, Fraction(0)) if len(highs) == number else None,
    )
    if not attainable.meets(total):
        return None
    least = least_squares_in_boxes(found.intervals, total)
    greatest = greatest_squares(found.intervals, total)
    window = Interval(
        least.squares / (number - 1 if ddof == 1 else number),
        None if greatest is None else greatest.bound / (number if ddof == 0 else number - 1),
    )
    named = _named(number, quantiles, mean, ddof, definitions, lows, highs)
    return VarianceRange(window, least, greatest, named)


def _named(
    number: int,
    quantiles: Mapping[Fraction, Interval],
    mean: Interval,
    ddof: int | None,
    definitions: Sequence[str],
    lows: Sequence[Fraction],
    highs: Sequence[Fraction],
) -> tuple[Bound, ...]:
    """Return the simple bounds that apply, the most familiar first."""
    bounds = []
    has_mean = mean.low is not None and mean.high is not None
    if len(lows) == len(highs) == number:
        bounds.append(popoviciu(lows[0], highs[-1], number, ddof))
        if has_mean:
            bounds.append(bhatia_davis(mean, lows[0], highs[-1], number, ddof))
    printed = {
        share: window
        for share, window in quantiles.items()
        if window.low is not None and window.high is not None
    }
    if Fraction(0) in printed and Fraction(1) in printed:
        bounds.append(range_spread(printed[Fraction(0)], printed[Fraction(1)], number, ddof))
    if has_mean:
        bounds += [
            quantile_distance(mean, window, share, number, ddof, definitions)
            for share, window in printed.items()
        ]
    return tuple(bounds)
