"""Which statistics of one quantity come before which, and rows that do not.

A relation says what holds of any values at all, such as that no quartile
exceeds the greatest value.  Windows of rows that no numbers in them could
satisfy are a clash; what would let them hold, if the paper leaves it unsaid, goes
with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from typing import Final

from netcore.checks.count_systems import count_window
from netcore.checks.estimands import Reading, is_first_hand, is_patient_data, readings
from netcore.checks.finding import Conventions
from netcore.checks.open_cells import open_columns, point_of
from netcore.checks.printings.directions import MIRRORED_QUANTILES, Mirror, mirrored, mirrors_of
from netcore.printed import Interval, PrintedError, format_fraction
from netcore.stats.calendar import calendar_unit, dates_in
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.study import Claim, Study
from netcore.study.vocabulary import DATED

__all__ = ["Clash", "Item", "Key", "clashes", "clashes_in_time", "items_of", "name_of"]

_NAMES: Final = {
    "min": "least value",
    "p10": "10th percentile",
    "p25": "lower quartile",
    "median": "median",
    "p75": "upper quartile",
    "p90": "90th percentile",
    "max": "greatest value",
    "mean": "mean",
    "geom_mean": "geometric mean",
    "rmean": "restricted mean",
    "range": "range",
    "iqr": "interquartile range",
    "sd": "standard deviation",
    "std.error": "standard error",
    "var": "variance",
    "mad": "median absolute deviation",
    "survival": "survival",
    "n.risk": "number at risk",
    "value": "value",
    "pct": "percentage",
    "hazard_ratio": "hazard ratio",
}
_WITHIN: Final = frozenset((*QUANTILES, "mean", "geom_mean", "rmean", "value"))
_INNER: Final = ("p10", "p25", "median", "p75", "p90")
_NEVER_NEGATIVE: Final = frozenset(("sd", "var", "std.error", "iqr", "mad", "range"))
# What would let rows hold that a relation says cannot: things that papers leave unsaid.
_TWO_WAYS: Final = (
    "the two are computed in different ways, as a Kaplan-Meier estimate beside plain values is"
)
_STILL_FREE: Final = (
    "the percentiles are named by the patients who are still free of the event, so that the time "
    "when 75 % of them are is called the 75th percentile and not the lower quartile"
)
_TWO_DEFINITIONS: Final = "the quartiles and their distance follow different definitions"
_MORE_THAN_TIME: Final = (
    "the two rates differ in more than the time (in their patients, such as only those followed so "
    "long, in their start, or in how they are computed)"
)
_NO_PLAIN_SHARE: Final = (
    "they are no plain shares of patients, as relative survival and weighted, adjusted or modelled "
    "rates are"
)
_LATE_ENTRY: Final = "patients come under observation after time zero, or again"
_OTHER_NUMBERS: Final = "the two numbers are of different patients, or weighted"
_OUTSIDE: Final = (
    "the interval is of a kind that need not hold its estimate, or belongs to another estimate, such "
    "as an adjusted one"
)
_OPPOSITE: Final = "or is of the comparison in the opposite direction"
_OTHER_ORDER: Final = "the limits are printed in the other order"


@dataclass(frozen=True, slots=True)
class Key:
    """Whose values of what: rows with one key describe the same values.

    Parameters
    ----------
    population, variable, level, at, analysis : str
        As in a reading.
    unit : str
        The unit printed, else that of the variable; values in different
        units are not compared.
    """

    population: str
    variable: str
    level: str
    at: str
    analysis: str
    unit: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row under one reading.

    Parameters
    ----------
    claim : Claim
        The row.
    key : Key
        What it is about.
    stat_name : str
        Which statistic.
    window : Interval
        What the printed value can stand for.
    points : Mapping of str to str
        What its open columns leave open, alike for rows that are read alike.
    """

    claim: Claim
    key: Key
    stat_name: str
    window: Interval
    points: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clash:
    """Rows that violate a relation, each under one reading.

    Parameters
    ----------
    items : tuple of Item
        The rows.
    rule : str
        The relation, as a sentence.
    holds_if : str
        What the paper leaves unsaid and would let the rows hold; "" if
        nothing would.
    """

    items: tuple[Item, ...]
    rule: str
    holds_if: str = ""


