"""One contrast in two directions: what a printing would be, seen the other way round.

No row says which group is compared with which.  A hazard ratio of 0.50 of A against B is one of
2.00 of B against A, with the reciprocals of its limits exchanged; a difference changes its sign.
Limits may stand in the other order, and the time when 75 % are still alive is the lower quartile
of survival, but some call it the upper one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from netcore.checks.finding import Conventions
from netcore.checks.printings.estimand import disagree, rounded_differently, window_of
from netcore.printed import Interval
from netcore.study import Claim, Study

__all__ = [
    "AS_PRINTED",
    "MIRRORED_QUANTILES",
    "QUANTILES_OF_A_TIME",
    "Mirror",
    "View",
    "agree_seen",
    "family_of",
    "mirrored",
    "mirrors_of",
    "seen_as",
    "split_name",
]

Mirror = Literal["reciprocal", "negative"]
"""What becomes of a contrast in the opposite direction."""

# The statistic of a test has the sign of its difference; what only an `estimate` is, nobody knows.
_MIRRORS: Final[Mapping[str, tuple[Mirror, ...]]] = MappingProxyType(
    {
        **dict.fromkeys(("hazard_ratio", "odds_ratio", "risk_ratio", "ratio"), ("reciprocal",)),
        **dict.fromkeys(
            ("difference", "risk_difference", "slope", "correlation", "statistic"), ("negative",)
        ),
        "estimate": ("negative", "reciprocal"),
    }
)

MIRRORED_QUANTILES: Final[Mapping[str, str]] = MappingProxyType(
    {"p10": "p90", "p25": "p75", "p75": "p25", "p90": "p10"}
)
"""What a quantile of a time is, if it is named by those who are still free of the event."""

_SWAPPED: Final = {".conf.low": ".conf.high", ".conf.high": ".conf.low"}
_SUFFIXES: Final = (*_SWAPPED, ".std.error")
QUANTILES_OF_A_TIME: Final = "quantiles of a time"


class View(NamedTuple):
    """How one place prints beside another one.

    Parameters
    ----------
    turned : bool
        In the opposite direction; of quantiles of a time, named by those who
        are still free of the event.
    crossed : bool
        With the confidence limits in the other order.
    """

    turned: bool
    crossed: bool


AS_PRINTED: Final = View(turned=False, crossed=False)


def split_name(stat_name: str) -> tuple[str, str]:
    """Split a statistic into what is estimated and what is said of the estimate.

    Parameters
    ----------
    stat_name : str
        A statistic of the vocabulary.

    Returns
    -------
    tuple of (str, str)
        The second part is empty for the estimate itself.

    Examples
    --------
    >>> split_name("hazard_ratio.conf.low"), split_name("std.error")
    (('hazard_ratio', '.conf.low'), ('std.error', ''))
    """
    for suffix in _SUFFIXES:
        if stat_name.endswith(suffix):
            return stat_name.removesuffix(suffix), suffix
    return stat_name, ""


def mirrors_of(stat_name: str) -> tuple[Mirror, ...]:
    """Return what a statistic, or its limit, may become in the opposite direction.

    Parameters
    ----------
    stat_name : str
        A statistic of the vocabulary.

    Returns
    -------
    tuple of Mirror
        None for what has no direction.

    Examples
    --------
    >>> mirrors_of("odds_ratio.conf.low"), mirrors_of("median")
    (('reciprocal',), ())
    """
    return _MIRRORS.get(split_name(stat_name)[0], ())


def mirrored(window: Interval, mirror: Mirror) -> Interval:
    """Return the values of a contrast in the opposite direction.

    Parameters
    ----------
    window : Interval
        Its values.
    mirror : {'reciprocal', 'negative'}
        What the opposite direction makes of them.  No ratio is negative.

    Returns
    -------
    Interval
        The reciprocals or the negatives, exactly.

    Examples
    --------
    >>> str(mirrored(Interval(Fraction(1, 4), Fraction(1)), "reciprocal"))
    '[1, 4]'
    >>> str(mirrored(Interval(Fraction(1, 4), None), "negative"))
    '(-inf, -0.25]'
    """
    if mirror == "negative":
        return Interval(
            None if window.high is None else -window.high,
            None if window.low is None else -window.low,
            window.high_closed,
            window.low_closed,
        )
    if window.high is not None and window.high <= 0:
        # A ratio that prints as 0 may be as small, and its reciprocal as large, as one likes.
        return Interval(None, None)
    return Interval(
        Fraction(0) if window.high is None else 1 / window.high,
        None if window.low is None or window.low <= 0 else 1 / window.low,
        window.high is not None and window.high_closed,
        window.low_closed,
    )


def family_of(study: Study, claim: Claim) -> str:
    """Name the statistics with which a row keeps to one direction, and one order of limits.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row whose statistic is not left open.

    Returns
    -------
    str
        The estimated statistic; one name for all quantiles of a time.
    """
    base, _ = split_name(claim.stat_name)
    variables = [study.variables[name] for name in claim.readings("variable") if name]
    is_time = bool(variables) and all(variable.type == "time" for variable in variables)
    return QUANTILES_OF_A_TIME if is_time and base in MIRRORED_QUANTILES else base


def seen_as(stat_name: str, family: str, view: View) -> str:
    """Return the statistic that a printed one is, in a certain view.

    Parameters
    ----------
    stat_name : str
        As printed.
    family : str
        From :func:`family_of`.
    view : View
        The view.

    Returns
    -------
    str
        Another limit of an interval, or another quantile.

    Examples
    --------
    >>> seen_as("odds_ratio.conf.low", "odds_ratio", View(turned=True, crossed=False))
    'odds_ratio.conf.high'
    """
    base, suffix = split_name(stat_name)
    is_quantile = family == QUANTILES_OF_A_TIME
    if is_quantile and view.turned:
        base = MIRRORED_QUANTILES[base]
    # In the opposite direction the reciprocal of the lower limit is the upper one.
    if view.crossed != (view.turned and not is_quantile):
        suffix = _SWAPPED.get(suffix, suffix)
    return base + suffix


def agree_seen(
    study: Study,
    one: Claim,
    other: Claim,
    mirror: Mirror | None,
    conventions: Conventions,
    *,
    loosely: bool = False,
) -> bool:
    """Return whether two printings agree, one of them perhaps in the opposite direction.

    Parameters
    ----------
    study : Study
        The study.
    one, other : Claim
        Two rows.
    mirror : {'reciprocal', 'negative'} or None
        What becomes of the first; None if it is left as it is.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    loosely : bool
        Whether each may be rounded in its own way.

    Returns
    -------
    bool
        True also where nothing can be said, as of two units.
    """
    if mirror is None:
        return not disagree(study, one, other, conventions) or (
            loosely and rounded_differently(study, (one, other), conventions)
        )
    if one.unit != other.unit and one.unit and other.unit:
        return True
    # The error of a ratio is another one for its reciprocal; that of a difference is the same.
    is_error = split_name(one.stat_name)[1] == ".std.error"
    if is_error and mirror == "reciprocal":
        return True
    ones, others = (list(_windows(study, row, conventions, loosely)) for row in (one, other))
    if not ones or not others:
        return True
    return any(
        (first if is_error else mirrored(first, mirror)).meets(second)
        for first in ones
        for second in others
    )


def _windows(
    study: Study, claim: Claim, conventions: Conventions, loosely: bool
) -> Iterable[Interval]:
    """Yield what a row can stand for, under each rounding that is thought of."""
    for rounding in dict.fromkeys(
        (conventions.rounding, *(("nearest", "truncate") if loosely else ()))
    ):
        window = window_of(study, claim, replace(conventions, rounding=rounding))
        if window is not None:
            yield window
