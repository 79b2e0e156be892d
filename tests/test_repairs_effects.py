from __future__ import annotations

from pathlib import Path

import pytest
from checked_studies import LOCATIONS, POPULATIONS, VARIABLES, count, share, size
from study_builder import make_study

from netcore.checks import Conventions, run_checks
from netcore.repairs import effects_of, find_repairs
from netcore.study import Study


def study_of(folder: Path, *rows: dict[str, str]) -> Study:
    groups = [size("all", "34"), size("group1", "15"), size("group2", "19")]
    return make_study(
        folder / "paper1",
        populations=POPULATIONS,
        variables=VARIABLES,
        locations=LOCATIONS,
        claims=[*groups, *rows],
    )


def test_a_count_is_shown_as_a_share_of_its_group_before_and_after(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        count("group2", "response", "PR", "12"),
        count("group2", "response", "SD", "10"),
    )
    found = find_repairs(study, run_checks(study), Conventions())
    (finding,) = (finding for finding in found if finding.kind == "conflict")
    effects = {effect.claim: effect for effect in effects_of(study, finding)}
    effect = effects["results.group2.response.PR.n"]
    # Wilson's limits of 12 of 19, of 0 of 19 and of 9 of 19.
    assert effect.printed.text == "12 of 19: 63 % (41 to 81 %)"
    assert effect.repaired.text == "0 to 9 of 19: 0 to 47 % (0 to 68 %)"
    assert effect.printed.low == pytest.approx(0.4104, abs=1e-4)


def test_more_than_the_group_is_no_share(tmp_path: Path) -> None:
    study = study_of(tmp_path, count("group1", "response", "PR", "17"))
    (finding,) = (finding for finding in run_checks(study) if finding.kind == "conflict")
    texts = [effect.printed.text for effect in effects_of(study, finding)]
    assert "17 of 15: not a share" in texts


def test_values_without_a_size_are_shown_as_they_are(tmp_path: Path) -> None:
    median = {"population": "all", "variable": "age", "stat_name": "median", "printed": "86", "unit": "months"}  # fmt: skip
    study = study_of(tmp_path, median, median | {"location": "abstract", "printed": "60"})
    found = find_repairs(study, run_checks(study), Conventions())
    (finding,) = (finding for finding in found if finding.kind == "conflict")
    assert [(e.printed.text, e.repaired.text) for e in effects_of(study, finding)] == [
        ("60 months", "86 months"),
        ("86 months", "60 months"),
    ]


def test_the_level_of_intervals_is_the_reader_s(tmp_path: Path) -> None:
    study = study_of(
        tmp_path,
        count("group2", "response", "PR", "12"),
        count("group2", "response", "SD", "10"),
    )
    (finding,) = (finding for finding in run_checks(study) if finding.kind == "conflict")
    wide, narrow = (effects_of(study, finding, level)[0].printed for level in (0.99, 0.5))
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low


def test_a_repaired_percentage_is_the_share_that_its_count_gives(tmp_path: Path) -> None:
    rows = count("group1", "response", "PR", "7"), share("group1", "response", "PR", "67")
    study = study_of(tmp_path, *rows)
    (finding,) = (finding for finding in run_checks(study) if finding.kind == "conflict")
    texts = [(effect.printed.text, effect.repaired.text) for effect in effects_of(study, finding)]
    # Wilson's limits of 7 of 15.
    assert ("67", "7 of 15: 47 % (25 to 70 %)") in texts
