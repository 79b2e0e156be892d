"""What each page says to machines: schema.org, Open Graph and a description.

A chapter is a ``Chapter`` of the ``Book`` and is ``about`` the paper that it
checks.  The ledger is a ``Dataset``.  There is no ``ClaimReview``: that type
rates one statement of one author, while a verdict of this book is about a set
of printed values and singles out none of them.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from netcore.checks.wording import study_title
from netcore.publishing.book_record import BookRecord
from netcore.tables.markup import element

if TYPE_CHECKING:
    from docutils import nodes

    from netcore.study import Study

__all__ = [
    "article",
    "describe",
    "head_elements",
    "licence_address",
    "page_address",
    "page_data",
    "script_text",
]

LEDGER_PAGE: Final = "chapters/ledger"
LEDGER_FILES: Final = {"ledger/ledger.json": "application/json", "ledger/claims.csv": "text/csv"}
_LONGEST_DESCRIPTION: Final = 200
_SHORTEST_DESCRIPTION: Final = 40
# What stands for further authors in a reference, and is none.
_OTHERS: Final = ("et al.", "et al", "others")


def article(study: Study) -> dict[str, Any]:
    """Return a document as an article of schema.org.

    Parameters
    ----------
    study : Study
        A paper or a source.

    Returns
    -------
    dict
        A ``ScholarlyArticle``, with the address of its DOI where it has one;
        its authors and its journal stand inside.
    """
    paper = study.paper
    doi = f"https://doi.org/{paper.doi}" if paper.doi else None
    journal = {"@type": "Periodical", "name": paper.journal} if paper.journal else None
    authors = [
        {"@type": "Person", "name": name} for name in paper.authors if name.lower() not in _OTHERS
    ]
    return _without_gaps(
        {
            "@type": "ScholarlyArticle",
            "@id": doi,
            "name": paper.title or study_title(study),
            "author": authors,
            "datePublished": paper.published,
            "isPartOf": journal,
            "pagination": paper.pages,
            "identifier": doi,
        }
    )


def licence_address(identifier: str) -> str:
    """Return the address of a licence.

    Parameters
    ----------
    identifier : str
        Its identifier in the SPDX list.

    Returns
    -------
    str
        Its page in the list.

    Examples
    --------
    >>> licence_address("CC-BY-4.0")
    'https://spdx.org/licenses/CC-BY-4.0'
    """
    return f"https://spdx.org/licenses/{identifier}"


def page_address(target: str, page: str, base: str) -> str:
    """Return the address of a file of the site, as a page names it.

    Parameters
    ----------
    target : str
        The file, from the root of the site.
    page : str
        The page that names it.
    base : str
        The address of the site, or nothing.

    Returns
    -------
    str
        Below the address of the site; relative to the page where there is
        none, which readers of JSON-LD resolve against the page.

    Examples
    --------
    >>> page_address("ledger/claims.csv", "chapters/home.html", "")
    '../ledger/claims.csv'
    >>> page_address("ledger/claims.csv", "chapters/home.html", "https://book.example/")
    'https://book.example/ledger/claims.csv'
    """
    if base:
        return base + target
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def page_data(
    book: BookRecord,
    page: str,
    titles: Mapping[str, str],
    description: str,
    studies: Sequence[Study],
) -> dict[str, Any]:
    """Return what a page is, in the words of schema.org.

    Parameters
    ----------
    book : BookRecord
        The book.
    page : str
        The page, without its ending.
    titles : mapping of str to str
        The title of every page of the contents, in their order, the home page
        first.
    description : str
        What the page says, in a sentence.
    studies : sequence of Study
        The papers of the book.

    Returns
    -------
    dict
        A ``Book`` for the home page, otherwise a ``Chapter``.
    """
    home = next(iter(titles))
    here = f"{page}.html"

    def address(target: str) -> str:
        return page_address(target, here, book.base)

    whole: dict[str, Any] = {
        "@type": "Book",
        "@id": address(f"{home}.html"),
        "name": book.title,
        "author": [{"@type": "Organization", "name": name} for name in book.authors],
        "license": [licence_address(name) for name in book.licences],
        "version": book.version,
        "datePublished": book.date,
        "inLanguage": "en",
    }
    data: dict[str, Any]
    if page == home:
        parts = [
            {"@type": "Chapter", "@id": address(f"{name}.html"), "name": title}
            for name, title in titles.items()
            if name != home
        ]
        data = {
            **whole,
            "abstract": book.abstract,
            "keywords": list(book.keywords),
            "url": address(here),
            "citation": [article(study) for study in studies],
            "hasPart": parts,
        }
    else:
        checked = [article(study) for study in studies if study.paper.key == _last(page)]
        data = {
            "@type": "Chapter",
            "@id": address(here),
            "url": address(here),
            "name": titles[page],
            "abstract": description,
            "position": list(titles).index(page),
            "about": checked,
            "citation": checked,
            "isPartOf": _without_gaps(whole),
            "mainEntity": _ledger(book, here, studies) if page == LEDGER_PAGE else None,
        }
    return {"@context": "https://schema.org", **_without_gaps(data)}


def describe(document: nodes.document) -> str:
    """Return the first words of a page, as its description.

    Parameters
    ----------
    document : document
        The page as Sphinx has read it.

    Returns
    -------
    str
        Its first paragraph of prose, shortened at the end of a word; nothing
        where it has none.
    """
    from docutils import nodes

    for paragraph in document.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            text = " ".join(_prose(paragraph).split())
            if len(text) >= _SHORTEST_DESCRIPTION:
                return _shortened(text)
    return ""


def head_elements(
    book: BookRecord, page: str, title: str, description: str, data: Mapping[str, Any]
) -> str:
    """Return what the head of a page says to machines.

    Parameters
    ----------
    book : BookRecord
        The book.
    page : str
        The page, without its ending.
    title : str
        Its title.
    description : str
        What it says, in a sentence; may be empty.
    data : mapping
        What it is, in the words of schema.org.

    Returns
    -------
    str
        Elements of HTML.
    """
    properties = {
        "og:title": title,
        "og:type": "article",
        "og:site_name": book.title,
        "og:description": description,
        # An address that is not known is not made up.
        "og:url": f"{book.base}{page}.html" if book.base else "",
    }
    lines = [element("meta", name="description", content=description)] if description else []
    lines += [
        element("meta", property=name, content=text) for name, text in properties.items() if text
    ]
    metas = [line.markup.removesuffix("</meta>") for line in lines]
    return "\n".join(
        [*metas, f'<script type="application/ld+json">{script_text(data)}</script>', ""]
    )


def script_text(data: Mapping[str, Any]) -> str:
    r"""Write JSON so that it can stand in a script of a page.

    Parameters
    ----------
    data : mapping
        Plain JSON values.

    Returns
    -------
    str
        The same values; nothing in them can end the script.

    Examples
    --------
    >>> script_text({"name": "</script><b>&"})
    '{"name":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _prose(node: nodes.Node) -> str:
    """Return the text of a node without what is markup of another language."""
    from docutils import nodes

    if isinstance(node, nodes.Text):
        return str(node.astext())
    if isinstance(node, nodes.raw):
        return ""
    return "".join(_prose(child) for child in node.children)


def _ledger(book: BookRecord, page: str, studies: Sequence[Study]) -> dict[str, Any]:
    downloads = [
        {
            "@type": "DataDownload",
            "contentUrl": page_address(path, page, book.base),
            "encodingFormat": kind,
        }
        for path, kind in LEDGER_FILES.items()
    ]
    dataset = {
        "@type": "Dataset",
        "name": "Ledger of printed values",
        "description": "Every printed value of every paper of the book, with its verdict, "
        "what follows from the other values, and the evidence.",
        "creator": [{"@type": "Organization", "name": name} for name in book.authors],
        "license": [licence_address(name) for name in book.licences if name.startswith("CC")],
        "version": book.version,
        "isBasedOn": [article(study) for study in studies],
        "distribution": downloads,
    }
    return _without_gaps(dataset)


def _last(page: str) -> str:
    return page.rsplit("/", 1)[-1]


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_DESCRIPTION:
        return text
    return text[:_LONGEST_DESCRIPTION].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _without_gaps(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known."""
    return {name: value for name, value in data.items() if value not in (None, "", [], ())}
