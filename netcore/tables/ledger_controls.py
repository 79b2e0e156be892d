"""What stands above the ledger's table: search, filters, columns and downloads.

The controls are written here, with every choice and its count, and hidden;
``_static/ledger.js`` shows them and makes them work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from netcore.checks import Verdict
from netcore.checks.wording import STATISTICS
from netcore.tables.ledger_rows import LedgerRow
from netcore.tables.markup import Html, element, joined
from netcore.tables.verdict_marks import READING_ORDER, badge

__all__ = ["NO_CHECK", "ledger_controls"]

NO_CHECK: Final = "none"
"""The filter's name for claims that no check binds."""


def ledger_controls(rows: Sequence[LedgerRow], columns: Iterable[tuple[str, str, bool]]) -> Html:
    """Return the controls of a ledger.

    Parameters
    ----------
    rows : sequence of LedgerRow
        All claims.
    columns : iterable of (str, str, bool)
        Name and title of each column, and whether it is shown at first.

    Returns
    -------
    Html
        A form; each choice says how many claims it has.
    """
    verdicts = Counter(row.verdict for row in rows)
    papers = Counter(row.paper for row in rows)
    titles = {row.paper: row.paper_title for row in rows}
    statistics = Counter(name for row in rows for name in row.statistics)
    checks = Counter(name for row in rows for name in row.checks or (NO_CHECK,))
    return element(
        "form",
        _search(),
        element(
            "fieldset",
            element("legend", "Verdict"),
            *(_verdict(verdict, verdicts[verdict]) for verdict in READING_ORDER),
            class_="nc-chips",
        ),
        element(
            "div",
            _menu("Paper", [_option("paper", key, titles[key], papers[key]) for key in papers]),
            _menu(
                "Statistic",
                [
                    _option("stat", name, _statistic(name), number)
                    for name, number in statistics.most_common()
                ],
            ),
            _menu(
                "Check",
                [
                    _option("check", name, "no check" if name == NO_CHECK else name, number)
                    for name, number in checks.most_common()
                ],
            ),
            _menu("Columns", [_column(name, title, shown) for name, title, shown in columns]),
            _downloads(),
            class_="nc-menus",
        ),
        element("ul", class_="nc-chosen", aria_label="Filters that are set"),
        class_="nc-ledger-controls",
        role="search",
        aria_label="The ledger",
        autocomplete="off",
        hidden="",
    )


def _search() -> Html:
    return element(
        "div",
        element("label", "Search", for_="nc-ledger-search"),
        element(
            "input",
            id="nc-ledger-search",
            type="search",
            name="text",
            spellcheck="false",
            aria_describedby="nc-ledger-hint",
        ),
        element(
            "span",
            "Words in any order; “a phrase”; !word leaves out",
            id="nc-ledger-hint",
            class_="nc-hint",
        ),
        class_="nc-search",
    )


def _verdict(verdict: Verdict, number: int) -> Html:
    box = element("input", type="checkbox", name="verdict", value=verdict.value)
    class_ = f"nc-chip nc-{verdict.value}"
    return element("label", box, badge(verdict), " ", _tally(number), class_=class_)


def _statistic(name: str) -> Html:
    code = element("code", name)
    words = STATISTICS.get(name, name)
    return code if words == name else joined([words, code], " ")


def _option(facet: str, value: str, label: Html | str, number: int) -> Html:
    box = element("input", type="checkbox", name=facet, value=value)
    return element("label", box, element("span", label), _tally(number))


def _column(name: str, title: str, is_shown: bool) -> Html:
    checked = "" if is_shown else None
    box = element("input", type="checkbox", name="column", value=name, checked=checked)
    return element("label", box, element("span", title))


def _tally(number: int) -> Html:
    return element("span", str(number), class_="nc-tally")


def _menu(title: str, options: Sequence[Html]) -> Html:
    """Return choices behind a button, of which one at a time is open."""
    return element(
        "details",
        element("summary", title, " ", element("span", class_="nc-tally")),
        element("fieldset", element("legend", title, class_="nc-unseen"), *options),
        class_="nc-menu",
        name="nc-ledger-menu",
    )


def _downloads() -> Html:
    # Addresses from a chapter, where the site's own copies of the ledger stand.
    links = [
        element("a", text, href=f"../ledger/{file}", download="")
        for text, file in (
            ("Claims, CSV", "claims.csv"),
            ("Claims and findings, JSON", "ledger.json"),
        )
    ]
    return element(
        "details",
        element("summary", "Download"),
        element(
            "div",
            element("strong", "What is shown now"),
            element("div", class_="nc-ledger-buttons"),
            element("strong", "The whole ledger"),
            *links,
        ),
        class_="nc-menu",
        name="nc-ledger-menu",
    )
