"""How software turns a number into digits: each rule as real programs follow it.

Textbooks know two ways to round a tie.  Programs round what a binary float
happens to be: 7/20 prints as 0.3 in Python and 0.4 in a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor, log10
from random import Random

__all__ = [
    "PRINTERS",
    "Printer",
    "draw_printer",
    "half_even",
    "half_up",
    "python_round",
    "r3_round",
    "r4_round",
    "sprintf",
    "to_step",
    "truncate",
    "truncate_binary",
    "without_zeros",
]

Formatter = Callable[[float, int], str]

_DIGITS_OF_A_DOUBLE = 15


def sprintf(value: float, decimals: int) -> str:
    """Print as C, R's ``sprintf`` and Python's ``format`` do: the float, correctly rounded.

    Examples
    --------
    >>> sprintf(0.35, 1), sprintf(1.15, 1), sprintf(2.5, 0)
    ('0.3', '1.1', '2')
    """
    return f"{value:.{decimals}f}"


def python_round(value: float, decimals: int) -> str:
    """Print what Python's ``round`` returns, which loses trailing zeros but one.

    Examples
    --------
    >>> python_round(84.96, 1), python_round(43.94, 1), python_round(84.6, 0)
    ('85.0', '43.9', '85')
    """
    return str(round(value)) if decimals == 0 else _plain(round(value, decimals))


def _plain(value: float) -> str:
    """Write a float with as few digits as tell it from others, and no exponent."""
    return format(Decimal(repr(value)), "f")


def _decimal(value: float) -> Decimal:
    """Return the float as spreadsheets see it: with fifteen digits."""
    return Decimal(format(value, f".{_DIGITS_OF_A_DOUBLE}g"))


def _quantized(value: float, decimals: int, rounding: str) -> str:
    return format(_decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding), "f")


def half_up(value: float, decimals: int) -> str:
    """Print as spreadsheets and SPSS do: ties away from zero.

    Examples
    --------
    >>> half_up(0.35, 1), half_up(1.15, 1), half_up(-2.5, 0)
    ('0.4', '1.2', '-3')
    """
    return _quantized(value, decimals, ROUND_HALF_UP)


def half_even(value: float, decimals: int) -> str:
    """Print with ties to the even digit, as textbooks and decimal arithmetic do.

    Examples
    --------
    >>> half_even(0.35, 1), half_even(0.25, 1)
    ('0.4', '0.2')
    """
    return _quantized(value, decimals, ROUND_HALF_EVEN)


def truncate(value: float, decimals: int) -> str:
    """Cut digits off the decimal number.

    Examples
    --------
    >>> truncate(0.57 * 100, 0), truncate(2.99, 1), truncate(-2.99, 1)
    ('57', '2.9', '-2.9')
    """
    return _quantized(value, decimals, ROUND_DOWN)


def truncate_binary(value: float, decimals: int) -> str:
    """Cut digits off the float, which may be just short of what it should be.

    Examples
    --------
    >>> truncate_binary(0.57 * 100, 0), truncate_binary(2.99, 1)
    ('56', '2.9')
    """
    return sprintf(int(value * 10**decimals) / 10**decimals, decimals)


def r4_round(value: float, decimals: int) -> str:
    """Print what R's ``round`` returns, from R 4.0.0 on.

    Notes
    -----
    Of the two candidates with so many decimals, computed as floats, the nearer one;
    the one of an even last digit if both are as near.

    Examples
    --------
    >>> r4_round(0.15, 1), r4_round(2.5, 0), r4_round(84.96, 1), r4_round(55.55, 1)
    ('0.1', '2', '85', '55.5')
    """
    if decimals == 0 or value == 0:
        return _r_number(float(round(value)))
    size = abs(value)
    if decimals + floor(log10(size)) >= _DIGITS_OF_A_DOUBLE:
        return _r_number(value)
    power = 10.0**decimals
    below = floor(power * size)
    low, high = below / power, ceil(power * size) / power
    distance = (high - size) - (size - low)
    rounded = high if distance < 0 or (distance == 0 and below % 2) else low
    return _r_number(rounded if value > 0 else -rounded)


def r3_round(value: float, decimals: int) -> str:
    """Print what R's ``round`` returned before R 4.0.0, on processors with 80-bit floats.

    Notes
    -----
    The part behind the point is multiplied by a power of ten, rounded to a whole number
    (ties to even), divided again, and put back.

    Examples
    --------
    >>> r3_round(0.15, 1), r3_round(2.5, 0), r3_round(55.55, 1)
    ('0.2', '2', '55.5')
    """
    if decimals == 0:
        return _r_number(float(round(value)))
    size = abs(value)
    whole, power = floor(size), 10**decimals
    scaled = float(_of_bits(Fraction(size - whole) * power, 64))
    rounded = float(_of_bits(whole + _of_bits(Fraction(round(scaled), power), 64), 64))
    return _r_number(rounded if value >= 0 else -rounded)


def _of_bits(value: Fraction, bits: int) -> Fraction:
    """Round to a binary mantissa of some bits, ties to even."""
    if value <= 0:
        return value
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    unit = Fraction(2) ** (exponent - bits + (value >= Fraction(2) ** exponent))
    return round(value / unit) * unit


def _r_number(value: float) -> str:
    """Write a float as R's ``as.character`` does: no zeros at the end."""
    text = format(Decimal(format(value, f".{_DIGITS_OF_A_DOUBLE}g")), "f")
    return without_zeros("0" if text == "-0" else text)


