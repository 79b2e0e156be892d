"""Whether a quantile of a whole lies between the same quantiles of its parts."""

from __future__ import annotations

from fractions import Fraction

from netcore.stats.quantiles.definitions import quantile_form

__all__ = ["hull_holds"]


def hull_holds(definition: str, share: Fraction) -> bool:
    """Return whether a quantile of a whole always lies between those of its strata.

    Parameters
    ----------
    definition : str
        A definition of quantiles.
    share : Fraction
        The share of values below.

    Returns
    -------
    bool
        True where it is proven, whatever the sizes of the strata.

    Raises
    ------
    ValueError
        If the definition is unknown or does not define the share.

    Notes
    -----
    The share F(x) of values up to x is, in the whole, the mean of the shares F_s of the
    strata with their sizes as weights.  Let q and r be the least x with F(x) ≥ p and with F(x) > p.

    Type 1 is q.  If q_s ≤ c in all strata, then F_s(c) ≥ p in all, so F(c) ≥ p and q ≤ c; if
    q_s ≥ c in all, then F_s(x) < p for x < c in all, so q ≥ c.  For r likewise.

    Type 2 is (q + r)/2.  If q = r, then F < p before q and F(q) > p; so some stratum has
    F_s(q) > p, with r_s ≤ q, and some stratum F_s < p before q, with q_s ≥ q.  If q < r, then
    F = p from q until r.  Either so is every F_s; then q is the greatest q_s and r the least r_s, and
    the middle of the common part is neither below the middle of the stratum with that r_s nor above
    that of the stratum with that q_s.  Or some stratum has F_s > p there, with r_s ≤ q, and
    some F_s < p, with q_s ≥ r.

    Other definitions are proven where they are the same as one of these for every n; a
    position moves by whole numbers, and evenly, where n grows by twice the denominator of p, so a few
    such periods show it.  All agree on the extremes.  For the quartiles of all others there are
    counterexamples: by type 7, {0, 1} has the lower quartile 1/4, and {0, 0, 1, 1} has 0.

    Examples
    --------
    The usual median has this property, the quartiles of most software have not.

    >>> hull_holds("type7", Fraction(1, 2)), hull_holds("type7", Fraction(1, 4))
    (True, False)
    """
    numbers = range(1, 12 * share.denominator + 1)
    forms = [quantile_form(definition, share, number) for number in numbers]
    return any(
        forms == [quantile_form(proven, share, number) for number in numbers]
        for proven in ("type1", "type2", "upper_cdf")
    )
