"""Campaigns: draw studies, have the checks judge them, count the alarms.

The only file here that knows ``netcore``.
"""

from __future__ import annotations

import csv
import multiprocessing
import re
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Final

from netcore.checks import Conventions, Verdict
from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.plain_tests import (
    PLAIN_CORRELATION,
    PLAIN_LINE,
    PLAIN_PAIRED_TEST,
    PLAIN_TEST,
    PLAIN_TEST_OF_MEANS,
    TWO_VARIANCES,
)
from netcore.ledger import Ledger, build_ledger
from netcore.study import StudyError, load_study
from simulation.families import FAMILIES
from simulation.misprints import KINDS, plant
from simulation.papers import KEY, Paper
from simulation.seeds import study_seed

__all__ = ["Outcome", "draw", "judge", "judge_seed", "replay", "run_family"]

_LIMIT = 300.0  # seconds of computing for one study, after which it is given up


@dataclass(slots=True)
class Outcome:
    """What the checks said of one study, and of its misprints.

    Parameters
    ----------
    seed : int
        Seed of the study.
    claims : int
        How many values it prints.
    verdicts : dict of str to int
        How many values earned each verdict.
    alarms : tuple of str
        The statements of conflicts; a true study should have none.
    seconds : float
        Of computing, for the true study.
    failure : str
        Why the study was not judged; "" if it was.
    seen : dict of str to str
        By kind of misprint: ``conflict``, ``conditional`` or ``unseen``.
    failed : dict of str to str
        By kind of misprint, why the study with it was not judged.
    """

    seed: int
    claims: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()
    seconds: float = 0.0
    failure: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


class _OutOfTimeError(Exception):
    pass


def _out_of_time(_signal: int, _frame: FrameType | None) -> None:
    raise _OutOfTimeError(f"more than {_LIMIT:g} s")


def draw(family: str, seed: int) -> Paper:
    """Draw a study of a family.

    Parameters
    ----------
    family : str
        One of :data:`simulation.families.FAMILIES`.
    seed : int
        Seed of the study.

    Returns
    -------
    Paper
        What it prints; the same for the same seed.
    """
    return FAMILIES[family](Random(seed))


def judge(paper: Paper, folder: Path | None = None) -> Ledger:
    """Write the two files of a paper, load them, and run every check.

    Parameters
    ----------
    paper : Paper
        The paper.
    folder : Path, optional
        Where to write; a scratch folder that is removed by default.

    Returns
    -------
    Ledger
        The verdicts.
    """
    if folder is not None:
        study = load_study(paper.write(folder))
    else:
        scratch = Path(tempfile.mkdtemp(prefix="simulation-"))
        try:
            study = load_study(paper.write(scratch))
        finally:
            shutil.rmtree(scratch)
    return build_ledger([study], Conventions(rounding=paper.rounding))


_TRUE_HERE: Final = {
    NOT_REPLAYED,
    PLAIN_CORRELATION,
    PLAIN_LINE,
    PLAIN_PAIRED_TEST,
    PLAIN_TEST,
    PLAIN_TEST_OF_MEANS,
    TWO_VARIANCES,
}
"""What conflicts may assume and what holds of every study that is drawn: all its tests are plain."""


def _alarms(ledger: Ledger) -> tuple[str, ...]:
    found = [f"{one.check}: {one.statement}" for one in ledger.findings if one.kind == "conflict"]
    found += [
        f"inconsistent: {entry.claim.claim} prints {entry.claim.printed}"
        for entry in ledger.entries
        if entry.verdict is Verdict.INCONSISTENT
    ]
    # A conflict that rests on its own proof, and on what is true of all that is drawn, says as
    # much as one that is certified.
    found += [
        f"proved to conflict: {entry.claim.claim} prints {entry.claim.printed}"
        for entry in ledger.entries
        if entry.verdict is Verdict.CONDITIONAL
        and NOT_REPLAYED in entry.assumptions
        and set(entry.assumptions) <= _TRUE_HERE
    ]
    return tuple(found)


def _conditions(ledger: Ledger) -> set[tuple[str, tuple[str, ...]]]:
    """Return which values hold under an assumption only, and under which."""
    return {
        (entry.claim.claim, entry.assumptions)
        for entry in ledger.entries
        if entry.verdict is Verdict.CONDITIONAL
    }


