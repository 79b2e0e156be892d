"""The ``command-line`` directive: the options of a command, from its parser."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import netcore
from netcore.publishing.generated_text import GeneratedText, literal, markdown_table, plain

__all__ = ["CommandLine", "command_markdown", "commands"]


class CommandLine(GeneratedText):
    """What a command does, its usage and its options."""

    required_arguments = 1

    def markdown(self) -> str:
        """Return the reference of the command that the argument names.

        Returns
        -------
        str
            Markdown.
        """
        return command_markdown(self.arguments[0])

    def sources(self) -> Iterable[Path]:
        """Return the module of the command line.

        Returns
        -------
        iterable of Path
            One file.
        """
        return (Path(netcore.__file__).with_name("cli.py"),)


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command.

    Returns
    -------
    dict of str to ArgumentParser
        In the order in which the help lists them.

    Examples
    --------
    >>> list(commands())
    ['verify', 'compare', 'run']
    """
    from netcore.cli import command_line

    found = {}
    for action in command_line()._actions:
        # argparse has no public way to ask for its arguments.
        if isinstance(action, argparse._SubParsersAction):
            found.update(action.choices)
    return found


def command_markdown(name: str) -> str:
    """Return the reference of a command.

    Parameters
    ----------
    name : str
        A command of ``netcore``.

    Returns
    -------
    str
        Markdown: a sentence or two, the usage, and a table of what may be
        given.
    """
    parser = commands()[name]
    actions = [action for action in parser._actions if action.dest != "help"]
    given = [action for action in actions if not action.option_strings]
    usage = " ".join([f"netcore {name}", "[OPTIONS]", *map(_usage, given)])
    rows = [(literal(_name(action)), _meaning(action)) for action in actions]
    table = markdown_table(("argument or option", "meaning"), rows)
    return f"{plain(parser.description or '')}\n\n```none\n{usage}\n```\n\n{table}"


def _usage(action: argparse.Action) -> str:
    return f"[{action.metavar} ...]" if action.nargs == "*" else str(action.metavar)


def _name(action: argparse.Action) -> str:
    match action.metavar:
        case None:
            value = ""
        case str(word):
            value = word
        case words:
            value = " ".join(words)
    return f"{', '.join(action.option_strings)} {value}".strip()


def _meaning(action: argparse.Action) -> str:
    return "; ".join(_parts(action))


def _parts(action: argparse.Action) -> Iterator[str]:
    yield plain(action.help or "")
    if action.choices:
        yield "one of " + ", ".join(literal(str(choice)) for choice in action.choices)
    if isinstance(action.default, (str, Path)):
        yield f"by default {literal(str(action.default))}"
