"""Quantiles of values with a step: by which definition, and of how many values, they can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Final

from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.order_relations import name_of
from netcore.checks.other_bounds import OtherBounds
from netcore.checks.quantiles.summaries import (
    definitions_title,
    domain_of,
    numbers_text,
    one_reading,
    rows_of,
    said,
    step_of,
    steps_title,
    windows_of,
)
from netcore.checks.samples import PrintedSample, Sample
from netcore.checks.summary_values import group_title
from netcore.checks.wording import counted, listed, place, variable_title
from netcore.printed import Interval, format_fraction
from netcore.stats.quantiles.definitions import (
    DEFINITIONS,
    QUANTILES,
    defines,
    definitions_of,
    quantile_form,
)
from netcore.stats.quantiles.feasibility import (
    Impossible,
    Possible,
    Undecided,
    feasible,
    numbers_behind_quantile,
)
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_granular_quantiles"]

CHECK: Final = "quantiles"

_TRIED: Final = 200  # numbers of values below the size of the group; the forms repeat every few
_LONGEST: Final = 1_000  # values; a longer list convinces nobody more

Windows = Mapping[Fraction, Interval]


@dataclass(frozen=True, slots=True)
class _Question:
    """Printed quantiles of multiples of a step, and how many values there may be."""

    windows: Windows
    step: Fraction
    domain: Interval
    numbers: tuple[int, ...]  # the largest first
    everyone: tuple[int, ...]  # those of them that may be the whole group
    usual: tuple[str, ...]  # definitions of the named software, or all

    def only(self, shares: Iterable[Fraction]) -> _Question:
        """Return the question about some of the quantiles."""
        kept = {share: self.windows[share] for share in shares}
        return replace(self, windows=kept)

    def values(self, number: int, name: str) -> Possible | Impossible | Undecided | None:
        """Return values by a definition; None if it does not define the quantiles."""
        if not all(defines(name, share) for share in self.windows):
            return None
        if not _may_be(self, number, name):
            return None
        return feasible(self.windows, number, (name,), domain=self.domain, step=self.step)

    def plain(self) -> tuple[int, str, tuple[Fraction, ...]] | None:
        """Return values of the whole group by a usual definition, if there are some."""
        for number in self.everyone:
            for name in self.usual:
                found = self.values(number, name)
                if isinstance(found, Possible):
                    return number, name, found.values
        return None

    def fits(self) -> dict[int, tuple[str, ...]]:
        """Return numbers of values with the definitions by which there are or may be some."""
        found = {}
        known: dict[tuple[tuple[int, Fraction], ...], bool] = {}

        def fit(number: int, name: str) -> bool:
            if not all(defines(name, share) for share in self.windows):
                return False
            key = _pattern(self.windows, number, name)
            if key not in known:
                known[key] = isinstance(self.values(number, name), Possible | Undecided)
            return known[key]

        for number in self.numbers:
            names = tuple(name for name in DEFINITIONS if fit(number, name))
            if names:
                found[number] = names
        return found


def _pattern(windows: Windows, number: int, name: str) -> tuple[tuple[int, Fraction], ...]:
    """Return how quantiles share the values that enter them, which is all that decides.

    Values that enter no quantile repeat a neighbour, so how many these are does not matter.
    """
    forms = [quantile_form(name, share, number) for share in windows]
    entering = sorted({index for form in forms for index in form.indices})
    return tuple((entering.index(form.index), form.weight) for form in forms)


def _may_be(question: _Question, number: int, name: str) -> bool:
    """Return whether each quantile by itself has a value that a definition can give."""
    return all(
        number in _behind(window, share, max(question.numbers), question.step, name)
        for share, window in question.windows.items()
        if window.low is not None and window.high is not None
    )


@lru_cache(maxsize=1 << 12)
def _behind(
    window: Interval, share: Fraction, largest: int, step: Fraction, name: str
) -> frozenset[int]:
    return frozenset(numbers_behind_quantile(window, share, largest, step, (name,)))


def check_granular_quantiles(
    study: Study,
    conventions: Conventions,
    printed: Sequence[PrintedSample],
    others: OtherBounds,
) -> tuple[Finding, ...]:
    """Say of quantiles of values with a step by which definitions they can be.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    printed : sequence of PrintedSample
        From :func:`netcore.checks.samples.printed_samples`.
    others : OtherBounds
        What else bears on the variables.

    Returns
    -------
    tuple of Finding
        For each sample a support: values that print as its quantiles by a usual definition; or
        what would have to be so that there are some.

    Notes
    -----
    Never a conflict.  By every listed definition a median of whole numbers is a whole or a
    half number, and a quartile a multiple of 1/4, 1/12 or 1/16 with the number of values; but there
    are medians that are interpolated within classes, which a paper may print as well.
    """
    findings: list[Finding] = []
    for item in printed:
        sample = one_reading(study, item)
        if sample is None:
            continue
        question = _question(study, sample)
        if question is None:
            continue
        plain = question.plain()
        if plain is not None:
            findings.append(_support(study, conventions, item, sample, question, plain, others))
        else:
            findings += _conditional(study, conventions, sample, question)
    return tuple(findings)


def _question(study: Study, sample: Sample) -> _Question | None:
    step, _ = step_of(study, sample.variable)
    greatest = sample.numbers.greatest
    if step is None or greatest is None or greatest < 1:
        return None
    least = max(sample.numbers.least, greatest - _TRIED + 1)
    numbers = tuple(range(greatest, least - 1, -1))
    size = sample.numbers.size
    is_known = sample.numbers.is_stated or size is None
    everyone = [number for number in numbers if is_known or (size and number >= size[0])]
    return _Question(
        windows_of(sample),
        step,
        domain_of(study, sample.variable),
        numbers,
        tuple(everyone),
        definitions_of(study.paper.software) or tuple(DEFINITIONS),
    )


def _heading(study: Study, sample: Sample, rows: Sequence[Claim]) -> str:
    title = f"{variable_title(study, sample.variable)}, {group_title(study, sample.group)}"
    at = f" at {sample.at}" if sample.at else ""
    return f"{title[:1].upper()}{title[1:]}{at}: {said(study, rows)} ({place(study, rows)})."


def _support(
    study: Study,
    conventions: Conventions,
    item: PrintedSample,
    sample: Sample,
    question: _Question,
    plain: tuple[int, str, tuple[Fraction, ...]],
    others: OtherBounds,
) -> Finding:
    number, name, values = plain
    rows = rows_of(sample, question.windows)
    steps = steps_title(study, sample.variable, question.step)
    ids = {claim.claim for claim in item.claims}
    is_settled = (
        set(sample.statistics) <= set(QUANTILES)
        and len(item.readings) == 1
        and (sample.numbers.is_stated or sample.numbers.size is not None)
        and not others.bear_on(sample.population, sample.variable, sample.at, ids)
    )
    sentence = (
        f"In {steps}, {counted(number, 'value')} {'has' if number == 1 else 'have'} these by {definitions_title([name])}"
        f" ({_software(study)})."
    )
    bearing = Bearing(Verdict.POSSIBLE if is_settled else None, sentence)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(claim.claim for claim in rows),
        f"{_heading(study, sample, rows)} {sentence}",
        {claim.claim: bearing for claim in rows},
        conventions=conventions.as_text(),
        witness={
            "kind": f"values of {number} units, constructed",
            "constructed": True,
            "quantiles": definitions_title([name]),
            "values": [format_fraction(value) for value in values],
        }
        if number <= _LONGEST
        else None,
    )


def _software(study: Study) -> str:
    names = study.paper.software
    if definitions_of(names):
        return f"as {listed(names, 'or')} computes them unless told otherwise"
    return "the paper names no software whose definition is known"


def _conditional(
    study: Study,
    conventions: Conventions,
    sample: Sample,
    question: _Question,
) -> Iterator[Finding]:
    """Yield one finding for each quantile that is at odds alone, or for all that are together."""
    alone = [share for share in question.windows if question.only([share]).plain() is None]
    for share in alone:
        yield _needs(study, conventions, sample, question.only([share]))
    if not alone:
        yield _needs(study, conventions, sample, question.only(_smallest(question)))


def _smallest(question: _Question) -> list[Fraction]:
    """Return shares of quantiles, none of which can be left out."""
    kept = list(question.windows)
    for share in question.windows:
        rest = [other for other in kept if other != share]
        if question.only(rest).plain() is None:
            kept = rest
    return kept


def _needs(study: Study, conventions: Conventions, sample: Sample, question: _Question) -> Finding:
    """Say what would have to be so that there are values with some quantiles."""
    rows = rows_of(sample, question.windows)
    steps = steps_title(study, sample.variable, question.step)
    fits = question.fits()
    usual = set(question.usual)
    by_usual = sorted(number for number, names in fits.items() if usual & set(names))
    by_all = {name for number in question.everyone for name in fits.get(number, ())}
    of_all = numbers_text(question.everyone)
    ways = []
    if by_usual:
        ways.append(f"only {numbers_text(by_usual)} of {of_all} were analysed")
    if by_all:
        one = "it follows" if len(question.windows) == 1 else "they follow"
        ways.append(f"{one} {definitions_title(by_all)}")
    elif fits and not by_usual:
        names = {name for found in fits.values() for name in found}
        ways.append(
            f"only {numbers_text(fits)} of {of_all} were analysed, by {definitions_title(names)}"
        )
    ways.append(f"{variable_title(study, sample.variable)} is not in {steps}")
    what = "it is" if len(question.windows) == 1 else "they are"
    if not set(question.windows) <= {0, 1}:
        ways.append(f"{what} interpolated within classes, as a grouped median is")
    if not set(question.windows) <= {0, 1} and study.variables[sample.variable].type == "time":
        ways.append(f"{what} estimated from censored times")
    assumption = ", or ".join(ways)
    start = f"{_heading(study, sample, rows)} {_why(study, question, steps, fits)}"
    bearing = Bearing(Verdict.CONDITIONAL, f"Holds if {assumption}.")
    tried = len(question.numbers)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(claim.claim for claim in (*rows, *sample.numbers.claims)),
        f"{start} It holds if {assumption}.",
        {claim.claim: bearing for claim in rows},
        assumptions=(assumption,),
        resolved_by=(
            "How finely the values were recorded, how many there were, and how the quantiles were "
            "computed.",
        ),
        conventions=conventions.as_text(),
        witness={"numbers": sorted(fits), "tried": tried, "definitions": len(DEFINITIONS)},
    )


def _why(
    study: Study,
    question: _Question,
    steps: str,
    fits: Mapping[int, tuple[str, ...]],
) -> str:
    usual = (
        f"by {definitions_title(question.usual)} ({_software(study)})"
        if definitions_of(study.paper.software)
        else f"by any of {len(DEFINITIONS)} definitions"
    )
    they = "this value" if len(question.windows) == 1 else "these values together"
    everyone = numbers_text(question.everyone)
    values = "1 value has" if everyone == "1" else f"{everyone} values have"
    words = f"In {steps}, no {values} {they} {usual}."
    share = next(iter(question.windows))
    if len(question.windows) == 1 and share == Fraction(1, 2):
        unit = format_fraction(question.step / 2)
        words += f" Such a median is a value or the middle of two, a multiple of {unit}."
    elif len(question.windows) == 1 and share in (0, 1):
        name = next(name for name, of_name in QUANTILES.items() if of_name == share)
        words += f" The {name_of(name)} is one of the values."
    if not fits:
        words += f" Nor has any number of values tried, {numbers_text(question.numbers)}."
    return words
