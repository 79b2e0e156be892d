"""Families of studies: each draws patients and publishes them in one way."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from simulation.families.counts import draw_counts
from simulation.families.kitchen_sink import draw_kitchen_sink
from simulation.families.mean_tests import draw_mean_tests
from simulation.families.moments import draw_moments
from simulation.families.partitions import draw_partitions
from simulation.families.quantiles import draw_quantiles
from simulation.families.ranks import draw_ranks
from simulation.families.regression import draw_regression
from simulation.families.survival import draw_survival
from simulation.papers import Paper

__all__ = ["FAMILIES"]

FAMILIES: dict[str, Callable[[Random], Paper]] = {
    "counts": draw_counts,
    "moments": draw_moments,
    "quantiles": draw_quantiles,
    "ranks": draw_ranks,
    "mean_tests": draw_mean_tests,
    "partitions": draw_partitions,
    "survival": draw_survival,
    "regression": draw_regression,
    "kitchen_sink": draw_kitchen_sink,
}
