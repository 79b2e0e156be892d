"""Small changes of a printed number: one digit, two digits exchanged, a sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from netcore.checks import RepairKind

__all__ = ["Edit", "nature_of_change", "small_edits"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A printed number after a small change.

    Parameters
    ----------
    text : str
        What would be printed.
    kind : {'one digit', 'digits exchanged', 'sign'}
        The change.
    """

    text: str
    kind: RepairKind


def small_edits(text: str) -> tuple[Edit, ...]:
    """Return every number that differs from a printed one by one small change.

    Parameters
    ----------
    text : str
        A number as printed; its other characters stay where they are.

    Returns
    -------
    tuple of Edit
        Two neighbouring digits exchanged first, then two others, then one
        digit, then the sign; each text once.  No number gains a leading zero.

    Examples
    --------
    >>> [edit.text for edit in small_edits("342") if edit.kind == "digits exchanged"]
    ['432', '324', '243']
    >>> [edit.text for edit in small_edits("0.5") if edit.kind == "sign"]
    ['-0.5']
    """
    found: dict[str, Edit] = {}
    for edit in (*_exchanges(text), *_substitutions(text), *_signs(text)):
        if edit.text != text and not _has_leading_zero(edit.text):
            found.setdefault(edit.text, edit)
    return tuple(found.values())


def _digit_places(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if character in "0123456789"]


def _exchanges(text: str) -> Iterator[Edit]:
    pairs = sorted(combinations(_digit_places(text), 2), key=lambda pair: (pair[1] - pair[0], pair))
    for first, second in pairs:
        characters = list(text)
        characters[first], characters[second] = characters[second], characters[first]
        yield Edit("".join(characters), "digits exchanged")


def _substitutions(text: str) -> Iterator[Edit]:
    for place in _digit_places(text):
        for digit in "0123456789":
            yield Edit(text[:place] + digit + text[place + 1 :], "one digit")


def _signs(text: str) -> Iterator[Edit]:
    if text[:1] in "-−":
        yield Edit(text[1:], "sign")
    elif text[:1].isdigit() or text[:1] in ".,":
        yield Edit(f"-{text}", "sign")


def _has_leading_zero(text: str) -> bool:
    digits = text.lstrip("-−")
    return len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()


def nature_of_change(before: str, after: str) -> RepairKind:
    """Say how small the change from one printed number to another is.

    Parameters
    ----------
    before, after : str
        Two numbers as printed, with the same decimal mark.

    Returns
    -------
    {'one digit', 'digits exchanged', 'sign', 'value'}
        The smallest change that it is.

    Examples
    --------
    >>> nature_of_change("137", "134"), nature_of_change("342", "432"), nature_of_change("86", "60")
    ('one digit', 'digits exchanged', 'value')
    """
    for edit in small_edits(before):
        if edit.text == after:
            return edit.kind
    return "value"
