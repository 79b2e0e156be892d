"""The synthesis as a page: shares side by side, and what may be pooled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netcore.checks import Verdict
from netcore.checks.wording import quoted
from netcore.ledger import Ledger
from netcore.paths import data_folder
from netcore.synthesis import (
    OUTCOMES,
    SYNTHESIS_FILE,
    Pool,
    Share,
    SynthesisGroup,
    pool_across,
    read_synthesis,
    synthesise,
)
from netcore.tables.addresses import claim_address, paper_address
from netcore.tables.ledger_page import open_ledger
from netcore.tables.markup import Html, element, joined, scrolling_table, text
from netcore.tables.separated_values import csv_link, csv_text
from netcore.tables.verdict_marks import glyph

if TYPE_CHECKING:
    from netcore.figures import PooledRow
    from netcore.figures.plot import Plot

__all__ = ["SynthesisPage", "open_synthesis"]

_CONDITIONAL: Final = "‡"
_CONDITIONAL_NOTE: Final = (
    f"{_CONDITIONAL}: a printed value behind it holds only under an assumption that the document "
    "does not state."
)
_COLUMNS: Final = (
    *("outcome", "study", "treatment", "criteria", "unit", "printed", "claims", "counts_that_fit"),
    *("share", "low", "high", "disputed_claims", "enters_no_pool_because", "note"),
)


@dataclass(frozen=True, slots=True)
class SynthesisPage:
    """All shares of the synthesis with the ledger that they come from.

    Parameters
    ----------
    ledger : Ledger
        Every claim of every document.
    groups : tuple of SynthesisGroup
        The shares by outcome, treatment and criteria.
    confidence : float
        Confidence level of intervals, between 0 and 1.
    """

    ledger: Ledger
    groups: tuple[SynthesisGroup, ...]
    confidence: float

    @property
    def shares(self) -> tuple[Share, ...]:
        """Every share, in the order of the page."""
        return tuple(share for group in self.groups for share in group.shares)

    def glue(self) -> None:
        """Hand the numbers of shares, documents, groups and pools to the prose."""
        from myst_nb import glue

        ready = {
            "shares": len(self.shares),
            "documents": len({share.row.paper for share in self.shares}),
            "groups": len(self.groups),
            "pools": sum(group.all_values.result is not None for group in self.groups),
        }
        for name, value in ready.items():
            glue(name, value, display=False)

    def figure(self, outcome: str) -> Plot:
        """Draw the shares of an outcome as a forest plot.

        Parameters
        ----------
        outcome : str
            A key of :data:`netcore.synthesis.OUTCOMES`.

        Returns
        -------
        Plot
            A group for each treatment and criteria; pooled values only within
            one.  A hollow square and † mark a value in conflict with others.

        Raises
        ------
        KeyError
            If there is no such outcome.
        """
        from netcore.figures import ForestRow, forest_plot

        groups = self._of(outcome)
        drawn = [(group, share) for group in groups for share in group.shares if share.fits]
        rows = [
            ForestRow(
                label=self._label(share),
                group=_heading(group),
                criteria="",
                events=share.count,
                denominator=None if share.count is None else share.denominator,
                estimate=share.estimate or 0.0,
                low=share.low,
                high=share.high,
                disputed=self._conflicts(share),
            )
            for group, share in drawn
        ]
        notes = [
            _CONDITIONAL_NOTE * any(self._is_conditional(share) for _, share in drawn),
            "A square without counts: the percentage is no count of the patients whose number is "
            "printed; the interval is that of every count that fits."
            * any(share.count is None for _, share in drawn),
        ]
        return forest_plot(
            rows,
            [row for group in groups for row in _pooled_rows(group)],
            name=f"forest-{outcome.replace('_', '-')}",
            caption=f"{OUTCOMES[outcome]}, by treatment and criteria",
            axis_label=OUTCOMES[outcome].partition(":")[0],
            confidence=self.confidence,
            note=" ".join(filter(None, notes)),
        )

    def values(self, outcome: str) -> Html:
        """Return the printed values behind the shares of an outcome.

        Parameters
        ----------
        outcome : str
            A key of :data:`netcore.synthesis.OUTCOMES`.

        Returns
        -------
        Html
            A folded table; each value leads to its evidence.
        """
        heads = ("Study", "Printed", "Counts that fit", "Share", "May enter a pool", "Note")
        rows = [
            element(
                "tr",
                element("th", self._study(share), scope="row"),
                element("td", self._printed(share)),
                element("td", _fits(share), class_="nc-number"),
                element("td", self._interval(share), class_="nc-number"),
                element("td", f"no: {share.obstacle}" if share.obstacle else "yes"),
                element("td", share.row.note),
            )
            for group in self._of(outcome)
            for share in group.shares
        ]
        caption = f"{OUTCOMES[outcome]}: the printed values"
        return element(
            "details",
            element("summary", f"The {len(rows)} shares with the values behind them"),
            scrolling_table(heads, rows, caption),
            class_="nc-fold",
        )

    def pools(self, outcome: str) -> Html:
        """Return what each group of an outcome gives together, or why nothing.

        Parameters
        ----------
        outcome : str
            A key of :data:`netcore.synthesis.OUTCOMES`.

        Returns
        -------
        Html
            A table with and without disputed values, and all warnings.
        """
        groups = self._of(outcome)
        # Two columns of dashes would only take the room of the reasons.
        pooled = any(group.all_values.result is not None for group in groups)
        results = ("All values", "Without disputed values", "Beside it")
        reasons = ("Why nothing is pooled",)
        heads = ("Treatment and criteria", "Shares", *(results if pooled else reasons))
        rows = [
            element(
                "tr",
                element("th", _heading(group), scope="row"),
                element("td", str(len(group.shares)), class_="nc-number"),
                *(element("td", said) for said in _together(group)[0 if pooled else 2 :]),
            )
            for group in groups
        ]
        return scrolling_table(heads, rows, f"{OUTCOMES[outcome]}: what may be pooled")

    def across(self, outcome: str) -> Html:
        """Return the mean of an outcome over all treatments and criteria, with its warnings.

        Parameters
        ----------
        outcome : str
            A key of :data:`netcore.synthesis.OUTCOMES`.

        Returns
        -------
        Html
            Both means, with and without disputed values, their prediction
            intervals, and what entered.
        """
        pools = pool_across(self._of(outcome), self.confidence)
        names = ("All values", "Without disputed values")
        rows = []
        for name, pool in zip(names, pools, strict=True):
            entered = "; ".join(share.study for share in pool.shares) or "none"
            cells = (*_mean(pool), entered, " ".join((*pool.warnings, pool.reason)).strip() or "–")
            rows.append(
                element(
                    "tr",
                    element("th", name, scope="row"),
                    *(element("td", cell) for cell in cells),
                )
            )
        heads = ("Shares", "Mean", "Prediction interval", "Documents", "Beside it")
        caption = (
            f"{OUTCOMES[outcome]}, over all treatments and criteria: a mean of different quantities, "
            "no estimate of any of them"
        )
        return scrolling_table(heads, rows, caption)

    def download(self) -> Html:
        """Return a link to all shares as comma-separated values.

        Returns
        -------
        Html
            The link holds the table itself.
        """
        return element(
            "p",
            csv_link(self.csv, "synthesis-shares", "All shares of this page as CSV"),
        )

    @property
    def csv(self) -> str:
        """Write all shares as comma-separated values."""
        rows: list[tuple[str, ...]] = [_COLUMNS]
        for share in self.shares:
            row = share.row
            limits = (share.estimate, share.low, share.high)
            rows.append(
                (
                    *(row.outcome, share.study, row.treatment, row.criteria, row.unit),
                    *(share.printed, "+".join(row.claims)),
                    "; ".join(f"{count}/{total}" for count, total in share.fits),
                    *("" if limit is None else f"{limit:.4f}" for limit in limits),
                    *("+".join(share.disputed), share.obstacle, row.note),
                )
            )
        return csv_text(rows)

    def _of(self, outcome: str) -> list[SynthesisGroup]:
        if outcome not in OUTCOMES:
            raise KeyError(f"found outcome {outcome!r}, expected one of {', '.join(OUTCOMES)}")
        return [group for group in self.groups if group.outcome == outcome]

    def _verdicts(self, share: Share) -> set[Verdict]:
        return {self.ledger.entry(share.row.paper, claim).verdict for claim in share.row.claims}

    def _conflicts(self, share: Share) -> bool:
        return Verdict.INCONSISTENT in self._verdicts(share)

    def _is_conditional(self, share: Share) -> bool:
        return Verdict.CONDITIONAL in self._verdicts(share) and not self._conflicts(share)

    def _label(self, share: Share) -> str:
        remarks = ["" if share.is_first_hand else "secondary source"]
        remarks += [share.row.unit if share.row.unit != "patients" else ""]
        said = "".join(f" ({remark})" for remark in remarks if remark)
        return share.study + said + f" {_CONDITIONAL}" * self._is_conditional(share)

    def _study(self, share: Share) -> Html:
        study = self.ledger.study(share.row.paper)
        return element("a", share.study, href=paper_address(study))

    def _printed(self, share: Share) -> Html:
        def links(claims: Sequence[str]) -> Html:
            return joined((self._claim(share, claim) for claim in claims), " + ")

        return joined([links(share.row.events), text(" of "), links(share.row.denominator)])

    def _claim(self, share: Share, claim: str) -> Html:
        study, entry = self.ledger.study(share.row.paper), self.ledger.entry(share.row.paper, claim)
        said = quoted(study, entry.claim)
        address = claim_address(study, claim)
        return element("a", said, glyph(entry.verdict), href=address, class_="nc-value")

    def _interval(self, share: Share) -> str:
        if share.estimate is None or share.low is None or share.high is None:
            return "–"
        low, estimate, high = (f"{100 * x:.0f}" for x in (share.low, share.estimate, share.high))
        return f"{estimate} % ({low} to {high} %)"


def open_synthesis(rounding: str = "nearest", confidence: float = 0.95) -> SynthesisPage:
    """Load every document and the table of the synthesis.

    Parameters
    ----------
    rounding : str
        A key of :data:`netcore.printed.ROUNDINGS`.
    confidence : float
        Confidence level of intervals, between 0 and 1.

    Returns
    -------
    SynthesisPage
        What the chapter shows.

    Raises
    ------
    ValueError
        If a parameter is out of range.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"found confidence {confidence}, expected a number between 0 and 1")
    ledger = open_ledger(rounding)
    rows = read_synthesis(data_folder() / SYNTHESIS_FILE, ledger.studies)
    return SynthesisPage(ledger, synthesise(rows, ledger, confidence), confidence)


