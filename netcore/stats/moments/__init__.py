"""Means and standard deviations: which data can stand behind them."""

from netcore.stats.moments.grim import denominators_behind_mean, totals_behind_mean

__all__ = ["denominators_behind_mean", "totals_behind_mean"]
