"""Lay out the sources of the site, with the chapters already executed.

Jupyter Book would execute the notebooks itself, but it notices neither a new
claim nor new code.  So it gets a folder in which everything is done: executed
chapters, the ledger, and a configuration that executes nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from netcore.publishing.record_files import find_record_files

__all__ = [
    "DOWNLOADS",
    "find_notebooks",
    "find_site_sources",
    "read_pages",
    "read_parts",
    "stage_site",
]

# What the extension copies into the site as it stands.
DOWNLOADS = "site_files"

ROOT_FILES = ("_config.yml", "_toc.yml", "*.bib", "*.cff", "*.md", "LICENSE")

# Folders that pages may include from or link to, beside those of the pages.
SHARED_FOLDERS = ("_static", "data", "schemas", "verdicts")


def read_pages(root: Path) -> list[str]:
    """Return the pages of the table of contents, without their endings.

    Parameters
    ----------
    root : Path
        The folder of the book.

    Returns
    -------
    list of str
        Paths relative to the folder, in the order of the contents.
    """
    contents = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return list(_walk_pages(contents))


def read_parts(root: Path) -> list[tuple[str, list[str]]]:
    """Return the parts of the table of contents, with their pages.

    Parameters
    ----------
    root : Path
        The folder of the book.

    Returns
    -------
    list of tuple of str and list of str
        Captions and pages.  The home page comes first, without a caption.
    """
    contents = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    parts = [("", [str(contents.pop("root"))])]
    parts += [
        (str(part.pop("caption", "")), list(_walk_pages(part)))
        for part in contents.pop("parts", [])
    ]
    rest = list(_walk_pages(contents))
    return [*parts, ("", rest)] if rest else parts


def _walk_pages(entry: Any) -> Iterator[str]:
    if isinstance(entry, dict):
        for key, value in entry.items():
            if key in ("root", "file"):
                yield str(value)
            else:
                yield from _walk_pages(value)
    elif isinstance(entry, list):
        for item in entry:
            yield from _walk_pages(item)


def find_notebooks(root: Path) -> list[str]:
    """Return the pages that are notebooks, without their endings.

    Parameters
    ----------
    root : Path
        The folder of the book.

    Returns
    -------
    list of str
        Paths relative to the folder, in the order of the contents.
    """
    return [page for page in read_pages(root) if (root / f"{page}.ipynb").is_file()]


def find_site_sources(root: Path) -> list[Path]:
    """Return every file that the site is made of, beside chapters and ledger.

    Parameters
    ----------
    root : Path
        The folder of the book.

    Returns
    -------
    list of Path
        Paths relative to the folder, sorted.
    """
    notebooks = {f"{page}.ipynb" for page in find_notebooks(root)}
    folders = {page.split("/")[0] for page in read_pages(root) if "/" in page}
    files = {path for pattern in ROOT_FILES for path in root.glob(pattern)}
    for folder in {*folders, *SHARED_FOLDERS}:
        files.update(path for path in (root / folder).rglob("*") if path.is_file())
    relative = {path.relative_to(root) for path in files} | set(find_record_files(root))
    return sorted(
        path
        for path in relative
        if path.as_posix() not in notebooks
        and not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    )


def stage_site(root: Path, executed: Path, ledger: Path, staged: Path) -> dict[str, str]:
    """Bring a staged folder up to date.

    A file whose content is the same is left alone, so that Sphinx reads again
    only what changed; a file that has no source any more is removed.

    Parameters
    ----------
    root : Path
        The folder of the book.
    executed : Path
        The folder of the executed chapters.
    ledger : Path
        The folder of the ledger's files.
    staged : Path
        The folder to bring up to date.

    Returns
    -------
    dict of str to str
        Every file of the staged folder and the SHA-256 of its content.
    """
    contents = {path.as_posix(): (root / path).read_bytes() for path in find_site_sources(root)}
    contents["_config.yml"] = _staged_configuration(contents["_config.yml"])
    for page in find_notebooks(root):
        name = Path(page).name
        contents[f"{page}.ipynb"] = (executed / f"{name}.ipynb").read_bytes()
        contents[f"{DOWNLOADS}/downloads/{name}.ipynb"] = (root / f"{page}.ipynb").read_bytes()
    for path in sorted(path for path in ledger.rglob("*") if path.is_file()):
        name = path.relative_to(ledger).as_posix()
        contents[f"{DOWNLOADS}/ledger/{name}"] = path.read_bytes()
    _synchronise(contents, staged)
    return {name: hashlib.sha256(contents[name]).hexdigest() for name in sorted(contents)}


def write_manifest(manifest: Mapping[str, str], path: Path) -> None:
    """Write down what the site is made of.

    Parameters
    ----------
    manifest : mapping of str to str
        Files and the SHA-256 of their content.
    path : Path
        The JSON file.
    """
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _staged_configuration(source: bytes) -> bytes:
    configuration = yaml.safe_load(source)
    configuration["execute"]["execute_notebooks"] = "off"
    return yaml.safe_dump(configuration, sort_keys=False, allow_unicode=True).encode()


def _synchronise(contents: Mapping[str, bytes], folder: Path) -> None:
    for name, content in contents.items():
        path = folder / name
        if path.is_file() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for entry in folder.iterdir():
        # What Sphinx keeps from one build to the next.
        if entry.name == "_build":
            continue
        if entry.is_dir():
            _remove_strangers(entry, folder, contents)
        elif entry.name not in contents:
            entry.unlink()


def _remove_strangers(entry: Path, folder: Path, contents: Mapping[str, bytes]) -> None:
    for path in sorted(entry.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in contents:
            path.unlink()
    if not any(path.is_file() for path in entry.rglob("*")):
        shutil.rmtree(entry)
