"""Means, spreads, and the values that can stand behind them."""

from netcore.checks.moments.check import check_moments

__all__ = ["check_moments"]
