"""Certificates of p-values that no data can have, as ``verify_evidence.py`` replays them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from netcore.checks.certificates.names import cell_text, quantity_of
from netcore.checks.estimands import readings
from netcore.checks.finding import Conventions
from netcore.checks.samples import Sample
from netcore.stats.quantiles.definitions import QUANTILES
from netcore.stats.ranks.plain_bound import least_p, rounded_down, value_boxes
from netcore.study import Claim, Study

__all__ = ["certificate"]


def certificate(
    study: Study,
    conventions: Conventions,
    claim: Claim,
    samples: Sequence[Sample],
    needed: Sequence[Sequence[str]],
) -> dict[str, Any] | None:
    """Return a proof that a p-value is smaller than that of any data.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding.
    claim : Claim
        The row of the p-value.
    samples : sequence of Sample
        What is printed of the two groups.
    needed : sequence of sequence of str
        The quantiles of each group that the proof uses, by name.

    Returns
    -------
    dict or None
        None where the plain bound does not reach so far, where rows can be
        read in several ways, or where no row prints how large a group is.

    Notes
    -----
    One premise bounds p from below, for every number of values up to the
    printed sizes; the other is the printed p-value.
    """
    rows = [claim, *(row for sample in samples for row in (*sample.claims, *sample.numbers.claims))]
    if any(len(readings(row)) > 1 for row in rows) or not all(
        _is_size_printed(study, sample) for sample in samples
    ):
        return None
    groups, boxes = [], []
    for sample, names in zip(samples, needed, strict=True):
        statistics = [sample.statistics[name] for name in names]
        size = sample.numbers.claims[0]
        groups.append([size.claim, *(one.claims[0].claim for one in statistics)])
        windows = {
            QUANTILES[one.name]: study.printed(one.claims[0]).window(conventions.rounding)
            for one in statistics
        }
        number = int(study.printed(size).number())
        boxes.append([value_boxes(windows, n) for n in range(1, number + 1)])
    bound = rounded_down(min(least_p(x, y) for x in boxes[0] for y in boxes[1]))
    window = study.printed(claim).window(conventions.rounding)
    if window.high is None or not bound > window.high:
        return None
    name = quantity_of(study, claim, readings(claim)[0]).name
    cited = sorted({claim.claim, *(row for group in groups for row in group)})
    return {
        "kind": "inequalities",
        "conventions": {
            "alpha": None if conventions.alpha is None else str(conventions.alpha),
            "rounding": conventions.rounding,
        },
        "rows": cited,
        "proofs": [
            [
                {
                    "taken": {},
                    "premises": [
                        {
                            "rule": "rank test",
                            "of": [claim.claim, *groups],
                            "says": f"{bound} <= [{name}]",
                        },
                        {
                            "rule": "printed",
                            "of": [claim.claim],
                            "says": _between(window.low, name, window.high),
                        },
                    ],
                    "proof": {"sum": {"0": 1, "1": -1}},
                }
            ]
        ],
    }


def _between(low: Fraction | None, name: str, high: Fraction) -> str:
    return f"[{name}] <= {high}" if low is None else f"{low} <= [{name}] <= {high}"


def _is_size_printed(study: Study, sample: Sample) -> bool:
    """Return whether the first row behind the number of values prints the size of the group."""
    if not sample.numbers.claims or sample.numbers.is_stated:
        return False
    row = sample.numbers.claims[0]
    return study.printed(row).is_number and bool(cell_text(study, sample.group.cell))
