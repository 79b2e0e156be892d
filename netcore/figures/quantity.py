"""How the numbers of a figure are written, and on which scale they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netcore.figures.sheet import Scale, percent_scale, value_scale

__all__ = ["Quantity", "require_order"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a figure shows.

    Parameters
    ----------
    unit : str
        ``%`` for proportions, which are given from 0 to 1 and written in per
        cent; any other unit belongs to the values as they are given.
    decimals : int
        Decimals of the numbers that are written.

    Examples
    --------
    >>> Quantity("%", 0).with_interval(0.5, 0.341, 0.659)
    '50 (34 to 66)'
    >>> Quantity("months", 1).with_interval(-0.04, -3, 9.5)
    '0.0 (−3.0 to 9.5)'
    """

    unit: str
    decimals: int

    def write(self, value: float, more: int = 0) -> str:
        """Return a number as it is written.

        Parameters
        ----------
        value : float
            The number.
        more : int
            Further decimals, for tables.

        Returns
        -------
        str
            The number without its unit.
        """
        shown = 100 * value if self.unit == "%" else value
        text = f"{shown:.{self.decimals + more}f}"
        # Before a zero a sign would say what the digits do not.
        return text.replace("-", "−") if float(text) else text.lstrip("-")

    def span(self, low: float, high: float) -> str:
        """Return an interval as it is written.

        Parameters
        ----------
        low, high : float
            Its limits.

        Returns
        -------
        str
            "low to high".
        """
        return f"{self.write(low)} to {self.write(high)}"

    def with_interval(self, estimate: float, low: float | None, high: float | None) -> str:
        """Return an estimate as it is written, with its interval if it has one.

        Parameters
        ----------
        estimate : float
            The estimate.
        low, high : float or None
            The limits.

        Returns
        -------
        str
            "estimate (low to high)".
        """
        if low is None or high is None:
            return self.write(estimate)
        return f"{self.write(estimate)} ({self.span(low, high)})"

    def scale(self, values: Sequence[float], start: float, end: float) -> Scale:
        """Return the scale on which some values lie.

        Parameters
        ----------
        values : sequence of float
            The values; proportions always lie on 0 to 100 %.
        start, end : float
            Places of its ends, in points.

        Returns
        -------
        Scale
            The scale.
        """
        if self.unit == "%":
            return percent_scale(start, end)
        return value_scale(values, start, end)

    def require(self, label: str, *values: float | None) -> None:
        """Refuse proportions that are none, such as percentages.

        Parameters
        ----------
        label : str
            Whose values they are.
        *values : float or None
            The values.

        Raises
        ------
        ValueError
            If the unit is ``%`` and a value lies outside 0 to 1.
        """
        for value in values:
            if self.unit == "%" and value is not None and not 0 <= value <= 1:
                raise ValueError(f"{label}: found {value}, expected a proportion from 0 to 1")


def require_order(label: str, low: float | None, estimate: float, high: float | None) -> None:
    """Refuse an interval that does not hold its estimate, or has one limit.

    Parameters
    ----------
    label : str
        Whose values they are.
    low : float or None
        Lower limit.
    estimate : float
        The estimate.
    high : float or None
        Upper limit.

    Raises
    ------
    ValueError
        If there is only one limit, or the three are out of order.
    """
    if (low is None) != (high is None):
        raise ValueError(f"{label}: found one limit, expected two or none")
    if low is not None and high is not None and not low <= estimate <= high:
        raise ValueError(f"{label}: found {low}, {estimate}, {high}, expected them in order")
