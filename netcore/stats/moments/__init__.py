"""Means and standard deviations: which data can stand behind them."""

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

__all__ = [
    "Grimmer",
    "MomentSums",
    "Refusal",
    "denominators_behind_mean",
    "grim_rows",
    "grimmer",
    "least_squares",
    "split_decimals",
    "squares_behind_sd",
    "squares_have_values",
    "totals_behind_mean",
]
