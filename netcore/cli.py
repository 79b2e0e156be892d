"""The command line: ``netcore verify``, ``netcore compare`` and ``netcore run``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from netcore import __version__
from netcore.checks import Conventions, Verdict
from netcore.checks.wording import counted
from netcore.evidence import StoreError
from netcore.ledger import (
    Drift,
    Ledger,
    PinError,
    accept,
    build_ledger,
    claims_csv,
    compare_with_pins,
    ledger_json,
    write_ledger,
)
from netcore.paths import PathError, data_folder, paper_folder, project_root
from netcore.printed import ROUNDINGS, PrintedError, parse_printed
from netcore.study import PAPER_FILE, Study, StudyError
from netcore.study.comparison import compare_transcriptions, comparison_csv, comparison_text
from netcore.study.library import load_library, load_studies

__all__ = ["DONE", "DRIFTED", "REFUSED", "command_line", "main"]

DONE: Final = 0
DRIFTED: Final = 1
REFUSED: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``netcore``; those of the process by default.

    Returns
    -------
    int
        0 if all is well, 1 if a verdict differs from its pin, two
        transcriptions differ or a chapter fails, 2 if the input cannot be
        used.
    """
    parser = command_line()
    options = parser.parse_args(arguments)
    try:
        match options.command:
            case "verify":
                return _verify(options)
            case "compare":
                return _compare(options)
        return _run(options)
    except BrokenPipeError:  # whoever reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (StudyError, PinError, StoreError, PathError, OSError) as error:
        print(error, file=sys.stderr)
        return REFUSED


