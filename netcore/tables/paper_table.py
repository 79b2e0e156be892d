"""A table of a paper, rebuilt: as it is printed, and what follows for each value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from netcore.checks import Verdict
from netcore.checks.wording import (
    STATISTICS,
    claim_title,
    level_title,
    population_title,
    quantity_title,
    quoted,
    variable_title,
)
from netcore.ledger import Entry, Ledger
from netcore.study import AMBIGUOUS, Study
from netcore.study.vocabulary import COUNTS
from netcore.tables.addresses import claim_anchor, finding_anchor
from netcore.tables.attainable import attainable_words, is_out_of_reach
from netcore.tables.evidence_files import entry_files
from netcore.tables.markup import Html, anchor_mark, element, joined, scrolling_table, text
from netcore.tables.verdict_marks import badge, glyph

__all__ = ["attainable_table", "evidence_table", "follows", "printed_table", "side_by_side_table"]

NOTHING: Final = "–"
"""Shown where nothing follows from the other values."""
ATTAINABLE: Final = (
    "Attainable: the limits that the other printed values set, by their order or by all data that could "
    "be behind them if everybody in each group was analysed; rounded outwards, quartiles in brackets. "
    "A value outside them does not go with the others on these terms. One inside may still be in "
    "conflict with something else."
)
"""What a reader has to know of the limits."""
_EVIDENCE: Final = ("Value", "Printed", "Follows", "Attainable", "Verdict", "Evidence")
_RULES: Final = ("threshold.min", "threshold.max")


def follows(study: Study, entry: Entry) -> str:
    """Return what the other values give: one value, or all that would pass.

    Parameters
    ----------
    study : Study
        The study of the claim.
    entry : Entry
        A claim with its verdict.

    Returns
    -------
    str
        A recomputed value as it would be printed, else the attainable range,
        else a dash.
    """
    return entry.recomputed or attainable_words(study, entry) or NOTHING


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the printed table: what it is about, and its values by column."""

    title: str
    cells: dict[str, list[Entry]]


def printed_table(ledger: Ledger, paper: str, location: str, caption: str) -> Html:
    """Return the values of one place laid out as its table, each with its mark.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    paper, location : str
        Keys of the paper and of the place.
    caption : str
        What the table shows, in our words.

    Returns
    -------
    Html
        Rows are variables and levels, columns are populations; p-values have
        a column of their own.  Each value leads to its evidence.
    """
    study = ledger.study(paper)
    entries = [
        entry
        for entry in ledger.entries
        if entry.paper == paper
        and entry.claim.location == location
        and entry.claim.stat_name not in _RULES
    ]
    rows: dict[tuple[str, str], _Row] = {}
    columns: dict[str, str] = {}
    for entry in entries:
        claim = entry.claim
        column = "p" if claim.stat_name == "p.value" else claim.population
        columns.setdefault(column, _column_title(study, column))
        key = _row_key(study, entry)
        row = rows.setdefault(key, _Row(_row_title(study, entry), {}))
        row.cells.setdefault(column, []).append(entry)
    ordered = [name for name in columns if name != "p"] + [name for name in columns if name == "p"]
    body = [
        element(
            "tr",
            element("th", row.title, scope="row"),
            *(element("td", _cell(study, row.cells.get(name, []))) for name in ordered),
        )
        for row in rows.values()
    ]
    heads = ("Quantity", *(columns[name] for name in ordered))
    return scrolling_table(heads, body, caption, "nc-printed")


def _row_key(study: Study, entry: Entry) -> tuple[str, str]:
    claim = entry.claim
    if claim.stat_name == "p.value" and len(claim.readings("analysis")) == 1 and claim.analysis:
        return study.analyses[claim.analysis].variable, ""
    return claim.variable or claim.analysis, claim.variable_level


def _row_title(study: Study, entry: Entry) -> str:
    variable, level = _row_key(study, entry)
    if variable not in study.variables:
        # Neither population nor place: those are the column and the table.
        about = quantity_title(study, entry.claim.model_copy(update={"population": "", "at": ""}))
        return _capital(about) if variable else "Number"
    title = _capital(variable_title(study, variable))
    return f"{title}: {level_title(study, variable, level)}" if level else title


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _column_title(study: Study, column: str) -> str:
    if column == "p":
        return "p"
    names = [population_title(study, name) for name in column.split("|") if name]
    return _capital(" or ".join(names) or "quoted")


