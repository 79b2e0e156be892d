"""Common denominators: one number of units behind many percentages, or behind means.

A place whose percentages do not fit the groups of their rows may have been made from
another number of units.  Which numbers would give them all is worth knowing; as some
would give any list, it is never more than a note.  A mean of whole numbers that no total
of its group gives was made from another number, or from finer values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from netcore.checks.estimands import (
    Cell,
    cell_of,
    is_first_hand,
    is_patient_data,
    population_cell,
    readings,
)
from netcore.checks.finding import Conventions, Finding, Repair
from netcore.checks.granular_means import (
    GranularMean,
    check_granular_means,
    granular_means,
    steps_title,
)
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages.fits import HUNDRED
from netcore.checks.percentages.sizes import NO_LIMIT, Sizes
from netcore.checks.wording import counted, listed, place, quoted, variable_title
from netcore.printed import Interval
from netcore.stats.counts import counts_behind, denominators_behind, every_percentage_possible
from netcore.stats.denominators import common_denominators, printable_percentages
from netcore.stats.moments.grim import totals_behind_mean
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_common_denominators"]

CHECK: Final = "common-denominators"

_FEWEST: Final = 3  # fewer percentages than that have a denominator in common too easily
_LARGEST: Final = 2_000
_FEW: Final = 5  # more denominators than that explain nothing
_WORDS: Final = {Fraction(1): "whole percentages", Fraction(1, 10): "percentages of one decimal"}


@dataclass(frozen=True, slots=True)
class _Percentage:
    claim: Claim
    window: Interval
    step: Fraction
    counts: tuple[int, ...]
    fits: bool  # its own group, or one that contains it


def check_common_denominators(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[Finding, ...]:
    """Search numbers of units that would explain many percentages or means of one place.

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
        A note for each place where some percentage fits no group of its row
        but a few denominators fit them all; and for each mean of whole
        numbers that does not fit the size of its group, what would.

    Notes
    -----
    A denominator D gives a percentage if some 100 n / D with 0 <= n <= D lies
    in its window.  All D from 1 to the size of the cohort are tried, but for
    those so large (D >= 100 / step) that they give any percentage.  How much
    it explains by itself is the share of all printable percentages that D
    gives.
    """
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    means = granular_means(study, conventions, sizes)
    findings: list[Finding] = []
    for (_, root), items in _places(study, conventions, sizes).items():
        finding = _note(study, conventions, sizes, root, items, means)
        if finding is not None:
            findings.append(finding)
    findings.extend(check_granular_means(study, conventions, sizes, means))
    return tuple(findings)


def _places(
    study: Study, conventions: Conventions, sizes: Sizes
) -> dict[tuple[str, str], list[_Percentage]]:
    """Group the percentages by place and kind of unit."""
    found: dict[tuple[str, str], list[_Percentage]] = {}
    for claim in study.claims:
        if claim.stat_name != "pct" or not is_patient_data(study, claim):
            continue
        printed = study.printed(claim)
        if not is_first_hand(study, claim) or not printed.is_number or printed.step is None:
            continue
        cells = [cell_of(study, reading) for reading in readings(claim)]
        roots = {cell.root for cell in cells if cell is not None}
        window = printed.window(conventions.rounding, domain=HUNDRED)
        if None in cells or len(roots) != 1 or window.is_empty:
            continue
        counts = [sizes.values(cell) for cell in cells if cell is not None]
        item = _Percentage(
            claim,
            window,
            printed.step,
            counts[0] if len(counts) == 1 else (),
            _fits_its_group(study, sizes, claim, window),
        )
        found.setdefault((claim.location, roots.pop()), []).append(item)
    return found


def _fits_its_group(study: Study, sizes: Sizes, claim: Claim, window: Interval) -> bool:
    """Return whether a percentage is one of its group, or of one that contains it."""
    for reading in readings(claim):
        named = reading.denominator or reading.population
        above = () if reading.denominator else study.ancestors(named)
        for name in (named, *above):
            low, high = sizes.span(population_cell(study, name))
            if high >= NO_LIMIT:
                return True
            # Whether the counts beside them agree is another question.
            if any(counts_behind(window, number) for number in range(max(low, 1), high + 1)):
                return True
    return False


def _note(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    root: str,
    items: Sequence[_Percentage],
    means: Sequence[GranularMean],
) -> Finding | None:
    plain = {item.claim.printed for item in items if item.window.low and item.window.high != 100}
    misfits = [item for item in items if not item.fits]
    largest = sizes.span(Cell(root, frozenset()))[1]
    if len(plain) < _FEWEST or not misfits or largest > _LARGEST:
        return None
    steps = {item.step for item in items}
    tried = [
        number
        for number in range(1, largest + 1)
        if not all(every_percentage_possible(step, number) for step in steps)
    ]
    common = set(common_denominators([item.window for item in items], largest))
    fitting = [number for number in tried if number in common]
    if not 0 < len(fitting) <= _FEW:
        return None
    where = place(study, [items[0].claim])
    numbers = listed((str(number) for number in fitting), "or")
    what = f"all {len(items)} percentages"
    ids = tuple(item.claim.claim for item in items)
    sentences = [
        f"{where}: a denominator of {numbers} would also give {what} (denominators tried: "
        f"{len(tried)}; that fit: {len(fitting)}).",
        *(_chance(items, number, conventions) for number in fitting),
        f"With the digits as printed {_misfit_words(len(misfits), len(items))} the group of "
        f"{'its row' if len(misfits) in (1, len(items)) else 'their rows'}, nor a larger one; a coarser "
        "rounding is judged percentage by percentage.",
        *_beside(items, fitting),
    ]
    same = [mean for mean in means if mean.claim.location == items[0].claim.location]
    for mean in same:
        given = [n for n in fitting if totals_behind_mean(mean.window, n, mean.step)]
        if given and mean.root == root:
            also = listed((str(number) for number in given), "or")
            sentences.append(
                f"{also} would also give the mean {quoted(study, mean.claim)} of "
                f"{variable_title(study, mean.variable)}, in {steps_title(study, mean)}."
            )
    repairs = tuple(
        Repair(ids, f"one denominator of {number} for {what} of {where}") for number in fitting
    )
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        ids,
        " ".join(sentences),
        resolved_by=("Of how many the percentages are.",),
        repairs=repairs,
        conventions=conventions.as_text(),
    )


def _misfit_words(number: int, of: int) -> str:
    if number == of:
        return "none of them fits"
    return "one of them does not fit" if number == 1 else f"{number} of them do not fit"


def _chance(items: Sequence[_Percentage], number: int, conventions: Conventions) -> str:
    """Say how many percentages a denominator gives anyway."""
    said = []
    steps = sorted({item.step for item in items}, reverse=True)
    for step in steps:
        some, all_ = printable_percentages(number, step, conventions.rounding)
        words = _WORDS.get(step, f"percentages in steps of {float(step):g}")
        said.append(f"{some} of the {all_} {words}")
    text = f"{number} gives {listed(said)}"
    for spacing in (10, 5):
        if steps == [1] and all(
            item.claim.printed.isdigit() and int(item.claim.printed) % spacing == 0
            for item in items
        ):
            some, all_ = printable_percentages(
                number, Fraction(1), conventions.rounding, Fraction(spacing)
            )
            text += f", and {some} of the {all_} multiples of {spacing}"
            if some == all_:
                text += ", so that any list of these would fit it"
            break
    return f"{text}."


def _beside(items: Sequence[_Percentage], fitting: Sequence[int]) -> Iterable[str]:
    """Say whether the counts beside the percentages fit the denominators too."""
    known = [item for item in items if item.counts]
    if not known:
        return
    for number in fitting:
        fit = sum(
            any(number in denominators_behind(item.window, count, number) for count in item.counts)
            for item in known
        )
        yield f"Of {counted(len(known), 'count')} printed beside them, {fit} fit{'s' if fit == 1 else ''} a denominator of {number}."
