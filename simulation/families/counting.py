"""Tables of counts and percentages, with the denominators and omissions of real ones."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from random import Random

from simulation.comparisons import p_value
from simulation.outcomes import Outcome
from simulation.press import Column, Press
from simulation.printing import to_step

__all__ = ["DENOMINATORS", "print_contrasts", "print_counts"]

DENOMINATORS = ("column", "cohort", "observed", "observed in cohort", "row")


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
        press.cohort.outcomes[outcome.name] = outcome
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
                        text = _count_text(random, count, len(column.members))
                        value = float(count) if text == str(count) else None
                        press.paper.print_row(text, value, stat_name="n", **cells)
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
    if not press.chance(0.2):
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
