"""What readers come for, each in three clicks or fewer from the home page."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.needs(what="browser"), pytest.mark.needs(what="site")]

HOME = "chapters/home.html"
MOST = 3


class Reader:
    """Somebody at the home page who counts clicks and sees only what is shown."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, what: Locator) -> None:
        expect(what).to_be_visible()
        what.click()
        # A page is read when it is there; a script may have much to do first.
        self.page.wait_for_load_state("load")
        self.clicks += 1
        assert self.clicks <= MOST

    def follow(self, name: str | re.Pattern[str], where: str = "article") -> None:
        exact = isinstance(name, str)
        self.click(self.page.locator(where).get_by_role("link", name=name, exact=exact).first)

    def in_contents(self, name: str) -> None:
        self.follow(name, "nav.bd-links")

    def sees(self, words: str | re.Pattern[str], where: str = "article") -> None:
        expect(self.page.locator(where)).to_contain_text(words)
        expect(self.page.locator(where).get_by_text(words).first).to_be_in_viewport()

    def downloads(self, what: Locator) -> Path:
        with self.page.expect_download() as got:
            self.click(what)
        return Path(got.value.path())


@pytest.fixture
def reader(open_page: Callable[..., Page]) -> Reader:
    return Reader(open_page(HOME))


def test_whether_the_survival_difference_of_the_trial_is_real(reader: Reader) -> None:
    reader.follow("what the trial can exclude")
    reader.sees("What may and may not be concluded")
    assert reader.page.url.endswith("maire2012.html#what-may-and-may-not-be-concluded")


def test_which_numbers_of_a_paper_may_be_cited(reader: Reader) -> None:
    item = reader.page.locator("article li", has_text="Solovyova 2023").filter(
        has=reader.page.get_by_role("link", name="what may be cited")
    )
    reader.click(item.get_by_role("link", name="what may be cited"))
    reader.sees("May be cited:")
    reader.sees("May not be cited as one number:")


def test_the_proof_that_a_p_value_cannot_be(reader: Reader) -> None:
    reader.follow("Proof of ranks.t2.after.p")
    finding = reader.page.locator("[id='finding-ranks.t2.after.p']")
    expect(finding).to_be_in_viewport()
    expect(finding).to_contain_text("44 or fewer, or 241 or more")
    proof = reader.downloads(finding.get_by_role("link", name=re.compile(r"^proof.*JSON")).first)
    assert json.loads(proof.read_text(encoding="utf-8"))


def test_the_constructed_patients_of_a_claim(reader: Reader) -> None:
    reader.follow("Maire 2012")
    link = reader.page.locator("article").get_by_role("link", name=re.compile(r"^constructed"))
    shown = link.locator("visible=true")
    if shown.count() == 0:
        held = reader.page.locator("a", has_text=re.compile(r"^constructed"))
        fold = reader.page.locator("article details.nc-fold").filter(has=held).first
        reader.click(fold.locator("> summary"))
    table = reader.downloads(link.locator("visible=true").first)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert rows
    assert any("constructed" in column for column in rows[0])


def test_the_conflicts_of_one_paper_in_the_ledger_and_in_print(reader: Reader) -> None:
    name = re.compile(r"inconsistent, Solovyova 2023")
    promised = reader.page.locator("article").get_by_role("link", name=name).first
    number = int((promised.get_attribute("aria-label") or promised.inner_text()).split()[0])
    assert number > 0
    reader.follow(name)
    rows = reader.page.locator("table.nc-ledger tbody tr").locator("visible=true")
    expect(rows).to_have_count(number)
    for index in range(number):
        expect(rows.nth(index)).to_contain_text("Solovyova 2023")
        expect(rows.nth(index)).to_contain_text("inconsistent")
    reader.page.emulate_media(media="print")
    expect(rows).to_have_count(number)
    expect(reader.page.locator("nav.bd-links")).to_be_hidden()


def test_how_a_verdict_would_change_under_truncation(reader: Reader) -> None:
    reader.in_contents("Under other conventions")
    section = reader.page.locator("#truncate")
    if not section.is_visible():
        reader.follow(re.compile("cut off|truncat", re.IGNORECASE))
    expect(section).to_be_visible()
    expect(section).to_contain_text(re.compile("cut off|truncat", re.IGNORECASE))


def test_what_conditional_means(reader: Reader) -> None:
    reader.click(reader.page.locator(".nc-verdict-key").get_by_role("link", name="conditional"))
    reader.sees(re.compile("only if something is assumed that the paper does not say"))


def test_how_to_cite_this(reader: Reader) -> None:
    reader.in_contents("How to cite")
    expect(reader.page.locator("article")).to_contain_text("@misc{")


def test_how_to_check_a_paper_of_ones_own(reader: Reader) -> None:
    reader.follow("how to check a paper of your own")
    expect(reader.page.locator("article h1")).to_contain_text(re.compile("paper of your own"))
    expect(reader.page.locator("article")).to_contain_text("claims.csv")


def test_the_name_of_the_book_leads_home_from_everywhere(open_page: Callable[..., Page]) -> None:
    reader = Reader(open_page("methods/moments.html"))
    reader.click(reader.page.locator("a.navbar-brand").first)
    expect(reader.page.locator("article h1")).to_contain_text("Checked number by number")
