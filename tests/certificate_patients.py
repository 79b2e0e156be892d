"""Random patients, everything that is printed of them, and the true value of every unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import isqrt
from random import Random
from typing import Any

from certificate_studies import Row, row, size

from netcore.printed import print_value

Patient = dict[str, Any]
GROUPS = ("all", "group1", "group2")
LEVELS = ("CR", "PR", "SD")


def random_patients(random: Random) -> list[Patient]:
    """Draw patients; nobody has an unknown value."""
    patients = []
    for number in range(random.randint(2, 12)):
        events = set(random.sample(("pain", "fever"), random.randint(0, 2)))
        if "pain" in events and random.random() < 0.5:
            events.add("sharp")
        patients.append(
            {
                "group": "12"[number] if number < 2 else random.choice("12"),
                "response": random.choice(LEVELS),
                "event": events,
                "age": random.randint(18, 90),
                "size": Fraction(random.randint(10, 99), 10),
                "after": Fraction(random.randint(5, 99), 10),
            }
        )
    return patients


def members(patients: Sequence[Patient], who: str) -> list[Patient]:
    """Return the patients of a population, by its name or by the levels that it has."""
    names = {"group1": "all || group = 1", "group2": "all || group = 2"}
    return [one for one in patients if all(_meets(one, text) for text in names.get(who, who).split(" || ")[1:])]  # fmt: skip


def _meets(patient: Patient, text: str) -> bool:
    variable, word, *rest = text.split(" ", 2)
    value = patient[variable]
    if word == "=":
        return bool(value == rest[0])
    if word == "unnamed":
        return False
    if word in ("any", "none"):
        return bool(value) is (word == "any")
    return (rest[0] in value) is (word == "has")


def summary(patients: Iterable[Patient], variable: str, stat: str) -> Fraction:
    """Return a statistic of plain values; a standard deviation cut off at ten digits."""
    values = sorted(Fraction(one[variable]) for one in patients)
    number = len(values)
    mean = sum(values, Fraction(0)) / number
    if stat == "sd":
        variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / number
        return Fraction(isqrt(int(variance * 10**20)), 10**10)
    if stat == "median":
        return (values[(number - 1) // 2] + values[number // 2]) / 2
    simple = {"min": values[0], "max": values[-1], "range": values[-1] - values[0], "mean": mean}
    return simple[stat]


def derived(patients: Sequence[Patient], variable: str) -> Fraction:
    of = "mean" if variable == "both" else "median"
    before, after = (summary(patients, name, of) for name in ("size", "after"))
    return {"both": before + after, "loss": before - after, "gain": before / after}[variable]


def printed_rows(random: Random, patients: Sequence[Patient]) -> list[Row]:
    """Print a random part of what is so of the patients, each number to the nearest."""

    def shown(value: Fraction, digits: int | None = None) -> str:
        return print_value(value, random.choice((0, 1, 2)) if digits is None else digits)

    rows: list[Row] = []
    for who in GROUPS:
        own = members(patients, who)
        rows.append(size(who, str(len(own))))
        for level in (*LEVELS, "ORR"):
            found = [one for one in own if one["response"] in ({"CR", "PR"} if level == "ORR" else {level})]  # fmt: skip
            rows.append(row("response", "n", str(len(found)), who, level))
            rows.append(row("response", "pct", shown(Fraction(100 * len(found), len(own))), who, level))  # fmt: skip
        for level in ("pain", "sharp", "fever", ""):
            found = [one for one in own if (level in one["event"] if level else one["event"])]
            rows.append(row("event", "n", str(len(found)), who, level))
        for variable in ("age", "size", "after"):
            digits = random.choice((0, 1, 2))
            for stat in ("min", "median", "max", "mean", "range", "sd"):
                value = summary(own, variable, stat)
                rows.append(row(variable, stat, shown(value, digits), who))
            rows.append(row(variable, "N", str(len(own)), who))
        rows.append(row("both", "mean", shown(derived(own, "both")), who))
        rows.append(row("gain", "ratio", shown(derived(own, "gain")), who))
        loss = derived(own, "loss")
        rows.append(row("loss", "difference", shown(random.choice((loss, abs(loss)))), who))
    return [one for one in rows if random.random() < 0.8]


def true_value(patients: Sequence[Patient], unknown: str) -> Fraction:
    """Return what an unknown of a proof is of these patients."""
    if " | " in unknown:
        stat, variable, *_, who, _unit = unknown.split(" | ")
        own = members(patients, who)
        if stat == "#number analysed":
            return Fraction(len(own))
        if stat.startswith("#values "):
            side, limit = stat.removeprefix("#values ").rsplit(" ", 1)
            values = [Fraction(one[variable]) for one in own]
            return Fraction(
                sum(
                    value < Fraction(limit) if side == "below" else value <= Fraction(limit)
                    for value in values
                )
            )
        if variable in ("both", "loss", "gain"):
            return derived(own, variable)
        return summary(own, variable, stat)
    if unknown == "#1":
        return Fraction(1)
    if unknown.startswith(("#denominator of ", "#steps in all in ")):
        population = unknown.rpartition(" ")[2].split(".")[1]
        own = members(patients, population)
        if unknown.startswith("#denominator"):
            return Fraction(len(own))
        return Fraction(sum(one["age"] for one in own))
    return Fraction(len(members(patients, unknown.removeprefix("#"))))
