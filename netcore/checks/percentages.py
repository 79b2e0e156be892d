"""Percentages with latent denominators: of how many units each is a percentage.

A percentage is that of some group of units, and a paper seldom says of which.
So the denominator is an unknown of the problem: the population of the row, a
larger group that it belongs to, all who share the level, or those of them who
were observed.  Rounding a whole table to the nearest 5 or 10 is one more thing
that a paper may do without saying so.  What only such an assumption explains
is conditional; what nothing explains is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Final

from netcore.checks.estimands import (
    Cell,
    Reading,
    cell_of,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.checks.finding import Bearing, Conventions, Finding, Repair, Verdict
from netcore.checks.parts_and_wholes import CellRange, CountAnalysis, analyse_counts, are_exclusive
from netcore.checks.wording import cell_title, claim_title, listed, place, quantity_title
from netcore.printed import Interval, print_value, rounding_window
from netcore.stats.counts import (
    counts_behind,
    denominators_behind,
    every_percentage_possible,
    percentage,
)
from netcore.study import Claim, Study

__all__ = ["CHECK", "COARSE_STEPS", "check_percentages", "one_count_behind"]

CHECK: Final = "percentages"
COARSE_STEPS: Final = (5, 10)
"""Steps to which a whole table may be rounded without saying so."""

_HUNDRED: Final = Interval(Fraction(0), Fraction(100))
_FAR: Final = 1_000
"""How far to look for a denominator that would have explained a percentage."""
_FEW: Final = 3  # more numbers than that are no repair that a reader could use
_NO_LIMIT: Final = 10**9
"""Stands in for the size of a group that nothing printed limits."""


@dataclass(frozen=True, slots=True)
class _Base:
    """A group that a percentage may be a percentage of."""

    cell: Cell
    low: int
    high: int
    assumption: str  # empty for the denominator that the row itself names
    words: str

    def describe(self, denominators: range) -> str:
        return self.words.format(number=_numbers(denominators))


@dataclass(frozen=True, slots=True)
class _Fit:
    """A way in which a percentage holds."""

    base: _Base
    coarse: int  # 0 for the digits as printed
    counts: range
    denominators: range

    @property
    def assumptions(self) -> tuple[str, ...]:
        said = [self.base.assumption] if self.base.assumption else []
        if self.coarse:
            said.append(f"the percentages here are rounded to the nearest {self.coarse}")
        return tuple(text.format(number=_numbers(self.denominators)) for text in said)


def _numbers(values: range) -> str:
    if not values:
        return "none"
    first, last = values[0], values[-1]
    if last >= _NO_LIMIT - 1:
        return f"{first} or more"
    return str(first) if first == last else f"{first} to {last}"


@dataclass(frozen=True, slots=True)
class _Sibling:
    """Another level with a percentage in the same place, so in the same denominator."""

    row: Claim
    count: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class _Size:
    """The printed size of a group, and what it could be if it were not printed."""

    claims: tuple[Claim, ...]
    value: int
    others: CellRange | None  # None if nothing else bounds it

    def could_be(self, numbers: Iterable[int]) -> list[int]:
        """Return which of some numbers the other rows allow."""
        low = 0 if self.others is None else self.others.low
        high = None if self.others is None else self.others.high
        return [number for number in numbers if low <= number and (high is None or number <= high)]


@dataclass(frozen=True, slots=True)
class _Case:
    """One reading of one percentage, with all that bears on it."""

    claim: Claim
    cell: Cell
    counts: tuple[int, ...] | None  # printed counts of the cell; None if none is printed
    count_claims: tuple[Claim, ...]
    bases: tuple[_Base, ...]
    sizes: _Sizes
    largest: int | None  # size of the largest group; None if nothing printed limits it
    siblings: tuple[_Sibling, ...]  # the cells that bound the number observed from below

    @property
    def own(self) -> _Base:
        """The denominator that the row itself names."""
        return self.bases[0]

    @property
    def own_percentage(self) -> Fraction | None:
        """What the printed count is of the row's own denominator."""
        plain = (
            self.counts is not None and not self.own.assumption and self.own.low == self.own.high
        )
        if not plain or self.counts is None or self.counts[0] > self.own.high or not self.own.high:
            return None
        return percentage(self.counts[0], self.own.high)


