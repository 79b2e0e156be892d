"""Rank tests against printed medians and quartiles: which p-values the samples can have."""

from netcore.checks.ranks.check import CHECK, check_ranks

__all__ = ["CHECK", "check_ranks"]
