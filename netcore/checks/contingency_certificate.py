"""Certificates of p-values that no counts can have, as ``verify_evidence.py`` replays them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Final

from netcore.checks.certificates.count_tests import CountedGroup, count_tests
from netcore.checks.certificates.laws import Laws
from netcore.checks.certificates.p_values import is_out_of_reach, p_certificate
from netcore.checks.certificates.rows import meaning_of
from netcore.checks.estimands import significance
from netcore.checks.finding import Conventions
from netcore.checks.zero_p_values import read_zero
from netcore.stats.plain_counts import ends_of_p
from netcore.stats.ranks.plain_bound import rounded_outwards
from netcore.study import Claim, Study

__all__ = ["certificate"]

_MOST_TABLES: Final = 200


def certificate(
    study: Study, conventions: Conventions, claim: Claim, rows: Sequence[Claim]
) -> dict[str, Any] | None:
    """Return a proof that a p-value is smaller, or greater, than that of any table of counts.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    claim : Claim
        The row of the p-value.
    rows : sequence of Claim
        Rows that print the counts.

    Returns
    -------
    dict or None
        None for other than two counts, where no row prints how many a group
        has, where the plain bounds do not reach so far, or would take too long.

    Notes
    -----
    One premise bounds p by :func:`netcore.stats.plain_counts.ends_of_p`, for every number of units
    that may be compared; the other is the printed p-value.  Digits may have been cut off instead of
    rounded.
    """
    laws = Laws()
    meanings = {row.claim: meaning_of(study, row, laws) for row in study.claims}
    numbers = {
        row.claim: int(study.printed(row).number()) if study.printed(row).is_number else 0
        for row in rows
        if study.printed(row).is_number or row.printed == "none"
    }
    groups, ranges = [], []
    for group in count_tests(study, meanings).get(claim.claim, ()):
        about = {name: meanings[name].forms for name in numbers}
        sizes = [name for name in numbers if name in group.sizes]
        own = [name for name in numbers if about[name] == (({}, {"": group.form}),)]
        if not sizes or not own:
            return None
        size, count = sizes[0], own[0]
        groups.append((group.name, size, count))
        ranges.append(_tables(group, size, numbers[size], numbers[count]))
    tables = [(*one, *other) for one, other in product(*ranges)] if len(ranges) == 2 else []
    if not 0 < len(tables) <= _MOST_TABLES:
        return None
    ends = [ends_of_p(*table) for table in tables]
    low, high = rounded_outwards(min(end for end, _ in ends), max(end for _, end in ends))
    wide = read_zero(study.printed(claim)).window(
        "any", alpha=significance(study, conventions.alpha)
    )
    if not is_out_of_reach(low, high, wide):
        return None
    return p_certificate(study, conventions, claim, "count test", groups, (low, high))


def _tables(group: CountedGroup, size: str, most: int, count: int) -> list[tuple[int, int]]:
    """Return how many have the level, beside each number of units that may be compared."""
    least = most if group.sizes[size] == "exactly" else 1
    return [(count, number) for number in range(least, most + 1)]