def name_of(stat_name: str) -> str:
    """Return a statistic in words.

    Parameters
    ----------
    stat_name : str
        A statistic of the vocabulary.

    Returns
    -------
    str
        Such as ``lower quartile``.

    Examples
    --------
    >>> name_of("p25"), name_of("hazard_ratio.conf.low")
    ('lower quartile', 'lower confidence limit of the hazard ratio')
    """
    for suffix, words in (
        (".conf.low", "lower confidence limit"),
        (".conf.high", "upper confidence limit"),
        (".std.error", "standard error"),
    ):
        if stat_name.endswith(suffix):
            return f"{words} of the {name_of(stat_name.removesuffix(suffix))}"
    return _NAMES.get(stat_name, stat_name.replace("_", " "))


def items_of(study: Study, conventions: Conventions) -> tuple[Item, ...]:
    """Return every row that can stand in an order, under each of its readings.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.

    Returns
    -------
    tuple of Item
        Of this study's own patients, and seen by the transcriber; a date
        stands for its days, numbered.
    """
    found: list[Item] = []
    for claim in study.claims:
        if not is_patient_data(study, claim) or not is_first_hand(study, claim):
            continue
        # A denominator makes no difference to the order of anything.
        for reading in dict.fromkeys(replace(one, denominator="") for one in readings(claim)):
            variable = study.variables.get(reading.variable)
            window = _window(study, claim, reading, conventions)
            if window is None:
                continue
            unit = claim.unit or (variable.unit if variable and variable.unit else "")
            key = Key(
                reading.population,
                reading.variable,
                reading.variable_level,
                reading.at,
                reading.analysis,
                unit,
            )
            points = {column: point_of(study, claim, column) for column in open_columns(claim)}
            found.append(Item(claim, key, reading.stat_name, window, points))
    return tuple(found)


def _window(
    study: Study, claim: Claim, reading: Reading, conventions: Conventions
) -> Interval | None:
    variable = study.variables.get(reading.variable)
    if not study.is_numeric(claim):
        if variable is None or variable.type != "date" or reading.stat_name not in DATED:
            return None
        first, last = dates_in(claim.printed)
        return Interval(Fraction(first.toordinal()), Fraction(last.toordinal()))
    try:
        printed = study.printed(claim)
        if reading.stat_name == "n.risk":
            return count_window(printed)
        return printed.window(conventions.rounding)
    except PrintedError:
        return None  # what the words all and ns stand for depends on other rows


def _above(low: Item, high: Item) -> bool:
    """Return whether what should be lower lies above what should be higher, whatever both are."""
    return (
        low.window.low is not None
        and high.window.high is not None
        and low.window.low > high.window.high
    )


def clashes(study: Study, items: Sequence[Item]) -> Iterator[Clash]:
    """Find the rows about the same values that violate a relation.

    Parameters
    ----------
    study : Study
        The study.
    items : sequence of Item
        Rows with one key.

    Yields
    ------
    Clash
        A smallest set of rows, which nothing between them makes smaller.
    """
    by_name: dict[str, list[Item]] = {}
    for item in items:
        by_name.setdefault(item.stat_name, []).append(item)
    for item in items:
        yield from _alone(study, item)
    variable = study.variables.get(items[0].key.variable) if items else None
    if variable is not None:
        is_time = variable.type == "time"
        yield from _in_order(by_name, is_time)
        yield from _means(by_name, is_time)
        yield from _distances(by_name, is_time)
    yield from _limits(by_name)


def _alone(study: Study, item: Item) -> Iterator[Clash]:
    """Find a value that its statistic, or its variable, cannot have."""
    low, high, name = item.window.low, item.window.high, item.stat_name
    if high is not None and high < 0 and (name in _NEVER_NEGATIVE or name.endswith(".std.error")):
        yield Clash((item,), f"The {name_of(name)} is never negative.")
    variable = study.variables.get(item.key.variable)
    if variable is None or name not in _WITHIN:
        return
    is_less = variable.min is not None and high is not None and high < variable.min
    is_more = variable.max is not None and low is not None and low > variable.max
    if (is_less or is_more) and _has_units_of(study, item):
        bound = variable.min if is_less else variable.max
        assert bound is not None
        side = "less" if is_less else "greater"
        yield Clash((item,), f"No value can be {side} than {format_fraction(bound)}.")


