"""The built site, page by page: what it loads, what it links to, what it holds."""

from __future__ import annotations

import json
import logging
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from jsonschema import Draft202012Validator

from netcore.publishing.staging import read_pages
from netcore.publishing.theme_patches import PATCHES, apply_patches

# Attributes that make a browser fetch something; `a href` is for the reader to follow.
LOADS = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
OUTSIDE = re.compile(r"^\s*(?:[a-z]+:)?//", re.IGNORECASE)
IMPORTED = re.compile(
    r"""(?:@import\s+["']|url\(\s*["']?|\bimport\s*\(?\s*["']|\bfrom\s+["'])((?:https?:)?//[^\s"')]+)"""
)
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A link of these kinds says where the page belongs and loads nothing.
NOT_LOADED = {"canonical", "author", "license", "next", "prev", "search", "index"}


class Page(HTMLParser):
    """What a page loads, what it links to, and the places that can be linked to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.images_without_text: list[str] = []
        self.headings = 0
        self.inline: list[str] = []
        self._tag = ""
        self._article = 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        given = {name: value or "" for name, value in attrs}
        if not (tag == "link" and set(given.get("rel", "").split()) & NOT_LOADED):
            self.loads += [given[name] for name in LOADS.get(tag, ()) if name in given]
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        self.anchors.update(given[name] for name in ("id", "name") if given.get(name))
        if "style" in given:
            self.inline.append(given["style"])
        if tag == "img" and not _says_something(given.get("alt", "")):
            self.images_without_text.append(given.get("src", ""))
        self._article += tag == "article"
        self.headings += tag == "h1" and self._article

    def handle_data(self, data: str) -> None:
        if self._tag in ("script", "style"):
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""
        self._article -= tag == "article"


def _says_something(text: str) -> bool:
    """Say whether an alternative text is one; Sphinx puts the file name by default."""
    return bool(text.strip()) and not text.endswith((".png", ".svg", ".jpg"))


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Parse every page of the built site."""
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {path.relative_to(site).as_posix(): Page(path) for path in sorted(paths)}


@pytest.mark.needs(what="site")
def test_every_page_of_the_contents_was_built(root, pages):
    assert {f"{page}.html" for page in read_pages(root)} <= set(pages)


@pytest.mark.needs(what="site")
def test_no_page_loads_anything_from_outside(pages):
    outside = {
        name: found
        for name, page in pages.items()
        if (found := [address for address in page.loads if OUTSIDE.match(address)])
    }
    assert outside == {}


@pytest.mark.needs(what="site")
def test_no_inline_script_or_style_imports_from_outside(pages):
    outside = {
        name: found
        for name, page in pages.items()
        if (found := [hit for text in page.inline for hit in IMPORTED.findall(text)])
    }
    assert outside == {}


@pytest.mark.needs(what="site")
def test_no_style_sheet_imports_from_outside(site):
    outside = {
        path.name: found
        for path in site.rglob("*.css")
        if (found := IMPORTED.findall(CSS_COMMENT.sub("", path.read_text(encoding="utf-8"))))
    }
    assert outside == {}


@pytest.mark.needs(what="site")
def test_every_file_that_a_page_loads_is_there(site, pages):
    missing = [
        (name, address)
        for name, page in pages.items()
        for address in page.loads
        if not address.startswith(("data:", "#")) and not _target(site, name, address).exists()
    ]
    assert missing == []


@pytest.mark.needs(what="site")
def test_every_internal_link_and_anchor_resolves(site, pages):
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link in ("#", ""):
                continue
            target = _target(site, name, link)
            fragment = unquote(urldefrag(link).fragment)
            linked = pages.get(target.relative_to(site.resolve()).as_posix())
            # The ledger keeps its filters behind the hash.
            is_anchor = fragment and "=" not in fragment
            if not target.exists() or (is_anchor and linked and fragment not in linked.anchors):
                broken.append((name, link))
    assert broken == []


@pytest.mark.needs(what="site")
def test_every_image_has_a_text_that_says_what_it_shows(pages):
    silent = {name: page.images_without_text for name, page in pages.items()}
    assert {name: images for name, images in silent.items() if images} == {}


