"""The stand-alone checker: it accepts what is proved, and refuses whatever differs from it."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from certificate_studies import CONFLICTS, write_studies

from netcore.checks import run_checks
from netcore.evidence import write_evidence
from netcore.evidence.folders import digest_of, json_text
from netcore.study.library import load_library

ROOT = Path(__file__).resolve().parent.parent
CHECKER = ROOT / "verify_evidence.py"

_spec = importlib.util.spec_from_file_location("verify_evidence", CHECKER)
assert _spec is not None
assert _spec.loader is not None
checker = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(checker)

# What a certificate that is refused, or is none, ends in.
REFUSALS = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a project in which every rule and every sort of law proves something."""
    root: Path = tmp_path_factory.mktemp("zoo")
    write_studies(root / "data")
    library = load_library(root / "data").studies
    for study in library:
        write_evidence(study, run_checks(study, library=library), library)
    return root


@pytest.fixture
def copy(zoo: Path, tmp_path: Path) -> Path:
    shutil.copytree(zoo, tmp_path / "zoo")
    return tmp_path / "zoo"


def verified(folder: Path) -> dict[str, int]:
    found = checker.verify(folder, lambda key: checker.Paper(folder.parent / key))
    assert isinstance(found, dict)
    return found


def refusal(folder: Path) -> str:
    """Return why the evidence of a paper is refused; "" if it is not."""
    try:
        verified(folder)
    except REFUSALS as error:
        return str(error) or repr(error)
    return ""


