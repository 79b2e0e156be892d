"""Standard deviations of values with a known step: which sums can stand behind one (GRIMMER).

Values that are multiples of a step are whole numbers in units of it.  Their total S
and their sum of squares Q are then whole too, of the same parity, and Q has a least
value for each S.  With five values or more there is nothing else to ask for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any, Final

from netcore.printed import Interval, format_fraction
from netcore.stats.moments.grim import totals_behind_mean

__all__ = [
    "Grimmer",
    "MomentSums",
    "Refusal",
    "grimmer",
    "least_squares",
    "squares_behind_sd",
    "squares_have_values",
]

_ONE: Final = Fraction(1)
_NOT_NEGATIVE: Final = Interval(Fraction(0), None)
_ALWAYS: Final = 5  # so many values reach every sum of squares of the right parity
_TOTALS: Final = 10**6  # more totals than that are not run through: some ten seconds
_FACTORS: Final = 10**6  # three values: larger prime factors are not looked for


@dataclass(frozen=True, slots=True)
class MomentSums:
    """Sums that give a printed mean and a printed standard deviation.

    Parameters
    ----------
    number : int
        How many values there are.
    ddof : int
        What the sum of squared deviations was divided by: ``number - ddof``.
    total : int
        The sum of the values, in steps.
    squares : range
        The sums of their squares, in squared steps: every second whole number.  With
        fewer than five values some of them have no values behind them (see
        :func:`squares_have_values`).
    """

    number: int
    ddof: int
    total: int
    squares: range


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a total that gives the mean cannot give the standard deviation.

    Parameters
    ----------
    number, ddof, total : int
        As in :class:`MomentSums`.
    window : Interval
        The sums of squares that give the printed standard deviation.
    least : int
        The least sum of squares that values with this total have; others differ from
        it by an even number.
    """

    number: int
    ddof: int
    total: int
    window: Interval
    least: int

    def __str__(self) -> str:
        """Write the reason in one sentence."""
        start = f"{self.number} values, total {self.total}, divisor {self.number - self.ddof}"
        whole = self.window.integers()
        if not whole:
            return (
                f"{start}: the sum of squares would lie between {whole.start - 1} and {whole.start}"
            )
        if whole[-1] < self.least:
            return f"{start}: the sum of squares would be at most {whole[-1]}, but is {self.least} or more"
        if len(whole) == 1 and (whole[0] - self.least) % 2:
            parity = "odd" if self.total % 2 else "even"
            return f"{start}: the sum of squares would be {whole[0]}, but is {parity}"
        found = f"{whole[0]}" if len(whole) == 1 else f"{whole[0]} to {whole[-1]}"
        return f"{start}: no {self.number} whole numbers have a sum of squares of {found}"


@dataclass(frozen=True, slots=True)
class Grimmer:
    """What stands behind a printed mean with a printed standard deviation.

    Parameters
    ----------
    mean, sd : Interval
        The values that print as printed; that of the standard deviation from 0 up.
    numbers : range
        The numbers of values that were tried.
    step : Fraction
        Every value is a multiple of it.
    ddofs : tuple of int
        The divisors that were tried, as in :class:`MomentSums`.
    passing : tuple of MomentSums
        All sums that give both; none if no values do.
    """

    mean: Interval
    sd: Interval
    numbers: range
    step: Fraction
    ddofs: tuple[int, ...]
    passing: tuple[MomentSums, ...]

    @property
    def is_possible(self) -> bool:
        """Whether some values, of any size, have such a mean and standard deviation."""
        return bool(self.passing)

    def refusals(self) -> tuple[Refusal, ...]:
        """Return for each total that gives the mean, and each divisor, why it does not pass.

        Returns
        -------
        tuple of Refusal
            None for a number of which no total gives the mean at all.
        """
        passed = {(sums.number, sums.ddof, sums.total) for sums in self.passing}
        return tuple(
            Refusal(
                number,
                ddof,
                total,
                _squares_window(self.sd, number, total, self.step, ddof),
                least_squares(number, total),
            )
            for number in self.numbers
            for total in totals_behind_mean(self.mean, number, self.step)
            for ddof in self.ddofs
            if ddof < number and (number, ddof, total) not in passed
        )

    def certificate(self) -> Mapping[str, Any]:
        """Return the question in a form that a checker can answer again.

        Returns
        -------
        mapping
            The windows, the step, the first and last number of values and the divisors.

        Notes
        -----
        A checker runs through all numbers n, totals S with S step / n in the window of
        the mean, and divisors n - d; with c, r = divmod(S, n) and the least sum of
        squares M = n c^2 + (2 c + 1) r it must find no whole j >= 0 such that
        (M + 2 j - S^2 / n) step^2 / (n - d) is the square of a number in the window.
        Below five values the few that are left need :func:`squares_have_values`.
        """
        return {
            "mean": str(self.mean),
            "sd": str(self.sd),
            "step": format_fraction(self.step),
            "numbers": [self.numbers[0], self.numbers[-1]],
            "ddofs": list(self.ddofs),
        }


