"""Medians, quartiles and extremes of one sample, as questions about ordered values."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

from netcore.checks.order_relations import name_of
from netcore.checks.samples import PrintedSample, Sample
from netcore.checks.wording import listed, quoted
from netcore.printed import EVERYTHING, Interval, format_fraction
from netcore.stats.quantiles.definitions import DEFINITIONS, QUANTILES
from netcore.study import Claim, Study

__all__ = [
    "definitions_title",
    "domain_of",
    "interval_text",
    "numbers_text",
    "one_reading",
    "rows_of",
    "said",
    "step_of",
    "steps_title",
    "windows_of",
]

_HINGES = "Tukey's hinges"
_SHOWN = 8  # more numbers than that are counted, not listed


def windows_of(sample: Sample) -> dict[Fraction, Interval]:
    """Return the windows of the quantiles of a sample, by their share, in ascending order.

    Parameters
    ----------
    sample : Sample
        What is printed of it.

    Returns
    -------
    dict of Fraction to Interval
        Without those that say nothing.
    """
    return {
        QUANTILES[name]: window
        for name, window in sample.windows(*QUANTILES).items()
        if window != EVERYTHING
    }


def one_reading(study: Study, printed: PrintedSample) -> Sample | None:
    """Return what is printed of a sample, if its quantiles can be read in one way only.

    Parameters
    ----------
    study : Study
        The study.
    printed : PrintedSample
        Rows about the same values.

    Returns
    -------
    Sample or None
        The first reading, where all have the same quantiles of the same group.  None
        otherwise, for a described unit, if no quantile is printed, and if the quantiles are out
        of order or beyond the bounds of the variable, which is another check's business.
    """
    first = printed.readings[0]
    windows = windows_of(first)
    if not windows or first.group.described:
        return None
    domain = domain_of(study, first.variable)
    if not all(window.meets(domain) for window in windows.values()):
        return None
    for one, other in combinations(windows.values(), 2):
        if one.low is not None and other.high is not None and one.low > other.high:
            return None
    alike = all(
        (other.variable, other.at, other.group) == (first.variable, first.at, first.group)
        and windows_of(other) == windows
        for other in printed.readings[1:]
    )
    return first if alike else None


def step_of(study: Study, variable: str) -> tuple[Fraction | None, bool]:
    """Return the step of which all values are multiples, and whether the paper says so.

    Parameters
    ----------
    study : Study
        The study.
    variable : str
        Name of a variable.

    Returns
    -------
    tuple of (Fraction or None, bool)
        None for no step.
    """
    described = study.variables[variable]
    if described.granularity is not None:
        return Fraction(described.granularity.step), described.granularity.stated
    return (Fraction(1), True) if described.type == "integer" else (None, False)


def domain_of(study: Study, variable: str) -> Interval:
    """Return where all values of a variable lie.

    Parameters
    ----------
    study : Study
        The study.
    variable : str
        Name of a variable.

    Returns
    -------
    Interval
        Its natural bounds; without a unit of the variable they may be in another one than the
        paper prints, and bound nothing.
    """
    described = study.variables[variable]
    printed = {row.unit for row in study.claims if variable in row.readings("variable")} - {""}
    if not described.unit and len(printed) > 1:
        return EVERYTHING
    return Interval(described.min, described.max)


def steps_title(study: Study, variable: str, step: Fraction) -> str:
    """Return in what values are recorded: ``whole years``.

    Parameters
    ----------
    study : Study
        The study.
    variable : str
        Name of a variable.
    step : Fraction
        All values are multiples of it.

    Returns
    -------
    str
        The step with its unit.
    """
    unit = study.variables[variable].unit or ""
    if step == 1:
        return f"whole {unit}" if unit else "whole numbers"
    return f"steps of {format_fraction(step)} {unit}".rstrip()


def said(study: Study, claims: Iterable[Claim]) -> str:
    """Say what rows print: ``lower quartile 50 and median 58 years``.

    Parameters
    ----------
    study : Study
        The study.
    claims : iterable of Claim
        At least one row.

    Returns
    -------
    str
        Each statistic with its values, in ascending order of the quantiles.
    """
    values: dict[str, dict[str, None]] = {}
    order = [*QUANTILES]
    rows = sorted(
        claims,
        key=lambda row: order.index(row.stat_name) if row.stat_name in order else len(order),
    )
    for claim in rows:
        name = " or ".join(name_of(name) for name in claim.readings("stat_name"))
        values.setdefault(name, {})[quoted(study, claim).replace("-", "−")] = None
    return listed(f"{name} {listed(texts, 'or')}" for name, texts in values.items())


def numbers_text(numbers: Iterable[int]) -> str:
    """Write numbers as prose does: ``8``, ``5 to 8``, ``3, 5 or 9``.

    Parameters
    ----------
    numbers : iterable of int
        At least one.

    Returns
    -------
    str
        Consecutive ones as a range; many as their count and ends.

    Examples
    --------
    >>> numbers_text([5, 6, 7, 8]), numbers_text([9, 3, 5]), numbers_text([4])
    ('5 to 8', '3, 5 or 9', '4')
    """
    found = sorted(set(numbers))
    if len(found) == 1:
        return str(found[0])
    if found == [*range(found[0], found[-1] + 1)]:
        return f"{found[0]} to {found[-1]}"
    if len(found) > _SHOWN:
        return f"{len(found)} numbers from {found[0]} to {found[-1]}"
    return listed(map(str, found), "or")


def definitions_title(names: Iterable[str]) -> str:
    """Name definitions of quantiles: ``types 6 and 7 of Hyndman and Fan``.

    Parameters
    ----------
    names : iterable of str
        Keys of :data:`~netcore.stats.quantiles.definitions.DEFINITIONS`, at least one.

    Returns
    -------
    str
        In the order of the definitions.

    Examples
    --------
    >>> definitions_title(["type7"]), definitions_title(["tukey", "type6", "type7"])
    ('type 7 of Hyndman and Fan', "types 6 and 7 of Hyndman and Fan or Tukey's hinges")
    """
    found = [name for name in DEFINITIONS if name in set(names)]
    types = [name.removeprefix("type") for name in found if name.startswith("type")]
    others = [
        _HINGES if name == "tukey" else name.replace("_", " ")
        for name in found
        if not name.startswith("type")
    ]
    parts = []
    if types:
        word = "type" if len(types) == 1 else "types"
        parts.append(f"{word} {listed(types)} of Hyndman and Fan")
    return listed([*parts, *others], "or")


def rows_of(sample: Sample, shares: Iterable[Fraction]) -> tuple[Claim, ...]:
    """Return the rows that print some quantiles of a sample.

    Parameters
    ----------
    sample : Sample
        What is printed of it.
    shares : iterable of Fraction
        Shares of the quantiles.

    Returns
    -------
    tuple of Claim
        In ascending order of the quantiles.
    """
    wanted = set(shares)
    return tuple(
        claim
        for name, share in QUANTILES.items()
        if share in wanted and name in sample.statistics
        for claim in sample.statistics[name].claims
    )


def interval_text(interval: Interval) -> str:
    """Write where values lie: ``from 9 to 12``, ``above 9``, ``at 12 or below``.

    Parameters
    ----------
    interval : Interval
        With at least one finite end.

    Returns
    -------
    str
        As it stands after a verb; true minus signs.

    Examples
    --------
    >>> interval_text(Interval(Fraction(9), None, low_closed=False))
    'above 9'
    >>> interval_text(Interval(Fraction(-1), Fraction(2)))
    'from −1 to 2'
    """
    low, high = (
        None if end is None else format_fraction(end).replace("-", "−")
        for end in (interval.low, interval.high)
    )
    if low is None:
        return f"at {high} or below" if interval.high_closed else f"below {high}"
    if high is None:
        return f"at {low} or above" if interval.low_closed else f"above {low}"
    if interval.low_closed and interval.high_closed:
        return f"from {low} to {high}"
    start = f"at {low} or above" if interval.low_closed else f"above {low}"
    end = f"at {high} or below" if interval.high_closed else f"below {high}"
    return f"{start} and {end}"
