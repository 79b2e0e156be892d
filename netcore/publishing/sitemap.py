"""The map of the site, and what robots may read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from netcore.publishing.book_record import BookRecord
from netcore.tables.markup import element

__all__ = ["robots_text", "sitemap_text", "write_sitemap"]

SITEMAP: Final = "sitemap.xml"
ROBOTS: Final = "robots.txt"


def sitemap_text(pages: Iterable[str], base: str) -> str:
    """Return the map of the site.

    It has no dates: when a page last changed is not known to a build that
    gives the same bytes on any day.

    Parameters
    ----------
    pages : iterable of str
        The pages of the contents, without their endings.
    base : str
        The address of the site.  The protocol wants whole addresses.  Where
        the site has none, they are relative to the map: a program that has
        fetched the map from somewhere knows what they are relative to, and a
        search engine leaves such a map alone.

    Returns
    -------
    str
        XML of the sitemap protocol 0.9.

    Examples
    --------
    >>> print(sitemap_text(["chapters/home"], "https://book.example/"), end="")
    <?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://book.example/chapters/home.html</loc></url>
    </urlset>
    """
    lines = [element("url", element("loc", f"{base}{page}.html")).markup for page in pages]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    name_space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return "\n".join([head, f'<urlset xmlns="{name_space}">', *lines, "</urlset>", ""])


def robots_text(base: str) -> str:
    """Return what robots may read: everything.

    Parameters
    ----------
    base : str
        The address of the site; without one the map cannot be named, since
        the file wants its whole address.

    Returns
    -------
    str
        The file for robots.
    """
    lines = ["User-agent: *", "Allow: /"]
    if base:
        lines += ["", f"Sitemap: {base}{SITEMAP}"]
    return "\n".join([*lines, ""])


def write_sitemap(site: Path, pages: Iterable[str], book: BookRecord) -> None:
    """Write the map of the site and the file for robots.

    Parameters
    ----------
    site : Path
        The folder of the site.
    pages : iterable of str
        The pages of the contents, without their endings.
    book : BookRecord
        The book, with its address.
    """
    (site / SITEMAP).write_text(sitemap_text(pages, book.base), encoding="utf-8", newline="")
    (site / ROBOTS).write_text(robots_text(book.base), encoding="utf-8", newline="")
