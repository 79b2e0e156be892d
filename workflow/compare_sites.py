"""Compare two built sites: every byte, or only what the articles say.

usage: compare_sites.py FIRST SECOND [--articles]
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ARTICLE = re.compile(r"<article\b.*?</article>", re.DOTALL)


def differing_files(first: Path, second: Path) -> list[str]:
    """Name every file that only one site has or whose bytes differ."""
    names = {
        path.relative_to(site).as_posix()
        for site in (first, second)
        for path in site.rglob("*")
        if path.is_file()
    }
    return sorted(name for name in names if _read(first / name) != _read(second / name))


def differing_articles(first: Path, second: Path) -> list[str]:
    """Name every page whose article differs, or that only one site has."""
    pages = {
        path.relative_to(site).as_posix()
        for site in (first, second)
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }
    return sorted(page for page in pages if _article(first / page) != _article(second / page))


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _article(path: Path) -> list[str] | None:
    return ARTICLE.findall(path.read_text(encoding="utf-8")) if path.is_file() else None


def main() -> int:
    """Compare the two sites of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--articles", action="store_true", help="compare the articles only")
    options = parser.parse_args()
    for site in (options.first, options.second):
        if not (site / "index.html").is_file():
            parser.error(f"{site} is not a built site")
    compare = differing_articles if options.articles else differing_files
    differing = compare(options.first, options.second)
    for name in differing:
        print(f"differs: {name}")
    what = "articles" if options.articles else "files"
    print(f"{len(differing)} {what} differ between {options.first} and {options.second}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
