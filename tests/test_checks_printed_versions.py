"""Versions of what places print of one thing, and how their open cells may be read."""

from __future__ import annotations

from pathlib import Path

from checked_studies import study_of

from netcore.checks import Conventions
from netcore.checks.printed_versions import Version, versions_of
from netcore.printed import Interval
from netcore.study import Claim, Study


def printed(folder: Path, *rows: tuple[str, str, str]) -> tuple[Study, dict[str, dict[str, list[Claim]]]]:  # fmt: skip
    """Return a study of rows (place, statistic, value), and its rows by place and cell."""
    study = study_of(
        folder,
        [
            {"location": place, "variable": "age", "stat_name": name, "printed": value, "claim": f"c{i}"}
            for i, (place, name, value) in enumerate(rows)
        ],
    )  # fmt: skip
    places: dict[str, dict[str, list[Claim]]] = {}
    for claim in study.claims:
        places.setdefault(claim.location, {}).setdefault(claim.stat_name, []).append(claim)
    return study, places


def said(version: Version[str]) -> dict[str, list[str]]:
    return {name: [claim.printed for claim in rows] for name, rows in version.rows.items()}


def test_places_that_agree_complete_one_another(tmp_path: Path) -> None:
    study, places = printed(
        tmp_path,
        ("table", "mean", "5.2"), ("table", "sd", "1"), ("abstract", "mean", "5"),
        ("results", "max", "9"),
    )  # fmt: skip
    # 5.2 and 5 are the same number, in two printings.
    versions = [*versions_of(study, Conventions(), places)]
    assert {name for version in versions for name in said(version)} == {"mean", "sd", "max"}
    assert all({"mean", "sd", "max"} == {*said(version)} for version in versions)


def test_places_that_disagree_are_two_versions(tmp_path: Path) -> None:
    study, places = printed(
        tmp_path, ("table", "mean", "5"), ("table", "sd", "1"), ("abstract", "mean", "6")
    )
    one, other = versions_of(study, Conventions(), places)
    assert said(one) == {"mean": ["5"], "sd": ["1"]}
    assert said(other) == {"mean": ["6"], "sd": ["1"]}


def test_a_place_at_odds_with_itself_has_no_version(tmp_path: Path) -> None:
    study, places = printed(
        tmp_path, ("table", "mean", "5"), ("table", "mean", "6"), ("abstract", "mean", "6")
    )
    (one,) = versions_of(study, Conventions(), places)
    assert one.locations == ("abstract",)


def read(study: Study, version: Version[str], **meant: str) -> dict[str, tuple[str, int]] | None:
    def window(claim: Claim, _: str) -> Interval:
        return study.printed(claim).window()

    names = {name: meant.get(name.replace("|", "_"), name) for name in version.rows}
    found = version.read(names, window)
    return None if found is None else {k: (str(w), len(rows)) for k, (w, rows) in found.items()}


def test_one_place_does_not_print_one_thing_in_two_words(tmp_path: Path) -> None:
    study, places = printed(tmp_path, ("table", "mean|median", "5"), ("table", "mean", "5"))
    (one,) = versions_of(study, Conventions(), places)
    assert read(study, one, mean_median="mean") is None
    assert read(study, one, mean_median="median") is not None


def test_two_places_may_print_one_thing_in_two_words(tmp_path: Path) -> None:
    study, places = printed(tmp_path, ("table", "mean|median", "5"), ("abstract", "mean", "5.2"))
    version = next(v for v in versions_of(study, Conventions(), places) if "table" in v.locations)
    assert read(study, version, mean_median="mean") == {"mean": ("[5.15, 5.25]", 2)}


def test_what_two_places_print_differently_is_left_out(tmp_path: Path) -> None:
    study, places = printed(
        tmp_path, ("table", "mean|median", "5"), ("table", "sd", "1"), ("abstract", "mean", "6")
    )
    (version,) = versions_of(study, Conventions(), places)
    assert read(study, version, mean_median="mean") == {"sd": ("[0.5, 1.5]", 1)}
    assert read(study, version, mean_median="median") == {
        "median": ("[4.5, 5.5]", 1), "sd": ("[0.5, 1.5]", 1), "mean": ("[5.5, 6.5]", 1),
    }  # fmt: skip


def test_a_place_keeps_its_own_value_where_another_differs(tmp_path: Path) -> None:
    study, places = printed(
        tmp_path, ("table", "mean|median", "5"), ("table", "sd", "1"),
        ("abstract", "mean", "6"), ("abstract", "sd", "2"),
    )  # fmt: skip
    one, other = versions_of(study, Conventions(), places)
    assert read(study, one, mean_median="mean") == {
        "mean": ("[4.5, 5.5]", 1),
        "sd": ("[0.5, 1.5]", 1),
    }
    assert read(study, other, mean_median="mean") == {
        "mean": ("[5.5, 6.5]", 1),
        "sd": ("[1.5, 2.5]", 1),
    }