class _Sizes:
    """Sizes of cells: as printed, else as the other counts allow."""

    def __init__(self, study: Study, analyses: Sequence[CountAnalysis]):
        self._analyses = {analysis.counts.root: analysis for analysis in analyses}
        self._printed: dict[Cell, list[Claim]] = {}
        self._derived: dict[Cell, CellRange | None] = {}
        self._values: dict[Cell, tuple[int, ...]] = {}
        for analysis in analyses:
            for printing in analysis.counts.printings:
                rows = [claim for claim in printing.claims if self._value(study, claim) is not None]
                if rows:
                    self._printed.setdefault(printing.cell, []).extend(rows)
        self._study = study

    @staticmethod
    def _value(study: Study, claim: Claim) -> int | None:
        printed = study.printed(claim)
        if printed.is_number:
            return int(printed.number())
        return 0 if printed.text == "none" else None

    def claims(self, cell: Cell) -> tuple[Claim, ...]:
        return tuple(self._printed.get(cell, ()))

    def values(self, cell: Cell) -> tuple[int, ...]:
        if cell not in self._values:
            found = {self._value(self._study, claim) for claim in self.claims(cell)}
            self._values[cell] = tuple(sorted(value for value in found if value is not None))
        return self._values[cell]

    def named(self, numbers: range) -> str:
        """Name the populations of any kind whose printed size is among some numbers."""
        found = [
            f"{value}: {cell_title(self._study, cell)}"
            for cell in dict.fromkeys(
                population_cell(self._study, name) for name in self._study.populations
            )
            for value in self.values(cell)
            if value in numbers
        ]
        return f" ({'; '.join(found)})" if found else ""

    def from_others(self, cell: Cell) -> CellRange | None:
        """Return the sizes that other rows allow, without those that print it."""
        if cell.root not in self._analyses:
            return None
        if cell not in self._derived:
            analysis = self._analyses[cell.root]
            own = [
                printing.label for printing in analysis.counts.printings if printing.cell == cell
            ]
            try:
                self._derived[cell] = analysis.attainable(cell, analysis.undisputed(*own))
            except KeyError:  # no count combines these variables, so nothing bounds the cell
                self._derived[cell] = None
        return self._derived[cell]

    def span(self, cell: Cell) -> tuple[int, int]:
        """Return least and greatest size: as printed, else from the other rows."""
        values = self.values(cell)
        if values:
            return values[0], values[-1]
        derived = self.from_others(cell)
        if derived is None:
            return 0, _NO_LIMIT
        return derived.low, _NO_LIMIT if derived.high is None else derived.high

    def size(self, cell: Cell) -> _Size | None:
        """Return the printed size of a cell, if it is printed."""
        values = self.values(cell)
        return _Size(self.claims(cell), values[-1], self.from_others(cell)) if values else None


