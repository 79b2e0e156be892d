"""The greatest U of two samples whose quantiles may lie between two ordered values.

A quantile that is a weighted mean of two neighbours ties them together: the more
one of them gives, the more the other can take.  So no single vector of values is
the highest, and U is sought over the orders in which the few ordered values that
enter a quantile - the critical ones - of both samples can follow each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import gcd, lcm
from typing import Final, Literal

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.definitions import LinearForm
from netcore.stats.ranks.boxes import Conflict, Sample, sample_forms

__all__ = ["DEFAULT_BUDGET", "Chain", "GreatestU", "critical_chain", "greatest_u"]

DEFAULT_BUDGET: Final = 20_000
"""Orders, complete or begun, that one search looks at."""

# p old + q new + r other + c/d > 0, or >= 0 if not strict, over the value that is eliminated,
# the one just placed and the latest one of the other sample.  Whole numbers, d > 0.
_Row = tuple[int, int, int, int, int, bool]
# The same without the value that was eliminated: by (q, r), without common factor.
_Polygon = dict[tuple[int, int], tuple[int, int, bool]]


@dataclass(frozen=True, slots=True)
class Chain:
    """The critical ordered values of a sample and what is printed of them.

    Parameters
    ----------
    number : int
        How many values the sample has.
    indices : tuple of int
        Numbers of the critical values, ascending, from 1.
    limits : tuple of tuple of Interval
        For each of them, the windows where it lies itself.
    links : tuple of tuple of (Fraction, Interval)
        For each of them, a weight w and the window of (1 − w) times the one before
        plus w times itself.
    """

    number: int
    indices: tuple[int, ...]
    limits: tuple[tuple[Interval, ...], ...]
    links: tuple[tuple[tuple[Fraction, Interval], ...], ...]


@dataclass(frozen=True, slots=True)
class GreatestU:
    """What a search for the greatest U found.

    Parameters
    ----------
    reached : Fraction or None
        The greatest U found; None if no order was found possible.
    bound : Fraction
        No data have a greater one.  The same as ``reached``, unless the budget ended.
    x_values, y_values : tuple of Fraction
        Values of the critical ones that allow it.
    """

    reached: Fraction | None
    bound: Fraction
    x_values: tuple[Fraction, ...]
    y_values: tuple[Fraction, ...]

    @property
    def is_exact(self) -> bool:
        """Whether some data have the bound."""
        return self.reached == self.bound


def critical_chain(sample: Sample, definition: str) -> Chain | Conflict:
    """Return the ordered values that a definition lets into the printed quantiles.

    Parameters
    ----------
    sample : Sample
        What is printed.  The step is not used.
    definition : str
        How the quantiles are defined.

    Returns
    -------
    Chain or Conflict
        The critical values and their windows, or the quantiles that cannot go together.

    Raises
    ------
    ValueError
        If the definition is unknown.
    """
    forms = sample_forms(sample, definition)
    chain = _chain(sample, forms)
    if _projections(chain, is_strict=False) is not None:
        return chain
    left = list(forms)
    for form in forms:  # without one after the other, as long as the rest conflicts
        rest = [other for other in left if other is not form]
        if _projections(_chain(sample, tuple(rest)), is_strict=False) is None:
            left = rest
    return Conflict(tuple(share for share, _, _ in left))


def _chain(sample: Sample, forms: Sequence[tuple[Fraction, LinearForm, Interval]]) -> Chain:
    limits: dict[int, list[Interval]] = {}
    links: dict[int, list[tuple[Fraction, Interval]]] = {}
    for _, form, window in forms:
        for index in form.indices:
            limits.setdefault(index, [])
        if form.weight:
            links.setdefault(form.index + 1, []).append((form.weight, window))
        else:
            limits[form.index].append(window)
    if sample.domain.low is not None:
        limits.setdefault(1, []).append(sample.domain)
    if sample.domain.high is not None:
        limits.setdefault(sample.number, []).append(sample.domain)
    indices = tuple(sorted(limits))
    return Chain(
        sample.number,
        indices,
        tuple(tuple(limits[index]) for index in indices),
        tuple(tuple(links.get(index, ())) for index in indices),
    )


# --- Elimination of one value at a time -------------------------------------------------------


def _row(p: Fraction | int, q: Fraction | int, c: Fraction | int, strict: bool) -> _Row:
    """Return p old + q new + c > 0 in whole numbers."""
    terms = [Fraction(p), Fraction(q), Fraction(c)]
    scale = lcm(*(term.denominator for term in terms))
    whole = [int(term * scale) for term in terms]
    return whole[0], whole[1], 0, whole[2], 1, strict


def _window_rows(weight: Fraction | int, window: Interval) -> list[_Row]:
    """Return that (1 − weight) old + weight new lies in a window."""
    rows = []
    if window.low is not None:
        rows.append(_row(1 - weight, weight, -window.low, not window.low_closed))
    if window.high is not None:
        rows.append(_row(weight - 1, -weight, window.high, not window.high_closed))
    return rows


def _eliminate(rows: Sequence[_Row]) -> _Polygon | None:
    """Project along the first value; None if what is left contradicts itself.

    Fourier and Motzkin: every lower bound of the value is below every upper one.  Of rows in
    one direction the tightest is kept.
    """
    kept: _Polygon = {}
    lows: list[_Row] = []
    highs: list[_Row] = []
    free: list[tuple[int, int, int, int, bool]] = []
    for row in rows:
        if row[0] > 0:
            lows.append(row)
        elif row[0] < 0:
            highs.append(row)
        else:
            free.append(row[1:])
    for p1, q1, r1, c1, d1, s1 in lows:
        for p2, q2, r2, c2, d2, s2 in highs:
            free.append(
                (
                    p1 * q2 - p2 * q1,
                    p1 * r2 - p2 * r1,
                    p1 * c2 * d1 - p2 * c1 * d2,
                    d1 * d2,
                    s1 or s2,
                )
            )
    for q, r, c, d, strict in free:
        factor = gcd(q, r)
        if not factor:
            if c < 0 or (c == 0 and strict):
                return None
            continue
        d *= factor
        common = gcd(c, d)
        key = (q // factor, r // factor)
        c, d = c // common, d // common
        known = kept.get(key)
        if known is not None:
            old, new = known[0] * d, c * known[1]
            if new > old or (new == old and known[2] >= strict):
                continue
        kept[key] = (c, d, strict)
    return kept


def _is_empty(polygon: _Polygon) -> bool:
    line = _eliminate([(q, r, 0, c, d, strict) for (q, r), (c, d, strict) in polygon.items()])
    if line is None:
        return True
    return _eliminate([(q, 0, 0, c, d, s) for (q, _), (c, d, s) in line.items()]) is None


def _links(chain: Chain, is_strict: bool) -> list[list[_Row]]:
    """Return for each critical value what holds of it and of the one before."""
    found = []
    for r, (limits, links) in enumerate(zip(chain.limits, chain.links, strict=True)):
        rows = [row for window in limits for row in _window_rows(1, window)]
        rows += [row for weight, window in links for row in _window_rows(weight, window)]
        found.append([*rows, _row(-1, 1, 0, is_strict)] if r else rows)
    return found


def _mirrored(chain: Chain) -> Chain:
    """Return the chain of the negative values."""

    def negative(window: Interval) -> Interval:
        low, high = window.low, window.high
        return Interval(
            None if high is None else -high,
            None if low is None else -low,
            window.high_closed,
            window.low_closed,
        )

    # What ties a value to the one before it ties that to the one before in the mirror.
    links = [[(1 - weight, negative(window)) for weight, window in row] for row in chain.links[1:]]
    return Chain(
        chain.number,
        tuple(chain.number + 1 - index for index in reversed(chain.indices)),
        tuple(tuple(negative(window) for window in row) for row in reversed(chain.limits)),
        tuple(tuple(row) for row in [[], *reversed(links)][: len(chain.links)]),
    )


def _fibre(rows: Sequence[_Row], new: Fraction | int = 0, other: Fraction | int = 0) -> Interval:
    """Return where the first value can lie, given the other two."""
    found = EVERYTHING
    for p, q, r, c, d, strict in rows:
        if p:
            end = -(q * new + r * other + Fraction(c, d)) / p
            found = found.meet(
                Interval(end, None, not strict) if p > 0 else Interval(None, end, True, not strict)
            )
    return found


def _highest(chain: Chain, is_strict: bool) -> list[Interval] | None:
    """Return where each critical value can lie by what is printed of it and those before."""
    line: _Polygon = {}
    found = []
    for links in _links(chain, is_strict):
        rows = [(q, 0, 0, *offset) for (q, _), offset in line.items()]
        projected = _eliminate([*rows, *links])
        if projected is None or _is_empty(projected):
            return None
        line = projected
        found.append(_fibre([(q, 0, 0, *offset) for (q, _), offset in line.items()]))
    return found


def _projections(chain: Chain, is_strict: bool) -> list[Interval] | None:
    """Return where each critical value can lie; None if there are no such values.

    Only neighbours are linked, so that what comes before a value and what comes after it
    do not depend on each other once the value is given.
    """
    before, after = _highest(chain, is_strict), _highest(_mirrored(chain), is_strict)
    if before is None or after is None:
        return None
    found = []
    for one, other in zip(before, reversed(after), strict=True):
        low = None if other.high is None else -other.high
        high = None if other.low is None else -other.low
        both = one.meet(Interval(low, high, other.high_closed, other.low_closed))
        if both.is_empty:
            return None
        found.append(both)
    return found


# --- The search over orders -------------------------------------------------------------------


@lru_cache(maxsize=256)  # one search serves every p-value and flavour of the same samples
def greatest_u(
    x: Chain, y: Chain, *, with_ties: bool, budget: int = DEFAULT_BUDGET
) -> GreatestU | None:
    """Find the greatest number of pairs with x above y.

    Parameters
    ----------
    x, y : Chain
        The critical values of both samples, by :func:`critical_chain`.
    with_ties : bool
        Whether values can be equal; an x equal to a y counts half.
    budget : int
        Orders, complete or begun, that each of the searches looks at.

    Returns
    -------
    GreatestU or None
        None if there are no data without ties.

    Notes
    -----
    Given the critical values, the others of x are highest just below the next
    critical one, those of y lowest just above the one before, so U depends only on the
    order of the critical values.  An order is begun with the lowest; what is printed
    is a set of linear constraints, from which all but the latest value of each sample are
    eliminated (Fourier and Motzkin) in whole numbers.  Only orders that contradict
    themselves and those that cannot exceed the best one known are given up.

    With ties an order says also which x are equal to which y.  As there are many more of
    those, the search stops at an easier bound, if it reaches it: strict order is not asked
    for, and a pair counts in full unless it can be a tie at best.

    Examples
    --------
    Two values each, with medians that do not meet: the greater of x can be above both of y,
    or both of x above the less of y, but not both at once.

    >>> from netcore.stats.ranks.boxes import Sample
    >>> def median(number, low, high):
    ...     window = Interval(Fraction(low), Fraction(high))
    ...     return critical_chain(Sample.of(number, {Fraction(1, 2): window}), "type7")
    >>> found = greatest_u(median(2, 1, 2), median(2, 3, 4), with_ties=False)
    >>> found.reached, found.bound
    (Fraction(2, 1), Fraction(2, 1))
    """
    strict = _Search(x, y, "strict", budget)
    strict.run()
    if not with_ties:
        return strict.result()
    relaxed = _Search(x, y, "relaxed", budget)
    relaxed.run()
    enough = max(relaxed.best, relaxed.open)
    if strict.best >= enough:
        return strict.result()
    ties = _Search(x, y, "ties", budget, strict.best)
    ties.run(enough)
    if ties.best_path is None:
        ties.best_path = strict.best_path
    ties.open = min(ties.open, enough)
    return ties.result()


def _beats(one: Interval, other: Interval) -> int:
    """Return 2 if a value of one window can be above one of the other, 1 if equal at best."""
    if one.high is None or other.low is None or one.high > other.low:
        return 2
    return int(one.high == other.low and one.high_closed and other.low_closed)


_Path = list[tuple[bool, list[_Row]]]  # of each value placed: is it of x, and its rows


class _Search:
    """Depth first over the orders of the critical values of two samples; scores are 2 U.

    A state is how many of x and of y are placed, and how many of those of y are certainly
    below the latest value: the others of y may be equal to it.
    """

    def __init__(
        self,
        x: Chain,
        y: Chain,
        mode: Literal["strict", "relaxed", "ties"],
        budget: int,
        best: int = -1,
    ):
        self.mode, self.left, self.best = mode, budget, best
        self.enough: int | None = None
        self.open = -1  # the best that what was left out for want of budget could give
        self.best_path: tuple[_Path, _Polygon] | None = None
        self.path: _Path = []
        strict = mode == "strict"
        self.x_rows, self.y_rows = _links(x, strict), _links(y, strict)
        self.x_sizes = [i - j for i, j in zip(x.indices, (0, *x.indices), strict=False)]
        y_after = (*y.indices[1:], y.number + 1)
        self.y_below = [0, *accumulate(j - i for i, j in zip(y.indices, y_after, strict=False))]
        # Without a domain, the x after the last critical one are above every y, and the y
        # before the first below every x.
        tail, head = x.number - sum(self.x_sizes), y.number - self.y_below[-1]
        self.fixed = 2 * (tail * y.number + (x.number - tail) * head)
        xs, ys = _projections(x, strict), _projections(y, strict)
        self.is_possible = xs is not None and ys is not None
        self.full = [sum(_beats(a, b) == 2 for b in ys or ()) for a in xs or ()]
        self.half = [sum(_beats(a, b) >= 1 for b in ys or ()) for a in xs or ()]

    def run(self, enough: int | None = None) -> None:
        """Search, until a score that is enough, if there is one."""
        self.enough = enough
        if self.is_possible:
            self.visit(0, 0, 0, {}, 0, "")

    def result(self) -> GreatestU | None:
        """Return what was found."""
        bound = max(self.best, self.open)
        if bound < 0:
            return None
        if self.best_path is None:
            return GreatestU(None, Fraction(bound + self.fixed, 2), (), ())
        return GreatestU(
            Fraction(self.best + self.fixed, 2),
            Fraction(bound + self.fixed, 2),
            *_values(*self.best_path),
        )

    def future(self, r: int, s: int, below: int) -> int:
        """Bound what the x not yet placed can add, by what each pair allows."""
        total = 0
        for k in range(r, len(self.x_sizes)):
            full = max(below, self.full[k])
            half = max(full, self.half[k], s)
            total += self.x_sizes[k] * (self.y_below[full] + self.y_below[half])
        return total

    def moves(self, r: int, s: int, below: int, last: str) -> list[tuple[str, bool]]:
        """Return which sample can come next, and whether strictly above: the best first.

        Of equal values those of y come first, else an order would be met twice.
        """
        y_moves = []
        if s < len(self.y_rows):
            if self.mode != "relaxed":
                y_moves.append(("y", True))
            if self.mode == "relaxed" or (self.mode == "ties" and last == "y"):
                y_moves.append(("y", False))
        if r == len(self.x_rows):
            return y_moves
        x_moves = []
        if self.mode == "strict" or (self.mode == "ties" and s > below):
            x_moves.append(("x", True))
        if self.mode != "strict":
            x_moves.append(("x", False))
        return y_moves + x_moves if s < self.half[r] else x_moves + y_moves

    def visit(self, r: int, s: int, below: int, polygon: _Polygon, score: int, last: str) -> None:
        """Go on from an order that is begun."""
        ceiling = score + self.future(r, s, below)
        if ceiling <= self.best or (self.enough is not None and self.best >= self.enough):
            return
        if r == len(self.x_rows) and s == len(self.y_rows):
            self.best, self.best_path = score, (list(self.path), polygon)
            return
        for sample, is_strict in self.moves(r, s, below, last):
            if self.left <= 0:
                self.open = max(self.open, ceiling)
                return
            self.left -= 1
            if sample == "x":
                self.place_x(r, s, below, polygon, score, is_strict)
            else:
                self.place_y(r, s, below, polygon, score, last, is_strict)

    def place_x(
        self, r: int, s: int, below: int, polygon: _Polygon, score: int, is_strict: bool
    ) -> None:
        """Let the next value of x be the latest of the order."""
        if self.mode == "relaxed":
            counts = min(self.full[r], s), min(self.half[r], s)
            below = s
        elif is_strict or below == s:
            counts = s, s
            below = s
        else:
            counts = below, s
        score += self.x_sizes[r] * sum(self.y_below[count] for count in counts)
        if score + self.future(r + 1, s, below) <= self.best:
            return
        rows = [(p, 0, q, c, d, strict) for (p, q), (c, d, strict) in polygon.items()]
        rows += self.x_rows[r]
        if s:
            rows.append((0, 1, -1, 0, 1, is_strict))
        projected = _eliminate(rows)
        if projected is not None and not _is_empty(projected):
            self.path.append((True, rows))
            self.visit(r + 1, s, below, projected, score, "x")
            self.path.pop()

    def place_y(
        self,
        r: int,
        s: int,
        below: int,
        polygon: _Polygon,
        score: int,
        last: str,
        is_strict: bool,
    ) -> None:
        """Let the next value of y be the latest of the order."""
        rows = [(q, 0, p, c, d, strict) for (p, q), (c, d, strict) in polygon.items()]
        rows += self.y_rows[s]
        if r:
            rows.append((0, 1, -1, 0, 1, is_strict and last == "x"))
        if is_strict and last == "y":
            rows.append((-1, 1, 0, 0, 1, True))
        projected = _eliminate(rows)
        if projected is not None and not _is_empty(projected):
            self.path.append((False, rows))
            swapped = {(p, q): offset for (q, p), offset in projected.items()}
            self.visit(r, s + 1, s if is_strict else below, swapped, score, "y")
            self.path.pop()


def _inside(window: Interval) -> Fraction:
    """Return a value well inside a window."""
    if window.low is None:
        return Fraction(0) if window.high is None else window.high - 1
    return window.low + 1 if window.high is None else (window.low + window.high) / 2


def _values(path: _Path, polygon: _Polygon) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Return values of x and of y in the order of a path: the last first, each well inside.

    The middle of what is left to one value is inside of what is left to all, relatively, so that
    no value is at the end of its window unless it has to be.
    """
    # Over (y, x): what is left to the last x without regard to y, then to the last y.
    rows = [(q, p, 0, c, d, strict) for (p, q), (c, d, strict) in polygon.items()]
    line = _eliminate(rows) or {}
    x = _inside(_fibre([(p, 0, 0, *offset) for (p, _), offset in line.items()]))
    y = _inside(_fibre(rows, x))
    found = {True: [x], False: [y]}
    left = {is_x: sum(one == is_x for one, _ in path) for is_x in found}
    for is_x, placed in reversed(path):
        left[is_x] -= 1
        if left[is_x]:  # there is one before it
            before = _fibre(placed, found[is_x][0], found[not is_x][0])
            found[is_x].insert(0, _inside(before))
    is_placed = {is_x: any(one == is_x for one, _ in path) for is_x in found}
    return tuple(found[True] * is_placed[True]), tuple(found[False] * is_placed[False])
