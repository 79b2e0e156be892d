"""What the tests share: paths, and what a machine may lack.

A test marked ``needs(what="site")`` is skipped where there is no built site.
``NETCORE_REQUIRE=site,R`` (or ``all``) turns such skips into failures, so that a
machine that should have everything cannot pass by having nothing.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest

from netcore.publishing.chromium import find_chromium

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"

# Each thing that a machine may lack: how to look for it, and how to get it.
NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "site": ((SITE / "index.html").is_file, "no built site: make book"),
    "r": (lambda: shutil.which("Rscript") is not None, "no R: sh workflow/install-r"),
    "crate-validator": (
        lambda: importlib.util.find_spec("rocrate_validator") is not None,
        "no validator of RO-Crates: make the environment again",
    ),
    "browser": (lambda: find_chromium() is not None, "no browser: sh workflow/install-chromium"),
}


# How long an example takes says something of the machine, and nothing of the code.  The examples
# are the same each time; what is drawn anew each day is the quick simulation.
hypothesis.settings.register_profile(
    "alike",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("alike")


def pytest_configure() -> None:
    required = _required()
    if unknown := required - {*NEEDS, "all"}:
        raise pytest.UsageError(
            f"NETCORE_REQUIRE names {', '.join(sorted(unknown))}; known: all, {', '.join(NEEDS)}"
        )


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        what = mark.kwargs["what"]
        is_present, remedy = NEEDS[what]
        if not is_present():
            _lacks(what, remedy)


def _lacks(what: str, remedy: str) -> NoReturn:
    if _required() & {what, "all"}:
        pytest.fail(f"NETCORE_REQUIRE: {remedy}", pytrace=False)
    pytest.skip(remedy)


def _required() -> set[str]:
    words = os.environ.get("NETCORE_REQUIRE", "").lower().split(",")
    return {word.strip() for word in words} - {""}


@pytest.fixture
def lacks() -> Callable[[str, str], NoReturn]:
    """Return what a test calls that finds only when it runs that something is missing."""
    return _lacks


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the book."""
    return ROOT


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built site."""
    return SITE