def check_percentages(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[Finding, ...]:
    """Check every percentage against the counts that it may come from.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it
        has been done already.

    Returns
    -------
    tuple of Finding
        One for each percentage on which a printed count or size bears, and a
        note for each table row of percentages that no one denominator gives.

    Notes
    -----
    Denominators that are tried, in this order: the one that the row states,
    else the population; each population that contains it; all units that
    share the level, whatever else they are; those observed, from the number
    whose level is printed with a percentage in the same place up to the size
    of the group.  Then all of these again with percentages rounded to the
    nearest 5 and 10, if every percentage in the same place is a multiple.
    """
    sizes = _Sizes(study, analyse_counts(study) if analyses is None else analyses)
    findings: list[Finding] = []
    rows = [
        claim
        for claim in study.claims
        if claim.stat_name == "pct" and is_patient_data(study, claim)
    ]
    for claim in rows:
        finding = _check(study, conventions, sizes, claim, rows)
        if finding is not None:
            findings.append(finding)
    findings.extend(_one_denominator(study, conventions, sizes, rows))
    return tuple(findings)


def one_count_behind(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis],
    claims: Sequence[Claim],
) -> bool:
    """Return whether differing percentages of one level may come from one count.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    analyses : sequence of CountAnalysis
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`.
    claims : sequence of Claim
        Percentages of one level, perhaps of different denominators.

    Returns
    -------
    bool
        True where a count is printed, which each percentage is then checked
        against on its own; where nothing limits the denominators; or where
        some count prints as all of the percentages, each of a denominator
        that its place allows.
    """
    sizes = _Sizes(study, analyses)
    found = [cell_of(study, reading) for claim in claims for reading in readings(claim)]
    if any(cell is None or sizes.values(cell) for cell in found):
        return True
    rows = [row for row in study.claims if row.stat_name == "pct" and is_patient_data(study, row)]
    cases = [
        [_case(study, sizes, claim, reading, rows) for reading in readings(claim)]
        for claim in claims
    ]
    known = [case for options in cases for case in options if case is not None]
    if any(case.largest is None for case in known):
        return True
    most = max(base.high for case in known for base in case.bases)
    windows = {claim: _windows(study, claim, conventions, rows) for claim in claims}
    return any(
        all(
            any(
                _fit(replace(case, counts=(count,)), base, coarse, window) is not None
                for case in options
                if case is not None
                for base in case.bases
                for coarse, window in windows[claim].items()
            )
            for claim, options in zip(claims, cases, strict=True)
        )
        for count in range(min(most, _FAR) + 1)
    )


def _windows(
    study: Study, claim: Claim, conventions: Conventions, rows: Sequence[Claim]
) -> dict[int, Interval]:
    """Return the window as printed (0) and under each coarse rounding."""
    printed = study.printed(claim)
    if printed.text == "all":
        return {0: Interval.point(100)}
    windows = {0: printed.window(conventions.rounding, domain=_HUNDRED)}
    if not printed.is_number:
        return windows
    here = [study.printed(row) for row in rows if row.location == claim.location]
    for step in COARSE_STEPS:
        if all(value.number() % step == 0 for value in here if value.is_number):
            windows[step] = rounding_window(
                printed.number(), Fraction(step), conventions.rounding
            ).meet(_HUNDRED)
    return windows


def _case(
    study: Study, sizes: _Sizes, claim: Claim, reading: Reading, rows: Sequence[Claim]
) -> _Case | None:
    cell = cell_of(study, reading)
    if cell is None:
        return None
    own = population_cell(study, reading.denominator or reading.population)
    wholes = [own] if reading.denominator else _wholes(study, reading.population)
    bases: list[_Base] = []
    for whole in dict.fromkeys(wholes):
        title = cell_title(study, whole)
        assumption = "" if whole == own else f"the percentage is one of {title} ({{number}})"
        bases.append(_Base(whole, *sizes.span(whole), assumption, f"{{number}} ({title})"))
    siblings: tuple[_Sibling, ...] = ()
    if not reading.denominator:
        bases.extend(_row_bases(study, sizes, cell, wholes))
        bases.extend(_whole_row(study, sizes, claim, cell, own, rows))
        observed, siblings = _observed_bases(study, sizes, claim, reading, wholes, rows)
        bases.extend(observed)
    largest = max(sizes.span(whole)[1] for whole in wholes)
    counts = sizes.values(cell) or None
    return _Case(
        claim,
        cell,
        counts,
        sizes.claims(cell),
        tuple(bases),
        sizes,
        None if largest >= _NO_LIMIT else largest,
        siblings,
    )


def _wholes(study: Study, population: str) -> list[Cell]:
    """Return a population and all that contain it, its ancestors first."""
    own = population_cell(study, population)
    cells = [own, *(population_cell(study, name) for name in study.ancestors(population))]
    for name in study.populations:
        described = any(study.populations[up].size for up in (name, *study.ancestors(name)))
        cell = population_cell(study, name)
        if not described and cell.contains(own):
            cells.append(cell)
    return list(dict.fromkeys(cells))


