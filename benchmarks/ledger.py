"""Time a search and a filter of the ledger in a browser, from 1,000 to 50,000 made-up claims.

Printed for each size: the weight of the page, the time until it can be used, and
the slowest of some answers, each from the reader's action to the next picture:
milliseconds of the page's own thread, so that a busy machine says the same.
Times are never tested.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from netcore.checks import Verdict
from netcore.publishing.chromium import ARGUMENTS, find_chromium
from netcore.publishing.ledger_scripts import write_datatables
from netcore.tables.ledger_page import show_rows
from netcore.tables.ledger_rows import LedgerRow

STATIC = Path(__file__).resolve().parent.parent / "_static"
SIZES = (1_000, 5_000, 20_000, 50_000)
STATISTICS = ("n", "N", "pct", "median", "p25", "p75", "mean", "sd", "p.value", "survival")
CHECKS = ("printings", "percentages", "order", "ranks", "quantiles", "moments", "dates")
WORDS = "response progression survival grade lesions embolisation median group patients".split()

# What a reader does, in this order.
ACTIONS = {
    "filter": "() => document.querySelector('input[name=verdict][value=open]').click()",
    "two filters": "() => document.querySelector('input[name=check][value=ranks]').click()",
    "search": """() => {
      const field = document.querySelector('#nc-ledger-search');
      field.value = 'survival grade';
      field.dispatchEvent(new Event('input', {bubbles: true}));
    }""",
    "clear": "() => document.querySelector('.nc-clear').click()",
    "sort": "() => document.querySelector('th.nc-printed-cell .dt-column-order').click()",
}
ANSWER = """action => new Promise(done => {
  action();
  requestAnimationFrame(() => setTimeout(() => setTimeout(done)));
})"""
HEAD = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Made-up ledger</title>'
    '<link rel="stylesheet" href="netcore.css"><link rel="stylesheet" href="ledger.css">'
    '<script defer src="datatables.js"></script><script defer src="ledger.js"></script>'
)


def made_up_rows(number: int) -> list[LedgerRow]:
    """Return made-up claims, a paper for each 150, always the same."""
    chance = random.Random(number)

    def words(least: int, most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(least, most)))

    rows = []
    for index in range(number):
        paper, claim = f"paper{index // 150}", f"claim.{index}"
        value = chance.randint(0, 999) / 10
        checks = tuple(sorted(chance.sample(CHECKS, chance.randint(0, 3))))
        rows.append(
            LedgerRow(
                paper=paper,
                paper_title=paper.title(),
                claim=claim,
                address=f"{paper}.html#claim-{claim}",
                quantity=words(4, 9),
                printed=f"{value} %",
                number=value,
                follows="–",
                verdict=chance.choice(list(Verdict)),
                evidence=words(8, 40),
                place="Results",
                statistics=(chance.choice(STATISTICS),),
                checks=checks,
                findings=tuple((f"{name}.{claim}", f"{paper}.html#x") for name in checks),
            )
        )
    return rows


def write_page(folder: Path, number: int) -> Path:
    """Write a page with a made-up ledger and all that it asks for."""
    for name in ("netcore.css", "ledger.css", "ledger.js"):
        shutil.copy(STATIC / name, folder)
    write_datatables(folder)
    page = folder / "ledger.html"
    page.write_text(HEAD + show_rows(made_up_rows(number)).markup, encoding="utf-8")
    return page


def thread_time(session: CDPSession) -> float:
    """Return the milliseconds that the thread of a page has worked so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1000 * next(entry["value"] for entry in metrics if entry["name"] == "TaskDuration")


def answers(page: Page, session: CDPSession, rounds: int = 3) -> dict[str, float]:
    """Return the slowest answer to each action, in milliseconds."""
    slowest = dict.fromkeys(ACTIONS, 0.0)
    for _ in range(rounds):
        for name, action in ACTIONS.items():
            before = thread_time(session)
            page.evaluate(f"() => ({ANSWER})({action})")
            slowest[name] = max(slowest[name], thread_time(session) - before)
    return slowest


def measure(browser: Browser, number: int) -> str:
    """Return one line of the report."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_page(Path(folder), number)
        page = browser.new_page()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri(), timeout=0)
        page.wait_for_selector(".nc-opener", timeout=0)
        usable = thread_time(session)
        figures = "".join(f"{taken:>13.0f}" for taken in answers(page, session).values())
        page.close()
        weight = path.stat().st_size / 1e6
    return f"{number:>8,}{weight:>10.1f}{usable:>12.0f}{figures}"


def main() -> None:
    """Print one line for each size."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        heads = "".join(f"{name:>13}" for name in ACTIONS)
        print(f"{'claims':>8}{'page, MB':>10}{'usable':>12}{heads}")
        for number in SIZES:
            print(measure(browser, number), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