def command_line() -> argparse.ArgumentParser:
    """Return the parser of the command line, from which its reference is made as well.

    Returns
    -------
    ArgumentParser
        With one subparser for each command.

    Examples
    --------
    >>> command_line().parse_args(["verify", "--rounding", "truncate"]).rounding
    'truncate'
    """
    parser = argparse.ArgumentParser(
        prog="netcore", description="Check published papers number by number.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"netcore {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser(
        "verify",
        help="give every claim of some papers its verdict",
        description="Give every claim of some papers its verdict. Exit status 1 if a verdict differs from the pinned "
        "one, 2 if the data cannot be used.",
        allow_abbrev=False,
    )
    verify.add_argument(
        "papers",
        nargs="*",
        metavar="PAPER or FOLDER",
        help="key of a paper in data/, or any folder with paper.yaml and claims.csv; all papers by default",
    )
    verify.add_argument(
        "--format", choices=("text", "json", "csv"), default="text", help="what to print"
    )
    verify.add_argument(
        "--rounding", choices=tuple(ROUNDINGS), default="nearest", help="how the papers rounded"
    )
    verify.add_argument(
        "--alpha", type=_level, default=None, metavar="LEVEL", help="the level behind 'ns'"
    )
    verify.add_argument(
        "--repairs",
        action="store_true",
        help="search the small changes that would remove each conflict (seconds for each)",
    )
    verify.add_argument(
        "--write",
        type=Path,
        metavar="FOLDER",
        help="write ledger.json, claims.csv and findings.csv, and the files of each document",
    )
    verify.add_argument(
        "--accept",
        metavar="REASON",
        help="pin the present verdicts; the reason goes into the changelog of verdicts",
    )
    compare = commands.add_parser(
        "compare",
        help="compare two transcriptions of one paper, row by row",
        description="Compare two independent transcriptions of one paper, row by row, so that every difference can be "
        "settled against the text. Exit status 1 if they differ, 2 if one cannot be read.",
        allow_abbrev=False,
    )
    for name in ("first", "second"):
        compare.add_argument(
            name, metavar=f"{name.upper()}", help="key of a paper, or a folder with both files"
        )
    compare.add_argument("--format", choices=("text", "csv"), default="text", help="what to print")
    run = commands.add_parser(
        "run",
        help="execute chapters under other parameters",
        description="Execute chapters by papermill under other parameters.",
        allow_abbrev=False,
    )
    run.add_argument(
        "chapters", nargs="*", metavar="CHAPTER", help="names of chapters; all by default"
    )
    run.add_argument(
        "-p",
        dest="parameters",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="a parameter of the chapters, such as: -p rounding truncate",
    )
    run.add_argument(
        "-o",
        dest="output",
        type=Path,
        default=Path("build/run"),
        metavar="FOLDER",
        help="where the results go",
    )
    return parser


def _level(text: str) -> Fraction:
    try:
        value = parse_printed(text).number()
    except PrintedError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"found {text}, expected a number between 0 and 1")
    return value


def _studies(names: Sequence[str]) -> tuple[Study, ...]:
    """Load papers by key or folder, all of the book by default."""
    if not names:
        return load_library(data_folder()).studies
    given: dict[Path, Path] = {}
    for folder in (Path(name) if _is_folder(name) else paper_folder(name) for name in names):
        given.setdefault(folder.resolve(), folder)
    studies = load_studies(given.values())
    folders: dict[str, Path] = {}
    for study in studies:
        first = folders.setdefault(study.paper.key, study.folder)
        if first is not study.folder:
            where = f"in {first} and in {study.folder}"
            raise PathError(f"found the paper {study.paper.key} {where}, expected each key once")
    return studies


def _library(studies: Sequence[Study]) -> tuple[Study, ...]:
    """Return the documents of the book that are not among some studies, and those."""
    try:
        known = load_library(data_folder()).studies
    except PathError:  # away from the book, papers have only one another
        known = ()
    keys = {study.paper.key for study in studies}
    return (*studies, *(study for study in known if study.paper.key not in keys))


def _is_folder(name: str) -> bool:
    return "/" in name or "\\" in name or Path(name, PAPER_FILE).exists()


def _verify(options: argparse.Namespace) -> int:
    conventions = Conventions(options.rounding, options.alpha)
    default = conventions == Conventions()
    if options.accept is not None and not default:
        print(
            "--accept pins the verdicts of the default conventions: leave out --rounding and --alpha",
            file=sys.stderr,
        )
        return REFUSED
    studies = _studies(options.papers)
    ledger = build_ledger(
        studies,
        conventions,
        _library(studies) if options.papers else None,
        search=options.repairs,
    )
    if options.write is not None:
        from netcore.tables.document_files import write_documents

        write_ledger(ledger, options.write)
        write_documents(ledger, options.write)
    if options.accept is not None:
        changed = accept(ledger, options.accept, date.today())
        print(
            f"{len(changed)} verdicts pinned."
            if changed
            else "No verdict differs from its pin; nothing was written."
        )
        return DONE
    # Pins hold for the default conventions only.
    drifts = compare_with_pins(ledger) if default else ()
    if options.format == "json":
        print(ledger_json(ledger), end="")
    elif options.format == "csv":
        print(claims_csv(ledger), end="")
    elif options.write is None:
        print(_report(ledger))
    for line in _drift_report(drifts):
        print(line, file=sys.stderr)
    return DRIFTED if drifts else DONE


def _compare(options: argparse.Namespace) -> int:
    first, second = (_studies([name])[0] for name in (options.first, options.second))
    comparison = compare_transcriptions(first, second)
    if options.format == "csv":
        print(comparison_csv(comparison), end="")
    else:
        print(comparison_text(comparison, options.first, options.second))
    return DRIFTED if comparison.differences else DONE


def _report(ledger: Ledger) -> str:
    """Return the ledger for a terminal: counts, then what does not simply hold."""
    lines: list[str] = []
    for study in ledger.studies:
        key = study.paper.key
        counts = ledger.counts(key)
        lines.append(f"{key}: {counted(len(study.claims), 'claim')}")
        lines.extend(f"  {counts[verdict]:4d} {verdict.value}" for verdict in Verdict)
        for kind in ("conflict", "support"):
            for finding in ledger.findings:
                if (
                    finding.paper != key
                    or finding.kind != kind
                    or (kind == "support" and not finding.assumptions)
                ):
                    continue
                lines.extend(
                    ["", f"  [{'conflict' if kind == 'conflict' else 'conditional'}] {finding.id}"]
                )
                lines.append(f"    {finding.statement}")
                lines.extend(f"    would resolve it: {repair.change}" for repair in finding.repairs)
        lines.append("")
    lines.append("Every claim with its evidence: --format csv or --format json.")
    return "\n".join(lines)


def _drift_report(drifts: Sequence[Drift]) -> list[str]:
    if not drifts:
        return []
    verb = "verdict differs" if len(drifts) == 1 else "verdicts differ"
    return [
        f"{len(drifts)} {verb} from the pinned ones:",
        *(f"  {drift}" for drift in drifts),
        "If they are right, say why: netcore verify --accept 'the reason'",
    ]


def _run(options: argparse.Namespace) -> int:
    # Papermill takes a second to import, which 'verify' need not pay for.
    from netcore.publishing.execution import ChapterError, find_chapters, run_chapters
    from netcore.publishing.parameters import ParameterError

    try:
        chapters = find_chapters(project_root() / "chapters", options.chapters)
        run_chapters(chapters, dict(options.parameters), options.output)
    except ParameterError as error:
        print(error, file=sys.stderr)
        return REFUSED
    except ChapterError as error:
        print(error, file=sys.stderr)
        return DRIFTED
    return DONE


if __name__ == "__main__":
    sys.exit(main())
