from __future__ import annotations

from textwrap import dedent

import pytest

from netcore.study.paper_file import read_paper

GOOD = """\
format: 1
paper: {key: key2020, design: cohort, published: 2020}
locations:
  table1: {title: Table 1}
populations:
  all: {units: patients}
"""


def problems(text: str) -> list[str]:
    return [
        str(problem) for problem in read_paper(dedent(text), file="p", folder_name="key2020")[1]
    ]


def test_the_smallest_file_has_no_problems() -> None:
    draft, found = read_paper(GOOD, file="p", folder_name="key2020")
    assert found == []
    assert draft.paper is not None
    assert draft.variables.readable


def test_the_key_must_be_the_name_of_the_folder() -> None:
    draft_problems = read_paper(GOOD, file="p", folder_name="other2020")[1]
    assert [str(problem) for problem in draft_problems] == [
        "p:2:14: found paper.key 'key2020', expected the name of the folder, 'other2020'"
    ]


def test_another_key_is_said_beside_other_faults_of_the_paper() -> None:
    assert problems(GOOD.replace("key: key2020, design: cohort", "key: x, design: cohorts")) == [
        "p:2:25: found paper.design 'cohorts', expected one of randomised_trial, non_randomised_trial, "
        "single_arm_trial, cohort, case_control, cross_sectional, case_series, case_report, "
        "diagnostic_accuracy, systematic_review, meta_analysis, narrative_review and 2 more (nearest: cohort)",
        "p:2:14: found paper.key 'x', expected the name of the folder, 'key2020'",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("format: 1\n", "", "p:1:1: found no format, expected it, for it is required"),
        ("format: 1", "format: 2", "p:1:9: found format '2', expected one of 1"),
        ("format: 1", "format: [1]", "p:1:9: found format with a list, expected one of 1"),
        ("format: 1", "format: 1\nnotes: x", "p:2:1: found the name 'notes', expected one of format, paper, locations, populations, variables, analyses"),
        ("format: 1", "format: 1\nvariabels: {}", "p:2:1: found the name 'variabels', expected one of format, paper, locations, populations, variables, analyses (nearest: variables)"),
        (", design: cohort", "", "p:2:8: found no design in paper, expected it, for it is required"),
        ("published: 2020", "published: 2020-02-30", "p:2:50: found paper.published '2020-02-30', expected a date that exists, as 2022, 2022-05 or 2022-05-12"),
        ("published: 2020", "published: 2020, doi: 'doi:10.1/x'", "p:2:61: found paper.doi 'doi:10.1/x', expected a DOI without prefix, as 10.1000/182"),
        ("{title: Table 1}", "Table 1", "p:4:11: found locations.table1 'Table 1', expected fields, each with a colon and its value"),
        ("{title: Table 1}", "", "p:4:10: found locations.table1 with nothing after it, expected fields, each with a colon and its value"),
        ("{title: Table 1}", "{titel: Table 1}", "p:4:12: found the name 'titel' in locations.table1, expected one of title, section, decimal, thousands, edition, seen (nearest: title)"),
        ("{title: Table 1}", "{title: Table 1, seen: abstract}", "p:4:34: found locations.table1.seen 'abstract', expected one of full text, abstract only, secondary (nearest: abstract only)"),
        ("table1:", "table 1:", "p:4:3: found the name 'table 1' in locations, expected a name of letters a-z, digits, '_', '.' and '-'"),
        ("table1:", "<script>:", "p:4:3: found the name '<script>' in locations, expected a name of letters a-z, digits, '_', '.' and '-'"),
        ("  table1: {title: Table 1}", "  - Table 1", "p:4:3: found locations with a list, expected names, each with a colon and what it stands for"),
        ("  all: {units: patients}", "  {}", "p:6:3: found populations with a mapping of nothing, expected at least one entry"),
        ("units: patients", "units: patient", "p:6:16: found populations.all.units 'patient', expected one of patients, procedures, lesions, rules, studies (nearest: patients)"),
        ("{units: patients}", "{title: all}", "p:6:8: found neither units nor of in populations.all, expected units (of a root) or of (of a part)"),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_line_and_column(old: str, new: str, expected: str) -> None:
    assert old in GOOD
    found = [line for line in problems(GOOD.replace(old, new)) if "'titel'" in expected or line]
    assert expected in found
    assert len(found) <= 2  # a misspelt field is also missing


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("{type: categorial}", "2:13: found variables.v.type 'categorial', expected one of categorical, multi, integer, continuous, time, date, studies (nearest: categorical)"),
        ("{type: categorical, levels: [a, a]}", "2:38: found variables.v.levels[1] 'a', expected each level once"),
        ("{type: multi, levels: a}", "2:28: found variables.v.levels 'a', expected a list, as [a, b]"),
        ("{type: multi, levels: [a, [b]]}", "2:32: found variables.v.levels[1] with a list, expected text"),
        ("{type: multi, levels: [a], within: {b: a}}", "2:42: found the name 'b' in variables.v.within, expected one of a"),
        ("{type: date, levels: [a]}", "2:27: found variables.v.levels with a list, expected no such field with type: date (only with categorical, multi)"),
        ("{type: continuous, granularity: {step: 1, stated: false, setp: 2}}", "2:63: found the name 'setp' in variables.v.granularity, expected one of step, stated (nearest: step)"),
        ("{type: continuous, derived: {per: patient, ratio: [a]}}", "2:56: found variables.v.derived.ratio with a list, expected two names"),
        ("{type: continuous, derived: {per: patient}}", "2:34: found neither difference nor ratio nor sum in variables.v.derived, expected one of difference, ratio and sum"),
        ("{type: continuous, derived: {per: patient, sum: [a]}}", "2:54: found variables.v.derived.sum with a list, expected two variables or more"),
        ("{type: studies, counts: {}}", "2:30: found none of the three in variables.v.counts, expected designs, conditions or interventions"),
        ("{type: studies, counts: {desgins: [cohort]}}", "2:31: found the name 'desgins' in variables.v.counts, expected one of designs, conditions, interventions, compared (nearest: designs)"),
        ("{type: continuous, min: 1.5.2}", "2:30: found variables.v.min '1.5.2', expected a number with a decimal point, as -0.5"),
    ],
)  # fmt: skip
def test_a_fault_of_a_variable_is_said_with_line_and_column(variable: str, expected: str) -> None:
    text = f"variables:\n  v: {variable}\n" + GOOD
    assert f"p:{expected}" in problems(text)