def _row_bases(study: Study, sizes: _Sizes, cell: Cell, wholes: Sequence[Cell]) -> Iterable[_Base]:
    """All who share the level: the other way to read a table of two variables."""
    conditions = sorted(wholes[0].conditions)
    dropped = (
        chosen
        for number in range(1, len(conditions) + 1)
        for chosen in combinations(conditions, number)
    )
    for chosen in dropped:
        whole = Cell(cell.root, cell.conditions.difference(chosen))
        if whole in wholes or whole == cell:
            continue
        span = sizes.span(whole)
        if span[1] > 0:
            title = cell_title(study, whole)
            yield _Base(
                whole,
                max(span[0], 1),
                span[1],
                f"the percentage is one of all {title} ({{number}})",
                f"{{number}} ({title})",
            )


def _whole_row(
    study: Study, sizes: _Sizes, claim: Claim, cell: Cell, own: Cell, rows: Sequence[Claim]
) -> Iterable[_Base]:
    """All who share the level, beside columns of parts: 100 % in the column of totals."""
    has_parts = any(
        row.location == claim.location
        and own.contains(part := population_cell(study, reading.population))
        and part != own
        for row in rows
        for reading in readings(row)
    )
    printed = study.printed(claim)
    is_whole = printed.text == "all" or Fraction(100) in printed.window("any")
    span = sizes.span(cell)
    if has_parts and is_whole and span[1] > 0:
        title = cell_title(study, cell)
        yield _Base(
            cell,
            max(span[0], 1),
            span[1],
            f"the percentage is one of all {title} ({{number}})",
            f"{{number}} ({title})",
        )


def _observed_bases(
    study: Study,
    sizes: _Sizes,
    claim: Claim,
    reading: Reading,
    wholes: Sequence[Cell],
    rows: Sequence[Claim],
) -> tuple[list[_Base], tuple[_Sibling, ...]]:
    """Those whose level is known: at least all who are printed with a percentage."""
    bases = []
    binding: tuple[_Sibling, ...] = ()
    for whole in dict.fromkeys(wholes):
        span = sizes.span(whole)
        siblings = _siblings(study, sizes, claim, reading, whole, rows)
        known = sum(sibling.count for sibling in siblings)
        if known < span[1]:
            title = cell_title(study, whole)
            them = title if span[1] >= _NO_LIMIT else f"the {span[1]} of {title}"
            bases.append(
                _Base(
                    whole,
                    max(known, 1),
                    span[1] - 1,
                    f"only {{number}} of {them} were counted in the denominator",
                    f"{{number}} (those observed among {them})",
                )
            )
        binding = max(binding, siblings, key=len)
    return bases, binding


def _siblings(
    study: Study, sizes: _Sizes, claim: Claim, reading: Reading, whole: Cell, rows: Sequence[Claim]
) -> tuple[_Sibling, ...]:
    """Return the levels printed with a percentage in the same place, this one too.

    Levels that mean 'not known' are left out, and so are unions and levels
    that may overlap: nothing says that they add up.
    """
    if not reading.variable or study.variables[reading.variable].type == "multi":
        return ()
    variable = study.variables[reading.variable]
    candidates: list[tuple[Cell, _Sibling]] = []
    for row in rows:
        if row.location != claim.location or row.variable != reading.variable:
            continue
        # A row that may mean something else says nothing certain of this level.
        found_in_row = readings(row) if is_first_hand(study, row) else ()
        for other in found_in_row if len(found_in_row) == 1 else ():
            if other.at != reading.at or other.variable_level in (
                *variable.missing,
                *variable.unions,
            ):
                continue
            cell = cell_of(study, other)
            values = () if cell is None else sizes.values(cell)
            if cell is None or not whole.contains(cell) or not values:
                continue
            candidates.append((cell, _Sibling(row, values[0], sizes.claims(cell))))
    # Those who are in two of the cells are counted once: the larger cells come first.
    found: dict[Cell, _Sibling] = {}
    for cell, sibling in sorted(candidates, key=lambda item: -item[1].count):
        if all(are_exclusive(study, cell, earlier) for earlier in found):
            found[cell] = sibling
    return tuple(sibling for _, sibling in candidates if sibling in found.values())