def _has_units_of(study: Study, item: Item) -> bool:
    """Return whether a row is in the unit of the natural bounds of its variable."""
    variable = study.variables[item.key.variable]
    if variable.unit:
        return item.key.unit == variable.unit
    # Bounds without a unit are in the one that the paper prints, if there is only one.
    units = {
        row.unit
        for row in study.claims
        if item.key.variable in row.readings("variable") and row.unit
    }
    return len(units) <= 1


def _pairs(
    by_name: Mapping[str, list[Item]], names: Iterable[str]
) -> Iterator[tuple[int, int, Item, Item]]:
    present = [name for name in names if name in by_name]
    for (i, low), (j, high) in combinations(enumerate(present), 2):
        for one, other in product(by_name[low], by_name[high]):
            if one.claim.claim != other.claim.claim and _above(one, other):
                yield i, j, one, other


def _in_order(by_name: Mapping[str, list[Item]], is_time: bool) -> Iterator[Clash]:
    found = list(_pairs(by_name, QUANTILES))
    spans = {(i, j) for i, j, _, _ in found}
    renamed = {MIRRORED_QUANTILES.get(name, name): rows for name, rows in by_name.items()}
    is_mended = is_time and not list(_pairs(renamed, _INNER))
    for i, j, one, other in found:
        # A pair further apart adds nothing where a nearer one is out of order already.
        if any(a >= i and b <= j and (a, b) != (i, j) for a, b in spans):
            continue
        names = {one.stat_name, other.stat_name}
        holds_if = _TWO_WAYS if is_time and names != {"min", "max"} else ""
        if is_mended and names <= set(_INNER):
            holds_if = f"{_STILL_FREE}, or {_TWO_WAYS}"
        yield Clash(
            (one, other),
            f"The {name_of(one.stat_name)} never exceeds the {name_of(other.stat_name)}.",
            holds_if,
        )


def _means(by_name: Mapping[str, list[Item]], is_time: bool) -> Iterator[Clash]:
    for mean in ("mean", "geom_mean"):
        for names in (("min", mean), (mean, "max")):
            for _, _, one, other in _pairs(by_name, names):
                yield Clash(
                    (one, other),
                    f"A {name_of(mean)} lies between the least and the greatest value.",
                    _TWO_WAYS if is_time else "",
                )


def _distances(by_name: Mapping[str, list[Item]], is_time: bool) -> Iterator[Clash]:
    for distance, ends, holds_if in (
        ("range", ("min", "max"), ""),
        ("iqr", ("p25", "p75"), _TWO_DEFINITIONS),
    ):
        for item, low, high in product(
            by_name.get(distance, ()), by_name.get(ends[0], ()), by_name.get(ends[1], ())
        ):
            if len({item.claim.claim, low.claim.claim, high.claim.claim}) < 3 or _above(low, high):
                continue
            if _differs(item, low, high):
                yield Clash(
                    (item, low, high),
                    f"The {name_of(distance)} is the {name_of(ends[1])} less the {name_of(ends[0])}.",
                    ", or ".join(filter(None, (holds_if, _coarse(item, low, high)))),
                )
    for inner, outer in product(by_name.get("iqr", ()), by_name.get("range", ())):
        if inner.claim.claim != outer.claim.claim and _above(inner, outer):
            yield Clash(
                (inner, outer),
                "The interquartile range never exceeds the range.",
                _TWO_WAYS if is_time else "",
            )


