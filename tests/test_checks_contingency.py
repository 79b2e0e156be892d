"""p-values of categorical variables against counts: what convicts, and what never may."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from checked_studies import LOCATIONS, POPULATIONS, count, share, size
from study_builder import make_study
from true_tables import draw_tested_study

from netcore.checks import Conventions, Finding, Verdict
from netcore.checks.certificates.count_tests import count_tests
from netcore.checks.certificates.laws import Laws
from netcore.checks.certificates.rows import meaning_of
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.contingency import CHECK, check_contingency
from netcore.checks.contingency_certificate import certificate
from netcore.checks.plain_tests import PLAIN_TEST

Row = dict[str, str]
TRUE_STUDIES = 120
VARIABLES: dict[str, Any] = {
    "group": {"type": "categorical", "levels": ["1", "2"], "complete": True},
    "relapse": {"type": "categorical", "levels": ["yes", "no"], "complete": True},
    "surgery": {"type": "categorical", "levels": ["yes"]},
    "event": {"type": "multi", "levels": ["pain", "fever"]},
    "stage": {
        "type": "categorical",
        "levels": ["early", "late", "unknown"],
        "missing": ["unknown"],
    },
    "response": {
        "type": "categorical",
        "levels": ["CR", "PR", "SD", "PD"],
        "unions": {"ORR": ["CR", "PR"]},
        "complete": True,
    },
}
SIZES = [size("group1", "30"), size("group2", "26")]
RELAPSES = [
    *SIZES,
    count("group1", "relapse", "yes", "10"),
    count("group2", "relapse", "yes", "17"),
]


def checked(
    folder: Path,
    claims: Iterable[Row],
    printed: str,
    *tests: str,
    variable: str = "relapse",
    conventions: Conventions | None = None,
    parts: dict[str, Any] | None = None,
    **keys: str,
) -> list[Finding]:
    """Check a study of two groups with one p-value, the claim "p"."""
    row = {"claim": "p", "population": "all", "stat_name": "p.value", "printed": printed}
    row |= {"analysis": "by_group"} | keys
    analysis = {"test": list(tests) or ["chi_squared"], "variable": variable, "by": "group"}
    study = make_study(
        folder / "paper1",
        **{
            "populations": POPULATIONS,
            "variables": VARIABLES,
            "locations": LOCATIONS,
            "analyses": {"by_group": analysis},
            "claims": [*claims, row],
            **(parts or {}),
        },
    )
    return list(check_contingency(study, conventions or Conventions()))


EXCLUDED = "excluded, by a proof that no certificate shows"
PROVED = "excluded, by a certificate"
CONVICTED = (EXCLUDED, PROVED)


def verdict(findings: list[Finding]) -> Verdict | str | None:
    """Return the verdict of the p-value; None if no finding gives it one."""
    found = [f for f in findings if "p" in f.bearings]
    if not found:
        return None
    bearing = found[0].bearings["p"]
    if found[0].assumptions == (PLAIN_TEST, NOT_REPLAYED):
        assert found[0].kind == "note"
        assert bearing.verdict is Verdict.CONDITIONAL
        return EXCLUDED
    if bearing.verdict is Verdict.INCONSISTENT:
        certificate = found[0].certificate
        assert certificate is not None
        assert (found[0].kind, certificate["rows"]) == ("conflict", sorted(found[0].claims))
        return PROVED
    return bearing.verdict


# 10 of 30 against 17 of 26: 0.0167 by Pearson, 0.0335 by Yates, 0.0158 by G, 0.0311 by Fisher


@pytest.mark.parametrize(
    ("printed", "test", "expected"),
    [
        ("0.017", "chi_squared", Verdict.REPRODUCED),
        ("0.034", "chi_squared", Verdict.REPRODUCED),
        ("0.0158", "chi_squared", Verdict.CONDITIONAL),
        ("0.031", "chi_squared", Verdict.CONDITIONAL),
        ("0.031", "fisher_exact", Verdict.REPRODUCED),
        ("0.0327", "fisher_exact", Verdict.CONDITIONAL),
        ("0.017", "fisher_exact", Verdict.CONDITIONAL),
        ("0.003", "chi_squared", PROVED),
        ("0.003", "fisher_exact", PROVED),
        ("0.25", "fisher_exact", PROVED),
        ("0.0285", "chi_squared", EXCLUDED),  # between the flavours
        ("<0.05", "chi_squared", Verdict.POSSIBLE),
        ("<0.001", "chi_squared", PROVED),
        (">0.05", "fisher_exact", Verdict.CONDITIONAL),  # the other side of a one-sided test
    ],
)
def test_the_flavour_decides_what_a_p_value_assumes(
    tmp_path: Path, printed: str, test: str, expected: Verdict
) -> None:
    assert verdict(checked(tmp_path, RELAPSES, printed, test)) is expected


def test_a_named_pair_of_tests_reproduces_by_either(tmp_path: Path) -> None:
    both = ("chi_squared", "fisher_exact")
    assert verdict(checked(tmp_path / "a", RELAPSES, "0.031", *both)) is Verdict.REPRODUCED
    assert verdict(checked(tmp_path / "b", RELAPSES, "0.017", *both)) is Verdict.REPRODUCED


def test_an_unnamed_test_never_convicts(tmp_path: Path) -> None:
    (note,) = checked(tmp_path / "a", RELAPSES, "0.003", "unnamed")
    assert (note.kind, note.bearings) == ("note", {})
    (found,) = checked(tmp_path / "b", RELAPSES, "0.017", "unnamed")
    assert verdict([found]) is Verdict.CONDITIONAL
    assert found.assumptions == ("the test is Pearson's chi-squared without correction",)


def test_a_test_that_may_be_another_one_never_convicts(tmp_path: Path) -> None:
    assert not checked(tmp_path / "a", RELAPSES, "0.003", "chi_squared", "mann_whitney")
    assert not checked(tmp_path / "b", RELAPSES, "0.017", "mann_whitney")


def test_digits_that_are_cut_off_are_an_assumption(tmp_path: Path) -> None:
    # 0.0167 prints as 0.016 if its digits are cut off; so does G, 0.0158, rounded.
    found = checked(tmp_path / "a", RELAPSES, "0.0166", "chi_squared")
    assert verdict(found) is Verdict.CONDITIONAL
    assert found[0].assumptions == ("the digits are not rounded to the nearest",)
    cut = Conventions("truncate")
    assert verdict(
        checked(tmp_path / "b", RELAPSES, "0.0166", "chi_squared", conventions=cut)
    ) is Verdict.REPRODUCED  # fmt: skip


def test_not_significant_depends_on_the_level(tmp_path: Path) -> None:
    rows = [*SIZES, count("group1", "relapse", "yes", "2"), count("group2", "relapse", "yes", "20")]
    alpha = {"population": "all", "stat_name": "alpha", "printed": "0.01"}
    # Nothing but the other side of a one-sided test is above any level.
    assert verdict(checked(tmp_path / "a", rows, "ns", "chi_squared")) is Verdict.CONDITIONAL
    (found,) = checked(tmp_path / "b", [*rows, alpha], "ns", "chi_squared")
    assert found.assumptions == ("the test is the other side of Pearson's chi-squared",)
    even = [*SIZES, count("group1", "relapse", "yes", "9"), count("group2", "relapse", "yes", "8")]
    assert verdict(checked(tmp_path / "c", [*even, alpha], "ns")) is Verdict.POSSIBLE
    (found,) = checked(tmp_path / "d", even, "ns")
    assert found.assumptions == ("the level is 0.05",)


# The conflict


def test_a_conflict_says_what_follows_and_what_would_mend_it(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, RELAPSES, "0.003", "fisher_exact")
    assert (found.check, found.kind) == (CHECK, "conflict")
    assert verdict([found]) == PROVED
    assert "10 : 20 against 17 : 9 gives 0.031" in found.statement
    assert found.bearings["p"].recomputed == "0.031"
    assert len(found.claims) == 5
    changes = [repair.change for repair in found.repairs]
    assert "0.031 instead of 0.003" in changes
    assert any("instead of 10" in change for change in changes)


def test_a_repair_mends_the_conflict(tmp_path: Path) -> None:
    (found,) = checked(tmp_path / "a", RELAPSES, "0.003", "fisher_exact")
    (change,) = [repair.change for repair in found.repairs if "instead of 10" in repair.change]
    value = change.split(": ")[1].split()[0].rstrip(",")
    mended = [
        *SIZES,
        count("group1", "relapse", "yes", value),
        count("group2", "relapse", "yes", "17"),
    ]
    assert verdict(checked(tmp_path / "b", mended, "0.003", "fisher_exact")) in (
        Verdict.REPRODUCED,
        Verdict.CONDITIONAL,
    )


def test_a_conflict_without_a_certificate_names_the_plain_test(tmp_path: Path) -> None:
    # 0.0285 may be Mantel's and Haenszel's, McNemar's or one of tumours, and still called chi-squared.
    (found,) = checked(tmp_path, RELAPSES, "0.0285")
    assert found.certificate is None
    for word in ("unpaired", "unstratified", "unweighted", "counted once", "several comparisons"):
        assert word in found.bearings["p"].sentence
        assert word in found.assumptions[0]


def test_less_than_zero_is_a_rounded_zero(tmp_path: Path) -> None:
    # 38 of 50 against 20 of 50: 0.0003 by Pearson; 17 of 26 against 10 of 30: 0.0167.
    rows = [size("group1", "50"), size("group2", "50")]
    rows += [count("group1", "relapse", "yes", "38"), count("group2", "relapse", "yes", "20")]
    assert verdict(checked(tmp_path / "a", rows, "≤0.000")) is Verdict.POSSIBLE
    assert verdict(checked(tmp_path / "b", rows, "≤0.0000")) == EXCLUDED
    assert verdict(checked(tmp_path / "c", RELAPSES, "≤0.000")) == PROVED


def test_counts_that_other_rows_hold_are_not_accused(tmp_path: Path) -> None:
    rows = [*RELAPSES, size("all", "56")]
    for group, yes, no in (("group1", "33.3", "20"), ("group2", "65.4", "9")):
        rows += [share(group, "relapse", "yes", yes), count(group, "relapse", "no", no)]
    (found,) = checked(tmp_path, rows, "0.003", "fisher_exact")
    assert set(found.bearings) == {"p"}
    assert len(found.claims) > 1


# Who was analysed


def surgery(first: str, second: str) -> list[Row]:
    return [
        *SIZES,
        count("group1", "surgery", "yes", first),
        count("group2", "surgery", "yes", second),
    ]


def test_one_printed_level_assumes_that_all_were_analysed(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, surgery("10", "17"), "0.031", "fisher_exact", variable="surgery")
    assert verdict([found]) is Verdict.CONDITIONAL
    assert found.assumptions == ("all patients of each group were analysed",)


def test_fewer_analysed_patients_may_explain_a_p_value(tmp_path: Path) -> None:
    # 10 of 28 against 17 of 26
    (found,) = checked(tmp_path, surgery("10", "17"), "0.0333", "fisher_exact", variable="surgery")
    assert verdict([found]) is Verdict.CONDITIONAL
    assert any("were analysed" in text for text in found.assumptions)


def test_no_number_of_analysed_patients_gives_some_p_values(tmp_path: Path) -> None:
    sizes = [size("group1", "8"), size("group2", "9")]
    rows = [*sizes, count("group1", "surgery", "yes", "7"), count("group2", "surgery", "yes", "8")]
    found = checked(tmp_path, rows, "0.004", "fisher_exact", variable="surgery")
    assert verdict(found) == PROVED
    assert "(4 tables)" in found[0].statement  # 0 or 1 of each group without surgery


def test_every_number_of_analysed_patients_is_tried(tmp_path: Path) -> None:
    """Whatever scipy gives for some numbers analysed is not condemned, and what it never gives is."""
    from scipy.stats import fisher_exact

    sizes = [size("group1", "7"), size("group2", "8")]
    rows = [*sizes, count("group1", "surgery", "yes", "4"), count("group2", "surgery", "yes", "2")]
    for b in range(4):
        for d in range(7):
            p = f"{fisher_exact([[4, b], [2, d]])[1]:.4f}" if b or d else "1"
            found = checked(tmp_path / f"{b}-{d}", rows, p, "fisher_exact", variable="surgery")
            assert verdict(found) is Verdict.CONDITIONAL, (b, d, p)
    found = checked(tmp_path / "none", rows, "0.0007", "fisher_exact", variable="surgery")
    assert verdict(found) == PROVED


def test_overlapping_levels_need_a_level(tmp_path: Path) -> None:
    rows = [*SIZES, count("group1", "event", "pain", "10"), count("group2", "event", "pain", "17")]
    assert not checked(tmp_path / "a", rows, "0.031", "fisher_exact", variable="event")
    study = checked_level(tmp_path / "b", rows, "0.031", "event", "pain", "fisher_exact")
    assert verdict(study) is Verdict.CONDITIONAL


def checked_level(
    folder: Path, rows: list[Row], printed: str, variable: str, level: str, test: str
) -> list[Finding]:
    """Check a p-value whose row names a level."""
    keys = {"variable": variable, "variable_level": level}
    row = {"claim": "p", "population": "all", "stat_name": "p.value", "printed": printed}
    study = make_study(
        folder / "paper1",
        populations=POPULATIONS,
        variables=VARIABLES,
        locations=LOCATIONS,
        analyses={"by_group": {"test": [test], "variable": variable, "by": "group"}},
        claims=[*rows, row | {"analysis": "by_group"} | keys],
    )
    return list(check_contingency(study, Conventions()))


STAGES = [
    *SIZES,
    *(count("group1", "stage", level, n) for level, n in zip(("early", "late", "unknown"), ("18", "8", "4"), strict=True)),
    *(count("group2", "stage", level, n) for level, n in zip(("early", "late", "unknown"), ("7", "16", "3"), strict=True)),
]  # fmt: skip


def test_patients_of_unknown_level_are_left_out_first(tmp_path: Path) -> None:
    # 18 : 8 against 7 : 16, and 18 : 12 against 7 : 19
    from scipy.stats import fisher_exact

    known = f"{fisher_exact([[18, 8], [7, 16]])[1]:.4f}"
    everybody = f"{fisher_exact([[18, 12], [7, 19]])[1]:.4f}"
    assert known != everybody
    one = checked_level(tmp_path / "a", STAGES, known, "stage", "early", "fisher_exact")
    assert verdict(one) is Verdict.REPRODUCED
    all_of_them = checked_level(tmp_path / "b", STAGES, everybody, "stage", "early", "fisher_exact")
    assert all_of_them[0].assumptions == ("all patients of each group were analysed",)


# Which levels, which groups

RESPONSES = [
    *SIZES,
    *(count("group1", "response", level, n) for level, n in zip(("CR", "PR", "SD", "PD"), ("3", "15", "8", "4"), strict=True)),
    *(count("group2", "response", level, n) for level, n in zip(("CR", "PR", "SD", "PD"), ("1", "6", "9", "10"), strict=True)),
]  # fmt: skip


def test_a_table_of_four_levels_is_tested_whole_or_by_levels(tmp_path: Path) -> None:
    from scipy.stats import chi2_contingency

    def pearson(*table: list[int]) -> str:
        return f"{chi2_contingency(table, correction=False)[1]:.4f}"

    whole = pearson([3, 15, 8, 4], [1, 6, 9, 10])
    found = checked(tmp_path / "a", RESPONSES, whole, variable="response")
    assert verdict(found) is Verdict.REPRODUCED
    joined = pearson([18, 12], [7, 19])
    (found,) = checked(tmp_path / "b", RESPONSES, joined, variable="response")
    assert found.assumptions == ("the levels compared are CR with PR against SD with PD",)
    named = checked_level(tmp_path / "c", RESPONSES, joined, "response", "ORR", "chi_squared")
    assert verdict(named) is Verdict.REPRODUCED
    other = checked_level(tmp_path / "d", RESPONSES, "0.7001", "response", "ORR", "chi_squared")
    assert verdict(other) == EXCLUDED


def test_two_of_three_groups_may_be_compared(tmp_path: Path) -> None:
    groups = ("1", "2", "3")
    variables = VARIABLES | {"group": {"type": "categorical", "levels": list(groups)}}
    populations: dict[str, Any] = {"all": {"units": "patients"}}
    populations |= {f"group{g}": {"of": "all", "where": {"group": g}} for g in groups}
    rows = [*RELAPSES, size("group3", "20"), count("group3", "relapse", "yes", "0")]
    parts = {"variables": variables, "populations": populations}
    (found,) = checked(tmp_path / "a", rows, "0.034", parts=parts)
    assert verdict([found]) is Verdict.CONDITIONAL
    assert found.assumptions[0] == "the groups compared are 1 against 2"
    # One group without counts: the test may have used it.
    some = checked(tmp_path / "b", [*RELAPSES, size("group3", "20")], "0.9999", parts=parts)
    assert verdict(some) not in CONVICTED


# What never binds


@pytest.mark.parametrize(
    "keys", [{"cites": "elsewhere2019"}, {"location": "review"}, {"stat_name": "p.value|estimate"}]
)
def test_quoted_and_secondary_p_values_do_not_bind(tmp_path: Path, keys: dict[str, str]) -> None:
    assert not checked(tmp_path, RELAPSES, "0.003", **keys)


def test_counts_of_a_secondary_source_do_not_convict(tmp_path: Path) -> None:
    rows = [{**row, "location": "review"} for row in RELAPSES]
    assert not checked(tmp_path, rows, "0.003")


def test_sizes_that_are_not_printed_convict_nobody(tmp_path: Path) -> None:
    assert verdict(checked(tmp_path, RELAPSES[2:], "0.003")) not in CONVICTED


def test_percentages_alone_convict_nobody(tmp_path: Path) -> None:
    shares = [share("group1", "relapse", "yes", "33.3"), share("group2", "relapse", "yes", "65.4")]
    (found,) = checked(tmp_path / "a", [*SIZES, *shares], "0.017")
    assert found.assumptions == ("the percentages are of the whole groups",)
    assert not checked(tmp_path / "b", [*SIZES, *shares], "0.003")


def test_a_row_with_two_readings_conflicts_only_under_both(tmp_path: Path) -> None:
    analyses = {
        "by_group": {"test": ["fisher_exact"], "variable": "relapse", "by": "group"},
        "other": {"test": ["fisher_exact"], "variable": "response", "by": "group"},
    }
    parts = {"analyses": analyses}
    found = checked(tmp_path / "a", RELAPSES, "0.003", parts=parts, analysis="by_group|other")
    assert verdict(found) is None
    (found_one,) = checked(tmp_path / "b", RELAPSES, "0.031", parts=parts, analysis="by_group|other")  # fmt: skip
    assert found_one.assumptions == ("the row is read in one of several ways",)


def test_a_table_that_compares_nothing_convicts_nobody(tmp_path: Path) -> None:
    rows = [*SIZES, count("group1", "relapse", "yes", "0"), count("group2", "relapse", "yes", "0")]
    assert verdict(checked(tmp_path, rows, "0.003")) not in CONVICTED


def test_too_many_tables_leave_a_p_value_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netcore.checks.contingency._BUDGET", 100)
    sizes = [size("group1", "120"), size("group2", "120")]
    rows = [*sizes, count("group1", "surgery", "yes", "1"), count("group2", "surgery", "yes", "1")]
    found = checked(tmp_path, rows, "0.0000000000000000001", variable="surgery")
    assert verdict(found) is Verdict.OPEN


def test_a_named_test_that_is_too_large_leaves_the_p_value_open(tmp_path: Path) -> None:
    numbers = {
        "group1": (100, 90, 110, 80),
        "group2": (60, 120, 100, 70),
        "group3": (95, 85, 90, 99),
    }
    levels = ("CR", "PR", "SD", "PD")
    variables = VARIABLES | {
        "group": {"type": "categorical", "levels": ["1", "2", "3"], "complete": True}
    }
    populations = POPULATIONS | {"group3": {"of": "all", "where": {"group": "3"}}}
    parts = {"variables": variables, "populations": populations}
    rows = [
        row
        for group, counts in numbers.items()
        for row in (
            size(group, str(sum(counts))),
            *(
                count(group, "response", level, str(n))
                for level, n in zip(levels, counts, strict=True)
            ),
        )
    ]
    # What Pearson's test gives settles nothing of Fisher's.
    found = checked(
        tmp_path / "a", rows, "0.0001", "fisher_exact", variable="response", parts=parts
    )
    assert verdict(found) is Verdict.OPEN
    assert "too large" in found[0].statement
    found = checked(
        tmp_path / "b", rows, "0.00036", "chi_squared", variable="response", parts=parts
    )
    assert verdict(found) is Verdict.REPRODUCED


def test_levels_that_are_all_there_are_need_no_size(tmp_path: Path) -> None:
    rows = RESPONSES[2:]
    (found,) = checked(tmp_path, rows, "0.0001", variable="response")
    assert verdict([found]) == EXCLUDED


def test_counts_that_others_contradict_convict_nobody(tmp_path: Path) -> None:
    # 10 of 30 with relapse and 25 without cannot both be; nobody knows which of them was tested.
    rows = [*RELAPSES, count("group1", "relapse", "no", "25")]
    assert verdict(checked(tmp_path, rows, "0.0001", "fisher_exact")) not in CONVICTED


def test_a_level_that_one_group_lacks_convicts_nobody(tmp_path: Path) -> None:
    rows = [row for row in STAGES if (row["population"], row.get("variable_level")) != ("group2", "late")]  # fmt: skip
    found = checked(tmp_path, rows, "0.9444", "fisher_exact", variable="stage")
    assert verdict(found) not in CONVICTED


def test_readings_that_compare_the_same_are_one(tmp_path: Path) -> None:
    both = checked(tmp_path, RELAPSES, "0.017", population="all|group1")
    assert verdict(both) is Verdict.REPRODUCED


# True studies


@pytest.mark.parametrize("first", range(0, TRUE_STUDIES, 20))
def test_no_true_p_value_is_condemned(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 20):
        parts = draw_tested_study(seed)
        if parts is None:
            continue
        found = check_contingency(make_study(tmp_path / str(seed), **parts), Conventions())
        assert not [f.statement for f in found if f.kind == "conflict"], seed
        assert not any(NOT_REPLAYED in finding.assumptions for finding in found), seed


@pytest.mark.parametrize("first", range(1000, 1000 + TRUE_STUDIES, 40))
def test_no_true_p_value_has_a_certificate(tmp_path: Path, first: int) -> None:
    """Asked for even where the check has no doubt."""
    asked = 0
    for seed in range(first, first + 40):
        parts = draw_tested_study(seed)
        if parts is None:
            continue
        study = make_study(tmp_path / str(seed), **parts)
        laws = Laws()
        meanings = {row.claim: meaning_of(study, row, laws) for row in study.claims}
        asked += "p" in count_tests(study, meanings)
        claim = study.claim_by_id("p")
        assert certificate(study, Conventions(), claim, study.claims) is None, seed
    assert asked > 3


def test_misprinted_p_values_are_seen(tmp_path: Path) -> None:
    """Where the table is known and the test is named; half of it is the least to ask."""
    planted = seen = 0
    for seed in range(15):
        first, second = 3 + seed % 7, 20 - seed % 5
        rows = [*SIZES, count("group1", "relapse", "yes", str(first)), count("group2", "relapse", "yes", str(second))]  # fmt: skip
        found = checked(tmp_path / str(seed), rows, f"0.{100 + 52 * seed}", "fisher_exact")
        planted += 1
        seen += verdict(found) == PROVED
    assert seen > planted / 2


def test_a_table_with_endless_ways_to_fill_its_gaps_is_left_open(tmp_path: Path) -> None:
    claims = [
        row
        for group, number in (("group1", "500"), ("group2", "504"))
        for row in (
            size(group, number),
            *(count(group, "stage", level, "90") for level in ("early", "late", "unknown")),
        )
    ]
    assert verdict(checked(tmp_path, claims, "0.03", "fisher_exact", variable="stage")) in (
        Verdict.OPEN,
        Verdict.CONDITIONAL,
    )


def test_a_hundred_thousand_patients_are_compared_without_a_proof_digit_by_digit(
    tmp_path: Path,
) -> None:
    claims = [
        *(size(group, "100000") for group in ("group1", "group2")),
        count("group1", "relapse", "yes", "50000"),
        count("group2", "relapse", "yes", "51000"),
    ]
    assert verdict(checked(tmp_path, claims, "0.04", "fisher_exact")) is EXCLUDED
    assert verdict(checked(tmp_path, claims, "0.000008", "fisher_exact")) is Verdict.REPRODUCED