@pytest.mark.needs(what="site")
def test_every_page_of_the_contents_has_one_main_heading(root, pages):
    headings = {page: pages[f"{page}.html"].headings for page in read_pages(root)}
    assert {page: count for page, count in headings.items() if count != 1} == {}


@pytest.mark.needs(what="site")
def test_no_page_is_too_large_for_a_phone_except_the_ledger(site, pages):
    sizes = {name: (site / name).stat().st_size for name in pages}
    large = {name for name, size in sizes.items() if size > 1_500_000}
    assert large <= {"chapters/ledger.html"}


@pytest.mark.needs(what="site")
def test_the_ledger_and_the_notebooks_can_be_downloaded(root, site):
    json.loads((site / "ledger" / "ledger.json").read_text(encoding="utf-8"))
    for name in ("claims.csv", "findings.csv"):
        assert (site / "ledger" / name).stat().st_size > 0
    for path in (root / "chapters").glob("*.ipynb"):
        if f"chapters/{path.stem}" in read_pages(root):
            assert (site / "downloads" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.needs(what="site")
def test_the_published_ledger_is_valid_against_the_published_schema(site):
    ledger = json.loads((site / "ledger" / "ledger.json").read_text(encoding="utf-8"))
    schema = json.loads((site / "schemas" / "ledger.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(ledger)) == []
    assert ledger["claims"]


@pytest.mark.needs(what="site")
def test_formulas_are_set_by_a_script_of_the_site_itself(site, pages):
    with_formulas = [
        page
        for name, page in pages.items()
        if 'class="math' in (site / name).read_text(encoding="utf-8")
    ]
    assert with_formulas
    assert all(any("mathjax" in load for load in page.loads) for page in with_formulas)
    without = [page for page in pages.values() if page not in with_formulas]
    assert without
    assert not any("mathjax" in load for page in without for load in page.loads)


@pytest.mark.needs(what="site")
def test_no_page_names_a_folder_of_this_machine(root, site, pages):
    naming = [
        name for name in pages if str(root.resolve()) in (site / name).read_text(encoding="utf-8")
    ]
    assert naming == []


def test_the_parser_sees_what_a_browser_would_fetch(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(
        '<link rel="stylesheet" href="//fonts.example/a.css">'
        '<link rel="canonical" href="https://book.example/">'
        '<script>import x from "https://cdn.example/x.js"</script>'
        '<img src="https://img.example/a.png"><a href="https://doi.org/10.1/x">source</a>'
    )
    page = Page(path)
    assert [load for load in page.loads if OUTSIDE.match(load)] == [
        "//fonts.example/a.css",
        "https://img.example/a.png",
    ]
    assert IMPORTED.findall(page.inline[0]) == ["https://cdn.example/x.js"]
    assert page.images_without_text == ["https://img.example/a.png"]


def test_a_patch_is_applied_once_and_stays(tmp_path):
    for patch in PATCHES:
        path = tmp_path / patch.files.replace("**/*", "page")
        path.parent.mkdir(exist_ok=True)
        with path.open("a") as stream:
            stream.write(patch.before)
    logger = logging.getLogger("patches")
    apply_patches(tmp_path, logger)
    once = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    apply_patches(tmp_path, logger)
    assert {path: path.read_text() for path in once} == once
    assert not any(patch.before in text for patch in PATCHES for text in once.values())


def test_icons_are_drawn_once(tmp_path):
    script = tmp_path / "_static" / "scripts" / "fontawesome.js"
    script.parent.mkdir(parents=True)
    script.write_text("draw()" * 1000)
    apply_patches(tmp_path, logging.getLogger("patches"))
    assert "draw" not in script.read_text()


def test_a_patch_that_finds_nothing_is_a_warning(tmp_path, caplog):
    (tmp_path / "page.html").write_text("<p>a theme that has changed</p>")
    apply_patches(tmp_path, logging.getLogger("patches"))
    assert "the theme has changed" in caplog.text


def _target(site: Path, page: str, address: str) -> Path:
    """Return the file that an address on a page means."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    target = (site / page).parent / path if path else site / page
    target = target.resolve()
    return target / "index.html" if target.is_dir() else target
