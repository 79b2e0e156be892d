"""Where a claim or a finding stands on the site.

A paper has a chapter of its own.  The sources share one page, so that the
anchors of their claims and findings begin with the key of the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from netcore.paths import data_folder
from netcore.study import Study
from netcore.study.library import LITERATURE, is_source
from netcore.tables.document_files import DOCUMENTS
from netcore.tables.markup import slug

__all__ = [
    "claim_address",
    "claim_anchor",
    "document_address",
    "file_address",
    "finding_address",
    "finding_anchor",
    "ledger_address",
    "paper_address",
    "paper_anchor",
    "robustness_address",
    "robustness_anchor",
    "term_address",
]

_SOURCES: Final = "sources.html"


def paper_anchor(study: Study) -> str:
    """Return the anchor of a source on the page of all sources.

    Parameters
    ----------
    study : Study
        A source.

    Returns
    -------
    str
        Such as ``source-surname2020``.
    """
    return f"source-{slug(study.paper.key)}"


def paper_address(study: Study) -> str:
    """Return the address of a document, from another chapter.

    Parameters
    ----------
    study : Study
        A paper or a source.

    Returns
    -------
    str
        The page of a paper; the anchor of a source.
    """
    return _page(study) + (f"#{paper_anchor(study)}" if is_source(study) else "")


def claim_anchor(study: Study, claim: str) -> str:
    """Return the anchor of a claim on the page of its document.

    Parameters
    ----------
    study : Study
        A paper or a source.
    claim : str
        Id of a claim of it.

    Returns
    -------
    str
        ``claim-ID``, or ``claim-KEY.ID`` for a source.
    """
    return f"claim-{_name(study, claim)}"


def claim_address(study: Study, claim: str) -> str:
    """Return the address of a claim, from another chapter.

    Parameters
    ----------
    study : Study
        A paper or a source.
    claim : str
        Id of a claim of it.

    Returns
    -------
    str
        Page and anchor.
    """
    return f"{_page(study)}#{claim_anchor(study, claim)}"


def finding_anchor(study: Study, finding: str) -> str:
    """Return the anchor of a finding on the page of its document.

    Parameters
    ----------
    study : Study
        A paper or a source.
    finding : str
        Id of a finding about it.

    Returns
    -------
    str
        ``finding-ID``, or ``finding-KEY.ID`` for a source.
    """
    return f"finding-{_name(study, finding)}"


def finding_address(study: Study, finding: str) -> str:
    """Return the address of a finding, from another chapter.

    Parameters
    ----------
    study : Study
        A paper or a source.
    finding : str
        Id of a finding about it.

    Returns
    -------
    str
        Page and anchor.
    """
    return f"{_page(study)}#{finding_anchor(study, finding)}"


def ledger_address(**filters: str | Sequence[str]) -> str:
    """Return the address of the ledger with some of its rows, from another chapter.

    Parameters
    ----------
    **filters : str or sequence of str
        What to show: ``paper`` (keys), ``verdict``, ``check``, ``stat``, ``q``
        (words to search for); empty ones are left out.

    Returns
    -------
    str
        Page and query.

    Examples
    --------
    >>> ledger_address(paper="surname2020", verdict="open")
    'ledger.html?paper=surname2020&verdict=open'
    >>> ledger_address(verdict=("reproduced", "possible"))
    'ledger.html?verdict=reproduced&verdict=possible'
    """
    query = urlencode({name: value for name, value in filters.items() if value}, doseq=True)
    return f"ledger.html?{query}" if query else "ledger.html"


def robustness_anchor(study: Study, claim: str) -> str:
    """Return the anchor of a claim on the page of verdicts under other conventions.

    Parameters
    ----------
    study : Study
        A paper or a source.
    claim : str
        Id of a claim of it.

    Returns
    -------
    str
        ``claim-KEY.ID``.
    """
    return f"claim-{slug(f'{study.paper.key}.{claim}')}"


def robustness_address(study: Study, claim: str) -> str:
    """Return where a claim stands under other conventions, from another chapter.

    Parameters
    ----------
    study : Study
        A paper or a source.
    claim : str
        Id of a claim of it.

    Returns
    -------
    str
        Page and anchor.  Every claim has one; ``robustness.html#truncate`` and the like
        are those of the conventions.
    """
    return f"robustness.html#{robustness_anchor(study, claim)}"


def term_address(term: str) -> str:
    """Return the address of a term of the glossary, from a chapter.

    Parameters
    ----------
    term : str
        The term as the glossary has it.

    Returns
    -------
    str
        Page and anchor.
    """
    return f"../reference/glossary.html#term-{slug(term)}"


def document_address(key: str, claim: str = "") -> str:
    """Return the address of a document of the book, or of a claim of it, by name.

    Parameters
    ----------
    key : str
        Key of a paper or source.
    claim : str
        Id of one of its claims; the document itself by default.

    Returns
    -------
    str
        Page and anchor.
    """
    folder = data_folder()
    if (folder / LITERATURE / key).is_dir():
        anchor = f"claim-{slug(f'{key}.{claim}')}" if claim else f"source-{slug(key)}"
        return f"{_SOURCES}#{anchor}"
    return f"{key}.html#claim-{slug(claim)}" if claim else f"{key}.html"


def file_address(study: Study, name: str) -> str:
    """Return the address of a file of a document, from a chapter.

    Parameters
    ----------
    study : Study
        A paper or a source.
    name : str
        Path of one of its :mod:`~netcore.tables.document_files`.

    Returns
    -------
    str
        Where it is beside the published ledger.
    """
    return f"../ledger/{DOCUMENTS}/{slug(study.paper.key)}/{name}"


def _page(study: Study) -> str:
    return _SOURCES if is_source(study) else f"{study.paper.key}.html"


def _name(study: Study, identifier: str) -> str:
    return slug(f"{study.paper.key}.{identifier}" if is_source(study) else identifier)
