"""Which p-values printed means and spreads can have, by each test that may have been made.

A printed mean, spread and number stand for many, and so does "t-test".  A printed
p-value is reached by a test if some numbers within all windows give it; it is
excluded if a list of boxes that hold all of them shows that none does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.mean_extremes import Point, Search, split
from netcore.stats.mean_statistics import Box, Comparison, Sample
from netcore.stats.moments.spread import NINETY_FIVE

__all__ = [
    "FLAVOURS",
    "Flavour",
    "PRange",
    "Piece",
    "Reach",
    "p_range",
    "reach_interval",
    "reach_p",
]

_BUDGET: Final = 4_000  # p-values bounded; each takes a fraction of a millisecond
_HALVINGS: Final = 100
_TOLERANCE: Final = Fraction(1, 10**4)
_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)
_NOWHERE: Final = Interval.point(0)


@dataclass(frozen=True, slots=True)
class Flavour:
    """One way to make a p-value of a comparison of means.

    Parameters
    ----------
    name : str
        Its key.
    test : str
        The test of :data:`netcore.study.vocabulary.TESTS` that it is a flavour
        of; ``z`` for the normal distribution.
    statistic : str
        One of :data:`netcore.stats.mean_statistics.STATISTICS`.
    sides : str
        ``both``; ``nearer``, the half of it beyond the difference seen; or
        ``farther``, the other side, 1 less that half.
    title : str
        What it is, as part of a sentence.
    """

    name: str
    test: str
    statistic: str
    sides: str
    title: str


def _flavours() -> Iterable[Flavour]:
    named = (
        ("student", "student_t", "Student's t-test"),
        ("welch", "welch_t", "Welch's t-test"),
        (
            "smaller_df",
            "welch_t",
            "the t-test with two variances and one degree of freedom less than the smaller group",
        ),
        ("z", "z", "the z-test"),
        ("z_pooled", "z", "the z-test with one variance"),
        ("one_sample_t", "student_t", "the t-test of one sample or of pairs"),
        ("one_sample_z", "z", "the z-test of one sample or of pairs"),
    )
    for name, test, title in named:
        yield Flavour(name, test, name, "both", title)
        yield Flavour(f"{name}_one_sided", test, name, "nearer", f"{title}, one-sided")
        yield Flavour(
            f"{name}_other_side", test, name, "farther", f"{title}, one-sided, the other side"
        )


FLAVOURS: Final[Mapping[str, Flavour]] = MappingProxyType({f.name: f for f in _flavours()})
"""All flavours by name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A box in which the two-sided p-value stays on one side of a window.

    Parameters
    ----------
    box : Box
        Ranges of numbers and spreads.
    side : str
        ``below`` or ``above`` the window.
    t_squared : Fraction or None
        The squared statistic is at least (below) or at most (above) this;
        None if it is beyond any number.
    df : Fraction or None
        So are the degrees of freedom; None for the normal distribution.
    bound : Fraction
        The p-value is at most (below) or at least (above) this: the tail of
        ``t_squared`` with ``df``.
    """

    box: Box
    side: Literal["below", "above"]
    t_squared: Fraction | None
    df: Fraction | None
    bound: Fraction


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a window of p-values is reached by one flavour.

    Parameters
    ----------
    flavour : str
        A key of :data:`FLAVOURS`.
    state : str
        ``reached``, ``excluded`` or ``open`` (the budget ended).
    witness : tuple of Point
        If reached: one point that gives such a p-value; or two with the same
        numbers, below and above, where the window is too narrow to hit.
    pieces : tuple of Piece
        If excluded: boxes that prove it.
    windows : tuple of Interval
        The two-sided p-values that would print so.
    """

    flavour: str
    state: Literal["reached", "excluded", "open"]
    witness: tuple[Point, ...] = ()
    pieces: tuple[Piece, ...] = ()
    windows: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class PRange:
    """The least and the greatest p-value of one flavour.

    Parameters
    ----------
    flavour : str
        A key of :data:`FLAVOURS`.
    low, high : Enclosure
        Between which bounds the least and the greatest p-value lie.
    """

    flavour: str
    low: Enclosure
    high: Enclosure

    @property
    def interval(self) -> Interval:
        """All p-values that may be possible."""
        return Interval(self.low.low, self.high.high)


