"""Time the ranges of U, of U with its ties, and the construction of data that reach them.

The figures are printed and never tested: they depend on the machine.  The quartiles are made up,
overlap, and leave ties room; sizes grow from 10 to 200.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS
from netcore.stats.ranks.boxes import Conflict, Sample, ordered_boxes
from netcore.stats.ranks.interleavings import Chain, critical_chain, greatest_u
from netcore.stats.ranks.mann_whitney import URange, u_range, u_range_of_boxes, u_ranges
from netcore.stats.ranks.samples import sample_with_u
from netcore.stats.ranks.ties import tie_hulls, u_by_ties

QUARTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
SIZES = (10, 20, 40, 60, 100, 200)


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


def show(title: str, task: Callable[..., object], *arguments: object) -> None:
    """Print how long a task takes."""
    start = time.process_time()
    task(*arguments)
    print(f"{title:<66} {1000 * (time.process_time() - start):10.1f} ms", flush=True)


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
        show(f"15 and 19{domain}: all definitions without ties", without_ties, x, y)
        show(f"15 and 19{domain}: all definitions, both ranges", u_ranges, x, y)
    x, y = pair(15, 19)
    show("15 and 19: greatest z with ties, type 6", hulls, x, y, "type6")
    show("15 and 19: greatest z with ties, definition-free", hulls, x, y, None)
    boxes = [ordered_boxes(sample, "type6") for sample in (x, y)]
    show("15 and 19: list of all U with their ties, type 6", u_by_ties, *boxes)  # type: ignore[arg-type]
    show("15 and 19: data with three values of U, type 7", witnesses, x, y, "type7")
    for size in SIZES:
        x, y = pair(size, size)
        show(f"{size} and {size}: all definitions, both ranges", u_ranges, x, y)
        show(f"{size} and {size}: greatest z with ties, definition-free", hulls, x, y, None)
        show(f"{size} and {size}: data with three values of U", witnesses, x, y, "type7")


if __name__ == "__main__":
    main()
