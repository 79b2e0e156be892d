"""Certificates of p-values that are printed beyond a bound, as ``verify_evidence.py`` replays them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from netcore.checks.certificates.names import quantity_of
from netcore.checks.certificates.premises import Premise
from netcore.checks.certificates.samples import SampleMeaning
from netcore.checks.certificates.single_rule import case_of, certificate_of
from netcore.checks.estimands import readings, significance
from netcore.checks.finding import Conventions
from netcore.checks.samples import Sample
from netcore.printed import Interval
from netcore.stats.linear_proofs import Inequality
from netcore.study import Claim, Study

__all__ = ["is_out_of_reach", "p_certificate", "size_row"]


def is_out_of_reach(low: Fraction, high: Fraction, printed: Interval) -> bool:
    """Return whether no p-value within bounds, nor 1 less one, is in a window.

    Parameters
    ----------
    low, high : Fraction
        Bounds of p of both sides, or of the nearer one; the least is at most 1/2.
    printed : Interval
        What prints as printed, however it was rounded.

    Returns
    -------
    bool
        Whether a certificate can say so.

    Examples
    --------
    The p of the other side of a one-sided test is 1 less that of the nearer one.

    >>> [is_out_of_reach(Fraction(0), Fraction(1, 5), Interval.point(Fraction(x, 10))) for x in (5, 9)]
    [True, False]
    """
    if printed.high is None:
        return False
    if printed.high < low:
        return True
    return printed.low is not None and high < printed.low and printed.high < 1 - high


def p_certificate(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    rule: str,
    groups: Sequence[Sequence[str]],
    ends: tuple[Fraction, Fraction],
) -> dict[str, Any]:
    """Return a proof from a bound of p and the printed p-value.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    claim : Claim
        The row of the p-value.
    rule : str
        Name of the rule of the bound.
    groups : sequence of sequence of str
        Of each group the name of the sample, the row that counts it, and the
        other rows that the bound uses.
    ends : tuple of (Fraction, Fraction)
        The bound, out of whose reach the p-value is.

    Returns
    -------
    dict
        The certificate.
    """
    low, high = ends
    unknown = quantity_of(study, claim, readings(claim)[0]).name
    of = (claim.claim, *map(list, groups))
    bound = Premise(rule, of, Inequality({unknown: Fraction(1)}, Interval(low, high)))
    alpha = significance(study, conventions.alpha)
    window = study.printed(claim).window(conventions.rounding, alpha=alpha)
    printed = Premise("printed", (claim.claim,), Inequality({unknown: Fraction(1)}, window))
    factors = (1, -1) if window.high is not None and window.high < low else (-1, 1)
    cited = [claim.claim, *(row for _, *rows in groups for row in rows)]
    return certificate_of(conventions, cited, [[case_of((bound, printed), factors, {})]])


def size_row(known: SampleMeaning, sample: Sample) -> str | None:
    """Return the row that says how many values there are, or how many units.

    Parameters
    ----------
    known : SampleMeaning
        The sample in normal form.
    sample : Sample
        What is printed of it.

    Returns
    -------
    str or None
        None if there is none.
    """
    rows = [row.claim for row in sample.numbers.claims if row.claim in known.sizes]
    stated = [row for row in rows if known.sizes[row] == "exactly"]
    return next(iter((*stated, *rows)), None)
