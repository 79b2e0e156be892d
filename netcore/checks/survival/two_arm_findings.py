"""What is said of a p-value between two survival curves, and what it means for the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.p_windows import outwards
from netcore.checks.plain_tests import PLAIN_TEST
from netcore.checks.ranks.pair_counts import plain_decimal
from netcore.checks.summary_values import group_title
from netcore.checks.survival.comparisons import ComparedArms
from netcore.checks.survival.hazard_ratio_answers import ESTIMATE_NAMES
from netcore.checks.survival.hazard_ratios_left import LeftOpen
from netcore.checks.survival.times import Arm, TimeValue
from netcore.checks.wording import STATISTICS, counted, listed, place, quantity_title, quoted
from netcore.printed import Interval, format_fraction
from netcore.stats.interval_arithmetic import hull
from netcore.stats.survival.weighted_tests import TESTS
from netcore.study import Claim, Study

__all__ = ["CHECK", "Answered", "Case", "conflict", "span", "supported", "unsettled"]

CHECK: Final = "survival-tests"
_SETTLED_BY: Final = (
    "The times of all patients, or numbers at risk below the curves, and the name of the test.",
)
_KAPLAN_MEIER: Final = "the printed rates and medians are Kaplan-Meier estimates"
_ASYMPTOTIC: Final = (
    "the p-value is taken from the normal or the chi-squared distribution, without a correction "
    "for continuity"
)
_LARGE: Final = "These groups are too large to work out every p-value."


@dataclass(frozen=True, slots=True)
class Answered:
    """One way to read which curves are compared, and the answer.

    Parameters
    ----------
    compared : ComparedArms
        The curves.
    answer : Mapping
        From :func:`netcore.checks.survival.two_arm_answers.survival_test_answer`.
    """

    compared: ComparedArms
    answer: Mapping[str, Any]

    @property
    def outcome(self) -> str:
        """What the search came to."""
        return str(self.answer["outcome"])

    @property
    def fits(self) -> Sequence[Mapping[str, Any]]:
        """Patients who have what is printed, those that assume least first."""
        found: list[Mapping[str, Any]] = list(self.answer["fits"])
        return sorted(found, key=lambda fit: len(fit["assumes"]))

    @property
    def least_assumed(self) -> int:
        """How many assumptions the best of them needs."""
        return min((len(fit["assumes"]) for fit in self.fits), default=99)


@dataclass(frozen=True, slots=True)
class Case:
    """One p-value between two curves, and what its finding is made from.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Under which it is read.
    claim : Claim
        The row.
    tests : tuple of str
        The tests that the paper names.
    answered : tuple of Answered
        Every way to read which curves are compared.
    assumed : tuple of str
        What the window of the p-value assumes.
    is_open : bool
        Whether the row can be read in a way under which nothing printed bounds it.
    """

    study: Study
    conventions: Conventions
    claim: Claim
    tests: tuple[str, ...]
    answered: tuple[Answered, ...]
    assumed: tuple[str, ...]
    is_open: bool

    @property
    def is_named(self) -> bool:
        """Whether the paper names one test of censored times, whose variants are known."""
        return len(self.tests) == 1 and self.tests[0] in ("log_rank", "gehan")

    def said(self, compared: ComparedArms) -> str:
        """Say what is printed of the p-value and of the curves.

        Parameters
        ----------
        compared : ComparedArms
            The curves.

        Returns
        -------
        str
            Two sentences.
        """
        study, claim = self.study, self.claim
        p = f"p = {quoted(study, claim)}".replace("p = <", "p < ").replace("p = >", "p > ")
        p = p.replace("p = ns", "no significant difference (ns)")
        curves = "; ".join(
            f"{self._curve(arm, values)} of {counted(size, 'patient')}"
            for arm, values, size in zip(
                compared.arms, compared.values, compared.sizes, strict=True
            )
        )
        where = place(study, [claim])
        return (
            f"{where} prints {p} for {quantity_title(study, claim)}. Printed beside it: {curves}."
        )

    def _curve(self, arm: Arm, values: Sequence[TimeValue]) -> str:
        parts = []
        for value in values:
            row = value.claims[0]
            at = f" at {value.at.text}" if value.at is not None else ""
            parts.append(f"{STATISTICS.get(value.name, 'at risk')} {quoted(self.study, row)}{at}")
        return f"{group_title(self.study, arm.group)}, {', '.join(parts)}"

    def groups(self, compared: ComparedArms) -> str:
        """Return the sizes of the groups in words.

        Parameters
        ----------
        compared : ComparedArms
            The curves.

        Returns
        -------
        str
            Such as ``12 and 14 patients``.
        """
        return f"{compared.sizes[0]} and {counted(compared.sizes[1], 'patient')}"

    @property
    def attainable(self) -> tuple[Interval, ...] | None:
        """The p-values that the tests that were looked at can have; None if that is not known.

        A p-value outside of them may be of another test where the paper names none.
        """
        if not self.is_named and not any(one.fits for one in self.answered):
            return None
        windows = []
        for one in self.answered:
            ranges = one.answer["ranges"]
            if not ranges:
                return None
            windows += [_window(found["two-sided"]) for found in ranges.values()]
        if not windows:
            return None
        whole = hull(windows)
        assert whole.low is not None
        assert whole.high is not None
        return (outwards(whole.low, whole.high),)

    def reach(self, one: Answered) -> str:
        """Say between which p-values the printed curves leave room, test by test.

        Parameters
        ----------
        one : Answered
            A reading.

        Returns
        -------
        str
            A sentence; that nothing is known where the groups are too large.
        """
        ranges = one.answer["ranges"]
        if not ranges:
            return _LARGE
        parts = [
            f"{plain_decimal(Fraction(found['two-sided'][0]))} to "
            f"{plain_decimal(Fraction(found['two-sided'][1]))} ({TESTS[key].name})"
            for key, found in sorted(ranges.items(), key=lambda item: list(TESTS).index(item[0]))
        ]
        return (
            f"From {self.groups(one.compared)} with these curves, whoever was censored when, "
            f"p-values can be from {listed(parts)}."
        )

    def at_one_time(self, one: Answered) -> str:
        """Say which p-values a test of the rates at their time alone can have.

        Parameters
        ----------
        one : Answered
            A reading.

        Returns
        -------
        str
            A sentence after a space; empty where the test is named or no rates are printed.
        """
        if self.is_named:
            return ""
        found = []
        for time, tests in one.answer.get("at", {}).items():
            texts = {
                value.at.text
                for values in one.compared.values
                for value in values
                if value.at is not None and str(value.at.time) == time
            }
            if tests["z"] is not None:
                low, high = (plain_decimal(Fraction(end)) for end in tests["z"])
                found.append(f"from {low} to {high} at {' or '.join(sorted(texts))}")
        if not found:
            return ""
        return (
            " A test of the two rates at their time alone (by Greenwood's standard errors) gives "
            f"p-values {listed(found)}."
        )

    def bound(self, among: Sequence[ComparedArms]) -> tuple[str, ...]:
        """Return the rows that are bound.

        Parameters
        ----------
        among : sequence of ComparedArms
            The readings that count.

        Returns
        -------
        tuple of str
            Ids, that of the p-value first.
        """
        rows = [self.claim, *(row for one in among for row in (*one.claims, *one.counted))]
        return tuple(dict.fromkeys(row.claim for row in rows))


def _window(ends: Sequence[str]) -> Interval:
    return Interval(Fraction(ends[0]), Fraction(ends[1]))


def _assumption(case: Case, one: Answered, fit: Mapping[str, Any]) -> str:
    assumes = fit["assumes"]
    if "sizes" in assumes:
        titles = [group_title(case.study, arm.group) for arm in one.compared.arms]
        n1, n2 = assumes["sizes"]
        return f"only {n1} of {titles[0]} and {n2} of {titles[1]} were analysed"
    if "test" in assumes:
        return f"the variant of the test is '{TESTS[assumes['test']].name}'"
    if "alternative" in assumes:
        return "the p-value is one-sided"
    return ""


def _by(case: Case, fit: Mapping[str, Any]) -> str:
    name = TESTS[fit["test"]].name
    if case.tests == ("cox",):
        return "by the score test of Cox's model with no other variable, which is the log-rank test"
    if case.is_named:
        return f"by the test {name}"
    named = "names no test" if case.tests == ("unnamed",) else "names others beside it"
    return f"by the test {name}; the paper {named}"


def supported(
    case: Case,
    best: Answered,
    *,
    is_alone: bool,
    factors: Mapping[str, Sequence[int]],
    left: Mapping[str, LeftOpen],
) -> Finding:
    """Return that patients have both curves and the p-value.

    Parameters
    ----------
    case : Case
        The p-value.
    best : Answered
        The reading whose patients assume least.
    is_alone : bool
        Whether nothing else that is printed bears on the times.
    factors : Mapping of str to sequence of int
        Other factors that the constructed patients have, by variable.
    left : Mapping of str to LeftOpen
        The hazard ratios that the curves and the p-value leave open, by kind.

    Returns
    -------
    Finding
        A support: possible, conditional on what the patients assume, or open where other rows
        bear on the times too.
    """
    study, claim, compared = case.study, case.claim, best.compared
    fit = best.fits[0]
    numbers = [len(arm) for arm in fit["arms"]]
    made = (
        f"{numbers[0]} and {counted(numbers[1], 'constructed patient')} have these curves and "
        f"p = {plain_decimal(Fraction(fit['p'][0]))} {_by(case, fit)}."
    )
    ways = [
        text
        for one in best.fits
        if len(one["assumes"]) == best.least_assumed and (text := _assumption(case, best, one))
    ]
    assumptions = list(case.assumed)
    if ways:
        assumptions.append(", or ".join(dict.fromkeys(ways)))
    if assumptions:
        held = f"It holds if {listed(assumptions)}."
        verdict, sentence = Verdict.CONDITIONAL, f"Holds if {listed(assumptions)}."
    elif is_alone and "cox" not in case.tests:
        held, verdict, sentence = "", Verdict.POSSIBLE, f"Possible: {made}"
    elif is_alone:
        held = "Which other variables the model had is not known here."
        verdict, sentence = Verdict.OPEN, f"{made} {held}"
    else:
        held = "Whether they can also have what else is printed of the same patients is open."
        verdict = Verdict.OPEN
        sentence = (
            "The printed curves allow it: constructed patients have them and this p-value. "
            "Other rows about the same times were not asked for."
        )
    bearings = {claim.claim: Bearing(verdict, sentence, None, case.attainable)}
    if verdict is Verdict.POSSIBLE:
        for row in compared.claims:
            bearings[row.claim] = Bearing(
                Verdict.POSSIBLE,
                f"Possible together with p = {claim.printed} and the curve of the other group: "
                "constructed patients have all of them.",
            )
    words = (
        case.said(compared),
        case.reach(best) + case.at_one_time(best),
        made,
        _hazard_ratios(left, case.groups(compared)),
        held,
    )
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        case.bound([compared]),
        " ".join(part for part in words if part),
        bearings,
        assumptions=tuple(assumptions),
        resolved_by=_SETTLED_BY if assumptions else (),
        conventions=case.conventions.as_text(),
        witness={
            **fit,
            "groups": [group_title(study, arm.group) for arm in compared.arms],
            "variable": compared.arms[0].variable,
            **(
                {"factors": {name: list(labels) for name, labels in factors.items()}}
                if factors
                else {}
            ),
        },
    )


def _hazard_ratios(left: Mapping[str, LeftOpen], groups: str) -> str:
    """Say which hazard ratios are left open; empty where that is not known."""
    known = {kind: one for kind, one in left.items() if one.with_p}
    if not known:
        return ""
    without = listed([f"{span(one.free)} ({ESTIMATE_NAMES[kind]})" for kind, one in known.items()])
    together = listed(
        [
            f"{' or '.join(map(span, one.with_p))} ({ESTIMATE_NAMES[kind]})"
            for kind, one in known.items()
        ]
    )
    return (
        f"The curves of {groups} leave open hazard ratios, of the first group against the second, "
        f"{without}; with the p-value, if it is that of the log-rank test, {together}."
    )


def span(window: Interval) -> str:
    """Return the hazard ratios of a window in words.

    Parameters
    ----------
    window : Interval
        The window; it starts at 0 or above.

    Returns
    -------
    str
        Its ends with two digits, rounded outwards.

    Examples
    --------
    >>> span(Interval(Fraction(0), None)), span(Interval(Fraction(2, 3), Fraction(3, 2)))
    ('of any size', 'from 0.66 to 1.5')
    """
    if not window.low and window.high is None:
        return "of any size"
    low = _two_digits(window.low or Fraction(0), up=False)
    if window.high is None:
        return f"of {low} or more"
    high = _two_digits(window.high, up=True)
    return f"up to {high}" if not window.low else f"from {low} to {high}"


def _two_digits(value: Fraction, *, up: bool) -> str:
    if value == 0:
        return "0"
    unit = Fraction(1, 10)
    while value < 10 * unit:
        unit /= 10
    while value >= 100 * unit:
        unit *= 10
    return format_fraction((ceil(value / unit) if up else floor(value / unit)) * unit)


def unsettled(case: Case) -> Finding:
    """Return that neither patients nor a proof were found.

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
        "Neither patients with this p-value and the printed curves nor a proof that there are none "
        "were found."
    )
    if not case.is_named and first.outcome == "excluded":
        sentence = (
            "No variant of the tests that were looked at gives it with these curves, if they are "
            "Kaplan-Meier estimates and everybody was analysed; the paper does not name its test "
            "for certain."
        )
    reach = case.reach(first) + case.at_one_time(first)
    return Finding(
        CHECK,
        case.study.paper.key,
        "note",
        case.bound([one.compared for one in case.answered]),
        f"{case.said(first.compared)} {reach} {sentence}",
        {case.claim.claim: Bearing(Verdict.OPEN, sentence, None, case.attainable)},
        resolved_by=_SETTLED_BY,
        conventions=case.conventions.as_text(),
    )


