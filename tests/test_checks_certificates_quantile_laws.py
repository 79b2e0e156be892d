"""Laws of quantiles: true values satisfy them, and conflicts replay without netcore."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest

import verify_evidence
from netcore.checks import Conventions, Finding, run_checks
from netcore.checks.certificates.laws import Law
from netcore.checks.certificates.quantile_laws import quantile_laws
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.evidence.store import write_evidence
from netcore.printed import print_value
from netcore.stats.quantiles.definitions import DEFINITIONS, quantile_form
from netcore.study import Study
from tests.study_builder import make_study

GROUPS = {
    "all": {"units": "patients"},
    "men": {"of": "all", "where": {"sex": "male"}},
    "women": {"of": "all", "where": {"sex": "female"}},
}
VARIABLES = {
    "sex": {"type": "categorical", "levels": ["male", "female"], "complete": True},
    "age": {"type": "continuous", "unit": "years"},
}
NAMES = {"p25": Fraction(1, 4), "median": Fraction(1, 2), "p75": Fraction(3, 4)}


def study_of(folder: Path, printed: Mapping[str, Mapping[str, str]], **parts: Any) -> Study:
    return make_study(
        folder,
        populations=GROUPS,
        variables=VARIABLES,
        claims=[
            (group, "age" if name != "N" else "", "", name, text)
            for group, values in printed.items()
            for name, text in values.items()
        ],
        **parts,
    )


def laws_of(study: Study) -> list[Law]:
    sizes = Sizes(study, analyse_counts(study))
    return [*quantile_laws(study, Conventions(), sizes)]


def value_of(unknown: str, ages: Mapping[str, list[Fraction]]) -> int:
    """Count what an unknown counts, from its name alone."""
    stat, *_, who, _ = unknown.split(" | ")
    if len(unknown.split(" | ")) == 1:  # a number of units
        stat, who = "#number analysed", unknown.removeprefix("#")
    group = {"all": "all", "all || sex = male": "men", "all || sex = female": "women"}[who]
    values = ages[group]
    if stat == "#number analysed":
        return len(values)
    words, _, number = stat.rpartition(" ")
    limit = Fraction(number)
    return sum(age <= limit if words.endswith("up to") else age < limit for age in values)


def test_values_printed_by_any_definition_satisfy_every_law(tmp_path: Path) -> None:
    random_ = random.Random(7)
    checked = 0
    for number in range(60):
        men = [Fraction(random_.randint(20, 60)) for _ in range(random_.randint(1, 12))]
        women = [Fraction(random_.randint(30, 90)) for _ in range(random_.randint(1, 12))]
        ages = {"men": sorted(men), "women": sorted(women), "all": sorted(men + women)}
        printed = {
            group: {
                name: print_value(
                    # each quantile by a definition of its own
                    quantile_form(random_.choice([*DEFINITIONS]), share, len(values)).value(values),
                    random_.choice([0, 1]),
                )
                for name, share in NAMES.items()
            }
            for group, values in ages.items()
        }
        printed["all"]["N"] = str(len(ages["all"]))
        for law in laws_of(study_of(tmp_path / f"true{number}x2020", printed)):
            if any(" | " not in name for name in law.form):
                continue  # a limit by the size of a group, whose name is another module's business
            total = sum(value_of(name, ages) * factor for name, factor in law.form.items())
            assert total in law.window, law.name
            checked += 1
    assert checked > 10_000


def test_the_first_and_the_last_value_of_the_laws_are_those_of_all_definitions() -> None:
    for number in range(1, 200):
        for a, b in ((1, 4), (1, 2), (3, 4), (1, 10), (9, 10)):
            forms = [
                quantile_form(name, Fraction(a, b), number)
                for name in DEFINITIONS
                if b != 10 or name not in ("tukey", "moore_mccabe", "mendenhall_sincich")
            ]
            first = max(1, ceil(Fraction(a * number - (b - 1), b)))
            last = min(number, floor(Fraction(a * number + max(a, b - a) - 1, b)) + 1)
            assert first <= min(form.index for form in forms)
            assert last >= max(form.indices[-1] for form in forms)


CONFLICTS: list[dict[str, dict[str, str]]] = [
    {
        "men": {"p25": "10", "median": "11", "p75": "12"},
        "women": {"p25": "20", "median": "21", "p75": "22"},
        "all": {"p25": "1", "median": "2", "p75": "3", "N": "18"},
    },
    {
        "men": {"N_nonmiss": "40", "p25": "10", "median": "11", "p75": "12"},
        "women": {"N_nonmiss": "10", "p25": "20", "median": "21", "p75": "22"},
        "all": {"N_nonmiss": "50", "p25": "11", "median": "20", "p75": "21"},
    },
]


def replayed(tmp_path: Path, printed: Mapping[str, Mapping[str, str]]) -> tuple[Finding, Path]:
    study = study_of(tmp_path / "data" / "strata2020", printed)
    findings = run_checks(study)
    (conflict,) = (one for one in findings if one.kind == "conflict" and one.check == "quantiles")
    write_evidence(study, findings)
    return conflict, tmp_path / "evidence" / "strata2020"


@pytest.mark.parametrize("printed", CONFLICTS)
def test_a_conflict_replays_without_netcore(
    tmp_path: Path, printed: Mapping[str, Mapping[str, str]]
) -> None:
    conflict, folder = replayed(tmp_path, printed)
    assert conflict.certificate is not None
    assert set(conflict.bearings) <= set(conflict.claims)
    found = verify_evidence.verify(folder, lambda key: verify_evidence.Paper(folder.parent / key))
    assert found["quantiles"] == 1


@pytest.mark.parametrize("printed", CONFLICTS)
def test_a_certificate_with_another_value_or_premise_is_refused(
    tmp_path: Path, printed: Mapping[str, Mapping[str, str]]
) -> None:
    conflict, folder = replayed(tmp_path, printed)

    def library(key: str) -> Any:
        return verify_evidence.Paper(folder.parent / key)

    certificate = json.loads(json.dumps({"finding": conflict.id, **(conflict.certificate or {})}))
    assert verify_evidence.replay(library, library(folder.name), certificate)
    for row in certificate["rows"]:
        paper = library(folder.name)
        paper.rows[row]["printed"] = "99"
        with pytest.raises(ValueError, match=r"contradiction|says|print"):
            verify_evidence.replay(library, paper, certificate)
    for cases in certificate["proofs"]:
        for place in range(len(cases[0]["premises"])):
            wrong = copy.deepcopy(certificate)
            wrong["proofs"][0][0]["premises"].pop(place)
            with pytest.raises((ValueError, LookupError, TypeError)):
                verify_evidence.replay(library, library(folder.name), wrong)
