"""Means and standard deviations: which data can stand behind them."""

from netcore.stats.moments.binary import BinaryCount, debit
from netcore.stats.moments.grim import (
    denominators_behind_mean,
    grim_rows,
    split_decimals,
    totals_behind_mean,
)
from netcore.stats.moments.grimmer import (
    Grimmer,
    MomentSums,
    Refusal,
    grimmer,
    least_squares,
    squares_behind_sd,
    squares_have_values,
)
from netcore.stats.moments.multiset_counts import count_multisets, draw_multisets
from netcore.stats.moments.multisets import (
    CentredSums,
    MultisetQuestion,
    MultisetSearch,
    find_multiset,
    greatest_squares,
    multiset_questions,
)

__all__ = [
    "BinaryCount",
    "CentredSums",
    "Grimmer",
    "MomentSums",
    "MultisetQuestion",
    "MultisetSearch",
    "Refusal",
    "count_multisets",
    "debit",
    "denominators_behind_mean",
    "draw_multisets",
    "find_multiset",
    "greatest_squares",
    "grim_rows",
    "grimmer",
    "least_squares",
    "multiset_questions",
    "split_decimals",
    "squares_behind_sd",
    "squares_have_values",
    "totals_behind_mean",
]
