"""A browser for the tests of the site, and pages that may not go amiss unseen."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from netcore.publishing.chromium import ARGUMENTS, find_chromium

HEIGHT = 900
# A busy machine draws a page late; what never comes still fails.
expect.set_options(timeout=30_000)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


# For a module only: Playwright keeps an event loop running, which other tests start themselves.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a launched Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site_url(site: Path) -> Iterator[str]:
    """Return the address of the built site on this machine."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def open_page(browser: Browser, site_url: str, site: Path) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of the site.

    Its arguments: the path with query and fragment, ``scheme`` (light or
    dark), ``width`` in pixels, ``javascript``, ``media`` (screen or print) and
    ``folder`` (opened from the disk instead of the server).  A page error, a
    failed request or a request to the outside fails the test at its end.
    """
    contexts: list[Any] = []
    amiss: list[str] = []

    def opened(
        path: str,
        *,
        scheme: str = "light",
        width: int = 1300,
        javascript: bool = True,
        media: str = "screen",
        folder: bool = False,
    ) -> Page:
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        base = site.as_uri() if folder else site_url

        # What the browser itself takes back when the address changes, and a script that is not
        # to run; what is missing has another failure, or a status of its own.
        refused = {"net::ERR_ABORTED"} | (set() if javascript else {"csp"})

        def watch(request: Request) -> None:
            if not request.url.startswith((base, "data:", "blob:")):
                amiss.append(f"{path}: asks for {request.url}")

        page.on("request", watch)
        page.on("pageerror", lambda error: amiss.append(f"{path}: {error}"))
        page.on(
            "requestfailed",
            lambda request: (
                None
                if request.failure in refused
                else amiss.append(f"{path}: {request.url}: {request.failure}")
            ),
        )
        page.on(
            "response",
            lambda answer: (
                amiss.append(f"{path}: {answer.url}: {answer.status}")
                if answer.status >= 400
                else None
            ),
        )
        if media == "print":
            page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{base}/{path}", wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not amiss
