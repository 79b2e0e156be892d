"""Laws: what the definitions of a study impose on its quantities, whatever is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

from netcore.checks.certificates.names import Form
from netcore.printed import Interval, format_fraction

__all__ = ["Law", "Laws", "Under", "linear", "share"]

Under = Mapping[str, str]
"""Open points and what each is taken to be."""

_ALWAYS: Final[Under] = MappingProxyType({})
_NOTHING: Final[Form] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Law:
    """One thing that holds of a study's quantities.

    Parameters
    ----------
    name : str
        Its sentence, which is its key in ``study.json``.
    kind : {'linear', 'share'}
        Bounds of a sum of unknowns; or that a row prints the share of a part
        in a whole.
    form : Mapping of str to Fraction
        The sum, or the part.
    window : Interval
        Where the sum lies.
    under : Mapping of str to str
        Open points under which it holds.
    reads : Mapping of str to str
        Rows on which it rests, and what they print.
    row : str
        Of a share: the row that prints it.
    whole : Mapping of str to Fraction
        Of a share: the whole.
    positive : tuple of str
        Of a share: rows of which each must print a number above 0.
    coarse : int
        Of a share: the step to which its place may be rounded; 0 for none.
    """

    name: str
    kind: Literal["linear", "share"]
    form: Form
    window: Interval = field(default_factory=lambda: Interval(None, None))
    under: Under = field(default_factory=lambda: _ALWAYS)
    reads: Mapping[str, str] = field(default_factory=lambda: _ALWAYS)
    row: str = ""
    whole: Form = field(default_factory=lambda: _NOTHING)
    positive: tuple[str, ...] = ()
    coarse: int = 0

    @property
    def unknowns(self) -> frozenset[str]:
        """Names of all its unknowns."""
        return frozenset((*self.form, *self.whole))

    def as_json(self) -> dict[str, object]:
        """Return the law as plain JSON values.

        Returns
        -------
        dict of str to object
            What ``study.json`` says of it.
        """
        document: dict[str, object] = {"kind": self.kind}
        if self.kind == "linear":
            ends = (self.window.low, self.window.high)
            low, high = (None if end is None else format_fraction(end) for end in ends)
            document |= {"form": _plain(self.form), "low": low, "high": high}
        else:
            document |= {
                "row": self.row,
                "part": _plain(self.form),
                "whole": _plain(self.whole),
                "positive": list(self.positive),
                "coarse": self.coarse,
            }
        return document | {"under": dict(self.under), "reads": dict(self.reads)}


def _plain(form: Form) -> dict[str, str]:
    return {name: format_fraction(Fraction(number)) for name, number in form.items()}


def linear(
    name: str,
    form: Mapping[str, int | Fraction],
    *,
    low: int | Fraction | None = None,
    high: int | Fraction | None = None,
    under: Under = _ALWAYS,
    reads: Mapping[str, str] = _ALWAYS,
) -> Law:
    """Return a law of bounds.

    Parameters
    ----------
    name : str
        Its sentence.
    form : Mapping of str to int or Fraction
        The sum of unknowns.
    low, high : int or Fraction or None
        Its bounds; None for none.
    under : Mapping of str to str
        Open points under which it holds.
    reads : Mapping of str to str
        Rows on which it rests, and what they print.

    Returns
    -------
    Law
        The law.
    """
    window = Interval(
        None if low is None else Fraction(low), None if high is None else Fraction(high)
    )
    total = {unknown: Fraction(number) for unknown, number in form.items() if number}
    return Law(name, "linear", total, window, under, reads)


def share(
    name: str,
    row: str,
    part: Form,
    whole: Form,
    *,
    under: Under = _ALWAYS,
    positive: Iterable[str] = (),
    coarse: int = 0,
) -> Law:
    """Return the law of a printed share.

    Parameters
    ----------
    name : str
        Its sentence.
    row : str
        The row that prints part by whole.
    part, whole : Mapping of str to Fraction
        Both as sums of unknowns.
    under : Mapping of str to str
        Open points under which it holds.
    positive : iterable of str
        Rows that show that the whole is above 0.
    coarse : int
        The step to which the place may be rounded; 0 for none.

    Returns
    -------
    Law
        The law.
    """
    return Law(
        name,
        "share",
        part,
        under=under,
        row=row,
        whole=whole,
        positive=tuple(positive),
        coarse=coarse,
    )


@dataclass(slots=True)
class Laws:
    """Laws by name, and the points that a study leaves open.

    Parameters
    ----------
    by_name : dict of str to Law
        Each once.
    points : dict of str to tuple of str
        Open points with everything that each can be.
    """

    by_name: dict[str, Law] = field(default_factory=dict)
    points: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, *laws: Law) -> None:
        """Add laws; one that is known already stays as it is.

        Parameters
        ----------
        *laws : Law
            The laws.
        """
        for law in laws:
            self.by_name.setdefault(law.name, law)

    def open(self, point: str, options: Iterable[str]) -> str:
        """Add an open point.

        Parameters
        ----------
        point : str
            What is open.
        options : iterable of str
            Everything that it can be.

        Returns
        -------
        str
            The point.
        """
        self.points.setdefault(point, tuple(options))
        return point
