from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from hostile_study import AMPERSAND, HANDLER, SCRIPT, hostile, write_hostile
from page_reader import assert_harmless
from synthesis_studies import claim, counted, line, study, write_table

from netcore.synthesis import SynthesisError
from netcore.tables.markup import slug
from netcore.tables.synthesis_page import SynthesisPage, open_synthesis


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SynthesisPage:
    monkeypatch.setenv("NETCORE_DATA", str(tmp_path))
    counted(tmp_path, "alpha2020", 12, 40)
    counted(tmp_path, "beta2018", 9, 20)
    counted(tmp_path, "gamma2019", 30, 90)
    conflict = [
        *(claim("N", "N", "20"), claim("pr", "n", "15", "PR")),
        *(claim("cr", "n", "3", "CR"), claim("sd", "n", "5", "SD")),
    ]
    study(tmp_path, "delta2021", conflict)
    counted(tmp_path / "literature", "review2017", 5, 50, location="review")
    percentages = [claim("N", "N", "26"), claim("pr", "pct", "95", "PR", unit="%")]
    study(tmp_path, "epsilon2012", percentages)
    counted(tmp_path, "zeta2011", 22, 19)
    keys = ("alpha2020", "beta2018", "gamma2019", "delta2021", "review2017", "epsilon2012")
    write_table(
        tmp_path,
        *(line(key, "pr", "N") for key in keys),
        line("zeta2011", "pr", "N"),
        line("alpha2020", "pr", "N", treatment="conventional", criteria="not stated"),
        line("alpha2020", "pr", "N", outcome="symptom_relief"),
    )
    return open_synthesis()


def test_every_share_is_drawn_in_its_group_with_its_marks(page: SynthesisPage) -> None:
    alt = page.figure("response").alt
    assert "Bland; RECIST 1.1: Zeta" not in alt
    assert "Bland; RECIST 1.1: Epsilon 2012 ‡: 95 (75 to 99); Review 2017 (secondary source)" in alt
    assert "Beta 2018: 9 of 20, 45 (26 to 66);" in alt
    assert "Delta 2021: 15 of 20, 75 (53 to 89), values in conflict" in alt
    assert "Conventional; criteria not stated: Alpha 2020: 12 of 40, 30 (18 to 45)." in alt
    assert alt.count("values in conflict") == 1


def test_a_pool_stands_with_and_without_disputed_values(page: SynthesisPage) -> None:
    alt = page.figure("response").alt
    assert "Pooled, 4 shares: " in alt
    assert "Without disputed, 3 shares: " in alt
    assert alt.index("Without disputed") < alt.index("Conventional")
    words = " ".join(str(page.pools("response")).split())
    assert "4 studies: " in words
    assert "3 studies: " in words
    assert "Left out: Review 2017 (seen in a secondary source only)." in words
    assert "Without disputed values: Only 3 studies" in words
    assert (
        "Conventional; criteria not stated 1 – – No document may enter; a pool needs two." in words
    )


def test_only_shares_of_the_outcome_are_shown(page: SynthesisPage) -> None:
    assert page.figure("symptom_relief").alt.count("Alpha 2020") == 1
    assert "Pooled" not in page.figure("symptom_relief").alt
    words = " ".join(str(page.pools("symptom_relief")).split())
    assert "Why nothing is pooled Bland; RECIST 1.1 1 One document may enter" in words
    assert str(page.values("symptom_relief")).count("12/40") == 1
    for show in (page.figure, page.values, page.pools):
        with pytest.raises(KeyError, match="expected one of response"):
            show("survival")


def test_every_value_leads_to_its_evidence(page: SynthesisPage) -> None:
    shown = assert_harmless(page.values("response").markup)
    for share in page.shares:
        if share.row.outcome == "response":
            key = share.row.paper
            start = f"sources.html#claim-{key}." if key == "review2017" else f"{key}.html#claim-"
            assert {start + slug(name) for name in share.row.claims} <= set(shown.links)
    assert "no: no share: the counts exceed the denominator" in shown.words


def test_the_download_has_every_share_drawn_or_not(page: SynthesisPage) -> None:
    rows = list(csv.DictReader(StringIO(page.csv)))
    assert len(rows) == len(page.shares) == 9
    by_study = {row["study"]: row for row in rows if row["outcome"] == "response"}
    assert by_study["Zeta 2011"]["counts_that_fit"] == ""
    assert by_study["Epsilon 2012"]["counts_that_fit"] == "18/19; 19/20; 20/21; 21/22"
    assert by_study["Delta 2021"]["disputed_claims"].startswith("pr")
    assert by_study["Beta 2018"]["share"] == "0.4500"
    (link,) = assert_harmless(page.download().markup).links
    assert link.startswith("data:text/csv")


def test_what_the_page_shows_is_harmless(page: SynthesisPage) -> None:
    for outcome in ("response", "symptom_relief"):
        for shown in (
            page.figure(outcome).to_html(),
            page.values(outcome),
            page.pools(outcome),
        ):
            assert_harmless(shown.markup)


def test_strings_of_the_table_are_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETCORE_DATA", str(tmp_path))
    write_hostile(tmp_path / "evil2020")
    evil = hostile("x").replace('"', '""')
    row = line(
        *("evil2020", "table.group1.response.CR.n", "table.group1.N"),
        label=evil,
        criteria=evil,
        note=evil,
    )
    write_table(tmp_path, row)
    page = open_synthesis()
    for shown in (
        page.figure("response").to_html(),
        page.values("response"),
        page.pools("response"),
    ):
        words = assert_harmless(shown.markup).words
        assert SCRIPT in words
        assert HANDLER in words
        assert AMPERSAND in words


def test_a_wrong_table_or_parameter_is_refused(page: SynthesisPage, tmp_path: Path) -> None:
    assert page.confidence == 0.95
    with pytest.raises(ValueError, match="found confidence"):
        open_synthesis(confidence=95)
    write_table(tmp_path, line("nobody2020", "pr", "N"))
    with pytest.raises(SynthesisError, match="found paper 'nobody2020'"):
        open_synthesis()


def test_confidence_is_that_of_the_reader(page: SynthesisPage) -> None:
    narrow = open_synthesis(confidence=0.5)
    assert "45 (38 to 53)" in narrow.figure("response").alt
    assert "with 50 % intervals" in narrow.figure("response").alt
    assert "45 (26 to 66)" in page.figure("response").alt
