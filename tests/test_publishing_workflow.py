"""The workflow as a whole, on a book of one small chapter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = (
    *("Snakefile", "_config.yml", "_static", "data", "evidence", "netcore", "references.bib"),
    *("CITATION.cff", "requirements.lock", "workflow"),
)


def write_chapter(folder: Path, source: str) -> None:
    """Write the only chapter of the book."""
    parameters = nbformat.v4.new_code_cell("seed = 1  # int ≥ 0", id="parameters")
    parameters.metadata["tags"] = ["parameters", "hide-input"]
    title = nbformat.v4.new_markdown_cell("# Home\n\n## Result", id="title")
    notebook = nbformat.v4.new_notebook(
        cells=[title, parameters, nbformat.v4.new_code_cell(source, id="result")]
    )
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "language": "python",
        "display_name": "Python 3",
    }
    nbformat.write(notebook, folder / "chapters" / "home.ipynb")


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the workflow with an empty home folder and the package of the copy."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "workflow/build.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """Copy what the workflow needs, and build a book of one chapter."""
    folder = tmp_path_factory.mktemp("workflow") / "a book"
    folder.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: chapters/home\n")
    (folder / "chapters").mkdir()
    write_chapter(folder, "print(f'seed {seed}')")
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def page(book: Path) -> str:
    """Return the built page of the chapter."""
    return (book / "_build" / "html" / "chapters" / "home.html").read_text(encoding="utf-8")


def test_the_site_holds_the_executed_chapter_and_the_ledger(book):
    assert "seed 1" in page(book)
    assert (book / "_build" / "html" / "ledger" / "ledger.json").is_file()
    assert (book / "_build" / "html" / "downloads" / "home.ipynb").is_file()


def test_the_home_folder_stays_empty(book):
    assert list((book.parent / "home").iterdir()) == []


def test_nothing_is_done_twice(book):
    done = build(book)
    assert done.returncode == 0
    assert "chapter" not in done.stdout
    assert "site " not in done.stdout
    assert "The book is built" in done.stdout


def test_a_failing_chapter_is_named_and_does_not_reach_the_site(book):
    write_chapter(book, "print('before')\n1 / 0")
    done = build(book)
    assert done.returncode != 0
    for words in ("chapters/home.ipynb", "Result", "3: print('before')", "ZeroDivisionError"):
        assert words in done.stdout
    assert "Traceback" in (book / "build" / "logs" / "home.log").read_text()
    assert not (book / "build" / "chapters" / "home.ipynb").exists()
    assert "seed 1" in page(book)
    assert "ZeroDivisionError" not in page(book)


def test_a_mended_chapter_is_built_and_the_ledger_is_not_written_again(book):
    write_chapter(book, "print(f'mended {seed}')")
    done = build(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mended 1" in page(book)
    assert "  ledger" not in done.stdout


def test_a_broken_link_stops_the_build_and_leaves_the_site_as_it_was(book):
    toc = book / "_toc.yml"
    toc.write_text(toc.read_text() + "chapters:\n  - file: methods/one\n")
    (book / "methods").mkdir()
    (book / "methods" / "one.md").write_text("# One\n\n[nowhere](missing.md)\n")
    done = build(book)
    assert done.returncode != 0
    assert "methods/one.md:3: WARNING" in done.stdout
    assert "missing.md" in done.stdout
    assert "mended 1" in page(book)
    assert not (book / "_build" / "html" / "methods").exists()


def test_a_page_without_a_source_leaves_the_site(book):
    (book / "methods" / "one.md").write_text("# One\n")
    assert build(book).returncode == 0
    assert (book / "_build" / "html" / "methods" / "one.html").is_file()
    (book / "_toc.yml").write_text("format: jb-book\nroot: chapters/home\n")
    assert build(book).returncode == 0
    assert not (book / "_build" / "html" / "methods" / "one.html").exists()


def test_evidence_that_is_not_of_the_present_data_stops_the_build_and_names_the_command(book):
    claims = book / "data" / "literature" / "pitt2008" / "claims.csv"
    kept = claims.read_bytes()
    claims.write_bytes(kept + b"\n")
    done = build(book)
    claims.write_bytes(kept)
    assert done.returncode != 0
    assert "not of the present data of pitt2008: run `make evidence`." in done.stdout
    assert "  chapter" not in done.stdout
    assert "  ledger" not in done.stdout
