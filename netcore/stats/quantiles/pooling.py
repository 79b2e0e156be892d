"""Quantiles of strata beside those of the whole: which sizes of the strata fit.

The values of the whole are those of its strata together.  How many values of a group lie
at or below a point is bounded by its printed quantiles; the bounds of the strata and
of the whole must meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.boxes import require_windows
from netcore.stats.quantiles.crowding import (
    FIRST_CUT,
    LAST_CUT,
    Crowding,
    Cut,
    cut_after,
    cut_before,
    numbers_between,
)
from netcore.stats.quantiles.definitions import loosest_indices, quantile_form
from netcore.stats.quantiles.feasibility import Impossible, feasible, inside, simplest
from netcore.stats.quantiles.projections import project

__all__ = [
    "Excluded",
    "Group",
    "PooledOutcome",
    "PooledSizes",
    "PooledValues",
    "Unsettled",
    "pool",
    "pooled_sizes",
]

DEFAULT_BUDGET: Final = 20_000
DEFAULT_STARTS: Final = 20


@dataclass(frozen=True, slots=True)
class Group:
    """Printed quantiles of a group of patients, and how many there may be.

    Parameters
    ----------
    windows : Mapping of Fraction to Interval
        Share of each quantile, with the numbers that print as it.
    sizes : range
        The possible numbers of observed values; 0 only where no quantile is printed.
    """

    windows: Mapping[Fraction, Interval]
    sizes: range


@dataclass(frozen=True, slots=True)
class PooledValues:
    """Values of each stratum that, taken together, have all quantiles.

    Parameters
    ----------
    values : tuple of tuple of Fraction
        For each stratum its values in ascending order.
    """

    values: tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """No strata of these sizes have the quantiles.

    Parameters
    ----------
    proof : Crowding or Impossible
        An interval with too many values; or that the quantiles of one group contradict
        each other in themselves.
    group : int or None
        Position of that stratum, the number of strata for the whole; None for a crowding.
    """

    proof: Crowding | Impossible
    group: int | None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Neither values nor a proof: only for definitions that interpolate."""


PooledOutcome = PooledValues | Excluded | Unsettled
"""What a search ends with: values of the parts, a proof that there are none, or its budget."""