def least_squares(number: int, total: int) -> int:
    """Return the least sum of squares of whole numbers with a total.

    Parameters
    ----------
    number : int
        How many whole numbers there are, at least 1.
    total : int
        Their sum.

    Returns
    -------
    int
        The sum of squares when no two of them differ by more than 1.

    Raises
    ------
    ValueError
        If the number is less than 1.

    Examples
    --------
    Twelve values with the total 15 have at least nine 1s and three 2s:

    >>> least_squares(12, 15)
    21
    """
    if number < 1:
        raise ValueError(f"found number {number}, expected at least 1")
    quotient, rest = divmod(total, number)
    return number * quotient * quotient + (2 * quotient + 1) * rest


def squares_behind_sd(
    sd: Interval, number: int, total: int, step: Fraction = _ONE, ddof: int = 1
) -> range:
    """Return every sum of squares that a total can have and that gives a standard deviation.

    Parameters
    ----------
    sd : Interval
        The standard deviations that print as printed, with two ends.
    number : int
        How many values there are, more than ``ddof``.
    total : int
        The sum of the values, in steps.
    step : Fraction
        Every value is a multiple of it.
    ddof : int
        The sum of squared deviations is divided by ``number - ddof``: 1 for a sample, 0 for a
        whole population.

    Returns
    -------
    range
        All Q, in squared steps, of the parity of the total and not below
        :func:`least_squares`, for which the root of (Q - S^2 / n) / (n - ddof) lies in
        the window.

    Raises
    ------
    ValueError
        If there are not more values than ``ddof``, ``ddof`` is negative, the step is not
        positive, or the window has no two ends or nothing from 0 up.

    Notes
    -----
    A whole number and its square are both odd or both even, so Q and S are (Anaya
    2016; Allard 2018).  For another step than 1 this holds for the values in steps.

    The same in one line: with c, r = divmod(S, n) and t = value - c, the sum of
    t (t - 1) / 2 is a whole number T >= 0, since consecutive numbers are never both odd
    and never of opposite sign; and Q = least + 2 T.

    References
    ----------
    Anaya J (2016). The GRIMMER test: a method for testing the validity of reported measures of
    variability. PeerJ Preprints 4:e2400v1. doi:10.7287/peerj.preprints.2400v1

    Examples
    --------
    >>> sd = Interval(Fraction(45, 100), Fraction(55, 100))
    >>> list(squares_behind_sd(sd, 12, 15))
    [21]
    """
    _check_number(number, ddof, step)
    variances = _Variances.of(_clipped(sd), step)
    return variances.squares(number, total, ddof, least_squares(number, total))


def _check_number(number: int, ddof: int, step: Fraction) -> None:
    if ddof < 0 or number <= ddof or step <= 0:
        raise ValueError(
            f"found {number} values, ddof {ddof} and step {step}, "
            "expected more values than ddof, ddof at least 0 and a positive step"
        )