def conflict(case: Case) -> Finding:
    """Return that no patients have both curves and the p-value of a named test.

    Parameters
    ----------
    case : Case
        The p-value; every reading of the curves is excluded.

    Returns
    -------
    Finding
        A note that is conditional: the rates may be of another kind and fewer may have been
        analysed, and the stand-alone checker cannot replay the proof.
    """
    first = case.answered[0]
    assumptions = [
        *case.assumed,
        _KAPLAN_MEIER,
        "every patient of both groups was analysed",
        _ASYMPTOTIC,
    ]
    if case.is_open:
        assumptions.append("the rows are read as rows of the groups that this test compares")
    if len(first.compared.counted) == 0:
        assumptions.append("the groups are no larger than other counts allow")
    assumptions += [PLAIN_TEST, NOT_REPLAYED]
    sentence = f"Conflicts with the printed curves if {listed(assumptions)}."
    proved = (
        "The ends are greatest and least sums over all courses of events and censorings, events at "
        "one time included, and hold for one-sided p-values too; a few smaller numbers analysed "
        "were tried, and none was found that gives it."
    )
    return Finding(
        CHECK,
        case.study.paper.key,
        "note",
        case.bound([one.compared for one in case.answered]),
        f"{case.said(first.compared)} {case.reach(first)} {proved} {sentence}",
        {case.claim.claim: Bearing(Verdict.CONDITIONAL, sentence, None, case.attainable)},
        assumptions=tuple(assumptions),
        resolved_by=_SETTLED_BY,
        conventions=case.conventions.as_text(),
    )
