"""What Sphinx adds to the pages and puts beside them, so that machines can use the site.

The head of each page says what it is; the root of the site gets the files of
the record, a map, a CODECHECK manifest and the metadata of an RO-Crate.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netcore.publishing.book_record import BookRecord, read_book_record
from netcore.publishing.codecheck import write_codecheck
from netcore.publishing.record_files import copy_record_files
from netcore.publishing.research_object import write_research_object
from netcore.publishing.sitemap import write_sitemap
from netcore.publishing.staging import find_notebooks, read_pages
from netcore.publishing.structured_data import describe, head_elements, page_data
from netcore.study.library import Library, load_library

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

__all__ = ["add_page_metadata", "package_site"]


def add_page_metadata(
    app: Sphinx,
    pagename: str,
    templatename: str,  # noqa: ARG001  Sphinx gives it
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add to the head of a page what it is.

    Parameters
    ----------
    app : Sphinx
        The application.
    pagename : str
        The page, without its ending.
    templatename : str
        The template; not used.
    context : dict
        What the template is filled with; changed.
    doctree : document or None
        The page; None where Sphinx made it, such as the index.
    """
    if doctree is None:
        # A page of search results is no result.
        context["metatags"] = context.get("metatags", "") + '<meta name="robots" content="noindex">'
        return
    book, library = _record(app.srcdir)
    titles = _titles(app)
    description = describe(doctree)
    data = page_data(book, pagename, titles, description, library.papers)
    head = head_elements(book, pagename, titles[pagename], description, data)
    context["metatags"] = context.get("metatags", "") + head


def package_site(app: Sphinx, error: Exception | None) -> None:
    """Put beside the pages what makes the site complete by itself.

    It runs after everything else that writes files, since the metadata of the
    package hold the digest of each.

    Parameters
    ----------
    app : Sphinx
        The application.
    error : Exception or None
        What made the build fail, if it did.
    """
    if error is not None or app.builder.format != "html":
        return
    root, site = Path(app.srcdir), Path(app.outdir)
    book, library = _record(app.srcdir)
    titles = _titles(app)
    copy_record_files(root, site)
    write_sitemap(site, titles, book)
    write_codecheck(site, {page: titles[page] for page in find_notebooks(root)}, book)
    write_research_object(site, book, titles, library.studies)


@cache
def _record(root: Path) -> tuple[BookRecord, Library]:
    data = Path(root) / "data"
    return read_book_record(Path(root)), load_library(data)


def _titles(app: Sphinx) -> dict[str, str]:
    """Return the title of every page, in the order of the contents."""
    return {page: app.env.titles[page].astext() for page in read_pages(Path(app.srcdir))}
