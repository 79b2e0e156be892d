"""From claims to a share: every pair of counts that prints as the paper prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from netcore.checks import Verdict
from netcore.checks.estimands import is_first_hand
from netcore.checks.wording import quoted, study_title
from netcore.ledger import Ledger
from netcore.stats.counts import counts_behind, proportion_interval
from netcore.study import Claim, Study
from netcore.synthesis.table_file import SynthesisRow, printed_count

__all__ = ["DISPUTED", "NOT_STATED", "Share", "share_of"]

DISPUTED: Final = (Verdict.INCONSISTENT, Verdict.CONDITIONAL)
"""Verdicts of values that conflict with others, or hold only under an assumption."""

NOT_STATED: Final = "not stated"
"""Criteria that a document does not name; two such documents may have used different ones."""

_UNCOUNTED: Final = {
    "procedures": "counts procedures, several of which may be one patient’s",
    "patients or procedures": "whether patients or procedures are counted is left open",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A row of the synthesis with the counts that its claims allow.

    Parameters
    ----------
    row : SynthesisRow
        The row.
    study : str
        Name of the document and, behind a comma, the label of the row.
    published : str
        When it was published; empty for a document without a date.
    printed : str
        The values as printed.
    denominator : int
        The number of units that the row names.
    fits : tuple of (int, int)
        Counts and totals that print as printed: of the denominator; where a
        percentage is no count of it, of every smaller total.  Empty where
        there is none, as where counts add up to more than the denominator.
    disputed : tuple of str
        Claims that are inconsistent, or hold only under an assumption.
    is_first_hand : bool
        Whether the document itself was seen, at least in part.
    low, high : float or None
        Limits of the interval: the least and the greatest of all that fit.
    """

    row: SynthesisRow
    study: str
    published: str
    printed: str
    denominator: int
    fits: tuple[tuple[int, int], ...]
    disputed: tuple[str, ...]
    is_first_hand: bool
    low: float | None
    high: float | None

    @property
    def is_of_denominator(self) -> bool:
        """Whether some count of the denominator prints as printed."""
        return any(total == self.denominator for _, total in self.fits)

    @property
    def count(self) -> int | None:
        """The count of the denominator; the middle one where a percentage leaves several."""
        return self.fits[(len(self.fits) - 1) // 2][0] if self.is_of_denominator else None

    @property
    def estimate(self) -> float | None:
        """The share; the middle of those that fit where there is no count of the denominator."""
        if (count := self.count) is not None:
            return count / self.denominator
        shares = sorted(Fraction(*fit) for fit in self.fits)
        return float(shares[0] + shares[-1]) / 2 if shares else None

    @property
    def obstacle(self) -> str:
        """Why the share enters no pool of its kind; empty if it may."""
        if self.defect:
            return self.defect
        if self.row.criteria == NOT_STATED:
            return "criteria that are not stated may differ"
        return ""

    @property
    def defect(self) -> str:
        """Why the share enters no pool at all; empty if it may."""
        if not self.fits:
            return "no share: the counts exceed the denominator"
        if not self.is_first_hand:
            return "seen in a secondary source only"
        if not self.is_of_denominator and self.row.unit != "patients":
            return f"no count of {self.denominator} prints so; {_UNCOUNTED[self.row.unit]}"
        if not self.is_of_denominator:
            totals = sorted({total for _, total in self.fits})
            span = f"{totals[0]} to {totals[-1]}" if len(totals) > 1 else str(totals[0])
            return f"no count of {self.denominator} prints so; of {span} patients some would"
        if self.row.unit != "patients":
            return _UNCOUNTED[self.row.unit]
        return ""


def share_of(row: SynthesisRow, ledger: Ledger, confidence: float = 0.95) -> Share:
    """Resolve a row to the counts that stand behind its claims.

    Parameters
    ----------
    row : SynthesisRow
        A row that was read against the documents of the ledger.
    ledger : Ledger
        The claims with their verdicts, and the convention of rounding.
    confidence : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Share
        What the claims allow.

    Notes
    -----
    Counts are added up.  A percentage p stands for every count n with 100 n / N
    in the window of p; several events for every sum.  If no count of the
    denominator fits and a percentage is among the events, all smaller totals
    are tried: a percentage of fewer patients than the row names is the usual
    explanation, and which of them is not known.  The interval is the hull of
    the Wilson intervals of all that fit, so that it holds for each of them.

    References
    ----------
    Wilson EB (1927), doi:10.1080/01621459.1927.10502953.
    """
    study = ledger.study(row.paper)
    events = [study.claim_by_id(claim) for claim in row.events]
    wholes = [study.claim_by_id(claim) for claim in row.denominator]
    denominator = sum(printed_count(study, claim) for claim in wholes)
    rounding = ledger.conventions.rounding
    totals = [denominator]
    if any(claim.stat_name == "pct" for claim in events):
        totals += range(denominator - 1, 0, -1)
    fits = tuple(_fits(study, events, denominator, rounding))
    if not fits:
        smaller = (_fits(study, events, total, rounding) for total in sorted(totals[1:]))
        fits = tuple(fit for found in smaller for fit in found)
    intervals = [proportion_interval(count, total, confidence) for count, total in fits]
    disputed = [c for c in row.claims if ledger.entry(row.paper, c).verdict in DISPUTED]
    said = " + ".join(quoted(study, claim) for claim in events)
    return Share(
        row,
        ", ".join(filter(None, (study_title(study), row.label))),
        study.paper.published or "",
        f"{said} of {' + '.join(claim.printed for claim in wholes)}",
        denominator,
        fits,
        tuple(disputed),
        all(is_first_hand(study, claim) for claim in (*events, *wholes)),
        min((found.low for found in intervals), default=None),
        max((found.high for found in intervals), default=None),
    )


def _fits(
    study: Study, events: list[Claim], total: int, rounding: str
) -> Iterator[tuple[int, int]]:
    """Yield every count of a total that the events add up to, the least first."""
    least = most = 0
    for claim in events:
        if claim.stat_name == "n":
            counts = range(printed_count(study, claim), printed_count(study, claim) + 1)
        else:
            counts = counts_behind(study.printed(claim).window(rounding), total)
        if not counts:
            return
        least, most = least + counts[0], most + counts[-1]
    # Sums of neighbouring whole numbers leave no gap.
    yield from ((count, total) for count in range(least, min(most, total) + 1))
