"""Addresses that others may rely on stay."""

from __future__ import annotations

import pytest

from netcore.publishing.stable_addresses import (
    ADDRESSES,
    read_addresses,
    record_addresses,
    stable_addresses,
)
from netcore.publishing.staging import read_pages

PAGE = """<nav id="claim-nav"></nav><article>
<h1 id="a-heading">One</h1><p id="claim-a.b">1</p><p id="finding-c">2</p>
<p id="source-d">3</p><dt id="term-e">4</dt></article>"""


def test_promised_are_pages_claims_findings_sources_and_terms(tmp_path):
    (tmp_path / "one.html").write_text(PAGE)
    anchors = ["claim-a.b", "finding-c", "source-d", "term-e"]
    assert stable_addresses(tmp_path, ["one"]) == [
        "one.html",
        *(f"one.html#{anchor}" for anchor in anchors),
    ]


def test_the_list_only_grows(tmp_path):
    path = tmp_path / "addresses.txt"
    assert record_addresses(path, ["b.html", "a.html"]) == 2
    assert record_addresses(path, ["c.html", "a.html"]) == 1
    assert read_addresses(path) == ["a.html", "b.html", "c.html"]


@pytest.mark.needs(what="site")
def test_no_address_of_an_earlier_build_has_gone(root, site):
    earlier = read_addresses(root / ADDRESSES)
    assert len(earlier) > 100
    gone = set(earlier) - set(stable_addresses(site, read_pages(root)))
    assert sorted(gone) == [], f"add new ones by: {'python -m netcore.publishing addresses'}"
