"""A paper file on its way to a study: what is sound of it, and what is not.

A fault in one entry must not hide those of the others, nor bring about errors
that vanish once it is mended.  So a draft knows three things apart: entries
that are sound, entries of which some fields are, and names that at least exist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from netcore.study.models import Analysis, Location, PaperInfo, Population, Variable
from netcore.study.positioned_yaml import Path

__all__ = ["Fault", "PaperDraft", "Section"]

EntryT = TypeVar("EntryT", Location, Population, Variable, Analysis)


class Fault(NamedTuple):
    """What is wrong with a value of the file, or with its key.

    Parameters
    ----------
    path : tuple of str or int
        Keys and indices from the top.
    found, expected : str
        The two halves of the message.
    of_key : bool
        Whether the key is at fault.
    """

    path: Path
    found: str
    expected: str
    of_key: bool = False


@dataclass(frozen=True, slots=True)
class Section(Generic[EntryT]):
    """One section of the file, as far as it could be understood.

    Parameters
    ----------
    sound : mapping of str to model
        The entries without a fault.
    salvaged : mapping of str to model
        Entries with a fault, less the fields that have it: their other fields
        are still checked, but nothing is concluded from them.
    names : collection of str
        All names, including those of entries beyond repair.
    readable : bool
        False if the section could not be read: any name may be in it.
    """

    sound: Mapping[str, EntryT] = field(default_factory=dict)
    salvaged: Mapping[str, EntryT] = field(default_factory=dict)
    names: Collection[str] = ()
    readable: bool = False

    def lacks(self, name: str) -> bool:
        """Return whether a name is certainly unknown.

        Parameters
        ----------
        name : str
            A name that something refers to.

        Returns
        -------
        bool
            False also for every name of an unreadable section.
        """
        return self.readable and name not in self.names

    def checkable(self) -> Iterator[tuple[str, EntryT]]:
        """Yield names and entries whose own references can be checked.

        Yields
        ------
        name : str
            Name of the entry.
        entry : model
            The sound entries first, then the salvaged ones.
        """
        yield from self.sound.items()
        yield from self.salvaged.items()


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """All sections of the file, sound or not.

    Parameters
    ----------
    paper : PaperInfo or None
        The section of that name, if it is sound.
    locations, populations, variables, analyses : Section
        The others.
    """

    paper: PaperInfo | None = None
    locations: Section[Location] = field(default_factory=Section)
    populations: Section[Population] = field(default_factory=Section)
    variables: Section[Variable] = field(default_factory=Section)
    analyses: Section[Analysis] = field(default_factory=Section)
