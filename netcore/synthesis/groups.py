"""Groups of shares that measure the same, and what each group gives together.

Shares of different outcomes, treatments or criteria are different quantities:
they stand side by side.  Over all of them there is only a mean for orientation,
which says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netcore.ledger import Ledger
from netcore.stats.synthesis import PooledProportion, StudyCount, pool_proportions
from netcore.synthesis.shares import Share, share_of
from netcore.synthesis.table_file import OUTCOMES, TREATMENTS, SynthesisRow

__all__ = ["Pool", "SynthesisGroup", "pool_across", "synthesise"]


@dataclass(frozen=True, slots=True)
class Pool:
    """What a group gives together, or why it gives nothing.

    Parameters
    ----------
    shares : tuple of Share
        Those that may enter.
    result : PooledProportion or None
        The pooled share; None where there is nothing to pool.
    reason : str
        Why nothing is pooled; empty where something is.
    warnings : tuple of str
        Sentences that belong beside the result.
    """

    shares: tuple[Share, ...]
    result: PooledProportion | None
    reason: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SynthesisGroup:
    """Shares of one outcome, treatment and criteria.

    Parameters
    ----------
    outcome, treatment, criteria : str
        What they have in common.
    shares : tuple of Share
        By year and title, never by what they show.
    all_values : Pool
        The pool of everything that may enter.
    undisputed : Pool
        The pool without shares that rest on a disputed value.
    """

    outcome: str
    treatment: str
    criteria: str
    shares: tuple[Share, ...]
    all_values: Pool
    undisputed: Pool

    @property
    def has_disputed(self) -> bool:
        """Whether any share rests on a disputed value."""
        return any(share.disputed for share in self.shares)


def synthesise(
    rows: Sequence[SynthesisRow], ledger: Ledger, confidence: float = 0.95
) -> tuple[SynthesisGroup, ...]:
    """Put the shares into groups, and pool within each where that means something.

    Parameters
    ----------
    rows : sequence of SynthesisRow
        The rows of the table.
    ledger : Ledger
        The claims with their verdicts.
    confidence : float
        Confidence level of all intervals, between 0 and 1.

    Returns
    -------
    tuple of SynthesisGroup
        In the order of outcomes and treatments, then by criteria.

    Raises
    ------
    ValueError
        If the level is out of range.

    Notes
    -----
    A pool needs two documents or more.  What was seen in a secondary source
    only, what is no count of its denominator, what may count procedures (which
    are not independent of one another) and what was judged by criteria that are
    not stated enters none.
    """
    found: dict[tuple[str, str, str], list[Share]] = {}
    for row in rows:
        share = share_of(row, ledger, confidence)
        found.setdefault((row.outcome, row.treatment, row.criteria), []).append(share)
    outcomes = list(OUTCOMES)
    keys = sorted(found, key=lambda k: (outcomes.index(k[0]), TREATMENTS.index(k[1]), k[2]))
    groups = []
    for key in keys:
        shares = tuple(sorted(found[key], key=lambda s: (s.published[:4], s.study, s.row.line)))
        sure = [share for share in shares if not share.disputed]
        pools = (_pool(kept, confidence) for kept in (shares, sure))
        groups.append(SynthesisGroup(*key, shares, *pools))
    return tuple(groups)


def pool_across(groups: Sequence[SynthesisGroup], confidence: float = 0.95) -> tuple[Pool, Pool]:
    """Pool shares of one outcome over all treatments and criteria, for orientation.

    Parameters
    ----------
    groups : sequence of SynthesisGroup
        The groups of one outcome.
    confidence : float
        Confidence level of all intervals, between 0 and 1.

    Returns
    -------
    all_values : Pool
        With shares that rest on a disputed value.
    undisputed : Pool
        Without them.

    Raises
    ------
    ValueError
        If the level is out of range.

    Notes
    -----
    Such a mean is one of different quantities, and no estimate of any of them.
    Its prediction interval shows how far apart they lie.
    """
    shares = [share for group in groups for share in group.shares]
    ordered = sorted(shares, key=lambda s: (s.published[:4], s.study, s.row.line))
    sure = [share for share in ordered if not share.disputed]
    return _pool(ordered, confidence, alike=False), _pool(sure, confidence, alike=False)


def _pool(shares: Sequence[Share], confidence: float, *, alike: bool = True) -> Pool:
    obstacles = [share.obstacle if alike else share.defect for share in shares]
    entering = tuple(
        share for share, obstacle in zip(shares, obstacles, strict=True) if not obstacle
    )
    left_out = tuple(
        f"Left out: {share.study} ({obstacle})."
        for share, obstacle in zip(shares, obstacles, strict=True)
        if obstacle
    )
    if (number := len({share.row.paper for share in entering})) < 2:
        needed = f"{'One document' if number else 'No document'} may enter; a pool needs two."
        return Pool(entering, None, " ".join((needed, *left_out)))
    counts = [
        StudyCount(share.study, share.count, share.denominator)
        for share in entering
        if share.count is not None
    ]
    result = pool_proportions(counts, confidence)
    ranges = tuple(
        f"{share.study}: {share.printed} is any of {share.fits[0][0]} to {share.fits[-1][0]}; "
        f"{share.count} was pooled."
        for share in entering
        if len(share.fits) > 1
    )
    return Pool(entering, result, "", (*result.warnings, *ranges, *left_out))