def _difference(low: Item, high: Item) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and the greatest distance of two values."""
    least = (
        None
        if high.window.low is None or low.window.high is None
        else high.window.low - low.window.high
    )
    most = (
        None
        if high.window.high is None or low.window.low is None
        else high.window.high - low.window.low
    )
    return least, most


def _differs(item: Item, low: Item, high: Item, slack: Fraction = Fraction(0)) -> bool:
    least, most = _difference(low, high)
    too_small = (
        least is not None
        and item.window.high is not None
        and item.window.high + 2 * slack < least - slack
    )
    too_large = (
        most is not None
        and item.window.low is not None
        and item.window.low - 2 * slack > most + slack
    )
    return too_small or too_large


def _coarse(item: Item, low: Item, high: Item) -> str:
    """Return the coarse rounding that would explain three rows, in words."""
    for step in (5, 10):
        middles = [
            (one.window.low + one.window.high) / 2
            for one in (item, low, high)
            if one.window.low is not None and one.window.high is not None
        ]
        if len(middles) < 3 or any(middle % step for middle in middles):
            continue
        if not _differs(item, low, high, slack=Fraction(step, 2)):
            return f"the values are rounded to the nearest {step}"
    return ""


def _limits(by_name: Mapping[str, list[Item]]) -> Iterator[Clash]:
    bases = dict.fromkeys(name.partition(".conf.")[0] for name in by_name if ".conf." in name)
    for base in bases:
        low, high = f"{base}.conf.low", f"{base}.conf.high"
        crossed = list(_pairs(by_name, (low, high)))
        for _, _, one, other in crossed:
            yield Clash(
                (one, other),
                "The lower limit of an interval never exceeds the upper one.",
                _OTHER_ORDER if _may_be_in_other_order(base, other) else "",
            )
        if any(not _may_be_in_other_order(base, other) for _, _, _, other in crossed):
            continue
        # Limits in the other order have to hold their estimate all the same.
        lower, upper = (high, low) if crossed else (low, high)
        for names in ((lower, base), (base, upper)):
            for _, _, one, other in _pairs(by_name, names):
                yield Clash(
                    (one, other),
                    f"The {name_of(base)} lies outside its confidence interval.",
                    _outside(by_name, base, lower, upper),
                )


def _may_be_in_other_order(base: str, upper: Item) -> bool:
    """Return whether limits may stand in the other order: −4.5 to −9.8, or those of a reciprocal."""
    return bool(mirrors_of(base)) or upper.window.low is None or upper.window.low <= 0


def _outside(by_name: Mapping[str, list[Item]], base: str, lower: str, upper: str) -> str:
    """Return what would let an estimate lie outside its limits, in words."""
    for mirror in mirrors_of(base):
        turned = {
            lower: [_mirrored(item, mirror) for item in by_name.get(upper, ())],
            base: by_name[base],
            upper: [_mirrored(item, mirror) for item in by_name.get(lower, ())],
        }
        if not any(True for names in ((lower, base), (base, upper)) for _ in _pairs(turned, names)):
            return f"{_OUTSIDE}, {_OPPOSITE}"
    return _OUTSIDE


def _mirrored(item: Item, mirror: Mirror) -> Item:
    return replace(item, window=mirrored(item.window, mirror))


def clashes_in_time(items: Sequence[Item]) -> Iterator[Clash]:
    """Find values of a curve, or numbers at risk, that rise with time.

    Parameters
    ----------
    items : sequence of Item
        Rows that differ in time and statistic only.

    Yields
    ------
    Clash
        Pairs of neighbouring times.
    """
    for name, rule, holds_if in (
        (
            "survival",
            "Survival never rises with time.",
            f"{_MORE_THAN_TIME}, or {_NO_PLAIN_SHARE}",
        ),
        (
            "n.risk",
            "The number at risk never rises with time.",
            f"{_LATE_ENTRY}, or {_OTHER_NUMBERS}",
        ),
    ):
        found = [
            (earlier, later)
            for earlier, later in combinations([one for one in items if one.stat_name == name], 2)
            if earlier.claim.claim != later.claim.claim
        ]
        ordered = [
            (one, other) if _earlier(one.key.at, other.key.at) else (other, one)
            for one, other in found
            if _earlier(one.key.at, other.key.at) or _earlier(other.key.at, one.key.at)
        ]
        rising = [(one, other) for one, other in ordered if _above(other, one)]
        for one, other in rising:
            nearer = any(
                pair != (one, other)
                and _not_later(one.key.at, pair[0].key.at)
                and _not_later(pair[1].key.at, other.key.at)
                and (pair[0].key.at, pair[1].key.at) != (one.key.at, other.key.at)
                for pair in rising
            )
            if not nearer:
                yield Clash((one, other), rule, holds_if)


def _earlier(one: str, other: str) -> bool:
    """Return whether a time is before another, whatever a month is."""
    if not one or not other:
        return False
    (first, _, name), (second, _, other_name) = one.partition(" "), other.partition(" ")
    values = Fraction(first), Fraction(second)
    if name == other_name:
        return values[0] < values[1]
    unit, other_unit = calendar_unit(name), calendar_unit(other_name)
    if unit is None or other_unit is None:
        return False
    if unit.base == other_unit.base:
        return values[0] * unit.factor < values[1] * other_unit.factor
    return min(values) >= 0 and values[0] * unit.most < values[1] * other_unit.fewest


def _not_later(one: str, other: str) -> bool:
    return one == other or _earlier(one, other)
