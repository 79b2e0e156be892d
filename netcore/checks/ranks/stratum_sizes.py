"""How many values the parts of a group have: what its quartiles and all rank tests leave together.

A paper that divides a group seldom prints how many were analysed of each part.  The quartiles
of the group and of its parts allow some sizes; every p-value of a test between the parts allows
some of them; and if the same patients stand behind all rows of a table, only what all allow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from netcore.checks.answers import answer
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.estimands import Cell
from netcore.checks.finding import Bearing, Finding, Verdict
from netcore.checks.json_windows import ends_of
from netcore.checks.plain_tests import PLAIN_TEST
from netcore.checks.quantiles.strata import StratumSizes
from netcore.checks.ranks.comparisons import Compared, Option, quantile_windows, shares
from netcore.checks.ranks.stratum_size_answers import METHOD
from netcore.checks.wording import cell_title, listed, variable_title
from netcore.printed import Interval
from netcore.stats.ranks.flavours import flavours_of
from netcore.study import Claim, Study

__all__ = ["Tested", "with_stratum_sizes"]

_MOST: Final = 200  # pairs of sizes
_LISTED: Final = 6

Pairs = tuple[tuple[int, ...], ...]
Domain = Callable[[Study, str], Interval]


@dataclass(frozen=True, slots=True)
class Tested:
    """A p-value of a rank test, and what it compares.

    Parameters
    ----------
    claim : Claim
        The row.
    options : tuple of Option
        Its readings.
    window : Interval
        The p-values that print so.
    """

    claim: Claim
    options: tuple[Option, ...]
    window: Interval


def _parts(compared: Compared) -> tuple[Cell, ...]:
    return tuple(sample.group.cell for sample in compared.samples)


def _allowed(known: Sequence[StratumSizes], parts: tuple[Cell, ...]) -> Pairs | None:
    """Return the sizes of parts, in their order, that the quartiles of the whole allow.

    Of places that disagree any may hold; of several variables all have to.
    """
    by_variable: dict[tuple[str, str], set[tuple[int, ...]]] = {}
    for one in known:
        if {*one.parts} == {*parts}:
            order = [one.parts.index(part) for part in parts]
            pairs = {tuple(sizes[k] for k in order) for sizes in one.possible}
            by_variable.setdefault((one.variable, one.at), set()).update(pairs)
    if not by_variable:
        return None
    return tuple(sorted(set.intersection(*by_variable.values())))


def _left(
    study: Study, tested: Tested, parts: tuple[Cell, ...], pairs: Pairs, domain: Domain
) -> Pairs | None:
    """Return the sizes that a p-value leaves; None if it may be of something else."""
    found: set[tuple[int, ...]] = set()
    software = tuple(study.paper.software)
    for option in tested.options:
        if set(option.tests) != {"mann_whitney"} or option.is_open or not option.compared:
            return None
        for compared in option.compared:
            if _parts(compared) != parts:
                return None
            question = {
                **{
                    name: {
                        "quantiles": {str(s): ends_of(w) for s, w in shares(quantile_windows(one))},
                        "domain": ends_of(domain(study, one.variable)),
                    }
                    for name, one in zip("xy", compared.samples, strict=True)
                },
                "p": ends_of(tested.window),
                "pairs": [list(pair) for pair in pairs],
                "flavours": [flavour.key for flavour in flavours_of(software)],
            }
            given: Any = answer(METHOD, question)["left"]
            found |= {(pair[0], pair[1]) for pair in given}
    return tuple(sorted(found))


def with_stratum_sizes(
    study: Study,
    findings: Sequence[Finding],
    tested: Sequence[Tested],
    known: Sequence[StratumSizes],
    domain: Domain,
) -> tuple[Finding, ...]:
    """Say in findings which sizes of parts of a group survive.

    Parameters
    ----------
    study : Study
        The study.
    findings : sequence of Finding
        Of p-values; the first row of each is the p-value.
    tested : sequence of Tested
        All p-values.
    known : sequence of StratumSizes
        What the quartiles of whole groups allow.
    domain : callable
        Of the study and a variable, where its values lie.

    Returns
    -------
    tuple of Finding
        The same findings, more said in some of them; conditional where no sizes survive.
    """
    left: dict[tuple[Cell, ...], dict[str, Pairs]] = {}
    allowed: dict[tuple[Cell, ...], Pairs] = {}
    about: dict[str, tuple[Cell, ...]] = {}
    for one in tested:
        all_parts = {_parts(compared) for option in one.options for compared in option.compared}
        if len(all_parts) != 1:
            continue
        [parts] = all_parts
        pairs = allowed.get(parts) or (_allowed(known, parts) if len(parts) == 2 else None)
        if not pairs or len(pairs) > _MOST:
            continue
        allowed[parts] = pairs
        kept = _left(study, one, parts, pairs, domain)
        if kept is not None:
            left.setdefault(parts, {})[one.claim.claim] = kept
            about[one.claim.claim] = parts
    found = []
    for finding in findings:
        row = finding.claims[0]
        if row in about:
            finding = _told(study, finding, about[row], allowed, left[about[row]], known)
        found.append(finding)
    return tuple(found)


def _told(
    study: Study,
    finding: Finding,
    parts: tuple[Cell, ...],
    allowed: Mapping[tuple[Cell, ...], Pairs],
    left: Mapping[str, Pairs],
    known: Sequence[StratumSizes],
) -> Finding:
    row = finding.claims[0]
    pairs, own = allowed[parts], left[row]
    strata = [one for one in known if {*one.parts} == {*parts}]
    conditions = list(dict.fromkeys(one.assumption for one in strata if one.assumption))
    whole = cell_title(study, strata[0].whole)
    titles = listed(dict.fromkeys(variable_title(study, one.variable) for one in strata))
    names = listed(cell_title(study, part) for part in parts)
    text = (
        f"Quartiles of {titles} in {whole} leave {_pairs_text(pairs)} for {names}; with this "
        f"p-value and its quartiles {_pairs_text(own)}."
    )
    joint = set(own).intersection(*left.values())
    if len(left) > 1:
        text += f" All {len(left)} p-values of these parts together leave {_pairs_text([*joint])}."
        conditions.append("the same patients were analysed in all rows of these parts")
    else:
        conditions.append("the same patients were analysed for the quartiles and for the p-value")
    text = f"If {listed(conditions)}: {text[:1].lower()}{text[1:]}"
    statement = f"{finding.statement} {text}"
    bearing = finding.bearings.get(row)
    settled = (Verdict.INCONSISTENT, Verdict.CONDITIONAL)
    if joint or bearing is None or bearing.verdict in settled:
        return replace(finding, statement=statement)
    conditions += [PLAIN_TEST, NOT_REPLAYED]
    sentence = f"Conflicts with the quartiles of the whole group if {listed(conditions)}."
    # What else the finding says of its rows holds for sizes that do not survive.
    changed = Bearing(Verdict.CONDITIONAL, sentence, None, bearing.attainable)
    return replace(
        finding,
        kind="note",
        statement=f"{statement} {sentence}",
        bearings={row: changed},
        assumptions=tuple(conditions),
        resolved_by=("How many were analysed of each part.",),
        witness=None,
    )


def _pairs_text(pairs: Sequence[tuple[int, ...]]) -> str:
    if not pairs:
        return "no sizes"
    if len(pairs) <= _LISTED:
        return "the sizes " + listed((f"{a} with {b}" for a, b in sorted(pairs)), "or")
    firsts, seconds = zip(*pairs, strict=True)
    return (
        f"{len(pairs)} pairs of sizes ({min(firsts)} to {max(firsts)} with "
        f"{min(seconds)} to {max(seconds)})"
    )
