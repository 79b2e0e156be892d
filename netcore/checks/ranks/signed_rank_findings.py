"""Signed-rank tests in every study: the questions, and what is said of their answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from netcore.checks.answers import answer
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.json_windows import ends_of
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.plain_tests import PLAIN_PAIRED_TEST
from netcore.checks.quantiles.summaries import domain_of, step_of
from netcore.checks.ranks.comparisons import quantile_windows, shares
from netcore.checks.ranks.findings import KAPLAN_MEIER
from netcore.checks.ranks.pair_counts import plain_decimal
from netcore.checks.ranks.paired import Paired, PairedOption, paired_options
from netcore.checks.ranks.signed_rank import METHOD
from netcore.checks.samples import PrintedSample, Sample
from netcore.checks.summary_values import group_title
from netcore.checks.wording import (
    STATISTICS,
    counted,
    listed,
    place,
    quantity_title,
    quoted,
    variable_title,
)
from netcore.printed import Interval
from netcore.stats.quantiles.definitions import DEFINITIONS, definitions_of
from netcore.stats.ranks.flavours import software_named
from netcore.study import Claim, Study

__all__ = ["check_signed_ranks"]

_TEST = "wilcoxon_signed_rank"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One way to read what is compared, and the answer."""

    paired: Paired
    answer: Mapping[str, Any]

    @property
    def outcome(self) -> str:
        return str(self.answer["outcome"])

    @property
    def fit(self) -> Mapping[str, Any] | None:
        fits: Sequence[Mapping[str, Any]] = self.answer["fits"]
        return fits[0] if fits else None


def check_signed_ranks(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    samples: Sequence[PrintedSample],
    sizes: Sizes,
    window: Interval,
    assumed: tuple[str, ...],
    is_alone: Callable[[Sequence[Sample], Sequence[Claim], Sequence[str]], bool],
) -> Finding | None:
    """Check the p-value of a signed-rank test.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    claim : Claim
        The row of the p-value.
    samples : sequence of PrintedSample
        All samples of the study.
    sizes : Sizes
        Sizes of all groups.
    window : Interval
        The p-values that print so.
    assumed : tuple of str
        What that assumes.
    is_alone : callable
        Of samples, rows and the ends of a p-value, whether nothing else bears on the values.

    Returns
    -------
    Finding or None
        None where the row is of no such test, or nothing limits the number of pairs.

    Notes
    -----
    The number of pairs alone bounds p from below: with p positive differences, an exact
    test has no less than 2 · 2^-p, and an approximation no z² above p.  Quartiles before and
    after say how many differences can have a sign, whoever had which values; those of the
    differences say more.  No certificate can be replayed, so nothing here is ``inconsistent``.
    """
    options = [o for o in paired_options(study, claim, samples, sizes) if o.tests]
    meant = [option for option in options if _TEST in option.tests]
    if not meant:
        return None
    asked = [
        _Asked(paired, answer(METHOD, _question(study, paired, window)))
        for option in meant
        for paired in option.paired
    ]
    asked = [one for one in asked if one.outcome != "no data"]
    if not asked:
        return None
    is_open = len(meant) < len(options) or any(
        set(option.tests) != {_TEST} or not option.paired for option in meant
    )
    told = _Told(study, conventions, claim, tuple(asked), assumed, is_open)
    if all(one.outcome.startswith("excluded") for one in asked):
        return told.conflict() if _is_named(meant) else None
    fitting = [one for one in asked if one.outcome == "fits"]
    if not fitting:
        return told.unsettled()
    best = min(fitting, key=lambda one: len(one.fit["assumes"]) if one.fit else 99)
    ends = best.fit["p"] if best.fit else []
    return told.supported(best, is_alone=is_alone(best.paired.samples, best.paired.claims, ends))


def _is_named(options: Sequence[PairedOption]) -> bool:
    return any(set(option.tests) == {_TEST} for option in options)


