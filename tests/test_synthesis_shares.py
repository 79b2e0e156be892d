from __future__ import annotations

from fractions import Fraction
from math import sqrt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthesis_studies import claim, counted, ledger_of, line, rows_of, study

from netcore.checks import Conventions
from netcore.ledger import Ledger, build_ledger
from netcore.printed import parse_printed
from netcore.synthesis import Share, share_of

Z = 1.959963984540054


def share(folder: Path, ledger: Ledger, text: str) -> Share:
    (row,) = rows_of(folder, ledger, text)
    return share_of(row, ledger)


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return Wilson's limits by his formula (1927)."""
    p, z2 = count / total, Z * Z
    centre = (p + z2 / (2 * total)) / (1 + z2 / total)
    half = Z / (1 + z2 / total) * sqrt(p * (1 - p) / total + z2 / (4 * total * total))
    return centre - half, centre + half


def pairs_that_print(percentages: list[str], total: int) -> set[int]:
    """Return by brute force every sum of counts that print as the percentages."""
    sums = {0}
    for text in percentages:
        window = parse_printed(text).window()
        one = {n for n in range(total + 1) if Fraction(100 * n, total) in window}
        sums = {known + n for known in sums for n in one}
    return {n for n in sums if n <= total}


def test_counts_are_added_up(tmp_path: Path) -> None:
    claims = [claim("N", "N", "34"), claim("cr", "n", "none", "CR"), claim("pr", "n", "18", "PR")]
    found = share(
        tmp_path, ledger_of(study(tmp_path, "a2020", claims)), line("a2020", "cr+pr", "N")
    )
    assert (found.count, found.denominator, found.fits) == (18, 34, ((18, 34),))
    assert found.printed == "none + 18 of 34"
    assert found.estimate == 18 / 34
    assert (found.low, found.high) == pytest.approx(wilson(18, 34))
    assert (found.study, found.published) == ("A 2020", "2020")
    assert found.obstacle == ""


def test_a_percentage_is_every_count_that_prints_so(tmp_path: Path) -> None:
    claims = [claim("N", "N", "300"), claim("pr", "pct", "35", "PR", unit="%")]
    found = share(tmp_path, ledger_of(study(tmp_path, "a2020", claims)), line("a2020", "pr", "N"))
    assert {count for count, _ in found.fits} == pairs_that_print(["35"], 300)
    assert found.count == 105  # the middle of 104, 105 and 106
    assert found.low == pytest.approx(wilson(104, 300)[0])
    assert found.high == pytest.approx(wilson(106, 300)[1])


def test_a_percentage_of_no_count_is_one_of_fewer_patients(tmp_path: Path) -> None:
    claims = [claim("N", "N", "26"), claim("pr", "pct", "95", "PR", unit="%")]
    found = share(tmp_path, ledger_of(study(tmp_path, "a2020", claims)), line("a2020", "pr", "N"))
    assert set(found.fits) == {
        (n, total) for total in range(1, 26) for n in pairs_that_print(["95"], total)
    }
    assert found.fits == ((18, 19), (19, 20), (20, 21), (21, 22))
    assert found.count is None
    assert found.estimate == pytest.approx((18 / 19 + 21 / 22) / 2)
    assert found.low == pytest.approx(min(wilson(*fit)[0] for fit in found.fits))
    assert found.high == pytest.approx(max(wilson(*fit)[1] for fit in found.fits))
    assert found.obstacle == "no count of 26 prints so; of 19 to 22 patients some would"
    assert found.disputed == ("pr",)


def test_counts_beyond_the_denominator_are_no_share(tmp_path: Path) -> None:
    ledger = ledger_of(counted(tmp_path, "a2020", 22, 19))
    found = share(tmp_path, ledger, line("a2020", "pr", "N"))
    assert (found.fits, found.estimate, found.low, found.high) == ((), None, None, None)
    assert "no share" in found.obstacle


def test_the_rounding_is_that_of_the_ledger(tmp_path: Path) -> None:
    claims = [claim("N", "N", "34"), claim("pr", "pct", "30", "PR", unit="%")]
    made = study(tmp_path, "a2020", claims)
    text = line("a2020", "pr", "N")
    assert share(tmp_path, ledger_of(made), text).count is None  # 10 of 34 are 29.41 %
    raised = build_ledger([made], Conventions("ceiling"))
    assert share(tmp_path, raised, text).count == 10


def test_a_value_in_conflict_makes_a_share_disputed(tmp_path: Path) -> None:
    claims = [
        *(claim("N", "N", "20"), claim("cr", "n", "5", "CR"), claim("pr", "n", "18", "PR")),
        claim("g1.N", "N", "8", population="group1"),
    ]
    ledger = ledger_of(study(tmp_path, "a2020", claims))
    assert set(share(tmp_path, ledger, line("a2020", "cr", "N")).disputed) >= {"cr"}
    quiet = ledger_of(counted(tmp_path, "b2020", 5, 20))
    assert share(tmp_path, quiet, line("b2020", "pr", "N")).disputed == ()


@pytest.mark.parametrize(
    ("keys", "unit", "said"),
    [
        ({"location": "review"}, "patients", "secondary source"),
        ({"population": "procedures"}, "procedures", "counts procedures"),
        ({"population": "all|procedures"}, "patients or procedures", "left open"),
        ({}, "patients", ""),
    ],
)
def test_why_a_share_enters_no_pool(
    tmp_path: Path, keys: dict[str, str], unit: str, said: str
) -> None:
    claims = [claim("N", "N", "40", **keys), claim("pr", "n", "12", "PR", **keys)]
    ledger = ledger_of(study(tmp_path, "a2020", claims))
    found = share(tmp_path, ledger, line("a2020", "pr", "N", unit=unit))
    assert said in found.obstacle
    assert bool(found.obstacle) == bool(said)
    assert (found.count, found.is_first_hand) == (12, "location" not in keys)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    counts=st.tuples(st.integers(0, 20), st.integers(0, 20)),
    rest=st.integers(1, 60),
    decimals=st.integers(0, 1),
)
def test_the_true_count_is_among_those_that_fit(
    tmp_path: Path, counts: tuple[int, int], rest: int, decimals: int
) -> None:
    total = sum(counts) + rest
    texts = [f"{100 * n / total:.{decimals}f}" for n in counts]
    claims = [
        claim("N", "N", str(total)),
        claim("cr", "pct", texts[0], "CR", unit="%"),
        claim("pr", "pct", texts[1], "PR", unit="%"),
    ]
    ledger = ledger_of(study(tmp_path, "a2020", claims))
    found = share(tmp_path, ledger, line("a2020", "cr+pr", "N"))
    assert (sum(counts), total) in found.fits
    assert {count for count, _ in found.fits} == pairs_that_print(texts, total)
    assert found.low is not None
    assert found.high is not None
    assert found.estimate is not None
    assert found.low <= found.estimate <= found.high
