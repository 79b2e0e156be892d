"""Time the ranges of U, of U with its ties, and the construction of data that reach them.

The figures are printed and never tested: they depend on the machine.  They are seconds of
processor time; behind a figure stands what was asked of it, where anything was.  The quartiles are
made up, overlap, and leave ties room.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from fractions import Fraction

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.attainable import Comparison, PrintedSample, bounds_of_p, exclusion
from netcore.stats.ranks.boxes import Conflict, Sample, ordered_boxes
from netcore.stats.ranks.flavours import FLAVOURS, Flavour
from netcore.stats.ranks.interleavings import Chain, critical_chain, greatest_u
from netcore.stats.ranks.mann_whitney import URange, u_range, u_range_of_boxes, u_ranges
from netcore.stats.ranks.samples import sample_with_u
from netcore.stats.ranks.ties import tie_hulls, u_by_ties

TWO_SIDED = [flavour for flavour in FLAVOURS.values() if flavour.alternative == "two-sided"]
QUICK = [flavour for flavour in TWO_SIDED if flavour.distribution != "conditional"]
QUARTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


def quartiles(number: int, *middles: str, is_positive: bool = False) -> Sample:
    """Return a sample with quartiles printed to one decimal."""
    half = Fraction(1, 20)
    windows = [Interval(Fraction(m) - half, Fraction(m) + half) for m in middles]
    domain = Interval(Fraction(0), None) if is_positive else Interval(None, None)
    return Sample.of(number, dict(zip(QUARTILES, windows, strict=True)), domain)


def pair(n1: int, n2: int, *, is_positive: bool = False) -> tuple[Sample, Sample]:
    """Return two samples whose quartiles overlap."""
    return (
        quartiles(n1, "14.2", "23.5", "24.8", is_positive=is_positive),
        quartiles(n2, "14.7", "21.8", "56.0", is_positive=is_positive),
    )


def seconds(task: Callable[..., object], *arguments: object) -> float:
    """Return how long a task takes."""
    start = time.process_time()
    task(*arguments)
    return time.process_time() - start


def show(
    title: str, task: Callable[..., object], *arguments: object, asked: float | None = None
) -> None:
    """Print how long a task takes."""
    limit = "" if asked is None else f"(asked: {asked:g} s)"
    print(f"{title:<66} {seconds(task, *arguments):9.3f} s {limit}", flush=True)


def without_ties(x: Sample, y: Sample) -> None:
    """Find both ends of U without ties under every definition."""
    for definition in DEFINITIONS:
        one, other = critical_chain(x, definition), critical_chain(y, definition)
        assert isinstance(one, Chain)
        assert isinstance(other, Chain)
        greatest_u(one, other, with_ties=False)
        greatest_u(other, one, with_ties=False)


def all_sizes() -> None:
    """Find the definition-free range for all sizes up to 15 and 19."""
    for n1 in range(2, 16):
        for n2 in range(2, 20):
            boxes = [ordered_boxes(sample, None) for sample in pair(n1, n2)]
            if not any(isinstance(one, Conflict) for one in boxes):
                u_range_of_boxes(*boxes)  # type: ignore[arg-type]


def hulls(x: Sample, y: Sample, definition: str | None) -> None:
    """Find the greatest z squared with ties."""
    for hull in tie_hulls(x, y, definition):  # type: ignore[union-attr]
        hull.largest_squared_z()


def smallest_p(x: Sample, y: Sample) -> None:
    """Bound the p-values of the two-sided flavours, with ties and without, by any definition."""
    bounds_of_p(x, y, QUICK)


def excluded(flavours: Sequence[Flavour]) -> None:
    """Exclude a p-value of 15 and 19 values or fewer, by any definition and any ties."""
    x, y = (
        PrintedSample(sample.quantiles, 1, most, sample.domain)
        for sample, most in zip(pair(15, 19, is_positive=True), (15, 19), strict=True)
    )
    printed = Interval(Fraction(7, 20_000), Fraction(9, 25_000))
    assert exclusion(Comparison(x, y, printed, 34), flavours).is_proof


def witnesses(x: Sample, y: Sample, definition: str) -> None:
    """Construct data at both ends and in the middle."""
    found = u_range(x, y, definition)
    assert isinstance(found, URange)
    least, greatest = found.least_without_ties or 0, found.greatest_without_ties or 0
    for u in (least, (least + greatest) // 2, greatest):
        assert sample_with_u(x, y, definition, u) is not None


def main() -> None:
    """Print one line for each task."""
    show("definition-free range, all sizes 2..15 and 2..19 (252 pairs)", all_sizes)
    for is_positive in (False, True):
        domain = ", values from 0" if is_positive else ""
        x, y = pair(15, 19, is_positive=is_positive)
        show(f"15 and 19{domain}: all definitions without ties", without_ties, x, y, asked=3)
        show(f"15 and 19{domain}: all definitions, both ranges", u_ranges, x, y)
    x, y = pair(15, 19)
    show("15 and 19: greatest z with ties, type 6", hulls, x, y, "type6")
    show("15 and 19: greatest z with ties, definition-free", hulls, x, y, None)
    show("15 and 19: smallest p with ties, definition-free", smallest_p, x, y, asked=1)
    show("up to 15 and 19: p = 0.00036 excluded, all but conditional", excluded, QUICK)
    show("up to 15 and 19: p = 0.00036 excluded, all flavours", excluded, TWO_SIDED)
    boxes = [ordered_boxes(sample, "type6") for sample in (x, y)]
    show("15 and 19: list of all U with their ties, type 6", u_by_ties, *boxes)  # type: ignore[arg-type]
    show("15 and 19: data with three values of U, type 7", witnesses, x, y, "type7")
    x, y = pair(60, 60)
    show("60 and 60: all definitions, both ranges", u_ranges, x, y, asked=20)
    show("60 and 60: smallest p with ties, definition-free", smallest_p, x, y, asked=20)
    show("60 and 60: data with three values of U", witnesses, x, y, "type7")


if __name__ == "__main__":
    main()
