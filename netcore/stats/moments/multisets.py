"""Whole numbers on a scale: do some exist with a mean and a standard deviation, and which.

A multiset is a data set without its order: how many patients have each value.  The
question is put in sums (a total with its sums of squares) and answered by all
reachable sums, as bits of one large integer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import Any, Final, Literal

from netcore.printed import Interval
from netcore.stats.moments.grimmer import grimmer, least_squares

__all__ = [
    "CentredSums",
    "MultisetQuestion",
    "MultisetSearch",
    "find_multiset",
    "greatest_squares",
    "multiset_questions",
]

_ONE: Final = Fraction(1)
_BUDGET: Final = 10**11  # bits written: some ten seconds
_MEMORY: Final = 2 * 10**9  # bits kept
_LEFT: Final = 6  # so many values are enough to make up for where the others were placed


@dataclass(frozen=True, slots=True)
class CentredSums:
    """A question about whole numbers, asked around a centre.

    Parameters
    ----------
    number : int
        How many values are sought; those that are known already are left out.
    centre : int
        The value c around which is counted: t = value - c.
    below, above : int
        How far values may go: -below <= t <= above + 1, with above >= 0.
    targets : tuple of pairs of an int and a range
        Sums of t with the sums of t (t - 1) / 2 that belong to each, none negative.

    Notes
    -----
    With T the sum of t (t - 1) / 2, the sum of squares of t is 2 T plus the sum of t.
    So parity is built in, T is a whole number from 0 up, and two values, c and c + 1, have no
    weight in T: they fill up the number and the total in at most one way.
    """

    number: int
    centre: int
    below: int
    above: int
    targets: tuple[tuple[int, range], ...]

    @property
    def most(self) -> int:
        """The greatest T of all targets; -1 where there is no target."""
        return max((weights[-1] for _, weights in self.targets), default=-1)


@dataclass(frozen=True, slots=True)
class MultisetQuestion:
    """Are there so many whole numbers on a scale with one of these sums.

    Parameters
    ----------
    number : int
        How many values there are, at least 1.
    low, high : int
        The ends of the scale.
    targets : tuple of pairs of an int and a range
        Totals, each with sums of squares that may go with it: every second whole number
        of the parity of the total.  No pair of sums occurs twice.
    attained : bool
        Whether some value must be ``low`` and some value ``high``.
    step : Fraction
        What the whole numbers count: values are multiples of it.

    Raises
    ------
    ValueError
        If there is no value, the scale is upside down, the step is not positive or a target
        has the wrong parity.

    Notes
    -----
    Whoever checks an answer 'none' needs these numbers only: all sums (count, total, sum of
    squares) that 0, 1, ... ``number`` values of the scale can have, and that no target is
    among those of all values.
    """

    number: int
    low: int
    high: int
    targets: tuple[tuple[int, range], ...]
    attained: bool = False
    step: Fraction = _ONE

    def __post_init__(self) -> None:
        if self.number < 1 or self.low > self.high or self.step <= 0:
            raise ValueError(
                f"found {self.number} values from {self.low} to {self.high} and step {self.step}, "
                "expected at least 1, the lower end first and a positive step"
            )
        for total, squares in self.targets:
            if squares.step != 2 or (squares and (squares[0] - total) % 2):
                raise ValueError(
                    f"found sums of squares {squares} for total {total}, "
                    "expected every second number, of the parity of the total"
                )

    def accepts(self, values: Sequence[int]) -> bool:
        """Return whether values, in steps, are an answer.

        Parameters
        ----------
        values : sequence of int
            The values, in any order.

        Returns
        -------
        bool
            True if number, scale and sums are those asked for.
        """
        if len(values) != self.number or min(values) < self.low or max(values) > self.high:
            return False
        if self.attained and (min(values), max(values)) != (self.low, self.high):
            return False
        total, squares = sum(values), sum(value * value for value in values)
        return any(total == s and squares in q for s, q in self.targets)

    def in_units(self, values: Sequence[int]) -> tuple[Fraction, ...]:
        """Return values in steps as values of the variable.

        Parameters
        ----------
        values : sequence of int
            The values in steps.

        Returns
        -------
        tuple of Fraction
            Each times the step.
        """
        return tuple(value * self.step for value in values)

    def certificate(self) -> Mapping[str, Any]:
        """Return the question in a form that a checker can answer again.

        Returns
        -------
        mapping
            The number, the scale, whether its ends must occur, and each total with its
            first and last sum of squares.
        """
        return {
            "number": self.number,
            "low": self.low,
            "high": self.high,
            "attained": self.attained,
            "targets": [
                [total, squares[0], squares[-1]] for total, squares in self.targets if squares
            ],
        }

    def centred(self) -> CentredSums:
        """Return the question around the middle of its totals.

        Returns
        -------
        CentredSums
            The same question, with the two ends taken out if they must occur, and without the
            targets that are out of reach: no value has that total, or the sum of squares is
            less than the least or more than the greatest that it allows.
        """
        known: tuple[int, ...] = ()
        if self.attained:
            known = (self.low, self.high) if self.low < self.high else (self.low,)
        number, base = self.number - len(known), sum(value * value for value in known)
        sums = []
        for total, squares in self.targets:
            free = total - sum(known)
            if number >= 0 and self.low * number <= free <= self.high * number:
                shifted = range(squares.start - base, squares.stop - base, 2)
                sums.append((free, _within_reach(shifted, number, free, self.low, self.high)))
        sums = [(free, squares) for free, squares in sums if squares]
        middle = sorted(free for free, _ in sums)[len(sums) // 2] if sums else 0
        centre = max(self.low, min(middle // max(number, 1), self.high - 1))
        targets = []
        for free, squares in sums:
            rest = free - number * centre
            # Half of (sum of t^2 - sum of t) for the first sum of squares.
            first = (squares[0] - 2 * centre * free + number * centre**2 - rest) // 2
            targets.append((rest, range(first, first + len(squares))))
        above = max(self.high - 1 - centre, 0)
        return CentredSums(number, centre, centre - self.low, above, tuple(targets))


def greatest_squares(number: int, total: int, low: int, high: int) -> int:
    """Return the greatest sum of squares of whole numbers on a scale with a total.

    Parameters
    ----------
    number : int
        How many whole numbers there are, at least 1.
    total : int
        Their sum, from ``number * low`` to ``number * high``.
    low, high : int
        The ends of the scale.

    Returns
    -------
    int
        The sum of squares when at most one of them is not at an end.

    Raises
    ------
    ValueError
        If no numbers of the scale have that total.

    Examples
    --------
    Nine answers on a scale from 1 to 5 with the total 12 are at most eight 1s and a 4:

    >>> greatest_squares(9, 12, 1, 5)
    24
    """
    if number < 1 or not number * low <= total <= number * high:
        raise ValueError(
            f"found {number} values from {low} to {high} with the total {total}, "
            "expected at least 1 and a total that they can have"
        )
    if low == high:
        return number * low * low
    at_high, rest = divmod(total - number * low, high - low)
    if at_high == number:
        return number * high * high
    return at_high * high**2 + (low + rest) ** 2 + (number - at_high - 1) * low**2


def _within_reach(squares: range, number: int, total: int, low: int, high: int) -> range:
    """Return the sums of squares between the least and the greatest that a total allows."""
    if number == 0:
        return range(0, 1, 2) if 0 in squares else range(0)
    least, most = least_squares(number, total), greatest_squares(number, total, low, high)
    first = max(squares.start, least)
    first += (first - least) % 2
    return range(first, max(first, min(squares.stop, most + 1)), 2)


def multiset_questions(
    mean: Interval,
    sd: Interval,
    numbers: int | range,
    low: int | Fraction,
    high: int | Fraction,
    step: Fraction = _ONE,
    ddofs: Sequence[int] = (1, 0),
    *,
    attained: bool = False,
) -> tuple[MultisetQuestion, ...]:
    """Return what a printed mean and standard deviation ask of values on a scale.

    Parameters
    ----------
    mean, sd : Interval
        The values that print as printed, with two ends.  For a proof that no data exist:
        windows of rounding to the nearest, closed.
    numbers : int or range
        How many values there are, or may be; at least 1.
    low, high : int or Fraction
        The ends of the scale: no value is outside.
    step : Fraction
        Every value is a multiple of it.
    ddofs : sequence of int
        The divisors ``number - ddof`` that may have been used; both 1 and 0 unless the
        paper says which.
    attained : bool
        Whether the ends are the least and the greatest value and not only bounds.

    Returns
    -------
    tuple of MultisetQuestion
        One for each number; one without targets is answered already.

    Raises
    ------
    ValueError
        If no multiple of the step lies on the scale, an end that must be attained is none,
        or as :func:`grimmer` says.

    Examples
    --------
    Nine answers from 1 to 5 with mean 1.3 and standard deviation 0.9 have the total 12 and the sum of
    squares 22 (or 24 if the divisor was 9):

    >>> from netcore.printed import parse_printed
    >>> mean, sd = (parse_printed(text).window() for text in ("1.3", "0.9"))
    >>> [question] = multiset_questions(mean, sd, 9, 1, 5)
    >>> question.targets
    ((12, range(22, 26, 2)),)
    """
    if step <= 0:
        raise ValueError(f"found step {step}, expected a positive number")
    first, last = ceil(low / step), floor(high / step)
    if first > last or (attained and (first * step != low or last * step != high)):
        raise ValueError(
            f"found a scale from {low} to {high} with step {step}, expected multiples of the step"
            + (" as its ends" if attained else " between its ends")
        )
    result = grimmer(mean, sd, numbers, step, ddofs)
    questions = []
    for number in result.numbers:
        targets: list[tuple[int, range]] = []
        sums = [sums for sums in result.passing if sums.number == number]
        # Two divisors may ask for the same sums: one total at a time, its ranges in order.
        for total, squares in sorted(
            ((item.total, item.squares) for item in sums),
            key=lambda item: (item[0], item[1].start),
        ):
            if targets and targets[-1][0] == total and squares[0] <= targets[-1][1][-1] + 2:
                before = targets.pop()[1]
                squares = range(before[0], max(before[-1], squares[-1]) + 2, 2)
            targets.append((total, squares))
        questions.append(MultisetQuestion(number, first, last, tuple(targets), attained, step))
    return tuple(questions)


@dataclass(frozen=True, slots=True)
class MultisetSearch:
    """The answer to a question about whole numbers on a scale.

    Parameters
    ----------
    question : MultisetQuestion
        What was asked.
    outcome : {'exists', 'none', 'open'}
        Whether there is such a multiset; 'open' if the budget ended first.
    multiset : tuple of int or None
        One such multiset in order, in steps.
    """

    question: MultisetQuestion
    outcome: Literal["exists", "none", "open"]
    multiset: tuple[int, ...] | None = None


def find_multiset(question: MultisetQuestion, budget: int = _BUDGET) -> MultisetSearch:
    """Find whole numbers on a scale with one of some pairs of sums, or prove that there are none.

    Parameters
    ----------
    question : MultisetQuestion
        The number of values, the scale and the sums.
    budget : int
        How many bits may be written at most.

    Returns
    -------
    MultisetSearch
        With the same multiset each time: one with as many values as possible next to the mean.

    Notes
    -----
    With t = value - c (:class:`CentredSums`) all sums (A, T) of t and of
    t (t - 1) / 2 that m values other than c and c + 1 can have are found for m = 0, 1, ...: in
    one large integer, where adding a value to every sum at once is a shift by
    t (t - 1) / 2 W + t with rows of W bits.  The values c and c + 1 fill up the rest if 0 <= r - A <= n - m, where r is the
    sum of t that is sought.

    Two remarks keep the integer short.  Only the least m for each (A, T) matters, since
    fewer values leave more room.  And the values of a multiset can be added in an order in
    which A never strays beyond its last value and 0 by more than one step: a positive t while
    A <= 0, a negative one while A > 0, as long as there are both.

    Examples
    --------
    On a scale from 1 to 5 no nine answers have mean 1.3 and standard deviation 0.9 with divisor 8;
    twelve have mean 1.2 and standard deviation 0.5:

    >>> from netcore.printed import parse_printed
    >>> def search(mean, sd, number):
    ...     windows = [parse_printed(text).window() for text in (mean, sd)]
    ...     [question] = multiset_questions(*windows, number, 1, 5, ddofs=(1,))
    ...     return find_multiset(question)
    >>> search("1.3", "0.9", 9).outcome
    'none'
    >>> search("1.2", "0.5", 12).multiset
    (1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2)
    """
    sums = question.centred()
    if not sums.targets:
        return MultisetSearch(question, "none")
    if sums.number > budget:
        return MultisetSearch(question, "open")
    found, is_finished = _search_from_spread(sums, budget), True
    if found is None:
        found, is_finished = _search(sums, budget)
    if found is None:
        return MultisetSearch(question, "none" if is_finished else "open")
    values = [sums.centre + t for t in found]
    if question.attained:
        values += [question.low, question.high][: question.number - sums.number]
    return MultisetSearch(question, "exists", tuple(sorted(values)))


def _search_from_spread(sums: CentredSums, budget: int) -> list[int] | None:
    """Place most values about as far from the centre as they are on average, then search the rest.

    Many values would make the whole search long, and leave so many answers that this finds one.
    """
    if sums.number <= _LEFT:
        return None
    rest, weights = sums.targets[len(sums.targets) // 2]
    average = isqrt(2 * weights[0] // sums.number) + 1
    furthest = max(sums.below, sums.above) + 1
    for reach in dict.fromkeys(min(average * k // 4, furthest) for k in (5, 7, 10, furthest * 4)):
        most = reach * (reach - 1) // 2
        placed: list[int] = []
        total = weight = 0
        while len(placed) + _LEFT < sums.number and weight + _LEFT * most < weights[0]:
            up = total * sums.number <= rest * len(placed)
            t = min(reach, sums.above + 1) if up else -min(reach - 1, sums.below)
            placed.append(t)
            total, weight = total + t, weight + t * (t - 1) // 2
        if not weight <= weights[0] <= weight + 2 * _LEFT * most:
            continue
        # One sum is enough to look for, and keeps the search short.
        left = weights[0] - weight
        fewer = CentredSums(
            sums.number - len(placed),
            sums.centre,
            sums.below,
            sums.above,
            ((rest - total, range(left, left + 1)),),
        )
        found = _search(fewer, budget // 10)[0] if placed else None
        if found is not None:
            return placed + found
    return None


def _search(sums: CentredSums, budget: int) -> tuple[list[int] | None, bool]:
    """Return all t of some multiset, and whether the search was finished."""
    most, number = sums.most, sums.number
    items = {
        t: t * (t - 1) // 2
        for t in sorted(range(-sums.below, sums.above + 2), key=abs)
        if t not in (0, 1) and t * (t - 1) // 2 <= most
    }
    # One row for each T; in it a bit for each A from `lowest` on, and room for an A too far out.
    lowest = min(0, *items, *(rest - number for rest, _ in sums.targets))
    highest = max(0, *items, *(rest for rest, _ in sums.targets))
    columns = highest - lowest + 1
    width = columns + max(map(abs, items), default=0)
    if (most + 1) * width > min(budget, _MEMORY):
        return None, False
    shifts = {t: weight * width + t for t, weight in items.items()}
    nearest = min(shifts.values(), default=0) // width * width
    inside = _repeat((1 << columns) - 1, width, most + 1)
    # Only sums that are new, each layer from its first row on.
    layers = [(0, 1 << -lowest)]
    seen, stored = layers[0][1], 0
    for m in range(number + 1):
        start, layer = layers[-1]
        for rest, weights in sums.targets:
            # The values c and c + 1 that are left must reach the total.
            first, last = max(m + rest - number, lowest) - lowest, rest - lowest
            hit = _first_in(layer, weights, start // width, width, first, last)
            if hit is not None:
                found = _walk_back(layers, hit, shifts)
                ones = rest - sum(found)
                return [*found, *([1] * ones), *([0] * (number - m - ones))], True
        grown = 0
        for shift in shifts.values():
            grown |= layer << shift - nearest
        start += nearest
        grown &= inside >> start
        grown ^= grown & (seen >> start)
        if not grown:
            return None, True
        seen |= grown << start
        empty = ((grown & -grown).bit_length() - 1) // width * width
        layers.append((start + empty, grown >> empty))
        stored += layers[-1][1].bit_length()
        budget -= grown.bit_length() * (len(items) + 4) + seen.bit_length()
        if budget < 0 or stored > _MEMORY:
            return None, False
    return None, True


def _first_in(
    layer: int, weights: range, start: int, width: int, first: int, last: int
) -> int | None:
    """Return the place of a sum in some rows and columns, or None."""
    begin, end = max(weights.start, start), weights.stop
    if begin >= end or first > last:
        return None
    part = layer >> (begin - start) * width
    part &= _repeat((1 << last + 1) - (1 << first), width, end - begin)
    return begin * width + (part & -part).bit_length() - 1 if part else None


def _repeat(pattern: int, width: int, times: int) -> int:
    """Return a pattern of bits, repeated each ``width`` bits."""
    result, have = pattern, 1
    while have < times:
        more = min(have, times - have)
        result |= (result & ((1 << more * width) - 1)) << have * width
        have += more
    return result


def _walk_back(
    layers: Sequence[tuple[int, int]], place: int, shifts: Mapping[int, int]
) -> list[int]:
    """Return the values by which a sum was reached, the last one first."""
    found = []
    for start, layer in reversed(layers[:-1]):
        for t, shift in shifts.items():
            before = place - shift - start
            if before >= 0 and layer >> before & 1:
                found.append(t)
                place -= shift
                break
    return found
