"""Printed numbers: what a printed string says, and what it can stand for.

A printed number is a string, because trailing zeros are data.  It stands for
an exact interval of real numbers, which depends on how it was rounded; what
the paper leaves unsaid about rounding is a convention, never a hidden choice.
"""

from netcore.printed.intervals import EVERYTHING, Interval, format_fraction
from netcore.printed.numbers import Printed, PrintedError, parse_printed, print_value
from netcore.printed.rounding import ROUNDINGS, rounding_window

__all__ = [
    "EVERYTHING",
    "ROUNDINGS",
    "Interval",
    "Printed",
    "PrintedError",
    "format_fraction",
    "parse_printed",
    "print_value",
    "rounding_window",
]
