"""The kinds of string that stand in data files, each checked and described.

Every type says what it accepts in three ways that must agree: a rule for the
loader, words for its messages and a JSON Schema for editors.
"""

from __future__ import annotations

import copyreg
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, TypeVar, get_args

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from netcore.printed import format_fraction
from netcore.study.problems import one_of
from netcore.study.text_file import UNPRINTABLE
from netcore.study.vocabulary import ALL_STATISTICS, TESTS, is_statistic, nearest

__all__ = [
    "MOST_READINGS",
    "CitesCell",
    "ClaimId",
    "ClaimIdCell",
    "Doi",
    "FilledReadingsCell",
    "Flag",
    "FrozenMap",
    "IsoDate",
    "KeyCell",
    "Label",
    "Level",
    "Name",
    "NotEmpty",
    "NoteCell",
    "Number",
    "One",
    "PositiveNumber",
    "PrintedCell",
    "ReadingsCell",
    "Statistic",
    "TestName",
    "TextCell",
    "TimePoint",
    "Year",
    "closed",
    "is_iso_date",
    "is_time_point",
    "unexpected",
]

# In an editor, `1`, `2022` and `true` without quotation marks are no strings.
_BARE: Final = ("string", "number", "boolean")

_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_CLAIM_ID: Final = r"[A-Za-z0-9][A-Za-z0-9_.+-]*"
_CLAIM_ID_WORDS: Final = (
    "an id that starts with a letter or digit and has only a-z, A-Z, 0-9, '_', '.', '+' and '-'"
)
_ISO_DATE: Final = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_TIME_POINT: Final = r"-?[0-9]+(\.[0-9]+)? [^\s0-9|][^\s|]*( [^\s|]+)*"
_NUMBER: Final = r"-?[0-9]{1,15}(\.[0-9]{1,15})?"

# Readings multiply over the columns of a row; no paper leaves this much open.
MOST_READINGS: Final = 8

_K = TypeVar("_K")
_V = TypeVar("_V")
_C = TypeVar("_C", bound=Collection[Any])


def unexpected(expected: str, found: str = "") -> PydanticCustomError:
    """Return the error that the loader turns into a problem.

    Parameters
    ----------
    expected : str
        What should stand there.
    found : str
        What stands there, where quoting the value would not say it.

    Returns
    -------
    PydanticCustomError
        To be raised by a validator.
    """
    return PydanticCustomError(
        "unexpected", "expected {expected}", {"expected": expected, "found": found}
    )


