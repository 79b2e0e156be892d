"""Seeds: every study has its own, which is all that is needed to draw it again."""

from __future__ import annotations

from hashlib import sha256

__all__ = ["study_seed"]


def study_seed(campaign: int, family: str, index: int) -> int:
    """Return the seed of one study of a campaign.

    Parameters
    ----------
    campaign : int
        Seed of the campaign.
    family : str
        Name of a family.
    index : int
        Number of the study.

    Returns
    -------
    int
        Of 48 bits; a hash, so that neighbouring studies have nothing in common.

    Examples
    --------
    >>> study_seed(1, "counts", 0) == study_seed(1, "counts", 0)
    True
    >>> len({study_seed(c, f, i) for c in range(5) for f in ("counts", "ranks") for i in range(9)})
    90
    """
    return int.from_bytes(sha256(f"{campaign}/{family}/{index}".encode()).digest()[:6], "big")
