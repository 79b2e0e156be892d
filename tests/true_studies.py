"""Studies that are true: patients made up, counted, and printed as papers print.

Nothing here knows the checks.  A table of patients is drawn, and one or two
tables of a paper are made from it, each under a convention that real papers
use: its denominator, its rounding, what it leaves out.  Whatever such a study
prints can be so, and a check that finds a conflict in it is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random
from typing import Any

Patient = dict[tuple[str, str], str | frozenset[str] | None]  # by variable and time

DENOMINATORS = ("group", "cohort", "observed", "observed in cohort", "row", "complete cases")
_NUMBERS_OF_VARIABLES = {1: (1,), 2: (1, 1, 2), 4: (1, 2, 3, 4)}


@dataclass
class TrueStudy:
    """The parts of a study for ``study_builder.make_study``, and how it was printed."""

    parts: dict[str, Any]
    conventions: list[str] = field(default_factory=list)

    @property
    def claims(self) -> list[dict[str, str]]:
        return self.parts["claims"]


@dataclass(frozen=True)
class _Column:
    """A population: its name, and the levels that its members have."""

    name: str
    where: dict[tuple[str, str], str]


class _Truth:
    """A table of patients, and the study that describes it."""

    def __init__(self, random: Random, most_variables: int):
        self.random = random
        is_wide = most_variables > 2
        self.size = random.randint(5, 60)
        self.variables: dict[str, dict[str, Any]] = {}
        self.times: dict[str, tuple[str, ...]] = {}
        self.patients: list[Patient] = [{} for _ in range(self.size)]
        groups = ["a", "b", "c"][: random.choice((2, 2, 3))]
        strays = random.random() < 0.15
        self._categorical("group", groups, 0.1 if strays else 0.0)
        if is_wide and random.random() < 0.1:
            self._categorical("sex", ["f", "m"], 0.0)
        for number in range(random.choice(_NUMBERS_OF_VARIABLES[most_variables])):
            if random.random() < 0.25:
                self._multi(f"event{number}")
            else:
                levels = ["w", "x", "y", "z"][: random.randint(2, 4)]
                missing = random.choice((0.0, 0.0, 0.1, 0.4))
                times = ("2 cycles", "4 cycles") if random.random() < 0.3 else ("",)
                self._categorical(f"state{number}", levels, missing, times)
        self.columns = self._columns(groups, is_wide)

    def _categorical(
        self, name: str, levels: list[str], missing: float, times: tuple[str, ...] = ("",)
    ) -> None:
        random = self.random
        weights = [random.choice((0.05, 0.5, 1, 3)) for _ in levels]
        named = list(levels)
        unknown = missing > 0 and name != "group" and random.random() < 0.4
        if unknown:
            named.append("unknown")
        for patient in self.patients:
            for time in times:
                level = random.choices(levels, weights)[0]
                if random.random() < missing:
                    level = "unknown" if unknown else None
                patient[name, time] = level
        self.times[name] = times
        everybody = all(p[name, time] is not None for p in self.patients for time in times)
        variable: dict[str, Any] = {"type": "categorical", "levels": named}
        variable["complete"] = everybody and random.random() < 0.7
        if unknown:
            variable["missing"] = ["unknown"]
        if len(levels) > 2 and random.random() < 0.5:
            variable["unions"] = {"either": levels[:2]}
            if len(levels) > 3:
                variable["unions"]["three"] = levels[:3]
        self.variables[name] = variable

    def _multi(self, name: str) -> None:
        random = self.random
        levels = ["p", "q", "r"][: random.randint(2, 3)]
        nested = random.random() < 0.4
        for patient in self.patients:
            held = {level for level in levels if random.random() < 0.3}
            if nested and "q" in held:
                held.add("p")
            patient[name, ""] = frozenset(held)
        self.times[name] = ("",)
        self.variables[name] = {"type": "multi", "levels": levels}
        if nested:
            self.variables[name]["within"] = {"q": "p"}
        if random.random() < 0.3:
            self.variables[name]["unions"] = {"both": levels[:2]}

    def _columns(self, groups: Sequence[str], is_wide: bool) -> list[_Column]:
        random = self.random
        columns = [_Column("all", {}), *(_Column(f"g_{g}", {("group", ""): g}) for g in groups)]
        if "sex" in self.variables:
            columns += [_Column(f"s_{s}", {("sex", ""): s}) for s in "fm"]
            columns += [
                _Column(f"g_{g}_{s}", {("group", ""): g, ("sex", ""): s})
                for g in groups
                for s in "fm"
            ]
        states = [name for name in self.variables if name.startswith("state")]
        if is_wide and states and random.random() < 0.2:
            name = random.choice(states)
            time = random.choice(self.times[name])
            level = random.choice([*self.levels(name)])
            columns.append(_Column("such", {(name, time): level}))
        return columns

    def levels(self, name: str) -> list[str]:
        variable = self.variables[name]
        return [*variable["levels"], *variable.get("unions", {})]

    def has(self, patient: Patient, name: str, time: str, level: str) -> bool:
        """Return whether a patient has a level, a union of levels, or any ("")."""
        held = patient[name, time]
        members = set(self.variables[name].get("unions", {}).get(level, [level]))
        if isinstance(held, frozenset):
            return bool(held if not level else held & members)
        return held in members

    def members(self, column: _Column, among: Sequence[Patient] | None = None) -> list[Patient]:
        return [
            patient
            for patient in (self.patients if among is None else among)
            if all(self.has(patient, *key, level) for key, level in column.where.items())
        ]

    def known(self, patient: Patient, name: str, time: str) -> bool:
        return patient[name, time] not in (None, "unknown")

    def populations(self) -> dict[str, Any]:
        found: dict[str, Any] = {"all": {"units": "patients"}}
        for column in self.columns[1:]:
            (time,) = {time for _, time in column.where}
            entry: dict[str, Any] = {
                "of": "all",
                "where": {v: x for (v, _), x in column.where.items()},
            }
            if time:
                entry["at"] = time
            if len(column.where) == 2:  # a part of a part
                (first, second) = column.where
                entry = {
                    "of": f"g_{column.where[first]}",
                    "where": {second[0]: column.where[second]},
                }
            found[column.name] = entry
        return found


def _half_up(value: Fraction, decimals: int) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def _printer(random: Random) -> tuple[str, Callable[[Fraction], str]]:
    """Return one way to print percentages, the same for a whole table."""
    if random.random() < 0.15:
        step = random.choice((5, 10))
        return f"to the nearest {step}", lambda value: str(step * round(float(value) / step))
    decimals = random.choice((0, 0, 1))
    if random.random() < 0.5:
        return f"half up, {decimals}", lambda value: _half_up(value, decimals)
    return f"Python, {decimals}", lambda value: format(float(value), f".{decimals}f")


def draw_true_study(seed: int, *, most_variables: int = 2) -> TrueStudy:
    """Draw patients, and print them; of up to 4 variables there are more populations too."""
    random = Random(seed)
    truth = _Truth(random, most_variables)
    # Complete cases are another data set, so one place alone prints from it.
    places = ["table1", "table2"][: random.choice((1, 2))]
    conventions: list[str] = []
    claims: list[dict[str, str]] = []
    for place in places:
        convention = random.choice(DENOMINATORS if len(places) == 1 else DENOMINATORS[:-1])
        rounding, show = _printer(random)
        conventions.append(f"{convention}; {rounding}")
        claims += _table(truth, place, convention, show)
    if conventions[0].startswith("complete cases"):
        for name, variable in truth.variables.items():
            if name not in ("group", "sex"):
                variable["complete"] = False
    again = [dict(row) for row in claims if random.random() < 0.05]
    for number, row in enumerate(again):
        row["claim"] = f"again{number}"
    locations = {place: {"title": place} for place in places}
    hearsay = [dict(row) for row in claims if random.random() < 0.02]
    if hearsay:
        locations["hearsay"] = {"title": "A review", "seen": "secondary"}
        for number, row in enumerate(hearsay):
            row.update(
                location="hearsay", claim=f"hearsay{number}", printed=str(random.randint(0, 99))
            )
    parts = {
        "locations": locations,
        "populations": truth.populations(),
        "variables": truth.variables,
        "claims": claims + again + hearsay or [_row("table1", "all", "N", str(truth.size))],
    }
    return TrueStudy(parts, conventions)


def _row(place: str, population: str, statistic: str, printed: str, **keys: str) -> dict[str, str]:
    return {
        "location": place,
        "population": population,
        "stat_name": statistic,
        "printed": printed,
        **keys,
    }


def _table(
    truth: _Truth, place: str, convention: str, show: Callable[[Fraction], str]
) -> list[dict[str, str]]:
    random = truth.random
    analysed = truth.patients
    if convention == "complete cases":
        # Whoever lacks a value is in no count, so a population defined by one is another data set.
        truth.columns = [column for column in truth.columns if column.name != "such"]
        analysed = [
            patient
            for patient in truth.patients
            if all(truth.known(patient, *key) for key in patient)
        ]
    omits = {
        "N": random.choice((0.0, 0.3, 1.0)),
        "n": random.choice((0.0, 0.0, 0.2, 0.8)),
        "pct": random.choice((0.0, 0.0, 0.2)),
    }
    states = random.random() < 0.2  # whether the table says of how many its percentages are
    rows: list[dict[str, str]] = []
    columns = [column for column in truth.columns if random.random() < 0.8] or truth.columns[:1]
    if convention == "row":  # nobody prints 100 % in each row of a table of one column
        columns = truth.columns
    for column in columns:
        if random.random() >= omits["N"]:
            rows.append(_row(place, column.name, "N", str(len(truth.members(column)))))
    names = [name for name in truth.variables if random.random() < 0.8]
    for name in names:
        for time in truth.times[name]:
            for level in truth.levels(name):
                for column in columns:
                    keys = {"variable": name, "variable_level": level, "at": time}
                    # Groups are everybody's, whoever is analysed in them.
                    among = truth.patients if name in ("group", "sex") else analysed
                    members = truth.members(column, among)
                    count = sum(truth.has(patient, name, time, level) for patient in members)
                    if random.random() >= omits["n"]:
                        printed = _count(random, count, len(truth.members(column)))
                        rows.append(_row(place, column.name, "n", printed, **keys))
                    base = _denominator(truth, convention, column, name, time, level, among)
                    if random.random() < omits["pct"] or (not base and random.random() < 0.5):
                        continue
                    if states and convention in ("group", "cohort"):
                        keys["denominator"] = column.name if convention == "group" else "all"
                    printed = show(Fraction(100 * count, base or 1))  # "0 (0 %)" of nobody
                    if random.random() < 0.02:
                        printed = f"~{printed}"
                    population = column.name
                    if random.random() < 0.02 and column.name != "all":
                        population = random.choice((f"all|{column.name}", f"{column.name}|all"))
                    rows.append(_row(place, population, "pct", printed, **keys))
    return rows


def _count(random: Random, count: int, size: int) -> str:
    """Print a count: nearly always as a number."""
    if random.random() > 0.05:
        return str(count)
    words = [f"<{count + random.randint(1, 5)}", f"~{count}", f">{max(count - 2, 0)}"]
    words.append(f"{max(count - 1, 0)}-{count + 1}")
    if count == 0:
        words.append("none")
    if count == size:
        words.append("all")
    return random.choice(words)


def _denominator(
    truth: _Truth,
    convention: str,
    column: _Column,
    name: str,
    time: str,
    level: str,
    analysed: Sequence[Patient],
) -> int:
    """Return of how many a percentage is, under the convention of its table."""
    members, everybody = truth.members(column, analysed), list(analysed)
    if convention == "cohort":
        return len(everybody)
    if convention == "row" and level != "unknown":
        return sum(truth.has(patient, name, time, level) for patient in everybody)
    if convention.startswith("observed") and level != "unknown":
        among = everybody if convention.endswith("cohort") else members
        return sum(truth.known(patient, name, time) for patient in among)
    return len(members)


def misprint(study: TrueStudy, seed: int) -> str | None:
    """Plant one misprint: a wrong digit, or two values of a row exchanged.

    Returns what was done ("count", "percentage", "exchange"), or None where
    the study offers nothing to misprint.
    """
    random = Random(seed)
    plain = [row for row in study.claims if row["printed"].replace(".", "").isdigit()]
    plain = [row for row in plain if row["location"] != "hearsay"]
    if not plain:
        return None
    if random.random() < 0.25:
        one = random.choice(plain)
        keys = ("location", "stat_name", "variable")
        others = [
            row
            for row in plain
            if all(row.get(key) == one.get(key) for key in keys)
            and row["printed"] != one["printed"]
        ]
        if others:
            other = random.choice(others)
            one["printed"], other["printed"] = other["printed"], one["printed"]
            return "exchange"
    row = random.choice(plain)
    digits = list(row["printed"])
    place = random.choice([index for index, digit in enumerate(digits) if digit.isdigit()])
    digits[place] = random.choice([digit for digit in "0123456789" if digit != digits[place]])
    row["printed"] = "".join(digits)
    return "percentage" if row["stat_name"] == "pct" else "count"