def _fits(case: _Case, windows: Mapping[int, Interval]) -> list[_Fit]:
    """Return every way in which the percentage holds, fewest assumptions first."""
    found: list[_Fit] = []
    for coarse, window in windows.items():
        for base in case.bases:
            fit = _fit(case, base, coarse, window)
            if fit is not None:
                found.append(fit)
    return sorted(found, key=lambda fit: (len(fit.assumptions), list(windows).index(fit.coarse)))


def _fit(case: _Case, base: _Base, coarse: int, window: Interval) -> _Fit | None:
    if case.counts is not None:
        for count in case.counts:
            behind = denominators_behind(window, count, base.high)
            inside = range(max(behind.start, base.low), behind.stop)
            if inside:
                return _Fit(base, coarse, range(count, count + 1), inside)
        return None
    if base.high >= _NO_LIMIT - 1:
        return None  # any count may be any percentage of a group of any size
    for number in range(base.high, max(base.low, 1) - 1, -1):
        counts = counts_behind(window, number)
        if counts:
            return _Fit(base, coarse, counts, range(number, number + 1))
    return None


def _check(
    study: Study, conventions: Conventions, sizes: _Sizes, claim: Claim, rows: Sequence[Claim]
) -> Finding | None:
    windows = _windows(study, claim, conventions, rows)
    found = readings(claim)
    cases = [
        case for reading in found if (case := _case(study, sizes, claim, reading, rows)) is not None
    ]
    if len(cases) < len(found):
        return None
    # Of nobody, or of a group of any size, a percentage says nothing.
    if any(
        case.own.high == 0 or (case.counts is None and case.own.high >= _NO_LIMIT) for case in cases
    ):
        return None
    fits = [(case, fit) for case in cases for fit in _fits(case, windows)]
    if not fits:
        if any(case.counts is None and case.largest is None for case in cases):
            return None
        conflict = _conflict(study, conventions, sizes, cases, windows)
        is_sound = is_first_hand(study, claim)
        return conflict if is_sound else replace(conflict, kind="note", bearings={})
    case, fit = min(fits, key=lambda item: len(item[1].assumptions) + (len(cases) > 1))
    return _support(study, conventions, case, fit, len(cases), len(fits))


def _decimals(study: Study, claim: Claim) -> int:
    step = study.printed(claim).step
    return 0 if step is None or step >= 1 else len(str(step.denominator)) - 1


def _as_printed(
    study: Study, claim: Claim, value: Fraction, conventions: Conventions, coarse: int = 0
) -> str:
    if coarse:
        return str(int(print_value(value / coarse, 0, conventions.rounding)) * coarse)
    return print_value(value, _decimals(study, claim), conventions.rounding)


def _exactly(value: Fraction) -> str:
    return f"{print_value(value, 1)} %"


