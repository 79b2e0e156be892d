"""``study.json``: a study in normal form, for whoever replays a proof without this code."""

from __future__ import annotations

from collections.abc import Sequence

from netcore.checks import Conventions
from netcore.checks.certificates import (
    ANY,
    factor_values,
    implied_by,
    normal_form,
    value_text,
)
from netcore.study import Study, Variable

__all__ = ["study_document"]


def study_document(
    study: Study, conventions: Conventions | None = None, library: Sequence[Study] = ()
) -> dict[str, dict[str, object]]:
    """Return all that a proof about a study rests on, but what its rows print.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions, optional
        Rounding; the default where not given.
    library : sequence of Study
        Other documents, which it may count.

    Returns
    -------
    dict of str to dict
        ``paper``, ``locations``, ``populations``, ``variables`` and
        ``analyses`` as in ``paper.yaml``, the variables with their values in
        words; ``rows`` (what each row is about); ``open`` (what is left open);
        ``laws``; ``samples`` (where values lie and which rows count them);
        ``rank tests``, ``mean tests`` and ``count tests`` (which samples each
        compares).  Plain JSON values, always in the same order.
    """
    normal = normal_form(study, conventions or Conventions(), library)
    counted = [group for groups in normal.count_tests.values() for group in groups]
    samples = {name: one.as_json() for name, one in normal.samples.items()}
    samples |= {group.name: group.as_json() for group in counted}

    def entries(section: str) -> dict[str, object]:
        found = getattr(study, section)
        return {
            name: entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            for name, entry in found.items()
        }

    variables = {
        name: {**entry, **_values(study.variables[name], name)}
        for name, entry in entries("variables").items()
        if isinstance(entry, dict)
    }
    return {
        "paper": study.paper.model_dump(mode="json", exclude_defaults=True),
        "locations": {
            # Defaults are written out where proofs rest on them.
            name: {
                "title": place.title,
                "decimal": place.decimal,
                "thousands": place.thousands,
                "seen": place.seen,
                "edition": place.edition,
            }
            for name, place in study.locations.items()
        },
        "populations": entries("populations"),
        "variables": variables,
        "analyses": entries("analyses"),
        "rows": {name: meaning.as_json() for name, meaning in normal.rows.items()},
        "open": {point: list(options) for point, options in normal.points.items()},
        "laws": {name: law.as_json() for name, law in sorted(normal.laws.items())},
        "samples": dict(sorted(samples.items())),
        "rank tests": {row: list(names) for row, names in sorted(normal.rank_tests.items())},
        "mean tests": {row: list(names) for row, names in sorted(normal.mean_tests.items())},
        "count tests": {
            row: [group.name for group in groups]
            for row, groups in sorted(normal.count_tests.items())
        },
    }


def _values(variable: Variable, name: str) -> dict[str, object]:
    """Return how units are told apart by a variable, in the words of proofs."""
    if not variable.is_levelled:
        return {}
    items: tuple[str, ...] = ("",)
    implies: dict[str, list[str]] = {}
    if variable.type == "multi":
        items = (*variable.level_names, ANY)
        implies = {level: list(implied_by(variable, level)) for level in variable.level_names}
    values = {
        item: [value_text((name, "", item), value) for value in factor_values(variable, item)]
        for item in items
    }
    found: dict[str, object] = {"values": values}
    return {**found, "implies": implies} if implies else found
