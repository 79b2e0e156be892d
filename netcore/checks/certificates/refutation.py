"""The search for a proof that rows exclude one another, whatever is left open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor, lcm
from typing import Final

from netcore.checks.certificates.laws import Law, Under
from netcore.checks.certificates.names import Factor, factors_in, is_single
from netcore.checks.certificates.premises import Premise, Source, at_least_none, divided
from netcore.checks.certificates.unit_laws import unit_rules
from netcore.checks.count_systems import CountSystem
from netcore.stats.integer_systems import Constraint, Infeasible, IntegerSystem, labels_used, solve
from netcore.stats.linear_proofs import Inequality, Proof, Sum, WholeCut, refute, used

__all__ = ["CaseProof", "Refuter"]

_MOST_CASES: Final = 2_000
_FAR: Final = 1_000
_BUDGET: Final = 1_000  # sums that are tried where whole numbers are known to exclude one another


@dataclass(frozen=True, slots=True)
class CaseProof:
    """A proof under what open points are taken to be.

    Parameters
    ----------
    taken : Mapping of str to str
        The open points on which it rests.
    premises : tuple of Premise
        What it adds up, each of them used.
    proof : Sum or WholeCut
        The proof.
    """

    taken: Under
    premises: tuple[Premise, ...]
    proof: Proof

    @property
    def rows(self) -> frozenset[str]:
        """Rows that the premises cite."""
        return frozenset(row for premise in self.premises for row in premise.rows)

    def as_json(self) -> dict[str, object]:
        """Return the case as a certificate has it.

        Returns
        -------
        dict of str to object
            ``taken``, ``premises`` and ``proof``.
        """
        return {
            "taken": dict(self.taken),
            "premises": [premise.as_json() for premise in self.premises],
            "proof": _json_of(self.proof),
        }


def _json_of(proof: Proof) -> dict[str, object]:
    if isinstance(proof, WholeCut):
        parts = [_json_of(proof.below), _json_of(proof.above)]
        return {"cut": [proof.unknown, proof.most], "proofs": parts}
    factors = enumerate(proof.multipliers)
    return {"sum": {str(place): int(factor) for place, factor in factors if factor}}


@dataclass(slots=True)
class Refuter:
    """Looks for proofs about one study.

    Parameters
    ----------
    source : Source
        The study in normal form.
    systems : sequence of CountSystem
        Its counts, one system for each kind of unit.
    """

    source: Source
    systems: Sequence[CountSystem]
    _left: int = field(init=False, default=0)
    _rules: dict[tuple[str, frozenset[frozenset[Factor]]], tuple[Premise, ...]] = field(
        init=False, default_factory=dict
    )

    def refute(self, rows: Sequence[str]) -> tuple[CaseProof, ...]:
        """Prove that some rows exclude one another.

        Parameters
        ----------
        rows : sequence of str
            Names of rows; of one of another paper ``key#row``.

        Returns
        -------
        tuple of CaseProof
            A proof for each case of what is left open; none if there is no
            proof, or none was found.
        """
        known = [row for row in rows if self.source.find(row) is not None]
        self._left = _MOST_CASES
        laws = self._relevant(known)
        return tuple(self._cases(known, laws, self._points(known, laws), {}) or ())

    def _relevant(self, rows: Sequence[str]) -> tuple[Law, ...]:
        """Return the laws that can bear on rows, whatever open points are taken to be."""
        given = set(rows)
        own = [row for row in rows if "#" not in row]
        names = {
            name
            for row in own
            for _, forms in self.source.normal.rows[row].forms
            for form in forms.values()
            for name in form
        }
        names |= {name.partition(" || ")[0] for name in names if name.startswith("#")}
        laws = [
            law
            for law in self.source.normal.laws.values()
            if given.issuperset((*law.reads, *law.positive)) and (not law.row or law.row in given)
        ]
        # A share, a derived value or a printed quantile brings in what it is made of.
        chosen = [law for law in laws if law.kind == "share"]
        chosen += [law for law in laws if _is_definition(law) and names & law.unknowns]
        chosen += [law for law in laws if law.reads and law not in chosen]
        reached = names.union(*(law.unknowns for law in chosen))
        cells = {name for name in reached if name.startswith("#")}
        for law in laws:
            others = {name for name in law.unknowns if not name.startswith("#")}
            touched = (cells | reached) & law.unknowns
            if law not in chosen and touched and others <= reached:
                chosen.append(law)
        return tuple(chosen)

    def _points(self, rows: Sequence[str], laws: Iterable[Law]) -> tuple[str, ...]:
        """Return the open points that bear on rows: what they mean before all else."""
        meant = [
            point
            for row in rows
            if "#" not in row
            for point in self.source.normal.rows[row].points()
        ]
        ordered = sorted(laws, key=lambda law: law.kind != "share")
        return tuple(dict.fromkeys([*meant, *(point for law in ordered for point in law.under)]))

    def _cases(
        self, rows: Sequence[str], laws: Sequence[Law], points: Sequence[str], taken: Under
    ) -> list[CaseProof] | None:
        self._left -= 1
        if self._left < 0:
            return None
        found = self._proof(rows, laws, taken)
        if found is not None:
            return [found]
        if not points:
            return None
        point, *rest = points
        cases: list[CaseProof] = []
        for option in self.source.normal.points[point]:
            under = self._cases(rows, laws, rest, {**taken, point: option})
            if under is None:
                return None
            if not any(point in case.taken for case in under):
                return under  # it does not matter what this is taken to be
            cases += [case for case in under if case not in cases]
        return cases

    def _proof(self, rows: Sequence[str], laws: Sequence[Law], taken: Under) -> CaseProof | None:
        premises: list[Premise] = []
        for row in rows:
            premise = self.source.printed(row, taken)
            if premise is not None:
                premises.append(premise)
        for law in laws:
            if all(taken.get(point) == option for point, option in law.under.items()):
                premises += self.source.laws(law)
        return _refuted(premises, budget=1) or self._of_whole_numbers(premises)

    def _of_whole_numbers(self, premises: Sequence[Premise]) -> CaseProof | None:
        """Prove it with the rules of how numbers of units add up, and with cuts between them."""
        names = sorted({name for premise in premises for name in premise.inequality.terms})
        rules: list[Premise] = []
        for root in self._roots():
            own = [name for name in names if name.partition(" || ")[0] == f"#{root}"]
            rules += self._rules_for(root, own) if own else ()
        rules += self._of_single_units(names)
        needed = _needed(premises, rules)
        return None if needed is None else _refuted(needed, budget=_BUDGET)

    def _roots(self) -> list[str]:
        populations = self.source.study.populations.items()
        return [name for name, population in populations if population.units]

    def _rules_for(self, root: str, names: Iterable[str]) -> tuple[Premise, ...]:
        study = self.source.study
        counts = next((system for system in self.systems if system.root == root), None)
        wanted = frozenset(factors_in(name) for name in names)
        key = (root, wanted)
        if key not in self._rules:
            self._rules[key] = tuple(unit_rules(study, root, counts, sorted(wanted, key=sorted)))
        return self._rules[key]

    def _of_single_units(self, names: Iterable[str]) -> list[Premise]:
        """Return that each described unit has one value of each factor."""
        study = self.source.study
        pairs = [
            (root, factor)
            for name in names
            for root in [name.partition(" || ")[0].removeprefix("#")]
            if root in study.populations and is_single(study, root)
            for factor in sorted(factors_in(name))
        ]
        return [divided(study, f"#{root}", (factor,)) for root, factor in dict.fromkeys(pairs)]


def _is_definition(law: Law) -> bool:
    return law.name.startswith(("sum: ", "difference, "))


def _needed(premises: Sequence[Premise], rules: Sequence[Premise]) -> list[Premise] | None:
    """Return the premises and rules that contradict one another in whole numbers, if they do."""
    whole = [
        premise
        for premise in premises
        if all(name.startswith("#") for name in premise.inequality.terms)
    ]
    constraints = []
    for place, premise in enumerate((*whole, *rules)):
        constraints.append(_constraint(premise.inequality, str(place)))
    names = {name for constraint in constraints for name, _ in constraint.terms}
    ends = [
        abs(end)
        for constraint in constraints
        for end in (constraint.low, constraint.high)
        if end is not None
    ]
    # A bound of the search and not of the paper: so far away that no proof leans on it.
    most = _FAR * (sum(ends) + 1)
    system = IntegerSystem(dict.fromkeys(sorted(names), (0, most)), tuple(constraints))
    outcome = solve(system)
    if not isinstance(outcome, Infeasible):
        return None
    places = {int(label) for label in labels_used(system, outcome.proof)}
    return [premise for place, premise in enumerate((*whole, *rules)) if place in places]


def _constraint(inequality: Inequality, label: str) -> Constraint:
    scale = lcm(*(number.denominator for number in inequality.terms.values()))
    terms = tuple((name, int(number * scale)) for name, number in inequality.terms.items())
    low, high = inequality.window.low, inequality.window.high
    least = None if low is None else ceil(low * scale)
    most = None if high is None else floor(high * scale)
    if low is not None and not inequality.window.low_closed and least == low * scale:
        least = int(low * scale) + 1
    if high is not None and not inequality.window.high_closed and most == high * scale:
        most = int(high * scale) - 1
    return Constraint(terms, least, most, label)


def _refuted(premises: Sequence[Premise], *, budget: int) -> CaseProof | None:
    """Return a proof that premises exclude one another, with those that it uses."""
    names = {name for premise in premises for name in premise.inequality.terms}
    whole = sorted(name for name in names if name.startswith("#"))
    given = [*premises, *(at_least_none(name) for name in whole)]
    inequalities = [premise.inequality for premise in given]
    proof = refute(inequalities, whole, budget=budget)
    if proof is None:
        return None
    places = sorted(used(proof, len(given)))
    kept = tuple(given[place] for place in places)
    taken: dict[str, str] = {}
    for premise in kept:
        taken |= premise.under
    return CaseProof(taken, kept, _renumbered(proof, places, len(given)))


def _renumbered(proof: Proof, places: Sequence[int], number: int) -> Proof:
    """Leave out the multipliers of premises that are not used."""
    if isinstance(proof, WholeCut):
        return replace(
            proof,
            below=_renumbered(proof.below, places, number),
            above=_renumbered(proof.above, places, number),
        )
    kept = tuple(proof.multipliers[place] for place in places)
    return Sum((*kept, *proof.multipliers[number:]))
