"""p-values of t-tests against the printed means and spreads.

A printed mean, spread and number stand for many, and the name of a test leaves its
flavour open.  So a p-value conflicts only if no flavour gives it for any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import ceil, floor
from types import MappingProxyType
from typing import Final

from netcore.checks.certificates.unproved import proved, unproved
from netcore.checks.estimands import (
    is_first_hand,
    is_patient_data,
    readings,
    significance,
)
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.moments.compared_means import (
    Pair,
    Way,
    all_ways,
    closed,
    has_further_groups,
    pairs_compared,
    reach,
)
from netcore.checks.moments.findings import said
from netcore.checks.moments.means_certificate import certificate
from netcore.checks.moments.spread import SPREADS
from netcore.checks.other_bounds import other_bounds
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.plain_tests import NOT_PLAIN_MEANS, PLAIN_TEST_OF_MEANS, TWO_VARIANCES
from netcore.checks.samples import PrintedSample, printed_samples
from netcore.checks.summary_values import group_title
from netcore.checks.wording import counted, listed, place, quantity_title
from netcore.checks.zero_p_values import is_below_zero, read_zero
from netcore.printed import Interval, format_fraction, print_value
from netcore.stats.mean_tests import FLAVOURS, PRange, Reach, p_range
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_mean_tests"]

CHECK: Final = "mean-tests"

_UNIT: Final = Interval(Fraction(0), Fraction(1))
_USUAL: Final = MappingProxyType({"student_t": "student", "welch_t": "welch"})
_LARGEST: Final = 5_000
_ESCAPES: Final = "other values than plain means with their spread were compared"
_CENSORED: Final = "the test or the means allow for censored times"


def check_mean_tests(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check the p-values of t-tests of two groups against their means and spreads.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it
        has been done already.

    Returns
    -------
    tuple of Finding
        At most one for each p-value of which the test may be a t-test.

    Notes
    -----
    ``possible`` is what a named t-test, two-sided, of all members of both groups
    gives for some numbers that print as printed.  Fewer values, the other t-test, one side,
    pairs, the normal distribution, the divisor n and digits that were cut off are
    assumptions.  ``inconsistent`` is what none of these gives, all together, where the
    paper means a t-test and no other test, and a certificate shows it.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    samples = printed_samples(study, conventions, sizes)
    # Digits may have been cut off, so only what no rounding allows is a conflict.
    wide = printed_samples(study, replace(conventions, rounding="any"), sizes)
    found = (
        _check(study, conventions, samples, wide, sizes, claim)
        for claim in study.claims
        if claim.readings("stat_name") == ("p.value",)
        and claim.analysis
        and is_patient_data(study, claim)
        and is_first_hand(study, claim)
        and study.printed(claim).kind not in ("token", "about")
    )
    return tuple(finding for finding in found if finding is not None)


def _check(
    study: Study,
    conventions: Conventions,
    samples: Sequence[PrintedSample],
    wide: Sequence[PrintedSample],
    sizes: Sizes,
    claim: Claim,
) -> Finding | None:
    options = readings(claim)
    pairs: list[Pair] = []
    is_whole = True  # whether every reading of every row is a pair of means and spreads
    for reading in options:
        these = [*pairs_compared(study, samples, reading)]
        pairs += [pair for pair in these if pair is not None]
        is_whole = is_whole and bool(these) and None not in these
    tests = {test for option in options for test in study.analyses[option.analysis].test}
    if not pairs or not tests & {*_USUAL, "unnamed"}:
        return None
    pairs.sort(key=lambda pair: not pair.stands_in(claim.location))
    case = _Case(study, conventions, claim, tests, pairs)
    plain = [way for way in case.ways() if not way.assumption]
    for pair, way in product(pairs, plain):
        reached = case.reach(pair, way)
        if reached.state == "reached":
            return case.possible(pair, reached)
        if reached.state == "open":
            return None
    fits = [
        (pair, way, reached)
        for way in case.ways()
        if way.assumption
        for pair in pairs
        if (reached := case.reach(pair, way)).state == "reached"
    ]
    if case.is_wide:
        fits += [
            (pair, replace(way, assumption="its digits were not rounded to the nearest"), reached)
            for pair, way in product(pairs, plain)
            if (reached := case.reach(pair, way, wide=True)).state == "reached"
        ]
    here = [fit for fit in fits if fit[0].stands_in(claim.location)]
    if fits:
        return case.conditional(here or fits, escapes=not is_whole)
    if "unnamed" in tests:
        return None
    pairs = [pair for option in options for pair in pairs_compared(study, wide, option) if pair]
    case = _Case(study, conventions, claim, tests, pairs)
    for pair, way in product(pairs, all_ways(pairs)):
        reached = case.reach(pair, way, wide=True)
        if reached.state == "reached":
            both = f"{case.assumed(way)}, of fewer values or with digits that were cut off"
            fit = pair, replace(way, assumption=both), reached
            return case.conditional([fit], escapes=not is_whole)
        if reached.state == "open":
            return None
    if not is_whole or not tests <= set(_USUAL):
        return case.other_test(pairs, escapes=not is_whole)
    is_of_two = not any(has_further_groups(study, samples, sizes, pair, claim) for pair in pairs)
    return case.conflict(pairs[0], is_of_two=is_of_two)


class _Case:
    """One p-value with what it compares."""

    def __init__(
        self,
        study: Study,
        conventions: Conventions,
        claim: Claim,
        tests: set[str],
        pairs: Sequence[Pair],
    ):
        self._study, self._conventions, self._claim = study, conventions, claim
        self._tests, self._pairs = tests, pairs
        printed = read_zero(study.printed(claim))
        alpha = significance(study, conventions.alpha)
        self._window = closed(printed.window(conventions.rounding, domain=_UNIT, alpha=alpha))
        wide = printed.window("any", domain=_UNIT, alpha=alpha)
        self._wide = closed(wide) if printed.kind in ("number", "range") else self._window
        self._reached: dict[tuple[int, Way, bool], Reach] = {}

    @property
    def is_wide(self) -> bool:
        """Whether other digits may have been printed of the same value."""
        return self._wide != self._window

    def ways(self) -> Iterator[Way]:
        """Yield ways to make the p-value that assume at most one thing."""
        named = [_USUAL[test] for test in _USUAL if test in self._tests]
        unnamed = "" if named else "the test is a t-test"
        usual = named or [*_USUAL.values()]
        for name in usual:
            yield Way(name, assumption=unnamed)
        if not named:
            return
        for name in usual:
            yield Way(name, fewer=True, assumption="not all of each group were analysed")
            yield Way(name, is_n=True, assumption="the deviations have the divisor n")
        for name, flavour in FLAVOURS.items():
            if name not in usual and not flavour.statistic.startswith("one_sample"):
                yield Way(name, assumption=f"the test is {flavour.title}")

    def assumed(self, way: Way) -> str:
        """Return the test of a way, in words."""
        return f"the test is {FLAVOURS[way.flavour].title}"

    def reach(self, pair: Pair, way: Way, *, wide: bool = False) -> Reach:
        """Decide whether a way gives the printed p-value."""
        key = (self._pairs.index(pair), replace(way, assumption=""), wide)
        if key not in self._reached:
            self._reached[key] = reach(pair, way, self._wide if wide else self._window)
        return self._reached[key]

    def _printed(self, pair: Pair) -> str:
        parts = []
        for sample in pair.samples:
            names = [name for name in ("mean", *SPREADS) if name in sample.statistics]
            numbers = sample.numbers
            of = f"{numbers.greatest}" if numbers.is_stated else f"up to {numbers.greatest}"
            title = group_title(self._study, sample.group)
            parts.append(f"{said(self._study, sample, names)} of {of} ({title})")
        return f"{parts[0]}, against {parts[1]}"

    def _start(self, pair: Pair) -> str:
        title = quantity_title(self._study, self._claim)
        where = place(self._study, [self._claim])
        text = f"{title[:1].upper()}{title[1:]}: p = {self._claim.printed} in {where}"
        text = text.replace("= <", "< ").replace("= >", "> ").replace("= ≤", "≤ ")
        return f"{text}; {self._printed(pair)}."

    def _rows(self, pairs: Sequence[Pair]) -> tuple[Claim, ...]:
        rows: dict[str, Claim] = {self._claim.claim: self._claim}
        for pair in pairs:
            for sample in pair.samples:
                for name in ("mean", *SPREADS):
                    if name in sample.statistics:
                        rows |= {row.claim: row for row in sample.statistics[name].claims}
                rows |= {row.claim: row for row in sample.numbers.claims}
        return tuple(rows.values())

    def _ranges(self, pair: Pair) -> dict[str, PRange]:
        groups = pair.groups(fewer=False, is_n=False)
        named = [_USUAL[test] for test in _USUAL if test in self._tests] or [*_USUAL.values()]
        return {name: p_range(name, groups) for name in named}

    def _read_alike(self, pair: Pair) -> list[Pair]:
        """Return the readings of the same rows, the given one first."""
        rows = self._rows([pair])
        others = [one for one in self._pairs if one != pair and self._rows([one]) == rows]
        return [pair, *others]

    def _ranges_text(self, pair: Pair) -> str:
        return "; ".join(dict.fromkeys(map(self._range_text, self._read_alike(pair))))

    def _range_text(self, pair: Pair) -> str:
        read = f"read as the {pair.readings}, " if pair.readings else ""
        return read + listed(
            (
                f"{FLAVOURS[name].title} gives "
                + " to ".join(dict.fromkeys(map(_p, (found.interval.low, found.interval.high))))
                for name, found in self._ranges(pair).items()
            )
        )

    def possible(self, pair: Pair, reached: Reach) -> Finding:
        """Say that a named test gives the p-value."""
        study, claim = self._study, self._claim
        ranges = self._ranges(pair)
        rows = self._rows([pair])
        ids = tuple(row.claim for row in rows)
        variable = pair.samples[0].variable
        bounds = other_bounds(study)
        bounds = replace(bounds, tested=bounds.tested - {variable})
        tests = [
            row
            for row in study.claims
            if any(
                study.analyses[name].variable == variable
                for name in row.readings("analysis")
                if name
            )
        ]
        is_free = len(tests) == 1 and not any(
            set(sample.statistics) - {"mean", *SPREADS}
            or study.variables[variable].granularity
            or study.variables[variable].type != "continuous"
            or study.variables[variable].min is not None
            or study.variables[variable].max is not None
            or bounds.bear_on(sample.population, variable, sample.at, ids)
            for sample in pair.samples
        )
        everywhere = (
            len(self._pairs) == 1
            and len(ranges) == 1
            and all(
                found.interval.low in self._window and found.interval.high in self._window
                for found in ranges.values()
            )
            and study.printed(claim).is_number
        )
        verdict = Verdict.POSSIBLE if is_free else Verdict.OPEN
        own = Verdict.REPRODUCED if everywhere else verdict
        more = "" if is_free else "; other printed values bear on them too"
        text = self._ranges_text(pair)
        bearings = {
            claim.claim: Bearing(
                own,
                f"From the printed means and spreads, {text}{more if own is verdict else ''}.",
                claim.printed if own is Verdict.REPRODUCED else None,
                tuple(
                    dict.fromkeys(
                        _rounded(found.interval)
                        for one in self._read_alike(pair)
                        for found in self._ranges(one).values()
                    )
                ),
            )
        }
        for sample in pair.samples:
            for name in ("mean", *SPREADS):
                if name in sample.statistics and is_free:
                    for row in sample.statistics[name].claims:
                        sentence = f"Values exist that also give p = {claim.printed}."
                        bearings[row.claim] = Bearing(verdict, sentence)
        return Finding(
            CHECK,
            study.paper.key,
            "support",
            ids,
            f"{self._start(pair)} Whatever the numbers were before rounding, {text}{more}.",
            bearings,
            conventions=self._conventions.as_text(),
            witness=_witness(reached),
        )

    @property
    def _others(self) -> list[str]:
        """Other tests that may be meant, in words."""
        return [
            f"the test is the {name.replace('_', '-')} test"
            for name in sorted(self._tests - {*_USUAL, "unnamed"})
        ]

    @property
    def _not_plain(self) -> list[str]:
        """What else may give the p-value of a named test, in words."""
        return [] if self._tests == {"unnamed"} else [NOT_PLAIN_MEANS]

    def conditional(self, fits: Sequence[tuple[Pair, Way, Reach]], *, escapes: bool) -> Finding:
        """Say under which assumptions the p-value follows; open if a reading escapes the check."""
        pair, _, reached = fits[0]
        assumptions = list(
            dict.fromkeys(
                way.assumption + (f" (read as the {one.readings})" if one.readings else "")
                for one, way, _ in fits
            )
        )
        if escapes:
            assumptions.append(_ESCAPES)
        assumption = ", or ".join([*assumptions, *self._others, *self._not_plain])
        verdict = Verdict.OPEN if escapes else Verdict.CONDITIONAL
        text = self._ranges_text(pair)
        tried = len(self._reached)
        return Finding(
            CHECK,
            self._study.paper.key,
            "support",
            tuple(row.claim for row in self._rows([pair])),
            f"{self._start(pair)} Whatever the numbers were before rounding, {text}. "
            f"It holds if {assumption}. Of {counted(tried, 'way')} to make the test, {len(fits)} can give it.",
            {self._claim.claim: Bearing(verdict, f"Holds if {assumption}; {text}.")},
            assumptions=() if escapes else (assumption,),
            resolved_by=("Which test was made, and how many of each group were analysed.",),
            conventions=self._conventions.as_text(),
            witness=_witness(reached),
        )

    def other_test(self, pairs: Sequence[Pair], *, escapes: bool) -> Finding:
        """Say that no t-test of these means gives the p-value, where another may be meant."""
        ways = [*self._others, *([_ESCAPES] if escapes else []), *self._not_plain]
        assumption = ", or ".join(ways)
        verdict = Verdict.OPEN if escapes else Verdict.CONDITIONAL
        return Finding(
            CHECK,
            self._study.paper.key,
            "support",
            tuple(row.claim for row in self._rows(pairs)),
            f"{self._start(pairs[0])} No t-test of these gives it. It holds only if {assumption}.",
            {self._claim.claim: Bearing(verdict, f"Holds only if {assumption}.")},
            assumptions=() if escapes else (assumption,),
            resolved_by=("Which test was made, and of what.",),
            conventions=self._conventions.as_text(),
        )

    def conflict(self, pair: Pair, *, is_of_two: bool) -> Finding:
        """Say that no t-test gives the p-value; a note where no certificate shows it."""
        study = self._study
        only_if = ", or ".join([_CENSORED, *self._not_plain])
        is_time = study.variables[pair.samples[0].variable].type == "time"
        text = self._ranges_text(pair)
        rows = self._rows(self._pairs)
        sizes = {
            row.claim for item in self._pairs for s in item.samples for row in s.numbers.claims
        }
        bearings = {}
        for row in rows:
            if row.claim in sizes:
                continue  # other counts may hold it in place
            if is_time:
                if row is self._claim:
                    bearings[row.claim] = Bearing(Verdict.CONDITIONAL, f"Holds only if {only_if}.")
                continue
            beside = (
                "the printed means and spreads"
                if row is self._claim
                else f"p = {self._claim.printed}"
            )
            bearings[row.claim] = Bearing(
                Verdict.INCONSISTENT,
                f"Inconsistent with {beside}: {text}, and none of the other variants that were looked at gives it.",
            )
        statement = f"{self._start(pair)} Whatever the numbers were before rounding, {text}. "
        statement += (
            "One-sided tests, pairs where the numbers allow them, the normal distribution, one degree of "
            "freedom less than the smaller group, fewer values and the divisor n do not give it either."
        )
        found = Finding(
            CHECK,
            study.paper.key,
            "support" if is_time else "conflict",
            tuple(row.claim for row in rows),
            f"{statement} It holds only if {only_if}." if is_time else statement,
            bearings,
            assumptions=(only_if,) if is_time else (),
            resolved_by=("The values of both groups, and which test was made.",),
            changes="" if is_time else "A test: the p-value cannot be quoted beside these means.",
            conventions=self._conventions.as_text(),
        )
        if is_time:
            return found
        if not is_of_two:
            return unproved(found, (PLAIN_TEST_OF_MEANS, TWO_VARIANCES))
        # A certificate would take a printed "< 0.000" at its word.
        is_literal = not is_below_zero(study.printed(self._claim))
        proof = (
            certificate(study, self._conventions, self._claim, pair.samples) if is_literal else None
        )
        return proved(found, proof, (PLAIN_TEST_OF_MEANS,))


def _witness(reached: Reach) -> Mapping[str, object]:
    """Return numbers within all windows that give the p-value."""
    return MappingProxyType(
        {
            "kind": "means and spreads that print as printed, constructed",
            "constructed": True,
            "flavour": reached.flavour,
            "points": [
                {
                    "numbers": list(point.numbers),
                    "means": [format_fraction(_short(x)) for x in point.means],
                    "spreads": [format_fraction(_short(x)) for x in point.spreads],
                    "p": print_value(point.p.low, 6),
                }
                for point in reached.witness
            ],
        }
    )


def _short(value: Fraction) -> Fraction:
    return Fraction(round(value * 10**12), 10**12)


def _p(value: Fraction | None) -> str:
    if value is None or value < Fraction(1, 10**4):
        return "less than 0.0001"
    return print_value(value, 4)


def _rounded(window: Interval) -> Interval:
    """Round a range of p-values outwards to six decimals."""
    assert window.low is not None
    assert window.high is not None
    grid = 10**6
    return Interval(
        Fraction(floor(window.low * grid), grid), Fraction(ceil(window.high * grid), grid)
    )