def _two_sided(sides: str, window: Interval) -> Interval:
    """Return the two-sided p-values with which a p-value lies in a window."""
    low = _ZERO if window.low is None else window.low
    high = _ONE if window.high is None else window.high
    ends = window.low_closed or window.low is None, window.high_closed or window.high is None
    if sides == "nearer":
        low, high = 2 * low, 2 * high
    elif sides == "farther":
        low, high, ends = 2 - 2 * high, 2 - 2 * low, (ends[1], ends[0])
    return Interval(low, high, *ends).meet(Interval(_ZERO, _ONE))


def _point_of_way(search: Search, low: Point, high: Point, window: Interval) -> tuple[Point, ...]:
    """Return a point in a window on the way between one below and one above, if one is hit.

    The p-value is continuous on the way, so that the two points alone prove that there is one.
    """
    ends = tuple(abs(p.means[0] - sum(p.means[1:]) - p.against) for p in (low, high))
    start, stop = _ZERO, _ONE  # shares of the way with a p-value below and above the window
    point = high
    for _ in range(_HALVINGS):
        if point.p.low in window and point.p.high in window:
            return (point,)
        share = (start + stop) / 2
        spreads = tuple(a + share * (b - a) for a, b in zip(low.spreads, high.spreads, strict=True))
        point = search.point(low.numbers, spreads, ends[0] + share * (ends[1] - ends[0]))
        assert window.low is not None
        assert window.high is not None
        if point.p.low < window.low and point.p.high > window.high:
            break  # the window is narrower than the bounds of the p-value
        if point.p.low < window.low:
            start = share
        else:
            stop = share
    return low, high


def _reach_one_size(search: Search, box: Box, window: Interval) -> Reach | tuple[Piece, ...] | None:
    """Decide for one number of values in each group; None if it stays open."""
    assert window.low is not None
    assert window.high is not None
    top = search.extreme(box, greatest=True, enough=window.low)
    if top.bound < window.low:
        return tuple(_piece(search, part, below=True) for part in top.boxes)
    bottom = search.extreme(box, greatest=False, enough=window.high)
    if bottom.bound > window.high:
        return tuple(_piece(search, part, below=False) for part in bottom.boxes)
    high, low = top.best, bottom.best
    if high is None or low is None or high.p.low < window.low or low.p.high > window.high:
        return None
    found = _point_of_way(search, low, high, window)
    is_proved = len(found) == 1 or (window.low_closed and window.high_closed)
    return Reach("", "reached", found) if is_proved else None


def _piece(search: Search, box: Box, *, below: bool) -> Piece:
    least, greatest = search.comparison.squared_statistic(box, search.distance)
    freedom = search.comparison.degrees_of_freedom(box)
    p = search.comparison.p_value(box, search.distance)
    if below:
        return Piece(box, "below", least, None if freedom is None else freedom[0], p.high)
    return Piece(box, "above", greatest, None if freedom is None else freedom[1], p.low)


def _reach(search: Search, box: Box, window: Interval) -> Reach:
    """Decide for all numbers of values, the greatest of them first."""
    assert window.low is not None
    assert window.high is not None
    pieces: list[Piece] = []
    is_open = False
    waiting = [box]
    while waiting:
        part = waiting.pop()
        p = search.bounds(part)
        if p.high < window.low:
            pieces.append(_piece(search, part, below=True))
        elif p.low > window.high:
            pieces.append(_piece(search, part, below=False))
        elif not part.is_one_size:
            waiting += split(part, greatest=True, is_welch=False)
        else:
            found = _reach_one_size(search, part, window)
            if isinstance(found, Reach):
                return found
            is_open = is_open or found is None
            pieces += found or ()
        if search.budget <= 0:
            return Reach("", "open")
    return Reach("", "open") if is_open else Reach("", "excluded", pieces=tuple(pieces))


def _comparison(flavour: str, samples: Sequence[Sample]) -> tuple[Flavour, Comparison]:
    if flavour not in FLAVOURS:
        raise ValueError(f"found flavour {flavour!r}, expected one of {', '.join(FLAVOURS)}")
    return FLAVOURS[flavour], Comparison(FLAVOURS[flavour].statistic, tuple(samples))