def _clipped(sd: Interval) -> Interval:
    """Return the part of a window of standard deviations that is not negative."""
    clipped = sd.meet(_NOT_NEGATIVE)
    if clipped.is_empty or clipped.high is None:
        raise ValueError(
            f"found the standard deviations {sd}, expected two ends and some number from 0 up"
        )
    return clipped


def _squares_window(sd: Interval, number: int, total: int, step: Fraction, ddof: int) -> Interval:
    """Return the sums of squares that give a standard deviation, whole or not."""
    assert sd.low is not None
    assert sd.high is not None
    base = Fraction(total * total, number)
    factor = (number - ddof) / (step * step)
    return Interval(
        base + factor * sd.low**2, base + factor * sd.high**2, sd.low_closed, sd.high_closed
    )


@dataclass(frozen=True, slots=True)
class _Variances:
    """A window of variances in squared steps, as integers: reducing fractions takes its time."""

    low: int
    below: int
    high: int
    above: int
    low_closed: bool
    high_closed: bool

    @classmethod
    def of(cls, sd: Interval, step: Fraction) -> _Variances:
        assert sd.low is not None
        assert sd.high is not None
        by, times = step.numerator**2, step.denominator**2
        return cls(
            sd.low.numerator**2 * times,
            sd.low.denominator**2 * by,
            sd.high.numerator**2 * times,
            sd.high.denominator**2 * by,
            sd.low_closed,
            sd.high_closed,
        )

    def squares(self, number: int, total: int, ddof: int, least: int) -> range:
        """Return every second whole Q from the least on with n Q - S^2 in n (n - ddof) times it."""
        factor, square = number * (number - ddof), total * total
        low, below = factor * self.low + square * self.below, number * self.below
        high, above = factor * self.high + square * self.above, number * self.above
        first = -(-low // below) if self.low_closed else low // below + 1
        last = high // above if self.high_closed else -(-high // above) - 1
        first = max(first, least)
        first += (first - least) % 2
        return range(first, max(first, last + 1), 2)


def squares_have_values(number: int, total: int, squares: int) -> bool:
    """Return whether so many whole numbers have a total and a sum of squares.

    Parameters
    ----------
    number : int
        How many whole numbers there are, at least 1; of either sign and any size.
    total, squares : int
        Their sum and the sum of their squares.

    Returns
    -------
    bool
        True if and only if such numbers exist.  For three numbers, True too where
        prime factors above a million would have to be found to tell.

    Raises
    ------
    ValueError
        If the number is less than 1.

    Notes
    -----
    Parity and the least sum of squares M are necessary.  For n >= 5 they suffice.  For n = 5
    choose one value k such that S - k is odd; four others with the odd total
    S - k and the odd sum of squares Q - k^2 exist as soon as 4 (Q - k^2) >= (S - k)^2
    (see n = 4), that is Q - S^2/5 >= 5/4 (k - S/5)^2.  Some such k is within 1 of S/5, so
    Q - S^2/5 >= 5/4 suffices, which leaves Q = M only.  For n > 5 take five of the values
    that attain M and change those alone.

    n = 4: (S ± x ± y ± z) / 4 with an even number of minus signs gives values with
    4 Q - S^2 = x^2 + y^2 + z^2, which must be a sum of three squares: not 4^a (8 b + 7)
    (Legendre 1798, Gauss 1801).  For odd S it is 3 modulo 8, hence always one.

    n = 3: with u and v the differences, 3 Q - S^2 = 2 (u^2 + u v + v^2), so that each prime factor
    2 modulo 3 of its half must occur an even number of times.  n = 2: 2 Q - S^2 is the
    square of the difference.  n = 1: Q = S^2.

    Examples
    --------
    Two whole numbers with the total 4 have 8, 10 or 16 as their sum of squares, no 12:

    >>> [squares_have_values(2, 4, squares) for squares in (8, 10, 12, 16)]
    [True, True, False, True]
    """
    if (squares - total) % 2 or squares < least_squares(number, total):
        return False
    if number >= _ALWAYS:
        return True
    spread = number * squares - total * total
    if number == 4:
        while spread and spread % 4 == 0:
            spread //= 4
        return spread % 8 != 7
    if number == 3:
        return _is_loeschian(spread // 2)
    return isqrt(spread) ** 2 == spread if number == 2 else spread == 0


def _is_loeschian(value: int) -> bool:
    """Return whether a whole number is u^2 + u v + v^2; True where that is too hard to tell."""
    if value == 0:
        return True
    factor = 2
    while factor * factor <= value:
        if factor > _FACTORS:
            return True
        times = 0
        while value % factor == 0:
            value //= factor
            times += 1
        if times % 2 and factor % 3 == 2:
            return False
        factor += 1
    return value % 3 != 2


def grimmer(
    mean: Interval,
    sd: Interval,
    numbers: int | range,
    step: Fraction = _ONE,
    ddofs: Sequence[int] = (1, 0),
) -> Grimmer:
    """Return all sums that give a printed mean and a printed standard deviation.

    Parameters
    ----------
    mean, sd : Interval
        The values that print as printed, with two ends.  For a proof that no data exist:
        windows of rounding to the nearest, closed.
    numbers : int or range
        How many values there are, or may be; at least 1.
    step : Fraction
        Every value is a multiple of it.
    ddofs : sequence of int
        The divisors ``number - ddof`` that may have been used; both 1 and 0 unless the
        paper says which.

    Returns
    -------
    Grimmer
        The sums; none if no values whatever have this mean and this standard deviation.

    Raises
    ------
    ValueError
        If a number is less than 1 or there is none, the step is not positive, no divisor
        is given, a window has no two ends, or more than a million totals give the mean.

    Notes
    -----
    Every total that gives the mean is tried, with each divisor.  One value has no
    standard deviation with ddof 1, so that divisor is passed over where there is one value.

    References
    ----------
    Anaya J (2016). The GRIMMER test. PeerJ Preprints 4:e2400v1.
    doi:10.7287/peerj.preprints.2400v1

    Allard A (2018). Analytic-GRIMMER: a new way of testing the possibility of standard deviations.
    https://aurelienallard.netlify.app/post/anaytic-grimmer-possibility-standard-deviations/

    Examples
    --------
    With 35 values the mean 5.23 means the total 183, and then a standard deviation of 2.55
    does not follow with the divisor 34; it does with 35:

    >>> from netcore.printed import parse_printed
    >>> mean, sd = (parse_printed(text).window() for text in ("5.23", "2.55"))
    >>> result = grimmer(mean, sd, 35)
    >>> result.passing
    (MomentSums(number=35, ddof=0, total=183, squares=range(1185, 1186, 2)),)
    >>> print(result.refusals()[0])
    35 values, total 183, divisor 34: the sum of squares would be 1178, but is odd
    """
    tried = range(numbers, numbers + 1) if isinstance(numbers, int) else numbers
    if not tried or tried[0] < 1 or tried.step != 1 or step <= 0 or not ddofs or min(ddofs) < 0:
        raise ValueError(
            f"found numbers {numbers}, step {step} and ddofs {tuple(ddofs)}, expected "
            "consecutive numbers of at least 1, a positive step, and at least one divisor"
        )
    clipped = _clipped(sd)
    variances = _Variances.of(clipped, step)
    passing: list[MomentSums] = []
    totals = {number: totals_behind_mean(mean, number, step) for number in tried}
    if sum(map(len, totals.values())) > _TOTALS:
        raise ValueError(
            f"found more than {_TOTALS} totals that give the mean, expected fewer values "
            "or a mean with more decimals"
        )
    for number in tried:
        for total in totals[number]:
            least = least_squares(number, total)
            for ddof in ddofs:
                if ddof >= number:
                    continue
                squares = variances.squares(number, total, ddof, least)
                if squares and (number >= _ALWAYS or _any_has_values(number, total, squares)):
                    passing.append(MomentSums(number, ddof, total, squares))
    return Grimmer(mean, clipped, tried, step, tuple(ddofs), tuple(passing))


def _any_has_values(number: int, total: int, squares: range) -> bool:
    return any(squares_have_values(number, total, value) for value in squares)