def _value(study: Study, entry: Entry, *, unit: bool = False) -> Html:
    said = quoted(study, entry.claim) if unit else entry.claim.printed
    return element(
        "a",
        said,
        glyph(entry.verdict),
        href=f"#{claim_anchor(study, entry.claim.claim)}",
        class_="nc-value",
    )


def side_by_side_table(ledger: Ledger, paper: str, locations: Sequence[str], caption: str) -> Html:
    """Return the quantities that several places print, one column a place.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    paper : str
        Key of the paper.
    locations : sequence of str
        Keys of the places.
    caption : str
        What the table shows, in our words.

    Returns
    -------
    Html
        One row for each quantity that at least two places print.
    """
    study = ledger.study(paper)
    rows: dict[tuple[str, ...], dict[str, list[Entry]]] = {}
    for entry in ledger.entries:
        claim = entry.claim
        if entry.paper != paper or claim.location not in locations or claim.cites:
            continue
        key = tuple(getattr(claim, column) for column in AMBIGUOUS)
        rows.setdefault(key, {}).setdefault(claim.location, []).append(entry)
    titles = [study.locations[name].title for name in locations]
    body = []
    for cells in rows.values():
        if len(cells) < 2:
            continue
        first = next(iter(cells.values()))[0]
        body.append(
            element(
                "tr",
                element("th", _capital(claim_title(study, first.claim)), scope="row"),
                *(
                    element(
                        "td",
                        joined(
                            [_value(study, entry, unit=True) for entry in cells.get(name, [])], "; "
                        ),
                    )
                    for name in locations
                ),
            )
        )
    return scrolling_table(("Quantity", *titles), body, caption, "nc-printed")


def _is_telling(study: Study, entry: Entry) -> bool:
    """Return whether what follows says more than that the value lies within its limits."""
    if entry.recomputed is not None:
        return True
    disputed = entry.verdict in (Verdict.INCONSISTENT, Verdict.CONDITIONAL)
    return disputed and is_out_of_reach(study, entry)


_PATTERNS: Final = (
    ("{} ({} %)", ("n", "pct")),
    ("{} ± {}", ("mean", "sd")),
    ("{} [{}; {}]", ("median", "p25", "p75")),
    ("{} to {}", ("min", "max")),
)
"""How medical tables set what belongs together."""


def _cell(study: Study, entries: Sequence[Entry]) -> Html:
    """Write the values of a cell, and below them what follows from the others."""
    if not entries:
        return text("")
    printed = _arranged(entries, lambda entry, alone: _value(study, entry, unit=alone))
    telling = [entry for entry in entries if _is_telling(study, entry)]
    if not telling:
        return printed
    # A range is no value that the printed one beside it could belong to.
    is_whole = all(entry.recomputed is not None for entry in telling)
    other = _arranged(
        entries if is_whole else telling,
        lambda entry, _: text(
            follows(study, entry) if _is_telling(study, entry) else entry.claim.printed
        ),
    )
    return joined(
        [
            printed,
            element("div", "→ ", other, class_="nc-follows", title="what the other values give"),
        ]
    )


def _arranged(entries: Sequence[Entry], show: Callable[[Entry, bool], Html]) -> Html:
    """Arrange values as ``5 (15 %)`` or ``300 [137; 344]``; the rest side by side."""
    found = {entry.claim.readings("stat_name")[0]: entry for entry in entries}
    if len(found) < len(entries):
        return joined([show(entry, True) for entry in entries], "; ")
    parts: list[Html] = []
    for pattern, names in _PATTERNS:
        if all(name in found for name in names):
            first, *after = pattern.split("{}")
            pieces = [text(first)]
            for name, words in zip(names, after, strict=True):
                pieces += [show(found.pop(name), False), text(words)]
            parts.append(element("span", *pieces, class_="nc-together"))
    parts += [show(entry, True) for entry in found.values()]
    return joined(parts, "; ")