def _support(
    study: Study,
    conventions: Conventions,
    case: _Case,
    fit: _Fit,
    number_of_readings: int,
    ways: int,
) -> Finding | None:
    claim = case.claim
    size_claims = case.sizes.claims(fit.base.cell)
    bound = tuple(dict.fromkeys((claim, *case.count_claims, *size_claims)))
    ids = tuple(row.claim for row in bound)
    denominator = fit.denominators[-1]
    assumptions = fit.assumptions
    if number_of_readings > 1:
        assumptions = (
            f"{case.claim.printed} % is read as one of {cell_title(study, fit.base.cell)}",
            *assumptions,
        )
    printed = study.printed(claim)
    if case.counts is None:
        step = printed.step
        if not assumptions and step is not None and every_percentage_possible(step, denominator):
            return Finding(
                CHECK,
                study.paper.key,
                "note",
                ids,
                f"{claim.printed} % would pass whatever it were: of {denominator} units every printable percentage "
                "is that of some number of them.",
                {
                    claim.claim: Bearing(
                        Verdict.UNCONSTRAINED, f"Of {denominator} units any percentage would pass."
                    )
                },
                conventions=conventions.as_text(),
            )
        counts = _numbers(fit.counts)
        sentence = f"{counts} of {fit.base.describe(fit.denominators)} prints as {claim.printed} %."
        verdict = Verdict.CONDITIONAL if assumptions else Verdict.POSSIBLE
    else:
        count = fit.counts[0]
        value = percentage(count, denominator)
        sentence = (
            f"{count} of {fit.base.describe(fit.denominators)} is {_exactly(value)}, "
            f"which prints as {claim.printed} %"
            + (f" to the nearest {fit.coarse}." if fit.coarse else ".")
        )
        # A vague value holds, but it is not recomputed; nor is one of a group of no known size.
        known = printed.is_number and fit.base.low == fit.base.high
        verdict = Verdict.REPRODUCED if known else Verdict.POSSIBLE
        if assumptions:
            verdict = Verdict.CONDITIONAL
    statement = f"{_said(study, case)} {sentence}"
    if assumptions:
        combined = _counted(len(case.bases) * (1 + len(COARSE_STEPS)), "combination")
        tried = f"of {combined} of denominator and rounding, {ways} fit{'s' if ways == 1 else ''}."
        plain = "" if fit.base == case.bases[0] else _plain_sentence(case)
        statement = " ".join(
            part
            for part in (statement, plain, f"It holds if {listed(assumptions)}; {tried}")
            if part
        )
        sentence = f"Holds if {listed(assumptions)}: {sentence}"
    recomputed = None
    if case.counts is not None and len(fit.denominators) == 1:
        recomputed = _as_printed(
            study, claim, percentage(fit.counts[0], denominator), conventions, fit.coarse
        )
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        ids,
        statement,
        {claim.claim: Bearing(verdict, sentence, recomputed)},
        assumptions=assumptions,
        resolved_by=("Of how many the percentage is, and how it was rounded.",)
        if assumptions
        else (),
        changes=(
            "An estimate: the percentage describes another group than its row, or is less precise than it looks; "
            "the count beside it can be used."
            if assumptions and case.counts is not None
            else ""
        ),
        conventions=conventions.as_text(),
        witness={"count": _numbers(fit.counts), "denominator": denominator},
    )


def _said(study: Study, case: _Case) -> str:
    """Return the row as the paper prints it: count and percentage, and where."""
    value = f"{case.claim.printed} %"
    if case.counts:
        value = f"{listed((str(count) for count in case.counts), 'or')} ({value})"
    return f"{place(study, [case.claim])} prints {value} for {quantity_title(study, case.claim)}."


def _plain_sentence(case: _Case) -> str:
    """Say what the row itself would have printed, for a reader to compare."""
    if case.own_percentage is None:
        return ""
    return f"Of {case.own.describe(range(case.own.high, case.own.high + 1))} it is {_exactly(case.own_percentage)}."


