"""The steps of the workflow, one line on the terminal each.

``python -m netcore.publishing evidence FILE`` makes sure that the stored evidence
is of the present data, ``... ledger FOLDER`` writes the ledger, ``... chapter``
executes a chapter, ``... stage`` lays out the sources of the site, and
``... site`` builds it.  ``... pdf FILE`` draws the built book as one PDF, and
``... addresses`` adds those of the built site to the list of what stays.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from pathlib import Path

from netcore.evidence import COMMAND, StaleEvidenceError, stale_papers
from netcore.evidence.robustness import robustness_of_other_code, stale_robustness
from netcore.publishing.execution import ChapterError, execute_chapter
from netcore.publishing.pdf import PdfError, write_pdf
from netcore.publishing.site import SiteError, build_site
from netcore.publishing.stable_addresses import ADDRESSES, record_addresses, stable_addresses
from netcore.publishing.staging import read_pages, stage_site, write_manifest
from netcore.study import StudyError

BUILD = Path("build")
STAGED = BUILD / "book"
SITE = Path("_build", "html")


class LedgerError(Exception):
    """A ledger that could not be written."""


def check_evidence(report: Path) -> None:
    """Stop the book where stored evidence is not of the present data.

    Only digests are compared, so that it takes no time; that every proof
    holds is for ``verify_evidence.py`` and the tests.

    Parameters
    ----------
    report : Path
        Where the keys of the papers go whose evidence is current.

    Raises
    ------
    StaleEvidenceError
        If that of any paper is not; names the papers and the command.
    """
    from netcore.paths import data_folder
    from netcore.study.library import load_library

    studies = load_library(data_folder()).studies
    stale = stale_papers(studies)
    if stale:
        raise StaleEvidenceError(
            f"The stored evidence is not of the present data of {', '.join(stale)}: run `{COMMAND}`."
        )
    if stale := stale_robustness(studies):
        raise StaleEvidenceError(
            f"The stored verdicts under other conventions are not of the present data of "
            f"{', '.join(stale)}: run `{COMMAND}`."
        )
    if robustness_of_other_code(studies):
        # Most changes of code change no verdict; where one does, its page stops the book.
        print(f"  verdicts under other conventions are of other code: `{COMMAND}`", flush=True)
    report.parent.mkdir(parents=True, exist_ok=True)
    keys = "".join(f"{study.paper.key}\n" for study in studies)
    report.write_text(keys, encoding="utf-8", newline="")


def write_ledger(folder: Path) -> None:
    """Write the ledger, with what it says on the way going to the log.

    A verdict that differs from its pin does not stop the book, since whoever
    changed a claim wants to see what came of it; it is said aloud, and
    ``netcore verify`` and the tests fail on it.

    Parameters
    ----------
    folder : Path
        Where ``ledger.json`` and its tables go.

    Raises
    ------
    LedgerError
        If the data cannot be used.
    """
    from netcore.cli import DONE, DRIFTED
    from netcore.cli import main as netcore

    with contextlib.redirect_stdout(sys.stderr):
        status = netcore(["verify", "--write", str(folder)])
    if status == DRIFTED:
        print("  verdicts differ from the pinned ones: `netcore verify` says which", flush=True)
    elif status != DONE:
        raise LedgerError(
            f"The ledger failed: `netcore verify` ended with status {status}.\n"
            f"  log       {BUILD / 'logs' / 'ledger.log'}"
        )


def main(arguments: list[str] | None = None) -> int:
    """Run one step of the workflow in the folder of the book.

    Parameters
    ----------
    arguments : list of str, optional
        The command line; that of the process by default.

    Returns
    -------
    int
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m netcore.publishing")
    steps = parser.add_subparsers(dest="step", required=True)
    evidence = steps.add_parser("evidence", help="make sure that the stored evidence is current")
    evidence.add_argument("report", type=Path)
    ledger = steps.add_parser("ledger", help="write the ledger")
    ledger.add_argument("folder", type=Path)
    chapter = steps.add_parser("chapter", help="execute a chapter")
    chapter.add_argument("source", type=Path)
    chapter.add_argument("output", type=Path)
    stage = steps.add_parser("stage", help="lay out the sources of the site")
    stage.add_argument("manifest", type=Path)
    site = steps.add_parser("site", help="build the site")
    site.add_argument("manifest", type=Path)
    site.add_argument("site", type=Path)
    site.add_argument("log", type=Path)
    pdf = steps.add_parser("pdf", help="draw the built book as one PDF")
    pdf.add_argument("file", type=Path)
    steps.add_parser("addresses", help="add the addresses of the built site to those that stay")
    options = parser.parse_args(arguments)

    start = time.monotonic()
    name = options.step
    try:
        if options.step == "evidence":
            check_evidence(options.report)
        elif options.step == "ledger":
            write_ledger(options.folder)
        elif options.step == "chapter":
            name = f"chapter {options.source.stem}"
            read_at = time.time()
            execute_chapter(options.source, options.output, private=BUILD / "kernel")
            # What is edited while the chapter runs is newer than its result.
            os.utime(options.output, (read_at, read_at))
        elif options.step == "stage":
            manifest = stage_site(Path(), BUILD / "chapters", BUILD / "ledger", STAGED)
            write_manifest(manifest, options.manifest)
        elif options.step == "pdf":
            write_pdf(Path(), SITE, options.file)
            name = f"pdf {options.file}"
        elif options.step == "addresses":
            new = record_addresses(ADDRESSES, stable_addresses(SITE, read_pages(Path())))
            name = f"addresses, {new} of them new"
        else:
            build_site(STAGED, options.manifest, options.site, options.log)
    except (
        ChapterError,
        LedgerError,
        PdfError,
        SiteError,
        StaleEvidenceError,
        StudyError,
    ) as error:
        # The short message is for the terminal; standard error is the log.
        print(f"\n{error}\n", flush=True)
        print(getattr(error, "detail", ""), file=sys.stderr)
        return 1
    print(f"  {name:<32} {time.monotonic() - start:5.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
