"""Which verdicts depend on a convention: a summary, the conflicts, and a matrix of claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netcore.checks import Verdict
from netcore.checks.wording import listed, quoted, study_title
from netcore.evidence import COMMAND, StaleEvidenceError
from netcore.evidence.robustness import (
    OTHER_CONVENTIONS,
    Robustness,
    Standing,
    read_robustness,
    robustness_file,
)
from netcore.ledger import Ledger
from netcore.ledger.robustness import differs_from
from netcore.study import Study
from netcore.study.library import is_source
from netcore.tables.addresses import (
    claim_address,
    finding_address,
    paper_address,
    robustness_anchor,
)
from netcore.tables.convention_words import CONDITIONS, FAMILIES, HEADS
from netcore.tables.ledger_page import open_ledger
from netcore.tables.markup import Html, element, joined, scrolling_table
from netcore.tables.robustness_matrix import claim_row, convention_table, standing_cell
from netcore.tables.separated_values import csv_link, csv_text
from netcore.tables.verdict_marks import READING_ORDER, badge, glyph

__all__ = ["RobustnessPage", "open_robustness"]


@dataclass(frozen=True)
class RobustnessPage:
    """What verdicts become under other conventions.

    Parameters
    ----------
    ledger : Ledger
        All documents, under the usual conventions.
    found : Mapping of str to Robustness
        By the key of the document.
    """

    ledger: Ledger
    found: Mapping[str, Robustness]

    def summary(self) -> Html:
        """Return how many verdicts and conflicts each convention changes.

        Returns
        -------
        Html
            A row for each convention, which leads to what it changes.
        """
        rows = []
        for family, names in FAMILIES.items():
            rows.append(
                element(
                    "tr", element("th", family, scope="rowgroup", colspan="5"), class_="nc-group"
                )
            )
            rows += [self._summary_row(name) for name in names]
        heads = (
            "Convention",
            "Verdicts that change",
            "Conflicts that stay",
            "that go",
            "that come",
        )
        return scrolling_table(
            heads, rows, "Each convention beside the usual one", "nc-robustness-summary"
        )

    def conventions(self) -> Html:
        """Return what each convention changes, paper by paper.

        Returns
        -------
        Html
            A section for each convention, with its name as the anchor.
        """
        return joined(self._section(name) for names in FAMILIES.values() for name in names)

    def conflicts(self) -> Html:
        """Return every conflict of the ledger, with the conventions under which it is one.

        Returns
        -------
        Html
            A row for each, which leads to the finding.
        """
        used = [name for name in OTHER_CONVENTIONS if self._goes(name)]
        rows = []
        for study, name, standing in self._standings():
            if not standing.is_usual:
                continue
            link = _to_finding(study, name)
            words = (element("b", study_title(study)), f". {standing.statement} ", link)
            head = element("th", *words, scope="row")
            cells = [standing_cell(other, other in standing.under) for other in used]
            rows.append(element("tr", head, *cells))
        return convention_table(used, rows, "Where each conflict of the ledger stands", "Conflict")

    def matrix(self) -> Html:
        """Return the claims whose verdict depends on a convention.

        Returns
        -------
        Html
            A row for each claim, a column for each convention that changes some verdict.
        """
        used = [name for name in OTHER_CONVENTIONS if self._turned(name)]
        rows = []
        for study, robustness in self._studies():
            if robustness.changing:
                link = element("a", study_title(study), href=paper_address(study))
                head = element("th", link, scope="rowgroup", colspan=str(len(used) + 2))
                rows.append(element("tr", head, class_="nc-group"))
            rows += [
                claim_row(study, robustness, self.ledger.entry(study.paper.key, claim), used)
                for claim in robustness.changing
            ]
        caption = "Verdicts that change under a convention"
        return convention_table(used, rows, caption, "Claim", "Usual verdict")

    def unchanged(self) -> Html:
        """Return the claims whose verdict is the same under every convention.

        Returns
        -------
        Html
            Folded, a list for each document.
        """
        parts = []
        for study, robustness in self._studies():
            changing = set(robustness.changing)
            same = [claim for claim in robustness.verdicts if claim not in changing]
            items = [
                element(
                    "li",
                    glyph(robustness.verdicts[claim]),
                    " ",
                    element("a", claim, href=claim_address(study, claim)),
                    id=robustness_anchor(study, claim),
                )
                for claim in same
            ]
            number = f"{len(same)} of {len(robustness.verdicts)} verdicts are the same"
            title = f"{study_title(study)}: {number} under every convention"
            parts.append(
                element(
                    "details",
                    element("summary", title),
                    element("ul", *items, class_="nc-same-claims"),
                    class_="nc-fold",
                )
            )
        return joined(parts)

    @property
    def csv(self) -> str:
        """The verdict of every claim under every convention, as comma-separated values."""
        names = [name for of_family in FAMILIES.values() for name in of_family]
        rows = [["paper", "claim", "printed", "usual", *names]]
        for study, robustness in self._studies():
            for claim, verdict in robustness.verdicts.items():
                under = [robustness.verdict(claim, name).value for name in names]
                printed = quoted(study, study.claim_by_id(claim))
                rows.append([study.paper.key, claim, printed, verdict.value, *under])
        return csv_text(rows)

    def download(self) -> Html:
        """Return a link to the verdicts as a file.

        Returns
        -------
        Html
            The file is in the link itself.
        """
        return element(
            "p", csv_link(self.csv, "robustness"), ": every claim under every convention."
        )

    def _studies(self) -> Iterator[tuple[Study, Robustness]]:
        for study in self.ledger.studies:
            if study.paper.key in self.found:
                yield study, self.found[study.paper.key]

    def _standings(self) -> Iterator[tuple[Study, str, Standing]]:
        for study, robustness in self._studies():
            for name, standing in robustness.conflicts.items():
                yield study, name, standing

    def _turned(self, convention: str) -> int:
        """Return how many verdicts a convention changes."""
        return sum(len(found.turns[convention]) for _, found in self._studies())

    def _goes(self, convention: str) -> bool:
        """Return whether some usual conflict is none under a convention."""
        return any(
            standing.is_usual and convention not in standing.under
            for *_, standing in self._standings()
        )

    def _summary_row(self, name: str) -> Html:
        of_all = sum(len(found.verdicts) for _, found in self._studies())
        changed = f"{self._turned(name)} of {of_all}"
        numbers = (changed, *map(str, self._conflict_numbers(name)))
        head = element("th", element("a", HEADS[name], href=f"#{name}"), scope="row")
        cells = [element("td", number, class_="nc-number") for number in numbers]
        return element("tr", head, *cells)

    def _section(self, name: str) -> Html:
        items = [
            element("li", self._of_study(study, found, name))
            for study, found in self._studies()
            if found.turns[name] or any(_moves(one, name) for one in found.conflicts.values())
        ]
        parts = [element("h3", f"{CONDITIONS[name]}"), element("p", self._in_short(name))]
        if items:
            parts.append(element("ul", *items))
        return element("section", *parts, id=name)

    def _in_short(self, name: str) -> str:
        """Say in plain words what a convention does to all values together."""
        changes = [
            (found.verdicts[claim], turn.verdict)
            for _, found in self._studies()
            for claim, turn in found.turns[name].items()
        ]
        if not changes:
            return "No verdict changes."
        stay, go, come = self._conflict_numbers(name)
        into = sum(after is Verdict.INCONSISTENT for _, after in changes)
        out = sum(before is Verdict.INCONSISTENT for before, _ in changes)
        of_all = sum(len(found.verdicts) for _, found in self._studies())
        verb = "changes" if len(changes) == 1 else "change"
        return (
            f"{len(changes)} of {of_all} verdicts {verb}: {into} values that are in no conflict "
            f"would be in one, and {out} that are in one would not be. Of {stay + go} conflicts "
            f"{stay} would stay and {go} go; {come} others would come."
        )

    def _conflict_numbers(self, name: str) -> tuple[int, int, int]:
        """Return how many conflicts stay, go and come under a convention."""
        standings = [standing for *_, standing in self._standings()]
        usual = [standing for standing in standings if standing.is_usual]
        stay = sum(name in standing.under for standing in usual)
        come = sum(name in standing.under for standing in standings) - stay
        return stay, len(usual) - stay, come

    def _of_study(self, study: Study, found: Robustness, name: str) -> Html:
        turns = found.turns[name]
        number = f"{len(turns)} of {len(found.verdicts)} verdicts"
        verb = "changes" if len(turns) == 1 else "change"
        kinds = Counter((found.verdicts[claim], turn.verdict) for claim, turn in turns.items())
        order = list(READING_ORDER)
        ordered = sorted(
            kinds.items(), key=lambda item: (order.index(item[0][1]), order.index(item[0][0]))
        )
        moves = [
            element("li", f"{count} ", badge(before), " → ", badge(after))
            for (before, after), count in ordered
        ]
        parts: list[Html | str] = [
            element("b", study_title(study)),
            f": {number} {verb}. ",
            *([element("ul", *moves, class_="nc-moves")] if moves else []),
        ]
        for title, wanted in (
            ("Conflicts that go", True),
            ("Conflicts that come", False),
        ):
            moved = [
                self._conflict(study, identifier, standing)
                for identifier, standing in found.conflicts.items()
                if _moves(standing, name) and standing.is_usual is wanted
            ]
            if moved:
                summary = element("summary", f"{title}: {len(moved)}")
                fold = element("details", summary, element("ul", *moved), class_="nc-fold")
                parts.append(fold)
        return joined(parts)

    def _conflict(self, study: Study, name: str, standing: Standing) -> Html:
        if standing.is_usual:
            return element("li", f"{standing.statement} ", _to_finding(study, name))
        links = [
            element(
                "a",
                quoted(study, study.claim_by_id(claim)),
                href=f"#{robustness_anchor(study, claim)}",
                aria_label=f"{quoted(study, study.claim_by_id(claim))}: {claim} in the matrix",
            )
            for claim in standing.claims
        ]
        return element("li", standing.statement, " Claims: ", joined(links, ", "), ".")


def open_robustness(*, series: bool = True) -> RobustnessPage:
    """Load every document and what is stored of it under other conventions.

    Parameters
    ----------
    series : bool
        Whether to load the published series beside the papers.

    Returns
    -------
    RobustnessPage
        What the chapter shows.

    Raises
    ------
    StaleEvidenceError
        If what is stored of a document is not of the present data, or says
        something else than its ledger.
    """
    ledger = open_ledger()
    found: dict[str, Robustness] = {}
    for study in ledger.studies:
        if robustness_file(study) is None or (is_source(study) and not series):
            continue  # outside a project nothing is stored
        robustness = read_robustness(study)
        key = study.paper.key
        if robustness is None:
            raise StaleEvidenceError(
                f"found no verdicts of {key} under other conventions that are of its present data: "
                f"run `{COMMAND}`"
            )
        if differing := differs_from(robustness, ledger, study):
            raise StaleEvidenceError(
                f"the stored verdicts of {key} are not those of today ({listed(differing[:3])}): "
                f"run `{COMMAND}`"
            )
        found[key] = robustness
    return RobustnessPage(ledger, found)


def _to_finding(study: Study, name: str) -> Html:
    return element("a", "Proof", href=finding_address(study, name), aria_label=f"Proof of {name}")


def _moves(standing: Standing, convention: str) -> bool:
    return standing.is_usual != (convention in standing.under)
