"""The values that one unknown can have while the others take any that fit."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from netcore.stats.integer_systems.solver import (
    DEFAULT_BUDGET,
    Exhausted,
    Feasible,
    Infeasible,
    _BudgetEndedError,
    _Search,
    solve,
)
from netcore.stats.integer_systems.systems import IntegerSystem

__all__ = ["attainable_range"]


def attainable_range(
    system: IntegerSystem,
    unknown: str,
    *,
    labels: Collection[str] | None = None,
    budget: int = DEFAULT_BUDGET,
) -> tuple[int, int, bool] | None:
    """Return the least and the greatest value that an unknown can have.

    Parameters
    ----------
    system : IntegerSystem
        Unknowns and constraints.
    unknown : str
        The name of the unknown.
    labels : collection of str, optional
        Only constraints with these labels count; all by default.
    budget : int
        Budget of each of the searches.

    Returns
    -------
    tuple of (int, int, bool) or None
        Least and greatest value, and whether both are attained (False: they
        are sound outer bounds, since a search ended on its budget); None if
        the system has no solution at all.

    Raises
    ------
    KeyError
        If the system has no such unknown.

    Examples
    --------
    >>> from netcore.stats.integer_systems import Constraint
    >>> both = (("x", 1), ("y", 1))
    >>> system = IntegerSystem({"x": (0, 50), "y": (4, 50)}, (Constraint(both, 34, 34, "sum"),))
    >>> attainable_range(system, "x")
    (0, 30, True)
    """
    position = system._index[unknown]
    first = solve(system, labels=labels, budget=budget)
    if isinstance(first, Infeasible):
        return None
    search = _Search(system, labels, budget, None)
    with suppress(_BudgetEndedError):  # every step so far holds
        search.propagate(search.active, [])
    floor, ceiling = search.low[position], search.high[position]
    if isinstance(first, Exhausted):
        return floor, ceiling, False
    seen = first.values[unknown]

    def reaches(least: int, most: int) -> int | bool | None:
        outcome = solve(system, labels=labels, budget=budget, tightened={unknown: (least, most)})
        if isinstance(outcome, Exhausted):
            return None
        return outcome.values[unknown] if isinstance(outcome, Feasible) else False

    exact = True
    # Propagation is usually exact, so the end itself is tried before halving.
    lower_limit, lowest, probe = floor, seen, floor
    while lower_limit < lowest:
        answer = reaches(lower_limit, probe)
        if answer is None:
            exact = False
            break
        if answer is False:
            lower_limit = probe + 1
        else:
            lowest = int(answer)
        probe = (lower_limit + lowest) // 2
    upper_limit, highest, probe = ceiling, seen, ceiling
    while highest < upper_limit:
        answer = reaches(probe, upper_limit)
        if answer is None:
            exact = False
            break
        if answer is False:
            upper_limit = probe - 1
        else:
            highest = int(answer)
        probe = (highest + upper_limit + 1) // 2
    return lower_limit, upper_limit, exact
