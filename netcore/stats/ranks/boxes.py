"""What a paper prints of one sample, as bounds of its ordered values.

A printed quantile bounds the ordered values that enter it: the first of them is
at most, the last of them at least the quantile.  Each ordered value so gets a
box.  If every quantile is one of the values the boxes say all that is printed;
if some lie between two values, or if the definition is not known, the boxes are
looser, and whatever holds in them holds for the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor

from netcore.printed import EVERYTHING, Interval
from netcore.stats.quantiles.definitions import (
    LinearForm,
    defines,
    loosest_indices,
    quantile_form,
)

__all__ = ["Block", "Boxes", "Conflict", "Sample", "ordered_boxes", "sample_forms"]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of the values of one sample.

    Parameters
    ----------
    number : int
        How many values there are, at least 1.
    quantiles : tuple of (Fraction, Interval)
        Share of values below, 0 (least value) to 1 (greatest value), each once, and the
        window of the printed quantile.
    domain : Interval
        Where all values lie.
    step : Fraction or None
        The values are whole multiples of it; None if they may be any numbers.

    Examples
    --------
    >>> sample = Sample.of(15, {Fraction(1, 2): Interval(Fraction(47, 2), Fraction(24))})
    >>> sample.number, len(sample.quantiles)
    (15, 1)
    """

    number: int
    quantiles: tuple[tuple[Fraction, Interval], ...]
    domain: Interval = EVERYTHING
    step: Fraction | None = None

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f"found {self.number} values, expected at least 1")
        shares = [share for share, _ in self.quantiles]
        if len(set(shares)) < len(shares) or not all(0 <= share <= 1 for share in shares):
            raise ValueError(f"found shares {shares}, expected each once, between 0 and 1")
        for name, window in [*self.quantiles, ("the domain", self.domain)]:
            if window.is_empty:
                raise ValueError(f"found an empty window for {name}, expected some value in it")
        if self.step is not None and self.step <= 0:
            raise ValueError(f"found a step of {self.step}, expected a positive one")
        object.__setattr__(self, "quantiles", tuple(sorted(self.quantiles, key=lambda q: q[0])))

    @classmethod
    def of(
        cls,
        number: int,
        quantiles: Mapping[Fraction, Interval],
        domain: Interval = EVERYTHING,
        step: Fraction | None = None,
    ) -> Sample:
        """Describe a sample whose quantiles come in a mapping.

        Parameters
        ----------
        number : int
            How many values there are, at least 1.
        quantiles : Mapping of Fraction to Interval
            Share of values below and window of the printed quantile.
        domain : Interval
            Where all values lie.
        step : Fraction or None
            The values are whole multiples of it.

        Returns
        -------
        Sample
            The same as a value that can be a key.
        """
        return cls(number, tuple(quantiles.items()), domain, step)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Printed quantiles of one sample that no values can have together.

    Parameters
    ----------
    shares : tuple of Fraction
        Shares of the quantiles; with the domain and the step they conflict, and none of
        them can be left out.
    """

    shares: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbours among the ordered values that have the same bound.

    Parameters
    ----------
    first, last : int
        Numbers of the first and the last of them, from 1.
    value : Fraction or None
        The bound; None if there is none.
    closed : bool
        Whether the values can be equal to it.
    """

    first: int
    last: int
    value: Fraction | None
    closed: bool

    @property
    def size(self) -> int:
        """How many ordered values share the bound."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Boxes:
    """Lower and upper bounds of all ordered values of a sample.

    Parameters
    ----------
    number : int
        How many values there are.
    bottoms, tops : tuple of Block
        Lower and upper bounds, ascending; together they cover every value once.  No
        bound can be tightened by the order of the values: there are values with all
        of them at their bottoms, or as near as is wished, and so with the tops.
    step : Fraction or None
        The values are whole multiples of it.
    are_exact : bool
        Whether all values in the boxes have the printed quantiles.
    """

    number: int
    bottoms: tuple[Block, ...]
    tops: tuple[Block, ...]
    step: Fraction | None
    are_exact: bool


def sample_forms(
    sample: Sample, definition: str
) -> tuple[tuple[Fraction, LinearForm, Interval], ...]:
    """Return what each printed quantile says of the ordered values under a definition.

    Parameters
    ----------
    sample : Sample
        What is printed.
    definition : str
        A definition of :data:`netcore.stats.quantiles.definitions.DEFINITIONS`.

    Returns
    -------
    tuple of (Fraction, LinearForm, Interval)
        Share, weighted mean of ordered values, and the window where it lies.  Quantiles
        that the definition does not define are left out.

    Raises
    ------
    ValueError
        If the definition is unknown.
    """
    return tuple(
        (share, quantile_form(definition, share, sample.number), window)
        for share, window in sample.quantiles
        if defines(definition, share)
    )


# An upper bound of an ordered value: its number, value and whether it can be reached, and the
# share of the quantile it comes from (None: the domain).
_Bound = tuple[int, Fraction, bool, Fraction | None]


def _blocks(bounds: list[_Bound], number: int) -> list[tuple[Block, Fraction | None]]:
    """Return the least upper bound of each ordered value, ascending, and where it comes from."""
    found: list[tuple[Block, Fraction | None]] = []
    last = number
    value: tuple[Fraction | None, bool] = (None, False)
    source: Fraction | None = None
    for index, high, closed, share in sorted(bounds, key=lambda b: -b[0]):
        if value[0] is not None and (high, closed) >= value:
            continue
        if index < last:
            found.append((Block(index + 1, last, *value), source))
            last = index
        value, source = (high, closed), share
    found.append((Block(1, last, *value), source))
    return found[::-1]


def _on_grid(value: Fraction, closed: bool, step: Fraction) -> Fraction:
    """Return the greatest multiple of a step at or below (if it may be reached) a bound."""
    multiple = floor(value / step)
    if not closed and multiple * step == value:
        multiple -= 1
    return multiple * step


@lru_cache(maxsize=4_096)
def ordered_boxes(sample: Sample, definition: str | None) -> Boxes | Conflict:
    """Bound every ordered value of a sample.

    Parameters
    ----------
    sample : Sample
        What is printed.
    definition : str or None
        How the quantiles are defined; None: by whichever definition.

    Returns
    -------
    Boxes or Conflict
        The bounds, or the quantiles that leave some value no room.

    Raises
    ------
    ValueError
        If the definition is unknown.

    Notes
    -----
    A quantile Q = (1 − w) x_(j) + w x_(j+1) in [a, b] gives x_(j) ≤ b and x_(j+1) ≥ a;
    with w = 0, x_(j) ≥ a.  Without a definition j and j + 1 are the first and the last
    value that any definition lets in.  As the values ascend, the bound of one bounds
    those before (after) it.  Multiples of a step move to the nearest multiple inside.

    Examples
    --------
    >>> median = {Fraction(1, 2): Interval(Fraction(2), Fraction(3))}
    >>> boxes = ordered_boxes(Sample.of(4, median), "type7")
    >>> [(block.first, block.last, block.value) for block in boxes.tops]
    [(1, 2, Fraction(3, 1)), (3, 4, None)]
    """
    spans: list[tuple[Fraction | None, int, int, Interval]] = []
    if definition is None:
        for share, window in sample.quantiles:
            first, last = loosest_indices(share, sample.number)
            spans.append((share, first, last, window))
    else:
        for share, form, window in sample_forms(sample, definition):
            spans.append((share, form.indices[0], form.indices[-1], window))
    are_exact = definition is not None and all(first == last for _, first, last, _ in spans)
    # Of the domain, the last value is below the end and the first above the beginning.
    spans.append((None, sample.number, 1, sample.domain))
    highs: list[_Bound] = []
    lows: list[_Bound] = []  # mirrored: the negative values, counted from the last
    for source, first, last, window in spans:
        if window.high is not None:
            highs.append((first, window.high, window.high_closed, source))
        if window.low is not None:
            lows.append((sample.number + 1 - last, -window.low, window.low_closed, source))
    if sample.step is not None:
        step = sample.step
        highs = [(i, _on_grid(value, shut, step), True, source) for i, value, shut, source in highs]
        lows = [(i, _on_grid(value, shut, step), True, source) for i, value, shut, source in lows]
    tops = _blocks(highs, sample.number)
    bottoms = [
        (
            Block(
                sample.number + 1 - block.last,
                sample.number + 1 - block.first,
                None if block.value is None else -block.value,
                block.closed,
            ),
            share,
        )
        for block, share in reversed(_blocks(lows, sample.number))
    ]
    for top, below in tops:
        for bottom, above in bottoms:
            # The least top of the values from the first of the bottom's on is its own.
            if top.first <= bottom.first <= top.last and _is_apart(bottom, top):
                shares = {share for share in (above, below) if share is not None}
                return Conflict(tuple(sorted(shares)))
    return Boxes(
        sample.number,
        tuple(block for block, _ in bottoms),
        tuple(block for block, _ in tops),
        sample.step,
        are_exact,
    )


def _is_apart(bottom: Block, top: Block) -> bool:
    """Return whether no value can be above a bottom and below a top."""
    if bottom.value is None or top.value is None:
        return False
    if bottom.value == top.value:
        return not (bottom.closed and top.closed)
    return bottom.value > top.value
