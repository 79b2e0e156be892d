"""Times for known orders of events: as even as linear conditions on them leave it.

Once the order in which patients leave is fixed, areas under curves, means of times and the ends
of printed stretches are linear in the times.  A linear program, in floating point, finds
times; whoever uses them rounds them and works everything out again in fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["TimeSystem"]


@dataclass(slots=True)
class TimeSystem:
    """Unknown times and what is demanded of them.

    Parameters
    ----------
    bounds : list of (float, float)
        Where each time can be.
    aims : list of float
        Where it would be if nothing else were demanded.
    rows : list of (dict of int to float, float, float)
        Weights of times, and the ends between which their sum lies.

    Examples
    --------
    >>> system = TimeSystem()
    >>> first, second = system.time(0, 10, 2), system.time(0, 10, 3)
    >>> system.demand({first: 1, second: 1}, 9, 9)
    >>> [round(time, 3) for time in system.solution()]
    [4.0, 5.0]
    """

    bounds: list[tuple[float, float]] = field(default_factory=list)
    aims: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def time(self, low: float, high: float, aim: float) -> int:
        """Add a time.

        Parameters
        ----------
        low, high : float
            Where it can be.
        aim : float
            Where it would best be.

        Returns
        -------
        int
            Its place in the solution.
        """
        self.bounds.append((low, high))
        self.aims.append(aim)
        return len(self.aims) - 1

    def demand(self, weights: Mapping[int, float], low: float, high: float) -> None:
        """Demand that a weighted sum of times lies between two ends.

        Parameters
        ----------
        weights : Mapping of int to float
            By the places of the times.
        low, high : float
            The ends, infinite where there is none.
        """
        self.rows.append((dict(weights), low, high))

    def solution(self) -> list[float] | None:
        """Return times that meet all demands and are near to their aims.

        Returns
        -------
        list of float or None
            Those with the least sum of the greatest and the mean departure from an aim; None if
            no times meet all demands.
        """
        import numpy as np
        from scipy.optimize import linprog
        from scipy.sparse import coo_array

        number = len(self.aims)
        if not number:
            return []
        entries: list[tuple[int, int, float]] = []
        ends: list[float] = []
        for weights, low, high in self.rows:
            for sign, end in ((1.0, high), (-1.0, -low)):
                if end != float("inf"):
                    entries += [(len(ends), place, sign * w) for place, w in weights.items()]
                    ends.append(end)
        # After the times come their departures, and the greatest of these.
        for place, aim in enumerate(self.aims):
            for sign in (1.0, -1.0):
                entries += [(len(ends), place, sign), (len(ends), number + place, -1.0)]
                ends.append(sign * aim)
            entries += [(len(ends), number + place, 1.0), (len(ends), 2 * number, -1.0)]
            ends.append(0.0)
        rows, columns, values = (np.array(part) for part in zip(*entries, strict=True))
        matrix = coo_array((values, (rows, columns)), shape=(len(ends), 2 * number + 1)).tocsr()
        cost = np.repeat([0.0, 1.0 / number, 1.0], [number, number, 1])
        found = linprog(
            cost,
            A_ub=matrix,
            b_ub=np.array(ends),
            bounds=[*self.bounds, *[(0, None)] * (number + 1)],
            method="highs",
        )
        return [float(time) for time in found.x[:number]] if found.status == 0 else None
