"""p-values of tables of counts: whether the printed counts give the printed p-value.

The name of a test leaves its flavour open, and a table leaves open who was
analysed.  So a p-value conflicts with the counts beside it only if no flavour
of a named test gives it for any table that the counts allow; what needs an
assumption is conditional; and a test that the paper does not name convicts
nobody.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from netcore.checks.cell_numbers import PrintedCounts
from netcore.checks.certificates.unproved import NOT_REPLAYED, proved
from netcore.checks.contingency_certificate import certificate
from netcore.checks.contingency_tables import MOST_LOOKS, Candidate, Comparison, comparison
from netcore.checks.estimands import (
    Cell,
    Reading,
    is_first_hand,
    is_patient_data,
    readings,
    significance,
)
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.plain_tests import PLAIN_TEST
from netcore.checks.wording import cell_title, listed, place, quantity_title, quoted
from netcore.checks.zero_p_values import read_zero
from netcore.printed import Interval, print_value
from netcore.stats.contingency import PValue, p_values
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_contingency"]

CHECK: Final = "contingency"

_FAMILIES: Final = ("chi_squared", "fisher_exact")
_UNIT: Final = Interval(Fraction(0), Fraction(1))
_BUDGET: Final = 3_000  # two-by-two tables whose p-values are made for one claim
_COST_OF_LARGER: Final = 25  # a larger table, in two-by-two tables
_LARGEST_EXACT: Final = 2_000  # tables with the same margins that an exact test lists
_MOST_LOOKED_AT: Final = 100_000
_REPAIR_BUDGET: Final = 250  # two-by-two tables that are tried to find other values of one count
_UNITS_OF_COST: Final = 2_500  # patients by which a table costs as much as one table more
_MOST_VALUES: Final = 5_000  # other values of one count that are looked at
_PROOF_WORK: Final = 5 * 10**12  # patients to the third, times tables: about ten seconds
_REPAIR_LOOKS: Final = 20_000  # ways to fill cells that are looked at for one of these values
_FEW: Final = 3
_DIGITS: Final = 15  # of the ends of intervals in certificates


@dataclass(frozen=True, slots=True)
class _Reading:
    """A reading of the row with what it compares."""

    compared: Comparison | None
    tests: tuple[str, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The named tests that have p-values here."""
        return tuple(test for test in self.tests if test in _FAMILIES)

    @property
    def is_named(self) -> bool:
        """Whether the paper means one of these tests, and no other."""
        return bool(self.tests) and set(self.tests) <= set(_FAMILIES)

    @property
    def is_bound(self) -> bool:
        """Whether the test may be one of these at all."""
        return bool(self.families) or "unnamed" in self.tests


@dataclass(frozen=True, slots=True)
class _Fit:
    """A table and a flavour that give the p-value."""

    candidate: Candidate
    p: PValue
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Search:
    """What was tried for one reading."""

    fits: tuple[_Fit, ...]
    tried: int
    candidates: tuple[tuple[Candidate, tuple[PValue, ...]], ...]
    is_finished: bool
    uncomputed: tuple[PValue, ...] = ()  # of the named test as it usually is, and too large

    @property
    def best(self) -> _Fit | None:
        """The fit that assumes least."""
        return min(self.fits, key=lambda fit: len(fit.assumptions), default=None)


