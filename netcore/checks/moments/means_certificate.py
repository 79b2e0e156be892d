"""Certificates of p-values that no printed means can have, as ``verify_evidence.py`` replays them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from netcore.checks.certificates.p_values import is_out_of_reach, p_certificate, size_row
from netcore.checks.certificates.samples import (
    SampleMeaning,
    mean_tests,
    numbers_by,
    sample_name,
    study_samples,
)
from netcore.checks.estimands import readings, significance
from netcore.checks.finding import Conventions
from netcore.checks.moments.spread import SPREADS
from netcore.checks.samples import Sample
from netcore.printed import Interval
from netcore.stats.moments.plain_comparison import Group, ends_of_p
from netcore.stats.ranks.plain_bound import BEYOND, Box, rounded_outwards
from netcore.study import Claim, Study

__all__ = ["certificate"]


def certificate(
    study: Study, conventions: Conventions, claim: Claim, samples: Sequence[Sample]
) -> dict[str, Any] | None:
    """Return a proof that a p-value is smaller, or greater, than that of any means.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    claim : Claim
        The row of the p-value.
    samples : sequence of Sample
        What is printed of the two groups.

    Returns
    -------
    dict or None
        None where the plain bounds do not reach so far, where rows can be
        read in several ways, or where no row says how many were analysed.

    Notes
    -----
    One premise bounds p, for the numbers of values that are stated; the other is the printed
    p-value.  Digits may have been cut off instead of rounded.  Of groups of which any number may
    have been analysed two values each may be left, and those have almost any p.
    """
    known = study_samples(study)
    names = mean_tests(study, known).get(claim.claim, ())
    found = [_printed(study, known, sample) for sample in samples]
    groups = sorted(
        (group for group in found if group is not None and group.name in names),
        key=lambda group: names.index(group.name),
    )
    if not names or tuple(group.name for group in groups) != names:
        return None
    wide = study.printed(claim).window("any", alpha=significance(study, conventions.alpha))
    low, high = rounded_outwards(*ends_of_p(*(group.group for group in groups)))
    if not is_out_of_reach(low, high, wide):
        return None
    cited = [(group.name, group.size, *group.rows) for group in groups]
    return p_certificate(study, conventions, claim, "mean test", cited, (low, high))


@dataclass(frozen=True, slots=True)
class _Printed:
    """What is printed of one group, by which rows."""

    name: str
    size: str
    rows: tuple[str, ...]
    group: Group


def _printed(study: Study, known: Mapping[str, SampleMeaning], sample: Sample) -> _Printed | None:
    spread = next((name for name in SPREADS if name in sample.statistics), None)
    if spread is None or "mean" not in sample.statistics:
        return None
    rows = [sample.statistics[name].claims[0] for name in ("mean", spread)]
    if any(len(readings(row)) > 1 for row in rows):
        return None
    names = {sample_name(study, row, readings(row)[0]) for row in rows}
    name = names.pop()
    size = size_row(known[name], sample) if not names and name in known else None
    numbers = None if size is None else numbers_by(study, known[name], size)
    if size is None or numbers is None or len(numbers) > 1 or numbers[0] < 2:
        return None
    mean, around = (_ends(study.printed(row).window("any")) for row in rows)
    group = Group(numbers[0], mean, _variance(spread, around, numbers[0]))
    return _Printed(name, size, tuple(row.claim for row in rows), group)


def _ends(window: Interval) -> Box:
    low, high = window.low, window.high
    return -BEYOND if low is None else low, BEYOND if high is None else high


def _variance(spread: str, ends: Box, number: int) -> Box:
    """Return the ends of the variance that is printed, with whatever divisor."""
    times = number if spread == "std.error" else 1
    power = 1 if spread == "var" else 2
    low, high = (max(end, Fraction(0)) ** power * times for end in ends)
    return low, high
