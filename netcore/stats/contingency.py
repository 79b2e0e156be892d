"""p-values of tables of counts, in every flavour that a paper may have used.

"Chi-squared test" and "Fisher's exact test" name families: with or without a
correction, one- or two-sided, and with several rules for what is as extreme as
the table seen.  Each flavour here has a p-value between two fractions: exact
tests have the fraction itself, and chi-squared tests an enclosure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import comb, isqrt, prod
from typing import Final

from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure, chi_squared_tail, logarithm

__all__ = [
    "FLAVOURS",
    "Flavour",
    "PValue",
    "Table",
    "chi_squared",
    "likelihood_ratio",
    "p_values",
    "trim",
]

Table = tuple[tuple[int, ...], ...]
"""Counts: a row for each group, a column for each level."""

_REPLICATES: Final = 2_000  # R's default; fewer are seldom drawn to estimate a p-value
_ERRORS: Final = 5  # standard errors within which an estimate by simulation lies
_ALIKE: Final = 10**7  # R takes probabilities that differ by one part in this for ties
_LARGEST: Final = 20_000  # tables with the same margins that are listed
_EXACT_UNITS: Final = 2_000  # patients up to whom Fisher's test of a 2 x 2 table is a fraction
_KEPT_UNITS: Final = 500  # patients up to whom the weights of margins are kept for other tables
_ENCLOSED_UNITS: Final = 1_000_000  # patients beyond whom Fisher's test is not worked out
_UNIT_WEIGHT: Final = 1 << 256  # of the likeliest table, where weights are enclosed
_COMPARED: Final = 3  # tables of the same margins whose ways are compared digit by digit


@dataclass(frozen=True, slots=True)
class Flavour:
    """One way to make a p-value of a table of counts.

    Parameters
    ----------
    name : str
        Its key.
    test : str
        The test of :data:`netcore.study.vocabulary.TESTS` that it is a flavour of.
    title : str
        What it is, as part of a sentence.
    usual : bool
        Whether the bare name of the test means it: Pearson's statistic with or
        without Yates's correction, and Fisher's test with the sum of small
        probabilities.
    """

    name: str
    test: str
    title: str
    usual: bool = False


_CHI: Final = "chi_squared"
_FISHER: Final = "fisher_exact"
_LIST: Final = (
    Flavour("pearson", _CHI, "Pearson's chi-squared without correction", usual=True),
    Flavour("yates", _CHI, "chi-squared with Yates's correction", usual=True),
    Flavour("yates_unlimited", _CHI, "chi-squared with Yates's correction beyond zero"),
    Flavour("yates_larger", _CHI, "chi-squared with Yates's correction in a larger table"),
    Flavour("n_minus_1", _CHI, "the N − 1 chi-squared"),
    Flavour("likelihood_ratio", _CHI, "the likelihood-ratio chi-squared (G)"),
    Flavour("trend", _CHI, "the chi-squared for trend over the levels in their order"),
    Flavour("linear_by_linear", _CHI, "the linear-by-linear association (N − 1)"),
    Flavour("pearson_exact", _CHI, "the exact distribution of Pearson's chi-squared"),
    Flavour("pearson_simulated", _CHI, "Pearson's chi-squared by simulation"),
    Flavour("pearson_one_sided", _CHI, "one side of Pearson's chi-squared"),
    Flavour("pearson_other_side", _CHI, "the other side of Pearson's chi-squared"),
    Flavour("yates_one_sided", _CHI, "one side of chi-squared with Yates's correction"),
    Flavour("n_minus_1_one_sided", _CHI, "one side of the N − 1 chi-squared"),
    Flavour("fisher", _FISHER, "Fisher's exact test (sum of small probabilities)", usual=True),
    Flavour("fisher_doubled", _FISHER, "Fisher's exact test, the smaller side doubled"),
    Flavour("fisher_less", _FISHER, "Fisher's exact test, lower side"),
    Flavour("fisher_greater", _FISHER, "Fisher's exact test, upper side"),
    Flavour("fisher_mid", _FISHER, "Fisher's exact test, mid-p"),
    Flavour(
        "fisher_mid_doubled", _FISHER, "Fisher's exact test, mid-p of the smaller side doubled"
    ),
    Flavour("fisher_mid_less", _FISHER, "Fisher's exact test, mid-p of the lower side"),
    Flavour("fisher_mid_greater", _FISHER, "Fisher's exact test, mid-p of the upper side"),
    Flavour("freeman_halton", _FISHER, "the Fisher–Freeman–Halton test", usual=True),
    Flavour("freeman_halton_mid", _FISHER, "the Fisher–Freeman–Halton test, mid-p"),
    Flavour("freeman_halton_simulated", _FISHER, "the Fisher–Freeman–Halton test by simulation"),
)
_OF_LARGER: Final = (
    "freeman_halton",
    "freeman_halton_mid",
    "pearson_exact",
    "freeman_halton_simulated",
    "pearson_simulated",
)
_OF_TWO_BY_TWO: Final = (
    "pearson_exact",
    "fisher",
    "fisher_doubled",
    "fisher_less",
    "fisher_greater",
    "fisher_mid",
    "fisher_mid_doubled",
    "fisher_mid_less",
    "fisher_mid_greater",
)
FLAVOURS: Final[dict[str, Flavour]] = {flavour.name: flavour for flavour in _LIST}
"""All flavours by name, the usual ones of each test first."""


@dataclass(frozen=True, slots=True)
class PValue:
    """The p-value of a table in one flavour.

    Parameters
    ----------
    flavour : Flavour
        How it was made.
    low, high : Fraction
        Bounds between which it lies; equal where it is known exactly, 0 and 1
        where it would take too long.
    """

    flavour: Flavour
    low: Fraction
    high: Fraction

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return self.low > 0 or self.high < 1

    @property
    def interval(self) -> Interval:
        """The bounds as a closed interval."""
        return Interval(self.low, self.high)


def _checked(table: Table) -> None:
    widths = {len(row) for row in table}
    if len(widths) != 1 or widths == {0} or any(count < 0 for row in table for count in row):
        raise ValueError(f"found {table}, expected rows of equally many counts, each 0 or more")


def trim(table: Table) -> Table:
    """Leave out the rows and columns in which nobody is.

    Parameters
    ----------
    table : Table
        Counts.

    Returns
    -------
    Table
        The same without empty rows and columns; () if all are empty.

    Raises
    ------
    ValueError
        If the rows differ in length or a count is negative.

    Examples
    --------
    >>> trim(((3, 0, 1), (2, 0, 2), (0, 0, 0)))
    ((3, 1), (2, 2))
    """
    _checked(table)
    kept = [number for number, column in enumerate(zip(*table, strict=True)) if any(column)]
    return tuple(tuple(row[number] for number in kept) for row in table if any(row))


def _margins(table: Table) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    rows = tuple(sum(row) for row in table)
    return rows, tuple(sum(column) for column in zip(*table, strict=True)), sum(rows)


def chi_squared(table: Table) -> Fraction:
    """Return Pearson's chi-squared statistic.

    Parameters
    ----------
    table : Table
        Counts, at least one in every row and column.

    Returns
    -------
    Fraction
        The sum of (O - E)^2 / E, which is N (sum of O^2 / (R C) - 1).

    Raises
    ------
    ValueError
        If a row or column is empty.

    Examples
    --------
    >>> chi_squared(((1, 9), (11, 3)))
    Fraction(384, 35)
    """
    rows, columns, total = _margins(table)
    if not all((*rows, *columns)):
        raise ValueError(f"found {table}, expected somebody in every row and column")
    shares = Fraction(0)
    for row, size in zip(table, rows, strict=True):
        for count, column in zip(row, columns, strict=True):
            shares += Fraction(count * count, size * column)
    return total * (shares - 1)


def likelihood_ratio(table: Table) -> Enclosure:
    """Enclose the likelihood-ratio statistic G.

    Parameters
    ----------
    table : Table
        Counts.

    Returns
    -------
    Enclosure
        Bounds on 2 times the sum of O ln(O / E).

    Notes
    -----
    As E = R C / N, it is 2 (sum of O ln O - sum of R ln R - sum of C ln C +
    N ln N), in which only logarithms of whole numbers occur.

    Examples
    --------
    >>> low, high = likelihood_ratio(((1, 9), (11, 3)))
    >>> round(float(low), 4), low < high
    (12.2212, True)
    """
    rows, columns, total = _margins(table)
    low = high = Fraction(0)
    for sign, counts in (
        (1, (total, *(count for row in table for count in row))),
        (-1, (*rows, *columns)),
    ):
        for count in counts:
            if count:
                ends = logarithm(count)
                first, last = ends if sign > 0 else (ends.high, ends.low)
                low += 2 * sign * count * first
                high += 2 * sign * count * last
    return Enclosure(max(low, Fraction(0)), max(high, Fraction(0)))


def _corrected(table: Table) -> Fraction:
    """Return the sum of (|O - E| - 1/2)^2 / E, no difference being less than zero."""
    rows, columns, total = _margins(table)
    statistic = Fraction(0)
    for row, size in zip(table, rows, strict=True):
        for count, column in zip(row, columns, strict=True):
            expected = Fraction(size * column, total)
            short = max(abs(count - expected) - Fraction(1, 2), Fraction(0))
            statistic += short**2 / expected
    return statistic


def _trend(table: Table) -> Fraction | None:
    """Return the squared correlation of row and column numbers; None if it has none."""
    rows, columns, total = _margins(table)
    x = sum(i * number for i, number in enumerate(rows))
    y = sum(j * number for j, number in enumerate(columns))
    xx = total * sum(i * i * number for i, number in enumerate(rows)) - x * x
    yy = total * sum(j * j * number for j, number in enumerate(columns)) - y * y
    xy = total * sum(i * j * n for i, row in enumerate(table) for j, n in enumerate(row)) - x * y
    return Fraction(xy * xy, xx * yy) if xx and yy else None


def p_values(
    table: Table, tests: Collection[str] = (_CHI, _FISHER), *, largest: int = _LARGEST
) -> tuple[PValue, ...]:
    """Return the p-value of a table in every flavour of some tests.

    Parameters
    ----------
    table : Table
        Counts, with a row for each group.
    tests : collection of str
        ``chi_squared``, ``fisher_exact`` or both; any other test has no flavour.
    largest : int
        How many tables with the same margins to list for an exact test of a
        table that is larger than two by two.

    Returns
    -------
    tuple of PValue
        In the order of :data:`FLAVOURS`.  Empty rows and columns are left
        out first.  If fewer than two of either are left, nothing is
        compared and there is none.  An exact test that is too large has
        bounds of 0 and 1.

    Raises
    ------
    ValueError
        If the rows differ in length or a count is negative.

    Notes
    -----
    Of a 2 x 2 table with rows (a, b) and (c, d): Pearson's
    N (ad - bc)^2 / (r1 r2 c1 c2); Yates's with |ad - bc| - N / 2 in place of
    ad - bc, at least 0 (and without that limit); N - 1 in place of N
    (Campbell 2007, doi:10.1002/sim.2832); G; the probability, given the
    margins, of a statistic at least as large; one-sided tests, which halve
    the p-value or leave the other half.  Fisher's test adds the
    probabilities that do not exceed that of the table (R counts those that
    exceed it by one part in ten million, which makes the upper bound), or
    doubles the smaller side; mid-p counts the table seen by half.

    Of larger tables: Pearson's with and without a correction of each cell, G,
    the trend over row and column numbers with
    N and with N - 1, the exact distribution of Pearson's, and that of the
    probability (Freeman and Halton 1951, doi:10.1093/biomet/38.1-2.141).  A
    p-value estimated by simulation is taken to lie within five standard
    errors of 2000 replicates.

    Examples
    --------
    Fisher's lady tasting tea: three of four cups told right.

    >>> found = {p.flavour.name: p for p in p_values(((3, 1), (1, 3)))}
    >>> found["fisher_greater"].low, found["fisher"].low
    (Fraction(17, 70), Fraction(17, 35))
    >>> round(float(found["pearson"].low), 4), round(float(found["yates"].low), 4)
    (0.1573, 0.4795)
    """
    found = trim(table)
    if len(found) < 2 or len(found[0]) < 2:
        return ()
    bounds: dict[str, Enclosure] = {}
    two_by_two = len(found) == len(found[0]) == 2
    if _CHI in tests:
        bounds.update(_chi_squared_family(found))
    if two_by_two:
        exact = _two_by_two(found)
    elif _CHI in tests or _FISHER in tests:
        exact = _larger(found, largest)
    else:
        exact = {}
    bounds.update(exact)
    return tuple(
        PValue(flavour, *bounds[name])
        for name, flavour in FLAVOURS.items()
        if name in bounds and flavour.test in tests
    )


def _chi_squared_family(table: Table) -> dict[str, Enclosure]:
    rows, columns, total = _margins(table)
    df = (len(rows) - 1) * (len(columns) - 1)
    statistic = chi_squared(table)
    ratio = likelihood_ratio(table)
    found = {
        "pearson": chi_squared_tail(statistic, df),
        "likelihood_ratio": Enclosure(
            chi_squared_tail(ratio.high, df).low, chi_squared_tail(ratio.low, df).high
        ),
    }
    if len(rows) > 2 or len(columns) > 2:
        found["yates_larger"] = chi_squared_tail(_corrected(table), df)
        trend = _trend(table)
        if trend is not None:
            found["trend"] = chi_squared_tail(total * trend, 1)
            found["linear_by_linear"] = chi_squared_tail((total - 1) * trend, 1)
        return found
    (a, b), (c, d) = table
    scale = Fraction(total, prod(rows) * prod(columns))
    short = abs(a * d - b * c) - Fraction(total, 2)
    found["yates"] = chi_squared_tail(scale * max(short, Fraction(0)) ** 2, 1)
    if short < 0:
        found["yates_unlimited"] = chi_squared_tail(scale * short**2, 1)
    found["n_minus_1"] = chi_squared_tail(statistic * (total - 1) / total, 1)
    for name in ("pearson", "yates", "n_minus_1"):
        low, high = found[name]
        found[f"{name}_one_sided"] = Enclosure(low / 2, high / 2)
    low, high = found["pearson"]
    found["pearson_other_side"] = Enclosure(1 - high / 2, 1 - low / 2)
    return found


def _two_by_two(table: Table) -> dict[str, Enclosure]:
    units = sum(map(sum, table))
    if units > _ENCLOSED_UNITS:
        return dict.fromkeys(_OF_TWO_BY_TWO, Enclosure(Fraction(0), Fraction(1)))
    return _exact_two_by_two(table) if units <= _EXACT_UNITS else _enclosed_two_by_two(table)


def _exact_two_by_two(table: Table) -> dict[str, Enclosure]:
    (a, b), (c, d) = table
    row, other, column = a + b, c + d, a + c
    first = max(0, column - other)
    weights = (_kept_weights if row + other <= _KEPT_UNITS else _weights)(row, other, column)
    total = comb(row + other, column)
    seen = weights[a - first]
    excess = abs(a * (row + other) - row * column)
    less, greater = sum(weights[: a - first + 1]), sum(weights[a - first :])
    small = sum(weight for weight in weights if weight <= seen)
    alike = sum(weight for weight in weights if weight * _ALIKE <= seen * (_ALIKE + 1))
    distant = sum(
        weight
        for k, weight in enumerate(weights, first)
        if abs(k * (row + other) - row * column) >= excess
    )
    found = {
        "pearson_exact": (distant, distant),
        "fisher": (small, alike),
        "fisher_less": (less, less),
        "fisher_greater": (greater, greater),
    }
    exact = {
        name: Enclosure(Fraction(low, total), Fraction(high, total))
        for name, (low, high) in found.items()
    }
    half = Fraction(seen, 2 * total)
    return _with_mid_p(exact, Enclosure(half, half))


def _with_mid_p(exact: dict[str, Enclosure], half: Enclosure) -> dict[str, Enclosure]:
    """Add mid-p, which leaves out half of the table seen, and the doubled sides."""
    none, one = Fraction(0), Fraction(1)
    found = dict(exact)
    for name, source in (
        ("fisher_mid", "fisher"),
        ("fisher_mid_less", "fisher_less"),
        ("fisher_mid_greater", "fisher_greater"),
    ):
        low, high = exact[source]
        found[name] = Enclosure(max(low - half.high, none), high - half.low)
    for kind in ("", "_mid"):
        less, greater = found[f"fisher{kind}_less"], found[f"fisher{kind}_greater"]
        low, high = 2 * min(less.low, greater.low), 2 * min(less.high, greater.high)
        found[f"fisher{kind}_doubled"] = Enclosure(min(low, one), min(high, one))
    return found


def _weights(row: int, other: int, column: int) -> tuple[int, ...]:
    """Return how many ways lead to each first cell that the margins allow."""
    first = max(0, column - other)
    found = [comb(row, first) * comb(other, column - first)]
    for k in range(first, min(row, column)):
        # Each from the one before: binomials of thousands of patients are slow to make.
        found.append(found[-1] * (row - k) * (column - k) // ((k + 1) * (other - column + k + 1)))
    return tuple(found)


_kept_weights = lru_cache(maxsize=4_096)(_weights)


def _near_weights(row: int, other: int, column: int) -> dict[int, tuple[int, int]]:
    """Return bounds on the weights of first cells around the likeliest, which has one of 2^256.

    Each cell that is left out lies beyond one of weight 1 or less, and so has no greater weight.
    """
    first, last = max(0, column - other), min(row, column)
    mode = (row + 1) * (column + 1) // (row + other + 2)
    found = {mode: (_UNIT_WEIGHT, _UNIT_WEIGHT)}
    for step, end in ((1, last), (-1, first)):
        low = high = _UNIT_WEIGHT
        k = mode
        while k != end and high > 1:
            # From k to k + 1, or back from k to k - 1.
            j = k if step > 0 else k - 1
            up, down = (row - j) * (column - j), (j + 1) * (other - column + j + 1)
            above, below = (up, down) if step > 0 else (down, up)
            low, high = low * above // below, -(-high * above // below)
            k += step
            found[k] = low, high
    return found


def _is_no_likelier(row: int, other: int, column: int, cell: int, seen: int) -> bool:
    """Return whether a first cell has no more ways than another, in whole numbers."""
    steps = range(min(cell, seen), max(cell, seen))
    above = prod((row - k) * (column - k) for k in steps)
    below = prod((k + 1) * (other - column + k + 1) for k in steps)
    return above <= below if cell > seen else below <= above


def _enclosed_two_by_two(table: Table) -> dict[str, Enclosure]:
    """Enclose the exact tests of a table whose weights are too long to be added up."""
    (a, b), (c, d) = table
    row, other, column = a + b, c + d, a + c
    first, last = max(0, column - other), min(row, column)
    weights = _near_weights(row, other, column)
    beyond = last - first + 1 - len(weights)  # cells without a weight here: 0 to 1 each
    least, most = weights.get(a, (0, 1))
    excess = abs(a * (row + other) - row * column)

    total = Enclosure(
        Fraction(sum(low for low, _ in weights.values())),
        Fraction(sum(high for _, high in weights.values()) + beyond),
    )

    def share(inside: Collection[int], doubtful: Collection[int] = ()) -> Enclosure:
        low = sum(weights[k][0] for k in inside)
        high = sum(weights[k][1] for k in (*inside, *doubtful)) + beyond
        return Enclosure(low / total.high, min(high / total.low, Fraction(1)))

    small: set[int] = set()
    alike: set[int] = set()
    for k, (low, high) in weights.items():
        if high <= least:
            small.add(k)
        elif low * _ALIKE <= most * (_ALIKE + 1):
            alike.add(k)
    # Bounds cannot tell a cell from that seen where both have as many ways, or nearly none.
    near = [k for k in alike if a in weights and weights[k][0] <= most]
    if len(near) <= _COMPARED:
        same = {k for k in near if _is_no_likelier(row, other, column, k, a)}
        small |= same
        alike -= same
    found = {
        "pearson_exact": share(
            [k for k in weights if abs(k * (row + other) - row * column) >= excess]
        ),
        "fisher": share(small, alike),
        "fisher_less": share([k for k in weights if k <= a]),
        "fisher_greater": share([k for k in weights if k >= a]),
    }
    half = Enclosure(least / total.high / 2, most / total.low / 2)
    return _with_mid_p(found, half)


def _columns(left: tuple[int, ...], total: int) -> Iterator[tuple[int, ...]]:
    """Yield each column of a sum that fits into what is left of the rows."""
    if len(left) == 1:
        if total <= left[0]:
            yield (total,)
        return
    rest = sum(left[1:])
    for count in range(max(0, total - rest), min(left[0], total) + 1):
        for column in _columns(left[1:], total - count):
            yield (count, *column)


@lru_cache(maxsize=65_536)
def _ways(column: tuple[int, ...]) -> int:
    """Return in how many ways the units of a column can be shared out so."""
    ways, total = 1, 0
    for count in column:
        total += count
        ways *= comb(total, count)
    return ways


def _number_of_columns(left: tuple[int, ...], total: int) -> int:
    """Return in how many ways a column with some total can be filled."""
    ways = [1] + [0] * total
    for most in left:
        sums = [0, *accumulate(ways)]
        ways = [sums[k + 1] - sums[max(k - most, 0)] for k in range(total + 1)]
    return ways[total]


class _Margins:
    """All tables with some margins: in how many ways each arises, and how far it is off."""

    def __init__(self, table: Table):
        rows, columns, _ = _margins(table)
        self._rows, self._columns = rows, columns
        self._row_scales = [prod(rows) // row for row in rows]
        self._scales = [prod(columns) // column for column in columns]

    def weigh(self, place: int, column: tuple[int, ...]) -> tuple[int, int]:
        """Return the ways to fill a column, and its part of chi-squared but for margins."""
        squares = sum(
            scale * count * count for scale, count in zip(self._row_scales, column, strict=True)
        )
        return _ways(column), self._scales[place] * squares

    def of(self, table: Table) -> tuple[int, int]:
        """Return ways and distance of one table."""
        parts = [self.weigh(j, column) for j, column in enumerate(zip(*table, strict=True))]
        return prod(ways for ways, _ in parts), sum(distance for _, distance in parts)

    def all(self) -> Iterator[tuple[int, int]]:
        """Yield ways and distance of every table."""
        # What can follow depends on the rows only through what is left of them.
        known: dict[tuple[int, tuple[int, ...]], list[tuple[tuple[int, ...], int, int]]] = {}

        def fill(place: int, left: tuple[int, ...]) -> Iterator[tuple[int, int]]:
            if place == len(self._columns) - 1:
                yield self.weigh(place, left)
                return
            if (place, left) not in known:
                known[place, left] = [
                    (
                        tuple(row - count for row, count in zip(left, column, strict=True)),
                        *self.weigh(place, column),
                    )
                    for column in _columns(left, self._columns[place])
                ]
            for rest, ways, distance in known[place, left]:
                for more, further in fill(place + 1, rest):
                    yield ways * more, distance + further

        return fill(0, self._rows)


def _larger(table: Table, largest: int) -> dict[str, Enclosure]:
    if len(table) > len(table[0]):
        table = tuple(zip(*table, strict=True))
    unknown = dict.fromkeys(_OF_LARGER, Enclosure(Fraction(0), Fraction(1)))
    rows, columns, _ = _margins(table)
    # Each way to fill one column begins at least one table, and counting those is quick.
    if any(_number_of_columns(rows, column) > largest for column in columns):
        return unknown
    margins = _Margins(table)
    seen, excess = margins.of(table)
    total = small = alike = distant = 0
    for number, (ways, distance) in enumerate(margins.all()):
        if number >= largest:
            return unknown
        total += ways
        small += ways if ways <= seen else 0
        alike += ways if ways * _ALIKE <= seen * (_ALIKE + 1) else 0
        distant += ways if distance >= excess else 0
    half = Fraction(seen, 2 * total)
    halton = Enclosure(Fraction(small, total), Fraction(alike, total))
    pearson = Enclosure(Fraction(distant, total), Fraction(distant, total))
    return {
        "freeman_halton": halton,
        "freeman_halton_mid": Enclosure(halton.low - half, halton.high - half),
        "pearson_exact": pearson,
        "freeman_halton_simulated": _simulated(halton),
        "pearson_simulated": _simulated(pearson),
    }


def _simulated(p: Enclosure) -> Enclosure:
    """Widen a p-value by what a simulation may be off."""
    scale = 10**12
    ends = []
    for end, sign in ((p.low, -1), (p.high, 1)):
        variance = end * (1 - end) / _REPLICATES
        deviation = Fraction(isqrt(int(variance * scale**2)) + 1, scale)
        # R adds the table seen to the replicates: (k + 1) / (replicates + 1).
        ends.append(end + sign * (_ERRORS * deviation + Fraction(1, _REPLICATES)))
    return Enclosure(max(ends[0], Fraction(0)), min(ends[1], Fraction(1)))
