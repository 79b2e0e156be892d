"""Every page in a browser: light and dark, phone and desktop."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

from netcore.publishing.staging import read_pages

pytestmark = [pytest.mark.needs(what="browser"), pytest.mark.needs(what="site")]

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [*read_pages(ROOT), "search", "genindex"]
PHONE, DESKTOP = 390, 1300
LEDGER = "chapters/ledger"
# Bytes.
LIMIT, LEDGER_LIMIT = 1_500_000, 4_000_000

# Parts that stick out of the page, and are not in a part that scrolls by itself.
OVERFLOWING = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const scrolls = (node) => {
    for (let parent = node.parentElement; parent; parent = parent.parentElement)
      if (/auto|scroll|hidden/.test(getComputedStyle(parent).overflowX)) return true;
    return false;
  };
  return [...document.querySelectorAll('body *')]
    .filter((node) => node.getBoundingClientRect().right > page.clientWidth + 1 && !scrolls(node))
    .slice(0, 5).map((node) => node.outerHTML.slice(0, 120));
}"""
RAW_FORMULAS = """() => [...document.querySelectorAll('article .math')]
  .filter((node) => !node.querySelector('mjx-container svg, mjx-container mjx-math'))
  .map((node) => node.textContent.slice(0, 80))"""
FAILED_FORMULAS = """() => [...document.querySelectorAll('mjx-merror')]
  .map((node) => node.textContent.slice(0, 80))"""


def settle(page: Page) -> None:
    """Wait for formulas and fonts; a page that moves is another page."""
    page.wait_for_function(
        "() => !document.querySelector('article .math') || "
        "(window.MathJax && window.MathJax.startup && window.MathJax.startup.promise)"
    )
    page.evaluate(
        "() => window.MathJax && window.MathJax.startup && window.MathJax.startup.promise"
    )
    page.evaluate("() => document.fonts.ready.then(() => null)")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_open_to_all(
    open_page: Callable[..., Page], name: str, scheme: str, width: int
) -> None:
    page = open_page(f"{name}.html", scheme=scheme, width=width)
    settle(page)
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(RAW_FORMULAS) == []
    assert page.evaluate(FAILED_FORMULAS) == []
    # axe would fetch the style sheets again, and their imports from where the page is.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [
        (rule["id"], rule["impact"], [node["html"][:160] for node in rule["nodes"][:4]])
        for rule in found
    ] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(browser: Browser, site_url: str, name: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{site_url}/{name}.html", wait_until="load")
    settle(page)
    bodies = [answer.body() for answer in answers if answer.status == 200]
    context.close()
    limit = LEDGER_LIMIT if name == LEDGER else LIMIT
    # With all that it loads, as servers send it; and the page itself as it stands in the folder.
    assert sum(len(gzip.compress(body, 6)) for body in bodies) <= limit
    assert len(bodies[0]) <= limit


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_from_the_folder(open_page: Callable[..., Page], name: str) -> None:
    page = open_page(f"{name}.html", folder=True)
    settle(page)
    assert page.locator("h1").count() >= 1
    assert page.evaluate(RAW_FORMULAS) == []


@pytest.mark.parametrize("name", [page for page in PAGES if page not in ("search", "genindex")])
def test_a_page_can_be_read_without_scripts(open_page: Callable[..., Page], name: str) -> None:
    page = open_page(f"{name}.html", javascript=False)
    assert page.locator("article h1").is_visible()
