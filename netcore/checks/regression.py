"""Regression and correlation: whether what is printed of one line can belong to one line.

R squared, the slope with its error, the correlation and the p-value hang together through the
number of points, which is mostly not printed.  So a value conflicts with others only if no
number of points up to the size of the group makes them agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import Final

from netcore.checks.certificates.unproved import unproved
from netcore.checks.estimands import population_cell, significance
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.plain_tests import PLAIN_CORRELATION, PLAIN_LINE
from netcore.checks.regression_lines import (
    P_VALUE,
    PrintedLine,
    Value,
    Windows,
    fitting_numbers,
    implied,
    printed_lines,
    witness,
)
from netcore.checks.wording import (
    STATISTICS,
    listed,
    place,
    quantity_title,
    quoted,
)
from netcore.printed import Interval, print_value
from netcore.stats.interval_arithmetic import scaled
from netcore.stats.regression import line_of, p_of_share, p_range_of_shares, rank_correlations
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_regression"]

CHECK: Final = "regression"

_LINES: Final = frozenset({"linear_regression", "pearson"})
_TESTS: Final = _LINES | {"spearman", "unnamed"}
_RELATED: Final = ("r.squared", "adj.r.squared", "correlation")
_MOST_PAIRS: Final = 40  # beyond it a rank correlation can be almost any number
_SHOWN: Final = 4
_SUMMARIES: Final = frozenset("mean sd var std.error median p25 p75 min max range iqr".split())
_ONE_LINE: Final = "the regression is of a straight line on one variable"
_RESOLVED: Final = ("The points, or how many there were and how the p-value was computed.",)
_TITLES: Final = MappingProxyType(
    {
        "r.squared": "R squared",
        "adj.r.squared": "adjusted R squared",
        "correlation": "correlation",
        "slope": "slope",
        "slope.std.error": "standard error of the slope",
        "slope.conf.low": "lower limit of the slope",
        "slope.conf.high": "upper limit of the slope",
        "statistic": "test statistic",
        P_VALUE: "p",
    }
)

_Option = Mapping[str, Value]
_Change = Callable[[_Option], Windows | None]


def check_regression(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[Finding, ...]:
    """Check R squared, correlations, slopes and p-values of one regression against one another.

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
        At most one for each regression of each group: points that fit, an assumption under
        which they do, or a conflict that rests on the proof in this package.  Of R squared
        alone, which p-values follow from it.

    Notes
    -----
    For n points t^2 = r^2 (n - 2) / (1 - r^2), and p is the two-sided tail of Student's
    distribution with n - 2 degrees of freedom.  n is any number up to the size of the group.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    findings: list[Finding] = []
    for line in printed_lines(study, conventions, sizes, _TESTS):
        found = _Case(study, conventions, sizes, line).finding()
        if found is not None:
            findings.append(found)
    return tuple(findings)


def _plain(option: _Option) -> Windows:
    return {name: value.window for name, value in option.items()}


def _cut_off(option: _Option) -> Windows:
    return {name: value.wide for name, value in option.items()}


def _one_sided(option: _Option) -> Windows | None:
    if P_VALUE not in option:
        return None
    doubled = scaled(option[P_VALUE].window, Fraction(2)).meet(Interval(Fraction(0), Fraction(1)))
    return None if doubled.is_empty else {**_plain(option), P_VALUE: doubled}


def _renamed(old: str, new: str) -> _Change:
    def change(option: _Option) -> Windows | None:
        if old not in option or new in option:
            return None
        return {new if name == old else name: window for name, window in _plain(option).items()}

    return change


def _without_correlation(option: _Option) -> Windows | None:
    if "correlation" not in option:
        return None
    return {name: window for name, window in _plain(option).items() if name != "correlation"}


_ASSUMED: Final[tuple[tuple[str, _Change], ...]] = (
    ("the R squared is the adjusted one", _renamed("r.squared", "adj.r.squared")),
    ("the adjusted R squared is not adjusted", _renamed("adj.r.squared", "r.squared")),
    ("the p-value is one-sided", _one_sided),
    ("the correlation is one of ranks", _without_correlation),
    ("the digits are not rounded to the nearest", _cut_off),
)