def without_zeros(text: str) -> str:
    """Drop zeros at the end of decimals, and the point if nothing is left behind it.

    Examples
    --------
    >>> without_zeros("85.0"), without_zeros("43.90"), without_zeros("100")
    ('85', '43.9', '100')
    """
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_step(value: float, step: int) -> str:
    """Print to the nearest 5 or 10.

    Examples
    --------
    >>> to_step(73.5, 5), to_step(72.4, 5), to_step(2.0, 5)
    ('75', '70', '0')
    """
    return str(step * floor(value / step + 0.5))


@dataclass(frozen=True, slots=True)
class Printer:
    """One way to print numbers, kept throughout a paper.

    Parameters
    ----------
    name : str
        What it is called in notes.
    formatter : callable
        From a number and its decimals to digits.
    rounding : str
        The convention of rounding under which what it prints must be judged.
    drops_zeros : bool
        Whether zeros at the end are lost, as in a spreadsheet: ``85`` beside ``43.9``.
    """

    name: str
    formatter: Formatter
    rounding: str = "nearest"
    drops_zeros: bool = False

    def show(self, value: float, decimals: int) -> str:
        """Print a number.

        Parameters
        ----------
        value : float
            The number.
        decimals : int
            Digits behind the point, before zeros are lost.

        Returns
        -------
        str
            The digits.
        """
        text = self.formatter(value, decimals)
        return without_zeros(text) if self.drops_zeros else text


PRINTERS: dict[str, Formatter] = {
    "sprintf": sprintf,
    "Python round": python_round,
    "R round, before 4.0": r3_round,
    "R round, from 4.0": r4_round,
    "half up": half_up,
}

# Stricter conventions than the default, and those that the default does not cover.
_OTHERS: tuple[tuple[str, Formatter, str], ...] = (
    ("half up, exactly", half_up, "half_up"),
    ("half even, exactly", half_even, "half_even"),
    ("decimals cut off", truncate, "truncate"),
    ("binary decimals cut off", truncate_binary, "any"),
)


def draw_printer(random: Random) -> Printer:
    """Draw one way to print.

    Parameters
    ----------
    random : Random
        Source of chance.

    Returns
    -------
    Printer
        Rounding to the nearest in nine of ten.
    """
    drops_zeros = random.random() < 0.15
    if random.random() < 0.1:
        name, formatter, rounding = random.choice(_OTHERS)
        return Printer(name, formatter, rounding, drops_zeros)
    name = random.choice(list(PRINTERS))
    return Printer(name, PRINTERS[name], "nearest", drops_zeros)
