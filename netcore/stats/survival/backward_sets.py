"""From where a curve can still meet all that is printed of its later times.

With r of n patients at risk S is a whole number of parts of r! / n!, since each patient who
leaves multiplies S by (r - 1) / r (an event) or by 1 (a censoring).  So the rates from which
the later windows can be met are unions of intervals of whole numbers, worked out from the last
window back to the first; nearby orders of events and censorings merge, and what would be a
tree of states stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import lgamma, log
from random import Random
from typing import Final, Literal, NamedTuple

from netcore.printed import Interval
from netcore.stats.survival.landmarks import Landmark

__all__ = ["BackwardSets", "BudgetError", "Counting", "Leaving"]

Spans = list[tuple[int, int]]
_State = tuple[int, str, int, int, int]  # stage, phase, number at risk, rate, events
Sets = list[dict[tuple[int, int], Spans]]
"""For each number at risk, for each (events so far, counted so far): the rates."""

_NONE: Final = Fraction(0)
_BITS: Final = 10**9  # binary digits of 1 in parts of r! / n!, for all r together
_LONG: Final = 2_048  # binary digits of a rate by which a span costs as much as one span more
_GRAIN: Final = 12  # bits to which the ends of spans are kept in a coarse search


class BudgetError(Exception):
    """A search has used its budget."""


class Leaving(NamedTuple):
    """One patient who leaves, in a sequence of all who do.

    Parameters
    ----------
    event : bool
        Whether with an event.
    stage : int
        Which landmark is the next.
    tied : bool
        Whether at the very time of that landmark (an event) or of the one before (a censoring).
    """

    event: bool
    stage: int
    tied: bool


class Counting(NamedTuple):
    """Which patients are counted in a search.

    Parameters
    ----------
    kind : {"events", "censored", "patients"}
        Who; patients are both.
    since, until : int
        After which landmark (-1 is the start) and up to which.
    """

    kind: Literal["events", "censored", "patients"]
    since: int
    until: int


def _merged(spans: Spans) -> Spans:
    """Sort spans, and join those without a whole number between them."""
    if len(spans) < 2:
        return spans
    spans.sort()
    found = []
    low, high = spans[0]
    for first, last in spans:
        if first > high + 1:
            found.append((low, high))
            low, high = first, last
        elif last > high:
            high = last
    found.append((low, high))
    return found


def _holds(spans: Spans | None, value: int) -> bool:
    if spans is None:
        return False
    left, right = 0, len(spans)
    while left < right:
        middle = (left + right) // 2
        if spans[middle][1] < value:
            left = middle + 1
        else:
            right = middle
    return left < len(spans) and spans[left][0] <= value


def _whole(window: Interval, scale: int) -> tuple[int, int]:
    """Return the first and the last whole number of parts in a window, between 0 and all."""
    first, last = 0, scale
    # In whole numbers: fractions would be reduced each time.
    if window.low is not None:
        parts, unit = window.low.numerator * scale, window.low.denominator
        first = max(first, -(-parts // unit) if window.low_closed else parts // unit + 1)
    if window.high is not None:
        parts, unit = window.high.numerator * scale, window.high.denominator
        last = min(last, parts // unit if window.high_closed else -(-parts // unit) - 1)
    return first, last


@dataclass(slots=True)
class _Stage:
    """The time up to a landmark, and the landmark itself."""

    mark: Landmark
    at_risk: range
    is_tied: bool
    allows: tuple[bool, bool]  # events, censorings since the landmark before
    after: Sets  # once the landmark is passed
    falling: Sets = field(default_factory=list)  # its number at risk is read, its rate not yet
    leaving: Sets = field(default_factory=list)  # its rate is read, its number at risk not yet
    open: Sets = field(default_factory=list)


class BackwardSets:
    """The rates from which the windows of all later landmarks can be met.

    Parameters
    ----------
    number : int
        Patients at the start.
    marks : tuple of Landmark
        In order, one for each moment.
    counting : Counting or None
        What to count.
    counted : callable or None
        Which counts are admitted; without it all.
    coarse : bool
        Whether spans may be widened, so that the sets are too large but few.
    budget : int
        How many spans may be made; of hundreds of patients, whose rates are long numbers, fewer.

    Raises
    ------
    BudgetError
        If the budget is used up.

    Notes
    -----
    Let N(r) be the rates, in parts of r! / n!, from which all can be met with r at risk and the
    landmark j to come.  Then N(r) is made of those that fit the landmark at once, with what
    comes after it, of those s with s (r - 1) in N(r - 1), an event, and of those with s r in
    N(r - 1), a censoring.  Tied events need nothing of their own, since
    (r - d) / r = (r - 1) / r ... (r - d) / (r - d + 1).
    """

    def __init__(
        self,
        number: int,
        marks: tuple[Landmark, ...],
        counting: Counting | None = None,
        *,
        counted: Callable[[int], bool] | None = None,
        coarse: bool = False,
        budget: int,
    ):
        self.number, self.marks, self.counting = number, marks, counting
        self.coarse = coarse
        self._counted = counted
        self._left = self._budget = budget
        digits = int(lgamma(number + 1) / log(2))
        self._cost = max(1, digits // _LONG)
        if number * digits // 2 > _BITS:
            raise BudgetError
        self._counts_events = any(mark.is_counted for mark in marks)
        # Parts of 1 with r at risk: n! / r!.
        self.scales = [1] * (number + 1)
        for r in range(number, 0, -1):
            self.scales[r - 1] = self.scales[r] * r
        self.stages: list[_Stage] = []
        sets = self._end()
        for index in range(len(marks) - 1, -1, -1):
            stage = self._stage(index, sets)
            self.stages.insert(0, stage)
            sets = stage.open
        self.start = sets

    @property
    def spent(self) -> int:
        """How many spans were made."""
        return self._budget - self._left

    # --- Making the sets ----------------------------------------------------------------------

    def _end(self) -> Sets:
        if self._counts_events and (self.number + 1) * (self.number + 2) // 2 > self._budget:
            raise BudgetError
        sets: Sets = []
        for r, scale in enumerate(self.scales):
            counts = range(self.number - r + 1) if self._counts_events else range(1)
            sets.append({(e, 0): [(0, scale)] for e in counts})
        return [self._clipped(r, found) for r, found in enumerate(sets)]

    def _bounds(self, r: int, events: int) -> tuple[int, int]:
        """Return the least and the greatest rate that any order gives with r at risk."""
        scale, number = self.scales[r], self.number
        if not self._counts_events:
            return -(-scale * r // number), scale
        if events == 0:
            return scale, scale
        return -(-scale * r // (r + events)), scale * (number - events) // number

    def _clipped(self, r: int, found: dict[tuple[int, int], Spans]) -> dict[tuple[int, int], Spans]:
        sets = {}
        grain = max(1, self.scales[r] >> _GRAIN) if self.coarse else 1
        for key, spans in found.items():
            least, greatest = self._bounds(r, key[0])
            if grain > 1:
                spans = [(a - a % grain, b + -b % grain) for a, b in spans]
            kept = [
                (max(a, least), min(b, greatest))
                for a, b in _merged(spans)
                if a <= greatest and b >= least
            ]
            if kept:
                sets[key] = kept
                self._left -= len(kept) * self._cost
        if self._left < 0:
            raise BudgetError
        return sets

    def _adds(self, index: int, *, event: bool) -> int:
        """Return whether who leaves between a landmark and the one before it is counted."""
        counting = self.counting
        if counting is None or not counting.since < index <= counting.until:
            return 0
        return int(counting.kind == "patients" or (counting.kind == "events") == event)

    def _before(
        self, sets: dict[tuple[int, int], Spans], r: int, *, event: bool, adds: int
    ) -> Iterator[tuple[tuple[int, int], Spans]]:
        """Yield the rates with r at risk of which one leaving makes those of a set."""
        factor = r - 1 if event else r
        for (events, counted), spans in sets.items():
            key = (events - (event and self._counts_events), counted + adds)
            if key[0] < 0:
                continue
            if factor == 0:
                if spans[0][0] == 0:
                    yield key, [(0, self.scales[r])]
                continue
            found = [(-(-a // factor), b // factor) for a, b in spans]
            if found := [span for span in found if span[0] <= span[1]]:
                yield key, found

    def _passing(
        self, mark: Landmark, r: int, sets: dict[tuple[int, int], Spans]
    ) -> dict[tuple[int, int], Spans]:
        """Return what of a set the rate and the events of a landmark admit."""
        if not sets:
            return {}
        low, high = _whole(mark.rates_given(r, self.number), self.scales[r])
        found = {}
        for key, spans in sets.items():
            if not self._is_counted_so(mark, r, key[0]):
                continue
            if kept := [(max(a, low), min(b, high)) for a, b in spans if a <= high and b >= low]:
                found[key] = kept
        return found

    def _is_counted_so(self, mark: Landmark, r: int, events: int) -> bool:
        """Return whether a landmark has numbers of events and of censorings."""
        if not self._counts_events:
            return True
        return events in mark.events and self.number - r - events in mark.censored

    def _collapsed(
        self, index: int, sets: dict[tuple[int, int], Spans]
    ) -> dict[tuple[int, int], Spans]:
        """Forget the counts where the counting starts, after leaving out those not admitted."""
        if self.counting is None or self.counting.since != index:
            return sets
        found: dict[tuple[int, int], Spans] = {}
        for (events, counted), spans in sets.items():
            if self._counted is None or self._counted(counted):
                found.setdefault((events, 0), []).extend(spans)
        return {key: _merged(spans) for key, spans in found.items()}

    def _stage(self, index: int, after: Sets) -> _Stage:
        mark, number = self.marks[index], self.number
        # At the end of follow-up nobody is left.
        window = mark.at_risk.meet(
            Interval(_NONE, _NONE if mark.time is None else Fraction(number))
        )
        at_risk = range(0) if window.is_empty else window.integers()
        is_tied = mark.moment == "at" and mark.ties and len(at_risk) <= number
        is_tied = is_tied and mark.time is not None
        stage = _Stage(mark, at_risk, is_tied, self._allows(index), after)
        for r in range(number + 1):
            collapsed = self._collapsed(index, after[r])
            passing = self._passing(mark, r, collapsed)
            parts: list[tuple[tuple[int, int], Spans]] = []
            if is_tied:
                self._tied(stage, index, r, passing)
                if r in at_risk:
                    parts.extend(stage.falling[r].items())
                early = self._collapsed(index, stage.leaving[r])
                parts.extend(self._passing(mark, r, early).items())
            elif r in at_risk:
                parts.extend(passing.items())
            if r:
                for event in (True, False):
                    if stage.allows[0 if event else 1]:
                        adds = self._adds(index, event=event)
                        parts.extend(self._before(stage.open[r - 1], r, event=event, adds=adds))
            stage.open.append(self._joined(r, parts))
        return stage

    def _tied(
        self, stage: _Stage, index: int, r: int, passing: dict[tuple[int, int], Spans]
    ) -> None:
        """Add the sets of those who leave at the very time of a landmark."""
        parts = list(passing.items())
        if r:
            adds = self._adds(index, event=True)
            parts.extend(self._before(stage.falling[r - 1], r, event=True, adds=adds))
        stage.falling.append(self._joined(r, parts))
        parts = list(stage.after[r].items()) if r in stage.at_risk else []
        if r:
            adds = self._adds(index + 1, event=False)
            parts.extend(self._before(stage.leaving[r - 1], r, event=False, adds=adds))
        stage.leaving.append(self._joined(r, parts))

    def _allows(self, index: int) -> tuple[bool, bool]:
        """Return whether events and censorings can lie between a landmark and the one before."""
        mark = self.marks[index]
        if index == 0 or self.marks[index - 1].time != mark.time or mark.time is None:
            return True, True
        before = self.marks[index - 1].moment
        return before == "before", mark.moment == "after"

    def _joined(
        self, r: int, parts: list[tuple[tuple[int, int], Spans]]
    ) -> dict[tuple[int, int], Spans]:
        found: dict[tuple[int, int], Spans] = {}
        for key, spans in parts:
            if key in found:
                found[key] = found[key] + spans
            else:
                found[key] = spans
        return self._clipped(r, found)

    # --- Reading them -------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Whether no patients meet all windows."""
        return not any(_holds(spans, 1) for spans in self._roots().values())

    def counts(self) -> frozenset[int]:
        """Return the counts with which all windows can be met, of a counting from the start.

        Returns
        -------
        frozenset of int
            Empty if no patients meet all windows.
        """
        return frozenset(key[1] for key, spans in self._roots().items() if _holds(spans, 1))

    def _roots(self) -> dict[tuple[int, int], Spans]:
        return {key: spans for key, spans in self.start[self.number].items() if key[0] == 0}

    def sequence(
        self, budget: int, draw: Random | None = None, censoring: float = 1.0
    ) -> tuple[Leaving, ...] | None:
        """Return patients who leave one after the other so that all windows are met.

        Parameters
        ----------
        budget : int
            How many states may be looked at; the sets lead straight on unless they are coarse.
        draw : Random, optional
            Takes one of the ways that lead on by chance, not always the first.
        censoring : float
            From 0, where no way is drawn that begins with a censoring if there is another, to 1.

        Returns
        -------
        tuple of Leaving or None
            Up to the last landmark; None if none was found.
        """
        first: _State = (0, "open", self.number, 1, 0)
        came: dict[_State, tuple[_State, Leaving | None] | None] = {first: None}
        stack = [first]
        while stack and budget:
            budget -= 1
            state = stack.pop()
            if state[0] == len(self.stages):
                found: list[Leaving] = []
                origin = came[state]
                while origin is not None:
                    if origin[1] is not None:
                        found.append(origin[1])
                    origin = came[origin[0]]
                return tuple(reversed(found))
            moves = list(self._moves(*state))
            if draw is not None:
                chances = {
                    target: draw.random() * (censoring if leaving and not leaving.event else 1)
                    for target, leaving in moves
                }
                moves.sort(key=lambda move: -chances[move[0]])
            for target, leaving in reversed(moves):
                if target not in came:
                    came[target] = (state, leaving)
                    stack.append(target)
        return None

    def _moves(
        self, index: int, phase: str, r: int, rate: int, events: int
    ) -> Iterator[tuple[_State, Leaving | None]]:
        stage = self.stages[index]
        low, high = _whole(stage.mark.rates_given(r, self.number), self.scales[r])
        fits = low <= rate <= high
        fits = fits and self._is_counted_so(stage.mark, r, events)
        key = (events, 0)
        is_passed = (phase == "leaving" or fits) and (phase == "falling" or r in stage.at_risk)
        if is_passed and _holds(stage.after[r].get(key), rate):
            yield (index + 1, "open", r, rate, events), None
        if r:
            sets = {"open": stage.open, "falling": stage.falling, "leaving": stage.leaving}[phase]
            event_allowed = stage.allows[0] if phase == "open" else phase == "falling"
            censoring_allowed = stage.allows[1] if phase == "open" else phase == "leaving"
            later = events + self._counts_events
            if event_allowed and _holds(sets[r - 1].get((later, 0)), rate * (r - 1)):
                yield (
                    (index, phase, r - 1, rate * (r - 1), later),
                    Leaving(True, index, phase == "falling"),
                )
            if censoring_allowed and _holds(sets[r - 1].get(key), rate * r):
                yield (
                    (index, phase, r - 1, rate * r, events),
                    Leaving(False, index, phase == "leaving"),
                )
        if phase == "open" and stage.is_tied:
            if r in stage.at_risk and _holds(stage.falling[r].get(key), rate):
                yield (index, "falling", r, rate, events), None
            if fits and _holds(stage.leaving[r].get(key), rate):
                yield (index, "leaving", r, rate, events), None
