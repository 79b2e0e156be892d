"""Which events at one time a longest path through a graph of two arms may need.

Most events at one time add no more than the same events one after the other.  That is found in
floats for all of them together; what is left out is made up for by more than floats are off,
so that the path through the rest, in whole numbers, is the longest through all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from netcore.stats.survival.event_graph import Edge, Gains, TwoArmGraph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["EdgeTable", "edge_table"]

_ROOM: Final = 1e-11
"""By how much more than the greatest gain, as a share of it, events must be made up for."""


class EdgeTable:
    """All events that are possible at one time, and how each can be taken apart.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen in the arms.

    Notes
    -----
    Events of both arms are those of the first arm and then those of the second, or the other way
    round; several events of one arm are one of them and the rest, in either order.
    """

    def __init__(self, graph: TwoArmGraph):
        import numpy as np

        self.edges = [(*numbers, *edge) for numbers, edges in graph.edges.items() for edge in edges]
        """Numbers at risk r1 and r2 and events d1 and d2."""
        places = {edge: place for place, edge in enumerate(self.edges)}
        found = []
        for place, (r1, r2, d1, d2) in enumerate(self.edges):
            if d1 + d2 == 1:
                continue
            if d1 and d2:
                one, two = (d1, 0), (0, d2)
            else:
                one, two = ((1, 0), (d1 - 1, 0)) if d1 else ((0, 1), (0, d2 - 1))
            found.append(
                [place]
                + [
                    places[numbers]
                    for first, last in ((one, two), (two, one))
                    for numbers in ((r1, r2, *first), (r1 - first[0], r2 - first[1], *last))
                ]
            )
        self._parts = np.array(found, dtype=np.int64).reshape(-1, 5).T

    def needed(self, near: Floats, exact: Callable[[int], int]) -> Gains:
        """Return the edges that a longest path may need.

        Parameters
        ----------
        near : array of float
            What each of the edges adds, in floats and in any unit.
        exact : callable
            Of the place of an edge, what it adds in whole numbers.

        Returns
        -------
        callable
            For numbers at risk, edges.

        Examples
        --------
        Two events at one time are needed where they add no less than one after the other:

        >>> import numpy as np
        >>> from netcore.stats.survival.event_graph import Arm
        >>> table = EdgeTable(TwoArmGraph(Arm(1), Arm(1)))
        >>> for both in (1, 2):
        ...     gains = [both if d1 and d2 else 1 for _, _, d1, d2 in table.edges]
        ...     print([edge[:2] for edge in table.needed(np.array(gains), gains.__getitem__)(1, 1)])
        [(0, 1), (1, 0)]
        [(0, 1), (1, 0), (1, 1)]
        """
        import numpy as np

        kept = np.ones(len(self.edges), dtype=bool)
        many, *parts = self._parts
        if many.size:
            room = _ROOM * float(np.abs(near).max())
            one, then_two, two, then_one = (near[part] for part in parts)
            least = near[many] + room
            kept[many] = (one + then_two < least) & (two + then_one < least)
        found: dict[tuple[int, int], list[Edge]] = {}
        for place in np.flatnonzero(kept).tolist():
            r1, r2, d1, d2 = self.edges[place]
            found.setdefault((r1, r2), []).append(Edge(d1, d2, exact(place)))
        return lambda r1, r2: found.get((r1, r2), [])


@lru_cache(maxsize=4)
def edge_table(graph: TwoArmGraph) -> EdgeTable:
    """Return the table of a graph, made once for all that is asked of it.

    Parameters
    ----------
    graph : TwoArmGraph
        What can happen in the arms.

    Returns
    -------
    EdgeTable
        The table.
    """
    return EdgeTable(graph)
