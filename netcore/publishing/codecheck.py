"""The manifest of a CODECHECK: which files an independent person should get again.

CODECHECK (https://codecheck.org.uk) is a check by a person who did not write
the code.  Nobody has done one of this book, so that nothing here says who did,
when, or with what outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from netcore.publishing.book_record import BookRecord

__all__ = ["codecheck_text", "output_files", "write_codecheck"]

CODECHECK: Final = "codecheck.yml"
VERSION: Final = "https://codecheck.org.uk/spec/config/2.0/"

LEDGER: Final = {
    "ledger/ledger.json": "Every claim and finding, as JSON of schemas/ledger.schema.json",
    "ledger/claims.csv": "Every claim with its verdict, as a table",
    "ledger/findings.csv": "Every finding, as a table",
}

HOW: Final = """\
# The manifest of a CODECHECK, in the form of its configuration file 2.0.
# Paths are relative to this file, which lies in the root of the built site.
# To get all of it again from the sources: make book
#
# codechecker, report, summary, certificate and check_time are left out: no independent
# person has checked the book yet. Whoever does fills them in.
"""


def output_files(site: Path, notebooks: Mapping[str, str]) -> dict[str, str]:
    """Return what a codechecker should get again, and what it is.

    Parameters
    ----------
    site : Path
        The folder of the site.
    notebooks : mapping of str to str
        The title of every page that is computed, by its name.

    Returns
    -------
    dict of str to str
        A comment for each file of the site: the ledger, then the pages.
    """
    ledger = {name: comment for name, comment in LEDGER.items() if (site / name).is_file()}
    return ledger | {f"{page}.html": f"Chapter: {title}" for page, title in notebooks.items()}


def codecheck_text(book: BookRecord, files: Mapping[str, str]) -> str:
    """Return the manifest.

    Parameters
    ----------
    book : BookRecord
        The book.
    files : mapping of str to str
        The comment on each file that should be got again.

    Returns
    -------
    str
        YAML.  The paper's reference and the repository are left out where
        the configuration of the book names no address.
    """
    paper: dict[str, Any] = {
        "title": book.title,
        "authors": [{"name": name} for name in book.authors],
    }
    if book.base or book.repository:
        paper["reference"] = book.base or book.repository
    document: dict[str, Any] = {"version": VERSION, "paper": paper}
    document["manifest"] = [{"file": name, "comment": files[name]} for name in files]
    if book.repository:
        document["repository"] = book.repository
    body = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{HOW}{body}"


def write_codecheck(site: Path, notebooks: Mapping[str, str], book: BookRecord) -> None:
    """Write the manifest into the root of the site.

    Parameters
    ----------
    site : Path
        The folder of the site.
    notebooks : mapping of str to str
        The title of every page that is computed, by its name.
    book : BookRecord
        The book.
    """
    text = codecheck_text(book, output_files(site, notebooks))
    (site / CODECHECK).write_text(text, encoding="utf-8", newline="")
