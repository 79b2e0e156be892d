"""Straight lines and correlations: what R squared, a slope and its error say of the p-value.

With n points the whole table of a simple regression hangs on one number, the share r^2 of the
variance that the line explains, and on the sign of the slope.  Each printed value is a window of
that share, and the p-value falls as the share or the number of points grows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Final

from netcore.printed import Interval
from netcore.stats.elementary_enclosures import exp_enclosure
from netcore.stats.enclosures import Enclosure
from netcore.stats.tail_enclosures import student_tail, two_sided_quantile

__all__ = [
    "STATISTICS",
    "Line",
    "Points",
    "adjusted_share",
    "correlation_limits",
    "line_of",
    "p_of_share",
    "p_range_of_shares",
    "points_on_line",
    "rank_correlations",
    "share_of_adjusted",
    "shares",
    "squared_quantile",
    "squared_t",
]

STATISTICS: Final = (
    "r.squared",
    "adj.r.squared",
    "correlation",
    "slope",
    "slope.std.error",
    "slope.conf.low",
    "slope.conf.high",
    "statistic",
)
"""Values of a line whose windows :func:`shares` takes; ``statistic`` is t or its square F."""

_LEVEL: Final = Fraction(95, 100)
_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)
_UNIT: Final = Interval(_ZERO, _ONE)
_ROOT: Final = 1 << 80
_NEAR: Final = Fraction(1, 2 * 10**9)  # a guess of a quantile is proved to one part in so many
_FARTHEST: Final = 1e12


def _check(number: int) -> None:
    if number < 3:
        raise ValueError(f"found {number} points, expected at least 3")


def squared_t(share: Fraction, number: int) -> Fraction | None:
    """Return t^2 (which is F) of a line through so many points.

    Parameters
    ----------
    share : Fraction
        R squared, from 0 to 1.
    number : int
        Of points, at least 3.

    Returns
    -------
    Fraction or None
        Of t = r sqrt((n - 2) / (1 - r^2)); None, for infinity, where all points are on the line.

    Raises
    ------
    ValueError
        If the share is none or there are fewer than 3 points.

    Examples
    --------
    >>> squared_t(Fraction(1, 2), 12)
    Fraction(10, 1)
    """
    _check(number)
    if not 0 <= share <= 1:
        raise ValueError(f"found R squared {share}, expected 0 to 1")
    return None if share == 1 else share * (number - 2) / (1 - share)


def p_of_share(share: Fraction, number: int) -> Enclosure:
    """Enclose the two-sided p-value of R squared.

    Parameters
    ----------
    share : Fraction
        R squared, from 0 to 1.
    number : int
        Of points, at least 3.

    Returns
    -------
    Enclosure
        Bounds on the p-value of the slope, of the line and of Pearson's correlation, which
        are one.

    Raises
    ------
    ValueError
        If the share is none or there are fewer than 3 points.

    Notes
    -----
    The tail of Student's distribution with n - 2 degrees of freedom at
    t = r sqrt((n - 2) / (1 - r^2)).

    Examples
    --------
    Twenty-three points, R squared 0.1085:

    >>> low, high = p_of_share(Fraction(1085, 10_000), 23)
    >>> round(float(low), 4), high - low < Fraction(1, 10**12)
    (0.1248, True)
    """
    square = squared_t(share, number)
    return Enclosure(_ZERO, _ZERO) if square is None else student_tail(square, number - 2)


def p_range_of_shares(window: Interval, number: int) -> Interval:
    """Return the p-values that R squared in a window gives.

    Parameters
    ----------
    window : Interval
        Of R squared; what lies outside 0 to 1 is left out.
    number : int
        Of points, at least 3.

    Returns
    -------
    Interval
        Closed and rounded outwards; the p-value falls as R squared grows.

    Raises
    ------
    ValueError
        If no share lies in the window or there are fewer than 3 points.

    Examples
    --------
    >>> found = p_range_of_shares(Interval(Fraction("0.10845"), Fraction("0.10855")), 23)
    >>> round(float(found.low), 4), round(float(found.high), 4)
    (0.1247, 0.1249)
    """
    within = window.meet(_UNIT)
    if within.is_empty:
        raise ValueError(f"found R squared in {window}, expected some share from 0 to 1")
    assert within.low is not None
    assert within.high is not None
    return Interval(p_of_share(within.high, number).low, p_of_share(within.low, number).high)


def adjusted_share(share: Fraction, number: int) -> Fraction:
    """Return adjusted R squared of a line on one variable.

    Parameters
    ----------
    share : Fraction
        R squared.
    number : int
        Of points, at least 3.

    Returns
    -------
    Fraction
        1 - (1 - r^2) (n - 1) / (n - 2), which may be negative.

    Raises
    ------
    ValueError
        If there are fewer than 3 points.

    Examples
    --------
    >>> adjusted_share(Fraction(1, 2), 12)
    Fraction(9, 20)
    """
    _check(number)
    return 1 - (1 - share) * Fraction(number - 1, number - 2)


def share_of_adjusted(adjusted: Fraction, number: int) -> Fraction:
    """Return R squared of a line on one variable from adjusted R squared.

    Parameters
    ----------
    adjusted : Fraction
        Adjusted R squared.
    number : int
        Of points, at least 3.

    Returns
    -------
    Fraction
        1 - (1 - a) (n - 2) / (n - 1).

    Raises
    ------
    ValueError
        If there are fewer than 3 points.

    Examples
    --------
    >>> share_of_adjusted(Fraction(9, 20), 12)
    Fraction(1, 2)
    """
    _check(number)
    return 1 - (1 - adjusted) * Fraction(number - 2, number - 1)


# --- Windows --------------------------------------------------------------------------------------


def _of_side(window: Interval, sign: int) -> Interval:
    """Return the sizes of the numbers of one sign in a window."""
    if sign < 0:
        window = Interval(
            None if window.high is None else -window.high,
            None if window.low is None else -window.low,
            window.high_closed,
            window.low_closed,
        )
    return window.meet(Interval(_ZERO, None))


def _square(sizes: Interval) -> Interval:
    high = None if sizes.high is None else sizes.high**2
    return Interval((sizes.low or _ZERO) ** 2, high, sizes.low_closed, sizes.high_closed)


def _share_of_squares(squares: Interval, number: int) -> Interval:
    """Return r^2 = t^2 / (t^2 + n - 2) for t^2 in an interval."""

    def share(square: Fraction) -> Fraction:
        return square / (square + number - 2)

    high = _ONE if squares.high is None else share(squares.high)
    return Interval(share(squares.low or _ZERO), high, squares.low_closed, squares.high_closed)


def _quotient(numerator: Interval, denominator: Interval) -> Interval:
    """Return what quotients of numbers of at least 0 can be; 0 as a divisor allows any."""
    least, most = denominator.low, denominator.high
    low = (numerator.low or _ZERO) / most if most else _ZERO
    high = numerator.high / least if least and numerator.high is not None else None
    return Interval(low, high)


def _roots(square: Enclosure) -> tuple[Fraction, Fraction]:
    down = isqrt(square.low.numerator * _ROOT**2 // square.low.denominator)
    up = isqrt(-(-square.high.numerator * _ROOT**2 // square.high.denominator)) + 1
    return Fraction(down, _ROOT), Fraction(up, _ROOT)


def squared_quantile(probability: Fraction, df: int) -> Enclosure:
    """Enclose the square that Student's statistic exceeds with a given probability.

    Parameters
    ----------
    probability : Fraction
        Both tails together, between 0 and 1.
    df : int
        Degrees of freedom, at least 1.

    Returns
    -------
    Enclosure
        Bounds that mostly differ by one part in 1e9: a guess in floating point, proved by the
        enclosed tails of its neighbours; by halving where the proof fails.

    Raises
    ------
    ValueError
        If the probability is not between 0 and 1, or there is no degree of freedom.

    Examples
    --------
    >>> low, high = squared_quantile(Fraction(1, 20), 10)
    >>> round(float(low) ** 0.5, 6), high - low < Fraction(1, 10**7)
    (2.228139, True)
    """
    if 0 < probability < 1 and df >= 1:
        from scipy.stats import t as student

        guess = float(student.isf(float(probability) / 2, df)) ** 2
        if 0 < guess < _FARTHEST:
            near = Fraction(guess)
            low, high = near * (1 - _NEAR), near * (1 + _NEAR)
            if student_tail(low, df).low >= probability >= student_tail(high, df).high:
                return Enclosure(low, high)
    return two_sided_quantile(probability, df)


def _of_limits(low: Interval, high: Interval, number: int, level: Fraction) -> Interval | None:
    """Return the squared t of limits b -+ q SE with b at least 0: q (h + l) / (h - l)."""
    if None in (low.low, low.high, high.low, high.high):
        return Interval(_ZERO, None)
    a, b, c, d = low.low, low.high, high.low, high.high
    assert a is not None
    assert b is not None
    assert c is not None
    assert d is not None
    if d < a or b + d < 0:
        return None
    q_low, q_high = _roots(squared_quantile(1 - level, number - 2))
    # For one limit fixed (h + l) / (h - l) is monotone in the other while l < h, and grows
    # without end as they meet.
    quotients = [(h + x) / (h - x) for x in (a, b) for h in (c, d) if h > x]
    least = max(_ZERO, min(quotients, default=_ZERO))
    most = None if b >= c else max(quotients)
    return Interval(
        (least * q_low) ** 2, None if most is None else (max(most, _ZERO) * q_high) ** 2
    )


def shares(
    number: int, printed: Mapping[str, Interval], sign: int, level: Fraction = _LEVEL
) -> Interval | None:
    """Return the R squared that several printed values of one line leave.

    Parameters
    ----------
    number : int
        Of points, at least 3.
    printed : Mapping of str to Interval
        Windows of some of :data:`STATISTICS`.
    sign : int
        1 for a line that rises or is level, -1 for one that falls or is level.
    level : Fraction
        Of the interval of the slope.

    Returns
    -------
    Interval or None
        All that meet all windows one by one; None if there are none.  Slope, error and limits
        are taken two by two, so that together they may leave less.

    Raises
    ------
    ValueError
        If there are fewer than 3 points or a name is none of the statistics.

    Notes
    -----
    With u = r^2: R squared is u, adjusted R squared 1 - (1 - u)(n - 1)/(n - 2), the correlation
    +-sqrt(u), and t = b / SE with t^2 = u (n - 2) / (1 - u).  Limits b -+ q SE, with q the
    quantile of Student's distribution, have t = q (h + l) / (h - l).

    Examples
    --------
    Slope 2.0 with SE 0.5 of 20 points: t between 1.95/0.55 and 2.05/0.45.

    >>> window = lambda x: Interval(Fraction(x) - Fraction(1, 20), Fraction(x) + Fraction(1, 20))
    >>> found = shares(20, {"slope": window("2.0"), "slope.std.error": window("0.5")}, 1)
    >>> round(float(found.low), 3), round(float(found.high), 3)
    (0.411, 0.536)
    >>> shares(20, {"slope": window("2.0"), "correlation": window("-0.7")}, 1) is None
    True
    """
    _check(number)
    if unknown := set(printed) - set(STATISTICS):
        raise ValueError(f"found {sorted(unknown)}, expected some of {', '.join(STATISTICS)}")
    if sign not in (1, -1):
        raise ValueError(f"found sign {sign}, expected 1 or -1")
    found = _UNIT
    if "r.squared" in printed:
        found = found.meet(printed["r.squared"])
    if "adj.r.squared" in printed:
        window = printed["adj.r.squared"]
        low, high = (
            None if end is None else share_of_adjusted(end, number)
            for end in (window.low, window.high)
        )
        found = found.meet(Interval(low, high, window.low_closed, window.high_closed))
    if "correlation" in printed:
        sizes = _of_side(printed["correlation"], sign)
        found = Interval(_ONE, _ZERO) if sizes.is_empty else found.meet(_square(sizes))
    for squares in _squares(number, printed, sign, level):
        if squares is None or squares.is_empty:
            return None
        found = found.meet(_share_of_squares(squares, number))
    return None if found.is_empty else found


def _squares(
    number: int, printed: Mapping[str, Interval], sign: int, level: Fraction
) -> Sequence[Interval | None]:
    """Return what t^2 can be by the slope and what stands beside it."""
    found: list[Interval | None] = []
    slope = _of_side(printed["slope"], sign) if "slope" in printed else None
    if slope is not None and slope.is_empty:
        return [None]
    error = printed["slope.std.error"].meet(Interval(_ZERO, None)) if "slope.std.error" in printed else None  # fmt: skip
    if error is not None and error.is_empty:
        return [None]
    if slope is not None and error is not None:
        found.append(_square(_quotient(slope, error)))
    if "slope.conf.low" in printed and "slope.conf.high" in printed:
        low, high = printed["slope.conf.low"], printed["slope.conf.high"]
        if sign < 0:
            low, high = _negative(high), _negative(low)
        found.append(_of_limits(low, high, number, level))
    if "statistic" in printed:
        window = printed["statistic"]
        as_t = _square(_of_side(window, sign)) if not _of_side(window, sign).is_empty else None
        as_f = window.meet(Interval(_ZERO, None))
        found.append(_hull(as_t, None if as_f.is_empty else as_f))
    return found


def _negative(window: Interval) -> Interval:
    return Interval(
        None if window.high is None else -window.high,
        None if window.low is None else -window.low,
        window.high_closed,
        window.low_closed,
    )


def _hull(first: Interval | None, second: Interval | None) -> Interval | None:
    if first is None or second is None:
        return second if first is None else first
    low = min(first.low or _ZERO, second.low or _ZERO)
    if first.high is None or second.high is None:
        return Interval(low, None)
    return Interval(low, max(first.high, second.high))


# --- Confidence intervals -------------------------------------------------------------------------


def correlation_limits(
    correlation: Fraction, number: int, level: Fraction = _LEVEL
) -> tuple[Enclosure, Enclosure]:
    """Enclose the limits of a correlation by Fisher's transformation: an approximation.

    Parameters
    ----------
    correlation : Fraction
        Between -1 and 1.
    number : int
        Of points, at least 4.
    level : Fraction
        Of the interval.

    Returns
    -------
    tuple of (Enclosure, Enclosure)
        Where the lower and the upper limit lie, as the formula says; the formula itself is an
        approximation, and other methods give other limits.

    Raises
    ------
    ValueError
        If the correlation is not between -1 and 1, or there are fewer than 4 points.

    Notes
    -----
    tanh(artanh r -+ z / sqrt(n - 3)).  With w = (1 + r) / (1 - r) that is
    (w e - 1) / (w e + 1), e = exp(-+2 z / sqrt(n - 3)).

    References
    ----------
    Fisher RA (1921). On the "probable error" of a coefficient of correlation deduced from a
    small sample. Metron 1:3-32.

    Examples
    --------
    >>> low, high = correlation_limits(Fraction(-33, 100), 23)
    >>> round(float(low.low), 4), round(float(high.high), 4)
    (-0.6533, 0.0951)
    """
    if not -1 < correlation < 1 or number < 4:
        raise ValueError(
            f"found correlation {correlation} of {number} points, expected -1 to 1 and 4 or more"
        )
    square = two_sided_quantile(1 - level)
    half = _roots(Enclosure(4 * square.low / (number - 3), 4 * square.high / (number - 3)))
    w = (1 + correlation) / (1 - correlation)

    def limit(factor: Fraction) -> Fraction:
        return (w * factor - 1) / (w * factor + 1)

    wide, narrow = exp_enclosure(half[1]), exp_enclosure(half[0])
    return (
        Enclosure(limit(1 / wide.high), limit(1 / narrow.low)),
        Enclosure(limit(narrow.low), limit(wide.high)),
    )


# --- Ranks ----------------------------------------------------------------------------------------


def rank_correlations(number: int) -> tuple[Fraction, ...]:
    """Return all values that Spearman's correlation can have without ties.

    Parameters
    ----------
    number : int
        Of pairs, at least 2.

    Returns
    -------
    tuple of Fraction
        In ascending order.

    Raises
    ------
    ValueError
        If there are fewer than 2 pairs.

    Notes
    -----
    rho = 1 - 6 D / (n (n^2 - 1)), D the sum of squared differences of ranks.  D is even, as
    squares are odd where differences are and these sum to 0, and at most n (n^2 - 1) / 3.  All
    even numbers up to that are attained from four pairs on: appending a last pair with equal
    ranks keeps D, reversing one ranking changes D to its greatest value less D, and both together
    cover everything from n = 5 on, since (n - 2) / (n + 1) >= 1/2.  Of three pairs 4 is missing.
    With ties midranks give other values.

    Examples
    --------
    >>> [str(rho) for rho in rank_correlations(3)]
    ['-1', '-1/2', '1/2', '1']
    >>> len(rank_correlations(10))
    166
    """
    if number < 2:
        raise ValueError(f"found {number} pairs, expected at least 2")
    cubed = number**3 - number
    distances = [d for d in range(0, cubed // 3 + 1, 2) if (number, d) not in ((3, 4),)]
    return tuple(1 - Fraction(6 * d, cubed) for d in reversed(distances))


# --- Constructed points ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """What software computes of a straight line through points, exactly.

    Parameters
    ----------
    number : int
        Of points.
    share : Fraction
        R squared.
    slope, intercept : Fraction
        Of the line of least squares.
    squared_error : Fraction
        The square of the standard error of the slope.
    """

    number: int
    share: Fraction
    slope: Fraction
    intercept: Fraction
    squared_error: Fraction

    @property
    def sign(self) -> int:
        """1 where the line rises, -1 where it falls, 0 where it is level."""
        return (self.slope > 0) - (self.slope < 0)


Points = tuple[tuple[Fraction, Fraction], ...]
"""Points of a scatter plot, x before y."""


def line_of(points: Points) -> Line:
    """Return the line of least squares through points.

    Parameters
    ----------
    points : tuple of (Fraction, Fraction)
        Three or more points, not all above one another nor at one height.

    Returns
    -------
    Line
        Exact.

    Raises
    ------
    ValueError
        If there is no line.

    Examples
    --------
    >>> line = line_of(tuple((Fraction(x), Fraction(y)) for x, y in ((0, 0), (1, 2), (2, 1))))
    >>> line.share, line.slope, line.squared_error
    (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
    """
    n = len(points)
    _check(n)
    mean_x = sum((x for x, _ in points), _ZERO) / n
    mean_y = sum((y for _, y in points), _ZERO) / n
    sxx = sum(((x - mean_x) ** 2 for x, _ in points), _ZERO)
    syy = sum(((y - mean_y) ** 2 for _, y in points), _ZERO)
    sxy = sum(((x - mean_x) * (y - mean_y) for x, y in points), _ZERO)
    if not sxx or not syy:
        raise ValueError("found points in one line up or across, expected a slope and a spread")
    slope = sxy / sxx
    share = sxy**2 / (sxx * syy)
    error = (1 - share) * syy / ((n - 2) * sxx)
    return Line(n, share, slope, mean_y - slope * mean_x, error)


def points_on_line(
    number: int, share: Fraction, slope: Fraction, intercept: Fraction = _ZERO
) -> Points:
    """Construct points with a given number, slope and intercept, and about a given R squared.

    Parameters
    ----------
    number : int
        Of points, at least 3.
    share : Fraction
        R squared, above 0 and at most 1.
    slope, intercept : Fraction
        Of their line; the slope is not 0.

    Returns
    -------
    tuple of (Fraction, Fraction)
        Points whose line has exactly this slope and intercept, and R squared within one part
        in 1e12 of the wanted (see :func:`line_of` for what it is).

    Raises
    ------
    ValueError
        If there are fewer than 3 points, the slope is 0 or the share not above 0.

    Notes
    -----
    x is -m .. m (or so), e is orthogonal to 1 and to x, and y = a + b x + c e with
    c^2 = b^2 Sxx (1 - u) / (u See), of which the root is rounded.

    Examples
    --------
    >>> points = points_on_line(8, Fraction(1, 4), Fraction(-2), Fraction(3))
    >>> line = line_of(points)
    >>> line.slope, line.intercept, abs(line.share - Fraction(1, 4)) < Fraction(1, 10**12)
    (Fraction(-2, 1), Fraction(3, 1), True)
    """
    _check(number)
    if slope == 0 or not 0 < share <= 1:
        raise ValueError(f"found slope {slope} with R squared {share}, expected neither to be 0")
    middle = Fraction(number - 1, 2)
    x = [k - middle for k in range(number)]
    sxx = sum((value**2 for value in x), _ZERO)
    mean = sxx / number
    e = [value**2 - mean for value in x]  # even, so orthogonal to x; with mean 0
    see = sum((value**2 for value in e), _ZERO)
    square = slope**2 * sxx * (1 - share) / (share * see)
    c = Fraction(isqrt(square.numerator * _ROOT**2 // square.denominator), _ROOT)
    return tuple((one, intercept + slope * one + c * rest) for one, rest in zip(x, e, strict=True))
