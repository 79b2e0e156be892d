"""Premises: what rows print, and what rules and laws make of it, as inequalities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from types import MappingProxyType
from typing import Final

from netcore.checks.certificates.laws import Law, Under
from netcore.checks.certificates.names import Factor, Form, factor_values, value_text
from netcore.checks.certificates.normal_form import NormalForm
from netcore.checks.count_systems import count_window
from netcore.checks.estimands import is_first_hand, significance
from netcore.checks.finding import Conventions
from netcore.printed import Interval, rounding_window
from netcore.stats.calendar import dates_in
from netcore.stats.linear_proofs import Inequality
from netcore.study import Claim, Study

__all__ = ["Premise", "Source", "at_least_none", "divided"]

_COUNTS: Final = ("N", "n", "n.risk", "N_nonmiss")
_NONE_OPEN: Final[Under] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Premise:
    """One inequality, with the rule that it comes from.

    Parameters
    ----------
    rule : str
        Name of the rule.
    of : tuple of object
        What it is about, as plain JSON values.
    inequality : Inequality
        What follows.
    under : Mapping of str to str
        Open points on which it rests.
    rows : tuple of str
        Rows that it cites; one of another paper is ``key#row``.
    """

    rule: str
    of: tuple[object, ...]
    inequality: Inequality
    under: Under = field(default_factory=lambda: _NONE_OPEN)
    rows: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the premise as a certificate has it.

        Returns
        -------
        dict of str to object
            Rule, what it is about, and the inequality in one line.
        """
        return {"rule": self.rule, "of": list(self.of), "says": self.says}

    @property
    def says(self) -> str:
        """The inequality, as text."""
        terms = (
            f"[{name}]" if number == 1 else f"{number} × [{name}]"
            for name, number in sorted(self.inequality.terms.items())
        )
        window = self.inequality.window
        text = " + ".join(terms) or "0"
        if window.low == window.high:
            return f"{text} = {window.low}"
        if window.low is not None:
            text = f"{window.low} {'<=' if window.low_closed else '<'} {text}"
        if window.high is not None:
            text = f"{text} {'<=' if window.high_closed else '<'} {window.high}"
        return text