def reach_p(
    flavour: str,
    samples: Sequence[Sample],
    window: Interval,
    *,
    against: Interval = _NOWHERE,
    budget: int = _BUDGET,
) -> Reach:
    """Decide whether a printed p-value can come from printed means and spreads.

    Parameters
    ----------
    flavour : str
        A key of :data:`FLAVOURS`.
    samples : sequence of Sample
        Two groups, or one for a test of one sample or of differences of pairs.
    window : Interval
        The p-values that print as printed, two- or one-sided as the flavour.
    against : Interval
        The mean that one sample is tested against, or the difference of two.
    budget : int
        How many p-values to bound before the question is left open.

    Returns
    -------
    Reach
        ``reached`` with values within all windows that give such a p-value;
        ``excluded`` with boxes that prove that none do; or ``open``.

    Raises
    ------
    ValueError
        If the flavour is unknown or wants another number of groups, or the
        window holds no p-value.

    Notes
    -----
    Means, spreads and the difference move freely within their windows:
    whether values with a step have such means is another question.  For one
    number of values in each group the p-values are an interval, as they
    change continuously.  Their greatest is at the least difference and their
    least at the greatest.  In Student's test they rise with each spread.  In
    Welch's test a greater spread may add so many degrees of freedom that the
    p-value falls, so that corners are not enough.  In the plane of the squared
    errors w_1 and w_2 the degrees of freedom depend on w_1 / w_2 alone, and
    along a ray from the origin the statistic falls: the greatest p-value is on
    the two outer edges of the rectangle, the least on the two inner ones.
    They are cut into pieces, in which the statistic and the degrees of freedom
    are bounded apart.

    To replay an exclusion: the boxes of each number of values hold the
    whole rectangle of spreads, or its two outer (below) or inner (above)
    edges; and in each the tail of ``t_squared`` with ``df`` is beyond the
    window.

    Examples
    --------
    Means 10.0 and 12.0, SD 3.0 and 4.0, 20 patients each:

    >>> def sample(mean: int, sd: int) -> Sample:
    ...     edge = Fraction(1, 20)
    ...     return Sample(
    ...         range(20, 21), Interval(mean - edge, mean + edge), Interval(sd - edge, sd + edge)
    ...     )
    >>> groups = sample(10, 3), sample(12, 4)
    >>> def printed(low: str, high: str) -> Interval:
    ...     return Interval(Fraction(low), Fraction(high))
    >>> reach_p("welch", groups, printed("0.0795", "0.0805")).state
    'reached'
    >>> reach_p("welch", groups, printed("0.0295", "0.0305")).state
    'excluded'
    """
    kind, comparison = _comparison(flavour, samples)
    two_sided = _two_sided(kind.sides, window)
    if two_sided.is_empty and kind.sides == "both":
        raise ValueError(f"found {window}, expected some number between 0 and 1")
    if two_sided.is_empty:
        return Reach(flavour, "excluded")
    found = _reach(Search(comparison, against, budget), comparison.whole(), two_sided)
    return Reach(flavour, found.state, found.witness, found.pieces, (two_sided,))


