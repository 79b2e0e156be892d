"""What the chapter of one paper shows, one call a section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from netcore.checks import Conventions, Verdict
from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.count_systems import RULE, Factor, deal_units
from netcore.checks.estimands import Cell
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.wording import counted, level_title, listed, study_title
from netcore.evidence import checks_of_book
from netcore.ledger import Entry, Ledger, build_ledger
from netcore.paths import data_folder, paper_folder
from netcore.stats.counts import proportion_interval
from netcore.stats.integer_systems import Feasible, solve
from netcore.study import Condition, Study, load_study
from netcore.study.library import load_library
from netcore.tables.addresses import file_address
from netcore.tables.book import Book, open_book
from netcore.tables.colophon import paper_colophon
from netcore.tables.constructed_data import factor_title
from netcore.tables.document_files import table_file
from netcore.tables.finding_summary import is_shown_in_chapter
from netcore.tables.finding_text import findings_html
from netcore.tables.markup import Html, element, joined
from netcore.tables.paper_table import (
    attainable_table,
    evidence_table,
    printed_table,
    side_by_side_table,
)
from netcore.tables.verdict_marks import strip

if TYPE_CHECKING:
    import pandas as pd

    from netcore.figures.plot import Plot

__all__ = ["Chapter", "open_chapter"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One paper, checked under the conventions that the reader chose.

    Parameters
    ----------
    ledger : Ledger
        The ledger of this paper alone.
    confidence : float
        Confidence level of intervals, between 0 and 1.
    seed : int
        Which of the constructed sets of patients to show.
    book : Book
        The book that the chapter is in.
    """

    ledger: Ledger
    confidence: float
    seed: int
    book: Book = field(default_factory=Book)

    @property
    def study(self) -> Study:
        """The paper."""
        return self.ledger.studies[0]

    @property
    def key(self) -> str:
        """The key of the paper."""
        return self.study.paper.key

    def value(self, claim: str) -> int | float:
        """Return the number that a claim prints.

        Parameters
        ----------
        claim : str
            Id of a claim that prints one number.

        Returns
        -------
        int or float
            A whole number as int.
        """
        number = self.study.printed(self.study.claim_by_id(claim)).number()
        return int(number) if number.denominator == 1 else float(number)

    def glue(self, *, counts: bool = True, **values: int | float | str) -> None:
        """Hand numbers to the prose of the chapter, and the counts of verdicts.

        Parameters
        ----------
        counts : bool
            Whether to hand over the counts of verdicts; they go once.
        **values : int, float or str
            Name and value; the prose takes it up by the name.
        """
        from myst_nb import glue

        ready: dict[str, int | float | str] = {}
        if counts:
            ready |= {verdict.value: number for verdict, number in self.ledger.counts().items()}
            ready["claims"] = len(self.ledger.entries)
            ready["conflicts"] = sum(finding.kind == "conflict" for finding in self.ledger.findings)
        for name, value in (ready | values).items():
            glue(name, value, display=False)

    def strip(self) -> Html:
        """Return the bar of claims by verdict.

        Returns
        -------
        Html
            The bar, and the number of claims with each verdict below it.
        """
        return strip(self.ledger.counts(), self.key, study_title(self.study))

    def table(self, location: str, caption: str) -> Html:
        """Return a table of the paper with its evidence folded below.

        Parameters
        ----------
        location : str
            Key of the place in ``paper.yaml``.
        caption : str
            What the table shows, in our words.

        Returns
        -------
        Html
            The values as printed, each with the mark of its verdict; below
            them the attainable ranges of means, quantiles and p-values.
        """
        entries = self._entries(location)
        place = self.study.locations[location].title
        evidence = joined(
            [
                evidence_table(self.ledger, entries, f"{place}: value by value"),
                element("p", self._file(location), class_="nc-files"),
            ]
        )
        limits = self._limits(location)
        return joined(
            [
                printed_table(self.ledger, self.key, location, caption),
                *([limits] if limits else []),
                element(
                    "details",
                    element(
                        "summary",
                        f"All {counted(len(entries), 'value')} with what follows from the others",
                    ),
                    evidence,
                    class_="nc-fold",
                ),
            ]
        )

    def rest(self, *shown: str) -> Html:
        """Return the values of every place that has not been shown.

        Parameters
        ----------
        *shown : str
            Places whose tables stand elsewhere in the chapter.

        Returns
        -------
        Html
            A folded table of values for each place.
        """
        folds = []
        for location, place in self.study.locations.items():
            entries = self._entries(location)
            if location not in shown and entries:
                folds.append(
                    element(
                        "details",
                        element("summary", f"{place.title}: {counted(len(entries), 'value')}"),
                        evidence_table(self.ledger, entries, place.title),
                        element("p", self._file(location), class_="nc-files"),
                        class_="nc-fold",
                    )
                )
        return joined(folds)

    def findings(
        self, *, kind: str | None = None, check: str | None = None, conditional: bool = False
    ) -> Html:
        """Return findings in words.

        Parameters
        ----------
        kind : {'conflict', 'support', 'note'}, optional
            Only these.
        check : str, optional
            Only those of one check.
        conditional : bool
            Only those that rest on an assumption.

        Returns
        -------
        Html
            One section a finding.
        """
        chosen = [
            finding
            for finding in self.ledger.findings
            if kind in (None, finding.kind)
            and check in (None, finding.check)
            and (not conditional or finding.assumptions)
        ]
        return findings_html(self.ledger, chosen, self.confidence, self.book)

    def notes(self) -> Html:
        """Return what is worth knowing and proves nothing.

        Returns
        -------
        Html
            One section a note, less those that only say why a value stands
            alone: that is said beside the value.
        """
        chosen = [
            finding
            for finding in self.ledger.findings
            if finding.kind == "note" and is_shown_in_chapter(finding)
        ]
        if not chosen:
            return element("p", "Nothing further.")
        return findings_html(self.ledger, chosen, self.confidence, self.book)

    def proportions(self, *rows: tuple[str, Sequence[str], str]) -> Html:
        """Return shares of patients with confidence intervals.

        Parameters
        ----------
        *rows : tuple of (str, sequence of str, str)
            Title, claims whose counts are added, claim of the denominator.

        Returns
        -------
        Html
            Counts, percentage and Wilson interval; where the counts exceed
            the denominator there is no share, and the table says so.
        """
        level = f"{100 * self.confidence:g} % interval"
        head = element(
            "tr",
            *(element("th", name, scope="col") for name in ("Share", "Counts", "Per cent", level)),
        )
        body = []
        for title, parts, whole in rows:
            count, denominator = (
                sum(int(self.value(name)) for name in parts),
                int(self.value(whole)),
            )
            cells: tuple[str, ...] = (f"{count} of {denominator}", "not a share", "–")
            if count <= denominator:
                found = proportion_interval(count, denominator, self.confidence)
                limits = f"{100 * found.low:.0f} to {100 * found.high:.0f} %"
                cells = (f"{count} of {denominator}", f"{100 * found.estimate:.0f} %", limits)
            body.append(
                element(
                    "tr",
                    element("th", title, scope="row"),
                    *(element("td", c, class_="nc-number") for c in cells),
                )
            )
        return element("table", element("thead", head), element("tbody", *body), class_="nc-table")

    def shares_figure(
        self, *rows: tuple[str, Sequence[str], str], name: str, caption: str, axis_label: str
    ) -> Plot:
        """Draw shares of patients with their intervals.

        Parameters
        ----------
        *rows : tuple of (str, sequence of str, str)
            Label, claims whose counts are added, claim of the denominator.
        name : str
            Name of the figure, unique in the chapter.
        caption, axis_label : str
            What the figure and its axis show.

        Returns
        -------
        Plot
            Wilson's intervals; hollow marks where a printed value behind a
            share is in conflict with others.
        """
        from netcore.figures import ForestRow, forest_plot

        drawn = []
        for label, parts, whole in rows:
            count, size = sum(int(self.value(c)) for c in parts), int(self.value(whole))
            found = proportion_interval(count, size, self.confidence)
            verdicts = {self.ledger.entry(self.key, claim).verdict for claim in (*parts, whole)}
            disputed = Verdict.INCONSISTENT in verdicts
            drawn.append(
                ForestRow(
                    label, "", "", count, size, found.estimate, found.low, found.high, disputed
                )
            )
        return forest_plot(
            drawn,
            name=name,
            caption=caption,
            axis_label=axis_label,
            confidence=self.confidence,
            label_head="Outcome",
        )

    def quartiles_figure(
        self, *rows: tuple[str, str, str, str], name: str, caption: str, axis_label: str, unit: str
    ) -> Plot:
        """Draw printed medians, with printed quartiles where there are any.

        Parameters
        ----------
        *rows : tuple of (str, str, str, str)
            Label, claim of the median, and claims of both quartiles, or two
            empty strings.
        name : str
            Name of the figure, unique in the chapter.
        caption, axis_label : str
            What the figure and its axis show.
        unit : str
            The unit of the values.

        Returns
        -------
        Plot
            Values as printed; hollow marks where one of them is in conflict
            with others.
        """
        from netcore.figures import ForestRow, forest_plot

        drawn = []
        for label, *names in rows:
            values = [float(self.value(claim)) for claim in names if claim]
            claims = [self.ledger.entry(self.key, claim).verdict for claim in names if claim]
            low, high = values[1:] if len(values) == 3 else (None, None)
            disputed = Verdict.INCONSISTENT in claims
            drawn.append(ForestRow(label, "", "", None, None, values[0], low, high, disputed))
        return forest_plot(
            drawn,
            name=name,
            caption=caption,
            axis_label=axis_label,
            unit=unit,
            confidence=self.confidence,
            label_head="Group and place",
            value_head=f"{unit}: median (quartiles)",
        )

    def flow_chart(self, *populations: str, name: str, caption: str) -> Plot:
        """Draw the groups of the study with their sizes.

        Parameters
        ----------
        *populations : str
            Names of groups: the whole first, each other one after the group
            it is a part of.
        name : str
            Name of the figure, unique in the chapter.
        caption : str
            What the figure shows.

        Returns
        -------
        Plot
            Sizes as printed, or within a dashed outline what the printed
            counts leave that are not in dispute.
        """
        from netcore.figures import flow_chart
        from netcore.tables.group_sizes import group_boxes

        boxes = group_boxes(self.study, analyse_counts(self.study), populations)
        is_solved = any(box.is_solved for box in boxes)
        note = "A dashed outline marks a size that no place prints; the other counts leave it."
        return flow_chart(boxes, name=name, caption=caption, note=note * is_solved)

    def side_by_side(self, *locations: str, caption: str) -> Html:
        """Return the values that several places print of the same quantities.

        Parameters
        ----------
        *locations : str
            Keys of places, one column each.
        caption : str
            What the table shows.

        Returns
        -------
        Html
            One row for each quantity that at least two of the places print,
            each value with the mark of its verdict; below them the attainable
            ranges of means, quantiles and p-values.
        """
        shown = side_by_side_table(self.ledger, self.key, locations, caption)
        limits = self._limits(*locations)
        files = element("p", *(self._file(name) for name in locations), class_="nc-files")
        return joined([shown, *([limits] if limits else []), files])

    def colophon(self) -> Html:
        """Return the end of the chapter: download, rerun, cite, reply or dispute.

        Returns
        -------
        Html
            Four parts, with every file of the paper.
        """
        return paper_colophon(self.ledger, self.study, self.book)

    def constructed_patients(self) -> pd.DataFrame:
        """Return constructed patients who have every count that is not in dispute.

        Returns
        -------
        pandas.DataFrame
            One row a constructed patient, one column a variable; a dash where
            the patient is in none of the named levels.  Only variables of
            which the printed counts settle how many of all patients have each
            level.  These are not the patients of the study: nobody but the
            authors has those.
        """
        import pandas as pd

        analysis = analyse_counts(self.study)[0]
        counts = analysis.counts
        assert counts.system is not None
        outcome = solve(counts.system, labels={RULE, *analysis.undisputed()}, seed=self.seed)
        values = dict(outcome.values) if isinstance(outcome, Feasible) else analysis.solution
        assert values is not None
        units = deal_units(counts, values, self.seed)

        def shown(factor: Factor, level: str) -> str:
            return (
                level_title(self.study, factor.variable, level)
                if level and not factor.level
                else level or "–"
            )

        factors = [factor for factor in sorted(units[0]) if _is_settled(analysis, factor, units)]
        table = pd.DataFrame(
            [[shown(factor, unit[factor]) for factor in factors] for unit in units],
            columns=[factor_title(self.study, factor) for factor in factors],
        )
        table.columns.name = "patient"
        table.index = pd.Index([f"constructed {number}" for number in range(1, len(table) + 1)])
        return table

    def _entries(self, location: str) -> list[Entry]:
        return [entry for entry in self.ledger.entries if entry.claim.location == location]

    def _file(self, location: str) -> Html:
        place = self.study.locations[location].title
        address = file_address(self.study, table_file(location))
        return element("a", f"{place} (CSV)", href=address, download="", class_="nc-file")

    def _limits(self, *locations: str) -> Html | None:
        places = listed(self.study.locations[location].title for location in locations)
        entries = [entry for location in locations for entry in self._entries(location)]
        caption = f"{places}: what the other values leave open"
        return attainable_table(self.ledger, self.key, entries, caption)

    def with_verdict(self, verdict: Verdict) -> int:
        """Return how many claims have a verdict.

        Parameters
        ----------
        verdict : Verdict
            The verdict.

        Returns
        -------
        int
            Number of claims of the paper, 0 or more.
        """
        return self.ledger.counts()[verdict]


