from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hostile_study import SCRIPT, hostile
from page_reader import assert_harmless
from study_builder import make_study

from netcore.ledger import Ledger, build_ledger
from netcore.tables.quotations_page import counted_studies, quotations_table, versions_compared

RELIEF: dict[str, Any] = {
    "relief": {"type": "categorical", "levels": ["yes"]},
    "trials": {
        "type": "studies",
        "title": "randomised trials",
        "counts": {"designs": ["randomised_trial"]},
    },
}
LOCATIONS: dict[str, Any] = {
    "abstract.en": {"title": "English abstract", "section": "abstract"},
    "abstract.fr": {"title": "French abstract", "section": "abstract"},
    "discussion": {"title": hostile("Discussion")},
    "web": {"title": "Page", "edition": "web"},
}


def quote(name: str, printed: str, cites: str) -> dict[str, str]:
    return {
        "claim": name,
        "location": "discussion",
        "population": "",
        "variable": "relief",
        "variable_level": "yes",
        "stat_name": "pct",
        "printed": printed,
        "unit": "%",
        "cites": cites,
    }


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    sizes = [("abstract.en", "40"), ("abstract.fr", "40"), ("web", "41")]
    quoting = make_study(
        tmp_path / "quoting2020",
        locations=LOCATIONS,
        populations={"all": {"units": "patients"}, "known": {"units": "studies"}},
        variables=RELIEF,
        claims=[
            *(
                {"claim": f"{place}.N", "location": place, "stat_name": "N", "printed": size}
                for place, size in sizes
            ),
            {
                "claim": "none",
                "location": "discussion",
                "population": "known",
                "variable": "trials",
                "stat_name": "n",
                "printed": "none",
            },
            quote("same", "87", "source1986#pct"),
            quote("group", "80", "source1986#pct"),
            quote("other", "50", "source1986#pct"),
            quote("unseen", "66", "source1986"),
            quote("strange", "33", "stranger1999"),
        ],
    )
    rows = [
        {"claim": "treated", "stat_name": "N", "printed": "25"},
        {"claim": "evaluable", "population": "evaluable", "stat_name": "N", "printed": "23"},
        *(
            {
                "claim": stat,
                "population": "evaluable",
                "variable": "relief",
                "variable_level": "yes",
                "stat_name": stat,
                "printed": printed,
                "unit": unit,
            }
            for stat, printed, unit in (("n", "20", ""), ("pct", "87", "%"))
        ),
    ]
    source = make_study(
        tmp_path / "literature" / "source1986",
        paper={"design": "randomised_trial", "published": "1986", "interventions": ["tae"]},
        populations={
            "all": {"units": "patients"},
            "evaluable": {"of": "all", "where": {"evaluable": "yes"}, "title": hostile("Few")},
        },
        variables={**RELIEF, "evaluable": {"type": "categorical", "levels": ["yes", "no"]}},
        claims=rows,
    )
    return build_ledger([quoting, source])


def test_every_quoted_value_has_a_row_with_its_verdict(ledger: Ledger) -> None:
    shown = quotations_table(ledger)
    rows = [row for row in shown.markup.split("<tr>") if "html#claim-" in row]
    assert len(rows) == 5
    by_value = {row.partition("html#claim-")[2].partition('"')[0]: row for row in rows}
    expected = {
        "same": ("reproduced", "sources.html#claim-source1986.pct"),
        "group": ("conditional", "quoting2020.html#finding-quotations.group"),
        "other": ("inconsistent", "quoting2020.html#finding-quotations.other"),
        "unseen": ("unconstrained", "refutes nothing"),
        "strange": ("", "<td>Stranger 1999</td>"),
    }
    for name, (verdict, said) in expected.items():
        assert verdict in by_value[name], name
        assert said in by_value[name], name
    assert "#finding-" not in by_value["same"]
    assert "Quoted values whose source is not in the book: 1" in shown.markup
    assert ", assuming that the quotation is a share of " in by_value["group"]


def test_counts_of_studies_stand_with_the_studies_that_there_are(ledger: Ledger) -> None:
    page = assert_harmless(counted_studies(ledger).markup)
    assert "Quoting 2020" in page.words
    assert "Source 1986" in page.words
    assert "not yet contacted" in page.words
    assert "quoting2020.html#finding-counted-studies.none" in page.links
    assert "sources.html#source-source1986" in page.links


def test_versions_that_differ_are_told_from_those_alike(ledger: Ledger, tmp_path: Path) -> None:
    page = assert_harmless(versions_compared(ledger).markup)
    assert "quoting2020.html#finding-printings.abstract.en.N" in page.links
    assert "41" in page.words
    alike = make_study(
        tmp_path / "alike2020",
        locations=LOCATIONS,
        claims=[
            {"claim": place, "location": place, "stat_name": "N", "printed": "40"}
            for place in ("abstract.en", "abstract.fr")
        ],
    )
    shown = versions_compared(build_ledger([alike]))
    words = " ".join(str(shown).split())
    assert "English abstract and French abstract 1 0" in words
    assert "Claims" not in words


def test_the_body_of_a_paper_is_no_version_of_its_abstract(tmp_path: Path) -> None:
    places = ("abstract.en", "discussion")
    one = make_study(
        tmp_path / "one2020",
        locations=LOCATIONS,
        claims=[
            {"claim": place, "location": place, "stat_name": "N", "printed": str(40 + number)}
            for number, place in enumerate(places)
        ],
    )
    assert "one2020" not in versions_compared(build_ledger([one])).markup


def test_no_string_of_a_document_becomes_markup(ledger: Ledger) -> None:
    shown = (counted_studies(ledger), versions_compared(ledger), quotations_table(ledger))
    words = [assert_harmless(part.markup).words for part in shown]
    assert SCRIPT in words[2]


def test_all_quoted_values_are_a_file_of_the_page(ledger: Ledger) -> None:
    (link,) = re.findall(
        r'href="data:text/csv;charset=utf-8,([^"]*)"', quotations_table(ledger).markup
    )
    rows = {row["Claim"]: row for row in csv.DictReader(io.StringIO(unquote(link)))}
    told = {
        name: (row["Quoted"], row["Source"], row["Source prints"], row["Verdict"])
        for name, row in rows.items()
    }
    assert told == {
        "same": ("87 %", "Source 1986", "87 %", "reproduced"),
        "group": ("80 %", "Source 1986", "87 %", "conditional"),
        "other": ("50 %", "Source 1986", "87 %", "inconsistent"),
        "unseen": ("66 %", "Source 1986", "", "unconstrained"),
        "strange": ("33 %", "Stranger 1999", "", ""),
    }
    assert rows["group"]["Assuming that"].startswith("the quotation is a share of ")