@dataclass(frozen=True, slots=True)
class _Fit:
    """Numbers of points with which a reading fits, and what is assumed."""

    option: _Option
    windows: Windows
    numbers: tuple[int, ...]
    is_complete: bool
    assumptions: tuple[str, ...]


def _short(value: Fraction, *, up: bool) -> str:
    """Write a number with four digits behind the point or more, rounded outwards."""
    decimals = _SHOWN
    while value and abs(value) < Fraction(10, 10**decimals) and decimals < 3 * _SHOWN:
        decimals += 1
    units = (ceil if up else floor)(value * 10**decimals)
    return print_value(Fraction(units, 10**decimals), decimals).rstrip("0").rstrip(".").replace("-", "−")  # fmt: skip


def _span(window: Interval) -> str:
    if window.low is None or window.high is None:
        return str(window)
    low, high = _short(window.low, up=False), _short(window.high, up=True)
    return low if low == high else f"{low} to {high}"


def _fewer(numbers: Sequence[int], most: int) -> str:
    """Say that not all of a group were analysed."""
    if not numbers:
        return f"fewer than {most} were analysed"
    few = f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
    return f"{few} of the {most} were analysed"


def _points(numbers: Sequence[int] | range) -> str:
    """Write numbers of points that stand together as prose does."""
    first, last = numbers[0], numbers[-1]
    return f"{first} points" if first == last else f"{first} to {last} points"


