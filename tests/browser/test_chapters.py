"""Chapters in a browser: a value leads to its evidence, and evidence to its file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from netcore.tables.constructed_data import NOTE

pytestmark = [pytest.mark.needs(what="browser"), pytest.mark.needs(what="site")]

CHAPTER = "chapters/zvezdkina2022.html"
OpenPage = Callable[..., Page]


@pytest.fixture
def claim(root: Path) -> str:
    """Return a claim that is in conflict and has a proof."""
    with (root / "build" / "ledger" / "claims.csv").open(encoding="utf-8", newline="") as stream:
        return next(
            row["claim"]
            for row in csv.DictReader(stream)
            if row["paper"] == "zvezdkina2022" and row["verdict"] == "inconsistent"
            if row["location"].startswith("table")
        )


def row_of(page: Page, claim: str) -> Locator:
    return page.locator(f'[id="claim-{claim}"]')


def is_seen(page: Page, place: Locator) -> bool:
    """Return whether a place is visible, within the window and below the bar at the top."""
    page.wait_for_timeout(300)
    box = place.bounding_box()
    bar = page.locator(".bd-header-article").first.bounding_box()
    assert box is not None
    assert bar is not None
    return place.is_visible() and bar["y"] + bar["height"] <= box["y"] + 1 < 900


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("folder", [False, True], ids=["served", "folder"])
def test_a_link_from_elsewhere_opens_the_fold_of_a_value(
    open_page: OpenPage, claim: str, javascript: bool, folder: bool
) -> None:
    page = open_page(f"{CHAPTER}#claim-{claim}", javascript=javascript, folder=folder)
    assert is_seen(page, row_of(page, claim))


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_printed_value_opens_its_evidence(
    open_page: OpenPage, claim: str, javascript: bool
) -> None:
    page = open_page(CHAPTER, javascript=javascript)
    assert not row_of(page, claim).is_visible()
    page.locator(f'.nc-printed a[href="#claim-{claim}"]').first.click()
    assert is_seen(page, row_of(page, claim))


def test_the_script_opens_folds_where_the_browser_does_not(open_page: OpenPage, claim: str) -> None:
    page = open_page(f"{CHAPTER}#claim-{claim}")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = false; })")
    assert not row_of(page, claim).is_visible()
    page.evaluate("window.dispatchEvent(new HashChangeEvent('hashchange'))")
    assert row_of(page, claim).is_visible()


def test_the_address_of_a_value_is_a_mark_for_the_keyboard_too(
    open_page: OpenPage, claim: str
) -> None:
    page = open_page(f"{CHAPTER}#claim-{claim}")
    mark = row_of(page, claim).locator("a.nc-anchor")
    mark.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert mark.evaluate("mark => getComputedStyle(mark).opacity") == "1"
    page.keyboard.press("Enter")
    assert page.url.endswith(f"#claim-{claim}")


def test_a_proof_is_downloaded_from_the_row_of_its_value(
    open_page: OpenPage, claim: str, root: Path
) -> None:
    page = open_page(f"{CHAPTER}#claim-{claim}")
    with page.expect_download() as waiting:
        row_of(page, claim).get_by_role("link", name="proof").first.click()
    proof = json.loads(waiting.value.path().read_text(encoding="utf-8"))
    stored = root / "evidence" / "zvezdkina2022" / "certificates"
    assert proof in [json.loads(path.read_text(encoding="utf-8")) for path in stored.iterdir()]


def test_constructed_patients_are_three_clicks_from_home(open_page: OpenPage) -> None:
    page = open_page("chapters/home.html")
    page.locator('.bd-article a[href^="zvezdkina2022.html"]').first.click()
    fold = page.locator("details.nc-fold").filter(has=page.locator("table.nc-evidence")).first
    if not fold.get_attribute("open"):
        fold.locator("summary").first.click()
    with page.expect_download() as waiting:
        fold.get_by_role("link", name="constructed patients").first.click()
    assert "constructed" in waiting.value.suggested_filename
    text = waiting.value.path().read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) > 10
    assert {row[-1] for row in rows[1:]} == {NOTE}


def test_marks_and_files_are_not_printed(open_page: OpenPage, claim: str) -> None:
    page = open_page(f"{CHAPTER}#claim-{claim}", media="print")
    assert not row_of(page, claim).locator("a.nc-anchor").is_visible()
    assert not page.locator(".nc-reply").first.is_visible()


def test_evidence_is_not_wider_than_a_phone(open_page: OpenPage, claim: str) -> None:
    page = open_page(f"{CHAPTER}#claim-{claim}", width=400)
    row = row_of(page, claim).bounding_box()
    assert row is not None
    assert row["x"] >= 0
    assert row["x"] + row["width"] <= 400
