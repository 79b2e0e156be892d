"""The ledger in a browser: what a reader does with it, by mouse, by keyboard and by address."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

pytestmark = [pytest.mark.needs(what="browser"), pytest.mark.needs(what="site")]

LEDGER = "chapters/ledger.html"
FACETS = ("verdict", "paper", "stat", "check")
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def claims(site: Path) -> list[dict[str, object]]:
    """Every claim of the published ledger."""
    document = json.loads((site / "ledger" / "ledger.json").read_text(encoding="utf-8"))
    found: list[dict[str, object]] = document["claims"]
    return found


def has(claim: dict[str, object], facet: str, value: str) -> bool:
    """Say whether a claim of the published ledger has a value of a filter."""
    if facet == "stat":
        return value in str(claim["stat_name"]).split("|")
    if facet == "check":
        checks = claim["checks"]
        assert isinstance(checks, list)
        return value in (checks or ["none"])
    return claim[facet] == value


def shown(page: Page) -> int:
    """Return how many claims the page says that it shows."""
    words = page.locator(".nc-count").inner_text()
    return int(words.split()[0])


def asked(page: Page) -> dict[str, list[str]]:
    """Return what the address of a page asks for."""
    return parse_qs(str(page.evaluate("location.search.slice(1)")))


def choose(page: Page, facet: str, value: str) -> None:
    """Choose a value of a filter as a reader does, and close its menu."""
    box = page.locator(f'input[name="{facet}"][value="{value}"]')
    menu = page.locator("details.nc-menu").filter(has=box)
    if menu.count():
        menu.locator("summary").click()
    box.click()
    if menu.count():
        page.keyboard.press("Escape")


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha() and character.isascii())


def cells(page: Page, column: str) -> list[str]:
    """Return the text of a column, of the rows on this page of the table."""
    return page.locator(f"tbody .nc-{column}-cell").all_inner_texts()


def field(page: Page) -> Locator:
    """Return the field for a search in the ledger; the theme has one for the book."""
    return page.get_by_role("search", name="The ledger").get_by_role("searchbox")


def search(page: Page, words: str) -> None:
    field(page).fill(words)


def test_a_search_finds_words_in_any_order_and_in_columns_that_are_not_shown(
    open_page: OpenPage, claims: list[dict[str, object]]
) -> None:
    page = open_page(LEDGER)
    assert shown(page) == len(claims)
    search(page, "2022 zvezdkina")
    assert shown(page) == sum(claim["paper"] == "zvezdkina2022" for claim in claims)
    claim = str(claims[-1]["claim"])
    search(page, f'"{claim}"')
    assert 1 <= shown(page) < len(claims)
    search(page, "no such words anywhere")
    assert page.locator(".nc-count").inner_text().startswith("0 of ")
    expect(page.get_by_text("No claim fits")).to_be_visible()


@pytest.mark.parametrize("facet", FACETS)
def test_each_filter_shows_the_claims_that_have_any_of_its_values(
    open_page: OpenPage, claims: list[dict[str, object]], facet: str
) -> None:
    page = open_page(LEDGER)
    boxes = page.locator(f'.nc-ledger-controls input[name="{facet}"]')
    values = [str(value) for value in boxes.evaluate_all("boxes => boxes.map(box => box.value)")]
    tallies = page.locator(f'label:has(input[name="{facet}"]) .nc-tally').all_text_contents()
    for value, tally in zip(values, tallies, strict=True):
        assert int(tally) == sum(has(claim, facet, value) for claim in claims), value
    assert len(values) > 2
    first, second = values[0], values[-1]
    choose(page, facet, first)
    assert shown(page) == sum(has(claim, facet, first) for claim in claims)
    choose(page, facet, second)
    either = sum(has(claim, facet, first) or has(claim, facet, second) for claim in claims)
    assert shown(page) == either
    assert sorted(asked(page)[facet]) == sorted([first, second])


def test_several_filters_have_to_agree_and_their_counts_say_what_each_value_would_add(
    open_page: OpenPage, claims: list[dict[str, object]]
) -> None:
    page = open_page(LEDGER)
    choose(page, "paper", "zvezdkina2022")
    choose(page, "verdict", "inconsistent")
    choose(page, "check", "percentages")
    search(page, "group")

    def fits(claim: dict[str, object], verdict: str) -> bool:
        return (
            claim["paper"] == "zvezdkina2022"
            and has(claim, "check", "percentages")
            and claim["verdict"] == verdict
        )

    found = page.evaluate(
        "() => [...document.querySelectorAll('input[name=verdict]')].map(box => "
        "[box.value, Number(box.closest('label').querySelector('.nc-tally').textContent)])"
    )
    counts = {str(value): int(number) for value, number in found}
    assert 0 < shown(page) == counts["inconsistent"]
    for verdict, number in counts.items():
        assert number <= sum(fits(claim, verdict) for claim in claims)
    search(page, "")
    assert shown(page) == sum(fits(claim, "inconsistent") for claim in claims)
    choose(page, "verdict", "inconsistent")
    choose(page, "verdict", "reproduced")
    assert shown(page) == sum(fits(claim, "reproduced") for claim in claims)


def test_a_filter_is_removed_by_its_own_button_and_all_of_them_by_another(
    open_page: OpenPage, claims: list[dict[str, object]]
) -> None:
    page = open_page(f"{LEDGER}?paper=maire2012&verdict=possible&verdict=open&text=median")
    page.get_by_role("button", name="Remove the filter Verdict: possible").click()
    assert asked(page)["verdict"] == ["open"]
    page.get_by_role("button", name="Clear all").click()
    assert shown(page) == len(claims)
    assert asked(page) == {}
    expect(field(page)).to_be_focused()


def test_a_column_sorts_by_number_or_by_precedence_and_says_so(open_page: OpenPage) -> None:
    page = open_page(f"{LEDGER}?paper=zvezdkina2022&stat=pct")
    head = page.locator("th.nc-printed-cell")
    button = head.get_by_role("button")
    button.click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    leading = [re.search(r"\d+([.,]\d+)?", cell) for cell in cells(page, "printed")]
    numbers = [float(found[0].replace(",", ".")) for found in leading if found]
    assert len(numbers) > 20
    assert numbers == sorted(numbers)
    page.wait_for_url("**sort=printed*")
    button.click()
    expect(head).to_have_attribute("aria-sort", "descending")
    page.wait_for_url("**sort=-printed*")
    page.goto(f"{page.url.partition('?')[0]}?sort=verdict")
    assert cells(page, "verdict")[0].endswith("inconsistent")


def test_columns_can_be_chosen_and_the_choice_is_in_the_address(open_page: OpenPage) -> None:
    page = open_page(LEDGER)
    assert page.locator("th.nc-place-cell").count() == 0
    choose(page, "column", "place")
    choose(page, "column", "paper")
    assert page.locator("th.nc-place-cell").count() == 1
    assert page.locator("th.nc-paper-cell").count() == 0
    assert (asked(page)["show"], asked(page)["hide"]) == (["place"], ["paper"])
    page.reload()
    assert page.locator("th.nc-place-cell").count() == 1
    assert page.locator("th.nc-paper-cell").count() == 0


@pytest.mark.parametrize("folder", [False, True], ids=["served", "from the folder"])
def test_an_address_opens_a_view_and_back_and_forward_walk_through_views(
    open_page: OpenPage, claims: list[dict[str, object]], folder: bool
) -> None:
    page = open_page(f"{LEDGER}?paper=solovyova2023&verdict=inconsistent", folder=folder)
    first = sum(
        claim["paper"] == "solovyova2023" and claim["verdict"] == "inconsistent" for claim in claims
    )
    assert shown(page) == first > 0
    choose(page, "verdict", "conditional")
    second = shown(page)
    assert second > first
    field(page).press_sequentially("median")
    third = shown(page)
    assert asked(page)["text"] == ["median"]
    assert third < second
    # What was typed is one step, not one a letter.
    page.go_back()
    assert (shown(page), "text" in asked(page)) == (second, False)
    page.go_back()
    assert shown(page) == first
    assert not page.locator('input[name="verdict"][value="conditional"]').is_checked()
    page.go_forward()
    page.go_forward()
    assert shown(page) == third
    expect(field(page)).to_have_value("median")


def test_a_page_of_the_table_and_its_length_are_in_the_address(
    open_page: OpenPage, claims: list[dict[str, object]]
) -> None:
    page = open_page(f"{LEDGER}?page=2")
    assert f"{len(claims)} claims, 26 to 50" in page.locator(".nc-count").inner_text()
    page.get_by_role("link", name="Next page").click()
    assert asked(page)["page"] == ["3"]
    page.locator(".dt-length select").select_option("100")
    assert asked(page)["rows"] == ["100"]
    assert len(cells(page, "quantity")) == 100


def test_an_address_that_asks_for_what_is_not_there_says_so(
    open_page: OpenPage, claims: list[dict[str, object]]
) -> None:
    strange = quote("<b>nobody</b>1999")
    page = open_page(f"{LEDGER}?paper={strange}&sort=nothing&page=99&rows=-5&show=nothing")
    assert shown(page) == len(claims)
    assert "<b>nobody</b>1999, which is not here" in page.locator(".nc-count").inner_text()


def test_what_is_downloaded_is_what_is_shown(open_page: OpenPage) -> None:
    page = open_page(f"{LEDGER}?paper=solovyova2023&verdict=inconsistent&sort=-printed&show=place")
    names = ["quantity", "printed", "follows", "verdict", "evidence", "place"]
    titles = [name.capitalize() for name in names]
    visible = list(zip(*(cells(page, name) for name in names), strict=True))
    assert 0 < len(visible) == shown(page) <= 25
    # On the screen a verdict has its glyph, and long evidence is cut.
    evidence = page.locator("tbody .nc-evidence-cell").evaluate_all(
        "cells => cells.map(cell => cell.textContent)"
    )
    expected = [
        (*row[:3], row[3].split()[-1], said, row[5])
        for row, said in zip(visible, evidence, strict=True)
    ]
    page.locator("summary", has_text="Download").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="CSV").click()
    text = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert [tuple(row[title] for title in titles) for row in table] == expected
    with page.expect_download() as waited:
        page.get_by_role("button", name="JSON").click()
    document = json.loads(Path(waited.value.path()).read_text(encoding="utf-8"))
    assert document == table
    links = page.locator(".nc-menu a[download]")
    for file in ("claims.csv", "ledger.json"):
        with page.expect_download() as waited:
            links.and_(page.locator(f'[href$="{file}"]')).click()
        assert waited.value.suggested_filename == file


def test_what_is_downloaded_goes_on_where_the_page_ends(open_page: OpenPage) -> None:
    page = open_page(f"{LEDGER}?verdict=open")
    page.locator("summary", has_text="Download").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="JSON").click()
    document = json.loads(Path(waited.value.path()).read_text(encoding="utf-8"))
    assert len(document) == shown(page) > 25
    assert {row["Verdict"] for row in document} == {"open"}


def test_a_row_opens_its_evidence_and_leads_to_the_claim(
    open_page: OpenPage, claims: list[dict[str, object]]
) -> None:
    page = open_page(f"{LEDGER}?paper=solovyova2023&verdict=inconsistent")
    claim = next(
        claim
        for claim in claims
        if claim["paper"] == "solovyova2023" and claim["verdict"] == "inconsistent"
    )
    opener = page.locator(".nc-opener").first
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    details = page.locator(".nc-row-details")
    assert str(claim["evidence"]) in details.inner_text()
    assert str(claim["claim"]) in details.inner_text()
    findings = claim["findings"]
    assert isinstance(findings, list)
    for finding in findings:
        expect(details.get_by_role("link", name=str(finding), exact=True)).to_be_visible()
    page.locator("tbody th a").first.click()
    anchor = urlsplit(page.url).fragment
    assert page.url.partition("#")[0].endswith("/solovyova2023.html")
    assert page.locator(f'[id="{anchor}"]').count() == 1


def test_without_scripts_the_table_is_complete(
    open_page: OpenPage, claims: list[dict[str, object]]
) -> None:
    page = open_page(LEDGER, javascript=False)
    table = page.locator("table.nc-ledger")
    assert table.locator("tbody tr").count() == len(claims)
    expect(table.locator("tbody tr").last).to_be_visible()
    expect(page.locator(".nc-ledger-controls")).to_be_hidden()
    assert [str(claim["evidence"]) for claim in claims] == table.locator(
        "tbody td:nth-child(6)"
    ).all_inner_texts()


def test_the_keyboard_alone_filters_sorts_and_opens(open_page: OpenPage) -> None:
    page = open_page(LEDGER)
    total = shown(page)
    field(page).focus()
    keys = page.keyboard
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Space")
    assert asked(page)["verdict"] == ["possible"]
    for _ in range(5):
        keys.press("Tab")
    expect(page.locator("summary", has_text="Paper")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("details.nc-menu[open]")).to_have_count(1)
    keys.press("Tab")
    expect(page.locator('input[name="paper"]').first).to_be_focused()
    keys.press("Space")
    assert len(asked(page)["paper"]) == 1
    keys.press("Escape")
    expect(page.locator("summary", has_text="Paper")).to_be_focused()
    expect(page.locator("details.nc-menu[open]")).to_have_count(0)
    assert 0 < shown(page) < total
    sorter = page.locator("thead th.nc-quantity-cell").get_by_role("button")
    sorter.focus()
    keys.press("Enter")
    expect(page.locator("thead th.nc-quantity-cell")).to_have_attribute("aria-sort", "ascending")
    page.locator(".nc-opener").first.focus()
    keys.press("Space")
    expect(page.locator(".nc-row-details")).to_be_visible()


def test_the_number_of_claims_is_said_where_a_screen_reader_listens(open_page: OpenPage) -> None:
    page = open_page(LEDGER)
    expect(page.get_by_role("status")).to_contain_text("claims")
    choose(page, "verdict", "inconsistent")
    expect(page.get_by_role("status")).to_contain_text(" of ")
    for name in ("Paper", "Statistic", "Check", "Columns"):
        page.locator("summary", has_text=name).click()
        expect(page.get_by_role("group", name=name, exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1300])
def test_open_rows_and_open_menus_are_open_to_all(
    open_page: OpenPage, scheme: str, width: int
) -> None:
    page = open_page(f"{LEDGER}?verdict=inconsistent&sort=printed", scheme=scheme, width=width)
    page.locator(".nc-opener").first.click()
    page.locator("summary", has_text="Statistic").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [
        (rule["id"], [node["html"][:160] for node in rule["nodes"][:4]]) for rule in found
    ] == []


def test_on_paper_stand_all_rows_that_fit_the_filters_and_no_other(
    open_page: OpenPage, claims: list[dict[str, object]], tmp_path: Path
) -> None:
    page = open_page(f"{LEDGER}?paper=zvezdkina2022&verdict=inconsistent&show=claim&hide=evidence")
    path = tmp_path / "ledger.pdf"
    page.pdf(path=path)
    # Letters only: the digits of a font that aligns them have no names in the file.
    text = letters("".join(sheet.extract_text() for sheet in PdfReader(path).pages))
    fitting = [
        letters(str(claim["claim"]))
        for claim in claims
        if claim["paper"] == "zvezdkina2022" and claim["verdict"] == "inconsistent"
    ]
    assert text.count("inconsistent") == len(fitting)
    assert all(name in text for name in fitting)
    assert "unconstrained" not in text
    assert asked(page) == {
        "paper": ["zvezdkina2022"],
        "verdict": ["inconsistent"],
        "show": ["claim"],
        "hide": ["evidence"],
    }


def test_the_page_weighs_less_than_it_may(site: Path) -> None:
    files = [site / LEDGER, *(site / "_static" / name for name in ("datatables.js", "ledger.js"))]
    text = files[0].read_text(encoding="utf-8")
    assert sum(file.stat().st_size for file in files) < 4_000_000
    assert text.count("datatables.js?") == text.count("ledger.js?") == 1
