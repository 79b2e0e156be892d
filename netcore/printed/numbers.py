"""Printed values as parsed strings: numbers, bounds, ranges and tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from netcore.printed.intervals import EVERYTHING, Interval
from netcore.printed.rounding import ROUNDINGS, rounding_window

__all__ = ["Printed", "PrintedError", "parse_printed", "print_value"]

Kind = Literal["number", "below", "above", "about", "range", "token"]

TOKENS: Final = ("ns", "none", "all")

_RELATIONS: Final[dict[str, Kind]] = {
    "<": "below",
    "<=": "below",
    "≤": "below",
    ">": "above",
    ">=": "above",
    "≥": "above",
    "~": "about",
}
_DIGITS: Final = r"(?:[0-9](?:[0-9.,' \u00a0\u202f]*[0-9])?|[.,][0-9]+)"
_SPACE: Final = r"[ \u00a0\u2009\u202f]?"
_SHAPE: Final = re.compile(
    rf"(?P<relation><=|>=|[<>≤≥~])?{_SPACE}(?P<first>[-−]?{_DIGITS}(?:[eE][-+−]?[0-9]{{1,3}})?)"
    rf"(?:{_SPACE}[-–—]{_SPACE}(?P<second>{_DIGITS}))?"
)
_LONGEST: Final = 60  # no paper prints a longer number; a bound on the work for bad input
_EXPECTED: Final = "a number (12, -3.50), a bound (<0.05, >=14), an approximation (~80), a range (2.5-3), ns, none or all"


class PrintedError(ValueError):
    """A string that is no printed value; says what was found and expected."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed value.

    Parameters
    ----------
    text : str
        Exactly as printed.
    kind : {'number', 'below', 'above', 'about', 'range', 'token'}
        What sort of statement the string makes.
    value : Fraction or None
        The number (of a range: the lower one); None for a token.
    step : Fraction or None
        Distance between neighbouring numbers with as many digits.
    upper, upper_step : Fraction or None
        The upper number of a range and its step.
    """

    text: str
    kind: Kind
    value: Fraction | None = None
    step: Fraction | None = None
    upper: Fraction | None = None
    upper_step: Fraction | None = None

    @property
    def is_number(self) -> bool:
        """Whether the string is one plain number."""
        return self.kind == "number"

    @property
    def is_whole(self) -> bool:
        """Whether the string is one plain number printed without decimals."""
        return self.kind == "number" and self.step is not None and self.step >= 1

    def number(self) -> Fraction:
        """Return the plain number that is printed.

        Returns
        -------
        Fraction
            The exact decimal value.

        Raises
        ------
        PrintedError
            If the string is a bound, a range, an approximation or a token.
        """
        if self.kind != "number" or self.value is None:
            raise PrintedError(f"found {self.text!r}, expected one plain number")
        return self.value

    def window(
        self,
        rounding: str = "nearest",
        *,
        domain: Interval = EVERYTHING,
        alpha: Fraction | None = None,
    ) -> Interval:
        """Return the set of real numbers that the printed value can stand for.

        Parameters
        ----------
        rounding : str
            A key of :data:`netcore.printed.rounding.ROUNDINGS`.
        domain : Interval
            Values that the quantity can have at all, such as [0, 100].
        alpha : Fraction, optional
            Significance level, needed for ``ns``: a p-value in [alpha, 1].

        Returns
        -------
        Interval
            ``<0.05`` is everything up to and including 0.05 (a rounded bound
            may be reached); ``~80`` excludes nothing; a range reaches from the
            least value that prints as its lower end to the greatest that
            prints as its upper end.

        Raises
        ------
        PrintedError
            For ``all``, which depends on a population, and for ``ns``
            without a level.

        Examples
        --------
        >>> str(parse_printed("43.9").window())
        '[43.85, 43.95]'
        >>> str(parse_printed("<0.05").window(domain=Interval(Fraction(0), Fraction(1))))
        '[0, 0.05]'
        """
        return self._unclipped(rounding, alpha).meet(domain)

    def _unclipped(self, rounding: str, alpha: Fraction | None) -> Interval:
        if self.kind == "token":
            if self.text == "none":
                return Interval.point(0)
            if self.text == "ns" and alpha is not None:
                return Interval(alpha, Fraction(1))
            raise PrintedError(
                f"found {self.text!r}, whose value depends on what is printed elsewhere"
            )
        if self.value is None or self.step is None or self.kind == "about":
            return EVERYTHING
        if self.kind == "below":
            return Interval(None, self.value)
        if self.kind == "above":
            return Interval(self.value, None)
        low = rounding_window(self.value, self.step, rounding)
        if self.upper is None or self.upper_step is None:
            return low
        high = rounding_window(self.upper, self.upper_step, rounding)
        return Interval(low.low, high.high, low.low_closed, high.high_closed)


def _parse_number(text: str, decimal: str, thousands: str, whole: str) -> tuple[Fraction, Fraction]:
    mantissa, _, exponent = text.replace("−", "-").lower().partition("e")
    negative = mantissa.startswith("-")
    digits, mark, decimals = mantissa.removeprefix("-").partition(decimal)
    if mark and not digits:
        digits = "0"  # many journals print p = .03
    if thousands and thousands in digits:
        first, *groups = digits.split(thousands)
        # 0,123 is no 123: somebody has taken the decimal mark for the thousands mark.
        if (
            not 1 <= len(first) <= 3
            or first.startswith("0")
            or any(len(group) != 3 for group in groups)
        ):
            raise PrintedError(
                f"found {whole!r}, expected groups of three digits between {thousands!r} marks, the first not 0"
            )
        digits = first + "".join(groups)
    if not _plain_digits(digits) or (mark and not _plain_digits(decimals)):
        thousands_mark = repr(thousands) if thousands else "none"
        raise PrintedError(
            f"found {whole!r}, expected {_EXPECTED}, with decimal mark {decimal!r} and thousands mark {thousands_mark}"
        )
    power = Fraction(10) ** int(exponent) if exponent else Fraction(1)
    step = Fraction(1, 10 ** len(decimals)) * power
    value = int(digits + decimals) * step
    return (-value if negative else value), step


def _plain_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


@lru_cache(maxsize=1 << 13)
def parse_printed(text: str, *, decimal: str = ".", thousands: str = "") -> Printed:
    """Parse a printed value.

    Parameters
    ----------
    text : str
        The value exactly as printed: ``58.55``, ``-22.6``, ``<0.05``,
        ``>=14``, ``~80``, ``2.5-3``, ``ns``, ``none`` or ``all``.
    decimal, thousands : str
        The marks that the place uses; an empty thousands mark means none.

    Returns
    -------
    Printed
        The parsed value, with exact fractions.

    Raises
    ------
    PrintedError
        If the string is none of these; says what was found and expected.

    Examples
    --------
    >>> parse_printed("58.50").value, parse_printed("58.50").step
    (Fraction(117, 2), Fraction(1, 100))
    >>> parse_printed("0,57", decimal=",").value
    Fraction(57, 100)
    >>> parse_printed(".03").value
    Fraction(3, 100)
    >>> parse_printed("2.5-3").kind, parse_printed("ns").kind
    ('range', 'token')
    """
    if text in TOKENS:
        return Printed(text, "token")
    match = _SHAPE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise PrintedError(f"found {text[:_LONGEST]!r}, expected {_EXPECTED}")
    value, step = _parse_number(match["first"], decimal, thousands, text)
    if match["second"] is not None:
        if match["relation"] is not None:
            raise PrintedError(f"found {text!r}, expected a bound or a range, not both")
        upper, upper_step = _parse_number(match["second"], decimal, thousands, text)
        if upper < value:
            raise PrintedError(f"found range {text!r}, expected its lower end first")
        return Printed(text, "range", value, step, upper, upper_step)
    kind: Kind = "number" if match["relation"] is None else _RELATIONS[match["relation"]]
    return Printed(text, kind, value, step)


def print_value(value: Fraction, decimals: int, rounding: str = "nearest") -> str:
    """Print a number as a paper that rounds in this way would.

    Parameters
    ----------
    value : Fraction
        The exact number.
    decimals : int
        Digits after the decimal point, 0 or more.
    rounding : str
        A key of :data:`netcore.printed.rounding.ROUNDINGS`; ``nearest`` and
        ``any`` print as ``half_up``.

    Returns
    -------
    str
        The decimal string, with trailing zeros; zero has no sign.

    Raises
    ------
    ValueError
        If the convention is unknown or the number of decimals is negative.

    Examples
    --------
    >>> print_value(Fraction(2500, 34), 0), print_value(Fraction(2500, 34), 1, "truncate")
    ('74', '73.5')
    """
    if rounding not in ROUNDINGS:
        raise ValueError(f"found rounding {rounding!r}, expected one of {', '.join(ROUNDINGS)}")
    if decimals < 0:
        raise ValueError(f"found {decimals} decimals, expected 0 or more")
    scaled = abs(value) * 10**decimals
    whole, rest = divmod(scaled, 1)
    if rounding == "truncate":
        up = False
    elif rounding == "ceiling":
        up = rest > 0 and value > 0
    elif rounding == "half_even":
        up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    else:
        up = rest >= Fraction(1, 2)
    units = int(whole) + up
    digits = str(units).rjust(decimals + 1, "0")
    sign = "-" if value < 0 and units else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)
