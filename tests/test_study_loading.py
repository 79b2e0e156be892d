from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_builder import claims_text, make_study, problems_of, write_study

from netcore.study import COLUMNS, Study, StudyError, load_study
from netcore.study.problems import MOST_PROBLEMS

VARIABLES = {"response": {"type": "categorical", "levels": ["CR", "PR"]}}


def test_a_study_is_loaded_from_its_folder(tmp_path: Path) -> None:
    study = make_study(tmp_path / "key2020", variables=VARIABLES)
    assert study.paper.key == "key2020"
    assert list(study.variables) == ["response"]
    assert study.folder == tmp_path / "key2020"


def test_the_folder_may_be_given_as_text_and_from_within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_study(tmp_path / "key2020")
    assert load_study(str(folder)).paper.key == "key2020"
    monkeypatch.chdir(folder)
    assert load_study(".").paper.key == "key2020"


def test_problems_name_the_file_as_the_folder_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_study(tmp_path / "key2020", claims=[("grp", "", "", "N", "1")])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudyError, match=r"^key2020/claims.csv:2:3: found population 'grp'"):
        load_study("key2020")


@pytest.mark.parametrize("name", ["absent", "x" * 5000, "a\0b"])
def test_a_missing_folder_is_one_problem(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        StudyError, match=r"expected a folder with paper\.yaml and claims\.csv"
    ) as caught:
        load_study(tmp_path / name)
    assert len(caught.value.problems) == 1


def test_a_file_in_place_of_the_folder_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="found a file, expected a folder"):
        load_study(tmp_path / "file")


