"""Whether values exist with everything that is printed of a sample, for one number of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Final, Literal

from netcore.checks.moments.spread import SPREADS, squares_windows
from netcore.checks.samples import Sample
from netcore.printed import EVERYTHING, Interval
from netcore.stats.moments.binary import debit
from netcore.stats.moments.centred_bounds import unattainable
from netcore.stats.moments.constructed import Constructed, constructed_values
from netcore.stats.moments.grim import totals_behind_mean
from netcore.stats.moments.grimmer import grimmer
from netcore.stats.moments.multisets import find_multiset, multiset_questions
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.study import Variable

__all__ = ["IGNORED", "Judgement", "Proof", "Summaries", "judged", "summaries_of"]

IGNORED: Final = ("mean.conf.low", "mean.conf.high", "iqr", "range", "rmean")
"""Statistics that are left out of account here: leaving one out excludes less."""

_LONGEST: Final = 400  # more values than that are not constructed
_LONGEST_SEARCH: Final = 40  # values on a scale that are searched among all there are
_WIDEST_SEARCH: Final = 60
_BUDGET: Final = 2 * 10**8
_TOTALS: Final = 1_000
_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Summaries:
    """What is printed of a sample, as a question about values.

    Parameters
    ----------
    quantiles : Mapping of Fraction to Interval
        Shares with the numbers that print as the quantile.
    mean : Interval
        The printed mean; everything if none is printed.
    spread : tuple of (str, Interval) or None
        Which spread is printed, and the numbers that print as it.
    domain : Interval
        Where all values of the variable lie.
    is_all : bool
        Whether nothing that is printed was left out of account.
    """

    quantiles: Mapping[Fraction, Interval]
    mean: Interval
    spread: tuple[str, Interval] | None
    domain: Interval
    is_all: bool

    @property
    def natural_domain(self) -> Interval:
        """Where values are made: not below 0 where nothing printed is, as of a size or a time."""
        windows = [self.mean, *self.quantiles.values()]
        if any(window.low is None or window.low < 0 for window in windows):
            return self.domain
        return self.domain.meet(Interval(Fraction(0), None))

    def squares(self, number: int) -> tuple[Interval, ...]:
        """Return the sums of squares about the mean that print as the spread.

        Parameters
        ----------
        number : int
            How many values there are.

        Returns
        -------
        tuple of Interval
            One for each divisor; none if no spread is printed.
        """
        return () if self.spread is None else squares_windows(*self.spread, number)


@dataclass(frozen=True, slots=True)
class Proof:
    """Why so many values do not have the summaries.

    Parameters
    ----------
    why : str
        ``one`` (one value has no spread); ``order``, ``mean`` or ``spread`` (bounds); ``grid`` (a value or a
        median is no multiple of the step), ``total`` (no total gives the mean), ``squares``
        (no total with its sum of squares gives mean and spread) or ``values`` (all
        values of the scale were searched).
    centres : tuple of Fraction
        Of ``spread``: numbers whose bound excludes each divisor.
    """

    why: str
    centres: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether so many values have all summaries.

    Parameters
    ----------
    state : {'fits', 'excluded', 'open'}
        ``open`` if neither values nor a proof were found.
    values : Constructed or None
        Values that fit.
    divisor : int
        What the squares of the values that fit were divided by; 0 where no
        spread is printed.
    proof : Proof or None
        Why none fit.
    """

    state: Literal["fits", "excluded", "open"]
    values: Constructed | None = None
    divisor: int = 0
    proof: Proof | None = None


def summaries_of(sample: Sample, variable: Variable) -> Summaries:
    """Return what is printed of a sample as a question about values.

    Parameters
    ----------
    sample : Sample
        The sample, under one reading.
    variable : Variable
        What was measured.

    Returns
    -------
    Summaries
        With windows closed: for a tie may be printed either way.
    """
    windows = {name: _closed(item.window) for name, item in sample.statistics.items()}
    spread = next(((name, windows[name]) for name in SPREADS if name in windows), None)
    usable = {"mean", *QUANTILES, *(spread[:1] if spread else ())}
    return Summaries(
        {QUANTILES[name]: window for name, window in windows.items() if name in QUANTILES},
        windows.get("mean", EVERYTHING),
        spread,
        Interval(variable.min, variable.max),
        set(windows) <= usable,
    )


def _closed(window: Interval) -> Interval:
    return replace(window, low_closed=True, high_closed=True)


def judged(asked: Summaries, number: int, step: Fraction | None = None) -> Judgement:
    """Decide whether so many values have all summaries.

    Parameters
    ----------
    asked : Summaries
        What is printed.
    number : int
        How many values there are, at least 1.
    step : Fraction, optional
        Every value is a multiple of it.

    Returns
    -------
    Judgement
        Values that fit, a proof that none do, or neither.
    """
    squares = asked.squares(number)
    domain = asked.domain
    if number == 1 and asked.spread is not None and (asked.spread[1].low or 0) > 0:
        return Judgement("excluded", proof=Proof("one"))
    reason = unattainable(number, asked.quantiles, asked.mean, squares, domain)
    if reason is not None:
        return Judgement("excluded", proof=Proof(reason.kind, reason.centres))
    if step is not None:
        found = _on_a_grid(asked, number, step)
        if found is not None:
            return found
    if number > _LONGEST or asked.mean.low is None or asked.mean.high is None:
        return Judgement("open")
    for window in squares or (EVERYTHING,):
        made = constructed_values(
            number, asked.quantiles, asked.mean, window, asked.natural_domain, step
        )
        if made is not None:
            divisor = 0
            if squares:
                divisor = number - 1 if window == squares[0] and number > 1 else number
            return Judgement("fits", made, divisor)
    return Judgement("open")


