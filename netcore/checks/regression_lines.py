"""Lines and correlations as a study prints them, and the numbers of points with which they hold.

All that is printed of one regression in one group belongs to one line: R squared, the
correlation, the slope with its error and limits, and the p-value.  How many points there were is
mostly not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise, product
from types import MappingProxyType
from typing import Final

from netcore.checks.estimands import (
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
    significance,
)
from netcore.checks.finding import Conventions
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes
from netcore.checks.printings import disagree
from netcore.printed import Interval
from netcore.stats.interval_arithmetic import scaled
from netcore.stats.regression import (
    STATISTICS,
    Line,
    Points,
    adjusted_share,
    line_of,
    p_of_share,
    p_range_of_shares,
    points_on_line,
    shares,
    squared_quantile,
    squared_t,
)
from netcore.study import Claim, Study

__all__ = [
    "P_VALUE",
    "PrintedLine",
    "Value",
    "Windows",
    "fitting_numbers",
    "implied",
    "printed_lines",
    "witness",
]

P_VALUE: Final = "p.value"
_NAMES: Final = frozenset((*STATISTICS, P_VALUE))
_UNIT: Final = Interval(Fraction(0), Fraction(1))
_DOMAINS: Final = MappingProxyType(
    {
        "r.squared": _UNIT,
        "p.value": _UNIT,
        "adj.r.squared": Interval(None, Fraction(1)),
        "correlation": Interval(Fraction(-1), Fraction(1)),
        "slope.std.error": Interval(Fraction(0), None),
    }
)
_MOST_POINTS: Final = 1_500  # numbers of points that are looked at
_MOST_UNLIMITED: Final = 150  # the same where nothing printed limits the group
_MOST_TAILS: Final = 200  # p-values that are worked out for one question
_MOST_OPTIONS: Final = 16
_STEPS: Final = 16  # shares that are tried for a witness
_HALVINGS: Final = 60
_LEAST_P: Final = Fraction(1, 10**9)

Windows = Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Value:
    """One printed value of a line.

    Parameters
    ----------
    name : str
        One of the statistics of a line, or ``p.value``.
    window : Interval
        The numbers that print so.
    wide : Interval
        Those that would if digits may have been cut off.
    claims : tuple of Claim
        The rows that print it.
    """

    name: str
    window: Interval
    wide: Interval
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """All that a study prints of one regression in one group.

    Parameters
    ----------
    population, analysis, at : str
        Of whom, which analysis, and when.
    options : tuple of Mapping of str to Value
        Ways to read the rows.
    are_all : bool
        Whether there are no others, so that one of them is meant.
    of_all : range
        How many points there are if all of the group were analysed; empty where nothing
        printed limits the group.
    of_fewer : range
        How many there are if some were not.
    sizes : tuple of Claim
        The rows that print the size of the group.
    """

    population: str
    analysis: str
    at: str
    options: tuple[Mapping[str, Value], ...]
    are_all: bool
    of_all: range
    of_fewer: range
    sizes: tuple[Claim, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rows of the line, each once."""
        rows = (row for option in self.options for value in option.values() for row in value.claims)
        return tuple(dict.fromkeys(rows))


def printed_lines(
    study: Study, conventions: Conventions, sizes: Sizes, tests: frozenset[str]
) -> tuple[PrintedLine, ...]:
    """Gather what a study prints of each regression and correlation.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    sizes : Sizes
        Sizes of all groups.
    tests : frozenset of str
        Names of tests; analyses that may be one of them are gathered.

    Returns
    -------
    tuple of PrintedLine
        In the order of the rows.  Places that print a value differently give several ways to
        read it.
    """
    found: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in study.claims:
        ways = readings(claim)
        keys = {(way.population, way.analysis, way.at) for way in ways}
        if len(keys) > 1 or not claim.analysis or study.printed(claim).kind == "about":
            continue
        analysis = study.analyses[claim.analysis]
        if (
            {way.stat_name for way in ways} <= _NAMES
            and analysis.with_ is not None
            and tests & set(analysis.test)
            and is_patient_data(study, claim)
            and is_first_hand(study, claim)
        ):
            found.setdefault(keys.pop(), []).append(claim)
    return tuple(_line(study, conventions, sizes, key, rows) for key, rows in found.items())