@dataclass(frozen=True, slots=True)
class _Case:
    """One regression of one group, and what its finding is made from."""

    study: Study
    conventions: Conventions
    sizes: Sizes
    line: PrintedLine

    @property
    def tests(self) -> tuple[str, ...]:
        return self.study.analyses[self.line.analysis].test

    @property
    def assumed(self) -> list[tuple[str, _Change]]:
        """What may be assumed: Pearson's correlation is none of ranks."""
        no_ranks = self.tests == ("pearson",)
        return [one for one in _ASSUMED if not (no_ranks and one[1] is _without_correlation)]

    @property
    def every(self) -> range:
        """All numbers of points there may be."""
        line = self.line
        return range(3, line.of_all.stop) if line.of_all else line.of_fewer

    def finding(self) -> Finding | None:
        if not self.every:
            return None
        if self.tests == ("spearman",):
            return self.ranks()
        if "spearman" in self.tests or all(len(option) < 2 for option in self.line.options):
            return self.alone()
        fits = list(self.fits())
        plain = [fit for fit in fits if not fit.assumptions]
        if plain:
            return self.support(plain[0])
        best = min(fits, key=lambda fit: len(fit.assumptions), default=None)
        if best is not None:
            return self.support(best) if set(self.tests) <= _LINES else None
        # Groups of unlimited size are looked at up to a number only.
        if not self.line.of_all or not self.line.are_all or not set(self.tests) <= _LINES:
            return None
        return self.conflict()

    def fits(self) -> Iterator[_Fit]:
        """Yield what fits as it is printed, else what fits under assumptions."""
        found = False
        for option in self.line.options:
            for fit in self.fit(option, _plain(option), ()):
                found = True
                yield fit
        if found:
            return
        for words, change in self.assumed:
            for option in self.line.options:
                windows = change(option)
                if windows is not None and len(windows) > 1:
                    yield from self.fit(option, windows, (words,))

    def fit(self, option: _Option, windows: Windows, assumed: tuple[str, ...]) -> Iterator[_Fit]:
        line = self.line
        numbers, is_complete = fitting_numbers(windows, line.of_all or line.of_fewer)
        if numbers or not is_complete:
            yield _Fit(option, windows, numbers, is_complete, assumed)
        elif line.of_all and line.of_fewer:
            numbers, is_complete = fitting_numbers(windows, line.of_fewer)
            if numbers or not is_complete:
                fewer = _fewer(numbers, line.of_all[-1])
                yield _Fit(option, windows, numbers, is_complete, (*assumed, fewer))

    # --- Words ------------------------------------------------------------------------------------

    def said(self, rows: Sequence[Claim]) -> str:
        """Say what is printed, and where."""
        study = self.study
        values = {
            (claim.stat_name, study.printed(claim).value): (
                f"{_either(claim)} {self._sign(claim)}{quoted(study, claim).lstrip('<>=≤≥ ')}"
            )
            for claim in rows
        }
        verb = "prints" if len({claim.location for claim in rows}) == 1 else "print"
        return f"{place(study, rows)} {verb} {listed(values.values())} for {self.title(rows[0])}."

    def _sign(self, claim: Claim) -> str:
        kind = self.study.printed(claim).kind
        return {"below": "< ", "above": "> "}.get(kind, "= " if claim.stat_name == P_VALUE else "")

    def title(self, claim: Claim) -> str:
        return quantity_title(self.study, claim)

    def numbers_said(self) -> str:
        line = self.line
        if not line.of_all:
            return "How many points there were is not limited by anything printed."
        most = line.of_all[-1]
        return f"The group has {most}, so that there are up to {most} points."

    def ids(self, rows: Sequence[Claim]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.claim for row in (*rows, *self.line.sizes)))

    # --- Findings ---------------------------------------------------------------------------------

    def has_summaries(self) -> bool:
        """Return whether anything is printed of the values themselves."""
        analysis = self.study.analyses[self.line.analysis]
        names = {analysis.variable, analysis.with_}
        return any(
            names & set(claim.readings("variable"))
            and _SUMMARIES & set(claim.readings("stat_name"))
            for claim in self.study.claims
        )

    def support(self, fit: _Fit) -> Finding:
        """Return that the values can belong to one line."""
        study, line = self.study, self.line
        rows = line.claims
        numbers = fit.numbers or tuple(line.of_all or line.of_fewer)
        points = None
        for number in (numbers[-1], numbers[len(numbers) // 2], numbers[0]):
            points = witness(fit.windows, number)
            if points is not None:
                break
        assumptions = fit.assumptions
        other = len(line.options) > 1 and not assumptions
        verdict = Verdict.POSSIBLE if points is not None else Verdict.OPEN
        if self.has_summaries():
            verdict = Verdict.OPEN
        if assumptions and points is not None:
            verdict = Verdict.CONDITIONAL
        fits = f"They belong to one line of {_points(numbers)}"
        if assumptions and numbers[-1] < (line.of_all or numbers)[0]:
            fits = "They belong to one line"
        if not fit.is_complete:
            fits = "No number of points was found to exclude them"
        said = f"{fits}." if not assumptions else f"{fits} if {listed(assumptions)}."
        bearings: dict[str, Bearing] = {}
        for value in fit.option.values():
            given = self.given(fit, value.name, numbers)
            beside = self.names(fit.option, value.name)
            sentence = said
            if beside:
                sentence = f"Together with {listed(beside)}: {said[0].lower()}{said[1:]}"
            if verdict is Verdict.OPEN and self.has_summaries():
                sentence += " Whether they also have the printed summaries was not worked out."
            within = given is not None and self.is_within(given, value)
            is_same = within and not assumptions and not other and self.is_fixed(fit, value.name)
            if given is not None and not assumptions:
                of_all = "With all of the group the" if line.of_all else "The"
                sentence += f" {of_all} others leave {_span(given)}."
            for claim in value.claims:
                bearings[claim.claim] = Bearing(
                    Verdict.REPRODUCED if is_same else verdict,
                    sentence,
                    attainable=None if given is None or assumptions else (given,),
                )
        found: dict[str, object] = {"numbers": [numbers[0], numbers[-1]], "fitting": len(numbers)}
        if points is not None:
            drawn = line_of(points)
            p = p_of_share(drawn.share, drawn.number)
            found |= {
                "constructed": True,
                "points": [[_text(x), _text(y)] for x, y in points],
                "r.squared": f"{float(drawn.share):.6g}",
                "p": f"{float(p.low):.6g}",
            }
        return Finding(
            CHECK,
            study.paper.key,
            "support",
            self.ids(rows),
            f"{self.said(rows)} {self.numbers_said()} {said}",
            bearings,
            assumptions=assumptions,
            resolved_by=_RESOLVED if assumptions else (),
            conventions=self.conventions.as_text(),
            witness=found,
        )

    def names(self, option: _Option, but: str) -> list[str]:
        return [_name(name) for name in option if name != but]

    def given(self, fit: _Fit, name: str, numbers: Sequence[int]) -> Interval | None:
        """Return what the other values leave of one, for all possible numbers of points."""
        if name not in ("r.squared", "adj.r.squared", P_VALUE) or len(fit.windows) < 2:
            return None
        if name not in fit.windows:
            return None
        allowed = list(self.line.of_all) or list(numbers)
        some = allowed if len(allowed) <= _MOST_PAIRS else [allowed[0], allowed[-1]]
        if len(allowed) > _MOST_PAIRS and name != P_VALUE:
            return None
        return implied(fit.windows, name, some)

    def is_within(self, given: Interval, value: Value) -> bool:
        return given.low in value.window and given.high in value.window

    def is_fixed(self, fit: _Fit, name: str) -> bool:
        """Return whether the others give a value whatever the number of points is."""
        others = [key for key in fit.windows if key != name]
        return name == "r.squared" and "correlation" in others

    def conflict(self) -> Finding | None:
        """Return that no number of points makes the values agree, by the smallest set of them."""
        study, line = self.study, self.line
        kept = list(dict.fromkeys(name for option in line.options for name in option))
        for name in tuple(kept):
            fewer = [other for other in kept if other != name]
            if fewer and not self.any_fits(fewer):
                kept = fewer
        rows = [
            row
            for option in line.options
            for name, value in option.items()
            if name in kept
            for row in value.claims
        ]
        rows = list(dict.fromkeys(rows))
        larger = self.fitting(kept, range(line.of_all.stop, 4 * line.of_all.stop))
        gives = self.gives(line.options[0], kept)
        what = listed([_name(name) for name in kept])
        bearings = {}
        for row in rows:
            others = [_name(name) for name in kept if row not in self.rows(name)]
            clash = f"It conflicts with {listed(others)}: no" if others else "No"
            which = "them all" if others else "it"
            sentence = f"{gives} {clash} line of up to {line.of_all[-1]} points has {which}".strip()
            bearings[row.claim] = Bearing(Verdict.INCONSISTENT, sentence)
        size = self.sizes.size(population_cell(study, line.population))
        if larger and size is not None and size.could_be(larger):
            for row in line.sizes:
                bearings[row.claim] = Bearing(
                    Verdict.INCONSISTENT, f"It conflicts with {what}: they need more points"
                )
        is_correlation = self.tests == ("pearson",)
        assumptions = (PLAIN_CORRELATION,) if is_correlation else (_ONE_LINE, PLAIN_LINE)
        statement = (
            f"{self.said(rows)} {self.numbers_said()} No line has them all: tried were all numbers "
            f"of points, adjusted and plain R squared, p-values of two sides and of one, and digits "
            f"that were cut off. {gives}"
        ).strip()
        found = Finding(
            CHECK,
            study.paper.key,
            "conflict",
            tuple(dict.fromkeys(row.claim for row in (*rows, *(line.sizes if larger else ())))),
            statement,
            bearings,
            resolved_by=_RESOLVED,
            changes="Whether the two variables hang together cannot be told from these values.",
            conventions=self.conventions.as_text(),
        )
        return unproved(found, assumptions)

    def rows(self, name: str) -> list[Claim]:
        return [
            row for option in self.line.options if name in option for row in option[name].claims
        ]

    def any_fits(self, names: Sequence[str]) -> bool:
        """Return whether some values alone fit, or may, with the group."""
        return bool(self.fitting(names, self.every))

    def fitting(self, names: Sequence[str], numbers: range) -> tuple[int, ...]:
        """Return numbers of points with which some values fit, or may; under any assumption."""
        for option in self.line.options:
            some = {name: value for name, value in option.items() if name in names}
            for change in (_plain, *(change for _, change in self.assumed)):
                windows = change(some)
                if windows is None or not windows:
                    continue
                found, is_complete = fitting_numbers(windows, numbers)
                if found or not is_complete:
                    return found or tuple(numbers)
        return ()

    def gives(self, option: _Option, kept: Sequence[str]) -> str:
        """Say which p-value or R squared follows if all of the group were analysed."""
        windows = {name: value.window for name, value in option.items() if name in kept}
        numbers = list(self.line.of_all)[-1:]
        for name in (P_VALUE, "r.squared"):
            if len(kept) < 2 or name not in windows:
                continue
            if (found := implied(windows, name, numbers)) is not None:
                others = listed([_name(other) for other in kept if other != name])
                return (
                    f"With all {numbers[0]} points {_name(name)} follows from {others}: "
                    f"{_span(found)}."
                )
        return ""

    def alone(self) -> Finding | None:
        """Return which p-values follow from R squared, or a correlation, alone."""
        line = self.line
        if not line.of_all or "spearman" in self.tests or len(line.of_all) > 1:
            return None
        number = line.of_all[0]
        said: list[str] = []
        for option in line.options:
            for name, value in option.items():
                if name in _RELATED:
                    found = implied({**_plain(option), P_VALUE: Interval(None, None)}, P_VALUE, [number])  # fmt: skip
                    if found is not None:
                        said.append(f"{quoted(self.study, value.claims[0])} gives p = {_span(found)}")  # fmt: skip
        if not said:
            return None
        rows = line.claims
        level = significance(self.study, self.conventions.alpha)
        needed = self.needed(level)
        statement = f"{self.said(rows)} With all {number} points and a straight line, {listed(dict.fromkeys(said))}.{needed}"  # fmt: skip
        return Finding(
            CHECK,
            self.study.paper.key,
            "note",
            self.ids(rows),
            statement,
            assumptions=(_ONE_LINE, "all of the group were analysed"),
            conventions=self.conventions.as_text(),
        )

    def needed(self, level: Fraction) -> str:
        """Say how many points it takes for a p-value below a level."""
        options = [option for option in self.line.options if "r.squared" in option]
        if len(options) != 1:
            return ""
        window = options[0]["r.squared"].window
        if not window.low:
            return ""
        few, many = 3, 4
        while p_range_of_shares(window, many).high >= level and many < 1 << 14:  # type: ignore[operator]
            few, many = many, 2 * many
        while few < many:
            middle = (few + many) // 2
            if p_range_of_shares(window, middle).high < level:  # type: ignore[operator]
                many = middle
            else:
                few = middle + 1
        return f" It is below {float(level):g} from {few} points on."

    def ranks(self) -> Finding | None:
        """Return a rank correlation that no number of pairs without ties gives."""
        line = self.line
        if not line.of_all or line.of_all[-1] > _MOST_PAIRS or len(line.options) != 1:
            return None
        value = line.options[0].get("correlation")
        if value is None or not value.window.low or value.window.high is None:
            return None
        most = line.of_all[-1]
        fitting = [
            n for n in self.every if any(rho in value.window for rho in rank_correlations(n))
        ]
        if any(number in line.of_all for number in fitting):
            return None
        near = sorted(rank_correlations(most), key=lambda rho: abs(rho - (value.window.low or 0)))
        nearest = listed(sorted({_short(rho, up=False) for rho in near[:2]}), "or")
        assumptions = ["values are tied", "a unit gives more than one pair"]
        if fitting:
            assumptions.append(_fewer(fitting, most))
        sentence = (
            f"Of {most} pairs without ties Spearman's correlation is 1 − 6D/(n³ − n) with an even D; "
            f"the nearest are {nearest}."
        )
        held = f"It holds if {listed(assumptions, 'or')}."
        return Finding(
            CHECK,
            self.study.paper.key,
            "support",
            self.ids(value.claims),
            f"{self.said(value.claims)} {sentence} {held}",
            {
                row.claim: Bearing(
                    Verdict.CONDITIONAL, f"Holds if {listed(assumptions, 'or')}: {sentence}"
                )
                for row in value.claims
            },
            assumptions=(listed(assumptions, "or"),),
            resolved_by=("How many pairs there were, and whether values were tied.",),
            conventions=self.conventions.as_text(),
            witness={"number": most, "fitting": fitting},
        )


def _either(claim: Claim) -> str:
    return " or ".join(_name(name) for name in claim.readings("stat_name"))


def _name(name: str) -> str:
    return _TITLES.get(name) or STATISTICS.get(name, name)


def _text(value: Fraction) -> str:
    return f"{float(value):.12g}"