def _heading(group: SynthesisGroup) -> str:
    treatment = group.treatment[:1].upper() + group.treatment[1:]
    criteria = group.criteria if group.criteria != "not stated" else "criteria not stated"
    return f"{treatment}; {criteria}"


def _pooled_rows(group: SynthesisGroup) -> Iterator[PooledRow]:
    from netcore.figures import PooledRow

    pools = [("Pooled", group.all_values)]
    if group.has_disputed:
        pools.append(("Without disputed", group.undisputed))
    for name, pool in pools:
        if (found := pool.result) is not None:
            yield PooledRow(
                group=_heading(group),
                label=f"{name}, {len(found.studies)} shares",
                estimate=found.estimate,
                low=found.low,
                high=found.high,
                prediction_low=found.prediction_low,
                prediction_high=found.prediction_high,
            )


def _fits(share: Share) -> str:
    if not share.fits:
        return "none"
    (first, *_, last) = (*share.fits, share.fits[-1])
    shown = [f"{count}/{total}" for count, total in dict.fromkeys((first, last))]
    return " to ".join(shown)


def _together(group: SynthesisGroup) -> tuple[str, str, str]:
    """Write both pools of a group, and what belongs beside them."""
    pool, sure = group.all_values, group.undisputed
    without = "–"
    beside = [*pool.warnings, pool.reason]
    if pool.result is not None and not group.has_disputed:
        without = "the same"
    elif pool.result is not None:
        without = _pool_text(sure)
        said = filter(None, (*sure.warnings, sure.reason))
        beside += [f"Without disputed values: {sentence}" for sentence in said]
    return _pool_text(pool), without, " ".join(filter(None, beside))


def _mean(pool: Pool) -> tuple[str, str]:
    """Write a mean with its interval, and where a new series may lie."""
    found = pool.result
    if found is None:
        return "–", "–"
    mean = f"{100 * found.estimate:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f} %)"
    if found.prediction_low is None or found.prediction_high is None:
        return mean, "none of two series"
    return mean, f"{100 * found.prediction_low:.0f} to {100 * found.prediction_high:.0f} %"


def _pool_text(pool: Pool) -> str:
    return "–" if pool.result is None else str(pool.result)