def _matching(pattern: str, expected: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if len(text) > 200 or compiled.fullmatch(text) is None:
            raise unexpected(expected)
        return text

    return check


def _schema(
    pattern: str | None = None, *, types: tuple[str, ...] = _BARE, **rest: Any
) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": list(types) if len(types) > 1 else types[0]}
    if pattern is not None:
        schema["pattern"] = f"^({pattern})$"
    return WithJsonSchema(schema | rest)


def _trimmed(text: str) -> str:
    if text != text.strip():
        raise unexpected("no white space at either end")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise unexpected("one line without tabs")
    if UNPRINTABLE.search(text):
        raise unexpected("printable characters only")
    return _trimmed(text)


def _filled(text: str) -> str:
    if not text:
        raise unexpected("some text", "nothing")
    return text


def _level(text: str) -> str:
    if "|" in text:
        raise unexpected("no '|', which separates readings")
    return _key_cell(text)


def _key_cell(text: str) -> str:
    # A no-break space looks like a space and makes two equal names differ.
    if any(mark != " " and mark.isspace() for mark in _one_line(text)):
        raise unexpected("plain spaces only (there is a no-break space or another kind of space)")
    return text


def _readings(text: str) -> str:
    readings = _key_cell(text).split("|")
    if len(readings) > MOST_READINGS:
        raise unexpected(f"at most {MOST_READINGS} readings", f"{len(readings)} readings")
    if len(readings) > 1 and any(not reading or reading != reading.strip() for reading in readings):
        raise unexpected("a name on both sides of each '|', without spaces around it")
    if len(set(readings)) < len(readings):
        raise unexpected("each reading once")
    return text


def _note(text: str) -> str:
    if UNPRINTABLE.search(text):
        raise unexpected("printable characters only")
    return _trimmed(text)


def is_iso_date(text: str) -> bool:
    """Return whether a string is a calendar date, a month or a year.

    Parameters
    ----------
    text : str
        Any string.

    Returns
    -------
    bool
        Whether it is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` and exists.

    Examples
    --------
    >>> is_iso_date("2017-09"), is_iso_date("2022-02-29"), is_iso_date("12-May")
    (True, False, False)
    """
    if len(text) > 10 or re.fullmatch(_ISO_DATE, text) is None:
        return False
    year, month, day = (*text.split("-"), "01", "01")[:3]
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _iso_date(text: str) -> str:
    if not is_iso_date(text):
        raise unexpected("a date that exists, as 2022, 2022-05 or 2022-05-12")
    return text


def is_time_point(text: str) -> bool:
    """Return whether a string is a number with a unit.

    Parameters
    ----------
    text : str
        Any string.

    Returns
    -------
    bool
        Whether it is like ``2 cycles`` or ``1.5 years``.

    Examples
    --------
    >>> is_time_point("24 months"), is_time_point("24"), is_time_point("after 2 cycles")
    (True, False, False)
    """
    return len(text) <= 60 and re.fullmatch(_TIME_POINT, text) is not None


def _time_point(text: str) -> str:
    if not is_time_point(text):
        raise unexpected("a number, a space and a unit, as '24 months'")
    return text


def _statistic(text: str) -> str:
    if not is_statistic(text):
        near = nearest(text)
        raise unexpected("a statistic of the vocabulary" + (f" (nearest: {near})" if near else ""))
    return text


def _test_name(text: str) -> str:
    if text not in TESTS:
        raise unexpected(one_of(text, TESTS, "tests"))
    return text


def _flag(text: object) -> object:
    if isinstance(text, str):
        if text not in ("true", "false"):
            raise unexpected("true or false")
        return text == "true"
    return text


def _number(text: object) -> object:
    if isinstance(text, str):
        if re.fullmatch(_NUMBER, text) is None:
            raise unexpected("a number with a decimal point, as -0.5")
        return Fraction(text)
    if not isinstance(text, Fraction):
        raise unexpected("a number with a decimal point, as -0.5")
    return text


def _positive(number: Fraction) -> Fraction:
    if number <= 0:
        raise unexpected("a number above 0")
    return number


def closed(alias: object, what: str) -> BeforeValidator:
    """Return a validator for a closed list that names the nearest choice.

    Parameters
    ----------
    alias : Literal
        The type alias that lists the choices.
    what : str
        What they are, in the plural.

    Returns
    -------
    BeforeValidator
        Runs before pydantic's own check, whose message has no suggestion.
    """
    choices: tuple[str, ...] = get_args(alias)

    def check(value: object) -> object:
        if value not in choices:
            name = value if isinstance(value, str) else ""
            raise unexpected(one_of(name, choices, what))
        return value

    return BeforeValidator(check)


def _freeze(mapping: Mapping[_K, _V]) -> MappingProxyType[_K, _V]:
    return MappingProxyType(dict(mapping))


# Python leaves this out; without it no study could be sent to another process.
copyreg.pickle(MappingProxyType, lambda mapping: (_freeze, (dict(mapping),)))


def _not_empty(entries: _C) -> _C:
    if not entries:
        raise unexpected("at least one entry")
    return entries


# Rather than a minimal length, which pydantic finds wanting also where there
# are entries that are refused.
NotEmpty: Final = AfterValidator(_not_empty)

FrozenMap = Annotated[
    Mapping[_K, _V], AfterValidator(_freeze), PlainSerializer(dict, return_type=dict[_K, _V])
]

Name = Annotated[
    str,
    AfterValidator(_matching(_NAME, "a name of letters a-z, digits, '_', '.' and '-'")),
    _schema(_NAME, types=("string",)),
]
Label = Annotated[str, AfterValidator(_filled), AfterValidator(_one_line), _schema(minLength=1)]
Level = Annotated[str, AfterValidator(_filled), AfterValidator(_level), _schema(r"[^|]+")]
IsoDate = Annotated[str, AfterValidator(_iso_date), _schema(_ISO_DATE)]
Year = Annotated[
    str, AfterValidator(_matching(r"[0-9]{4}", "a year of four digits")), _schema(r"[0-9]{4}")
]
TimePoint = Annotated[str, AfterValidator(_time_point), _schema(_TIME_POINT, types=("string",))]
Statistic = Annotated[
    str, AfterValidator(_statistic), _schema(types=("string",), enum=list(ALL_STATISTICS))
]
TestName = Annotated[str, AfterValidator(_test_name), _schema(types=("string",), enum=list(TESTS))]
Doi = Annotated[
    str,
    AfterValidator(_matching(r"10\.[0-9]{4,9}/\S+", "a DOI without prefix, as 10.1000/182")),
    _schema(r"10\.[0-9]{4,9}/\S+", types=("string",)),
]
Flag = Annotated[
    bool, BeforeValidator(_flag), WithJsonSchema({"enum": [True, False, "true", "false"]})
]
Number = Annotated[
    Fraction,
    BeforeValidator(_number),
    PlainSerializer(format_fraction, return_type=str),
    _schema(_NUMBER, types=("string", "number")),
]
PositiveNumber = Annotated[Number, AfterValidator(_positive)]

One = Annotated[Literal["1"], closed(Literal["1"], "numbers"), WithJsonSchema({"enum": ["1", 1]})]

ClaimId = Annotated[
    str,
    AfterValidator(_matching(_CLAIM_ID, _CLAIM_ID_WORDS)),
    _schema(_CLAIM_ID, types=("string",)),
]
ClaimIdCell = Annotated[
    str,
    AfterValidator(_matching(rf"({_CLAIM_ID})?", f"an empty cell or {_CLAIM_ID_WORDS}")),
    _schema(rf"({_CLAIM_ID})?", types=("string",)),
]
KeyCell = Annotated[
    str, AfterValidator(_filled), AfterValidator(_key_cell), _schema(types=("string",), minLength=1)
]
ReadingsCell = Annotated[str, AfterValidator(_readings), _schema(types=("string",))]
FilledReadingsCell = Annotated[
    str, AfterValidator(_filled), AfterValidator(_readings), _schema(types=("string",), minLength=1)
]
PrintedCell = Annotated[
    str, AfterValidator(_filled), AfterValidator(_one_line), _schema(types=("string",), minLength=1)
]
TextCell = Annotated[str, AfterValidator(_one_line), _schema(types=("string",))]
NoteCell = Annotated[str, AfterValidator(_note), _schema(types=("string",))]
CitesCell = Annotated[
    str,
    AfterValidator(_matching(rf"({_NAME}(#{_CLAIM_ID})?)?", "the key of a source, or key#claim")),
    _schema(rf"({_NAME}(#{_CLAIM_ID})?)?", types=("string",)),
]