def judge_seed(family: str, seed: int, *, with_misprints: bool = False) -> Outcome:
    """Judge one study, and perhaps the same study with each kind of misprint.

    Parameters
    ----------
    family : str
        One of the families.
    seed : int
        Seed of the study.
    with_misprints : bool
        Whether misprints are planted too.

    Returns
    -------
    Outcome
        What the checks said.  A failure of the checks is told, never raised.
    """
    outcome = Outcome(seed)
    paper = draw(family, seed)
    start = time.process_time()
    ledger, outcome.failure = _judged_or_failed(paper)
    outcome.seconds = time.process_time() - start
    if ledger is None:
        return outcome
    outcome.claims = len(ledger.entries)
    outcome.verdicts = {verdict.value: n for verdict, n in ledger.counts().items() if n}
    outcome.alarms = _alarms(ledger)
    if with_misprints and not outcome.alarms:
        _judge_misprints(outcome, paper, _conditions(ledger))
    return outcome


def _judged_or_failed(paper: Paper) -> tuple[Ledger | None, str]:
    """Return the verdicts, or why there are none: that is a result of the campaign too."""
    previous = signal.signal(signal.SIGPROF, _out_of_time)
    signal.setitimer(signal.ITIMER_PROF, _LIMIT)
    try:
        return judge(paper), ""
    except Exception as error:
        # Problems name the file by its path, which is nobody's business.
        said = re.sub(rf"\S*/{KEY}", KEY, str(error))
        return None, f"{type(error).__name__}: {said}".splitlines()[0]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def _judge_misprints(
    outcome: Outcome, paper: Paper, conditions: set[tuple[str, tuple[str, ...]]]
) -> None:
    for kind in KINDS:
        misprint = plant(paper, kind, Random(f"{outcome.seed}/{kind}"))
        if misprint is None:
            continue
        ledger, failure = _judged_or_failed(misprint.paper)
        if ledger is None and failure.startswith(f"{StudyError.__name__}:"):
            continue  # refused on loading, as survival of 750 %: no check has to see it
        if ledger is None:
            outcome.failed[kind] = failure
        elif _alarms(ledger):
            outcome.seen[kind] = "conflict"
        elif _conditions(ledger) - conditions:
            outcome.seen[kind] = "conditional"
        else:
            outcome.seen[kind] = "unseen"


def _judged(task: tuple[str, int, bool]) -> Outcome:
    family, seed, with_misprints = task
    return judge_seed(family, seed, with_misprints=with_misprints)


def run_family(
    family: str,
    campaign: int,
    studies: int,
    planted: int,
    *,
    processes: int,
    seconds: float = 0,
    first: int = 0,
) -> list[Outcome]:
    """Judge the studies of one family, side by side.

    Parameters
    ----------
    family : str
        One of the families.
    campaign : int
        Seed of the campaign.
    studies : int
        How many studies.
    planted : int
        In how many of these misprints are planted as well.
    processes : int
        How many processes work.
    seconds : float
        After which no further study is waited for; 0 for no limit.
    first : int
        How many of the studies were judged before, and are left out.

    Returns
    -------
    list of Outcome
        In the order of the studies; of the same studies for the same campaign, of which a
        limit leaves the first ones.
    """
    every = max(1, studies // planted) if planted else 0
    tasks = [
        (family, study_seed(campaign, family, index), bool(every) and index % every == 0)
        for index in range(first, studies)
    ]
    found: list[Outcome] = []
    start = shown = time.monotonic()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        arriving = pool.imap(_judged, tasks)
        while len(found) < len(tasks):
            try:
                outcome = arriving.next(timeout=1)
            except multiprocessing.TimeoutError:
                pass
            else:
                found.append(outcome)
                told = [*outcome.alarms[:1], outcome.failure]
                told += [f"with {kind}: {failure}" for kind, failure in outcome.failed.items()]
                for words in filter(None, told):
                    print(f"\n{family} {outcome.seed}: {words}", file=sys.stderr)
            now = time.monotonic()
            if now - shown > 5 or len(found) == len(tasks):
                shown = now
                progress = f"{family}: {first + len(found)} of {studies}, {now - start:.0f} s"
                print(f"\r{progress}", end="", file=sys.stderr, flush=True)
            if seconds and now - start > seconds:
                break  # leaving the block ends the workers
    print(file=sys.stderr)
    return found


def replay(family: str, seed: int, folder: Path) -> tuple[Paper, Ledger]:
    """Write the files of one study and its patients, and judge it.

    Parameters
    ----------
    family : str
        One of the families.
    seed : int
        Seed of the study.
    folder : Path
        Where its folder is made.

    Returns
    -------
    paper : Paper
        The study, with notes on how it was printed.
    ledger : Ledger
        What the checks say.
    """
    paper = draw(family, seed)
    folder.mkdir(parents=True, exist_ok=True)
    records = paper.cohort.records()
    with (folder / "made-up-patients.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    return paper, judge(paper, folder)
