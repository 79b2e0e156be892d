from __future__ import annotations

from fractions import Fraction

import pytest

from netcore.printed import EVERYTHING, parse_printed
from netcore.study import Variable
from netcore.study.domains import DOMAINS, MOST_COUNTED, domain_of, is_impossible
from netcore.study.vocabulary import ALL_STATISTICS, COUNTS


def test_only_statistics_of_the_vocabulary_have_a_domain() -> None:
    assert set(DOMAINS) <= set(ALL_STATISTICS)


@pytest.mark.parametrize("statistic", sorted(ALL_STATISTICS))
@pytest.mark.parametrize("kind", ["categorical", "multi", "integer", "continuous", "time"])
def test_every_domain_has_room_for_common_values(statistic: str, kind: str) -> None:
    domain = domain_of(statistic, Variable.model_validate({"type": kind}))
    assert Fraction(0) in domain
    assert Fraction(1) in domain


@pytest.mark.parametrize("statistic", sorted(COUNTS))
def test_no_count_is_above_ten_million(statistic: str) -> None:
    assert MOST_COUNTED in domain_of(statistic)
    assert MOST_COUNTED + 1 not in domain_of(statistic)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", False),
        ("1", False),
        ("-0.1", True),
        ("1.1", True),
        ("<0", True),
        ("<0.000", False),  # a rounded zero
        ("<=0", False),
        ("\N{LESS-THAN OR EQUAL TO}0", False),
        (">1", True),
        (">=1", False),
        ("\N{GREATER-THAN OR EQUAL TO}1", False),
        (">0", False),
        ("<1", False),
        ("~1.2", True),
        ("0.5-1.5", True),
    ],
)
def test_a_bound_has_to_leave_something(text: str, expected: bool) -> None:
    assert is_impossible(parse_printed(text), domain_of("p.value")) is expected


def test_without_a_domain_nothing_is_impossible() -> None:
    assert domain_of("slope") == EVERYTHING
    assert not is_impossible(parse_printed("-1e300"), EVERYTHING)
