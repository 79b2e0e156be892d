"""Repairs: the small changes of printed values after which a conflict is gone.

A repair says what would have to be printed instead.  It is no claim about what
happened: several repairs may fit, and the records alone can tell which is true.
"""

from netcore.repairs.edits import Edit, nature_of_change, small_edits
from netcore.repairs.effects import Effect, Estimate, effects_of
from netcore.repairs.search import Found, find_repairs, question_key, search_repairs

__all__ = [
    "Edit",
    "Effect",
    "Estimate",
    "Found",
    "effects_of",
    "find_repairs",
    "nature_of_change",
    "question_key",
    "search_repairs",
    "small_edits",
]
