"""Linear inequalities that cannot hold together, and proofs of it that fit on paper.

A proof adds up inequalities until all unknowns cancel and a positive number is
at most zero.  Where some unknowns are whole numbers it may first tell cases
apart: at most 5, or at least 6.
"""

from netcore.stats.linear_proofs.inequalities import Inequality, Proof, Sum, WholeCut, check, used
from netcore.stats.linear_proofs.search import refute

__all__ = ["Inequality", "Proof", "Sum", "WholeCut", "check", "refute", "used"]
