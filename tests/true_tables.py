"""True studies with a p-value: patients in groups, counted, tested and printed.

Nothing here knows the checks, and p-values come from scipy.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any


def p_value(random: Random, table: Sequence[Sequence[int]]) -> tuple[str, float] | None:
    """Return a test and its p-value in some flavour; None if the table compares nothing."""
    from scipy.stats import chi2_contingency, fisher_exact

    kept = [column for column in zip(*table, strict=True) if sum(column)]
    rows = [row for row in zip(*kept, strict=True) if sum(row)] if kept else []
    if len(kept) < 2 or len(rows) < 2:
        return None
    if len(kept) > 2 or len(rows) > 2:
        kind = random.choice(("pearson", "pearson", "g"))
        name = "log-likelihood" if kind == "g" else None
        return "chi_squared", float(chi2_contingency(rows, lambda_=name)[1])
    kind = random.choice(("pearson", "yates", "g", "n-1", "fisher", "fisher", "less", "doubled"))
    if kind == "fisher":
        return "fisher_exact", float(fisher_exact(rows)[1])
    if kind == "less":
        return "fisher_exact", float(fisher_exact(rows, alternative="less")[1])
    if kind == "doubled":
        sides = [fisher_exact(rows, alternative=side)[1] for side in ("less", "greater")]
        return "fisher_exact", min(1.0, 2 * float(min(sides)))
    if kind == "n-1":
        from scipy.stats import chi2

        total = sum(map(sum, rows))
        statistic = chi2_contingency(rows, correction=False)[0]
        return "chi_squared", float(chi2.sf(statistic * (total - 1) / total, 1))
    name = "log-likelihood" if kind == "g" else None
    return "chi_squared", float(chi2_contingency(rows, correction=kind == "yates", lambda_=name)[1])


def show(random: Random, p: float) -> str:
    """Print a p-value as papers do."""
    if p < 0.001 and random.random() < 0.7:
        return "<0.001"
    if random.random() < 0.1:
        return "ns" if p >= 0.05 else "<0.05"
    text = f"{p:.{random.choice((2, 3, 3, 4))}f}"
    if random.random() < 0.1:  # digits cut off
        text = f"{int(p * 1000) / 1000:.3f}"
    return text


def draw_tested_study(seed: int) -> dict[str, Any] | None:
    """Draw patients and a p-value; None where there is nothing to test."""
    random = Random(seed)
    groups = ["a", "b", "c"][: random.choice((2, 2, 2, 3))]
    levels = ["w", "x", "y", "z"][: random.choice((2, 2, 3, 4))]
    is_complete = random.random() < 0.5
    counts = {}
    for group in groups:
        weights = [random.choice((0.3, 1, 2)) for _ in levels]
        size = random.randint(4, 40)
        drawn = random.choices(levels, weights, k=size)
        if not is_complete:
            unknown = random.choice((0, 0.1))
            drawn = [None if random.random() < unknown else level for level in drawn]  # type: ignore[misc]
        counts[group] = drawn
    shown = levels if random.random() < 0.7 else levels[: random.randint(1, len(levels))]
    level = random.choice(shown) if random.random() < 0.5 else ""
    analysed = {g: [level for level in drawn if level is not None] for g, drawn in counts.items()}
    if not is_complete and random.random() < 0.5 and level:
        analysed = {g: [held or "unknown" for held in drawn] for g, drawn in counts.items()}
    compared = list(groups)
    if len(groups) == 3 and random.random() < 0.3:
        compared = random.sample(groups, 2)
    if level:
        table = [[sum(x == level for x in analysed[g]), sum(x != level for x in analysed[g])] for g in compared]  # fmt: skip
    else:
        columns = [[x] for x in levels]
        if len(levels) > 2 and random.random() < 0.3:  # levels joined
            columns = [levels[:2], levels[2:]]
        table = [[sum(x in column for x in analysed[g]) for column in columns] for g in compared]
    tested = p_value(random, table)
    if tested is None:
        return None
    test, p = tested
    names = random.choice(([test], [test], ["chi_squared", "fisher_exact"], ["unnamed"]))
    claims = []
    for group in groups:
        if random.random() < 0.9:
            claims.append(_row(f"g_{group}", "N", str(len(counts[group]))))
        for name in shown:
            number = counts[group].count(name)
            keys = {"variable": "state", "variable_level": name}
            if random.random() < 0.95:
                claims.append(_row(f"g_{group}", "n", str(number), **keys))
            percentage = f"{100 * number / len(counts[group]):.1f}"
            claims.append(_row(f"g_{group}", "pct", percentage, **keys))
    keys = {"analysis": "state_by_group"}
    if level:
        keys |= {"variable": "state", "variable_level": level}
    claims.append({**_row("all", "p.value", show(random, p), **keys), "claim": "p"})
    populations: dict[str, Any] = {"all": {"units": "patients"}}
    populations |= {f"g_{g}": {"of": "all", "where": {"group": g}} for g in groups}
    return {
        "populations": populations,
        "variables": {
            "group": {"type": "categorical", "levels": groups, "complete": True},
            "state": {"type": "categorical", "levels": levels, "complete": is_complete},
        },
        "analyses": {"state_by_group": {"test": names, "variable": "state", "by": "group"}},
        "claims": claims,
    }


def _row(population: str, statistic: str, printed: str, **keys: str) -> dict[str, str]:
    return {"population": population, "stat_name": statistic, "printed": printed, **keys}