@dataclass(frozen=True, slots=True)
class Source:
    """A study in normal form, from which premises are made.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    normal : NormalForm
        Its normal form.
    library : Mapping of str to Study
        Other documents by key.
    """

    study: Study
    conventions: Conventions
    normal: NormalForm
    library: Mapping[str, Study]

    def find(self, name: str) -> tuple[Study, Claim] | None:
        """Return a row by its name, if it can convict anybody.

        Parameters
        ----------
        name : str
            Id of a row; of one of another paper ``key#row``.

        Returns
        -------
        tuple of (Study, Claim) or None
            None for a row that nobody knows, that was seen in a secondary
            source, or, of another paper, not in full.
        """
        key, mark, row = name.rpartition("#")
        study = self.library.get(key) if mark else self.study
        if study is None:
            return None
        claim = next((one for one in study.claims if one.claim == row), None)
        if claim is None or not is_first_hand(study, claim):
            return None
        if mark and study.locations[claim.location].seen != "full text":
            return None
        return study, claim

    def window(self, study: Study, claim: Claim) -> Interval | None:
        """Return the numbers that print so.

        Parameters
        ----------
        study : Study
            The study of the row.
        claim : Claim
            The row.

        Returns
        -------
        Interval or None
            A date stands for its days; 1 for a level, which a unit has; None
            for ``all`` of what is no count.
        """
        if not study.is_numeric(claim):
            variable = study.variables[claim.readings("variable")[0]]
            if variable.is_levelled:
                return Interval.point(1)
            first, last = dates_in(claim.printed)
            return Interval(Fraction(first.toordinal()), Fraction(last.toordinal()))
        if claim.printed == "all":
            return Interval.point(0)
        printed = study.printed(claim)
        if claim.readings("stat_name")[0] in _COUNTS:
            return count_window(printed)
        alpha = significance(study, self.conventions.alpha)
        return printed.window(self.conventions.rounding, alpha=alpha)

    def printed(self, name: str, taken: Under) -> Premise | None:
        """Return that a row holds.

        Parameters
        ----------
        name : str
            The row.
        taken : Mapping of str to str
            Open points with what they are taken to be.

        Returns
        -------
        Premise or None
            None where nothing follows from the row by itself.
        """
        found = self.find(name)
        form = self._form(name, taken)
        if found is None or form is None:
            return None
        window = self.window(*found)
        if window is None or window == Interval(None, None):
            return None
        return Premise(
            "printed", (name,), Inequality(form, window), self._under(name, taken), (name,)
        )

    def _form(self, name: str, taken: Under) -> Form | None:
        if "#" in name:
            return {name: Fraction(1)}
        claim = self.study.claim_by_id(name)
        return self.normal.rows[name].form(claim.printed, taken)

    def _under(self, name: str, taken: Under) -> Under:
        if "#" in name:
            return _NONE_OPEN
        return {point: taken[point] for point in self.normal.rows[name].points()}

    def laws(self, law: Law) -> Iterator[Premise]:
        """Yield what a law says.

        Parameters
        ----------
        law : Law
            A law of the study.

        Yields
        ------
        Premise
            One for a law of bounds; of a share one for each end of what is
            printed.
        """
        if law.kind == "linear":
            if law.form and not law.window.is_empty:
                inequality = Inequality(law.form, law.window)
                yield Premise("law", (law.name,), inequality, law.under, tuple(law.reads))
            return
        claim = self.study.claim_by_id(law.row)
        for row in law.positive:
            low = self.window(self.study, self.study.claim_by_id(row))
            if low is None or low.low is None or low.low <= 0:
                return
        window = self._share(claim, law.coarse)
        rows = (law.row, *law.positive)
        for end, value, closed in (
            ("at least", window.low, window.low_closed),
            ("at most", window.high, window.high_closed),
        ):
            if value is None:
                continue
            form = dict(law.form)
            for name, number in law.whole.items():
                form[name] = form.get(name, Fraction(0)) - value * number
            form = {name: number for name, number in form.items() if number}
            side = (
                Interval(Fraction(0), None, closed)
                if end == "at least"
                else Interval(None, Fraction(0), high_closed=closed)
            )
            if form:
                yield Premise("share", (law.name, end), Inequality(form, side), law.under, rows)

    def _share(self, claim: Claim, coarse: int) -> Interval:
        printed = self.study.printed(claim)
        if printed.text == "all":
            return Interval.point(100)
        rounding = self.conventions.rounding
        if coarse:
            return rounding_window(printed.number(), Fraction(coarse), rounding)
        return printed.window(rounding)


def at_least_none(name: str) -> Premise:
    """Return that a number of units is not negative.

    Parameters
    ----------
    name : str
        Name of the number.

    Returns
    -------
    Premise
        The bound.
    """
    inequality = Inequality({name: Fraction(1)}, Interval(Fraction(0), None))
    return Premise("at least 0", (name,), inequality)


def divided(study: Study, whole: str, factors: Sequence[Factor]) -> Premise:
    """Return that every unit of a whole has one value of each of some factors.

    Parameters
    ----------
    study : Study
        The study that defines them.
    whole : str
        Name of the number of units.
    factors : sequence of Factor
        None of which the whole has a value of.

    Returns
    -------
    Premise
        The parts add up to the whole.
    """
    root, *held = whole.split(" || ")
    values: list[Iterable[str]] = [
        [
            value_text(factor, value)
            for value in factor_values(study.variables[factor[0]], factor[2])
        ]
        for factor in factors
    ]
    form = {
        " || ".join([root, *sorted([*held, *chosen])]): Fraction(1) for chosen in product(*values)
    }
    inequality = Inequality(form | {whole: Fraction(-1)}, Interval.point(0))
    return Premise("divide", (whole, *(list(factor) for factor in factors)), inequality)
