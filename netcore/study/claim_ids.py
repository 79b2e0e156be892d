"""Identifiers of claims: given in the file, or made from the other keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["KEYS", "generated_id"]

KEYS: Final = (
    "location",
    "population",
    "variable",
    "variable_level",
    "stat_name",
    "at",
    "analysis",
)


def generated_id(cells: Mapping[str, str]) -> str:
    """Make the identifier of a row whose ``claim`` cell is empty.

    Parameters
    ----------
    cells : mapping of str to str
        The cells of the row by column.

    Returns
    -------
    str
        What is not empty of location, population, variable, level, statistic,
        time and analysis, joined by dots.  It is the anchor of the claim in
        the site, so a space becomes ``_``, a ``|`` between readings ``-or-``
        and everything else but letters a-z, digits, ``_ . + -`` becomes ``-``.

    Examples
    --------
    >>> cells = {"location": "results", "population": "all|procedures", "stat_name": "pct", "at": "2 cycles"}
    >>> generated_id(cells)
    'results.all-or-procedures.pct.2_cycles'
    """
    joined = ".".join(cells[key] for key in KEYS if cells.get(key))
    plain = re.sub(r"[^A-Za-z0-9_.+-]", "-", joined.replace("|", "-or-").replace(" ", "_"))
    return plain.lstrip("_.+-")[:200] or "claim"