def open_chapter(
    paper: str,
    *,
    rounding: str = "nearest",
    alpha: float = 0.05,
    confidence: float = 0.95,
    seed: int = 1,
) -> Chapter:
    """Load a paper and run every check on it.

    Parameters
    ----------
    paper : str
        Key of a paper in ``data/``.
    rounding : str
        A key of :data:`netcore.printed.ROUNDINGS`.
    alpha : float
        The level behind 'not significant', between 0 and 1.
    confidence : float
        Confidence level of intervals, between 0 and 1.
    seed : int
        Which of the constructed sets of patients to show, 0 or more.

    Returns
    -------
    Chapter
        What the chapter shows.

    Raises
    ------
    ValueError
        If a parameter is out of range.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"found confidence {confidence}, expected a number between 0 and 1")
    if seed < 0:
        raise ValueError(f"found seed {seed}, expected 0 or more")
    conventions = Conventions(rounding, Fraction(str(alpha)))
    study = load_study(paper_folder(paper))
    library = load_library(data_folder())
    return Chapter(
        build_ledger(
            [study],
            conventions,
            library.studies,
            checked=checks_of_book(conventions, library.studies),
        ),
        confidence,
        seed,
        open_book(),
    )


def _is_settled(
    analysis: CountAnalysis, factor: Factor, units: Sequence[Mapping[Factor, str]]
) -> bool:
    """Return whether the printed counts leave one number of units for each level dealt."""
    root = analysis.counts.root
    labels = analysis.undisputed()
    levels = [factor.level] if factor.level else sorted({unit[factor] for unit in units} - {""})
    for level in levels:
        condition = Condition(factor.variable, factor.at, level)
        found = analysis.attainable(Cell(root, frozenset((condition,))), labels)
        if found is None or found.low != found.high:
            return False
    return bool(levels)
