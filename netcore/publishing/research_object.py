"""The built site as a research object: an RO-Crate that says what each file is.

The crate holds what the book made and what it was made from.  The papers are
named by their DOI; their text is no part of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

from netcore.publishing.book_record import BookRecord
from netcore.publishing.structured_data import article, licence_address
from netcore.study import Study
from netcore.study.library import is_source
from netcore.tables.markup import slug

__all__ = ["METADATA", "research_object", "write_research_object"]

METADATA: Final = "ro-crate-metadata.json"

# The version whose context the library brings along, so that a validator needs no network.
VERSION: Final = "1.3"

SOFTWARE: Final = "#netcore"
BUILD: Final = "#make-book"

# What Sphinx and the workflow keep for themselves.
_UNLISTED: Final = (
    METADATA,
    ".buildinfo",
    ".nojekyll",
    "genindex.html",
    "index.html",
    "objects.inv",
    "py-modindex.html",
    "search.html",
    "searchindex.js",
    "sources.json",
)
# What pages load, and the text that they were made from.
_UNLISTED_FOLDERS: Final = ("_sources", "_static")
_LICENCES: Final = {
    "MIT": "MIT licence",
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International",
}
_KINDS: Final = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".lock": "text/plain",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}


@dataclass(frozen=True, slots=True)
class _Description:
    """What the files of a pattern are; ``{0}`` is the folder, ``{1}`` the name."""

    pattern: str
    name: str
    description: str
    keywords: str = ""


_NOT_PATIENTS: Final = (
    "Constructed by a program so that it has what the paper prints. No patient of the paper has "
    "these data."
)
# The first that fits.
_DESCRIPTIONS: Final = (
    _Description(
        "*constructed*", "Constructed data, not patients: {1}", _NOT_PATIENTS, "constructed data"
    ),
    _Description(
        "*/claims.csv", "Printed values of {0}", "One row for each printed value, as printed."
    ),
    _Description("*/paper.yaml", "What {0} reports", "Who and what its printed values are about."),
    _Description(
        "evidence/*/certificates/*",
        "Proof {1}",
        "A proof in exact arithmetic that printed values cannot hold together.",
        "certificate",
    ),
    _Description("evidence/*/study.json", "{0} in normal form", "What the proofs are about."),
    _Description(
        "evidence/*/index.json", "Evidence about {0}", "Which finding has which file, and digests."
    ),
    _Description(
        "evidence/*/repairs.json",
        "Repairs for {0}",
        "Small changes of printed values that would remove a conflict.",
    ),
    _Description("evidence/*", "Evidence: {1}", "Stored evidence of the book."),
    _Description("data/*", "Data: {1}", "A table that chapters read."),
    _Description("verdicts/*", "Verdicts: {1}", "Verdicts as accepted, and how they have changed."),
    _Description(
        "ledger/ledger.json",
        "Ledger",
        "Every claim and finding, with verdicts and evidence; valid against schemas/ledger.schema.json.",
    ),
    _Description("ledger/claims.csv", "Ledger: claims", "Every claim with its verdict."),
    _Description(
        "ledger/findings.csv", "Ledger: findings", "Every finding: what follows from what."
    ),
    _Description("schemas/*", "Schema: {1}", "JSON Schema of a file format of the book."),
    _Description("*.ipynb", "Notebook: {1}", "Source of a chapter, without outputs.", "notebook"),
    _Description("_images/*", "Picture: {1}", "A picture of a page."),
    _Description("*.bib", "References", "Bibliography of the book."),
    _Description("*.html", "Page: {1}", "A page of the book."),
    _Description("CHANGELOG.md", "Changelog", "How code and data have changed."),
    _Description("CITATION.cff", "How to cite", "Citation file format 1.2."),
    _Description("LICENSE", "Licences", "MIT for code, CC BY 4.0 for text and tables."),
    _Description("environment.yml", "Environment for conda", "The packages that build the book."),
    _Description("pyproject.toml", "Project", "The package netcore and what it needs."),
    _Description(
        "requirements.lock", "Environment", "Every package that builds the book, with digests."
    ),
    _Description(
        "verify_evidence.py",
        "Checker of proofs",
        "Replays every proof in evidence/ with the standard library of Python alone.",
    ),
    _Description(
        "codecheck.yml", "CODECHECK manifest", "What an independent person should get again."
    ),
    _Description("sitemap.xml", "Map of the site", "The pages of the book."),
    _Description("robots.txt", "Robots", "What robots may read."),
    _Description("*", "{1}", "A file of the site."),
)


def research_object(
    site: Path,
    book: BookRecord,
    titles: Mapping[str, str],
    studies: Sequence[Study],
) -> dict[str, Any]:
    """Describe a built site.

    Parameters
    ----------
    site : Path
        The folder of the site.
    book : BookRecord
        What the book says of itself.
    titles : mapping of str to str
        The title of every page of the contents.
    studies : sequence of Study
        The papers and the sources.

    Returns
    -------
    dict
        The metadata of an RO-Crate: every file with its size and digest, the
        papers as articles, licences, the software, and what was made from
        what.  The same for the same site.
    """
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=VERSION)
    root = crate.root_dataset
    # The library puts today.
    del root["datePublished"]

    def context(node: Mapping[str, Any]) -> dict[str, str]:
        """Add an entity and those inside it; return a reference to it."""
        properties = {name: flat(value) for name, value in node.items() if name != "@id"}
        identifier = node.get("@id") or _local_id(node)
        crate.add(ContextEntity(crate, identifier, properties=properties))
        return {"@id": identifier}

    def flat(value: Any) -> Any:
        if isinstance(value, list):
            parts = [flat(part) for part in value]
            return parts[0] if len(parts) == 1 else parts
        if isinstance(value, dict) and set(value) != {"@id"}:
            return context(value)
        return value

    licences = [
        {
            "@id": licence_address(name),
            "@type": "CreativeWork",
            "name": _LICENCES.get(name, name),
            "description": f"{_LICENCES.get(name, name)}; LICENSE says what it is for.",
        }
        for name in book.licences
    ]
    authors = [{"@type": "Organization", "name": name} for name in book.authors]
    works = {study.paper.key: context(_work(study)) for study in studies}

    names = list(_files(site))
    for name in names:
        path = site / name
        crate.add_file(path, name, properties=_file_properties(name, path, titles, works))

    software = {
        "@id": SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "netcore",
        "description": "The program that checks the printed values and builds the book.",
        "version": book.version,
        "author": authors,
        "license": {"@id": licence_address("MIT")},
        # The specification wants an address; without a repository, the file that describes it.
        "url": book.repository or _present(names, "pyproject.toml") or "./",
        "softwareRequirements": _present(names, "requirements.lock"),
    }
    made = [name for name in names if name.startswith("ledger/") or name.endswith(".html")]
    build = {
        "@id": BUILD,
        "@type": "CreateAction",
        "name": "make book",
        "description": "Checks every paper and builds the site.",
        "instrument": context(_known(software)),
        "object": [{"@id": name} for name in names if name.startswith("data/")],
        "result": [{"@id": name} for name in made],
    }
    described = {
        "name": book.title,
        "description": book.abstract or book.title,
        "datePublished": book.date,
        "license": licences,
        "author": authors,
        "publisher": authors,
        "keywords": ", ".join(book.keywords),
        "version": book.version,
        "url": book.base,
        "about": [works[study.paper.key] for study in studies if not is_source(study)],
        # A citation has an address of its own; what has none is mentioned.
        "citation": [work for work in works.values() if "://" in work["@id"]],
        "mentions": [*(work for work in works.values() if "://" not in work["@id"]), build],
    }
    for key, value in _known(described).items():
        root[key] = flat(value)
    metadata: dict[str, Any] = crate.metadata.generate()
    return metadata


def write_research_object(
    site: Path, book: BookRecord, titles: Mapping[str, str], studies: Sequence[Study]
) -> None:
    """Write the metadata into the root of the site.

    Parameters
    ----------
    site : Path
        The folder of the site, complete.
    book : BookRecord
        What the book says of itself.
    titles : mapping of str to str
        The title of every page of the contents.
    studies : sequence of Study
        The papers and the sources.
    """
    document = research_object(site, book, titles, studies)
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (site / METADATA).write_text(text, encoding="utf-8", newline="")


def _files(site: Path) -> Iterator[str]:
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_file() and name not in _UNLISTED and name.split("/")[0] not in _UNLISTED_FOLDERS:
            yield name


def _file_properties(
    name: str, path: Path, titles: Mapping[str, str], works: Mapping[str, dict[str, str]]
) -> dict[str, Any]:
    found = next(entry for entry in _DESCRIPTIONS if fnmatch(name, entry.pattern))
    content = path.read_bytes()
    title = titles.get(name.removesuffix(".html"))
    # The folder of a paper, or its chapter, has its key.
    keys = [part.split(".")[0] for part in name.split("/")]
    about = [works[key] for key in keys if key in works]
    folder = next((key for key in keys if key in works), path.parent.name)
    properties = {
        "name": title or found.name.format(folder, path.name),
        "description": found.description,
        "keywords": found.keywords,
        "encodingFormat": _KINDS.get(path.suffix, "text/plain"),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
        "about": about[0] if about else None,
    }
    return _known(properties)


def _work(study: Study) -> dict[str, Any]:
    work = article(study)
    return {"@id": f"#{slug(study.paper.key)}", **work}


def _local_id(node: Mapping[str, Any]) -> str:
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", str(node["@type"])).lower()
    return f"#{kind}-{hashlib.sha256(str(node['name']).encode()).hexdigest()[:12]}"


def _present(names: Sequence[str], name: str) -> dict[str, str] | None:
    return {"@id": name} if name in names else None


def _known(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [])}
