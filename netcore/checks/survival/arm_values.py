"""What is printed of an arm as plain JSON values, and as landmarks of its curve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from netcore.checks.json_windows import interval_of
from netcore.printed import Interval
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.medians import median_landmarks

__all__ = ["Asked", "Json", "inner", "loosened", "marks_of"]

Json = Mapping[str, Any]
"""Plain JSON values by name."""

_COUNTED: Final = ("n.risk", "n.event", "n.censor")


def inner(window: Interval) -> Interval:
    """Return a window without its ends, which round either way.

    Parameters
    ----------
    window : Interval
        The window.

    Returns
    -------
    Interval
        Open but at 0 and 1; a point stays.

    Examples
    --------
    >>> str(inner(Interval(Fraction(199, 200), Fraction(1))))
    '(0.995, 1]'
    """
    if window.low is not None and window.low == window.high:
        return window
    return Interval(window.low, window.high, window.low == 0, window.high == 1)


class Asked:
    """A question in numbers.

    Parameters
    ----------
    question : Mapping
        As for :func:`netcore.checks.survival.single_arm_questions.arm_answer`.
    """

    def __init__(self, question: Json):
        self.values: list[Json] = list(question["values"])
        self.sizes: list[int] = list(question["sizes"])
        self.ways: list[tuple[str, str]] = [(mean, spread) for mean, spread in question["ways"]]
        self.conventions: list[str] = list(question["conventions"])
        self.longest = None if question["longest"] is None else Fraction(question["longest"])
        self.is_certain = bool(question["is longest certain"])
        # By size and convention: whether patients were found, whatever the mean is.
        self.without_mean: dict[tuple[int, str], bool] = {}

    @property
    def is_converted(self) -> bool:
        """Whether times may have been converted from another unit."""
        return any(value["times"] for value in self.values)

    def of(self, *names: str) -> list[Json]:
        """Return the values of some statistics.

        Parameters
        ----------
        *names : str
            Names of statistics.

        Returns
        -------
        list of Mapping
            In their order.
        """
        return [value for value in self.values if value["name"] in names]

    def ends(self, *, is_proof: bool) -> list[Landmark]:
        """Return that nobody is followed for longer than the dates admit.

        Parameters
        ----------
        is_proof : bool
            Whether the clock must be known to start at one of the dates.

        Returns
        -------
        list of Landmark
            At most one.
        """
        if not self.longest or (is_proof and not self.is_certain):
            return []
        nobody = Interval.point(0)
        return [Landmark(self.longest, at_risk=nobody, moment="after", ties=False)]


def _with(mark: Landmark, name: str, window: Interval) -> Landmark:
    if name == "survival":
        return replace(mark, rate=window)
    if name == "n.risk":
        return replace(mark, at_risk=window)
    return replace(mark, events=window) if name == "n.event" else replace(mark, censored=window)


def marks_of(
    values: Sequence[Json],
    number: int,
    convention: str,
    *,
    is_converted: bool = False,
    is_inner: bool = False,
) -> Iterator[Landmark]:
    """Yield what values say of a curve.

    Parameters
    ----------
    values : sequence of Mapping
        Of a question.
    number : int
        Patients at the start.
    convention : str
        Of a median.
    is_converted : bool
        Whether times may have been converted in any way, so that only counts what holds for all.
    is_inner : bool
        Whether windows are taken without their ends.

    Yields
    ------
    Landmark
        All curves with these values meet them.
    """
    for value in values:
        name = value["name"]
        window = interval_of(value["window"])
        if name == "median":
            marks = median_landmarks(convention, inner(window) if is_inner else window, number)
            # What is more than some time need not be reached.
            yield from (m for m in marks if m.time is not None or window.high is not None)
        elif name == "survival" or name in _COUNTED:
            window = inner(window) if is_inner and name == "survival" else window
            times = value["times"] if is_converted and value["times"] else [value["time"]] * 2
            early, late = (None if end is None else Fraction(end) for end in times)
            least, most = Interval(window.low, None), Interval(None, window.high)
            if early is None or (early == late and name in ("survival", "n.risk")):
                yield _with(Landmark(early), name, window)
                continue
            # Of counts nobody says whether those at the very time are among them.
            first, last = (least, most) if name in ("survival", "n.risk") else (most, least)
            yield _with(Landmark(early, moment="before", ties=False), name, first)
            yield _with(Landmark(late, moment="after", ties=False), name, last)


def loosened(values: Sequence[Json]) -> list[Json]:
    """Return values as they bind any number of patients up to a greatest.

    Parameters
    ----------
    values : sequence of Mapping
        Of a question.

    Returns
    -------
    list of Mapping
        Without an upper end to numbers of censored patients.

    Notes
    -----
    Patients who are censored at once change neither rates, nor events, nor later numbers at risk.
    So whatever curve fewer patients have, more have it as well, with more censorings.
    """
    return [
        {**value, "window": [value["window"][0], None]} if value["name"] == "n.censor" else value
        for value in values
    ]
