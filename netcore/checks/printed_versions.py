"""Versions: what places print of one thing, completed from one another where they agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, TypeVar

from netcore.checks.finding import Conventions
from netcore.checks.printings import disagree
from netcore.printed import Interval
from netcore.study import Claim, Study

__all__ = ["Version", "versions_of"]

Name = TypeVar("Name")
Meant = TypeVar("Meant")


@dataclass(frozen=True, slots=True)
class Version(Generic[Name]):
    """One version of what is printed of something.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    locations : tuple of str
        The places that print it so.
    rows : Mapping
        By what their cells say, the rows of these places, and those of others that complete them.
    """

    study: Study
    conventions: Conventions
    locations: tuple[str, ...]
    rows: Mapping[Name, Sequence[Claim]]

    def read(
        self, meant: Mapping[Name, Meant], window: Callable[[Claim, Meant], Interval]
    ) -> dict[Meant, tuple[Interval, tuple[Claim, ...]]] | None:
        """Return the values of a version as its cells are read.

        Parameters
        ----------
        meant : Mapping
            What each cell means.
        window : callable
            Of a row and what it means, the numbers that print so.

        Returns
        -------
        dict or None
            By what is meant, the numbers that print so and the rows; None where a place would print
            one thing twice in different words.

        Notes
        -----
        A place may name a mean what another leaves open.  Where the two differ, the places of this
        version hold; what only other places print, and differently, is left out.
        """
        found: dict[Meant, tuple[Interval, tuple[Claim, ...]]] = {}
        together: dict[Meant, list[Sequence[Claim]]] = {}
        for name, rows in self.rows.items():
            together.setdefault(meant[name], []).append(rows)
        for what, several in together.items():
            if any(_share_a_place(one, other) for one, other in combinations(several, 2)):
                return None
            own = [rows for rows in several if any(row.location in self.locations for row in rows)]
            for kept in (several, own):
                rows = tuple(row for some in kept for row in some)
                if rows and not self._differ(kept):
                    met = Interval(None, None)
                    for row in rows:
                        met = met.meet(window(row, what))
                    found[what] = met, rows
                    break
        return found

    def _differ(self, several: Sequence[Sequence[Claim]]) -> bool:
        return any(
            disagree(self.study, row, other, self.conventions)
            for one, another in combinations(several, 2)
            for row in one
            for other in another
        )


def _share_a_place(one: Sequence[Claim], other: Sequence[Claim]) -> bool:
    return not {row.location for row in one}.isdisjoint(row.location for row in other)


def versions_of(
    study: Study,
    conventions: Conventions,
    places: Mapping[str, Mapping[Name, Sequence[Claim]]],
) -> Iterator[Version[Name]]:
    """Gather the versions that places print of one thing.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    places : Mapping
        By place, its rows by what their cells say.

    Yields
    ------
    Version
        A place that prints only some of it is completed from other places where these agree; places
        whose values are the same are one version.  A place at odds with itself has none.
    """

    def agree(rows: Sequence[Claim]) -> bool:
        return not any(disagree(study, rows[0], row, conventions) for row in rows[1:])

    everywhere: dict[Name, list[Claim]] = {}
    for rows in places.values():
        for name, claims in rows.items():
            everywhere.setdefault(name, []).extend(claims)
    agreed = {name: claims for name, claims in everywhere.items() if agree(claims)}
    merged: dict[tuple[tuple[Name, str], ...], tuple[list[str], dict[Name, list[Claim]]]] = {}
    for location, rows in places.items():
        if not all(agree(claims) for claims in rows.values()):
            continue  # one place at odds with itself is another check's business
        complete = {**agreed, **rows}
        values = tuple(
            sorted((name, str(study.printed(some[0]).window())) for name, some in complete.items())
        )
        locations, gathered = merged.setdefault(values, ([], {}))
        locations.append(location)
        for name, claims in complete.items():
            kept = gathered.setdefault(name, [])
            kept.extend(claim for claim in claims if claim not in kept)
    for locations, gathered in merged.values():
        yield Version(study, conventions, tuple(locations), gathered)
