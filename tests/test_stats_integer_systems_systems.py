"""What a system is made of."""

from __future__ import annotations

import pytest

from netcore.stats.integer_systems import Constraint, IntegerSystem


@pytest.mark.parametrize(
    "terms", [(("y", 1),), (("x", 1), ("x", 2)), (("x", 0),)], ids=["unknown", "twice", "zero"]
)
def test_a_constraint_names_bounded_unknowns_once_with_a_coefficient(
    terms: tuple[tuple[str, int], ...],
) -> None:
    with pytest.raises(ValueError, match="expected each of its unknowns once, bounded"):
        IntegerSystem({"x": (0, 1)}, (Constraint(terms, 0, 1, "p"),))


def test_bounds_of_an_unknown_are_in_order() -> None:
    with pytest.raises(
        ValueError, match=r"found bounds \(2, 1\) of x, expected the lower one first"
    ):
        IntegerSystem({"x": (2, 1)}, ())


def test_labels_come_in_the_order_of_the_constraints() -> None:
    made = tuple(Constraint((("x", 1),), 0, None, label) for label in "babc")
    assert IntegerSystem({"x": (0, 1)}, made).labels == ("b", "a", "c")
