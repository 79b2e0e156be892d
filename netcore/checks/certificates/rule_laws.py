"""Laws of printed rules and of counts of studies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netcore.checks.certificates.laws import Law, Laws, linear
from netcore.checks.certificates.names import quantity_of, unit_of_variable
from netcore.checks.certificates.rows import open_readings
from netcore.checks.counted_studies import studies_that_count
from netcore.checks.criteria import holds_if, rules_of_levels
from netcore.checks.estimands import readings
from netcore.stats.calendar import calendar_unit
from netcore.study import Claim, Study

__all__ = ["counted_laws", "criteria_laws"]


def criteria_laws(study: Study, laws: Laws) -> None:
    """Add that a described unit with a level meets the printed rule of the level.

    Parameters
    ----------
    study : Study
        The study.
    laws : Laws
        Where they are added.

    Notes
    -----
    Only where rule, level and measure are of one assessment and one set of
    criteria.  A decrease may be printed without its sign.
    """
    for rule, level, measured, measure in rules_of_levels(study):
        for row in measured:
            if row.variable == measure and not holds_if(study, level, row, measure):
                laws.add(*_criterion(study, rule, level, row, laws))


def _criterion(study: Study, rule: Claim, level: Claim, row: Claim, laws: Laws) -> Iterator[Law]:
    units = []
    for claim in (row, rule):
        units.append(claim.unit or unit_of_variable(study, claim.variable))
    value, limit = calendar_unit(units[0]), calendar_unit(units[1])
    factors = (1, 1)
    is_least = rule.stat_name == "threshold.min"
    if units[0] != units[1]:
        if value is None or limit is None:
            return
        if value != limit:
            factors = (value.most, limit.fewest) if is_least else (value.fewest, limit.most)
    own = quantity_of(study, row, readings(row)[0]).name
    bound = quantity_of(study, rule, readings(rule)[0]).name
    reads = {level.claim: level.printed}
    signs = ("as printed", "without its sign")
    is_negative = study.printed(row).window().high
    point = ""
    if is_negative is not None and is_negative < 0:
        point = laws.open(f"sign of {row.claim}", signs)
    for sign, factor in zip(signs if point else signs[:1], (1, -1), strict=False):
        form = {own: factor * factors[0], bound: -factors[1]}
        yield linear(
            f"rule of {level.printed}, {sign}: {row.claim} and {rule.claim} beside {level.claim}",
            form,
            low=0 if is_least else None,
            high=None if is_least else 0,
            under={point: sign} if point else {},
            reads=reads,
        )


def counted_laws(study: Study, library: Sequence[Study], laws: Laws) -> None:
    """Add how many studies there are, of those that a document counts.

    Parameters
    ----------
    study : Study
        The document that counts.
    library : sequence of Study
        Other documents.
    laws : Laws
        Where they are added.
    """
    for claim in study.claims:
        for under, reading in open_readings(study, claim, laws):
            found = studies_that_count(study, claim, reading.variable, library)
            if found:
                name = quantity_of(study, claim, reading).name
                keys = ", ".join(found)
                what = f"published before, and seen: {keys} for {name}"
                laws.add(linear(what, {name: 1}, low=len(found), under=under))
