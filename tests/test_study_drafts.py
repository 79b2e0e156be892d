from __future__ import annotations

from netcore.study.drafts import Section
from netcore.study.models import Location


def test_an_unreadable_section_lacks_nothing() -> None:
    section: Section[Location] = Section()
    assert not section.lacks("anything")


def test_a_readable_section_lacks_what_it_does_not_name() -> None:
    section: Section[Location] = Section(names=("broken",), readable=True)
    assert not section.lacks("broken")
    assert section.lacks("absent")


def test_references_of_salvaged_entries_are_checked_too() -> None:
    sound, salvaged = Location(title="sound"), Location(title="salvaged")
    section = Section({"a": sound}, {"b": salvaged}, ("a", "b", "c"), readable=True)
    assert list(section.checkable()) == [("a", sound), ("b", salvaged)]
