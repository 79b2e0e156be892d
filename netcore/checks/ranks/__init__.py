"""Rank tests against printed medians and quartiles: which p-values the samples can have."""

from netcore.checks.ranks.check import CHECK, check_ranks
from netcore.checks.ranks.questions import METHODS

__all__ = ["CHECK", "METHODS", "check_ranks"]