def p_range(
    flavour: str,
    samples: Sequence[Sample],
    *,
    against: Interval = _NOWHERE,
    tolerance: Fraction = _TOLERANCE,
    budget: int = _BUDGET,
) -> PRange:
    """Return the least and the greatest p-value that printed means and spreads can have.

    Parameters
    ----------
    flavour : str
        A key of :data:`FLAVOURS`.
    samples : sequence of Sample
        Two groups, or one for a test of one sample or of differences of pairs.
    against : Interval
        The mean that one sample is tested against, or the difference of two.
    tolerance : Fraction
        How near the bounds of each end are to be, as a share of it.
    budget : int
        How many p-values to bound; the ends are less narrow if it ends.

    Returns
    -------
    PRange
        Bounds on both ends.  With one number of values in each group every
        p-value between them is possible; with several there may be gaps.

    Raises
    ------
    ValueError
        If the flavour is unknown or wants another number of groups.

    Examples
    --------
    Ages 61.2 ± 5.0 (n = 10) and 55.1 ± 14.0 (n = 40): the two tests are disjoint.

    >>> def sample(number: int, mean: str, sd: str) -> Sample:
    ...     edge = Fraction(1, 20)
    ...     windows = (Interval(Fraction(v) - edge, Fraction(v) + edge) for v in (mean, sd))
    ...     return Sample(range(number, number + 1), *windows)
    >>> groups = sample(10, "61.2", "5.0"), sample(40, "55.1", "14.0")
    >>> for flavour in ("student", "welch"):
    ...     found = p_range(flavour, groups)
    ...     print(flavour, round(float(found.low.low), 4), round(float(found.high.high), 4))
    student 0.1756 0.1929
    welch 0.027 0.034
    """
    kind, comparison = _comparison(flavour, samples)
    ends = []
    for greatest in (False, True):
        search = Search(comparison, against, budget)
        found = search.extreme(comparison.whole(), greatest=greatest, tolerance=tolerance)
        assert found.best is not None
        p = found.best.p
        ends.append(Enclosure(p.low, found.bound) if greatest else Enclosure(found.bound, p.high))
    low, high = ends
    if kind.sides == "nearer":
        low, high = Enclosure(low.low / 2, low.high / 2), Enclosure(high.low / 2, high.high / 2)
    elif kind.sides == "farther":
        low, high = (
            Enclosure(1 - high.high / 2, 1 - high.low / 2),
            Enclosure(1 - low.high / 2, 1 - low.low / 2),
        )
    return PRange(flavour, low, high)


def reach_interval(
    flavour: str,
    samples: Sequence[Sample],
    lower: Interval,
    upper: Interval,
    *,
    level: Fraction = NINETY_FIVE,
    budget: int = _BUDGET,
) -> Reach:
    """Decide whether a printed interval of a difference can come from means and spreads.

    Parameters
    ----------
    flavour : str
        A two-sided flavour of :data:`FLAVOURS`, by which the interval is made.
    samples : sequence of Sample
        Two groups (the first mean less the second), or one for its own mean.
    lower, upper : Interval
        The numbers that print as the limits.
    level : Fraction
        Of the interval.
    budget : int
        How many p-values to bound before the question is left open.

    Returns
    -------
    Reach
        ``reached`` with points tested against a lower limit: one if its p-value is
        1 - level within the enclosure, else one below and one above;
        ``excluded``, with no boxes if the middle of the limits is no
        difference of the means; or ``open``.

    Raises
    ------
    ValueError
        If the flavour is unknown, not two-sided or wants another number of
        groups, or a limit has no window with two ends.

    Notes
    -----
    Limits d - h and d + h with h = q V^(1/2) belong to the level exactly if the
    test of d against the lower limit has the p-value 1 - level.  The half
    width h, with a difference d in its window, is at least half the least distance
    of the limits, and at least the least distance of d from either, and at most
    the greatest.

    Examples
    --------
    Means 10.0 and 12.0, SD 3.0 and 4.0, 20 patients each: −4.3 to 0.3.

    >>> def near(value: str) -> Interval:
    ...     return Interval(Fraction(value) - Fraction(1, 20), Fraction(value) + Fraction(1, 20))
    >>> groups = Sample(range(20, 21), near("10"), near("3")), Sample(
    ...     range(20, 21), near("12"), near("4")
    ... )
    >>> reach_interval("student", groups, near("-4.3"), near("0.3")).state
    'reached'
    >>> reach_interval("student", groups, near("-4.9"), near("0.9")).state
    'excluded'
    """
    kind, comparison = _comparison(flavour, samples)
    if kind.sides != "both" or not 0 < level < 1:
        raise ValueError(f"found {flavour} at {level}, expected a two-sided flavour and 0 to 1")
    low, high = comparison.differences()
    first, last = lower.low, lower.high
    other_first, other_last = upper.low, upper.high
    if first is None or last is None or other_first is None or other_last is None:
        raise ValueError(f"found {lower} and {upper}, expected intervals with two ends")
    least = max(_ZERO, (other_first - last) / 2, low - last, other_first - high)
    greatest = min((other_last - first) / 2, high - first, other_last - low)
    window = Interval.point(1 - level)
    if least > greatest:
        return Reach(flavour, "excluded", windows=(window,))
    search = Search(comparison, lower, budget, (least, greatest), upper)
    found = _reach(search, comparison.whole(), window)
    return Reach(flavour, found.state, found.witness, found.pieces, (window,))