def test_both_missing_files_are_named(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == [
        "claims.csv: found no such file, expected a text file with one claim per row",
        "paper.yaml: found no such file, expected a text file with what the paper is about",
    ]


def test_claims_are_checked_also_without_a_paper_file(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "key2020", claims=[("anybody", "", "", "M", "1")])
    (folder / "paper.yaml").unlink()
    assert [line.split(" found ")[0] for line in problems_of(folder)] == [
        "claims.csv:2:6:",
        "paper.yaml:",
    ]


def test_all_faults_of_both_files_are_said_at_once_and_in_order(tmp_path: Path) -> None:
    folder = write_study(
        tmp_path / "key2020",
        paper={"doi": "10.1", "design": "trial"},
        populations={
            "all": {"units": "patients"},
            "part": {"of": "al", "where": {"response": "XR"}},
        },
        variables=VARIABLES,
        claims=[
            ("grp", "respons", "CR", "n", "1"),
            ("all", "response", "CR", "n", "12-May"),
            ("all", "response", "CR", "n", "1"),
        ],
    )
    raw = (folder / "claims.csv").read_bytes()
    (folder / "claims.csv").write_bytes(b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"))
    yaml_text = (folder / "paper.yaml").read_text()
    (folder / "paper.yaml").write_text(yaml_text + "format: '1'\n")
    assert [line.split(", expected ")[0] for line in problems_of(folder)] == [
        "claims.csv:1:1: found a byte-order mark of UTF-8",
        "claims.csv:2:3: found population 'grp'",
        "claims.csv:2:4: found variable 'respons'",
        "claims.csv:3:10: found printed '12-May', which looks like a date made by a spreadsheet",
        "claims.csv:4:1: found the same keys as on line 3 (both rows would be claim 'results.all.response.CR.n')",
        "paper.yaml:4:11: found paper.design 'trial'",
        "paper.yaml:6:8: found paper.doi '10.1'",
        "paper.yaml:14:9: found populations.part.of 'al'",
        "paper.yaml:16:17: found populations.part.where.response 'XR'",
        "paper.yaml:24:1: found the key 'format' again",
    ]


def test_a_table_of_another_shape_is_a_problem_of_the_study(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "key2020")
    text = (folder / "claims.csv").read_text()
    (folder / "claims.csv").write_text(text.replace(",", ";"))
    assert problems_of(folder) == [
        "claims.csv:1:1: found semicolons between cells, expected commas"
    ]
    (folder / "claims.csv").write_text(text + "results,all\n")
    assert [line[:20] for line in problems_of(folder)] == ["claims.csv:3:2: foun"]


def test_an_empty_section_makes_no_name_of_a_claim_unknown(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "key2020")
    text = (folder / "paper.yaml").read_text()
    (folder / "paper.yaml").write_text(text.replace("  all:\n    units: patients\n", "  {}\n"))
    (problem,) = problems_of(folder)
    assert "found populations with a mapping of nothing, expected at least one entry" in problem


def test_windows_line_ends_are_accepted_in_both_files(tmp_path: Path) -> None:
    folder = write_study(
        tmp_path / "key2020", claims=[{"stat_name": "N", "printed": "1", "note": "a\nb"}]
    )
    before = load_study(folder)
    for name in ("paper.yaml", "claims.csv"):
        (folder / name).write_bytes((folder / name).read_bytes().replace(b"\n", b"\r\n"))
    assert load_study(folder) == before


def test_markup_and_formulas_stay_the_text_that_they_are(tmp_path: Path) -> None:
    text = "<script>alert(1)</script> {{7*7}} =1+1 __import__('os')"
    study = make_study(
        tmp_path / "key2020",
        paper={"title": text},
        claims=[{"stat_name": "N", "printed": "1", "note": text, "unit": text}],
    )
    assert study.paper.title == study.claims[0].note == study.claims[0].unit == text


@pytest.mark.parametrize("section", ["locations", "populations", "variables", "analyses"])
def test_names_that_become_anchors_cannot_hold_markup(tmp_path: Path, section: str) -> None:
    entry = {
        "locations": {"title": "t"},
        "populations": {"of": "all", "size": "1"},
        "variables": {"type": "date"},
        "analyses": {"test": ["cox"], "variable": "v", "with": "v"},
    }
    sections = {"populations": {"all": {"units": "patients"}}, "variables": {"v": {"type": "date"}}}
    sections[section] = sections.get(
        section, {"results": {"title": "t"}} if section == "locations" else {}
    )
    sections[section] = sections[section] | {"<img src=x>": entry[section]}
    (problem,) = problems_of(write_study(tmp_path / "key2020", **sections))  # type: ignore[arg-type]
    assert f"found the name '<img src=x>' in {section}, expected a name of letters" in problem


def test_yaml_tags_construct_nothing(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "key2020")
    marker = tmp_path / "evaluated"
    text = (folder / "paper.yaml").read_text()
    bad = f"!!python/object/apply:os.mkdir ['{marker.as_posix()}']"
    (folder / "paper.yaml").write_text(text.replace("title: Results", f"title: {bad}"))
    assert any("found the tag" in line for line in problems_of(folder))
    assert not marker.exists()


def test_huge_files_are_refused_without_delay(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "key2020")
    for name in ("paper.yaml", "claims.csv"):
        with (folder / name).open("wb") as stream:
            stream.truncate(10**10)
    assert ["found a file of more than" in line for line in problems_of(folder)] == [True, True]


def test_no_more_problems_are_listed_than_anybody_reads(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "key2020", claims=[("x", "y", "", "z", "1")] * 2000)
    lines = problems_of(folder)
    assert len(lines) == MOST_PROBLEMS + 1
    assert lines[-1].endswith(
        "found more problems after this one, expected those above mended first"
    )


def test_a_paper_file_full_of_faults_is_said_in_a_moment(tmp_path: Path) -> None:
    variables = {f"v{n}": {"type": "categorial", "colour": "x"} for n in range(3000)}
    folder = write_study(tmp_path / "key2020", variables=variables)
    started = time.perf_counter()
    assert len(problems_of(folder)) == MOST_PROBLEMS + 1
    assert time.perf_counter() - started < 10


@pytest.mark.skipif(os.name != "posix", reason="devices are special files of Unix")
def test_a_device_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "key2020")
    (folder / "claims.csv").unlink()
    (folder / "claims.csv").symlink_to("/dev/zero")
    assert problems_of(folder)[0].startswith("claims.csv: found a folder or device of that name")


def loads_or_says_why(folder: Path) -> Study | None:
    """Load a folder; None if it is refused in the way that was promised."""
    refusal = None
    try:
        return load_study(folder)
    except StudyError as error:
        refusal = error
    assert refusal.problems
    assert str(refusal).count("\n") == len(refusal.problems) - 1
    for problem in refusal.problems:
        assert str(problem).isprintable()
        assert problem.line is None or problem.line >= 1
        assert problem.column is None or problem.column >= 1
    return None


# Text that is likelier than random text to get past the first checks.
PIECES = st.lists(
    st.sampled_from(
        ["format: 1\n", "paper: ", "locations: ", "populations:\n", "variables:\n", "  all: ", "{units: patients}\n",
         "  part: {of: all, where: {v: a}}\n", "  v: {type: categorical, levels: [a, b]}\n", "analyses: {}\n", "[", "]",
         "{", "}", ":", "- ", "\n", "&a ", "*a", "!!int ", "'", '"', "|\n", "? ", "<<: ", "\t", "#", "a", "1", "~", "é"]
    ),
    max_size=30,
).map("".join)  # fmt: skip
ROWS = st.lists(
    st.lists(
        st.sampled_from(
            ["", "results", "all", "part", "v", "w", "a", "b", "n", "N", "p.value", "value", "start", "a|b", "|",
             "2 cycles", "1", "0.5", "<0.05", "ns", "none", "12-May", "2022", '"', '"a\nb"', " ", "\x00", "é"]
        ),
        min_size=11,
        max_size=14,
    ).map(",".join),
    max_size=5,
).map(lambda rows: "\n".join([",".join(COLUMNS), *rows]))  # fmt: skip
FILE = st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
PATIENT = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@PATIENT
@given(raw=FILE | PIECES.map(str.encode))
def test_no_paper_file_whatsoever_raises_anything_else(tmp_path: Path, raw: bytes) -> None:
    folder = write_study(tmp_path / "key2020")
    (folder / "paper.yaml").write_bytes(raw)
    loads_or_says_why(folder)


@PATIENT
@given(
    raw=FILE | ROWS.map(str.encode) | FILE.map(lambda raw: ",".join(COLUMNS).encode() + b"\n" + raw)
)
def test_no_claims_file_whatsoever_raises_anything_else(tmp_path: Path, raw: bytes) -> None:
    variables = {"v": {"type": "categorical", "levels": ["a", "b"]}, "w": {"type": "date"}}
    folder = write_study(tmp_path / "key2020", variables=variables)
    (folder / "claims.csv").write_bytes(raw)
    study = loads_or_says_why(folder)
    for claim in study.claims if study else ():
        assert study is not None
        assert not study.is_numeric(claim) or study.printed(claim).text == claim.printed


@PATIENT
@given(data=st.data())
def test_no_damage_to_a_good_paper_file_raises_anything_else(
    tmp_path: Path, data: st.DataObject
) -> None:
    folder = write_study(
        tmp_path / "key2020",
        populations={
            "all": {"units": "patients"},
            "part": {"of": "all", "where": {"v": "a"}, "at": "2 cycles"},
        },
        variables={
            "v": {"type": "categorical", "levels": ["a", "b"], "unions": {"ab": ["a", "b"]}},
            "x": {
                "type": "continuous",
                "min": "0",
                "derived": {"per": "patient", "ratio": ["y", "y"]},
            },
            "y": {"type": "continuous", "granularity": {"step": "1", "stated": "false"}},
        },
        analyses={"t": {"test": ["cox"], "variable": "x", "by": "v"}},
    )
    text = (folder / "paper.yaml").read_text()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    middle = data.draw(
        st.text(max_size=4) | st.sampled_from(["[]", "{}", "''", "x: y", "all", "v"])
    )
    (folder / "paper.yaml").write_text(text[:start] + middle + text[end:], encoding="utf-8")
    loads_or_says_why(folder)


def test_a_study_of_150_claims_loads_in_less_than_100_milliseconds(tmp_path: Path) -> None:
    claims = [{"claim": f"c{n}", "stat_name": "N", "printed": str(n)} for n in range(150)]
    folder = write_study(tmp_path / "key2020", claims=claims)
    load_study(folder)
    durations = []
    for _ in range(5):
        started = time.perf_counter()
        load_study(folder)
        durations.append(time.perf_counter() - started)
    assert min(durations) < 0.1


def test_importing_the_loader_imports_no_heavy_library() -> None:
    heavy = {"pandas", "numpy", "scipy", "matplotlib", "jsonschema", "IPython"}
    code = f"import sys, netcore.study; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_builder_writes_the_columns_of_the_format() -> None:
    assert claims_text([]).strip() == ",".join(COLUMNS)
