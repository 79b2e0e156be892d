"""The exact null distribution of U of many values without ties, between two fractions.

Counting all orders takes too long, and too much memory, from some hundred values on.  The
probability of the values near the mean is a short Fourier sum instead: what is left out of it
is bounded by a theorem, and what floats lose by counting their operations.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import ceil, cos, floor, isqrt, log, pi, sqrt
from typing import Any, Final, NamedTuple

from netcore.stats.enclosures import Enclosure

__all__ = ["cumulated_u"]

_NEGLIGIBLE: Final = 1e-12  # of a probability, left out of a Fourier sum
_WORK: Final = 10_000_000  # factors of characteristic functions in one sum
_FIRST: Final = 64  # frequencies
_CHUNK: Final = 1 << 14  # frequencies at a time
_BLOCK: Final = 8  # factors between two scalings; each lies between 1e-16 and 1e9
_RATIO: Final = 1.05  # of the ends of a stretch of frequencies that are bounded at once
_LOST: Final = 64 * 2.0**-53
"""Relative error of a factor: two sines of rounded angles, each wrong by 4 units in the last
place at most, and four operations; three times what these add up to."""

_CAUTION: Final = 1.001  # for the rounding of bounds that are themselves computed in floats
_GRID: Final = 1 << 50  # denominators of bounds


def _modulus(n1: int, n2: int) -> int:
    """Return a prime beyond the greatest U and the number of values."""
    number = max(n1 * n2, n1 + n2) + 1
    while any(number % k == 0 for k in range(2, isqrt(number) + 1)):
        number += 1
    return number


def _bound_of_stretch(n1: int, n2: int, low: float, high: float) -> float:
    """Bound the characteristic function of U between two angles.

    Let disjoint pairs of ranks be L apart.  Given which pairs have one value of each sample,
    and all else, U is a constant and a fair choice between -L/2 and L/2 for each of them.  So
    the absolute value is at most the mean of c^K, with c = |cos(L t / 2)| and K the number of
    such pairs; of m pairs among N ranks it is the coefficient of z^n1 in
    (1 + 2 c z + z^2)^m (1 + z)^(N - 2m), over C(N, n1), and with z = n1 / n2 at most
    (8 n1 n2 / N)^(1/2) (1 - 2 (1 - c) n1 n2 / N^2)^m.
    """
    total = n1 + n2
    share = n1 * n2 / total**2
    near = floor(2 * pi / (low + high))
    best = 1.0
    for apart in {min(max(near, 1), total // 2), min(near + 1, total // 2), total // 2}:
        if apart * high > 2 * pi:
            continue
        most = max(abs(cos(apart * low / 2)), abs(cos(apart * high / 2)))
        whole, rest = divmod(total, 2 * apart)
        pairs = whole * apart + max(0, rest - apart)
        best = min(best, sqrt(8 * share * total) * (1 - 2 * (1 - most) * share) ** pairs)
    return best * _CAUTION


class _Stretches:
    """Bounds of what all frequencies beyond the one or the other add to a Fourier sum."""

    def __init__(self, n1: int, n2: int, modulus: int):
        last = modulus // 2
        ends = [min(_FIRST, last)]
        while ends[-1] < last:
            ends.append(min(last, max(ends[-1] + 1, floor(ends[-1] * _RATIO))))
        # The k-th term is at most |phi| / k, and the sum of 1 / k at most log(high / low).
        self.rest = {ends[-1]: 0.0}
        left = 0.0
        for low, high in reversed(list(pairwise(ends))):
            angles = 2 * pi * low / modulus, 2 * pi * high / modulus
            left += _bound_of_stretch(n1, n2, *angles) * log(high / low) * _CAUTION
            self.rest[low] = left

    def cut(self, n1: int) -> int:
        """Return after how many frequencies to stop: the rest is negligible, or too much work."""
        found = min(self.rest)
        for at in sorted(self.rest):
            if at > found and at * n1 > _WORK:
                break
            found = at
            if self.rest[at] <= _NEGLIGIBLE:
                break
        return found


class _Spectrum(NamedTuple):
    """The characteristic function of U less its mean, at multiples of an angle.

    Parameters
    ----------
    modulus : int
        The angles are 2 pi k divided by it, for k = 1, 2, and so on.
    weights : numpy.ndarray of float
        2 phi / (modulus sin(pi k / modulus)).
    error : float
        By how much a sum of them, each times a sine, may be wrong.
    """

    modulus: int
    weights: Any
    error: float


def _sines(places: Any, modulus: int) -> Any:
    """Return sin(pi j / modulus) of whole numbers j, with full relative precision."""
    import numpy as np

    turns, rest = np.divmod(places, modulus)
    sizes = np.sin(pi * np.minimum(rest, modulus - rest) / modulus)
    return np.where(turns % 2 == 0, sizes, -sizes)


def _chunks(count: int) -> Iterator[Any]:
    import numpy as np

    for start in range(1, count + 1, _CHUNK):
        yield np.arange(start, min(start + _CHUNK, count + 1), dtype=np.int64)


@lru_cache(maxsize=16)  # up to some 10 MB each
def _spectrum(n1: int, n2: int) -> _Spectrum:
    """Return the characteristic function; n1 is the smaller size.

    It is the product over i = 1 .. n1 of i sin((n2 + i) t / 2) / ((n2 + i) sin(i t / 2)), of
    which the first factors are that of smaller samples, and so never more than 1.
    """
    import numpy as np

    modulus = _modulus(n1, n2)
    stretches = _Stretches(n1, n2, modulus)
    count = stretches.cut(n1)
    parts = []
    for k in _chunks(count):
        mantissa = np.ones(len(k))
        exponent = np.zeros(len(k), dtype=np.int64)
        for start in range(1, n1 + 1, _BLOCK):
            for i in range(start, min(start + _BLOCK, n1 + 1)):
                mantissa *= i * _sines((n2 + i) * k, modulus) / ((n2 + i) * _sines(i * k, modulus))
            # Apart, so that no product is too small for a float before it grows again.
            mantissa, twos = np.frexp(mantissa)
            exponent += twos
        phi = np.ldexp(mantissa, np.maximum(exponent, -1_000))
        parts.append(2 * phi / (modulus * _sines(k, modulus)))
    weights = np.concatenate(parts)
    # Adding up loses one unit a term; a sine and its product some more.
    lost = (n1 + 4) * _LOST + count * 2.0**-52
    error = float(np.abs(weights).sum()) * lost * _CAUTION + stretches.rest[count]
    return _Spectrum(modulus, weights, error + count * 1e-300)


@lru_cache(maxsize=65_536)
def cumulated_u(n1: int, n2: int, u: int) -> Enclosure:
    """Enclose the probability that U is no more than a number, without ties.

    Parameters
    ----------
    n1, n2 : int
        Sizes, at least 1.
    u : int
        A number of pairs.

    Returns
    -------
    Enclosure
        Bounds on P(U <= u), mostly within 1e-10 of one another; 0 and 1 at worst.

    Raises
    ------
    ValueError
        If a size is less than 1.

    Notes
    -----
    With M > n1 n2 an odd number and m = n1 n2 - 2 u - 1 values of U above u and below
    n1 n2 - u, their probability is

        m / M + 2 / M sum over k = 1 .. (M - 1) / 2 of phi(t) sin(m t / 2) / sin(t / 2),

    with t = 2 pi k / M and phi the characteristic function of U less its mean, which is soon
    negligible: of 5000 and 5000 values some 300 of 12 million terms are worked out.  The other
    ones are bounded by a theorem on pairs of ranks.

    References
    ----------
    MacWilliams FJ, Sloane NJA (1977). The Theory of Error-Correcting Codes. North-Holland,
    Amsterdam; chapter 10, lemma 7 (the binomial coefficient).

    Examples
    --------
    >>> low, high = cumulated_u(40, 300, 5000)
    >>> round(float(low), 7), high - low < Fraction(1, 10**9)
    (0.0434986, True)
    """
    if n1 < 1 or n2 < 1:
        raise ValueError(f"found sizes {n1} and {n2}, expected at least one value in each sample")
    if u < 0:
        return Enclosure(Fraction(0), Fraction(0))
    if u >= n1 * n2:
        return Enclosure(Fraction(1), Fraction(1))
    middle = n1 * n2 - 2 * u - 1
    if middle < 0:  # from the other end
        low, high = cumulated_u(n1, n2, n1 * n2 - u - 1)
        return Enclosure(1 - high, 1 - low)
    import numpy as np

    spectrum = _spectrum(min(n1, n2), max(n1, n2))
    if not spectrum.error < 1:
        return Enclosure(Fraction(0), Fraction(1, 2))  # it is the smaller half
    total = 0.0
    place = 0
    for k in _chunks(len(spectrum.weights)):
        part = spectrum.weights[place : place + len(k)]
        total += float(np.sum(part * _sines(middle * k, spectrum.modulus)))
        place += len(k)
    side = (1 - Fraction(middle, spectrum.modulus) - Fraction(total)) / 2
    error = Fraction(spectrum.error) / 2
    low = Fraction(floor((side - error) * _GRID), _GRID)
    high = Fraction(ceil((side + error) * _GRID), _GRID)
    return Enclosure(max(low, Fraction(0)), min(high, Fraction(1, 2)))
