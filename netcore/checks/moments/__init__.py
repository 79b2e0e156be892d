"""Means and spreads, tests of means, and the values that can stand behind them."""

from netcore.checks.moments.check import check_moments
from netcore.checks.moments.differences import check_mean_differences
from netcore.checks.moments.distances import check_distances
from netcore.checks.moments.intervals import check_mean_intervals
from netcore.checks.moments.mean_tests import check_mean_tests
from netcore.checks.moments.partitions import check_partitions

__all__ = [
    "check_distances",
    "check_mean_differences",
    "check_mean_intervals",
    "check_mean_tests",
    "check_moments",
    "check_partitions",
]