def _has_multiple(window: Interval, step: Fraction) -> bool:
    if window.low is None or window.high is None:
        return True
    return ceil(window.low / step) <= floor(window.high / step)


def _on_a_grid(asked: Summaries, number: int, step: Fraction) -> Judgement | None:
    """Use that values are multiples of a step; None if that settles nothing."""
    for share, parts in ((Fraction(0), 1), (_HALF, 2), (Fraction(1), 1)):
        if share in asked.quantiles and not _has_multiple(asked.quantiles[share], step / parts):
            return Judgement("excluded", proof=Proof("grid"))
    if asked.mean.low is None or asked.mean.high is None:
        return None
    totals = totals_behind_mean(asked.mean, number, step)
    if not totals:
        return Judgement("excluded", proof=Proof("total"))
    if len(totals) > _TOTALS:
        return None  # some of so many have nearly every sum of squares
    if asked.spread is None or asked.spread[0] != "sd" or asked.spread[1].high is None:
        return None
    sd = asked.spread[1]
    if not grimmer(asked.mean, sd, number, step).passing:
        return Judgement("excluded", proof=Proof("squares"))
    if _is_binary(asked.domain, step):
        return _of_two_values(asked, number, step, sd)
    return _on_a_scale(asked, number, step, asked.mean, sd)


def _is_binary(domain: Interval, step: Fraction) -> bool:
    """Return whether values are one of two: 0 or 1, or another number and the next."""
    if domain.low is None or domain.high is None:
        return False
    return floor(domain.high / step) - ceil(domain.low / step) == 1


def _of_two_values(asked: Summaries, number: int, step: Fraction, sd: Interval) -> Judgement | None:
    """Try how many are the greater of two values (DEBIT); None if other quantiles decide."""
    assert asked.domain.low is not None
    assert asked.mean.low is not None
    assert asked.mean.high is not None
    least = ceil(asked.domain.low / step) * step
    ends = (asked.mean.low - least) / step, (asked.mean.high - least) / step
    deviations = sd.meet(Interval(Fraction(0), None))
    assert deviations.low is not None
    assert deviations.high is not None
    counts = debit(Interval(*ends), Interval(deviations.low / step, deviations.high / step), number)
    if not counts:
        return Judgement("excluded", proof=Proof("values"))
    if asked.quantiles or number > _LONGEST:
        return None
    # The count nearest to the printed mean prints so by every way to round.
    found = min(counts, key=lambda count: abs(2 * Fraction(count.ones, number) - sum(ends)))
    values = (least,) * (number - found.ones) + (least + step,) * found.ones
    return Judgement("fits", Constructed(values, "type7"), number - found.ddof)


def _ends(asked: Summaries, step: Fraction) -> tuple[Fraction | None, Fraction | None, bool]:
    """Return the scale, and whether its ends are values that occur."""
    low, high = asked.domain.low, asked.domain.high
    least, greatest = asked.quantiles.get(Fraction(0)), asked.quantiles.get(Fraction(1))
    if least is not None and least.low is not None:
        low = max(least.low, least.low if low is None else low)
    if greatest is not None and greatest.high is not None:
        high = min(greatest.high, greatest.high if high is None else high)
    if low is None or high is None:
        return low, high, False
    low, high = ceil(low / step) * step, floor(high / step) * step
    attained = all(
        window is not None
        and window.low is not None
        and window.high is not None
        and ceil(window.low / step) == floor(window.high / step)
        for window in (least, greatest)
    )
    return low, high, attained


def _on_a_scale(
    asked: Summaries, number: int, step: Fraction, mean: Interval, sd: Interval
) -> Judgement | None:
    """Search all values of a short scale; None if it is not short, or other quantiles decide."""
    low, high, attained = _ends(asked, step)
    if low is None or high is None or low > high:
        return None
    if number > _LONGEST_SEARCH or (high - low) / step > _WIDEST_SEARCH:
        return None
    questions = multiset_questions(mean, sd, number, low, high, step, attained=attained)
    for question in questions:
        found = find_multiset(question, _BUDGET)
        if found.outcome == "none":
            return Judgement("excluded", proof=Proof("values"))
        if found.multiset is not None and attained and set(asked.quantiles) == {0, 1}:
            values = question.in_units(found.multiset)
            return Judgement("fits", Constructed(values, "type7"), _divisor(values, sd))
    return None


def _divisor(values: Sequence[Fraction], sd: Interval) -> int:
    number = len(values)
    mean = sum(values, Fraction(0)) / number
    squares = sum((value - mean) ** 2 for value in values)
    windows = squares_windows("sd", sd, number)
    return number - 1 if number > 1 and squares in windows[0] else number