def _conflict(
    study: Study,
    conventions: Conventions,
    sizes: _Sizes,
    cases: Sequence[_Case],
    windows: Mapping[int, Interval],
) -> Finding:
    case = cases[0]
    claim = case.claim
    printed = f"{claim.printed} %"
    needed = (
        range(0) if case.counts is None else denominators_behind(windows[0], case.counts[0], _FAR)
    )
    siblings = _needed_siblings(case, needed)
    plain = _plain_sentence(case)
    would = _would(case, printed, needed)
    tried = f"Tried: {_counted(len(case.bases), 'denominator')}" + (
        f", and rounding to the nearest {listed(str(step) for step in windows if step)}."
        if len(windows) > 1
        else "."
    )
    recomputed = (
        None
        if case.own_percentage is None
        else _as_printed(study, claim, case.own_percentage, conventions)
    )
    against = [f"the count {count}" for count in case.counts or ()]
    against += [] if case.largest is None else [f"the size {case.largest}"]
    bearings: dict[str, Bearing] = {
        claim.claim: Bearing(
            Verdict.INCONSISTENT,
            f"Inconsistent with {listed(against)}. {plain or would}",
            recomputed,
        )
    }
    for row in case.count_claims:
        bearings[row.claim] = Bearing(
            Verdict.INCONSISTENT, f"Inconsistent with {printed} beside it. {would}"
        )
    repairs = _repairs(case, windows[0], needed, sizes.named(needed), recomputed)
    for sibling in siblings:
        for number, count in _mending_count(study, conventions, case, sibling, needed):
            ids = tuple(row.claim for row in sibling.claims)
            repairs.append(
                Repair(ids, f"{count} instead of {sibling.count}, with a denominator of {number}")
            )
            for name in ids:
                bearings[name] = Bearing(
                    Verdict.INCONSISTENT,
                    f"Inconsistent with {printed} ({claim_title(study, claim)}).",
                )
    # A size that the other rows give as well is held in place by them.
    bound_sizes = _needed_sizes(cases, windows[0])
    for size, numbers in bound_sizes:
        sentence = f"Inconsistent with {printed} ({claim_title(study, claim)})."
        ids = tuple(row.claim for row in size.claims)
        bearings.update({name: Bearing(Verdict.INCONSISTENT, sentence) for name in ids})
        if len(numbers) <= _FEW:
            wanted = listed((str(number) for number in numbers), "or")
            repairs.append(Repair(ids, f"{wanted} instead of {size.value} as the size"))
    rows = [row for c in cases for row in (c.claim, *c.count_claims)]
    rows += [row for sibling in siblings for row in sibling.claims]
    rows += [row for size, _ in bound_sizes for row in size.claims]
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        tuple(dict.fromkeys(row.claim for row in rows)),
        " ".join(part for part in (_said(study, case), would, plain, tried) if part),
        bearings,
        resolved_by=("The count and the denominator from which the percentage was made.",),
        repairs=tuple(repairs),
        changes="Nothing for the count, if that is right; the percentage cannot be quoted beside it.",
        conventions=conventions.as_text(),
        certificate={
            "kind": "no denominator gives the percentage",
            "counts": None if case.counts is None else list(case.counts),
            "windows": {str(step): str(window) for step, window in windows.items()},
            "denominators": [
                {
                    "of": cell_title(study, base.cell),
                    "from": base.low,
                    "to": None if base.high >= _NO_LIMIT - 1 else base.high,
                }
                for c in cases
                for base in c.bases
            ],
        },
    )


def _needed_sizes(cases: Sequence[_Case], window: Interval) -> list[tuple[_Size, list[int]]]:
    """Return the printed sizes without which the percentage could hold, and what else they could be."""
    found: dict[tuple[Claim, ...], tuple[_Size, list[int]]] = {}
    for case in cases:
        for cell in dict.fromkeys(base.cell for base in case.bases):
            size = case.sizes.size(cell)
            if size is None:
                continue
            numbers = (
                [number for number in range(1, _FAR + 1) if counts_behind(window, number)]
                if case.counts is None
                else [n for count in case.counts for n in denominators_behind(window, count, _FAR)]
            )
            if fitting := size.could_be(dict.fromkeys(numbers)):
                found.setdefault(size.claims, (size, fitting))
    return list(found.values())


def _needed_siblings(case: _Case, needed: range) -> tuple[_Sibling, ...]:
    """Return the other levels, if a denominator that they rule out would do."""
    others = tuple(sibling for sibling in case.siblings if sibling.row != case.claim)
    small = [number for number in needed if case.largest is None or number <= case.largest]
    return others if small else ()


