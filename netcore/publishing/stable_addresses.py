"""Addresses of the site that others may rely on, and the list of those that there have been.

Promised are the pages, and on them the anchors of claims, findings, sources and
terms.  A heading may be reworded, and its anchor with it.  The list only grows:
an address that must go is taken from it by hand, with a line in the changelog.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from netcore.publishing.one_document import anchors_of, article_of

__all__ = ["ADDRESSES", "read_addresses", "record_addresses", "stable_addresses"]

ADDRESSES: Final = Path("reference", "addresses.txt")
PROMISED: Final = ("claim-", "finding-", "source-", "term-")


def stable_addresses(site: Path, pages: Iterable[str]) -> list[str]:
    """Return the addresses of a built site that are promised to stay.

    Parameters
    ----------
    site : Path
        The folder of the site.
    pages : iterable of str
        The pages of the contents, without their endings.

    Returns
    -------
    list of str
        From the root of the site, sorted.
    """
    found: list[str] = []
    for page in pages:
        address = f"{page}.html"
        anchors = anchors_of(article_of((site / address).read_text(encoding="utf-8")))
        found.append(address)
        found += [f"{address}#{anchor}" for anchor in anchors if anchor.startswith(PROMISED)]
    return sorted(found)


def read_addresses(path: Path) -> list[str]:
    """Return the addresses of earlier builds.

    Parameters
    ----------
    path : Path
        The list; it may be missing.

    Returns
    -------
    list of str
        One for each line.
    """
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def record_addresses(path: Path, addresses: Iterable[str]) -> int:
    """Add addresses to the list of those that there have been.

    Parameters
    ----------
    path : Path
        The list.
    addresses : iterable of str
        The addresses of a build.

    Returns
    -------
    int
        How many are new.
    """
    before = set(read_addresses(path))
    after = sorted(before.union(addresses))
    path.write_text("".join(f"{address}\n" for address in after), encoding="utf-8", newline="")
    return len(after) - len(before)
