"""Medians, quartiles and extremes: definitions, steps, and parts beside their whole."""

from netcore.checks.quantiles.check import check_quantiles
from netcore.checks.quantiles.strata import StratumSizes, divided_samples, stratum_sizes

__all__ = ["StratumSizes", "check_quantiles", "divided_samples", "stratum_sizes"]
