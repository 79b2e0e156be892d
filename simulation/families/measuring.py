"""Tables of measured variables: means, deviations, quantiles and extremes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from simulation.patients import Measure, draw_measure
from simulation.press import Column, Press
from simulation.quantiles import DEFINITIONS
from simulation.summaries import moments, percentile

__all__ = ["Analysed", "add_measure", "analysed", "print_moments", "print_quantiles", "print_sizes"]

_T = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}


@dataclass(frozen=True, slots=True)
class Analysed:
    """The values that one row of a table is made from.

    Parameters
    ----------
    measure : Measure
        What was measured.
    left_out : frozenset of int
        Patients whom the row leaves out, though their value is known.
    """

    measure: Measure
    left_out: frozenset[int] = frozenset()

    def values(self, members: Sequence[int]) -> list[Fraction]:
        """Return the values of some patients that were analysed, in ascending order."""
        return self.measure.values([i for i in members if i not in self.left_out])


def add_measure(press: Press, name: str, shape: str = "") -> Measure:
    """Draw a variable, some of whose values may be missing, and declare it.

    Parameters
    ----------
    press : Press
        The paper.
    name : str
        Name of the variable.
    shape : str
        One of the shapes; any where empty.

    Returns
    -------
    Measure
        The variable.
    """
    missing = press.random.choice((0, 0, 0, 0.05, 0.3))
    measure = draw_measure(press.random, name, press.cohort.size, missing=missing, shape=shape)
    press.cohort.measures[name] = measure
    press.declare_measure(measure)
    press.paper.notes.append(f"{name}: {measure.shape}, steps of {measure.step}")
    return measure


def analysed(press: Press, measure: Measure) -> Analysed:
    """Draw who is analysed in a row: mostly everybody whose value is known."""
    if press.chance(0.85):
        return Analysed(measure)
    left_out = frozenset(i for i in range(press.cohort.size) if press.chance(0.15))
    press.cohort.left_out[measure.name] = left_out
    return Analysed(measure, left_out)


def _recorded_decimals(measure: Measure) -> int:
    """Return with how many decimals its values were written down."""
    return {1: 0, 2: 1, 10: 1, 100: 2}.get(measure.step.denominator, 1)


def _cells(press: Press, place: str, column: Column, measure: Measure) -> dict[str, str]:
    return {
        "location": place,
        "population": column.name,
        "variable": measure.name,
        "unit": press.unit(measure),
    }


def print_sizes(press: Press, place: str, share: float = 0.7) -> None:
    """Print the sizes of some populations.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where they stand.
    share : float
        Of how many populations the size is printed.
    """
    for column in press.columns:
        if press.chance(share):
            press.count(len(column.members), location=place, population=column.name, stat_name="N")


def _print_number(press: Press, place: str, row: Analysed, columns: Sequence[Column]) -> None:
    """Print how many values a row is made from, if the paper says so."""
    name = press.random.choice(("N", "N_nonmiss"))
    for column in columns:
        cells = _cells(press, place, column, row.measure) | {"unit": "", "stat_name": name}
        press.count(len(row.values(column.members)), **cells)


def print_moments(
    press: Press,
    place: str,
    rows: Sequence[Analysed],
    columns: Sequence[Column],
    *,
    at: str = "",
    ddof: int | None = None,
) -> int:
    """Print means with deviations, or standard errors, and now and then more.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where the table stands.
    rows : sequence of Analysed
        One for each variable.
    columns : sequence of Column
        The populations.
    at : str
        When, or "".
    ddof : int, optional
        What is taken from the number of values to divide squares by; drawn if not given.

    Returns
    -------
    int
        What was taken from it.
    """
    random = press.random
    ddof = (0 if press.chance(0.15) else 1) if ddof is None else ddof
    spread = random.choice(("sd", "sd", "sd", "std.error"))
    # "M ± m" of which nobody says what it is.
    label = "sd|std.error" if press.chance(0.35) else spread
    others = [name for name in ("median", "min", "max", "range") if press.chance(0.3)]
    others += [name for name in ("var", "cv", "geom_mean") if press.chance(0.05)]
    limits = press.chance(0.12)
    says_number = press.chance(0.3)
    press.paper.notes.append(f"{place}: mean ± {spread}, printed as {label}; ddof {ddof}")
    for row in rows:
        decimals = random.choice((0, 1, 1, 2, 2, 3))
        finer = decimals + random.choice((0, 0, 1))
        mean_label = "mean|median" if press.chance(0.08) else "mean"
        if says_number:
            _print_number(press, place, row, columns)
        for column in columns:
            values = row.values(column.members)
            found = moments(values, ddof)
            if found is None:
                continue
            cells = _cells(press, place, column, row.measure) | {"at": at}
            press.number(found.mean, decimals, stat_name=mean_label, **cells)
            press.number(found.of(spread), finer, stat_name=label, **cells)
            for name in others:
                is_recorded = name in ("min", "max", "range")
                value = (
                    percentile(values, "median", "type 7") if name == "median" else found.of(name)
                )
                places = _recorded_decimals(row.measure) if is_recorded else decimals
                press.number(value, places, stat_name=name, **cells)
            error = found.of("std.error")
            if limits and error is not None:
                factor = _T.get(found.n, 1.96)
                for suffix, sign in (("low", -1), ("high", 1)):
                    end = found.mean + sign * factor * error
                    press.number(end, decimals, stat_name=f"mean.conf.{suffix}", **cells)
    return ddof


def print_quantiles(
    press: Press, place: str, rows: Sequence[Analysed], columns: Sequence[Column], *, at: str = ""
) -> None:
    """Print medians with quartiles by one definition, and now and then more.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where the table stands.
    rows : sequence of Analysed
        One for each variable.
    columns : sequence of Column
        The populations.
    at : str
        When, or "".
    """
    random = press.random
    definition = random.choice(DEFINITIONS)
    plain = press.chance(0.9)
    other = random.choice(DEFINITIONS) if press.chance(0.1) else definition
    names = ["median"] if press.chance(0.95) else []
    names += ["p25", "p75"] if press.chance(0.75) else []
    names += ["p10", "p90"] if press.chance(0.1) else []
    names += [name for name in ("min", "max") if press.chance(0.5)]
    names += [name for name in ("iqr", "range", "mad") if press.chance(0.15)]
    says_number = press.chance(0.25)
    press.paper.notes.append(
        f"{place}: quantiles by {definition}{'' if plain else ', the median too'}"
        + (f"; their distance by {other}" if other != definition else "")
    )
    for row in rows:
        recorded = _recorded_decimals(row.measure)
        decimals = random.choice((recorded, recorded, recorded + 1, 1))
        label = "mean|median" if press.chance(0.06) else "median"
        if says_number:
            _print_number(press, place, row, columns)
        for column in columns:
            values = row.values(column.members)
            for name in names:
                cells = _cells(press, place, column, row.measure) | {"at": at}
                cells["stat_name"] = label if name == "median" else name
                if name in ("min", "max", "range"):
                    found = moments(values)
                    press.number(None if found is None else found.of(name), recorded, **cells)
                    continue
                used = other if name == "iqr" else definition
                value = percentile(values, name, used, plain_median=plain)
                press.number(value, decimals, **cells)
