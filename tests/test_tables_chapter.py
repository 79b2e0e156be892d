from __future__ import annotations

import re
from pathlib import Path

import pytest
from hostile_study import LOCATIONS, write_hostile
from page_reader import assert_harmless

from netcore.checks import Verdict
from netcore.checks.count_systems import Factor
from netcore.paths import PathError
from netcore.tables.chapter import Chapter, open_chapter
from netcore.tables.document_files import document_files
from netcore.tables.markup import slug


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NETCORE_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def evil(data: Path) -> Chapter:
    write_hostile(data / "evil2020")
    return open_chapter("evil2020")


@pytest.fixture(scope="module")
def real(root: Path) -> Chapter:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETCORE_DATA", str(root / "data"))
        return open_chapter("zvezdkina2022")


def test_every_claim_has_exactly_one_anchor(evil: Chapter, real: Chapter) -> None:
    for chapter in (evil, real):
        places = list(chapter.study.locations)
        shown = places[:1]
        whole = "".join(chapter.table(place, "T").markup for place in shown)
        whole += chapter.rest(*shown).markup
        page = assert_harmless(whole)
        expected = {f"claim-{slug(claim.claim)}": 1 for claim in chapter.study.claims}
        assert page.anchors == expected


def test_every_link_of_a_chapter_leads_somewhere(evil: Chapter, real: Chapter) -> None:
    for chapter in (evil, real):
        markup = chapter.rest().markup + chapter.findings().markup
        page = assert_harmless(markup)
        files = {f"../ledger/documents/{chapter.key}/{name}" for name in files_of(chapter)}
        inside = {link for link in page.links if link.startswith("#")}
        assert {link.removeprefix("#") for link in inside} <= page.anchors.keys()
        assert set(page.links) - inside <= files
        assert set(page.anchors.values()) == {1}


def files_of(chapter: Chapter) -> set[str]:
    return set(document_files(chapter.ledger, chapter.study))


def test_the_end_of_a_chapter_leads_to_each_of_its_files(evil: Chapter, real: Chapter) -> None:
    for chapter in (evil, real):
        page = assert_harmless(chapter.colophon().markup)
        folder = f"../ledger/documents/{chapter.key}/"
        linked = {link.removeprefix(folder) for link in page.links if link.startswith(folder)}
        assert linked == files_of(chapter)
        assert f"../downloads/{chapter.key}.ipynb" in page.links


def test_a_value_in_conflict_leads_to_its_proof(real: Chapter) -> None:
    proved = {entry.claim.claim for entry in real.ledger.entries if entry.verdict == "inconsistent"}
    rows = re.findall(r'<tr id="claim-(.*?)">(.*?)</tr>', real.rest().markup, re.DOTALL)
    assert {name for name, row in rows if "proof" in row} == {slug(name) for name in proved}
    assert any("constructed patients (CSV)" in row for _, row in rows)


def test_all_that_a_chapter_shows_is_harmless(evil: Chapter) -> None:
    for shown in (
        evil.strip(),
        evil.colophon(),
        *(evil.table(place, "T") for place in LOCATIONS),
        evil.rest(),
        evil.findings(),
        evil.findings(kind="conflict"),
        evil.findings(check="printings"),
        evil.findings(conditional=True),
        evil.proportions(("<script>", ("table.group1.response.CR.n",), "table.group1.N")),
    ):
        assert_harmless(shown.markup)
        assert str(shown).strip()


def test_findings_can_be_chosen(real: Chapter) -> None:
    conflicts = assert_harmless(real.findings(kind="conflict").markup)
    assert len(conflicts.anchors) == sum(f.kind == "conflict" for f in real.ledger.findings)
    conditional = assert_harmless(real.findings(conditional=True).markup)
    assert len(conditional.anchors) == sum(bool(f.assumptions) for f in real.ledger.findings)


def test_a_share_that_is_none_is_not_shown_as_one(evil: Chapter) -> None:
    share = ("A", ("table.group1.response.CR.n",), "table.group1.N")
    assert "5 of 15" in str(evil.proportions(share))
    assert "33 %" in str(evil.proportions(share))
    more = ("B", ("table.all.N",), "table.group1.N")
    assert "not a share" in str(evil.proportions(more))


def test_constructed_patients_have_every_undisputed_count(real: Chapter) -> None:
    table = real.constructed_patients()
    assert len(table) == 34
    assert all(str(name).startswith("constructed") for name in table.index)
    groups = [column for column in table.columns if "roup" in column]
    assert sorted(table[groups[0]].value_counts().tolist()) == [15, 19]


def test_constructed_patients_follow_the_seed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETCORE_DATA", str(root / "data"))
    one, same, other = (
        open_chapter("zvezdkina2022", seed=seed).constructed_patients() for seed in (1, 1, 2)
    )
    assert one.equals(same)
    assert not one.equals(other)


def test_a_value_is_the_number_that_is_printed(evil: Chapter) -> None:
    assert evil.value("table.all.N") == 34
    assert isinstance(evil.value("table.all.N"), int)
    with pytest.raises(KeyError, match="nearest"):
        evil.value("table.all.M")


def test_parameters_are_those_of_the_reader(data: Path) -> None:
    write_hostile(data / "evil2020")
    chapter = open_chapter("evil2020", rounding="truncate", alpha=0.01)
    assert chapter.ledger.conventions.rounding == "truncate"
    assert str(chapter.ledger.conventions.alpha) == "1/100"
    assert (
        chapter.with_verdict(Verdict.INCONSISTENT) == chapter.ledger.counts()[Verdict.INCONSISTENT]
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"rounding": "half_down"},
        {"alpha": 0.0},
        {"alpha": 1.5},
        {"confidence": 0.0},
        {"confidence": 95.0},
        {"seed": -1},
    ],
)
def test_impossible_parameters_are_refused(data: Path, wrong: dict[str, float]) -> None:
    write_hostile(data / "evil2020")
    with pytest.raises(ValueError, match="found"):
        open_chapter("evil2020", **wrong)  # type: ignore[arg-type]


@pytest.mark.usefixtures("data")
def test_an_unknown_paper_is_an_error() -> None:
    with pytest.raises(PathError, match="nobody2020"):
        open_chapter("nobody2020")


def test_factors_are_named_by_variable_and_time() -> None:
    assert Factor("response", "8 weeks") < Factor("response", "9 weeks")
