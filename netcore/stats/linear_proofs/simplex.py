"""The simplex method in fractions: multipliers that refute, or a point that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from netcore.stats.linear_proofs.inequalities import Inequality

__all__ = ["Point", "Unsolved", "multipliers_or_point"]

Row = dict[int, Fraction]
_ZERO = Fraction(0)


class Unsolved(Exception):  # noqa: N818 (the budget ended, nothing is wrong)
    """The budget of pivots ended."""


@dataclass(frozen=True, slots=True)
class Point:
    """Values that satisfy all inequalities.

    Parameters
    ----------
    values : dict of str to (Fraction, Fraction)
        Each unknown as a + b e, where e is positive and as small as one
        likes: open ends are passed by e.
    """

    values: dict[str, tuple[Fraction, Fraction]]


def multipliers_or_point(
    inequalities: Sequence[Inequality], budget: int
) -> tuple[Fraction, ...] | Point:
    """Return multipliers that refute inequalities, or values that satisfy them.

    Parameters
    ----------
    inequalities : sequence of Inequality
        What has to hold.
    budget : int
        Number of pivots after which to give up.

    Returns
    -------
    tuple of Fraction or Point
        One multiplier for each inequality, or a point.

    Raises
    ------
    Unsolved
        If the budget ended first.

    Notes
    -----
    The dual problem: y >= 0, one for each end of a window, with A'y = 0 and
    sum y <= 1, maximise b'y.  It starts at y = 0, and Bland's rule (1977,
    doi:10.1287/moor.2.2.103) ends it.  A positive maximum gives the
    multipliers; at 0 the prices of A'y = 0 are a point that satisfies all.
    An open end b is b + e: a second row of costs that decides where the
    first is 0.
    """
    columns: list[tuple[int, int, Fraction, int]] = []  # inequality, sign, end, whether it is open
    for place, inequality in enumerate(inequalities):
        window = inequality.window
        if window.low is not None:
            columns.append((place, 1, window.low, int(not window.low_closed)))
        if window.high is not None:
            columns.append((place, -1, -window.high, int(not window.high_closed)))
    names = list(dict.fromkeys(name for one in inequalities for name in one.terms))
    size = len(columns)
    slack, value = size + len(names), size + len(names) + 1
    rows: list[Row] = []
    for number, name in enumerate(names):
        row = {
            column: sign * inequalities[place].terms[name]
            for column, (place, sign, _, _) in enumerate(columns)
            if name in inequalities[place].terms
        }
        rows.append({**row, size + number: Fraction(1)})
    rows.append({**dict.fromkeys(range(size), Fraction(1)), slack: Fraction(1), value: Fraction(1)})
    basis = [*range(size, size + len(names)), slack]
    # Two rows of costs: the ends of the windows, and whether they are open.
    costs: list[Row] = [
        {number: -column[2] for number, column in enumerate(columns) if column[2]},
        {number: Fraction(-column[3]) for number, column in enumerate(columns) if column[3]},
    ]
    tableau = [*rows, *costs]

    def pivot(place: int, column: int) -> None:
        nonlocal budget
        budget -= 1
        if budget < 0:
            raise Unsolved
        row = tableau[place]
        factor = row[column]
        if factor != 1:
            tableau[place] = row = {key: entry / factor for key, entry in row.items()}
        for other, target in enumerate(tableau):
            if other != place and (scale := target.get(column, _ZERO)):
                for key, entry in row.items():
                    left = target.get(key, _ZERO) - scale * entry
                    if left:
                        target[key] = left
                    else:
                        target.pop(key, None)
        basis[place] = column

    # A'y = 0 holds from the start; its own unknowns leave the basis for good.
    for place in range(len(names)):
        entering = min((key for key in tableau[place] if key < size), default=None)
        if entering is not None:
            pivot(place, entering)
    while True:
        first, second = tableau[-2], tableau[-1]
        entering = min(
            (
                column
                for column in first.keys() | second.keys()
                if column < size
                and (first.get(column, _ZERO), second.get(column, _ZERO)) < (_ZERO, _ZERO)
            ),
            default=None,
        )
        if entering is None:
            break
        place = min(
            (place for place in range(len(basis)) if tableau[place].get(entering, _ZERO) > 0),
            key=lambda place: (
                tableau[place].get(value, _ZERO) / tableau[place][entering],
                basis[place],
            ),
        )
        pivot(place, entering)
    if (tableau[-2].get(value, _ZERO), tableau[-1].get(value, _ZERO)) > (_ZERO, _ZERO):
        multipliers = [Fraction(0)] * len(inequalities)
        for row, column in zip(tableau, basis, strict=False):
            if column < size:
                multipliers[columns[column][0]] += columns[column][1] * row.get(value, _ZERO)
        return tuple(multipliers)
    return Point(
        {
            name: (tableau[-2].get(size + number, _ZERO), tableau[-1].get(size + number, _ZERO))
            for number, name in enumerate(names)
        }
    )
