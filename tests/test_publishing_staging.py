import json

import pytest

from netcore.publishing.staging import (
    find_notebooks,
    find_site_sources,
    read_pages,
    stage_site,
)

CONTENTS = """\
format: jb-book
root: chapters/home
parts:
  - caption: Papers
    chapters:
      - file: chapters/paper
        sections:
          - file: methods/grim
"""


@pytest.fixture
def book(tmp_path):
    """Lay out a small book with executed chapters and a ledger."""
    files = {
        "_toc.yml": CONTENTS,
        "_config.yml": "title: A book\nexecute:\n  execute_notebooks: auto\n",
        "README.md": "# A book",
        "chapters/home.ipynb": "source of home",
        "chapters/paper.ipynb": "source of paper",
        "chapters/draft.ipynb": "not in the contents",
        "methods/grim.md": "# GRIM",
        "data/paper/claims.csv": "claim",
        "netcore/__init__.py": "",
        ".venv/README.md": "not ours",
        "build/chapters/home.ipynb": "executed home",
        "build/chapters/paper.ipynb": "executed paper",
        "build/ledger/ledger.json": "{}",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def stage(book):
    return stage_site(book, book / "build/chapters", book / "build/ledger", book / "build/book")


def test_pages_are_those_of_the_contents_at_every_depth(book):
    assert read_pages(book) == ["chapters/home", "chapters/paper", "methods/grim"]
    assert find_notebooks(book) == ["chapters/home", "chapters/paper"]


def test_sources_are_what_pages_may_show_and_nothing_else(book):
    names = [path.as_posix() for path in find_site_sources(book)]
    assert names == [
        "README.md",
        "_config.yml",
        "_toc.yml",
        "chapters/draft.ipynb",
        "data/paper/claims.csv",
        "methods/grim.md",
    ]


def test_the_staged_chapters_are_the_executed_ones_and_execute_nothing_more(book):
    stage(book)
    staged = book / "build/book"
    assert (staged / "chapters/home.ipynb").read_text() == "executed home"
    assert (staged / "site_files/downloads/home.ipynb").read_text() == "source of home"
    assert (staged / "site_files/ledger/ledger.json").read_text() == "{}"
    assert "execute_notebooks: 'off'" in (staged / "_config.yml").read_text()


def test_a_file_that_did_not_change_keeps_its_time(book):
    stage(book)
    page, chapter = (book / "build/book" / name for name in ("methods/grim.md", "_toc.yml"))
    before = chapter.stat().st_mtime_ns
    (book / "methods/grim.md").write_text("# GRIM, again")
    stage(book)
    assert page.read_text() == "# GRIM, again"
    assert chapter.stat().st_mtime_ns == before


def test_a_file_without_a_source_is_removed_but_not_what_sphinx_keeps(book):
    stage(book)
    kept = book / "build/book/_build/.doctrees/environment.pickle"
    kept.parent.mkdir(parents=True)
    kept.write_text("kept")
    (book / "README.md").unlink()
    (book / "data/paper/claims.csv").unlink()
    stage(book)
    assert not (book / "build/book/README.md").exists()
    assert not (book / "build/book/data").exists()
    assert kept.exists()


def test_the_manifest_names_every_file_and_changes_with_its_content(book):
    first = stage(book)
    (book / "build/chapters/paper.ipynb").write_text("executed again")
    second = stage(book)
    assert set(first) == set(second)
    assert {name for name in first if first[name] != second[name]} == {"chapters/paper.ipynb"}
    assert json.dumps(first) == json.dumps(dict(sorted(first.items())))


def test_a_chapter_that_was_not_executed_cannot_be_staged(book):
    (book / "build/chapters/paper.ipynb").unlink()
    with pytest.raises(FileNotFoundError, match=r"paper\.ipynb"):
        stage(book)
