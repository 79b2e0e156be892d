"""Which hazard ratios a small trial leaves open, as a table."""

from __future__ import annotations

from math import exp, sqrt
from statistics import NormalDist

from netcore.checks import Conventions
from netcore.checks.answers import answered_by
from netcore.checks.summary_values import group_title
from netcore.checks.survival.hazard_ratio_answers import ESTIMATE_NAMES
from netcore.checks.survival.hazard_ratios_left import hazard_ratios_left
from netcore.checks.survival.two_arm_findings import span
from netcore.checks.wording import counted
from netcore.evidence.answers import answers_for_book
from netcore.study import Study
from netcore.tables.markup import Html, element, scrolling_table

__all__ = ["hazard_ratio_table"]


def hazard_ratio_table(
    study: Study,
    *claims: str,
    rounding: str = "nearest",
    power: float = 0.8,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> Html:
    """Return which hazard ratios the printed curves leave open, with their p-value and without.

    Parameters
    ----------
    study : Study
        The study.
    *claims : str
        Ids of p-values between two curves of the same groups.
    rounding : str
        How printed values were rounded.
    power, alpha, confidence : float
        Of what a trial of this size could show at best, all between 0 and 1.

    Returns
    -------
    Html
        For each p-value and each kind of hazard ratio the two ranges; last, what the trial could
        show if every patient had had the event (approximations of Schoenfeld and of Wald).

    Raises
    ------
    ValueError
        If no two curves of printed sizes are behind a p-value.
    """
    from netcore.stats.trial_power import schoenfeld_detectable_hazard_ratio

    conventions = Conventions(rounding)
    rows = []
    sizes, groups = (0, 0), ("", "")
    for name in claims:
        claim = study.claim_by_id(name)
        with answered_by(answers_for_book(conventions)(study)):
            found = hazard_ratios_left(study, conventions, claim)
        if found is None:
            raise ValueError(f"found no two curves behind {name}, expected rates of two groups")
        compared, left = found
        sizes = compared.sizes
        groups = tuple(group_title(study, arm.group) for arm in compared.arms)  # type: ignore[assignment]
        title = study.variables[compared.arms[0].variable].title or compared.arms[0].variable
        for kind, one in left.items():
            with_p = " or ".join(map(span, one.with_p)) or "not worked out"
            rows.append(
                (
                    f"{title}: {ESTIMATE_NAMES[kind]}",
                    span(one.free),
                    f"{with_p} (p = {claim.printed})",
                )
            )
    total = sum(sizes)
    if rows:
        share = sizes[0] / total
        least = schoenfeld_detectable_hazard_ratio(total, power, alpha, share).hazard_ratio
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        factor = exp(z / sqrt(total * share * (1 - share)))
        rows.append(
            (
                f"At best, with an event in all {counted(total, 'patient')}",
                f"{100 * power:g} % power for {least:.2f} or less, {1 / least:.2f} or more",
                f"interval of a ratio of 1: {1 / factor:.2f} to {factor:.2f} ({100 * confidence:g} %)",
            )
        )
    return scrolling_table(
        ("Hazard ratio", "Left open by the curves", "With the p-value, if of the log-rank test"),
        [
            element(
                "tr", element("th", first, scope="row"), *(element("td", cell) for cell in rest)
            )
            for first, *rest in rows
        ],
        f"Hazard ratios of {groups[0]} against {groups[1]} that {sizes[0]} and {counted(sizes[1], 'patient')} "
        "with the printed rates can have",
    )
