"""Certificates of samples that no values have, as ``verify_evidence.py`` replays them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from netcore.checks.certificates.laws import Under
from netcore.checks.certificates.samples import (
    SampleMeaning,
    numbers_by,
    sample_name,
    study_samples,
)
from netcore.checks.certificates.single_rule import case_of, certificate_of, nothing_left
from netcore.checks.estimands import readings
from netcore.checks.finding import Conventions
from netcore.checks.open_cells import open_columns, point_of
from netcore.checks.samples import Sample
from netcore.printed import Interval
from netcore.stats.moments.plain_refusal import are_refused
from netcore.study import Claim, Study

__all__ = ["certificate"]

_MOST_VALUES: Final = 10**5  # over all numbers of them


@dataclass(frozen=True, slots=True)
class _Proof:
    """One way to read rows, and why no values are so."""

    taken: Under
    name: str
    size: str
    rows: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        cited = (self.size, *self.rows)
        return case_of([nothing_left("values", (self.name, *cited), cited)], [1], self.taken)


def certificate(
    study: Study, conventions: Conventions, refused: Sequence[Sample]
) -> dict[str, Any] | None:
    """Return a proof that no values have what is printed of a sample, however it is read.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    refused : sequence of Sample
        Every reading, with the statistics that conflict.

    Returns
    -------
    dict or None
        None where plain bounds do not show it for every number of values up
        to a printed size, or the number that is stated.

    Notes
    -----
    Digits may have been rounded or cut off.  Of several printings of one value
    each is in a proof if it can take the place of the first.
    """
    known = study_samples(study)
    cases = [_proof(study, known, sample) for sample in refused]
    proved = [case for case in cases if case is not None]
    found = [case for case in proved if not case.taken][:1] or _apart(proved)
    if len(proved) < len(cases) or not _is_whole(study, found):
        return None
    proofs = [found]
    cited = {row for case in found for row in (case.size, *case.rows)}
    for sample in refused if len(found) == 1 else ():
        for row in (*sample.claims, *sample.numbers.claims):
            other = None if row.claim in cited else _proof(study, known, sample, row.claim)
            if other is not None and not other.taken and row.claim in (other.size, *other.rows):
                proofs.append([other])
                cited |= {other.size, *other.rows}
    return certificate_of(conventions, cited, [[case.as_json() for case in one] for one in proofs])


def _apart(cases: Iterable[_Proof]) -> list[_Proof]:
    """Leave out cases that are taken alike."""
    return [*{tuple(sorted(case.taken.items())): case for case in cases}.values()]


def _proof(
    study: Study, known: Mapping[str, SampleMeaning], sample: Sample, preferred: str = ""
) -> _Proof | None:
    """Return the proof of one reading, of as few rows as will do."""
    rows: dict[str, Claim] = {}
    for name, item in sample.statistics.items():
        chosen = [row for row in item.claims if row.claim == preferred]
        rows[name] = (*chosen, *item.claims)[0]
    taken: dict[str, str] = {}
    names = set()
    for stat, row in rows.items():
        for reading in readings(row):
            under = {
                point_of(study, row, column): getattr(reading, column)
                for column in open_columns(row)
            }
            is_meant = (reading.stat_name, reading.variable, reading.population, reading.at)
            if is_meant == (stat, sample.variable, sample.population, sample.at):
                names.add(sample_name(study, row, reading))
                taken |= under
                break
        else:
            return None
    (name, *others) = names
    if others or name not in known:
        return None
    for size in _sizes(known[name], sample, preferred):
        numbers = numbers_by(study, known[name], size)
        if numbers is None or len(numbers) * numbers[-1] > _MOST_VALUES:
            continue
        needed = _needed(study, known[name], rows, numbers)
        if needed:
            points = {
                point_of(study, row, column) for row in needed for column in open_columns(row)
            }
            under = {point: choice for point, choice in taken.items() if point in points}
            return _Proof(under, name, size, tuple(row.claim for row in needed))
    return None


def _sizes(known: SampleMeaning, sample: Sample, preferred: str) -> Iterator[str]:
    """Yield the rows that say how many values there are, those that are to be cited first."""
    rows = [row.claim for row in sample.numbers.claims if row.claim in known.sizes]
    yield from sorted(rows, key=lambda row: (row != preferred, known.sizes[row] != "exactly"))


def _needed(
    study: Study, known: SampleMeaning, rows: Mapping[str, Claim], numbers: range
) -> list[Claim]:
    """Return the rows without any of which the bounds would refuse nothing; none if they do not."""
    domain = Interval(known.low, known.high)
    windows = {stat: study.printed(row).window("any") for stat, row in rows.items()}

    def is_refused(stats: Mapping[str, Interval]) -> bool:
        return all(are_refused(stats, n, known.step, domain) for n in reversed(numbers))

    if not is_refused(windows):
        return []
    for stat in [*windows]:
        fewer = {name: window for name, window in windows.items() if name != stat}
        if fewer and is_refused(fewer):
            windows = fewer
    return [rows[stat] for stat in windows]


def _is_whole(study: Study, found: Sequence[_Proof]) -> bool:
    """Return whether the cases treat everything that the rows leave open."""
    points: dict[str, dict[str, None]] = {}
    claims = {claim.claim: claim for claim in study.claims}
    for case in found:
        for row in case.rows:
            for column in open_columns(claims[row]):
                options = dict.fromkeys(claims[row].readings(column))
                points.setdefault(point_of(study, claims[row], column), {}).update(options)
    ways = product(*points.values())
    return all(
        any(case.taken.items() <= {*zip(points, way, strict=True)} for case in found)
        for way in ways
    )
