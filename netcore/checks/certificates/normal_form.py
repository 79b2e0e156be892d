"""A study in normal form: what its rows are about, what it leaves open, what its definitions impose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from netcore.checks.certificates.count_tests import CountedGroup, count_tests
from netcore.checks.certificates.date_laws import date_laws
from netcore.checks.certificates.derived_laws import derived_laws
from netcore.checks.certificates.laws import Law, Laws
from netcore.checks.certificates.names import Quantity, quantity_of
from netcore.checks.certificates.order_laws import order_laws
from netcore.checks.certificates.quantile_laws import quantile_laws
from netcore.checks.certificates.rows import RowMeaning, meaning_of
from netcore.checks.certificates.rule_laws import counted_laws, criteria_laws
from netcore.checks.certificates.samples import SampleMeaning, mean_tests, rank_tests, samples_of
from netcore.checks.certificates.share_laws import mean_laws, percentage_laws
from netcore.checks.count_analysis import CountAnalysis, analyse_counts
from netcore.checks.estimands import readings
from netcore.checks.finding import Conventions
from netcore.checks.percentages.sizes import Sizes
from netcore.printed import Printed
from netcore.study import Study

__all__ = ["NormalForm", "normal_form"]


@dataclass(frozen=True, slots=True)
class NormalForm:
    """What proofs about a study rest on, beside what it prints.

    Parameters
    ----------
    rows : Mapping of str to RowMeaning
        By the id of the row, in the order of the file.
    points : Mapping of str to tuple of str
        What the study leaves open, with everything that it can be.
    laws : Mapping of str to Law
        By name.
    samples : Mapping of str to SampleMeaning
        By name.
    rank_tests : Mapping of str to tuple of str
        Rows that print a p-value of a Mann-Whitney test, with the names of
        the samples that it compares.
    mean_tests : Mapping of str to tuple of str
        The same of t-tests.
    count_tests : Mapping of str to tuple of CountedGroup
        The same of tests of counts, with the groups themselves.
    """

    rows: Mapping[str, RowMeaning]
    points: Mapping[str, tuple[str, ...]]
    laws: Mapping[str, Law]
    samples: Mapping[str, SampleMeaning]
    rank_tests: Mapping[str, tuple[str, ...]]
    mean_tests: Mapping[str, tuple[str, ...]]
    count_tests: Mapping[str, tuple[CountedGroup, CountedGroup]]


def normal_form(
    study: Study,
    conventions: Conventions,
    library: Sequence[Study] = (),
    analyses: Sequence[CountAnalysis] | None = None,
) -> NormalForm:
    """Bring a study into normal form.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    library : sequence of Study
        Other documents, which it may count.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.count_analysis.analyse_counts`, where it
        has been done already.

    Returns
    -------
    NormalForm
        The same whatever any check finds.
    """
    laws = Laws()
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    rows = {claim.claim: meaning_of(study, claim, laws) for claim in study.claims}
    quantities: dict[str, Quantity] = {}
    printed: dict[str, list[Printed]] = {}
    for claim in study.claims:
        for reading in readings(claim):
            quantity = quantity_of(study, claim, reading)
            quantities.setdefault(quantity.name, quantity)
            if study.is_numeric(claim):
                printed.setdefault(quantity.name, []).append(study.printed(claim))
    named = {
        name: quantities[name]
        for meaning in rows.values()
        for _, forms in meaning.forms
        for form in forms.values()
        for name in form
        if name in quantities
    }
    laws.add(*order_laws(study, named, printed), *date_laws(study))
    derived_laws(study, conventions, laws)
    percentage_laws(study, conventions, sizes, laws)
    mean_laws(study, conventions, sizes, named, laws)
    laws.add(*quantile_laws(study, conventions, sizes))
    criteria_laws(study, laws)
    counted_laws(study, library, laws)
    samples = samples_of(study, rows)
    return NormalForm(
        MappingProxyType(rows),
        MappingProxyType(laws.points),
        MappingProxyType(laws.by_name),
        samples,
        rank_tests(study, samples),
        mean_tests(study, samples),
        count_tests(study, rows),
    )
