"""Laws of quantiles: how many values of a group, and of its parts, lie up to a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from netcore.checks.certificates.laws import Law, linear
from netcore.checks.certificates.names import Quantity, cell_text, count_form
from netcore.checks.finding import Conventions
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.quantiles.strata import Strata, assumption_of, divided_samples
from netcore.checks.samples import Sample, printed_samples
from netcore.checks.summary_values import SummaryValues
from netcore.printed import format_fraction
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.study import Claim, Study

__all__ = ["quantile_laws"]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A number up to which, or below which, values are counted, and the row it comes from."""

    at: Fraction
    is_below: bool
    row: Claim

    @property
    def place(self) -> tuple[Fraction, bool]:
        """Where it stands among other cuts: values below a number come first."""
        return self.at, not self.is_below

    @property
    def words(self) -> str:
        return f"{'below' if self.is_below else 'up to'} {format_fraction(self.at)}"


def quantile_laws(study: Study, conventions: Conventions, sizes: Sizes) -> Iterator[Law]:
    """Yield the laws of quantiles that are printed of groups and of all their parts.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    sizes : Sizes
        Sizes of all groups.

    Yields
    ------
    Law
        For each printed quantile how many values lie up to the window and below it, by any
        definition; that more lie up to a greater number; and that the values of the whole are
        those of its parts.

    Notes
    -----
    A quantile of share a/b of n values lies between x_(i) and x_(k) with i = floor(n a/b) and
    k = ceil(n a/b + max(a, b − a)/b), or the first and the last.  If it is at most t, at
    least i values are, and b i ≥ a n − (b − 1).  If it is at least t, at most k − 1 values are below
    t, and b (k − 1) ≤ a n + max(a, b − a) − 1.
    """
    printed = printed_samples(study, conventions, sizes)
    for strata in divided_samples(study, printed, SummaryValues(study, conventions)):
        if not assumption_of(study, strata):
            yield from _of_strata(study, conventions, strata)


def _of_strata(study: Study, conventions: Conventions, strata: Strata) -> Iterator[Law]:
    cuts: list[_Cut] = []
    for sample in strata.samples:
        yield from _of_number(study, sample)
        for name, share in QUANTILES.items():
            if name not in sample.statistics:
                continue
            for row in sample.statistics[name].claims:
                window = study.printed(row).window(conventions.rounding)
                if window.high is not None:
                    cut = _Cut(window.high, is_below=False, row=row)
                    cuts.append(cut)
                    yield from _up_to(study, sample, share, cut)
                if window.low is not None:
                    cut = _Cut(window.low, is_below=True, row=row)
                    cuts.append(cut)
                    yield from _below(study, sample, share, cut)
    for sample in strata.samples:
        number = _number(study, sample)
        for cut in cuts:
            values = _values(study, sample, cut)
            name = f"part of all: {values}, by {cut.row.claim}"
            yield linear(name, {values: 1, number: -1}, high=0, reads=_reads(cut))
        for one, other in combinations(sorted(cuts, key=lambda cut: cut.place), 2):
            if one.place < other.place:
                first, second = _values(study, sample, one), _values(study, sample, other)
                reads = _reads(one) | _reads(other)
                rows = f"by {one.row.claim} and {other.row.claim}"
                name = f"no fewer: {second} than {one.words}, {rows}"
                yield linear(name, {first: 1, second: -1}, high=0, reads=reads)
    whole = strata.whole
    who = " + ".join(cell_text(study, part.group.cell) for part in strata.parts)
    parts = {_number(study, part): 1 for part in strata.parts}
    number = _number(study, whole)
    yield linear(f"parts: {number} of {who}", parts | {number: -1}, low=0, high=0)
    for cut in cuts:
        values = _values(study, whole, cut)
        form = {_values(study, part, cut): 1 for part in strata.parts} | {values: -1}
        name = f"parts: {values} of {who}, by {cut.row.claim}"
        yield linear(name, form, low=0, high=0, reads=_reads(cut))


def _reads(cut: _Cut) -> dict[str, str]:
    return {cut.row.claim: cut.row.printed}


def _number(study: Study, sample: Sample) -> str:
    return _named(study, sample, "#number analysed")


def _values(study: Study, sample: Sample, cut: _Cut) -> str:
    return _named(study, sample, f"#values {cut.words}")


def _named(study: Study, sample: Sample, stat: str) -> str:
    who = cell_text(study, sample.group.cell)
    return Quantity(stat, sample.variable, "", sample.at, "", "", who, "").name


def _of_number(study: Study, sample: Sample) -> Iterator[Law]:
    """Yield that somebody was analysed, and no more than there are."""
    number = _number(study, sample)
    yield linear(f"somebody: {number}", {number: 1}, low=1)
    if not sample.numbers.is_stated:
        cell = sample.group.cell
        group = {
            part: -count for part, count in count_form(study, cell.root, cell.conditions).items()
        }
        yield linear(f"at most: {number}", {number: Fraction(1)} | group, high=0)


def _up_to(study: Study, sample: Sample, share: Fraction, cut: _Cut) -> Iterator[Law]:
    values, number = _values(study, sample, cut), _number(study, sample)
    a, b = share.numerator, share.denominator
    name = f"{share} of the values: {values}, by {cut.row.claim}"
    yield linear(name, {values: b, number: -a}, low=1 - b, reads=_reads(cut))
    yield linear(f"one value: {values}, by {cut.row.claim}", {values: 1}, low=1, reads=_reads(cut))


def _below(study: Study, sample: Sample, share: Fraction, cut: _Cut) -> Iterator[Law]:
    values, number = _values(study, sample, cut), _number(study, sample)
    a, b = share.numerator, share.denominator
    name = f"{share} of the values: {values}, by {cut.row.claim}"
    most = max(a, b - a) - 1
    yield linear(name, {values: b, number: -a}, high=most, reads=_reads(cut))
    name = f"not all values: {values}, by {cut.row.claim}"
    yield linear(name, {values: 1, number: -1}, high=-1, reads=_reads(cut))
