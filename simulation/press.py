"""The press: what a paper keeps to throughout, and how its tables get their columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random

from simulation.comparisons import FLAVOURS
from simulation.papers import Paper
from simulation.patients import Cohort, Factor, Measure, draw_factor
from simulation.printing import Printer, draw_printer

__all__ = ["SOFTWARE", "Column", "Press", "decimal_text", "open_press"]

# What each program offers under the name of a test.  A paper that names its software is
# printed from that program's choices; one that does not, from all.
SOFTWARE: dict[str, dict[str, tuple[str, ...]]] = {
    "R 4.2.1": {
        "mann_whitney": ("R wilcox.test", "normal, ties, continuity", "normal, ties"),
        "kruskal_wallis": ("ties",),
        "wilcoxon_signed_rank": ("normal", "normal, continuity"),
        "chi_squared": ("Pearson", "Yates"),
    },
    "IBM SPSS Statistics 26": {
        "mann_whitney": ("normal, ties", "permutations", "exact, ties or not"),
        "kruskal_wallis": ("ties",),
        "wilcoxon_signed_rank": ("normal",),
        "chi_squared": ("Pearson", "Yates", "likelihood ratio"),
    },
    "STATISTICA 12.6": {
        "mann_whitney": (
            "normal",
            "normal, ties",
            "normal, continuity",
            "normal, ties, continuity",
            "exact, ties or not",
        ),
        "kruskal_wallis": ("ties",),
        "wilcoxon_signed_rank": ("normal",),
        "chi_squared": ("Pearson", "Yates", "likelihood ratio"),
    },
    "Python 3.9 with scipy 1.7": {
        "mann_whitney": (
            "scipy, by itself",
            "exact, ties or not",
            "normal, ties",
            "normal, ties, continuity",
        ),
        "kruskal_wallis": ("ties",),
        "chi_squared": ("Pearson", "Yates", "likelihood ratio"),
    },
}
_EDITORS = ("Microsoft Excel 2016", "MedCalc")


@dataclass(frozen=True, slots=True)
class Column:
    """A population of the paper, and who belongs to it.

    Parameters
    ----------
    name : str
        Name of the population.
    where : dict of str to str
        Levels that its members have.
    members : tuple of int
        Who they are.
    """

    name: str
    where: dict[str, str]
    members: tuple[int, ...]


@dataclass(slots=True)
class Press:
    """A paper in print.

    Parameters
    ----------
    random : Random
        Source of chance.
    cohort : Cohort
        The patients.
    paper : Paper
        What is printed so far.
    printer : Printer
        How its numbers are rounded.
    columns : list of Column
        The populations, that of all patients first.
    software : str
        The program that the paper names, or "".
    """

    random: Random
    cohort: Cohort
    paper: Paper
    printer: Printer
    columns: list[Column] = field(default_factory=list)
    software: str = ""

    def chance(self, share: float) -> bool:
        """Return whether something happens that happens so often."""
        return self.random.random() < share

    def number(self, value: float | Fraction | None, decimals: int, /, **cells: str) -> None:
        """Print a number, unless there is none."""
        if value is not None:
            number = float(value)
            self.paper.print_row(self.printer.show(number, decimals), number, decimals, **cells)

    def count(self, value: int, /, **cells: str) -> None:
        """Print a count."""
        self.paper.print_row(str(value), float(value), 0, **cells)

    def place(self, name: str, title: str) -> str:
        """Add a place where values stand."""
        location: dict[str, str] = {"title": title}
        marks = self.random.random()
        if marks < 0.15:
            location["decimal"] = ","
        elif marks < 0.25:
            location["thousands"] = ","
        self.paper.locations[name] = location
        return name

    def flavour(self, test: str) -> str:
        """Draw a flavour of a test that the software offers."""
        offered = SOFTWARE.get(self.software, {}).get(test) or tuple(FLAVOURS[test])
        return self.random.choice(offered)

    def p_value(self, p: float, style: str, /, **cells: str) -> None:
        """Print a p-value in one of the styles of journals.

        Parameters
        ----------
        p : float
            The p-value.
        style : str
            ``2``, ``3`` or ``4`` decimals, ``SPSS`` (.000), ``level`` (<0.05 or ns),
            ``thresholds`` (<0.001, <0.01, ...).
        **cells : str
            Columns of the row.
        """
        cells["stat_name"] = "p.value"
        if style == "level":
            printed = "<0.05" if p < 0.05 else self.random.choice(("ns", ">0.05", ">=0.05"))
            self.paper.print_row(printed, **cells)
        elif style == "thresholds" and p < 0.05:
            limit = next(
                t for t in ("0.0001", "0.001", "0.01", "0.05") if p < float(t) or t == "0.05"
            )
            self.paper.print_row(f"<{limit}", **cells)
        elif style == "SPSS":
            text = self.printer.show(p, 3)
            self.paper.print_row(text[1:] if text.startswith("0.") else text, p, 3, **cells)
        else:
            decimals = int(style) if style.isdigit() else 3
            if p < 10**-decimals and self.chance(0.7):
                self.paper.print_row(f"<{sprintf_of(decimals)}", **cells)
            else:
                self.number(p, decimals, **cells)

    def draw_p_style(self) -> str:
        """Draw the style of the p-values of a table."""
        return self.random.choice(("2", "3", "3", "4", "SPSS", "level", "thresholds"))

    def declare_factor(self, factor: Factor) -> None:
        """Say what a factor is; complete only where everybody has a level."""
        complete = factor.is_complete and self.chance(0.8)
        self.paper.variables[factor.name] = {
            "type": "categorical",
            "levels": list(factor.levels),
            "complete": "true" if complete else "false",
        }

    def declare_measure(self, measure: Measure) -> None:
        """Say what a measured variable is, as far as the paper says it."""
        variable: dict[str, object] = {"type": "continuous"}
        if measure.shape == "visits":
            variable["type"] = self.random.choice(("time", "time", "continuous"))
        elif measure.is_whole and self.chance(0.5):
            variable["type"] = "integer"
        if measure.unit and self.chance(0.8):
            variable["unit"] = measure.unit
        if measure.scale and self.chance(0.6):
            variable["min"], variable["max"] = map(str, measure.scale)
        elif self.chance(0.3) and all(tick is None or tick >= 0 for tick in measure.ticks):
            variable["min"] = "0"
        said = self.random.random()
        step = decimal_text(measure.step)
        if said < 0.25 and step:
            variable["granularity"] = {"step": step, "stated": "true"}
        elif said < 0.5:
            # The transcriber's guess, which may be wrong: half years taken for whole ones.
            guess = self.random.choice((step or "1", "1"))
            variable["granularity"] = {"step": guess, "stated": "false"}
        self.paper.variables[measure.name] = variable

    def unit(self, measure: Measure) -> str:
        """Return the unit that a row prints: that of the variable, or none."""
        unit = self.paper.variables[measure.name].get("unit", "")
        return str(unit) if self.chance(0.5) else ""

    def finished(self) -> Paper:
        """Return the paper, in which at least the number of patients is printed."""
        if not self.paper.rows:
            place = next(iter(self.paper.locations))
            self.count(self.cohort.size, location=place, population="all", stat_name="N")
        return self.paper

    def copy_to_abstract(self, share: float = 0.3) -> None:
        """Print some values again in the abstract: as they are, or with fewer decimals."""
        rows = [row for row in self.paper.rows if self.chance(share)]
        if not rows:
            return
        self.place("abstract", "Abstract")
        for row in rows:
            cells = {k: v for k, v in row.cells.items() if k != "printed"}
            cells["location"] = "abstract"
            if self.chance(0.05) and not cells.get("denominator"):
                cells["population"] = self._unclear(cells)
            is_rounded = self.printer.rounding == "nearest" and row.cells["stat_name"] != "pct"
            if row.value is None or not row.decimals or not is_rounded or self.chance(0.6):
                self.paper.print_row(row.printed, row.value, row.decimals, **cells)
            else:
                self.number(row.value, row.decimals - 1, **cells)

    def _unclear(self, cells: Mapping[str, str]) -> str:
        """Return a cell that leaves open whether all or a group is meant.

        Of one variable a place means the same group in all that it leaves open.
        """
        population, variable = cells.get("population", ""), cells.get("variable", "")
        names = [column.name for column in self.columns if column.name != "all"]
        is_open = any(
            "|" in row.cells.get("population", "") and row.cells.get("variable", "") == variable
            for row in self.paper.rows
        )
        if population not in ("all", *names) or not names or is_open:
            return population
        name = self.random.choice(names) if population == "all" else population
        return self.random.choice((f"all|{name}", f"{name}|all"))


def sprintf_of(decimals: int) -> str:
    """Return the least number with so many decimals: 0.001."""
    return f"{10.0**-decimals:.{decimals}f}"


def decimal_text(value: Fraction) -> str:
    """Return a fraction as decimals, or "" where it has too many.

    Examples
    --------
    >>> decimal_text(Fraction(1, 2)), decimal_text(Fraction(3)), decimal_text(Fraction(4, 1461))
    ('0.5', '3', '')
    """
    for decimals in range(7):
        if value * 10**decimals == int(value * 10**decimals):
            return f"{float(value):.{decimals}f}"
    return ""


def open_press(random: Random, size: int, *, strata: bool = False, most_groups: int = 3) -> Press:
    """Begin a paper: patients in groups, and perhaps in strata that cross these.

    Parameters
    ----------
    random : Random
        Source of chance.
    size : int
        Number of patients.
    strata : bool
        Whether a second factor divides the groups.
    most_groups : int
        The largest number of groups.

    Returns
    -------
    Press
        With its populations, and no values yet.
    """
    printer = draw_printer(random)
    cohort = Cohort(size)
    press = Press(random, cohort, Paper(printer.rounding, cohort), printer)
    press.paper.notes.append(f"{size} patients; rounding: {printer.name}")
    missing = 0.1 if press.chance(0.15) else 0
    groups = random.randint(2, max(2, most_groups)) if press.chance(0.3) else 2
    cohort.factors["group"] = draw_factor(random, "group", size, groups, missing)
    if strata:
        cohort.factors["sex"] = draw_factor(random, "sex", size, 2)
    if press.chance(0.5):
        press.software = random.choice(list(SOFTWARE))
        named = [press.software] + ([random.choice(_EDITORS)] if press.chance(0.3) else [])
        press.paper.info["software"] = named
        press.paper.notes.append(f"software: {', '.join(named)}")
    for factor in cohort.factors.values():
        press.declare_factor(factor)
    _make_columns(press)
    return press


def _make_columns(press: Press) -> None:
    cohort = press.cohort
    press.paper.populations["all"] = {"units": "patients"}
    press.columns.append(Column("all", {}, tuple(range(cohort.size))))
    for where in _cells(cohort.factors.values()):
        name = "_".join(where.values())
        above = "_".join(list(where.values())[:-1]) or "all"
        last = list(where)[-1]
        press.paper.populations[name] = {"of": above, "where": {last: where[last]}}
        press.columns.append(Column(name, where, tuple(cohort.members(where))))


def _cells(factors: Iterable[Factor]) -> Iterable[dict[str, str]]:
    """Yield the levels of each factor, then those of all factors together."""
    found = list(factors)
    for factor in found:
        for level in factor.levels:
            yield {factor.name: level}
    if len(found) > 1:
        for levels in product(*(factor.levels for factor in found)):
            yield {factor.name: level for factor, level in zip(found, levels, strict=True)}
