"""Tables of counts and percentages, with the denominators and omissions of real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from random import Random

from simulation.comparisons import p_value
from simulation.press import Column, Press
from simulation.printing import to_step

__all__ = ["DENOMINATORS", "Outcome", "draw_outcome", "print_contrasts", "print_counts"]

DENOMINATORS = ("column", "cohort", "observed", "observed in cohort", "row")


@dataclass(slots=True)
class Outcome:
    """A categorical variable that is counted, at one or more times.

    Parameters
    ----------
    name : str
        Name of the variable.
    levels : tuple of str
        All levels, one for "not known" included.
    held : dict of str to list
        By time, the levels of each patient: none, one, or several that overlap.
    unions : dict of str to tuple of str
        Names for several levels together.
    unknown : str
        The level that means "not known", or "".
    is_multi : bool
        Whether levels may overlap.
    within : dict of str to str
        Levels that imply another one.
    """

    name: str
    levels: tuple[str, ...]
    held: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: str = ""
    is_multi: bool = False
    within: dict[str, str] = field(default_factory=dict)

    def count(self, members: Sequence[int], time: str, level: str) -> int:
        """Return how many of some patients have a level, or any of a union."""
        wanted = set(self.unions.get(level, (level,)))
        held = self.held[time]
        return sum(not wanted.isdisjoint(held[i]) for i in members)

    def observed(self, members: Sequence[int], time: str) -> list[int]:
        """Return those whose level is known."""
        if self.is_multi:
            return list(members)
        held = self.held[time]
        return [i for i in members if held[i] and self.unknown not in held[i]]


def draw_outcome(random: Random, name: str, size: int, *, is_small: bool = False) -> Outcome:
    """Draw what is counted.

    Parameters
    ----------
    random : Random
        Source of chance.
    name : str
        Name of the variable.
    size : int
        Number of patients.
    is_small : bool
        Whether it has few levels, at one time.

    Returns
    -------
    Outcome
        The variable with its patients.
    """
    is_multi = random.random() < 0.2
    levels = [
        f"{name}{letter}"
        for letter in "vwxyz"[: random.randint(2, 3 if is_multi or is_small else 5)]
    ]
    outcome = Outcome(name, tuple(levels), is_multi=is_multi)
    if is_multi and random.random() < 0.4:
        outcome.within = {levels[1]: levels[0]}
    if len(levels) > 2 and random.random() < 0.5:
        outcome.unions = {f"{name}_first_two": tuple(levels[:2])}
        if len(levels) > 3 and random.random() < 0.5:
            outcome.unions[f"{name}_first_three"] = tuple(levels[:3])
    missing = 0.0 if is_multi else random.choice((0, 0, 0.08, 0.4))
    if missing and random.random() < 0.4:
        outcome.unknown = f"{name}_unknown"
        outcome.levels = (*levels, outcome.unknown)
    weights = [random.choice((0.05, 0.5, 1, 3)) for _ in levels]
    has_times = not is_small and random.random() < 0.25
    times = ("8 weeks", "6 months") if has_times else ("",)
    for time in times:
        outcome.held[time] = [_held(random, outcome, levels, weights, missing) for _ in range(size)]
    return outcome


def _held(
    random: Random, outcome: Outcome, levels: list[str], weights: list[float], missing: float
) -> frozenset[str]:
    if outcome.is_multi:
        held = {level for level in levels if random.random() < 0.3}
        return frozenset(held | {outcome.within[level] for level in held & set(outcome.within)})
    if missing and random.random() < missing:
        return frozenset([outcome.unknown] if outcome.unknown else [])
    return frozenset(random.choices(levels, weights))


def _declare(press: Press, outcome: Outcome) -> None:
    everybody = all(held for time in outcome.held.values() for held in time)
    variable: dict[str, object] = {"levels": list(outcome.levels)}
    variable["type"] = "multi" if outcome.is_multi else "categorical"
    if not outcome.is_multi and everybody and press.chance(0.7):
        variable["complete"] = "true"
    if outcome.unknown:
        variable["missing"] = [outcome.unknown]
    if outcome.unions:
        variable["unions"] = {name: list(levels) for name, levels in outcome.unions.items()}
    if outcome.within:
        variable["within"] = outcome.within
    press.paper.variables[outcome.name] = variable


def print_counts(press: Press, place: str, outcomes: Sequence[Outcome]) -> None:
    """Print a table of counts and percentages.

    Parameters
    ----------
    press : Press
        The paper.
    place : str
        Where it stands.
    outcomes : sequence of Outcome
        What is counted.
    """
    random = press.random
    decimals = random.choice((0, 0, 1, 1, 2))
    step = (
        random.choice((5, 10)) if press.printer.rounding == "nearest" and press.chance(0.12) else 0
    )
    # A coarse or cut percentage of each row of a table is of one kind of denominator each.
    press.paper.notes.append(f"{place}: percentages to {step or 10.0**-decimals:g}")
    omits = {
        "N": random.choice((0, 0.3, 1)),
        "n": random.choice((0, 0, 0.2, 0.8)),
        "pct": random.choice((0, 0, 0.2, 1)),
    }
    says = press.chance(0.2)
    shown = [column for column in press.columns if press.chance(0.85)] or press.columns[:1]
    for column in shown:
        if not press.chance(omits["N"]):
            press.count(len(column.members), location=place, population=column.name, stat_name="N")
    for outcome in outcomes:
        _declare(press, outcome)
        denominator = random.choice((DENOMINATORS[0], *DENOMINATORS))
        press.paper.notes.append(f"{place}, {outcome.name}: per cent of {denominator}")
        # Nobody prints 100 % in each row of a table of one column.
        columns = press.columns if denominator == "row" else shown
        for time in outcome.held:
            for level in (*outcome.levels, *outcome.unions):
                for column in columns:
                    cells = {
                        "location": place,
                        "population": column.name,
                        "variable": outcome.name,
                        "variable_level": level,
                        "at": time,
                    }
                    count = outcome.count(column.members, time, level)
                    if not press.chance(omits["n"]):
                        press.paper.print_row(
                            _count_text(random, count, len(column.members)),
                            float(count),
                            stat_name="n",
                            **cells,
                        )
                    base = _base(press, outcome, denominator, column, time, level)
                    if press.chance(omits["pct"]) or (not base and press.chance(0.5)):
                        continue
                    if says and denominator in ("column", "cohort"):
                        cells["denominator"] = column.name if denominator == "column" else "all"
                    _print_share(press, 100 * count / (base or 1), step, decimals, cells)
        _print_numbers_observed(press, place, outcome, shown)
        _print_p_values(press, place, outcome)


def _print_share(
    press: Press, share: float, step: int, decimals: int, cells: dict[str, str]
) -> None:
    if press.chance(0.02) and cells["population"] != "all":
        # The transcriber cannot tell whether all or the group is meant.
        name = cells["population"]
        cells["population"] = press.random.choice((f"all|{name}", f"{name}|all"))
    printed = to_step(share, step) if step else press.printer.show(share, decimals)
    about = "~" if press.chance(0.02) else ""
    press.paper.print_row(
        about + printed, None if about or step else share, decimals, stat_name="pct", **cells
    )


def _base(
    press: Press, outcome: Outcome, denominator: str, column: Column, time: str, level: str
) -> int:
    """Return of how many a percentage is."""
    everybody = range(press.cohort.size)
    if denominator == "cohort":
        return press.cohort.size
    if level != outcome.unknown:
        if denominator == "row":
            return outcome.count(everybody, time, level)
        if denominator == "observed":
            return len(outcome.observed(column.members, time))
        if denominator == "observed in cohort":
            return len(outcome.observed(everybody, time))
    return len(column.members)


def _count_text(random: Random, count: int, size: int) -> str:
    """Print a count: nearly always as a number."""
    if random.random() > 0.04:
        return str(count)
    words = [f"<{count + random.randint(1, 5)}", f"~{count}", f">{max(count - 2, 0)}"]
    words += [f">={count}", f"<={count}", f"{max(count - 1, 0)}-{count + 1}"]
    words += ["none"] if count == 0 else []
    words += ["all"] if count == size else []
    return random.choice(words)


def _print_numbers_observed(
    press: Press, place: str, outcome: Outcome, columns: Sequence[Column]
) -> None:
    if outcome.is_multi or not press.chance(0.15):
        return
    name = press.random.choice(("N", "N_nonmiss", "N_miss"))
    for time in outcome.held:
        for column in columns:
            known = len(outcome.observed(column.members, time))
            number = len(column.members) - known if name == "N_miss" else known
            cells = {"location": place, "population": column.name, "variable": outcome.name}
            press.count(number, stat_name=name, at=time, **cells)


def _print_p_values(press: Press, place: str, outcome: Outcome) -> None:
    if not press.chance(0.35):
        return
    factor = press.cohort.factors["group"]
    test = press.random.choice(("chi_squared", "fisher_exact"))
    time = press.random.choice(list(outcome.held))
    plain = [level for level in outcome.levels if level != outcome.unknown]
    level = press.random.choice(plain) if outcome.is_multi or press.chance(0.5) else ""
    everybody = press.chance(0.5)
    table = []
    for name in factor.levels:
        members = press.cohort.members({"group": name})
        known = members if everybody and level else outcome.observed(members, time)
        if level:
            count = outcome.count(known, time, level)
            table.append([count, len(known) - count])
        else:
            table.append([outcome.count(known, time, one) for one in plain])
    flavour = press.flavour(test)
    p = p_value(test, flavour, table)
    if p is None:
        return
    name = f"{outcome.name}_by_group"
    tests = press.random.choice(([test], [test], ["chi_squared", "fisher_exact"], ["unnamed"]))
    press.paper.analyses[name] = {"test": tests, "variable": outcome.name, "by": "group"}
    press.paper.notes.append(f"{name}: {test}, {flavour}, of {table}")
    cells = {"location": place, "population": "all", "analysis": name, "at": time}
    if level:
        cells |= {"variable": outcome.name, "variable_level": level}
    press.p_value(p, press.draw_p_style(), **cells)


def print_contrasts(press: Press, place: str, outcome: Outcome) -> None:
    """Print a ratio or difference of risks of two groups, with limits of a proportion.

    Parameters
    ----------
    press : Press
        The paper, in which the outcome has been counted.
    place : str
        Where it stands.
    outcome : Outcome
        What was counted.
    """
    random = press.random
    factor, time = press.cohort.factors["group"], next(iter(outcome.held))
    level = random.choice(outcome.levels)
    sides = [column for column in press.columns if list(column.where) == ["group"]]
    if len(factor.levels) != 2 or not all(column.members for column in sides):
        return
    random.shuffle(sides)  # which group comes first is seldom said
    (a, n), (b, m) = (
        (outcome.count(column.members, time, level), len(column.members)) for column in sides
    )
    found: dict[str, float | None] = {
        "risk_ratio": a * m / (b * n) if b else None,
        "odds_ratio": a * (m - b) / (b * (n - a)) if b and n > a else None,
        "risk_difference": a / n - b / m,
    }
    name = f"{outcome.name}_contrast"
    press.paper.analyses[name] = {"test": ["unnamed"], "variable": outcome.name, "by": "group"}
    cells = {"location": place, "analysis": name, "variable": outcome.name, "at": time}
    contrast = random.choice(list(found))
    press.number(
        found[contrast], 2, stat_name=contrast, population="all", variable_level=level, **cells
    )
    # Wald's limits, which leave 0 to 100 per cent.
    share = a / n
    half = 1.96 * sqrt(share * (1 - share) / n)
    cells.pop("analysis")
    for suffix, sign in (("low", -1), ("high", 1)):
        press.number(
            100 * (share + sign * half),
            1,
            stat_name=f"pct.conf.{suffix}",
            population=sides[0].name,
            variable_level=level,
            **cells,
        )
