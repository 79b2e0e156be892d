"""Exact null distributions of rank statistics: how many arrangements give each value.

Polynomials with counts as coefficients are kept in one integer each, a fixed
number of bits a coefficient, so that a sum of two distributions is one addition
and a shift of a distribution is one shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from math import comb

__all__ = [
    "mann_whitney_counts",
    "signed_rank_counts",
    "tied_mann_whitney_counts",
    "tied_signed_rank_counts",
]


def _width(total: int) -> int:
    """Return the bytes that a coefficient needs if all of them add up to a total."""
    return total.bit_length() // 8 + 1


def _coefficients(packed: int, number: int, width: int) -> tuple[int, ...]:
    data = packed.to_bytes(number * width, "little")
    return tuple(
        int.from_bytes(data[start : start + width], "little")
        for start in range(0, number * width, width)
    )


@lru_cache(maxsize=1_024)
def mann_whitney_counts(n1: int, n2: int) -> tuple[int, ...]:
    """Count the orders of two samples without ties that give each U at most.

    Parameters
    ----------
    n1, n2 : int
        Sizes, at least 1.

    Returns
    -------
    tuple of int
        For u = 0 .. n1 n2 the number of orders with U <= u; the last of them
        is the number of all orders.

    Raises
    ------
    ValueError
        If a size is less than 1.

    Notes
    -----
    The number of orders with U = u is the coefficient of q^u in the Gaussian
    binomial

        product over i = 1 .. n1 of (1 - q^(n2 + i)) / (1 - q^i),

    computed with q = 2^b modulo q^(n1 n2 + 1).  Division by 1 - q^i is
    multiplication with (1 + q^i)(1 + q^2i)(1 + q^4i)..., a few shifts.  60 and
    60 values take some 0.05 s, 200 and 200 some seconds.

    References
    ----------
    Mann HB, Whitney DR (1947). On a test of whether one of two random
    variables is stochastically larger than the other. Annals of Mathematical
    Statistics 18(1):50-60. doi:10.1214/aoms/1177730491

    Examples
    --------
    >>> mann_whitney_counts(2, 2)
    (1, 2, 4, 5, 6)
    """
    if n1 < 1 or n2 < 1:
        raise ValueError(f"found sizes {n1} and {n2}, expected at least one value in each sample")
    n1, n2 = min(n1, n2), max(n1, n2)
    number = n1 * n2 + 1
    width = _width(comb(n1 + n2, n1))
    one = 8 * width
    mask = (1 << (one * number)) - 1
    packed = 1
    for i in range(1, n1 + 1):
        packed = (packed - (packed << one * (n2 + i))) & mask
        step = i
        while step < number:
            packed = (packed + (packed << one * step)) & mask
            step *= 2
    return tuple(accumulate(_coefficients(packed, number, width)))


def _checked(groups: Sequence[int]) -> None:
    if not groups or any(size < 1 for size in groups):
        raise ValueError(f"found groups of sizes {tuple(groups)}, expected sizes of at least 1")


@lru_cache(maxsize=256)
def tied_mann_whitney_counts(n1: int, groups: tuple[int, ...]) -> tuple[int, ...]:
    """Count the ways to choose a sample from tied values that give each 2 U at most.

    Parameters
    ----------
    n1 : int
        Size of the sample x, at least 1 and less than all values.
    groups : tuple of int
        How many of all values are equal to the least one, to the next one, and
        so on; 1 for a value without ties.

    Returns
    -------
    tuple of int
        For k = 0 .. 2 n1 n2 the number of choices with 2 U <= k.

    Raises
    ------
    ValueError
        If a group is empty or a sample would be.

    Notes
    -----
    This is the permutation distribution given the midranks, by the shift
    algorithm over tied groups: j of t equal values above b values of y give
    2 U the amount j (2 b + t - j), in C(t, j) ways.

    References
    ----------
    Streitberg B, Röhmel J (1986). Exact distributions for permutation and rank
    tests. Statistical Software Newsletter 12(1):10-17.

    Examples
    --------
    Two values of four, of which two are equal:

    >>> tied_mann_whitney_counts(2, (1, 2, 1))
    (0, 2, 2, 2, 4, 4, 4, 6, 6)
    """
    _checked(groups)
    total = sum(groups)
    n2 = total - n1
    if n1 < 1 or n2 < 1:
        raise ValueError(f"found {n1} of {total} values, expected at least one in each sample")
    width = _width(comb(total, n1))
    one = 8 * width
    # Of the values so far k are in x; the packed distribution of 2 U of each k.
    states = {0: 1}
    below = 0
    for size in groups:
        after: dict[int, int] = {}
        for k, packed in states.items():
            lower = below - k
            for j in range(max(0, size - (n2 - lower)), min(size, n1 - k) + 1):
                shifted = comb(size, j) * packed << one * j * (2 * lower + size - j)
                after[k + j] = after.get(k + j, 0) + shifted
        states = after
        below += size
    return tuple(accumulate(_coefficients(states[n1], 2 * n1 * n2 + 1, width)))


@lru_cache(maxsize=256)
def signed_rank_counts(number: int) -> tuple[int, ...]:
    """Count the signs of differences without ties that give each W at most.

    Parameters
    ----------
    number : int
        How many differences there are, none of them zero; at least 1.

    Returns
    -------
    tuple of int
        For w = 0 .. n (n + 1) / 2 the number of the 2^n choices of signs for
        which the ranks of the positive differences add up to w at most.

    Raises
    ------
    ValueError
        If there is no difference.

    References
    ----------
    Wilcoxon F (1945). Individual comparisons by ranking methods. Biometrics
    Bulletin 1(6):80-83. doi:10.2307/3001968

    Examples
    --------
    >>> signed_rank_counts(3)
    (1, 2, 3, 5, 6, 7, 8)
    """
    if number < 1:
        raise ValueError(f"found {number} differences, expected at least one")
    return tied_signed_rank_counts((1,) * number)[::2]


@lru_cache(maxsize=256)
def tied_signed_rank_counts(groups: tuple[int, ...], zeros: int = 0) -> tuple[int, ...]:
    """Count the signs of differences with ties that give each 2 W at most.

    Parameters
    ----------
    groups : tuple of int
        How many differences have the least size, the next one, and so on.
    zeros : int
        How many differences of zero are ranked below them, though they have no
        sign (Pratt 1959); 0 if zeros are left out before ranking.

    Returns
    -------
    tuple of int
        For k = 0 .. 2 (sum of midranks) the number of choices of signs with
        twice the sum of positive midranks at most k.

    Raises
    ------
    ValueError
        If a group is empty or the number of zeros is negative.

    References
    ----------
    Pratt JW (1959). Remarks on zeros and ties in the Wilcoxon signed rank
    procedures. Journal of the American Statistical Association
    54(287):655-667. doi:10.1080/01621459.1959.10501526

    Examples
    --------
    >>> tied_signed_rank_counts((2,)), tied_signed_rank_counts((1,), zeros=1)
    ((1, 1, 1, 3, 3, 3, 4), (1, 1, 1, 1, 2))
    """
    _checked(groups)
    if zeros < 0:
        raise ValueError(f"found {zeros} differences of zero, expected none or more")
    width = _width(1 << sum(groups))
    one = 8 * width
    packed, below, sums = 1, zeros, 0
    for size in groups:
        rank = 2 * below + size + 1
        for _ in range(size):
            packed += packed << one * rank
        below += size
        sums += size * rank
    return tuple(accumulate(_coefficients(packed, sums + 1, width)))