def attainable_table(
    ledger: Ledger, paper: str, entries: Sequence[Entry], caption: str
) -> Html | None:
    """Return what the other values leave open for means, quantiles and p-values.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    paper : str
        Key of the paper.
    entries : sequence of Entry
        The claims of a place, or of several.
    caption : str
        What the table shows.

    Returns
    -------
    Html or None
        Printed with the mark of the verdict, and attainable, one row a quantity
        of a place; None where the checks give limits for none of them.  Counts and percentages are left
        to the table that has all values.
    """
    study = ledger.study(paper)
    several = len({entry.claim.location for entry in entries}) > 1
    rows: dict[str, list[Entry]] = {}
    for entry in entries:
        counted = {"pct", *COUNTS}.issuperset(entry.claim.readings("stat_name"))
        if entry.attainable is not None and entry.recomputed is None and not counted:
            title = _limited(study, entry)
            if several:
                title = f"{title}, {study.locations[entry.claim.location].title}"
            rows.setdefault(title, []).append(entry)
    if not rows:
        return None
    body = [
        element(
            "tr",
            element("th", title, scope="row"),
            element("td", _arranged(found, lambda entry, _: _value(study, entry))),
            element("td", _limits_together(study, found)),
        )
        for title, found in rows.items()
    ]
    heads = ("Quantity", "Printed, with verdict", "Attainable")
    return joined(
        [
            scrolling_table(heads, body, caption, "nc-attainable"),
            element("p", ATTAINABLE, class_="nc-note"),
        ]
    )


def _limited(study: Study, entry: Entry) -> str:
    """Return the title of a row of limits: with its unit, which its cells do without."""
    alone = "p.value" in entry.claim.readings("stat_name")
    title = _capital((claim_title if alone else quantity_title)(study, entry.claim))
    return f"{title} ({entry.claim.unit})" if entry.claim.unit else title


def _limits_together(study: Study, entries: Sequence[Entry]) -> Html:
    """Return limits as the values are printed: ``134 to 345 [up to 301; 299 or more]``."""
    found = {entry.claim.stat_name: attainable_words(study, entry) for entry in entries}
    if len(entries) == 3 == len(found) and found.keys() == {"median", "p25", "p75"}:
        quartiles = element("span", f"[{found['p25']}; {found['p75']}]", class_="nc-together")
        return joined([text(found["median"]), quartiles], " ")
    if len(entries) == 1 and entries[0].claim.stat_name == "p.value":
        return text(attainable_words(study, entries[0]))
    return text("; ".join(_named_limits(study, entry) for entry in entries))


def _named_limits(study: Study, entry: Entry) -> str:
    names = (STATISTICS.get(name, name) for name in entry.claim.readings("stat_name"))
    return f"{' or '.join(names)} {attainable_words(study, entry)}"


def _limits(study: Study, entry: Entry) -> str:
    """Return attainable values with their unit, where they say more than a recomputed one."""
    said = None if entry.recomputed else attainable_words(study, entry, entry.claim.unit)
    return said or NOTHING


def _recomputed(entry: Entry) -> str:
    if entry.recomputed is None:
        return NOTHING
    return f"{entry.recomputed} {entry.claim.unit}".rstrip()


def evidence_table(
    ledger: Ledger, entries: Sequence[Entry], caption: str, chapter: str = ""
) -> Html:
    """Return printed value, what follows, verdict and evidence, one claim a row.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    entries : sequence of Entry
        The claims to show.
    caption : str
        What they are.
    chapter : str
        Address of the page with the findings; empty for the same page.

    Returns
    -------
    Html
        Each row has the anchor of its claim, ``claim-ID``.
    """
    rows = []
    for entry in entries:
        study = ledger.study(entry.paper)
        conflicts = [
            name for name in entry.findings if ledger.finding(entry.paper, name).kind == "conflict"
        ]
        links = [
            element(
                "a",
                f"finding {number}" if len(conflicts) > 1 else "finding",
                href=f"{chapter}#{finding_anchor(study, name)}",
                aria_label=f"finding {name}",
            )
            for number, name in enumerate(conflicts, start=1)
        ]
        links += entry_files(ledger, entry)
        evidence = joined([text(entry.evidence), *(joined([" ", link]) for link in links)])
        anchor, title = claim_anchor(study, entry.claim.claim), claim_title(study, entry.claim)
        cells: tuple[Html | str, ...] = (
            quoted(study, entry.claim),
            _recomputed(entry),
            _limits(study, entry),
            badge(entry.verdict),
            evidence,
        )
        rows.append(
            element(
                "tr",
                element("th", title, anchor_mark(anchor, title), scope="row"),
                # Where there is no room for columns, each cell says what it is.
                *(
                    element("td", cell, data_label=head)
                    for head, cell in zip(_EVIDENCE[1:], cells, strict=True)
                ),
                id=anchor,
            )
        )
    return scrolling_table(_EVIDENCE, rows, caption, "nc-evidence")