def _line(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    key: tuple[str, str, str],
    rows: Sequence[Claim],
) -> PrintedLine:
    cell = population_cell(study, key[0])
    low, high = sizes.span(cell)
    is_one = any(study.populations[name].size for name in (key[0], *study.ancestors(key[0])))
    if is_one or high >= NO_LIMIT:
        all_of, fewer = range(0), range(3, 1 if is_one else _MOST_UNLIMITED + 1)
    else:
        all_of = range(max(low, 3), min(high, _MOST_POINTS) + 1)
        fewer = range(3, min(max(low, 3), _MOST_POINTS + 1))
    options = tuple(islice(_options(study, conventions, rows), _MOST_OPTIONS + 1))
    are_all = len(options) <= _MOST_OPTIONS
    return PrintedLine(*key, options[:_MOST_OPTIONS], are_all, all_of, fewer, sizes.claims(cell))


def _options(
    study: Study, conventions: Conventions, rows: Sequence[Claim]
) -> Iterator[Mapping[str, Value]]:
    """Yield every way to read the rows; those of the same places are read alike."""
    labels = list(dict.fromkeys((row.stat_name, row.location) for row in rows))
    for names in product(*(label.split("|") for label, _ in labels)):
        read = dict(zip(labels, names, strict=True))
        of_name: dict[str, list[Claim]] = {}
        for row in rows:
            of_name.setdefault(read[row.stat_name, row.location], []).append(row)
        values = [list(_values(study, conventions, name, some)) for name, some in of_name.items()]
        for choice in product(*values):
            yield {value.name: value for value in choice}


def _values(
    study: Study, conventions: Conventions, name: str, rows: Sequence[Claim]
) -> Iterator[Value]:
    """Yield the values that rows of one statistic print: one if they agree."""
    bundles: list[list[Claim]] = []
    for row in rows:
        for bundle in bundles:
            if not any(disagree(study, row, other, conventions) for other in bundle):
                bundle.append(row)
                break
        else:
            bundles.append([row])
    for bundle in bundles:
        plain = wide = _DOMAINS.get(name, Interval(None, None))
        for row in bundle:
            plain = plain.meet(_window(study, conventions, name, row, conventions.rounding))
            wide = wide.meet(_window(study, conventions, name, row, "any"))
        yield Value(name, plain, wide, tuple(bundle))


def _window(
    study: Study, conventions: Conventions, name: str, row: Claim, rounding: str
) -> Interval:
    alpha = significance(study, conventions.alpha)
    window = study.printed(row).window(rounding, alpha=alpha)
    is_share = row.unit == "%" and name in ("r.squared", "adj.r.squared")
    return scaled(window, Fraction(1, 100)) if is_share else window


# --- Numbers of points ----------------------------------------------------------------------------


def _sides(windows: Windows, number: int) -> list[Interval]:
    """Return the shares that all windows but that of the p-value leave, rising and falling."""
    lines = {name: window for name, window in windows.items() if name in STATISTICS}
    found = (shares(number, lines, sign) for sign in (1, -1))
    return [left for left in found if left is not None]


def _meets(windows: Windows, number: int) -> bool:
    sides = _sides(windows, number)
    p = windows.get(P_VALUE)
    if p is None or not sides:
        return bool(sides)
    return any(p_range_of_shares(left, number).meets(p) for left in sides)