def _would(case: _Case, printed: str, needed: range) -> str:
    """Say which denominator would have given the percentage, and why none does."""
    if case.counts is None:
        return f"No whole number out of {case.largest} or fewer gives this percentage."
    count = case.counts[0]
    if not needed:
        return f"No whole number is a denominator of which {count} is {printed}."
    start = f"{count} is {printed} of {_numbers(needed)}; "
    if case.largest is not None and needed[0] > case.largest:
        return f"{start}there are no more than {case.largest}."
    start += f"{_numbers(needed)} is the size of no group here"
    counts = [sibling.count for sibling in case.siblings]
    if sum(counts) != case.largest:
        return f"{start}, nor of one in which fewer were observed."
    sums = " + ".join(str(number) for number in counts)
    return f"{start}, and none of the {case.largest} is left out: {sums} = {case.largest} have a percentage beside them."


def _mending_count(
    study: Study, conventions: Conventions, case: _Case, sibling: _Sibling, needed: range
) -> Iterable[tuple[int, int]]:
    """Yield denominator and count of another level that would mend the conflict.

    The denominator is one of which the printed count is the percentage; the
    other level's count shrinks until all fit into it, and must still print
    its own percentage.
    """
    if case.largest is None or not study.printed(sibling.row).is_number:
        return
    known = sum(other.count for other in case.siblings)
    window = study.printed(sibling.row).window(conventions.rounding, domain=_HUNDRED)
    for number in needed:
        most = sibling.count - (known - number)
        fitting = [count for count in counts_behind(window, number) if count <= most]
        if number <= case.largest and fitting:
            yield number, fitting[-1]


def _repairs(
    case: _Case, window: Interval, needed: range, sized: str, recomputed: str | None
) -> list[Repair]:
    repairs = []
    if recomputed is not None:
        repairs.append(
            Repair((case.claim.claim,), f"{recomputed} % instead of {case.claim.printed} %")
        )
    counts = counts_behind(window, case.own.high) if case.own.low == case.own.high else range(0)
    if case.counts is not None and counts:
        ids = tuple(row.claim for row in case.count_claims)
        repairs.append(Repair(ids, f"{_numbers(counts)} instead of {case.counts[0]}"))
    if needed:
        repairs.append(Repair((case.claim.claim,), f"a denominator of {_numbers(needed)}{sized}"))
    return repairs


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _one_denominator(
    study: Study, conventions: Conventions, sizes: _Sizes, rows: Sequence[Claim]
) -> Iterable[Finding]:
    """Note where the percentages of one variable in one place need several denominators."""
    tables: dict[tuple[str, str, str], list[tuple[Claim, int]]] = {}
    for claim in rows:
        found = readings(claim)
        cell = cell_of(study, found[0])
        if (
            len(found) > 1
            or cell is None
            or not claim.variable
            or not study.printed(claim).is_number
        ):
            continue
        values = sizes.values(cell)
        if len(values) == 1:
            tables.setdefault((claim.location, claim.variable, claim.at), []).append(
                (claim, values[0])
            )
    for (_, variable, _), cells in tables.items():
        if len(cells) < 2:
            continue
        windows = [
            study.printed(claim).window(conventions.rounding, domain=_HUNDRED) for claim, _ in cells
        ]
        behind = [
            set(denominators_behind(window, n, _FAR))
            for window, (_, n) in zip(windows, cells, strict=True)
        ]
        if set.intersection(*behind):
            continue
        candidates = sorted(set().union(*behind))
        given = {number: sum(number in fitting for fitting in behind) for number in candidates}
        best = max(given, key=lambda number: (given[number], -number), default=None)
        title = study.variables[variable].title or variable
        most = (
            "no denominator up to 1000 gives any of them"
            if best is None
            else f"the most that one gives is {given[best]} (a denominator of {best})"
        )
        yield Finding(
            f"{CHECK}-together",
            study.paper.key,
            "note",
            tuple(claim.claim for claim, _ in cells),
            f"{title}, {place(study, [cells[0][0]])}: no one denominator from 1 to {_FAR} gives all {len(cells)} "
            f"percentages beside their counts; {most}.",
            resolved_by=("The denominator of each percentage.",),
            conventions=conventions.as_text(),
        )
