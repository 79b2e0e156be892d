"""The map of the site, and what robots may read."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from netcore.publishing.sitemap import robots_text, sitemap_text
from netcore.publishing.staging import read_pages

NAME_SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(text: str) -> list[str]:
    found = ElementTree.fromstring(text.encode()).findall("s:url/s:loc", NAME_SPACE)
    return [place.text or "" for place in found]


def test_addresses_are_whole_where_the_site_has_one():
    text = sitemap_text(["chapters/home", "methods/a&b"], "https://book.example/")
    assert addresses(text) == [
        "https://book.example/chapters/home.html",
        "https://book.example/methods/a&b.html",
    ]


def test_addresses_are_relative_to_the_map_where_the_site_has_none():
    assert addresses(sitemap_text(["chapters/home"], "")) == ["chapters/home.html"]


def test_robots_are_told_of_the_map_only_by_its_whole_address():
    assert "Sitemap" not in robots_text("")
    assert "Sitemap: https://book.example/sitemap.xml" in robots_text("https://book.example/")


@pytest.mark.needs(what="site")
def test_the_map_has_every_page_of_the_contents_in_their_order(root, site):
    found = addresses((site / "sitemap.xml").read_text(encoding="utf-8"))
    assert found == [f"{page}.html" for page in read_pages(root)]
    assert all((site / address).is_file() for address in found)
