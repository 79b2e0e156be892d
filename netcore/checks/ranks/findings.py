"""What is said of a p-value of a rank test, and what it means for the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.plain_tests import PLAIN_TEST
from netcore.checks.ranks.certificate import certificate
from netcore.checks.ranks.comparisons import Compared, quantile_windows
from netcore.checks.ranks.pair_counts import pairs_in_words, plain_decimal
from netcore.checks.samples import Sample
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
from netcore.stats.quantiles.definitions import DEFINITIONS, QUANTILES
from netcore.stats.ranks.flavours import FLAVOURS, software_named
from netcore.study import Claim, Study

__all__ = ["KAPLAN_MEIER", "Answered", "Case", "conflict", "supported", "unsettled"]

_CHECK: Final = "ranks"
_NAMES: Final = {share: name for name, share in QUANTILES.items()}
_SETTLED_BY: Final = (
    "The values themselves, or how many were analysed and which options of the test were chosen.",
)
KAPLAN_MEIER: Final = "the medians and quartiles are of the times themselves, not Kaplan-Meier estimates"  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answered:
    """One way to read what is compared, its question and the answer.

    Parameters
    ----------
    compared : Compared
        The samples.
    question, answer : Mapping
        Plain JSON values.
    """

    compared: Compared
    question: Mapping[str, Any]
    answer: Mapping[str, Any]

    @property
    def outcome(self) -> str:
        """What the search came to."""
        return str(self.answer["outcome"])

    @property
    def fits(self) -> Sequence[Mapping[str, Any]]:
        """Data that give what is printed, those that assume least first."""
        found: list[Mapping[str, Any]] = list(self.answer["fits"])
        return sorted(found, key=lambda fit: len(fit["assumes"]))

    @property
    def least_assumed(self) -> int:
        """How many assumptions the best of them needs."""
        return min((len(fit["assumes"]) for fit in self.fits), default=99)


@dataclass(frozen=True, slots=True)
class Case:
    """One p-value, and what its finding is made from.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Under which it is read.
    claim : Claim
        The row.
    answered : tuple of Answered
        Every way to read what is compared.
    window : Interval
        The p-values that print so.
    assumed : tuple of str
        What that assumes.
    is_open : bool
        Whether the row can be read in a way under which nothing printed bounds it.
    sizes : Sizes
        Sizes of all groups.
    """

    study: Study
    conventions: Conventions
    claim: Claim
    answered: tuple[Answered, ...]
    window: Interval
    assumed: tuple[str, ...]
    is_open: bool
    sizes: Sizes

    def said(self, compared: Compared) -> str:
        """Say what is printed of the p-value and of the samples.

        Parameters
        ----------
        compared : Compared
            What is compared.

        Returns
        -------
        str
            Two sentences.
        """
        study, claim = self.study, self.claim
        where = place(study, [claim])
        p = f"p = {quoted(study, claim)}".replace("p = <", "p < ").replace("p = >", "p > ")
        p = p.replace("p = ns", "no significant difference (ns)")
        samples = "; ".join(self.sample(sample) for sample in compared.samples)
        return (
            f"{where} prints {p} for {quantity_title(study, claim)}. Printed beside it: {samples}."
        )

    def sample(self, sample: Sample) -> str:
        """Say what is printed of a sample.

        Parameters
        ----------
        sample : Sample
            The sample.

        Returns
        -------
        str
            The group and its quantiles.
        """
        parts = [
            f"{STATISTICS.get(name, name)} {sample.statistics[name].claims[0].printed}"
            for name in quantile_windows(sample)
        ]
        quantiles = ", ".join(parts).replace(" -", " −")
        return f"{group_title(self.study, sample.group)}: {quantiles}"

    def bound(self, among: Sequence[Compared]) -> tuple[str, ...]:
        """Return the rows that are bound.

        Parameters
        ----------
        among : sequence of Compared
            The readings that count.

        Returns
        -------
        tuple of str
            Ids, that of the p-value first.
        """
        rows = [self.claim, *(row for one in among for row in one.claims)]
        rows += [row for one in among for s in one.samples for row in s.numbers.claims]
        return tuple(dict.fromkeys(row.claim for row in rows))

    @property
    def attainable(self) -> tuple[Interval, ...] | None:
        """The p-values that can be printed, under any of the readings that bound them."""
        found = [one.answer.get("bounds") for one in self.answered]
        if any(ends is None for ends in found):
            return None
        lows = [Fraction(ends[0]) for ends in found if ends is not None]
        highs = [Fraction(ends[1]) for ends in found if ends is not None]
        return (Interval(min(lows), max(highs)),)

    def read_as(self, compared: Compared) -> str:
        """Say whose p-value is meant, where the row can be read as another one too.

        Parameters
        ----------
        compared : Compared
            The reading.

        Returns
        -------
        str
            A sentence after a space; empty where there is no other reading.
        """
        if not self.is_open:
            return ""
        return f" Taken for {self.whose(compared)}."

    def whose(self, compared: Compared) -> str:
        """Say whose p-value it is under a reading.

        Parameters
        ----------
        compared : Compared
            The reading.

        Returns
        -------
        str
            The variable and the groups.
        """
        groups = ", and in ".join(self.groups(compared))
        variable = variable_title(self.study, compared.samples[0].variable)
        return f"the p-value of {variable} in {groups}"

    def reach(self, one: Answered) -> str:
        """Say between which p-values the printed quantiles leave room.

        Parameters
        ----------
        one : Answered
            A reading.

        Returns
        -------
        str
            A sentence; empty where that is not known.
        """
        ends = one.answer.get("bounds")
        full = one.question["full"]
        if ends is None or not full:
            return ""
        n1, n2 = full[0]
        low, high = (plain_decimal(Fraction(end)) for end in ends)
        number = f"{n1} and {counted(n2, 'value')}" if len(full) == 1 else "the values of everybody"
        return (
            f"From {number} with these quantiles, however they are defined, the usual variants of "
            f"the test give p-values from {low} to {high}."
        )

    def groups(self, compared: Compared) -> list[str]:
        """Return the titles of the groups that are compared.

        Parameters
        ----------
        compared : Compared
            The reading.

        Returns
        -------
        list of str
            Two titles.
        """
        return [group_title(self.study, sample.group) for sample in compared.samples]


def _assumption(study: Study, fit: Mapping[str, Any], compared: Compared) -> str:
    """Return in words what constructed values assume."""
    assumes = fit["assumes"]
    parts = []
    if "sizes" in assumes:
        groups = [group_title(study, sample.group) for sample in compared.samples]
        n1, n2 = assumes["sizes"]
        parts.append(f"only {n1} of {groups[0]} and {n2} of {groups[1]} were analysed")
    if "definition" in assumes:
        meaning = DEFINITIONS[assumes["definition"]].partition(" (")[0]
        parts.append(f"quartiles are defined as {meaning}")
    if "flavour" in assumes:
        parts.append(f"the variant of the test is '{FLAVOURS[assumes['flavour']].title}'")
    if "ties" in assumes:
        parts.append("some values are equal")
    return " and ".join(parts)


def _witness(fit: Mapping[str, Any], compared: Compared, study: Study) -> dict[str, Any]:
    return {
        **fit,
        "groups": [group_title(study, sample.group) for sample in compared.samples],
        "variable": compared.samples[0].variable,
    }


def supported(case: Case, best: Answered, *, is_alone: bool) -> Finding:
    """Return that data give the p-value and all quantiles.

    Parameters
    ----------
    case : Case
        The p-value.
    best : Answered
        The reading whose data assume least.
    is_alone : bool
        Whether nothing else that is printed bears on the values.

    Returns
    -------
    Finding
        A support: possible, conditional on what the data assume, or open where other rows
        bear on the values too.
    """
    study, claim, compared = case.study, case.claim, best.compared
    fit = best.fits[0]
    flavour = FLAVOURS[fit["flavour"]].title
    made = (
        f"{len(fit['x'])} and {counted(len(fit['y']), 'constructed value')} have these quantiles "
        f"and p = {plain_decimal(Fraction(fit['p'][0]))} ({flavour})."
    )
    ways = [
        text
        for one in best.fits
        if len(one["assumes"]) == best.least_assumed and (text := _assumption(study, one, compared))
    ]
    assumptions = list(case.assumed)
    if ways:
        assumptions.append(", or ".join(dict.fromkeys(ways)))
    # Where every reading gives the value as it stands, it does not matter which is meant.
    if any(one.least_assumed > 0 for one in case.answered) and len(case.answered) > 1 and not ways:
        assumptions.append(f"it is {case.whose(compared)}")
    reach = case.reach(best)
    tried = ""
    if ways:
        tried = (
            f"Tried: up to {counted(best.answer['sizes'], 'pair')} of numbers analysed, {len(DEFINITIONS)} "
            f"definitions of quartiles, {counted(len(best.answer['flavours']), 'variant')} of the test."
        )
        sizes = next((f["other sizes"] for f in best.fits if "other sizes" in f), None)
        if sizes is not None:
            tried += (
                f" A usual variant can print it without equal values for {sizes} of these pairs."
            )
    if assumptions:
        held = f"It holds if {listed(assumptions)}."
        if "ties" in fit["assumes"] and "flavour" not in fit["assumes"]:
            held = (
                "Without equal values p-values come in steps; with everybody analysed, none was found "
                f"that prints so. {held}"
            )
        verdict, sentence = Verdict.CONDITIONAL, f"Holds if {listed(assumptions)}."
    elif is_alone:
        held, verdict = "", Verdict.POSSIBLE
        sentence = f"Possible: {made}"
    else:
        held = "Whether they can also have what else is printed of the same patients is open."
        verdict = Verdict.OPEN
        sentence = (
            "The printed quantiles of both groups allow it: constructed values have them and this "
            "p-value. Other rows about the same values were not asked for."
            f"{case.read_as(compared)}"
        )
    bearings = {claim.claim: Bearing(verdict, sentence, None, case.attainable)}
    if verdict is Verdict.POSSIBLE:
        for row in compared.claims:
            bearings[row.claim] = Bearing(
                Verdict.POSSIBLE,
                f"Possible together with p = {claim.printed}: constructed values have both.",
            )
    return Finding(
        _CHECK,
        study.paper.key,
        "support",
        case.bound([compared]),
        " ".join(part for part in (case.said(compared), reach, made, held, tried) if part),
        bearings,
        assumptions=tuple(assumptions),
        resolved_by=_SETTLED_BY if assumptions else (),
        conventions=case.conventions.as_text(),
        witness=_witness(fit, compared, study),
    )


def unsettled(case: Case) -> Finding:
    """Return that neither data nor a proof were found.

    Parameters
    ----------
    case : Case
        The p-value.

    Returns
    -------
    Finding
        A note with the p-values that can be printed.
    """
    first = case.answered[0]
    sentence = (
        "Neither values that give it and the printed quantiles nor a proof that there are none "
        "were found."
        f"{case.read_as(first.compared)}"
    )
    return Finding(
        _CHECK,
        case.study.paper.key,
        "note",
        case.bound([one.compared for one in case.answered]),
        f"{case.said(first.compared)} {case.reach(first)} {sentence}",
        {case.claim.claim: Bearing(Verdict.OPEN, sentence, None, case.attainable)},
        resolved_by=_SETTLED_BY,
        conventions=case.conventions.as_text(),
    )


def conflict(case: Case) -> Finding:
    """Return that no data give the p-value and all quantiles.

    Parameters
    ----------
    case : Case
        The p-value; every reading of what is compared is excluded.

    Returns
    -------
    Finding
        A conflict; a note that is conditional if it rests on an assumption.
    """
    study, claim = case.study, case.claim
    first = case.answered[0]
    assumptions = list(case.assumed)
    if case.is_open:
        assumptions.append("the rows are read as rows of the groups that this test compares")
    outcomes = {one.outcome for one in case.answered}
    if "excluded if all" in outcomes:
        assumptions.append("every unit of both groups was analysed")
    if "excluded without conditional" in outcomes:
        assumptions.append("the test is not the exact one given the ties")
    if any(_is_size_implied(one) for one in case.answered):
        assumptions.append("the groups are no larger than other counts allow")
    if any(study.variables[one.compared.samples[0].variable].type == "time" for one in case.answered):  # fmt: skip
        assumptions.append(KAPLAN_MEIER)
    proof = None
    is_proved = not assumptions  # a sketch stands for whatever the whole search finds
    if is_proved and "sketched" not in first.answer:
        proof = _proof(case, first) if len(case.answered) == 1 else None
        is_proved = proof is not None
    if not is_proved:
        assumptions += [PLAIN_TEST, NOT_REPLAYED]
    flavours = len(first.answer["flavours"])
    proved = (
        f"No other values with these quantiles give it either: whether all or fewer were "
        f"analysed ({counted(first.answer['sizes'], 'pair')} of numbers), however quantiles are defined, "
        f"whichever values are equal, in each of {counted(flavours, 'variant')} of the test that "
        f"{'was' if flavours == 1 else 'were'} looked at."
    )
    if "excluded if all" in outcomes:
        proved = (
            f"If everybody was analysed, no values give this p-value with these quantiles: however "
            f"they are defined, whichever values are equal, in each of the {flavours} variants of "
            f"the test that were looked at."
        )
    argument = [case.reach(first)]
    if len(case.answered) == 1:
        argument.insert(0, pairs_in_words(first.question, case.groups(first.compared), case.window))
    statement = " ".join(part for part in (case.said(first.compared), *argument, proved) if part)
    conventions = case.conventions.as_text()
    if assumptions:
        sentence = f"Conflicts with the printed quantiles if {listed(assumptions)}."
        return Finding(
            _CHECK,
            study.paper.key,
            "note",
            case.bound([one.compared for one in case.answered]),
            f"{statement} {sentence}",
            {claim.claim: Bearing(Verdict.CONDITIONAL, sentence, None, case.attainable)},
            assumptions=tuple(assumptions),
            resolved_by=_SETTLED_BY,
            conventions=conventions,
        )
    bearings = {
        claim.claim: Bearing(
            Verdict.INCONSISTENT,
            f"Inconsistent with the printed quantiles. {case.reach(first)}",
            None,
            case.attainable,
        )
    }
    rows: list[str] = [claim.claim]
    for one in case.answered:
        for sample, name in zip(one.compared.samples, ("x", "y"), strict=True):
            for share in one.answer["needed"][name]:
                statistic = sample.statistics[_NAMES[Fraction(share)]]
                rows += [row.claim for row in statistic.claims]
                if len(statistic.claims) == 1 and len(case.answered) == 1:
                    bearings[statistic.claims[0].claim] = Bearing(
                        Verdict.INCONSISTENT,
                        f"Inconsistent with p = {claim.printed} and the other quantiles "
                        f"({variable_title(study, sample.variable)}).",
                    )
            rows += [row.claim for row in sample.numbers.claims]
            if _is_total_needed(one):
                rows += [row.claim for row in one.compared.total_claims]
            bearings.update(_sizes(case, sample, name, one))
    return Finding(
        _CHECK,
        study.paper.key,
        "conflict",
        tuple(dict.fromkeys(rows)),
        statement,
        bearings,
        resolved_by=_SETTLED_BY,
        changes="Whether the groups differ cannot be told from this p-value.",
        conventions=(*conventions, f"flavours of the test: {', '.join(first.answer['flavours'])}"),
        certificate=proof,
    )


def _is_size_implied(one: Answered) -> bool:
    """Return whether no row prints how large a group is."""
    return any(not sample.numbers.claims for sample in one.compared.samples)


def _is_total_needed(one: Answered) -> bool:
    """Return whether the groups by themselves could be larger together than they are."""
    total = one.question["total"]
    return total is not None and sum(one.question[name]["sizes"][1] for name in "xy") > total


def _sizes(case: Case, sample: Sample, name: str, one: Answered) -> dict[str, Bearing]:
    """Return what the conflict means for the printed size of a group."""
    rows = sample.numbers.claims
    others = case.sizes.from_others(sample.group.cell)
    is_held = (
        len(rows) != 1
        or len(case.answered) > 1
        or name not in one.answer["needed"]["sizes"]
        or (others is not None and others.high is not None and others.low == others.high)
    )
    if is_held:
        return {}
    sentence = f"Inconsistent with p = {case.claim.printed} and the printed quantiles."
    return {rows[0].claim: Bearing(Verdict.INCONSISTENT, sentence)}


def _proof(case: Case, one: Answered) -> dict[str, Any] | None:
    """Return a certificate: by the quantiles that are needed, or by all."""
    # A certificate says nothing of exact tests given the ties.  Where the software makes
    # these unasked, or none is named, the proof about them stands in no certificate.
    named = software_named(case.study.paper.software)
    for key in one.answer["flavours"]:
        flavour = FLAVOURS[key]
        if flavour.distribution == "conditional" and (
            named is None or named & {*flavour.default_of}
        ):
            return None
    samples = one.compared.samples
    needed = [[_NAMES[Fraction(share)] for share in one.answer["needed"][name]] for name in "xy"]
    every = [[name for name in sample.statistics if name in QUANTILES] for sample in samples]
    for names in (needed, every):
        found = certificate(case.study, case.conventions, case.claim, samples, names)
        if found is not None:
            return found
    return None