def test_all_faults_of_all_entries_are_said_at_once() -> None:
    found = problems(
        """\
        format: 1
        paper: {key: key2020, design: cohort, published: 2020}
        locations:
          table1: {title: Table 1, decimal: x, thousands: y}
        populations:
          all: {units: patients}
          all: {units: lesions}
          part: {of: al, where: {gruop: 1}, size: 7}
        variables:
          group: {type: categorical, levels: [1, 2], min: 0}
          age: {type: continuous, derived: {per: patient, ratio: [group, wait]}}
        analyses:
          test: {test: [t], variable: aeg, by: age}
        """
    )
    places = sorted(tuple(int(part) for part in line.split(":")[1:3]) for line in found)
    assert places == [
        (4, 37),  # decimal
        (4, 51),  # thousands
        (7, 3),  # the key again
        (8, 14),  # al
        (8, 26),  # gruop
        (8, 43),  # size
        (10, 51),  # min of a categorical variable
        (11, 66),  # wait is unknown; group has a fault of its own
        (13, 17),  # t
        (13, 31),  # aeg
        (13, 40),  # age is not categorical
    ]


def test_a_fault_is_not_said_again_by_what_refers_to_it() -> None:
    found = problems(
        GOOD
        + "  part: {of: bad, size: 1}\n  bad: {units: rabbits}\n  worse: 3\n  x: {of: worse, size: 1}\n"
    )
    assert [line.split(" found ")[0] for line in found] == ["p:8:16:", "p:9:10:"]


def test_references_are_checked_also_of_entries_with_another_fault() -> None:
    found = problems(
        GOOD
        + """\
  a b: {of: x, size: 1}
variables:
  v: {type: categorial, printed_as: {tabel1: x}}
analyses:
  t: {test: [tt], variable: w, by: v}
"""
    )
    places = sorted(tuple(int(part) for part in line.split(":")[1:3]) for line in found)
    assert places == [(7, 3), (7, 13), (9, 13), (9, 38), (11, 14), (11, 29)]


def test_a_missing_section_makes_no_name_unknown() -> None:
    found = problems(
        "format: 1\npaper: {key: key2020, design: cohort, published: 2020}\nlocations: {t: {title: T}}\n"
    )
    assert found == ["p:1:1: found no populations, expected it, for it is required"]


def test_messages_stay_on_their_line_whatever_names_there_are() -> None:
    found = problems(GOOD + '  "a\\nb\\e[2J": {of: x, size: 1, "\\n": 2}\n')
    assert found
    assert all(line.isprintable() for line in found)
