from __future__ import annotations

import pytest

from netcore.stats.response_criteria import (
    IRECIST,
    MRECIST,
    RECIST_1_0,
    RECIST_1_1,
    ResponseCriteria,
    criteria_named,
    most_targets,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("RECIST 1.1", (RECIST_1_1,)),
        ("RECIST v1.1", (RECIST_1_1,)),
        ("RECIST version 1.1", (RECIST_1_1,)),
        ("recist-1.1 criteria", (RECIST_1_1,)),
        ("RECIST 1.0", (RECIST_1_0,)),
        ("RECIST", (RECIST_1_0, RECIST_1_1)),
        ("mRECIST", (MRECIST,)),
        ("mRECIST 1.1 (2009)", (MRECIST,)),
        ("Modified RECIST", (MRECIST,)),
        ("iRECIST", (IRECIST,)),
        ("irRECIST", ()),
        ("RECIST 1.12", ()),
        ("WHO", ()),
        ("RECIST 1.1 and WHO", ()),
    ],
)
def test_criteria_are_known_as_papers_write_them(
    name: str, expected: tuple[ResponseCriteria, ...]
) -> None:
    assert criteria_named(name) == expected


# Eisenhauer et al. 2009, section 4.2; Therasse et al. 2000, section on baseline documentation.
@pytest.mark.parametrize(
    ("criteria", "organs", "most"),
    [
        (RECIST_1_1, None, 5),
        (RECIST_1_1, 1, 2),
        (RECIST_1_1, 2, 4),
        (RECIST_1_1, 3, 5),
        (RECIST_1_0, None, 10),
        (RECIST_1_0, 1, 5),
        (RECIST_1_0, 2, 10),
        (RECIST_1_0, 9, 10),
        (MRECIST, 1, None),
        (MRECIST, None, None),
    ],
)
def test_a_patient_has_so_many_targets_at_most(
    criteria: ResponseCriteria, organs: int | None, most: int | None
) -> None:
    assert most_targets(criteria, organs) == most


@pytest.mark.parametrize("criteria", [RECIST_1_0, RECIST_1_1, MRECIST, IRECIST])
def test_every_set_of_criteria_names_its_source(criteria: ResponseCriteria) -> None:
    assert "doi:10." in criteria.citation
    assert (criteria.partial_response, criteria.progression) == (30, 20)
    assert criteria_named(criteria.name) == (criteria,)


def test_only_the_first_version_has_no_absolute_increase() -> None:
    assert RECIST_1_0.progression_mm is None
    assert RECIST_1_1.progression_mm == 5
