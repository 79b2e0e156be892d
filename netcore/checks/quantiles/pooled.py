"""Quantiles of a group and of all its parts: whether any values give both, and how many of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.other_bounds import OtherBounds
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.quantiles.granular import CHECK
from netcore.checks.quantiles.strata import LARGEST, Strata, Windows, assumption_of, sizes_of
from netcore.checks.quantiles.summaries import (
    definitions_title,
    domain_of,
    interval_text,
    numbers_text,
    rows_of,
    said,
    windows_of,
)
from netcore.checks.samples import Sample
from netcore.checks.summary_values import group_title
from netcore.checks.wording import counted, listed, place, variable_title
from netcore.printed import format_fraction
from netcore.stats.interval_arithmetic import hull
from netcore.stats.quantiles import pooling
from netcore.stats.quantiles.crowding import Crowding
from netcore.stats.quantiles.definitions import QUANTILES, defines, definitions_of
from netcore.study import Claim, Study

__all__ = ["check_pooled_quantiles"]

_CENSORED: Final = "the quartiles are of plain times, not estimated from censored ones"
_MEDIAN: Final = QUANTILES["median"]
_OF_SIZES: Final = 2  # times the size of a group: how far beyond it to look


def check_pooled_quantiles(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    divided: Sequence[Strata],
    others: OtherBounds,
) -> tuple[Finding, ...]:
    """Check quantiles of groups against those of the parts that make them up.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all groups.
    divided : sequence of Strata
        From :func:`netcore.checks.quantiles.strata.divided_samples`.
    others : OtherBounds
        What else bears on the variables.

    Returns
    -------
    tuple of Finding
        For each printing of a group and its parts: a conflict if no values give all quantiles,
        whatever the numbers analysed and the definitions; a conditional support if they need
        something that the paper does not say; otherwise how many values each part has.

    Notes
    -----
    The counting argument is that of :func:`netcore.stats.quantiles.pooling.pool`.  A conflict
    is found without a definition: a quantile of share p of n values is taken to lie
    anywhere between the values numbered floor(n p) and ceil(n p + max(p, 1 − p)), each by itself.
    """
    findings: list[Finding] = []
    seen = set()
    for strata in divided:
        key = tuple(tuple(windows_of(sample).items()) for sample in strata.samples)
        about = (strata.whole.variable, strata.whole.at, strata.whole.group, key)
        shares = {share for sample in strata.samples for share in windows_of(sample)}
        # Of medians alone nothing follows without a definition, and with the usual ones that of
        # the whole lies in the hull of the parts, which is another check's business.
        if about in seen or len(shares) < 2 or not 0 < (strata.greatest or 0) <= LARGEST:
            continue
        seen.add(about)
        findings += _check(study, conventions, sizes, strata, others)
    return tuple(findings)


def _check(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    strata: Strata,
    others: OtherBounds,
) -> Iterator[Finding]:
    everyone = _everyone(strata)
    nothing: list[Windows] = [{} for _ in strata.samples]
    if _is_excluded(sizes_of(study, strata, everyone, windows=nothing)):
        return  # the numbers of patients do not add up, whatever the quantiles are
    free = sizes_of(study, strata, everyone)
    if free.possible or free.unsettled:
        shares = {share for sample in strata.samples for share in windows_of(sample)}
        usual = tuple(
            name
            for name in definitions_of(study.paper.software)
            if all(defines(name, share) for share in shares)
        )
        by_name = {name: sizes_of(study, strata, everyone, (name,)) for name in usual}
        if usual and all(_is_excluded(found) for found in by_name.values()):
            yield from _by_others(study, conventions, strata, everyone, usual)
        else:
            yield _support(study, conventions, strata, everyone, free, by_name, others)
        return
    if not _is_excluded(free):
        return  # the budget ended, and nothing is known
    fewer = range(len(strata.parts), everyone[0])
    if not strata.whole.numbers.is_stated and fewer:
        found = sizes_of(study, strata, fewer)
        if found.possible or found.unsettled:
            numbers = [sum(one) for one in (*found.possible, *found.unsettled)]
            yield _of_fewer(study, conventions, strata, everyone, numbers)
            return
        if not _is_excluded(found):
            return
        everyone = range(fewer[0], everyone[-1] + 1)
    yield _at_odds(study, conventions, sizes, strata, everyone)


def _everyone(strata: Strata) -> range:
    """Return how many values the whole has if all its patients were analysed."""
    numbers = strata.whole.numbers
    assert numbers.greatest is not None
    if numbers.is_stated or numbers.size is None:
        return range(numbers.least, numbers.greatest + 1)
    return range(max(numbers.size[0], 1), numbers.size[1] + 1)


def _is_excluded(found: pooling.PooledSizes) -> bool:
    return found.is_complete and not found.possible and not found.unsettled


def _smallest(
    study: Study, strata: Strata, numbers: range, definitions: Sequence[str]
) -> list[Windows]:
    """Return quantiles of which none can be left out, if no values give them all.

    With definitions, no values give them by any one of these.
    """
    kept = [dict(windows_of(sample)) for sample in strata.samples]
    questions: list[tuple[str, ...]] = [(name,) for name in definitions] or [()]
    for place_, sample in enumerate(strata.samples):
        for share in windows_of(sample):
            window = kept[place_].pop(share)
            if not all(
                _is_excluded(sizes_of(study, strata, numbers, names, windows=kept))
                for names in questions
            ):
                kept[place_] = dict(sorted({**kept[place_], share: window}.items()))
    return [*kept]


def _rows(strata: Strata, windows: Sequence[Windows] | None = None) -> tuple[Claim, ...]:
    of_all = windows or [windows_of(sample) for sample in strata.samples]
    found = [
        row
        for sample, shares in zip(strata.samples, of_all, strict=True)
        for row in rows_of(sample, shares)
    ]
    return tuple(dict.fromkeys(found))


def _title(study: Study, strata: Strata) -> str:
    whole = strata.whole
    at = f" at {whole.at}" if whole.at else ""
    title = f"{variable_title(study, whole.variable)}, {group_title(study, whole.group)}{at}"
    return title[:1].upper() + title[1:]


def _said(study: Study, strata: Strata, windows: Sequence[Windows] | None = None) -> str:
    of_all = windows or [windows_of(sample) for sample in strata.samples]
    parts = []
    for sample, shares in zip(strata.samples, of_all, strict=True):
        if rows := rows_of(sample, shares):
            parts.append(f"{_name(study, sample)} {said(study, rows)} ({place(study, rows)})")
    return f"{_title(study, strata)} and its parts: {'; '.join(parts)}."


def _name(study: Study, sample: Sample) -> str:
    return group_title(study, sample.group)


def _finding(
    study: Study,
    conventions: Conventions,
    rows: Sequence[Claim],
    statement: str,
    assumption: str,
) -> Finding:
    """Return a support whose rows all hold only under an assumption."""
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(dict.fromkeys(row.claim for row in rows)),
        f"{statement} They hold together only if {assumption}.",
        {
            row.claim: Bearing(
                Verdict.CONDITIONAL,
                f"Holds beside the quantiles of the same values in the other groups only if "
                f"{assumption}.",
            )
            for row in rows
        },
        assumptions=(assumption,),
        resolved_by=("How many of each part were analysed, and how the quantiles were computed.",),
        conventions=conventions.as_text(),
    )


def _unless(study: Study, strata: Strata) -> tuple[str, ...]:
    """Return what else would let quantiles hold that no plain values have together."""
    assumption = assumption_of(study, strata)
    if not assumption:
        return ()
    if assumption == _CENSORED:
        return ("they are estimated from censored times",)
    return ("other patients were analysed for the whole than for its parts",)


def _by_others(
    study: Study,
    conventions: Conventions,
    strata: Strata,
    everyone: range,
    usual: Sequence[str],
) -> Iterator[Finding]:
    windows = _smallest(study, strata, everyone, usual)
    if _miss_hull(windows):
        return
    rows = _rows(strata, windows)
    fewer = () if strata.whole.numbers.is_stated else ("not all were analysed",)
    assumption = listed([*fewer, "they follow another definition", *_unless(study, strata)], "or")
    software = listed(study.paper.software, "or")
    statement = (
        f"{_said(study, strata, windows)} By {definitions_title(usual)}, as {software} computes "
        f"them unless told otherwise, no {numbers_text(everyone)} values have these, however "
        "many there are of each part."
    )
    yield _finding(study, conventions, rows, statement, assumption)


def _miss_hull(windows: Sequence[Windows]) -> bool:
    """Return whether the medians alone say it, which is left to the check of hulls."""
    if not all(set(of_sample) == {_MEDIAN} for of_sample in windows):
        return False
    *parts, whole = (of_sample[_MEDIAN] for of_sample in windows)
    return not hull(parts).meets(whole)


def _of_fewer(
    study: Study,
    conventions: Conventions,
    strata: Strata,
    everyone: range,
    numbers: Iterable[int],
) -> Finding:
    windows = _smallest(study, strata, everyone, ())
    assumption = listed(
        [
            f"only {numbers_text(numbers)} of {numbers_text(everyone)} were analysed",
            *_unless(study, strata),
        ],
        "or",
    )
    rows = _rows(strata, windows)
    why = _why(study, strata, windows, everyone)
    return _finding(study, conventions, rows, f"{_said(study, strata, windows)} {why}", assumption)


def _why(study: Study, strata: Strata, windows: Sequence[Windows], everyone: range) -> str:
    """Say what cannot be, and show it for one choice of the numbers of values."""
    start = "No values give these, whatever the definition of a quantile"
    found = _example(study, strata, windows, everyone[-1])
    if found is None:
        return f"{start}."
    numbers, crowding = found
    names = [_name(study, part) for part in strata.parts]
    of_each = listed(f"{number} ({name})" for number, name in zip(numbers, names, strict=True))
    least = " + ".join(map(str, crowding.at_least))
    rest = "" if len(numbers) < 2 else f" = {sum(crowding.at_least)}"
    determined = strata.whole.numbers.is_stated and all(
        part.numbers.is_stated for part in strata.parts
    )
    so = "With" if determined else "For instance, with"
    return (
        f"{start}. {so} {of_each} values, at least {least}{rest} lie "
        f"{interval_text(crowding.between)}, where the whole has at most {crowding.at_most}."
    )


def _example(
    study: Study, strata: Strata, windows: Sequence[Windows], number: int
) -> tuple[tuple[int, ...], Crowding] | None:
    """Return numbers of values of the parts, as even as can be, and what is too many there."""
    spans = []
    for part in strata.parts:
        greatest = number if part.numbers.greatest is None else part.numbers.greatest
        least = part.numbers.least if part.numbers.is_stated else 1
        spans.append((least, min(greatest, number)))
    numbers = [least for least, _ in spans]
    while sum(numbers) < number:
        free = [i for i, (_, high) in enumerate(spans) if numbers[i] < high]
        if not free:
            return None
        numbers[min(free, key=numbers.__getitem__)] += 1
    if sum(numbers) != number:
        return None
    *parts, whole = windows
    outcome = pooling.pool(parts, numbers, whole, domain=domain_of(study, strata.whole.variable))
    if isinstance(outcome, pooling.Excluded) and isinstance(outcome.proof, Crowding):
        return tuple(numbers), outcome.proof
    return None


def _at_odds(
    study: Study,
    conventions: Conventions,
    sizes: Sizes,
    strata: Strata,
    numbers: range,
) -> Finding:
    windows = _smallest(study, strata, numbers, ())
    rows = _rows(strata, windows)
    statement = f"{_said(study, strata, windows)} {_why(study, strata, windows, numbers)}"
    unless = _unless(study, strata)
    if unless:
        return _finding(study, conventions, rows, statement, listed(unless, "or"))
    bearings = {
        row.claim: Bearing(
            Verdict.INCONSISTENT,
            f"Inconsistent with {said(study, others)} of the other groups."
            if (others := [other for other in rows if other.population != row.population])
            else "Inconsistent with the other quantiles of the same values.",
        )
        for row in rows
    }
    further = range(len(strata.parts), _OF_SIZES * numbers[-1] + 1)
    of_sizes: list[Claim] = []
    for sample in _limiting(study, strata, windows, numbers, further):
        of_sizes += sample.numbers.claims
        for claim in _movable(sizes, sample, further):
            bearings[claim.claim] = Bearing(
                Verdict.INCONSISTENT, f"Inconsistent with {said(study, rows)}."
            )
    return Finding(
        CHECK,
        study.paper.key,
        "conflict",
        tuple(dict.fromkeys(row.claim for row in (*rows, *of_sizes))),
        statement,
        bearings,
        resolved_by=("Which of the values the patients' records give.",),
        changes="An estimate: the values of the whole and of its parts cannot be quoted together.",
        conventions=conventions.as_text(),
    )


def _limiting(
    study: Study, strata: Strata, windows: Sequence[Windows], numbers: range, further: range
) -> list[Sample]:
    """Return the groups of which the number of values matters; none that could be left out."""
    any_number: set[int] = set()
    for place_ in range(len(strata.samples)):
        tried = any_number | {place_}
        whole = further if len(strata.parts) in tried else numbers
        found = sizes_of(study, strata, whole, windows=windows, unlimited=tried)
        if _is_excluded(found):
            any_number = tried
    return [one for place_, one in enumerate(strata.samples) if place_ not in any_number]


def _movable(sizes: Sizes, sample: Sample, numbers: range) -> tuple[Claim, ...]:
    """Return the rows of a number of values that nothing else holds in place."""
    if sample.numbers.is_stated:
        return sample.numbers.claims
    size = sizes.size(sample.group.cell)
    return size.claims if size is not None and len(size.could_be(numbers)) > 1 else ()


def _support(
    study: Study,
    conventions: Conventions,
    strata: Strata,
    everyone: range,
    free: pooling.PooledSizes,
    by_name: dict[str, pooling.PooledSizes],
    others: OtherBounds,
) -> Finding:
    rows = _rows(strata)
    words = _sizes_text(study, strata, everyone, free, by_name)
    witness = _witness(study, strata, by_name)
    ids = {row.claim for row in rows}
    is_settled = witness is not None and not any(
        set(sample.statistics) - set(QUANTILES)
        or others.bear_on(sample.population, sample.variable, sample.at, ids)
        for sample in strata.samples
    )
    sentence = f"The quantiles of the parts do not contradict those of the whole. {words}"
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(row.claim for row in rows),
        f"{_said(study, strata)} {sentence}",
        {
            row.claim: Bearing(Verdict.POSSIBLE if is_settled else Verdict.OPEN, sentence)
            for row in rows
        },
        conventions=conventions.as_text(),
        witness=witness,
    )


def _sizes_text(
    study: Study,
    strata: Strata,
    everyone: range,
    free: pooling.PooledSizes,
    by_name: dict[str, pooling.PooledSizes],
) -> str:
    """Say how many values of each part fit, where the paper does not print it."""
    if not free.is_complete:
        return "How many values each part has was not worked out."
    possible = [*free.possible, *free.unsettled]
    first = strata.parts[0]
    at_most = everyone[-1]
    tried = range(1, min(first.numbers.greatest or at_most, at_most) + 1)
    fitting = {one[0] for one in possible}
    name = _name(study, first)
    if all(part.numbers.is_stated or _is_printed(part) for part in strata.parts):
        return f"All {numbers_text(everyone)} may have been analysed."
    plain = (
        " and these are plain times, not estimated from censored ones"
        if assumption_of(study, strata) == _CENSORED
        else ""
    )
    if len(strata.parts) != 2:
        return (
            f"If all {numbers_text(everyone)} were analysed{plain}, {counted(len(possible), 'way')} to divide "
            f"them among the parts {'is' if len(possible) == 1 else 'are'} left."
        )
    text = (
        f"If all {numbers_text(everyone)} were analysed{plain}, {numbers_text(fitting)} of them "
        f"belong to {name}, whatever the definition of a quantile"
    )
    if len(fitting) < len(tried):
        text += f": of {counted(len(tried), 'number')} tried, with the others no values have all of these"
    text += "."
    told = {
        definition: {one[0] for one in (*found.possible, *found.unsettled)}
        for definition, found in by_name.items()
        if found.is_complete
    }
    narrower: dict[str, list[str]] = {}
    for definition, of in told.items():
        if of != fitting:
            narrower.setdefault(numbers_text(of) if of else "none", []).append(definition)
    if narrower:
        left = listed(f"{of} by {definitions_title(by)}" for of, by in narrower.items())
        text += f" One definition for all of the quantiles leaves {left}."
    return text


def _is_printed(sample: Sample) -> bool:
    size = sample.numbers.size
    return size is not None and size[0] == size[1] and bool(sample.numbers.claims)


def _witness(
    study: Study, strata: Strata, by_name: dict[str, pooling.PooledSizes]
) -> dict[str, object] | None:
    """Return values of all parts by a definition of the named software, if some were found."""
    *parts, whole = [windows_of(sample) for sample in strata.samples]
    domain = domain_of(study, strata.whole.variable)
    for name, found in by_name.items():
        for numbers in found.possible:
            outcome = pooling.pool(parts, numbers, whole, (name,), domain=domain)
            if isinstance(outcome, pooling.PooledValues):
                return {
                    "kind": f"values of {sum(numbers)} units, constructed",
                    "constructed": True,
                    "quantiles": definitions_title([name]),
                    "parts": {
                        _name(study, part): [format_fraction(Fraction(value)) for value in values]
                        for part, values in zip(strata.parts, outcome.values, strict=True)
                    },
                }
    return None