def run(*arguments: str | Path, checker: Path = CHECKER) -> subprocess.CompletedProcess[str]:
    # Without site-packages and without the folder of the project.
    command = [sys.executable, "-I", "-S", str(checker), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", CONFLICTS)
def test_every_sort_of_conflict_is_proved_and_its_proof_replayed(zoo: Path, name: str) -> None:
    folder = zoo / "evidence" / name.replace("-", "_")
    assert verified(folder) == {CONFLICTS[name][0]: 1}


def test_all_papers_of_the_book_are_verified_without_netcore() -> None:
    done = run()
    assert done.returncode == 0, done.stdout
    assert "zvezdkina2022: parts-and-wholes 1, percentages 5, printings 3, ranks 1" in done.stdout
    number = len(list((ROOT / "evidence").iterdir()))
    assert f"{number} of {number} papers verified" in done.stdout
    assert not done.stderr


def test_the_checker_is_one_short_file_without_floats_or_netcore() -> None:
    source = CHECKER.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    assert "import netcore" not in source
    assert "from netcore" not in source
    imported = {
        line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names
    assert "float(" not in source


def test_arguments_that_are_no_evidence_are_told(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2
    assert "usage: verify_evidence.py [FOLDER ...]" in done.stdout


def test_a_refusal_is_told_and_ends_with_status_1(copy: Path) -> None:
    folder = copy / "evidence" / "dates"
    claims = copy / "data" / "dates" / "claims.csv"
    claims.write_text(claims.read_text().replace("2021-07", "2021-06"))
    done = run(folder, copy / "evidence" / "range")
    assert done.returncode == 1
    assert "dates: REFUSED" in done.stdout
    assert "make evidence" in done.stdout
    assert "range: order 1" in done.stdout


# Corruption


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every field and of every element of a list, the inner ones too."""
    children: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(document, dict):
        children = iter(document.items())
    elif isinstance(document, list):
        children = iter(enumerate(document))
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


def other_values(value: Any) -> list[Any]:
    """Return what a field could be changed to."""
    if isinstance(value, bool) or value is None:
        return [not value, "x"]
    if isinstance(value, int):
        return [value - 1, value + 1, -value, 2 * value, str(value), None]
    if isinstance(value, str):
        number = [str(int(value) + 1), f"{value}/2"] if value.isdecimal() else []
        return [f"{value}x", "", None, *number]
    return [None, []]


def damaged(document: Any) -> Iterator[tuple[str, Any]]:
    """Yield the document with one field changed, taken away, renamed or added."""
    for path in places(document):
        *outer, last = path
        for change in ("other", "gone", "renamed"):
            copied = deepcopy(document)
            inner = copied
            for key in outer:
                inner = inner[key]
            value = inner[last]
            where = f"{change} {'/'.join(map(str, path))}"
            if change == "gone":
                del inner[last]
                yield where, copied
            elif change == "renamed" and isinstance(inner, dict):
                del inner[last]
                inner[f"{last}x"] = value
                yield where, copied
            elif change == "other":
                for other in (one for one in other_values(value) if one != value):
                    inner[last] = other
                    yield f"{where} = {other!r}", deepcopy(copied)


def with_certificate(folder: Path, document: Any) -> None:
    """Put a certificate into the place of the only one, as if it had been written so."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    ((finding, old),) = index["certificates"].items()
    text = json_text(document)
    name = f"{finding.partition('.')[0]}-{digest_of(text)[:16]}.json"
    (folder / "certificates" / old).unlink()
    (folder / "certificates" / name).write_text(text, encoding="utf-8")
    index["certificates"][finding] = name
    (folder / "index.json").write_text(json_text(index), encoding="utf-8")


def accepted(folder: Path) -> list[str]:
    """Return the changes of a paper's certificates that are not refused."""
    paper = checker.Paper(folder)
    library = {path.name: checker.Paper(path) for path in folder.parent.iterdir()}
    found = []
    for finding, name in json.loads((folder / "index.json").read_text())["certificates"].items():
        document = json.loads((folder / "certificates" / name).read_text(encoding="utf-8"))
        for where, changed in damaged(document):
            try:
                rows = checker.replay(library.__getitem__, paper, changed)
                if changed["finding"] == finding and changed["rows"] == sorted(rows):
                    found.append(f"{name}: {where}")
            except REFUSALS:
                pass
    return found


# The files are named for what they hold; here nothing but the proof itself can be refused.


@pytest.mark.parametrize("name", CONFLICTS)
def test_no_field_of_a_certificate_can_be_another(zoo: Path, name: str) -> None:
    assert not accepted(zoo / "evidence" / name.replace("-", "_"))


@pytest.mark.parametrize(
    "folder", sorted((ROOT / "evidence").iterdir()), ids=lambda path: path.name
)
def test_no_field_of_a_certificate_of_the_book_can_be_another(folder: Path) -> None:
    assert not accepted(folder)


def test_a_changed_certificate_is_refused_under_its_old_and_its_new_name(copy: Path) -> None:
    folder = copy / "evidence" / "exclusive_levels"
    (path,) = (folder / "certificates").iterdir()
    document = json.loads(path.read_text(encoding="utf-8"))
    with_certificate(folder, document)
    assert not refusal(folder)
    document["proofs"][0][0]["proof"]["sum"]["0"] = 2
    path.write_text(json_text(document), encoding="utf-8")
    assert "changed" in refusal(folder)
    with_certificate(folder, document)
    assert "no contradiction" in refusal(folder)


def test_a_missing_a_foreign_and_a_garbled_file_are_refused(copy: Path) -> None:
    evidence = copy / "evidence"
    (path,) = (evidence / "limits" / "certificates").iterdir()
    path.unlink()
    assert "other certificates" in refusal(evidence / "limits")
    (evidence / "range" / "certificates" / "more.json").write_text("{}")
    assert "other certificates" in refusal(evidence / "range")
    (path,) = (evidence / "sum" / "certificates").iterdir()
    path.write_text("{")
    assert refusal(evidence / "sum")
    for name in ("index.json", "study.json"):
        (evidence / "ratio" / name).write_text("[]")
        assert refusal(evidence / "ratio")
    index = json.loads((evidence / "dates" / "index.json").read_text())
    other = json.loads((evidence / "too_long" / "index.json").read_text())
    index["certificates"] = other["certificates"]
    shutil.copytree(evidence / "too_long" / "certificates", evidence / "dates" / "certificates", dirs_exist_ok=True)  # fmt: skip
    (evidence / "dates" / "index.json").write_text(json_text(index))
    assert refusal(evidence / "dates")


# The data that the premises are read from


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_value_that_is_printed_otherwise_is_refused(zoo: Path, name: str) -> None:
    key = name.replace("-", "_")
    folder = zoo / "evidence" / key
    paper = checker.Paper(folder)
    certificate = json.loads(next((folder / "certificates").iterdir()).read_text())
    library = {key: paper, "source": checker.Paper(zoo / "evidence" / "source")}
    assert checker.replay(library.__getitem__, paper, certificate)
    for cited in certificate["rows"]:
        where, mark, row = cited.rpartition("#")
        cells = library[where if mark else key].rows[row]
        printed = cells["printed"]
        # Values that do not exist need not exist with another number either.
        for other in ("~3",) if name.startswith(("values", "p-value-of")) else ("77", "~3"):
            cells["printed"] = other
            with pytest.raises(REFUSALS):
                checker.replay(library.__getitem__, paper, certificate)
        cells["printed"] = printed


@pytest.mark.parametrize("file", ["claims.csv", "paper.yaml"])
def test_an_edited_file_is_refused_with_the_command_that_mends_it(copy: Path, file: str) -> None:
    path = copy / "data" / "ratio" / file
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert not refusal(copy / "evidence" / "ratio")
    path.write_bytes(path.read_bytes() + b"\n")
    assert refusal(copy / "evidence" / "ratio").endswith("has changed: make evidence")


def test_what_a_secondary_source_says_convicts_nobody(copy: Path) -> None:
    folder = copy / "evidence" / "quantiles"
    paper = checker.Paper(folder)
    certificate = json.loads(next((folder / "certificates").iterdir()).read_text())
    for seen in ("secondary", "somewhere"):
        paper.study["locations"]["results"]["seen"] = seen
        with pytest.raises(ValueError, match=f"seen {seen}"):
            checker.replay(None, paper, certificate)


def test_a_law_or_a_reading_that_the_study_has_not_is_refused(copy: Path) -> None:
    for name, section in (("quantiles", "laws"), ("open_readings", "open"), ("denominators", "laws")):  # fmt: skip
        folder = copy / "evidence" / name
        paper = checker.Paper(folder)
        certificate = json.loads(next((folder / "certificates").iterdir()).read_text())
        used = [key for key in paper.study[section] if key in json.dumps(certificate, ensure_ascii=False)]  # fmt: skip
        assert used
        for key in used:
            kept = paper.study[section].pop(key)
            with pytest.raises(REFUSALS):
                checker.replay(None, paper, certificate)
            paper.study[section][key] = kept
        if section == "open":
            for key in used:
                paper.study[section][key].append("another reading")
                with pytest.raises(ValueError, match="a case is left out"):
                    checker.replay(None, paper, certificate)
                paper.study[section][key].pop()


@pytest.mark.parametrize(
    ("text", "marks", "ends"),
    [
        ("61.20", (".", ""), ("61.195", "61.205")),
        ("−1,5", (",", ""), ("-1.55", "-1.45")),
        ("1 234", (",", " "), ("1233.5", "1234.5")),
        (".03", (".", ""), ("0.025", "0.035")),
        ("2e3", (".", ""), ("1500", "2500")),
        ("2.5-3", (".", ""), ("2.45", "3.5")),
        ("<0.05", (".", ""), (None, "0.05")),
        (">=14", (".", ""), ("14", None)),
        ("~80", (".", ""), (None, None)),
        ("none", (".", ""), ("0", "0")),
        ("ns", (".", ""), ("0.05", "1")),
    ],
)
def test_printed_numbers_are_read_as_netcore_reads_them(
    text: str, marks: tuple[str, str], ends: tuple[str | None, str | None]
) -> None:
    from fractions import Fraction

    from netcore.printed import parse_printed

    paper = checker.Paper.__new__(checker.Paper)
    paper.study = {
        "locations": {"here": {"decimal": marks[0], "thousands": marks[1]}},
        "rows": {"a": {"prints": "number"}},
    }
    paper.rows = {"a": {"printed": text, "location": "here", "stat_name": "mean"}}
    expected = tuple(None if end is None else Fraction(end) for end in ends)
    assert paper.ends("a") == expected
    if marks[1] == "" or "," not in text:
        window = parse_printed(text, decimal=marks[0], thousands=marks[1]).window(alpha=Fraction(1, 20))  # fmt: skip
        assert (window.low, window.high) == expected


@pytest.mark.parametrize("text", ["2022", "2022-12", "2024-02", "2023-02", "2022-12-31", "2020-01-01"])  # fmt: skip
def test_dates_are_read_as_netcore_reads_them(text: str) -> None:
    from netcore.stats.calendar import dates_in

    assert checker.days(text) == tuple(day.toordinal() for day in dates_in(text))


# Certificates that nobody would write but who wanted to prove too much


def case_of(folder: Path, **taken: str) -> Any:
    return checker.Case(None, checker.Paper(folder), taken, set())


def test_a_premise_or_an_open_point_that_proves_nothing_is_refused(zoo: Path) -> None:
    folder = zoo / "evidence" / "open_readings"
    paper = checker.Paper(folder)
    certificate = json.loads(next((folder / "certificates").iterdir()).read_text())
    idle = deepcopy(certificate)
    case = idle["proofs"][0][0]
    name = "#all || group = 1"
    case["premises"].append({"rule": "at least 0", "of": [name], "says": f"0 <= [{name}]"})
    with pytest.raises(ValueError, match="an idle premise"):
        checker.replay(None, paper, idle)
    taken = deepcopy(certificate)
    taken["proofs"][0][0]["taken"]["denominator of nothing"] = "all"
    with pytest.raises(ValueError, match="nothing rests on a point"):
        checker.replay(None, paper, taken)


def test_rows_that_are_not_those_of_the_proof_are_refused(copy: Path) -> None:
    folder = copy / "evidence" / "range"
    document = json.loads(next((folder / "certificates").iterdir()).read_text())
    for rows in ([], document["rows"][1:], [*document["rows"], "more"]):
        with_certificate(folder, {**document, "rows": rows})
        assert "other rows" in refusal(folder)


def test_a_statistic_may_be_negative(zoo: Path) -> None:
    case = case_of(zoo / "evidence" / "exclusive_levels")
    with pytest.raises(ValueError, match="is no whole number"):
        case.by_at_least_0("mean | age |  |  |  |  | all | years")


def test_nothing_is_divided_twice_by_one_variable(zoo: Path) -> None:
    case = case_of(zoo / "evidence" / "exclusive_levels")
    factor = ["group", "", ""]
    assert case.by_divide("#all", factor)
    for whole, factors in (("#all || group = 1", [factor]), ("#all", [factor, factor])):
        with pytest.raises(ValueError, match="divided already"):
            case.by_divide(whole, *factors)


def test_only_what_is_implied_is_impossible(zoo: Path) -> None:
    case = case_of(zoo / "evidence" / "levels_within")
    assert case.by_implies("all", "event", "", "sharp", "pain")
    with pytest.raises(ValueError, match="does not imply"):
        case.by_implies("all", "event", "", "pain", "sharp")


def test_nothing_is_divided_by_what_may_be_none(zoo: Path) -> None:
    case = case_of(zoo / "evidence" / "ratio")
    (name,) = [name for name in case.paper.study["laws"] if name.startswith("ratio")]
    assert case.by_share(name, "at least")
    for printed in ("0.0", "-1.0", "~5", "<5"):
        case.paper.rows["results.all.after.median"]["printed"] = printed
        with pytest.raises(ValueError, match="by 0"):
            case.by_share(name, "at least")


@pytest.mark.parametrize(("name", "most"), [("x", 2), ("#x", 2.5), ("#x", "2")])
def test_only_whole_numbers_are_told_apart(name: str, most: object) -> None:
    premises = [({name: 2}, 5, 5)]
    cut = {"cut": [name, most], "proofs": [{"sum": {"0": 1, "1": -2}}, {"sum": {"0": -1, "1": 2}}]}
    with pytest.raises(ValueError, match="is no whole number"):
        checker.refuted(premises, cut)
    cut["cut"] = ["#x", 2]
    assert checker.refuted([({"#x": 2}, 5, 5)], cut)


def test_cases_are_all_that_there_are() -> None:
    options = {"a": ["1", "2"], "b": ["1", "2", "3"]}
    full = [{"a": "1"}, *({"a": "2", "b": choice} for choice in "123")]
    assert checker.covered(full, options)
    assert checker.covered([{}], options)
    assert not checker.covered([], options)
    for left_out in range(4):
        assert not checker.covered(full[:left_out] + full[left_out + 1 :], options)


def count_test_of(folder: Path) -> tuple[Any, list[Any]]:
    """Return a case of the study, and what the premise about its counts is of."""
    certificate = json.loads(next((folder / "certificates").iterdir()).read_text())
    (of,) = (one["of"] for one in certificate["proofs"][0][0]["premises"] if "test" in one["rule"])
    return case_of(folder), of


@pytest.mark.parametrize("printed", ["0.017", "0.0083", "0.031", "0.0285", "0.034", "<0.05", "0.98", "~0.9", ">0.01", "ns"])  # fmt: skip
def test_a_p_value_that_counts_may_have_is_in_reach(zoo: Path, printed: str) -> None:
    """10 of 30 against 17 of 26; 0.0285 lies between two flavours."""
    case, of = count_test_of(zoo / "evidence" / "p_value_of_no_counts")
    assert case.by_count_test(*of)
    case.paper.rows[of[0]]["printed"] = printed
    with pytest.raises((ValueError, TypeError)):
        case.by_count_test(*of)


def test_counts_of_other_units_are_no_groups_of_a_test(zoo: Path) -> None:
    case, (p, one, other) = count_test_of(zoo / "evidence" / "p_value_of_no_counts")
    name, size, own = one
    others: list[list[list[str]]] = [[other, one], [one, one], [one], [one, other, other]]
    others += [[changed, other] for changed in ([name, size], [name, size, own, own], [name, own, size], [name, size, other[2]], [name, other[1], own])]  # fmt: skip
    for groups in others:
        with pytest.raises((ValueError, LookupError)):
            case.by_count_test(p, *groups)


def test_counts_that_are_no_numbers_are_no_groups_of_a_test(zoo: Path) -> None:
    for printed in ("~10", "<11", "9-11"):
        for place in (1, 2) if printed != "9-11" else (2,):  # each size from 9 to 11 is tried
            case, of = count_test_of(zoo / "evidence" / "p_value_of_no_counts")
            case.paper.rows[of[1][place]]["printed"] = printed
            with pytest.raises((ValueError, TypeError, LookupError)):
                case.by_count_test(*of)
