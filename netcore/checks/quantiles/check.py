"""The check of medians, quartiles and extremes."""

from __future__ import annotations

from collections.abc import Sequence

from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.finding import Conventions, Finding
from netcore.checks.other_bounds import other_bounds
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.quantiles.granular import check_granular_quantiles
from netcore.checks.quantiles.pooled import check_pooled_quantiles
from netcore.checks.quantiles.strata import divided_samples
from netcore.checks.samples import printed_samples
from netcore.checks.summary_values import SummaryValues
from netcore.study import Study

__all__ = ["check_quantiles"]


def check_quantiles(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis]
) -> tuple[Finding, ...]:
    """Check medians, quartiles and extremes against what values can have.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    analyses : sequence of CountAnalysis
        From :func:`netcore.checks.count_analysis.analyse_counts`.

    Returns
    -------
    tuple of Finding
        About values with a step, and about groups beside their parts.
    """
    sizes = Sizes(study, analyses)
    printed = printed_samples(study, conventions, sizes)
    others = other_bounds(study)
    divided = divided_samples(printed, SummaryValues(study, conventions))
    return (
        *check_granular_quantiles(study, conventions, printed, others),
        *check_pooled_quantiles(study, conventions, sizes, divided, others),
    )