def check_contingency(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[Finding, ...]:
    """Check the p-values of categorical variables against the printed counts.

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
        At most one for each p-value.

    Notes
    -----
    ``reproduced`` needs a table that what is printed determines, and a usual
    flavour of a named test; ``possible`` is the same for a bound or ``ns``.
    Fewer patients analysed, levels or groups joined or left out, a less usual
    flavour, another test, an unnamed test and digits that were not rounded to
    the nearest are assumptions: ``conditional``.  ``inconsistent`` needs
    counts of all groups, a named test, and every table and flavour tried.
    """
    counts = PrintedCounts(study, analyse_counts(study) if analyses is None else analyses)
    findings = (
        _check(study, conventions, counts, claim)
        for claim in study.claims
        if claim.readings("stat_name") == ("p.value",)
        and is_patient_data(study, claim)
        and is_first_hand(study, claim)
    )
    return tuple(finding for finding in findings if finding is not None)


def _check(
    study: Study, conventions: Conventions, counts: PrintedCounts, claim: Claim
) -> Finding | None:
    printed = study.printed(claim)
    if printed.kind == "about" or not claim.analysis:
        return None
    found = readings(claim)
    options = [
        _Reading(comparison(study, counts, reading), study.analyses[reading.analysis].test)
        for reading in found
    ]
    bound = [
        (option, option.compared)
        for option in options
        if option.compared is not None and option.is_bound
    ]
    if not bound:
        return None
    windows = _windows(study, claim, conventions)
    searches = [_search(option, compared, windows) for option, compared in bound]
    best = min(
        (search for search in searches if search.best is not None),
        key=lambda search: len(search.best.assumptions) if search.best is not None else 0,
        default=None,
    )
    case = _Case(study, conventions, counts, claim, found, options, windows)
    too_large = [p for search in searches for p in search.uncomputed]
    if too_large and (best is None or best.best is None or best.best.assumptions):
        # The named test itself may give the value; what other tests give says nothing of it.
        return case.uncomputed([compared for _, compared in bound], too_large[0])
    if best is not None:
        compared = bound[searches.index(best)][1]
        # Where every reading gives the value as it stands, it does not matter which is meant.
        is_open = len(found) > len(bound) or any(
            search.best is None or search.best.assumptions for search in searches
        )
        option = bound[searches.index(best)][0]
        return case.support(compared, best, option, is_ambiguous=len(found) > 1 and is_open)
    is_settled = all(search.is_finished for search in searches)
    can_convict = len(bound) == len(found) and all(
        option.is_named and compared.is_whole for option, compared in bound
    )
    is_asked = all(
        compared.is_whole and (option.is_named or option.tests == ("unnamed",))
        for option, compared in bound
    )
    if not is_asked:
        return None  # a number is missing, or another test may be meant: nothing is out of place
    if not is_settled:
        return case.unsettled([compared for _, compared in bound]) if can_convict else None
    return case.conflict(bound, searches, can_convict=can_convict)


def _windows(study: Study, claim: Claim, conventions: Conventions) -> dict[str, Interval]:
    """Return what the p-value can be, and under which assumption."""
    printed = read_zero(study.printed(claim))
    alpha = significance(study, conventions.alpha)
    windows = {"": printed.window(conventions.rounding, domain=_UNIT, alpha=alpha)}
    if printed.text == "ns" and conventions.alpha is None and not _prints_alpha(study):
        windows = {f"the level is {float(alpha):g}": windows[""]}
    elif printed.kind in ("number", "range") and conventions.rounding != "any":
        wide = printed.window("any", domain=_UNIT)
        windows["the digits are not rounded to the nearest"] = wide
    return windows


def _prints_alpha(study: Study) -> bool:
    return any(
        claim.stat_name == "alpha" and study.printed(claim).is_number for claim in study.claims
    )


def _assumed(option: _Reading, p: PValue) -> tuple[str, ...]:
    """Return what a flavour assumes of the test."""
    if p.flavour.usual and p.flavour.test in option.families and option.is_named:
        return ()
    instead = (
        "" if p.flavour.test in option.families or not option.is_named else ", not the one named"
    )
    return (f"the test is {p.flavour.title}{instead}",)


def _search(option: _Reading, compared: Comparison, windows: Mapping[str, Interval]) -> _Search:
    """Try tables and flavours, until one fits without any assumption."""
    fits: list[_Fit] = []
    made: list[tuple[Candidate, tuple[PValue, ...]]] = []
    uncomputed: list[PValue] = []
    tried, spent = 0, 0
    is_finished = (
        compared.number_of_vectors <= _MOST_LOOKED_AT and compared.number_of_looks <= MOST_LOOKS
    )
    is_settled = False
    for candidate in compared.candidates():
        if spent > _BUDGET:
            is_finished = False
            break
        spent += _cost(candidate)
        found = p_values(candidate.table, _FAMILIES, largest=_LARGEST_EXACT)
        if not found and not made:
            is_finished = False  # nothing to compare as printed, so nothing can be said
        made.append((candidate, found))
        for p in found:
            if not p.is_known:
                is_finished = False
                if not _assumed(option, p):
                    uncomputed.append(p)
                continue
            tried += 1
            for assumption, window in windows.items():
                if window.meets(p.interval):
                    more = (assumption,) if assumption else ()
                    assumed = (*candidate.assumptions, *_assumed(option, p), *more)
                    fits.append(_Fit(candidate, p, assumed))
                    is_settled = is_settled or not assumed
                    break
        if is_settled:
            break
    return _Search(tuple(fits), tried, tuple(made), is_finished, tuple(uncomputed))


def _cost(candidate: Candidate) -> int:
    """Return what the p-values of a table cost, in small two-by-two tables."""
    is_small = len(candidate.table) == len(candidate.table[0]) == 2
    return (1 if is_small else _COST_OF_LARGER) + sum(map(sum, candidate.table)) // _UNITS_OF_COST


def _rounded(value: Fraction, *, up: bool) -> str:
    scale = 10**_DIGITS
    units = ceil(value * scale) if up else floor(value * scale)
    return print_value(Fraction(units, scale), _DIGITS)


def _interval(p: PValue) -> list[str]:
    """Write bounds in decimals, rounded outwards."""
    return [_rounded(p.low, up=False), _rounded(p.high, up=True)]


def _shown(p: PValue, decimals: int, rounding: str) -> str:
    """Write a p-value with the digits of the paper, or with more if it would be zero."""
    value = (p.low + p.high) / 2
    while value > 0 and decimals < _DIGITS and value < Fraction(1, 10**decimals):
        decimals += 1
    return print_value(value, decimals, rounding)


@dataclass(frozen=True, slots=True)
class _Case:
    """One p-value, and what its finding is made from."""

    study: Study
    conventions: Conventions
    counts: PrintedCounts
    claim: Claim
    readings: Sequence[Reading]
    options: Sequence[_Reading]
    windows: Mapping[str, Interval]

    @property
    def decimals(self) -> int:
        step = self.study.printed(self.claim).step
        return 3 if step is None or step >= 1 else len(str(step.denominator)) - 1

    def said(self) -> str:
        """Say what is printed, and where."""
        study, claim = self.study, self.claim
        where = place(study, [claim])
        return f"{where} prints p = {quoted(study, claim)} for {quantity_title(study, claim)}.".replace(
            "p = <", "p < "
        ).replace("p = >", "p > ")

    def gives(self, candidate: Candidate, found: Sequence[PValue]) -> str:
        """Say what a table gives in some flavours."""
        rounding = self.conventions.rounding
        table = " against ".join(" : ".join(str(count) for count in row) for row in candidate.table)
        said = [f"{_shown(p, self.decimals, rounding)} ({p.flavour.title})" for p in found]
        return f"{table} gives {listed(said)}"

    def support(
        self, compared: Comparison, search: _Search, option: _Reading, *, is_ambiguous: bool
    ) -> Finding:
        """Return that some table and flavour give the p-value."""
        best = search.best
        assert best is not None
        study, claim = self.study, self.claim
        assumptions = best.assumptions
        if is_ambiguous:
            assumptions = ("the row is read in one of several ways", *assumptions)
        fitting = [
            fit
            for fit in search.fits
            if fit.candidate == best.candidate and fit.assumptions == best.assumptions
        ]
        gives = f"{self.gives(best.candidate, [fit.p for fit in fitting])}."
        flavours = len({p.flavour.name for _, found in search.candidates for p in found})
        tables = len(search.candidates)
        number = len(search.fits)
        tried = (
            f"Tried: {search.tried} p-values ({tables} table{'s' * (tables > 1)}, {flavours} flavours); "
            f"{number} print{'s' * (number == 1)} so."
        )
        verdict = Verdict.POSSIBLE
        if assumptions:
            verdict = Verdict.CONDITIONAL
        elif study.printed(claim).is_number and best.candidate.is_determined:
            verdict = Verdict.REPRODUCED
        held = f"It holds if {listed(assumptions)}." if assumptions else ""
        recomputed = (
            _shown(best.p, self.decimals, self.conventions.rounding)
            if verdict is Verdict.REPRODUCED
            else None
        )
        return Finding(
            CHECK,
            study.paper.key,
            "support",
            self.bound([compared]),
            " ".join(part for part in (self.said(), gives, held, tried) if part),
            {
                claim.claim: Bearing(
                    verdict,
                    f"Holds if {listed(assumptions)}: {gives}"
                    if assumptions
                    else f"Recomputed: {gives}",
                    recomputed,
                )
            },
            assumptions=assumptions,
            resolved_by=("The table that was tested, and the name of the test with its options.",)
            if assumptions
            else (),
            conventions=self.conventions.as_text(),
            witness={
                "table": [list(row) for row in best.candidate.table],
                "flavours": {fit.p.flavour.name: _interval(fit.p) for fit in fitting},
                "tried": search.tried,
                "fitting": number,
                "named": list(option.tests),
            },
        )

    def bound(self, compared: Sequence[Comparison]) -> tuple[str, ...]:
        rows = [self.claim, *(row for one in compared for row in one.claims)]
        return tuple(dict.fromkeys(row.claim for row in rows))

    def uncomputed(self, compared: Sequence[Comparison], p: PValue) -> Finding:
        """Return that the named test is too large to compute."""
        return self.undecided(
            compared,
            f"Counts of this size are too large for {p.flavour.title} to be computed here exactly.",
        )

    def unsettled(self, compared: Sequence[Comparison]) -> Finding:
        """Return that there were too many tables to try."""
        return self.undecided(
            compared,
            "The counts allow more tables than were tried; none of those tried gives it.",
        )

    def undecided(self, compared: Sequence[Comparison], sentence: str) -> Finding:
        """Return that nothing was settled, and why."""
        return Finding(
            CHECK,
            self.study.paper.key,
            "note",
            self.bound(compared),
            f"{self.said()} {sentence}",
            {self.claim.claim: Bearing(Verdict.OPEN, sentence)},
            resolved_by=("The table that was tested.",),
            conventions=self.conventions.as_text(),
        )

    def conflict(
        self,
        bound: Sequence[tuple[_Reading, Comparison]],
        searches: Sequence[_Search],
        *,
        can_convict: bool,
    ) -> Finding:
        """Return that no table and flavour gives the p-value."""
        study, claim = self.study, self.claim
        option, compared = bound[0]
        first, flavours = searches[0].candidates[0]
        named = [
            p
            for p in flavours
            if p.flavour.usual and p.flavour.test in (option.families or _FAMILIES)
        ]
        gives = f"{self.gives(first, named)}." if named else ""
        if first.assumptions and gives:
            gives = f"If {listed(first.assumptions)}, {gives}"
        tables = sum(len(search.candidates) for search in searches)
        tried = (
            f"Tried: {sum(search.tried for search in searches)} p-values "
            f"({tables} table{'s' * (tables > 1)}); none prints so."
        )
        assumptions = tuple(text for text in self.windows if text) if "" not in self.windows else ()
        is_conflict = can_convict and not assumptions
        if assumptions and can_convict:
            assumptions = (*assumptions, PLAIN_TEST, NOT_REPLAYED)
        statement = " ".join(part for part in (self.said(), gives, tried) if part)
        conventions = self.conventions.as_text()
        asked = ("The table that was tested, and the name of the test with its options.",)
        ids = self.bound([one for _, one in bound])
        if not is_conflict:
            bearings = {}
            if assumptions and can_convict:
                sentence = f"Conflicts with the counts if {listed(assumptions)}. {gives}"
                bearings = {claim.claim: Bearing(Verdict.CONDITIONAL, sentence)}
            return Finding(
                CHECK,
                study.paper.key,
                "note",
                ids,
                statement,
                bearings,
                assumptions=assumptions,
                resolved_by=asked,
                conventions=conventions,
            )
        values = {_shown(p, self.decimals, self.conventions.rounding) for p in named}
        recomputed = values.pop() if len(values) == 1 and not first.assumptions else None
        sentence = f"Inconsistent with the counts: no flavour of the test gives it. {gives}".strip()
        found = {claim.claim: Bearing(Verdict.INCONSISTENT, sentence, recomputed)}
        repairs = [
            Repair((claim.claim,), f"{listed(sorted(values | ({recomputed} if recomputed else set())), 'or')} instead of {claim.printed}")
        ] if named else []  # fmt: skip
        for cell, mending in self.mending(bound):
            number = compared.cells.get(cell) or next(
                one.cells[cell] for _, one in bound if cell in one.cells
            )
            rows = tuple(row.claim for row in number.claims)
            for row in rows:
                found[row] = Bearing(
                    Verdict.INCONSISTENT,
                    f"Inconsistent with the p-value {claim.printed} ({quantity_title(study, claim)}).",
                )
            if mending:
                few = listed((str(value) for value in mending), "or")
                repairs.append(
                    Repair(rows, f"{cell_title(study, cell)}: {few} instead of {number.low}")
                )
        conflict = Finding(
            CHECK,
            study.paper.key,
            "conflict",
            ids,
            statement,
            found,
            resolved_by=asked,
            repairs=tuple(repairs),
            changes="An estimate: whether the groups differ cannot be told from this p-value.",
            conventions=conventions,
        )
        counted = [row for _, one in bound for row in one.claims]
        # Binomials of many patients take the replayable bounds too long, and no proof is offered.
        work = compared.number_of_vectors * sum(map(sum, first.table)) ** 3
        proof = certificate(study, self.conventions, claim, counted) if work < _PROOF_WORK else None
        return proved(conflict, proof, (PLAIN_TEST,))

    def mending(
        self, bound: Sequence[tuple[_Reading, Comparison]]
    ) -> Iterator[tuple[Cell, list[int]]]:
        """Yield the counts whose change alone may resolve the conflict, and to what."""
        cells = {cell: number for _, one in bound for cell, number in one.cells.items()}
        for cell, number in cells.items():
            if not number.claims:
                continue
            low, high = self.counts.from_others(cell) or (0, None)
            most = 2 * number.low + _REPAIR_BUDGET if high is None else high
            # Nearest first, the smaller of two.  Where other rows hold it in place, none is tried.
            near = heapq.merge(
                range(min(number.low - 1, most), low - 1, -1),
                range(max(number.low + 1, low), most + 1),
                key=lambda value: abs(value - number.low),
            )
            fitting: list[int] = []
            left = _REPAIR_BUDGET
            for looked, value in enumerate(near):
                if looked == _MOST_VALUES:
                    left = 0
                    break
                if not self.percentages_allow(bound, cell, value):
                    continue
                mends, spent = self.mends(cell, value, left)
                left -= spent
                if mends:
                    fitting.append(value)
                if left <= 0 or len(fitting) == _FEW:
                    break
            # Where not all were tried, nobody can say that none would do.
            if fitting or left <= 0:
                yield cell, fitting

    def percentages_allow(
        self, bound: Sequence[tuple[_Reading, Comparison]], cell: Cell, value: int
    ) -> bool:
        """Return whether the percentage of a cell, of its group, allows another count."""
        groups = [
            (other, number)
            for _, one in bound
            for other, number in one.cells.items()
            if other != cell and other.contains(cell) and number.is_single
        ]
        return all(self.counts.percentage_allows(cell, value, n.low) for _, n in groups)

    def mends(self, cell: Cell, value: int, budget: int) -> tuple[bool, int]:
        """Return whether the p-value would hold with another count, and what it took to see."""
        spent = 0
        for reading, option in zip(self.readings, self.options, strict=True):
            compared = comparison(self.study, self.counts, reading, {cell: value})
            for candidate in () if compared is None else compared.candidates(_REPAIR_LOOKS):
                if spent >= budget:
                    return False, spent
                spent += _cost(candidate)
                for p in p_values(candidate.table, option.families, largest=_LARGEST_EXACT):
                    if any(window.meets(p.interval) for window in self.windows.values()):
                        return True, spent
        return False, spent
