"""What the other printed values leave open for one of them, in a reader's words."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Final

from netcore.ledger import Entry
from netcore.printed import Interval, Printed, PrintedError, format_fraction
from netcore.study import Study

__all__ = ["attainable_words", "is_out_of_reach"]

_LEAST: Final = Fraction(1, 10**6)
"""Finer than this nobody reads a p-value."""


def attainable_words(study: Study, entry: Entry, unit: str = "") -> str | None:
    """Return the values that the others leave open, rounded outwards.

    Parameters
    ----------
    study : Study
        The study of the claim.
    entry : Entry
        A claim with its verdict.
    unit : str
        The unit to name, if any.

    Returns
    -------
    str or None
        Limits with one decimal more than is printed, of p-values with two
        significant figures, and with more where the printed value would else
        look as if it lay within them; None if no check gives any.

    Examples
    --------
    From 0.0120459 to 1 for a printed p = 0.00036 it says ``0.012 to 1``, and
    for p = 0.012 ``0.01204 to 1``.
    """
    if entry.attainable is None:
        return None
    printed = _number(study, entry)
    step = _step(entry, printed)
    return "; ".join(
        _span(interval, step, printed, f" {unit}" if unit else "") for interval in entry.attainable
    )


def is_out_of_reach(study: Study, entry: Entry) -> bool:
    """Return whether no value that is left open prints as the claim does.

    Parameters
    ----------
    study : Study
        The study of the claim.
    entry : Entry
        A claim with its verdict.

    Returns
    -------
    bool
        False also where no check gives limits, and for a printed ``ns`` or
        ``all``, which is no number.
    """
    printed = _number(study, entry)
    if entry.attainable is None or printed is None:
        return False
    try:
        window = printed.window()
    except PrintedError:
        return False
    return not any(interval.meets(window) for interval in entry.attainable)


def _number(study: Study, entry: Entry) -> Printed | None:
    return study.printed(entry.claim) if study.is_numeric(entry.claim) else None


def _step(entry: Entry, printed: Printed | None) -> Fraction | None:
    """Return what limits are rounded to; None for significant figures."""
    if "p.value" in entry.claim.readings("stat_name"):
        return None
    if printed is None or printed.step is None:
        return Fraction(1, 10)
    return min(printed.step, Fraction(1)) / 10


def _span(interval: Interval, step: Fraction | None, printed: Printed | None, unit: str) -> str:
    value = printed.value if printed is not None and printed.is_number else None
    low = None if interval.low is None else _outwards(interval.low, step, value, floor)
    high = None if interval.high is None else _outwards(interval.high, step, value, ceil)
    if low is None and high is None:
        return "any"
    if high is None:
        return f"{low}{unit} or more"
    # No p-value lies below 0.
    if low is None or (step is None and interval.low == 0):
        return f"up to {high}{unit}"
    return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"


def _outwards(
    end: Fraction,
    step: Fraction | None,
    printed: Fraction | None,
    rounding: Callable[[Fraction], int],
) -> str:
    """Round a limit away from what it bounds, and not as far as a printed value beyond it."""
    unit = step or _two_figures(end)
    limit = rounding(end / unit) * unit
    while printed is not None and printed != end and _between(end, printed, limit):
        unit /= 10
        limit = rounding(end / unit) * unit
    return format_fraction(limit).replace("-", "−")


def _between(end: Fraction, value: Fraction, limit: Fraction) -> bool:
    return min(end, limit) <= value <= max(end, limit)


def _two_figures(value: Fraction) -> Fraction:
    unit = Fraction(1)
    while abs(value) < 10 * unit and unit > _LEAST:
        unit /= 10
    return unit
