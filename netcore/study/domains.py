"""What the values of each statistic can be at all, whatever was observed.

One table for all statistics.  What a check proves to be a conflict is not in
it, as a proof says more than a refusal: spreads below 0, percentages of more
than everybody, shares of variance beyond all of it.

Limits that a formula may push out of bounds are let through: a percentage less
1.96 standard errors can be below 0, and papers print that.  Limits of ratios
are found on the logarithmic scale or by inversion, and never are.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from netcore.printed import EVERYTHING, Interval, Printed, format_fraction
from netcore.study.models import Variable
from netcore.study.vocabulary import COUNTS

__all__ = [
    "DOMAINS",
    "MOST_COUNTED",
    "domain_in_words",
    "domain_of",
    "is_impossible",
    "starts_at_zero",
]

MOST_COUNTED: Final = 10_000_000
"""No study counts more; checks that go through numbers one by one rely on it."""

_LOW, _HIGH = ".conf.low", ".conf.high"

_NOT_NEGATIVE: Final = Interval(Fraction(0), None)
_SHARE: Final = Interval(Fraction(0), Fraction(1))
_PERCENTAGE: Final = Interval(Fraction(0), Fraction(100))
_RATIOS: Final = ("hazard_ratio", "odds_ratio", "risk_ratio")

DOMAINS: Final[Mapping[str, Interval]] = MappingProxyType(
    {
        **dict.fromkeys(sorted(COUNTS), Interval(Fraction(0), Fraction(MOST_COUNTED))),
        "survival": _PERCENTAGE,  # or a share; the unit is left out often
        **{ratio + suffix: _NOT_NEGATIVE for ratio in _RATIOS for suffix in ("", _LOW, _HIGH)},
        "risk_difference": Interval(Fraction(-100), Fraction(100)),
        "correlation": Interval(Fraction(-1), Fraction(1)),
        "r.squared": _PERCENTAGE,
        # Below 0 where a line explains next to nothing.
        "adj.r.squared": Interval(None, Fraction(100)),
        "p.value": _SHARE,
        # Printed as shares or as percentages: 95 and 0.95 mean the same.
        **dict.fromkeys(("alpha", "power", "conf.level"), _PERCENTAGE),
    }
)
"""What a statistic can be; one that is not listed can be any number."""

# Of a time to something these are times, which start at 0.
_TIMES: Final = frozenset(
    {
        *(
            "mean",
            "geom_mean",
            "rmean",
            "median",
            "p10",
            "p25",
            "p75",
            "p90",
            "min",
            "max",
            "value",
        ),
        *(
            name + suffix
            for name in ("median", "p10", "p25", "p75", "p90")
            for suffix in (_LOW, _HIGH)
        ),
        *("mean.conf.high", "rmean.conf.high", "geom_mean.conf.low", "geom_mean.conf.high"),
    }
)


def domain_of(statistic: str, variable: Variable | None = None) -> Interval:
    """Return what a statistic can be.

    Parameters
    ----------
    statistic : str
        A statistic of the vocabulary.
    variable : Variable or None
        What it is a statistic of; None where that is not known.

    Returns
    -------
    Interval
        Every number where nothing limits it.

    Examples
    --------
    >>> str(domain_of("survival")), str(domain_of("hazard_ratio.conf.low"))
    ('[0, 100]', '[0, inf)')
    >>> domain_of("median").low, domain_of("median", Variable(type="time")).low
    (None, Fraction(0, 1))
    """
    known = _listed(statistic, variable)
    if known is not None:
        return known
    # The estimate lies between its limits, and only the estimate is bounded.
    if statistic.endswith(_LOW):
        around = _listed(statistic.removesuffix(_LOW), variable)
        return Interval(None, around.high) if around else EVERYTHING
    if statistic.endswith(_HIGH):
        around = _listed(statistic.removesuffix(_HIGH), variable)
        return Interval(around.low, None) if around else EVERYTHING
    return EVERYTHING


def _listed(statistic: str, variable: Variable | None) -> Interval | None:
    if variable is not None:
        if statistic == "pct" and variable.is_levelled:
            return _NOT_NEGATIVE  # where nobody has a level it may be a change
        if statistic in _TIMES and starts_at_zero(variable):
            return _NOT_NEGATIVE
    return DOMAINS.get(statistic)


def starts_at_zero(variable: Variable) -> bool:
    """Return whether no value of a variable can be negative because it is a time.

    Parameters
    ----------
    variable : Variable
        What was observed.

    Returns
    -------
    bool
        False for a time that follows from others, as differences do, and for one whose least
        value is said to be negative.

    Examples
    --------
    >>> starts_at_zero(Variable(type="time")), starts_at_zero(Variable(type="time", min="-30"))
    (True, False)
    """
    is_shifted = variable.min is not None and variable.min < 0
    return variable.type == "time" and variable.derived is None and not is_shifted


def is_impossible(printed: Printed, domain: Interval) -> bool:
    """Return whether no number that a printed value stands for can be meant.

    Parameters
    ----------
    printed : Printed
        A number, a bound, an approximation or a range.
    domain : Interval
        What the quantity can be.

    Returns
    -------
    bool
        Whether one of its numbers lies outside, or a bound leaves nothing inside.

    Examples
    --------
    >>> from netcore.printed import parse_printed
    >>> is_impossible(parse_printed("<0"), domain_of("p.value"))
    True
    >>> is_impossible(parse_printed("<0.000"), domain_of("p.value"))
    False
    """
    numbers = [number for number in (printed.value, printed.upper) if number is not None]
    if any(number not in domain for number in numbers):
        return True
    # "<0.000" is what people make of a rounded zero; of "<0" nothing can be made.
    is_strict = printed.text[:1] in ("<", ">") and printed.text[1:2] != "="
    if not is_strict or printed.step is None or printed.step < 1:
        return False
    end = {"below": domain.low, "above": domain.high}.get(printed.kind)
    return end is not None and printed.value == end


def domain_in_words(statistic: str, variable: Variable | None = None) -> str:
    """Say what a statistic can be, for somebody whose value is another.

    Parameters
    ----------
    statistic : str
        A statistic of the vocabulary that cannot be every number.
    variable : Variable or None
        What it is a statistic of; None where that is not known.

    Returns
    -------
    str
        What was expected.

    Examples
    --------
    >>> domain_in_words("p.value")
    'a number from 0 to 1, for p.value'
    >>> domain_in_words("odds_ratio")
    'a number of 0 or more, for odds_ratio'
    """
    if statistic in COUNTS:
        return f"a whole number from 0 to {MOST_COUNTED} (ten million), for {statistic}"
    domain = domain_of(statistic, variable)
    low, high = (None if end is None else format_fraction(end) for end in (domain.low, domain.high))
    if low is not None and high is not None:
        words = f"a number from {low} to {high}"
    else:
        words = f"a number of {low} or more" if high is None else f"a number of at most {high}"
    words += f", for {statistic}"
    if variable is not None and statistic in _TIMES and starts_at_zero(variable):
        return f"{words} of a time (where it can be negative, give the variable a min below 0)"
    return words
