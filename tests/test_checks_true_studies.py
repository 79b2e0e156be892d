"""Nothing true may be condemned, and the checks see something nevertheless."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from study_builder import make_study
from true_studies import DENOMINATORS, TrueStudy, draw_true_study, misprint

from netcore.checks import Verdict
from netcore.ledger import Ledger, build_ledger

TRUE_STUDIES = 300
MISPRINTED_STUDIES = 25
IN_A_BATCH = 20


def published(folder: Path, study: TrueStudy) -> Ledger:
    return build_ledger([make_study(folder / "paper1", **study.parts)])


@pytest.mark.parametrize("first", range(0, TRUE_STUDIES, IN_A_BATCH))
def test_nothing_true_is_condemned(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + IN_A_BATCH):
        study = draw_true_study(seed, most_variables=2 if seed % 3 == 0 else 1)
        ledger = published(tmp_path / str(seed), study)
        alarms = [finding for finding in ledger.findings if finding.kind == "conflict"]
        assert not alarms, (seed, study.conventions, alarms[0].statement)
        assert not ledger.counts()[Verdict.INCONSISTENT], (seed, study.conventions)


def test_a_study_that_was_once_condemned_is_not_any_more(tmp_path: Path) -> None:
    # A group without members, of which every share is printed as none.
    ledger = published(tmp_path, draw_true_study(1471, most_variables=2))
    assert not [finding for finding in ledger.findings if finding.kind == "conflict"]


@pytest.mark.parametrize("seed", [500, 501, 504])
def test_nothing_true_is_condemned_in_wide_studies(tmp_path: Path, seed: int) -> None:
    study = draw_true_study(seed, most_variables=4)
    ledger = published(tmp_path, study)
    assert not [finding for finding in ledger.findings if finding.kind == "conflict"]


def test_misprints_are_seen(tmp_path: Path) -> None:
    planted: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for seed in range(10_000, 10_000 + MISPRINTED_STUDIES):
        study = draw_true_study(seed)
        kind = misprint(study, seed)
        if kind is None:
            continue
        ledger = published(tmp_path / str(seed), study)
        planted[kind] += 1
        seen[kind] += any(finding.kind == "conflict" for finding in ledger.findings)
    print({kind: f"{seen[kind]} of {number}" for kind, number in planted.items()})
    # Most tables leave much unsaid, so many misprints could be true.
    assert sum(seen.values()) > sum(planted.values()) / 5


def test_the_true_studies_are_of_every_kind() -> None:
    drawn = [draw_true_study(seed) for seed in range(TRUE_STUDIES)]
    conventions = [text.split(";")[0] for study in drawn for text in study.conventions]
    assert set(conventions) == set(DENOMINATORS)
    assert any(len(study.conventions) == 2 for study in drawn)
    assert any("nearest 5" in text for study in drawn for text in study.conventions)
    assert any("hearsay" in study.parts["locations"] for study in drawn)


def test_a_true_study_is_the_same_for_the_same_seed() -> None:
    assert draw_true_study(7).parts == draw_true_study(7).parts
    assert draw_true_study(7).parts != draw_true_study(8).parts