def _question(study: Study, paired: Paired, window: Interval) -> dict[str, Any]:
    def printed(sample: Sample | None) -> dict[str, Any] | None:
        if sample is None:
            return None
        step, _ = step_of(study, sample.variable)
        return {
            "quantiles": {str(s): ends_of(w) for s, w in shares(quantile_windows(sample))},
            "domain": ends_of(domain_of(study, sample.variable)),
            "step": None if step is None else str(step),
        }

    software = tuple(study.paper.software)
    named = software_named(software) if software else None
    is_pair = paired.before is not None and paired.after is not None
    return {
        "before": printed(paired.before) if is_pair else None,
        "after": printed(paired.after) if is_pair else None,
        "differences": printed(paired.differences),
        "p": ends_of(window),
        "pairs": list(paired.pairs),
        "full": paired.full,
        "software": None if named is None else sorted(named),
        "definitions": list(definitions_of(software)),
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """A p-value and its answers, in words."""

    study: Study
    conventions: Conventions
    claim: Claim
    asked: tuple[_Asked, ...]
    assumed: tuple[str, ...]
    is_open: bool

    @property
    def attainable(self) -> tuple[Interval, ...] | None:
        found = [one.answer["bounds"] for one in self.asked]
        if any(ends is None for ends in found):
            return None
        lows, highs = ([Fraction(ends[k]) for ends in found] for k in (0, 1))
        return (Interval(min(lows), max(highs)),)

    def said(self, paired: Paired) -> str:
        study, claim = self.study, self.claim
        p = f"p = {quoted(study, claim)}".replace("p = <", "p < ").replace("p = >", "p > ")
        p = p.replace("p = ns", "no significant difference (ns)")
        texts = [
            f"{variable_title(study, sample.variable)}: "
            + ", ".join(
                f"{STATISTICS.get(name, name)} {sample.statistics[name].claims[0].printed}"
                for name in quantile_windows(sample)
            ).replace(" -", " −")
            for sample in paired.samples
        ]
        number = f"{group_title(study, paired.group)}, at most {counted(paired.pairs[1], 'pair')}"
        printed = f" Printed beside it: {'; '.join(texts)}." if texts else ""
        return f"{place(study, [claim])} prints {p} for {quantity_title(study, claim)} ({number}).{printed}"

    def reach(self, one: _Asked) -> str:
        ends = one.answer["bounds"]
        if ends is None:
            return ""
        low, high = (plain_decimal(Fraction(end)) for end in ends)
        number = one.paired.full or one.paired.pairs[1]
        return f"From {number} such pairs, two-sided signed-rank tests give p-values from {low} to {high}."

    def bound(self, among: Sequence[_Asked]) -> tuple[str, ...]:
        rows = [self.claim, *(row for one in among for row in one.paired.rows)]
        rows += [row for one in among for row in one.paired.claims]
        return tuple(dict.fromkeys(row.claim for row in rows))

    def finding(
        self,
        kind: str,
        among: Sequence[_Asked],
        statement: str,
        bearings: Mapping[str, Bearing],
        assumptions: Sequence[str] = (),
        witness: Mapping[str, Any] | None = None,
    ) -> Finding:
        settled = (
            "The values themselves, or how many pairs were analysed and how zeros were ranked."
        )
        return Finding(
            "ranks",
            self.study.paper.key,
            "support" if kind == "support" else "note",
            self.bound(among),
            statement,
            bearings,
            assumptions=tuple(assumptions),
            resolved_by=(settled,) if assumptions or kind != "support" else (),
            conventions=self.conventions.as_text(),
            witness=witness,
        )

    def conflict(self) -> Finding:
        first = self.asked[0]
        assumptions = list(self.assumed)
        if self.is_open or any(s.choices for one in self.asked for s in one.paired.samples):
            assumptions.append("the rows are read as rows of the values that this test compares")
        if any(one.outcome == "excluded if all" for one in self.asked):
            assumptions.append("every unit was analysed both times")
        if any(not one.paired.claims for one in self.asked):
            assumptions.append("the group is no larger than other counts allow")
        if any(
            self.study.variables[s.variable].type == "time"
            for one in self.asked
            for s in one.paired.samples
        ):
            assumptions.append(KAPLAN_MEIER)
        assumptions += [PLAIN_PAIRED_TEST, NOT_REPLAYED]
        least, most = first.paired.pairs
        numbers = f"{least} to {most} pairs" if least < most else counted(most, "pair")
        if first.outcome == "excluded if all" and first.paired.full is not None:
            numbers = counted(first.paired.full, "pair")
        proved = (
            f"No {numbers} with these quantiles give it: however quartiles are defined, whichever "
            "differences are equal, whether zeros are left out or ranked, in each signed-rank test, "
            "exact or approximate."
        )
        sentence = f"Conflicts with what is printed of the pairs if {listed(assumptions)}. {self.reach(first)}"
        return self.finding(
            "note",
            self.asked,
            f"{self.said(first.paired)} {self.reach(first)} {proved} {sentence}",
            {
                self.claim.claim: Bearing(
                    Verdict.CONDITIONAL, sentence.strip(), None, self.attainable
                )
            },
            assumptions,
        )

    def unsettled(self) -> Finding:
        first = self.asked[0]
        sentence = (
            "Neither pairs that give it and what else is printed of them nor a proof that there "
            "are none were found."
        )
        bearing = Bearing(Verdict.OPEN, sentence, None, self.attainable)
        statement = f"{self.said(first.paired)} {self.reach(first)} {sentence}"
        return self.finding("note", self.asked, statement, {self.claim.claim: bearing})

    def supported(self, best: _Asked, *, is_alone: bool) -> Finding:
        fit = best.fit
        assert fit is not None  # it fits
        made = (
            f"{counted(len(fit['y']), 'constructed pair')} {'has' if len(fit['y']) == 1 else 'have'} what is printed of them and "
            f"p = {plain_decimal(Fraction(fit['p'][0]))} ({fit['title']})."
        )
        assumptions = list(self.assumed)
        if "pairs" in fit["assumes"] and best.paired.full is not None:
            assumptions.append(
                f"{'only ' + counted(fit['assumes']['pairs'], 'pair')} {'was' if fit['assumes']['pairs'] == 1 else 'were'} analysed"
            )
        if "flavour" in fit["assumes"]:
            assumptions.append(f"the variant of the test is '{fit['title']}'")
        if "definition" in fit["assumes"]:
            meaning = DEFINITIONS[fit["assumes"]["definition"]].partition(" (")[0]
            assumptions.append(f"quartiles are defined as {meaning}")
        if len(self.asked) > 1 and any(one.outcome != "fits" for one in self.asked):
            assumptions.append("the rows are read as rows of the values that this test compares")
        if assumptions:
            verdict, sentence = Verdict.CONDITIONAL, f"Holds if {listed(assumptions)}."
        elif is_alone and not (best.paired.differences and best.paired.before):
            verdict, sentence = Verdict.POSSIBLE, f"Possible: {made}"
        else:
            verdict = Verdict.OPEN
            sentence = (
                "The printed quantiles allow it: constructed pairs have them and this p-value. "
                "Other rows about the same values were not asked for."
            )
        statement = f"{self.said(best.paired)} {self.reach(best)} {made}"
        bearings = {self.claim.claim: Bearing(verdict, sentence, None, self.attainable)}
        if verdict is Verdict.POSSIBLE:
            for row in best.paired.rows:
                text = (
                    f"Possible together with p = {self.claim.printed}: constructed pairs have both."
                )
                bearings[row.claim] = Bearing(Verdict.POSSIBLE, text)
        witness = {**fit, "group": group_title(self.study, best.paired.group)}
        return self.finding("support", [best], statement, bearings, assumptions, witness)
