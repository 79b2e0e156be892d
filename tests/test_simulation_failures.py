"""Made-up studies on which a check once failed: each is judged to its end now."""

from __future__ import annotations

import pytest

from simulation.run import judge_seed


@pytest.mark.parametrize(
    ("family", "seed"),
    [
        ("regression", 189212889555167),  # p < 0.0001 of three points
        ("regression", 254750181550921),  # one value alone
        ("survival", 245498430165171),  # a hazard ratio of which no reading names two curves
        ("survival", 140745184420379),
    ],
)
def test_no_check_fails(family: str, seed: int) -> None:
    outcome = judge_seed(family, seed, with_misprints=True)
    assert outcome.failure == ""
    assert outcome.failed == {}
    assert outcome.alarms == ()
