"""Systems of linear constraints over whole numbers: witness, proof or neither.

A system says which sums of unknown counts lie between which bounds.  It is
decided by interval propagation with branching, in integers throughout: the
answer is a solution, a proof that there is none, or an honest 'not decided'
when the budget ends.  A proof is a tree of bound changes, each of which can be
replayed by hand.
"""

from netcore.stats.integer_systems.conflicts import minimal_conflicts
from netcore.stats.integer_systems.proofs import ProofNode, check_proof, labels_used
from netcore.stats.integer_systems.ranges import Ranges, attainable_range
from netcore.stats.integer_systems.solver import Exhausted, Feasible, Infeasible, Outcome, solve
from netcore.stats.integer_systems.systems import Constraint, IntegerSystem

__all__ = [
    "Constraint",
    "Exhausted",
    "Feasible",
    "Infeasible",
    "IntegerSystem",
    "Outcome",
    "ProofNode",
    "Ranges",
    "attainable_range",
    "check_proof",
    "labels_used",
    "minimal_conflicts",
    "solve",
]