@dataclass(frozen=True, slots=True)
class PooledSizes:
    """The sizes of strata that fit their quantiles and those of the whole.

    Parameters
    ----------
    possible : tuple of tuple of int
        Sizes for which values exist.
    unsettled : tuple of tuple of int
        Sizes that are neither excluded nor shown to be possible.
    is_complete : bool
        Whether all sizes were tried within the budget.  If so, all others are excluded, each
        with a proof (:func:`pool`); if not, the rest is unknown.
    """

    possible: tuple[tuple[int, ...], ...]
    unsettled: tuple[tuple[int, ...], ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class _Profile:
    """Bounds of how many values of a group lie before each cut."""

    fewest: tuple[int, ...]
    most: tuple[int, ...]

    @property
    def is_possible(self) -> bool:
        return all(least <= most for least, most in zip(self.fewest, self.most, strict=True))


class _Frame:
    """What all sizes of one question share: cuts, definitions, domain."""

    def __init__(
        self,
        windows: Sequence[Mapping[Fraction, Interval]],
        definitions: Sequence[str],
        domain: Interval,
        step: Fraction | None,
    ) -> None:
        if step is not None and step <= 0:
            raise ValueError(f"found step {step}, expected a positive one")
        self.definitions, self.domain, self.step = definitions, domain, step
        found = {FIRST_CUT, LAST_CUT}
        for window in (domain, *(one for group in windows for one in group.values())):
            found |= {cut_before(window, step), cut_after(window, step)}
        self.cuts: list[Cut] = sorted(found)
        place = {cut: index for index, cut in enumerate(self.cuts)}
        self._domain = place[cut_before(domain, step)], place[cut_after(domain, step)]
        self._spans = [
            [
                (share, place[cut_before(one, step)], place[cut_after(one, step)])
                for share, one in group.items()
            ]
            for group in windows
        ]
        self.windows = windows
        self._profiles: dict[tuple[int, int, bool], _Profile] = {}
        self._impossible: dict[tuple[int, int], Impossible | None] = {}

    def profile(self, group: int, size: int, *, is_narrow: bool = False) -> _Profile:
        """Return the bounds of a group of a size.

        Narrow ones let each value that enters a quantile lie in its window: that is sufficient
        for the quantile to lie there.  Others are necessary, and sufficient where
        :meth:`is_exact` says so.
        """
        key = group, size, is_narrow and not self.is_exact(group, size)
        if key not in self._profiles:
            self._profiles[key] = self._bounds(*key)
        return self._profiles[key]

    def profiles(self, sizes: Sequence[int], *, is_narrow: bool = False) -> list[_Profile]:
        """Return the bounds of all groups."""
        return [self.profile(i, size, is_narrow=is_narrow) for i, size in enumerate(sizes)]

    def _bounds(self, group: int, size: int, is_narrow: bool) -> _Profile:
        fewest, most = [0] * len(self.cuts), [size] * len(self.cuts)
        spans = [(*self._domain, size, 1)]
        for share, start, end in self._spans[group]:
            first, last = loosest_indices(share, size, self.definitions)
            spans.append((start, end, *((last, first) if is_narrow else (first, last))))
        for start, end, first, last in spans:
            fewest[end] = max(fewest[end], first)  # the window ends: so do the first so many
            most[start] = min(most[start], last - 1)  # it begins: no more than so many precede
        fewest[0], most[0], fewest[-1], most[-1] = 0, 0, size, size
        most[1:] = reversed([*accumulate(reversed(most[1:]), min)])
        return _Profile(tuple(accumulate(fewest, max)), tuple(most))

    def impossible(self, group: int, size: int) -> Impossible | None:
        """Return the proof that a group of a size contradicts itself, if it does."""
        key = group, size
        if key not in self._impossible:
            found = None
            if not (self.is_exact(group, size) and self.profile(group, size).is_possible):
                windows = self.windows[group]
                found = feasible(
                    windows, size, self.definitions, domain=self.domain, step=self.step
                )
            self._impossible[key] = found if isinstance(found, Impossible) else None
        return self._impossible[key]

    def is_exact(self, group: int, size: int) -> bool:
        """Return whether bounds that are necessary for a group are sufficient too."""
        if len(self.definitions) != 1:
            return True  # any number between the values that enter may be the quantile
        return not any(
            quantile_form(self.definitions[0], share, size).weight for share in self.windows[group]
        )


def _needs(profile: _Profile) -> tuple[int, ...]:
    """Return the fewest values between each two cuts."""
    cuts = range(len(profile.fewest))
    return tuple(
        max(0, profile.fewest[j] - profile.most[i]) for i in cuts for j in range(i + 1, len(cuts))
    )


def _room(profile: _Profile) -> tuple[int, ...]:
    """Return the most values between each two cuts."""
    cuts = range(len(profile.fewest))
    return tuple(profile.most[j] - profile.fewest[i] for i in cuts for j in range(i + 1, len(cuts)))


def pool(
    strata: Sequence[Mapping[Fraction, Interval]],
    sizes: Sequence[int],
    whole: Mapping[Fraction, Interval],
    definitions: Sequence[str] = (),
    *,
    domain: Interval = EVERYTHING,
    step: Fraction | None = None,
    starts: int = DEFAULT_STARTS,
) -> PooledOutcome:
    """Find values of strata that have their quantiles and those of the whole, or exclude them.

    Parameters
    ----------
    strata : sequence of Mapping of Fraction to Interval
        For each stratum, the share of each printed quantile with the numbers that print as it.
        Every observed value of the whole is in exactly one stratum.
    sizes : sequence of int
        The number of observed values of each stratum.
    whole : Mapping of Fraction to Interval
        The quantiles of all strata together.
    definitions : sequence of str
        One name: all quantiles are by this definition.  Several: each is any number between
        the values that these let enter; the same of all definitions if empty.
    domain : Interval
        Where all values lie.
    step : Fraction, optional
        Every value is a multiple of it.
    starts : int
        How often to search values by a definition that interpolates.

    Returns
    -------
    PooledValues, Excluded or Unsettled
        Values; or a proof that there are none; unsettled only by a definition that interpolates.

    Raises
    ------
    ValueError
        If there is no stratum, a size does not fit (negative, or 0 with a printed quantile), a
        share or a definition is none, a window is empty or the step is not positive.

    Notes
    -----
    Before a cut between values, group s has from a_s to b_s values: x_(k) at most the end
    of a window gives at least k values before it, x_(k) at least its start gives at most k − 1.
    For two cuts t < u (also before all and after all values), stratum s has at least
    max(0, a_s(u) − b_s(t)) values between them, and the whole at most b(u) − a(t).  So

        sum over s of max(0, a_s(u) − b_s(t)) ≤ b(u) − a(t)

    is necessary.  Together with a ≤ b in every group it is sufficient: unknown counts of
    each stratum between neighbouring cuts, with bounds for the sums of each stratum up
    to each cut and of all, are a flow in a network, and by the theorem of Hoffman (1960) there is
    a flow in whole numbers unless some set of nodes needs more than can leave it.  A set
    that is worst takes one run of cuts, as runs apart from each other only add up, and of
    each stratum all of the run or nothing, because a and b rise.

    Values follow by giving the least number of places to each run between cuts, to the
    values that must come soonest.  With interpolation the bounds are necessary only;
    values are sought in which both neighbours lie in the window of each quantile, then others
    by moving values to where they are printed; what is found is checked in fractions.

    References
    ----------
    Hoffman AJ (1960). Some recent applications of the theory of linear inequalities to
    extremal combinatorial analysis. Proceedings of Symposia in Applied Mathematics
    10:113-127. doi:10.1090/psapm/010/0114759

    Examples
    --------
    Two groups of 5 with the medians 10 and 20; the median of all 10 is 9.

    >>> half = Fraction(1, 2)
    >>> groups = [{half: Interval.point(10)}, {half: Interval.point(20)}]
    >>> found = pool(groups, (5, 5), {half: Interval.point(9)}, ["type2"])
    >>> str(found.proof.between), found.proof.at_least, found.proof.at_most
    ('[10, inf)', (3, 3), 5)
    """
    if not strata or len(strata) != len(sizes):
        raise ValueError(
            f"found {len(strata)} strata with {len(sizes)} sizes, expected as many of both"
        )
    number = sum(sizes)
    for windows, size in zip((*strata, whole), (*sizes, number), strict=True):
        _require_group(windows, size)
    return _pool(*_frames([*strata, whole], definitions, domain, step), (*sizes, number), starts)


def _frames(
    windows: Sequence[Mapping[Fraction, Interval]],
    definitions: Sequence[str],
    domain: Interval,
    step: Fraction | None,
) -> tuple[_Frame, _Frame]:
    """Return what all sizes share, with the windows as they are and without their ends."""
    inner = [{share: inside(one) for share, one in group.items()} for group in windows]
    return (
        _Frame(windows, definitions, domain, step),
        _Frame(inner, definitions, domain, step),
    )


def _require_group(windows: Mapping[Fraction, Interval], size: int) -> None:
    if size < 0 or (windows and not size):
        raise ValueError(f"found {size} values, expected at least {1 if windows else 0}")
    if windows:
        require_windows(windows, size)


def _pool(frame: _Frame, within: _Frame, sizes: tuple[int, ...], starts: int) -> PooledOutcome:
    """Decide for the sizes of the strata, followed by that of the whole.

    Values are sought strictly inside the windows first, then at their ends too.
    """
    excluded = _exclusion(frame, sizes)
    if excluded is not None:
        return excluded
    for tried in (within, frame):
        if _has_room(tried, sizes):
            return PooledValues(_placed(tried, tried.profiles(sizes, is_narrow=True), sizes))
    *strata, whole = frame.windows
    found = project(
        strata,
        sizes[:-1],
        whole,
        frame.definitions[0],
        domain=frame.domain,
        step=frame.step,
        starts=starts,
    )
    return Unsettled() if found is None else PooledValues(found)


def _exclusion(frame: _Frame, sizes: tuple[int, ...]) -> Excluded | None:
    """Return a proof that no values have the quantiles, if the bounds of counts give one."""
    for group, size in enumerate(sizes):
        proof = frame.impossible(group, size)
        if proof is not None:
            return Excluded(proof, group)
    crowding = _crowding(frame, frame.profiles(sizes))
    return None if crowding is None else Excluded(crowding, None)


def _has_room(frame: _Frame, sizes: tuple[int, ...]) -> bool:
    """Return whether values exist that all lie in the windows of the quantiles they enter."""
    profiles = frame.profiles(sizes, is_narrow=True)
    return all(one.is_possible for one in profiles) and _crowding(frame, profiles) is None


def _crowding(frame: _Frame, profiles: Sequence[_Profile]) -> Crowding | None:
    """Return the narrowest interval with too many values, if there is one."""
    *strata, whole = profiles
    count = len(frame.cuts)
    for width in range(1, count):
        for i in range(count - width):
            at_most = whole.most[i + width] - whole.fewest[i]
            at_least = tuple(max(0, one.fewest[i + width] - one.most[i]) for one in strata)
            if sum(at_least) > at_most:
                between = numbers_between(frame.cuts[i], frame.cuts[i + width])
                return Crowding(between, at_least, at_most)
    return None


def _placed(
    frame: _Frame, profiles: Sequence[_Profile], sizes: Sequence[int]
) -> tuple[tuple[Fraction, ...], ...]:
    """Give every value of every stratum a place between two cuts: those due soonest first."""
    *strata, whole = profiles
    values: list[list[Fraction]] = [[] for _ in strata]
    taken = 0
    for j, (lower, upper) in enumerate(pairwise(frame.cuts), start=1):
        # the fewest values before this cut that leave room for what must come before later ones
        due = max(
            whole.fewest[i] + sum(max(0, one.fewest[j] - one.most[i]) for one in strata)
            for i in range(j + 1)
        )
        place = simplest(numbers_between(lower, upper), step=frame.step) if due > taken else None
        for _ in range(due - taken):
            waiting = [s for s, one in enumerate(strata) if len(values[s]) < one.most[j]]
            soonest = min(waiting, key=lambda s: _deadline(strata[s], len(values[s])))
            assert place is not None
            values[soonest].append(place)
        taken = due
    assert [len(of_stratum) for of_stratum in values] == list(sizes[:-1])
    return tuple(tuple(of_stratum) for of_stratum in values)


def _deadline(profile: _Profile, placed: int) -> int:
    """Return the cut before which the next value of a stratum must come."""
    return next(j for j, fewest in enumerate(profile.fewest) if fewest > placed)


def pooled_sizes(
    strata: Sequence[Group],
    whole: Group,
    definitions: Sequence[str] = (),
    *,
    domain: Interval = EVERYTHING,
    step: Fraction | None = None,
    budget: int = DEFAULT_BUDGET,
    starts: int = DEFAULT_STARTS,
) -> PooledSizes:
    """Find the sizes of strata with which their quantiles fit those of the whole.

    Parameters
    ----------
    strata : sequence of Group
        The strata: every observed value of the whole is in exactly one.
    whole : Group
        All of them together.
    definitions : sequence of str
        The definitions that may have been used, as in :func:`pool`; the same for all groups.
    domain : Interval
        Where all values lie.
    step : Fraction, optional
        Every value is a multiple of it.
    budget : int
        How many sizes, complete or begun, may be tried.
    starts : int
        How often to search values for each of them by a definition that interpolates.

    Returns
    -------
    PooledSizes
        The sizes that are possible, and those that are unsettled.

    Raises
    ------
    ValueError
        As in :func:`pool`.

    Notes
    -----
    The strata are given sizes one after the other; where those so far have more values
    between two cuts than the whole has room for, no further ones are tried.

    Examples
    --------
    Of 10 patients some are men (median 60) and some women (median 70).  If the
    median of all is 70, at most five are men.

    >>> half = Fraction(1, 2)
    >>> men = Group({half: Interval.point(60)}, range(1, 10))
    >>> women = Group({half: Interval.point(70)}, range(1, 10))
    >>> everyone = Group({half: Interval.point(70)}, range(10, 11))
    >>> found = pooled_sizes([men, women], everyone, ["type1"])
    >>> found.possible
    ((1, 9), (2, 8), (3, 7), (4, 6), (5, 5), (6, 4), (7, 3), (8, 2))
    """
    for group in (*strata, whole):
        for size in (group.sizes[0], group.sizes[-1]) if group.sizes else ():
            _require_group(group.windows, size)
    if not strata:
        raise ValueError("found no stratum, expected at least one")
    asked = tuple((tuple(one.windows.items()), one.sizes) for one in (*strata, whole))
    return _pooled_sizes(asked, tuple(definitions), domain, step, budget, starts)


# Rows of one table, and printings of one value, ask the same again.
@lru_cache(maxsize=4096)
def _pooled_sizes(
    asked: tuple[tuple[tuple[tuple[Fraction, Interval], ...], range], ...],
    definitions: tuple[str, ...],
    domain: Interval,
    step: Fraction | None,
    budget: int,
    starts: int,
) -> PooledSizes:
    *strata, whole = (Group(dict(windows), sizes) for windows, sizes in asked)
    frames = _frames([*(one.windows for one in strata), whole.windows], definitions, domain, step)
    possible, unsettled = [], []
    is_complete = True
    try:
        for sizes in _candidates(frames[0], strata, whole, budget):
            if _exclusion(frames[0], sizes) is not None:
                continue
            if any(_has_room(frame, sizes) for frame in frames):
                possible.append(sizes[:-1])
                continue
            outcome = _pool(*frames, sizes, starts)
            if isinstance(outcome, PooledValues):
                possible.append(sizes[:-1])
            elif isinstance(outcome, Unsettled):
                unsettled.append(sizes[:-1])
    except _BudgetEndedError:
        is_complete = False
    return PooledSizes(tuple(possible), tuple(unsettled), is_complete)


class _BudgetEndedError(Exception):
    """More sizes were tried than the budget allows."""


def _candidates(
    frame: _Frame, strata: Sequence[Group], whole: Group, budget: int
) -> Iterator[tuple[int, ...]]:
    """Yield sizes of the strata and of the whole that have room between every two cuts."""
    left = budget

    def extended(
        sizes: tuple[int, ...], room: Sequence[int], number: int
    ) -> Iterator[tuple[int, ...]]:
        nonlocal left
        group = len(sizes)
        if group == len(strata):
            yield (*sizes, number)
            return
        rest = number - sum(sizes)
        later = [one.sizes for one in strata[group + 1 :]]
        for size in strata[group].sizes:
            if not sum(map(min, later)) <= rest - size <= sum(map(max, later)):
                continue
            left -= 1
            if left < 0:
                raise _BudgetEndedError
            if frame.impossible(group, size) is not None:
                continue
            needs = _needs(frame.profile(group, size))
            free = [one - other for one, other in zip(room, needs, strict=True)]
            if min(free) >= 0:
                yield from extended((*sizes, size), free, number)

    if not all(group.sizes for group in strata):
        return
    for number in whole.sizes:
        if frame.impossible(len(strata), number) is None:
            yield from extended((), _room(frame.profile(len(strata), number)), number)
