"""What a paper might have said and did not: a study with one statement more.

A check treats as an unknown what the paper leaves open.  A supposition fills in one such
cell of the claims table, or names other software, as if the paper had said it, and the
checks then run as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from netcore.study.models import Claim
from netcore.study.study import Study

__all__ = ["SUPPOSITIONS", "Supposition"]


# Statistics that programs compute in different ways.
_OF_SOFTWARE: Final = frozenset(("p10", "p25", "median", "p75", "p90", "iqr", "p.value"))


@dataclass(frozen=True, slots=True)
class Supposition:
    """Something that a paper might have said.

    Parameters
    ----------
    words : str
        What it would have said.
    said_of : callable
        Of a study and a claim, the claim as it would be transcribed then.
    program : str
        The only software that it would have named, which has its own
        definition of a quartile and variants of tests; empty where that is as
        the paper says.
    """

    words: str
    said_of: Callable[[Study, Claim], Claim]
    program: str = ""

    def applied(self, study: Study) -> Study:
        """Return a study as if its paper had said so.

        Parameters
        ----------
        study : Study
            The study as transcribed.

        Returns
        -------
        Study
            The study itself if nothing in it is left open in this way.
        """
        claims = tuple(self.said_of(study, claim) for claim in study.claims)
        if claims != study.claims:
            study = replace(study, claims=claims)
        software = tuple(study.paper.software)
        if self.program and any(
            _OF_SOFTWARE.intersection(claim.readings("stat_name")) for claim in study.claims
        ):
            # A version that is printed stays.
            named = tuple(name for name in software if self.program in re.findall(r"\w+", name))
            software = named or (self.program,)
        if software != tuple(study.paper.software):
            paper = study.paper.model_copy(update={"software": software})
            study = replace(study, paper=paper)
        return study


def _of_own_group(_study: Study, claim: Claim) -> Claim:
    return _with_denominator(claim, claim.population)


def _of_all_units(study: Study, claim: Claim) -> Claim:
    named = claim.population in study.populations
    return _with_denominator(claim, study.root(claim.population)) if named else claim


def _with_denominator(claim: Claim, population: str) -> Claim:
    is_open = claim.stat_name == "pct" and claim.population and not claim.denominator
    if not is_open or len(claim.readings("population")) > 1:
        return claim
    return claim.model_copy(update={"denominator": population})


def _as_printed(_study: Study, claim: Claim) -> Claim:
    return claim


def _computed_by(program: str) -> Supposition:
    return Supposition(f"everything was computed by {program}", _as_printed, program)


def _read_as(statistic: str) -> Callable[[Study, Claim], Claim]:
    def said_of(_study: Study, claim: Claim) -> Claim:
        if statistic not in claim.readings("stat_name"):
            return claim
        return claim.model_copy(update={"stat_name": statistic})

    return said_of


SUPPOSITIONS: Final[Mapping[str, Supposition]] = MappingProxyType(
    {
        "own_group": Supposition(
            "every percentage is one of the group that its row names", _of_own_group
        ),
        "all_units": Supposition("every percentage is one of all patients", _of_all_units),
        "sd": Supposition("what may be a standard deviation is one", _read_as("sd")),
        "std_error": Supposition("what may be a standard error is one", _read_as("std.error")),
        "mean": Supposition("what may be a plain mean is one", _read_as("mean")),
        "rmean": Supposition("what may be a restricted mean is one", _read_as("rmean")),
        "by_r": _computed_by("R"),
        "by_spss": _computed_by("SPSS"),
        "by_sas": _computed_by("SAS"),
    }
)
"""Statements that would settle what the claims of a study leave open, by name."""
