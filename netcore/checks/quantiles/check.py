"""The check of medians, quartiles and extremes."""

from __future__ import annotations

from collections.abc import Sequence

from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.finding import Conventions, Finding
from netcore.checks.other_bounds import other_bounds
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.quantiles.changes import check_quantiles_of_changes
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
        About values with a step, groups beside their parts, and changes beside the values
        before and after them.
    """
    sizes = Sizes(study, analyses)
    printed = printed_samples(study, conventions, sizes)
    others = other_bounds(study)
    values = SummaryValues(study, conventions)
    divided = divided_samples(study, printed, values)
    return (
        *check_granular_quantiles(study, conventions, printed, others),
        *check_pooled_quantiles(study, conventions, sizes, divided, others),
        *check_quantiles_of_changes(study, conventions, printed, values),
    )