def fitting_numbers(windows: Windows, numbers: range) -> tuple[tuple[int, ...], bool]:
    """Return with how many points some values can belong to one line.

    Parameters
    ----------
    windows : Mapping of str to Interval
        Windows of statistics of a line, and of its p-value.
    numbers : range
        Numbers of points to look at.

    Returns
    -------
    fitting : tuple of int
        Those with which the windows do not exclude one another, as far as was looked.
    is_complete : bool
        Whether no other number of the range can be among them.

    Notes
    -----
    An exclusion is exact: shares of variance are fractions, and p-values are enclosed.  With
    more points the p-value of what is printed mostly falls.  Where it does, as the squares of t
    rise with the number of points, the numbers that fit are found by halving.
    """
    p = windows.get(P_VALUE)
    left = {number: sides for number in numbers if (sides := _sides(windows, number))}
    if p is None:
        return tuple(left), True
    if len(left) <= _MOST_TAILS // 4:
        return tuple(number for number in left if _meets(windows, number)), True
    known = list(left)
    if not _rises(left):
        few = known[:: max(1, len(known) // (_MOST_TAILS // 4))]
        return tuple(number for number in few if _meets(windows, number)), False
    # The greatest p-value falls with the number of points, and so does the least.
    first, last = 0, len(known)
    while first < last:  # from here on the least p-value is small enough
        middle = (first + last) // 2
        least = min(p_range_of_shares(side, known[middle]).low or 0 for side in left[known[middle]])
        if p.high is not None and least > p.high:
            first = middle + 1
        else:
            last = middle
    start = first
    first, last = 0, len(known)
    while first < last:  # up to here the greatest is large enough
        middle = (first + last) // 2
        most = max(p_range_of_shares(side, known[middle]).high or 0 for side in left[known[middle]])
        if p.low is not None and most < p.low:
            last = middle
        else:
            first = middle + 1
    return tuple(known[start:first]), True


def _rises(left: Mapping[int, Sequence[Interval]]) -> bool:
    """Return whether the least and the greatest t^2 never fall as points are added."""
    ends: list[tuple[Fraction, Fraction | None]] = []
    for number, sides in left.items():
        low = min(squared_t(side.low or Fraction(0), number) or Fraction(0) for side in sides)
        squares = [squared_t(side.high or Fraction(0), number) for side in sides]
        known = [square for square in squares if square is not None]
        ends.append((low, max(known) if len(known) == len(squares) else None))
    return all(
        one[0] <= other[0] and (other[1] is None or (one[1] is not None and one[1] <= other[1]))
        for one, other in pairwise(ends)
    )


def _least_square(p: Fraction, df: int) -> Fraction:
    """Return a squared t below which a p-value is above p; a lower one where p is tiny."""
    while p < 1:
        try:
            return squared_quantile(p, df).low
        except ValueError:  # the tail of so few degrees of freedom is not enclosed so narrowly
            p *= 10
    return Fraction(0)


def _most_square(p: Fraction, df: int) -> Fraction | None:
    """Return a squared t above which a p-value is below p; None where p is tiny."""
    try:
        return squared_quantile(p, df).high
    except ValueError:
        return None


def _with_p(windows: Windows, number: int) -> list[Interval]:
    """Return the shares that all windows leave, that of the p-value among them."""
    sides = _sides(windows, number)
    p = windows.get(P_VALUE)
    if p is None:
        return sides
    low, high = p.low or Fraction(0), Fraction(1) if p.high is None else p.high
    df = number - 2
    least = _least_square(high, df) if 0 < high < 1 else Fraction(0)
    most = _most_square(low, df) if _LEAST_P < low < 1 else None
    within = Interval(least / (least + df), Fraction(1) if most is None else most / (most + df))
    return [met for side in sides if not (met := side.meet(within)).is_empty]


def implied(windows: Windows, name: str, numbers: Sequence[int]) -> Interval | None:
    """Return what the other values of a line leave of one.

    Parameters
    ----------
    windows : Mapping of str to Interval
        Windows of all values.
    name : str
        ``r.squared``, ``adj.r.squared`` or ``p.value``.
    numbers : sequence of int
        Of points, that are possible.

    Returns
    -------
    Interval or None
        Closed, rounded outwards; None where nothing follows.
    """
    others = {key: window for key, window in windows.items() if key != name}
    ends: list[Fraction] = []
    for number in numbers:
        for side in _with_p(others, number):
            if name == P_VALUE:
                found = p_range_of_shares(side, number)
            else:
                pair = (side.low or Fraction(0), Fraction(1) if side.high is None else side.high)
                if name == "adj.r.squared":
                    pair = (adjusted_share(pair[0], number), adjusted_share(pair[1], number))
                found = Interval(*pair)
            ends += [end for end in (found.low, found.high) if end is not None]
    return Interval(min(ends), max(ends)) if ends else None


# --- Witnesses ------------------------------------------------------------------------------------


def witness(windows: Windows, number: int, intercept: Interval | None = None) -> Points | None:
    """Construct points whose line prints all the values.

    Parameters
    ----------
    windows : Mapping of str to Interval
        Windows of statistics of a line, and of its p-value.
    number : int
        Of points, at least 3.
    intercept : Interval, optional
        Window of the intercept.

    Returns
    -------
    tuple of (Fraction, Fraction) or None
        Checked exactly against every window; None if none were found, which proves nothing.
    """
    for sign in (1, -1):
        left = shares(number, {k: w for k, w in windows.items() if k in STATISTICS}, sign)
        if left is None:
            continue
        for share in _candidates(left, windows.get(P_VALUE), number):
            slope = _slope(windows, share, number, sign)
            if slope is None:
                continue
            points = points_on_line(number, share, slope)
            points = _moved(points, slope, intercept)
            if _prints(line_of(points), windows):
                return points
    return None


def _candidates(left: Interval, p: Interval | None, number: int) -> Iterator[Fraction]:
    low, high = left.low or Fraction(0), Fraction(1) if left.high is None else left.high
    low = max(low, Fraction(1, 10**9))
    if low > high:
        return
    if p is not None:
        found = _share_of_p(low, high, p, number)
        if found is not None:
            yield found
    for step in range(1, _STEPS):
        yield low + (high - low) * Fraction(step, _STEPS)
    yield from (low, high)


def _share_of_p(low: Fraction, high: Fraction, p: Interval, number: int) -> Fraction | None:
    """Return a share of which the p-value lies in a window, by halving."""
    bottom, top = p.low or Fraction(0), Fraction(1) if p.high is None else p.high
    wanted = (bottom + top) / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        found = p_of_share(middle, number)
        if found.low in p and found.high in p:
            return middle
        if found.low > wanted:
            low = middle
        else:
            high = middle
    return None


def _slope(windows: Windows, share: Fraction, number: int, sign: int) -> Fraction | None:
    """Return a slope with which the error and the limits are in their windows, or nearly."""
    square = squared_t(share, number)
    t = Fraction(float(square) ** 0.5) if square is not None else None
    window = Interval(Fraction(0), None, low_closed=False)
    if "slope" in windows:
        slopes = windows["slope"]
        window = window.meet(slopes if sign > 0 else scaled(slopes, Fraction(-1)))
    if t and "slope.std.error" in windows:
        window = window.meet(scaled(windows["slope.std.error"], t))
    if t:
        from scipy.stats import t as student

        ratio = Fraction(float(student.ppf(0.975, number - 2))) / t
        for name, factor in (("low", 1 - ratio), ("high", 1 + ratio)):
            limit = windows.get(f"slope.conf.{name if sign > 0 else _OTHER[name]}")
            if limit is not None and factor:
                window = window.meet(
                    scaled(limit if sign > 0 else scaled(limit, Fraction(-1)), 1 / factor)
                )
    if window.is_empty:
        return None
    low = window.low or Fraction(0)
    middle = low + 1 if window.high is None else (low + window.high) / 2
    return sign * middle.limit_denominator(10**9) if middle.limit_denominator(10**9) else None


_OTHER: Final = MappingProxyType({"low": "high", "high": "low"})


def _moved(points: Points, slope: Fraction, intercept: Interval | None) -> Points:
    """Move points so that all values are above 0, or the intercept is as printed."""
    across = 1 - min(x for x, _ in points)
    up = 1 - min(y for _, y in points)
    if intercept is not None:
        low = intercept.low if intercept.low is not None else (intercept.high or 1) - 1
        middle = (low + intercept.high) / 2 if intercept.high is not None else low + 1
        up = middle + slope * across - line_of(points).intercept
    return tuple((x + across, y + up) for x, y in points)


def _prints(line: Line, windows: Windows) -> bool:
    """Return whether a line has all the values, exactly; limits are compared by their t."""
    for name, window in windows.items():
        if name == "r.squared" and line.share not in window:
            return False
        if name == "adj.r.squared" and adjusted_share(line.share, line.number) not in window:
            return False
        if name == "correlation" and not _root_in(line.share, line.sign, window):
            return False
        if name == "slope" and line.slope not in window:
            return False
        if name == "slope.std.error" and not _root_in(line.squared_error, 1, window):
            return False
        if name == P_VALUE:
            p = p_of_share(line.share, line.number)
            if p.low not in window or p.high not in window:
                return False
        if name == "statistic":
            square = squared_t(line.share, line.number)
            if square is None or not (square in window or _root_in(square, line.sign, window)):
                return False
    limits = [windows[f"slope.conf.{end}"] for end in ("low", "high") if f"slope.conf.{end}" in windows]  # fmt: skip
    return not limits or _limits_print(line, windows)


def _limits_print(line: Line, windows: Windows) -> bool:
    square = squared_quantile(Fraction(1, 20), line.number - 2)
    for name, sign in (("slope.conf.low", -1), ("slope.conf.high", 1)):
        window = windows.get(name)
        if window is None:
            continue
        moved = Interval(
            None if window.low is None else window.low - line.slope,
            None if window.high is None else window.high - line.slope,
            window.low_closed,
            window.high_closed,
        )
        if not all(_root_in(end * line.squared_error, sign, moved) for end in square):
            return False
    return True


def _root_in(square: Fraction, sign: int, window: Interval) -> bool:
    """Return whether a root with a sign lies in a window, by squares."""
    if sign < 0:
        window = scaled(window, Fraction(-1))
    if window.high is not None and (
        window.high < 0
        or window.high**2 < square
        or (window.high**2 == square and not window.high_closed)
    ):
        return False
    low = window.low
    return low is None or low < 0 or low**2 < square or (low**2 == square and window.low_closed)
