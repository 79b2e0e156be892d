"""Growth of tumours between two measurements: doubling times and growth rates, with windows.

Volumes and diameters are printed in so many digits.  What follows from them is bounded by
rational enclosures of logarithms, so that a printed doubling time that lies outside cannot come
from the printed measurements.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal

from netcore.printed import Interval
from netcore.stats.elementary_enclosures import log_enclosure

__all__ = ["doubling_time", "growth_rate", "relative_change"]

Measure = Literal["volume", "area", "diameter"]

_DIMENSIONS: Final = {"volume": Fraction(1), "area": Fraction(3, 2), "diameter": Fraction(3)}
_NOUGHT: Final = Fraction(0)


def _ends(window: Interval, what: str, *, above_zero: bool = True) -> tuple[Fraction, Fraction]:
    low, high = window.low, window.high
    if low is None or high is None or low > high or (above_zero and low <= 0):
        expected = "an interval above 0" if above_zero else "an interval with two ends"
        raise ValueError(f"found {what} in {window}, expected {expected}")
    return low, high


def _dimension(measure: str) -> Fraction:
    if measure not in _DIMENSIONS:
        raise ValueError(f"found measure {measure!r}, expected one of {', '.join(_DIMENSIONS)}")
    return _DIMENSIONS[measure]


def growth_rate(
    before: Interval, after: Interval, between: Interval, measure: Measure = "volume"
) -> Interval:
    """Return the specific growth rate of the volume.

    Parameters
    ----------
    before, after : Interval
        Windows of the two measurements, above 0.
    between : Interval
        Window of the time between them, above 0.
    measure : {'volume', 'area', 'diameter'}
        What was measured; a volume grows as the third power of a diameter.

    Returns
    -------
    Interval
        Closed, per unit of time; negative where the tumour shrinks.

    Raises
    ------
    ValueError
        If a window has no end or is not above 0, or the measure is unknown.

    Notes
    -----
    SGR = k ln(M2 / M1) / t with k = 1, 3/2 or 3 for volumes, areas and diameters, rounded
    outwards at both ends.

    References
    ----------
    Mehrara E, Forssell-Aronsson E, Ahlman H, Bernhardt P (2007). Specific growth rate versus
    doubling time for quantitative characterization of tumor growth rate. Cancer Research
    67(8):3970-3975. doi:10.1158/0008-5472.CAN-06-3822

    Examples
    --------
    From 10 to 20 cm3 in 100 days, exactly: ln 2 / 100 a day.

    >>> rate = growth_rate(Interval.point(10), Interval.point(20), Interval.point(100))
    >>> round(float(rate.low), 8), round(float(rate.high), 8)
    (0.00693147, 0.00693147)
    """
    a, b = _ends(before, "the first measurement")
    c, d = _ends(after, "the second measurement")
    soon, late = _ends(between, "the time between")
    k = _dimension(measure)
    least, most = k * log_enclosure(c / b).low, k * log_enclosure(d / a).high
    return Interval(
        least / (soon if least < 0 else late),
        most / (soon if most > 0 else late),
    )


def doubling_time(
    before: Interval, after: Interval, between: Interval, measure: Measure = "volume"
) -> tuple[Interval, ...]:
    """Return the doubling time of the volume.

    Parameters
    ----------
    before, after : Interval
        Windows of the two measurements, above 0.
    between : Interval
        Window of the time between them, above 0.
    measure : {'volume', 'area', 'diameter'}
        What was measured.

    Returns
    -------
    tuple of Interval
        One closed interval where the tumour grows, or shrinks; two, each with one end, where
        the windows leave that open: from some time on, and below some negative time.

    Raises
    ------
    ValueError
        If a window has no end or is not above 0, the measure is unknown, or both measurements
        are the same number: then there is no doubling time.

    Notes
    -----
    DT = t ln 2 / (k ln(M2 / M1)) = ln 2 / SGR.  It is negative on shrinkage (then it is the time
    in which half is gone), and jumps from plus to minus infinity where M2 = M1: a mean of
    doubling times, of which some are negative, means nothing (Mehrara et al. 2007).

    References
    ----------
    Schwartz M (1961). A biomathematical approach to clinical tumor growth. Cancer
    14(6):1272-1294. doi:10.1002/1097-0142(196111/12)14:6<1272::AID-CNCR2820140618>3.0.CO;2-H

    Examples
    --------
    From 4.0 to 5.0 cm in diameter, 90 days:

    >>> def near(value: str) -> Interval:
    ...     return Interval(Fraction(value) - Fraction(1, 20), Fraction(value) + Fraction(1, 20))
    >>> (found,) = doubling_time(near("4.0"), near("5.0"), Interval.point(90), "diameter")
    >>> round(float(found.low), 1), round(float(found.high), 1)
    (84.6, 103.6)

    4.0 and 4.1 cm may both be 4.05: any time from 421 days on.

    >>> grows = doubling_time(near("4.0"), near("4.1"), Interval.point(90), "diameter")
    >>> len(grows), round(float(grows[0].low), 1), grows[0].high
    (1, 421.0, None)
    """
    rate = growth_rate(before, after, between, measure)
    assert rate.low is not None
    assert rate.high is not None
    if before.low == before.high == after.low == after.high:
        raise ValueError(f"found {before} twice, expected two different measurements")
    two = log_enclosure(Fraction(2))
    a, b = _ends(before, "the first measurement")
    c, d = _ends(after, "the second measurement")
    found: list[Interval] = []
    if d > a:
        found.append(Interval(two.low / rate.high, two.high / rate.low if c > b else None))
    if c < b:
        found.append(Interval(two.high / rate.high if d < a else None, two.low / rate.low))
    return tuple(found)


def relative_change(before: Interval, after: Interval) -> Interval:
    """Return the change of a measurement as a share of the first.

    Parameters
    ----------
    before, after : Interval
        Windows of the two measurements, the first above 0, the second at least 0.

    Returns
    -------
    Interval
        Closed; -0.3 is a decrease by 30 %.

    Raises
    ------
    ValueError
        If a window has no end, or the first may be 0 or less.

    Examples
    --------
    >>> change = relative_change(Interval.point(50), Interval.point(35))
    >>> str(change)
    '[-0.3, -0.3]'
    """
    a, b = _ends(before, "the first measurement")
    c, d = _ends(after, "the second measurement", above_zero=False)
    if c < _NOUGHT:
        raise ValueError(f"found the second measurement in {after}, expected at least 0")
    return Interval(c / b - 1, d / a - 1)
