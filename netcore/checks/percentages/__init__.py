"""Percentages with latent denominators: of how many units each is a percentage.

A percentage is that of some group of units, and a paper seldom says of which.
So the denominator is an unknown of the problem: the population of the row, a
larger group that it belongs to, all who share the level, or those of them who
were observed.  Rounding a whole table to the nearest 5 or 10 is one more thing
that a paper may do without saying so.  What only such an assumption explains
is conditional; what nothing explains is a conflict.
"""

from netcore.checks.percentages.check import check_percentages, one_count_behind
from netcore.checks.percentages.findings import CHECK
from netcore.checks.percentages.fits import COARSE_STEPS

__all__ = ["CHECK", "COARSE_STEPS", "check_percentages", "one_count_behind"]
