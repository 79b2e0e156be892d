"""Certificates of p-values that no data can have, as ``verify_evidence.py`` replays them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any, Final

from netcore.checks.certificates.p_values import is_out_of_reach, p_certificate, size_row
from netcore.checks.certificates.samples import (
    SampleMeaning,
    numbers_by,
    rank_tests,
    sample_name,
    study_samples,
)
from netcore.checks.estimands import readings, significance
from netcore.checks.finding import Conventions
from netcore.checks.samples import Sample
from netcore.printed import Interval
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.stats.ranks.plain_bound import Box, ends_of_p, rounded_outwards, value_boxes
from netcore.study import Claim, Study

__all__ = ["certificate"]

_MOST_PAIRS: Final = 5 * 10**5  # of values, over all numbers of them
_LARGEST: Final = 2_500  # pairs of values for which orders are counted


def certificate(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    samples: Sequence[Sample],
    needed: Sequence[Sequence[str]],
) -> dict[str, Any] | None:
    """Return a proof that a p-value is smaller, or greater, than that of any data.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    claim : Claim
        The row of the p-value.
    samples : sequence of Sample
        What is printed of the two groups.
    needed : sequence of sequence of str
        The quantiles of each group that the proof uses, by name.

    Returns
    -------
    dict or None
        None where the plain bounds do not reach so far or would take too long, where rows can
        be read in several ways, or where no row prints how many a group has.

    Notes
    -----
    One premise bounds p, for every number of values up to the printed sizes or for the number
    that is stated; the other is the printed p-value.  Digits may have been cut off instead of
    rounded.  The p of the other side of a one-sided test is 1 less that of the nearer one, so a
    printed value is out of reach from above only if it is not so near 1.
    """
    known = study_samples(study)
    names = rank_tests(study, known).get(claim.claim, ())
    groups: list[_Group] = []
    for sample, wanted in zip(samples, needed, strict=True):
        group = _group(study, known, sample, wanted)
        if group is None or group.name not in names:
            return None
        groups.append(group)
    groups.sort(key=lambda group: names.index(group.name))
    if tuple(group.name for group in groups) != names:
        return None
    sizes = [n * m for n in groups[0].numbers for m in groups[1].numbers]
    if not sizes or sum(sizes) > _MOST_PAIRS or max(sizes) > _LARGEST:
        return None
    alpha = significance(study, conventions.alpha)
    wide = study.printed(claim).window("any", alpha=alpha)
    if not is_out_of_reach(*_ends(groups), wide):
        return None
    for place, group in enumerate(groups):
        for name in group.rows:
            fewer = [*groups]
            fewer[place] = groups[place].without(name)
            if is_out_of_reach(*_ends(fewer), wide):
                groups = fewer
    cited = [(group.name, group.size, *group.rows.values()) for group in groups]
    return p_certificate(study, conventions, claim, "rank test", cited, _ends(groups))


@dataclass(frozen=True, slots=True)
class _Group:
    """What is printed of one group: rows and windows by statistic, and how many values."""

    name: str
    size: str
    numbers: range
    rows: Mapping[str, str]
    windows: Mapping[str, Interval]

    def without(self, name: str) -> _Group:
        """Return the same without a statistic."""
        rows = {key: row for key, row in self.rows.items() if key != name}
        return replace(self, rows=rows)

    def boxes(self) -> list[tuple[Box, ...]]:
        """Return the ends of the ordered values, for each number of them."""
        windows = {QUANTILES[name]: self.windows[name] for name in self.rows}
        return [value_boxes(windows, number) for number in self.numbers]


def _group(
    study: Study, known: Mapping[str, SampleMeaning], sample: Sample, wanted: Sequence[str]
) -> _Group | None:
    rows = {name: sample.statistics[name].claims[0] for name in wanted}
    if any(len(readings(row)) > 1 for row in rows.values()):
        return None
    found = {sample_name(study, row, readings(row)[0]) for row in rows.values()}
    name = found.pop() if len(found) == 1 else ""
    size = size_row(known[name], sample) if name in known else None
    numbers = None if size is None else numbers_by(study, known[name], size)
    if size is None or numbers is None:
        return None
    windows = {key: study.printed(row).window("any") for key, row in rows.items()}
    return _Group(name, size, numbers, {key: row.claim for key, row in rows.items()}, windows)


def _ends(groups: Sequence[_Group]) -> tuple[Fraction, Fraction]:
    ends = [ends_of_p(x, y) for x, y in product(*(group.boxes() for group in groups))]
    return rounded_outwards(min(end for end, _ in ends), max(end for _, end in ends))
