"""Printings of one estimand: the same quantity, printed more than once.

Rows that share population, variable, level, statistic, time and analysis say
the same thing, in an abstract and a table or in two languages.  With equally
many decimals any difference is a conflict, since one number prints in one way;
otherwise the windows of the numbers must meet.
"""

from netcore.checks.printings.check import check_printings
from netcore.checks.printings.estimand import CHECK, disagree

__all__ = ["CHECK", "check_printings", "disagree"]
