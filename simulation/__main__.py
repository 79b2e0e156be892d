"""``python -m simulation``: run a campaign, or replay one study of it."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulation.families import FAMILIES
from simulation.reporting import campaign_report, report_lines, with_tables
from simulation.run import replay, run_family

ROOT = Path(__file__).resolve().parent.parent

# Studies of each family, and in how many of them misprints are planted.
FULL = {
    "counts": (60_000, 300),
    "moments": (40_000, 300),
    "quantiles": (5_000, 200),
    "ranks": (5_000, 200),
    "mean_tests": (1_500, 100),
    "partitions": (1_500, 100),
    "survival": (2_000, 300),
    "regression": (2_000, 300),
    "kitchen_sink": (300, 20),
}
QUICK = {
    "counts": (400, 20),
    "moments": (600, 30),
    "quantiles": (600, 30),
    "ranks": (400, 20),
    "mean_tests": (400, 20),
    "partitions": (200, 10),
    "survival": (100, 10),
    "regression": (200, 20),
    "kitchen_sink": (60, 5),
}
_QUICK_MINUTES = 3.0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulation",
        description="Publish made-up patients truly, and count the conflicts that the checks find.",
    )
    parser.add_argument("--quick", action="store_true", help="a short run, for every change")
    parser.add_argument("--seed", type=int, default=1, help="seed of the campaign (default 1)")
    parser.add_argument("--family", choices=list(FAMILIES), action="append", help="only these")
    parser.add_argument("--studies", type=int, help="how many of each family")
    parser.add_argument("--planted", type=int, help="in how many of them misprints are planted")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument(
        "--minutes", type=float, help="for all families; ends a campaign before its last study"
    )
    parser.add_argument(
        "--report",
        type=Path,
        help="file to write the report to, as JSON; with --family, other families in it stay",
    )
    parser.add_argument("--page", type=Path, help="page whose tables are to show the report")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on after the studies that the report has, and add to it",
    )
    parser.add_argument("--date", default="", help="the day to be written in the report")
    parser.add_argument(
        "--replay",
        nargs=2,
        metavar=("FAMILY", "SEED"),
        help="write one study and print its findings",
    )
    parser.add_argument("--folder", type=Path, help="where --replay writes (a new folder)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process by default.

    Returns
    -------
    int
        0 if there was neither an alarm nor a failure.
    """
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.replay:
        family, seed = chosen.replay
        if family not in FAMILIES or not seed.isdigit():
            parser.error(f"found --replay {family} {seed}, expected a family and a whole number")
        return _replay(family, int(seed), chosen.folder)
    if (chosen.report or chosen.page) and not chosen.date:
        parser.error("found a report without --date, expected the day of the campaign")
    sizes = QUICK if chosen.quick else FULL
    names = list(dict.fromkeys(chosen.family or FAMILIES))
    minutes = _QUICK_MINUTES if chosen.quick and chosen.minutes is None else chosen.minutes
    if chosen.resume and not (chosen.report and chosen.report.exists()):
        parser.error("found --resume without a report, expected --report with the one to add to")
    kept = None
    if (chosen.family or chosen.resume) and chosen.report and chosen.report.exists():
        kept = json.loads(chosen.report.read_text(encoding="utf-8"))
    start = time.monotonic()
    families = {}
    for position, family in enumerate(names):
        studies, planted = sizes[family]
        # What one family leaves of its share of the time, the others have.
        left = 60 * (minutes or 0) - (time.monotonic() - start)
        families[family] = run_family(
            family,
            chosen.seed,
            studies if chosen.studies is None else chosen.studies,
            planted if chosen.planted is None else chosen.planted,
            processes=chosen.processes,
            seconds=max(left / (len(names) - position), 1) if minutes else 0,
            first=_judged_before(kept, family, chosen.seed) if chosen.resume else 0,
        )
    report = campaign_report(
        families,
        campaign=chosen.seed,
        date=chosen.date,
        root=ROOT,
        kept=kept,
        resumed=chosen.resume,
    )
    print(*report_lines(report), sep="\n")
    if chosen.report:
        text = json.dumps(report, indent=1, ensure_ascii=False)
        chosen.report.write_text(text + "\n", encoding="utf-8")
    if chosen.page:
        page = with_tables(chosen.page.read_text(encoding="utf-8"), report)
        chosen.page.write_text(page, encoding="utf-8")
    return 1 if report["alarms"] or report["failures"] else 0


def _judged_before(report: Mapping[str, Any] | None, family: str, campaign: int) -> int:
    """Return how many studies of a family a report has."""
    found = (report or {"families": {}})["families"].get(family)
    if found is None:
        return 0
    if found["campaign"] != campaign:
        raise SystemExit(f"found campaign {found['campaign']} of {family}, expected {campaign}")
    return int(found["drawn"])


def _replay(family: str, seed: int, folder: Path | None) -> int:
    where = folder or Path(tempfile.mkdtemp(prefix="simulation-"))
    paper, ledger = replay(family, seed, where)
    print(f"{where}, judged under rounding: {paper.rounding}")
    print(*(f"  {note}" for note in paper.notes), sep="\n")
    conflicts = [finding for finding in ledger.findings if finding.kind == "conflict"]
    for finding in ledger.findings:
        if finding.kind != "note":
            print(f"{finding.kind}: {finding.id}: {finding.statement}")
    print(f"{len(conflicts)} conflicts")
    return 1 if conflicts else 0


if __name__ == "__main__":
    sys.exit(main())
