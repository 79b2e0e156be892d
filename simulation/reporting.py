"""The report of a campaign: what was judged, what was seen, and the bound that follows."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from simulation.families import FAMILIES

__all__ = [
    "Judged",
    "campaign_report",
    "family_report",
    "page_tables",
    "rate_bound",
    "report_lines",
    "together",
    "with_tables",
]

_SLOWEST = 5
SEEN = ("conflict", "conditional", "unseen")
_TITLES = {"mean_tests": "tests of means", "kitchen_sink": "everything"}
_START, _END = "% Written by `make simulate`.", "% Until here."


class Judged(Protocol):
    """What is reported of one study."""

    seed: int
    claims: int
    verdicts: dict[str, int]
    alarms: tuple[str, ...]
    seconds: float
    failure: str
    seen: dict[str, str]
    failed: dict[str, str]


def rate_bound(studies: int) -> float | None:
    """Return the upper 95 % limit of a rate of which nothing was seen: the rule of three.

    Examples
    --------
    >>> rate_bound(300), rate_bound(0)
    (0.01, None)
    """
    return 3 / studies if studies else None


def family_report(outcomes: Sequence[Judged]) -> dict[str, Any]:
    """Sum up the studies of one family.

    Parameters
    ----------
    outcomes : sequence of Judged
        What the checks said.

    Returns
    -------
    dict
        Plain JSON values.
    """
    judged = [one for one in outcomes if not one.failure]
    alarmed = [one for one in judged if one.alarms]
    verdicts: Counter[str] = Counter()
    for one in judged:
        verdicts.update(one.verdicts)
    slowest = sorted(judged, key=lambda one: -one.seconds)[:_SLOWEST]
    return {
        "drawn": len(outcomes),
        "studies": len(judged),
        "claims": sum(one.claims for one in judged),
        "alarms": len(alarmed),
        "alarm_seeds": [one.seed for one in alarmed],
        "failures": {
            str(one.seed): one.failure or "; ".join(f"{k}: {why}" for k, why in one.failed.items())
            for one in outcomes
            if one.failure or one.failed
        },
        "rate_bound": None if alarmed else rate_bound(len(judged)),
        "verdicts": dict(verdicts.most_common()),
        "misprints": _power(judged),
        "seconds": round(sum(one.seconds for one in judged), 1),
        "slowest": [{"seed": one.seed, "seconds": round(one.seconds, 3)} for one in slowest],
    }


def _power(outcomes: Iterable[Judged]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for one in outcomes:
        for kind, seen in one.seen.items():
            found.setdefault(kind, Counter())[seen] += 1
    return {
        kind: {"planted": sum(seen.values()), **{name: seen[name] for name in SEEN}}
        for kind, seen in sorted(found.items())
    }


def _digest(folder: Path) -> str:
    """Return a short hash of all Python files of a folder."""
    digest = sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def campaign_report(
    families: Mapping[str, Sequence[Judged]],
    *,
    campaign: int,
    date: str,
    root: Path,
    kept: Mapping[str, Any] | None = None,
    resumed: bool = False,
) -> dict[str, Any]:
    """Return the report of a campaign.

    Parameters
    ----------
    families : mapping of str to sequence of Judged
        What the checks said of each family.
    campaign : int
        Its seed.
    date : str
        The day, as the caller says.
    root : Path
        Of the project, whose code is identified by its hashes.
    kept : mapping, optional
        An earlier report, whose other families stay as they are: each says by itself
        when, and by which code, it was judged.
    resumed : bool
        Whether the studies come after those of the earlier report, and are added to them.

    Returns
    -------
    dict
        Plain JSON values, without anything of the machine but versions.
    """
    made = {
        "date": date,
        "campaign": campaign,
        "versions": {
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "scipy": version("scipy"),
        },
        "code": [{name: _digest(root / name) for name in ("netcore", "simulation")}],
    }
    new = {name: {**made, **family_report(outcomes)} for name, outcomes in families.items()}
    old = dict(kept["families"]) if kept else {}
    if resumed:
        new = {name: together(old[name], new[name]) if name in old else new[name] for name in new}
    reports = {name: new.get(name) or old[name] for name in _in_order({**old, **new})}
    studies = sum(report["studies"] for report in reports.values())
    alarms = sum(report["alarms"] for report in reports.values())
    return {
        "studies": studies,
        "alarms": alarms,
        "failures": sum(len(report["failures"]) for report in reports.values()),
        "rate_bound": None if alarms else rate_bound(studies),
        "families": reports,
    }


def together(first: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """Add up two reports of a family, of studies that follow one another.

    Parameters
    ----------
    first, then : mapping
        Parts of :func:`campaign_report`, of the same campaign.

    Returns
    -------
    dict
        One report, of the later day; with every version of the code that judged a part.
    """
    verdicts = Counter(first["verdicts"])
    verdicts.update(then["verdicts"])
    misprints: dict[str, Counter[str]] = {}
    for part in (first, then):
        for kind, seen in part["misprints"].items():
            misprints.setdefault(kind, Counter()).update(seen)
    slowest = sorted((*first["slowest"], *then["slowest"]), key=lambda one: -float(one["seconds"]))
    studies, alarms = (first[name] + then[name] for name in ("studies", "alarms"))
    code = [*first["code"], *(one for one in then["code"] if one not in first["code"])]
    return {
        **then,
        "code": code,
        "drawn": first["drawn"] + then["drawn"],
        "studies": studies,
        "claims": first["claims"] + then["claims"],
        "alarms": alarms,
        "alarm_seeds": [*first["alarm_seeds"], *then["alarm_seeds"]],
        "failures": {**first["failures"], **then["failures"]},
        "rate_bound": None if alarms else rate_bound(studies),
        "verdicts": dict(verdicts.most_common()),
        "misprints": {kind: dict(seen) for kind, seen in sorted(misprints.items())},
        "seconds": round(first["seconds"] + then["seconds"], 1),
        "slowest": slowest[:_SLOWEST],
    }


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=[*FAMILIES].index)


def report_lines(report: Mapping[str, Any]) -> Iterable[str]:
    """Yield a report as lines of text.

    Parameters
    ----------
    report : mapping
        From :func:`campaign_report`.

    Yields
    ------
    str
        One line for each family and kind of misprint, and one for all.
    """
    for name, found in report["families"].items():
        yield (
            f"{name:<13} {found['studies']:>7} studies {found['claims']:>9} values "
            f"{found['alarms']:>3} alarms {len(found['failures']):>3} failures "
            f"{found['seconds']:>8} s"
        )
        for kind, seen in found["misprints"].items():
            shares = ", ".join(f"{seen[one] / seen['planted']:4.0%} {one}" for one in SEEN)
            yield f"    {kind:<28} {seen['planted']:>6} planted: {shares}"
    bound = report["rate_bound"]
    said = f"; the rate of alarms is below {bound:.2g} (95 %)" if bound else ""
    yield f"{report['studies']} studies, {report['alarms']} alarms{said}"


def page_tables(report: Mapping[str, Any]) -> str:
    """Write a report as it stands on the page about the simulation.

    Parameters
    ----------
    report : mapping
        From :func:`campaign_report`.

    Returns
    -------
    str
        A sentence and two tables in Markdown: the families, and the kinds of misprints.
    """
    bound = report["rate_bound"]
    said = f", so the rate of alarms is below {bound:.2g}" if bound else ""
    alarms = f"{report['alarms']} alarms" if report["alarms"] else "no alarm"
    dates = sorted(found["date"] for found in report["families"].values())
    lines = [
        f"Judged by {dates[-1]}: {report['studies']} studies, {alarms}{said}.",
        "",
        "| family | studies | values | alarms | rate below |",
        "|---|---:|---:|---:|---:|",
    ]
    kinds: dict[str, Counter[str]] = {}
    for name, found in report["families"].items():
        limit = f"{found['rate_bound']:.2g}" if found["rate_bound"] else ""
        cells = (found["studies"], found["claims"], found["alarms"], limit)
        lines.append(f"| {_TITLES.get(name, name)} | {' | '.join(map(str, cells))} |")
        for kind, seen in found["misprints"].items():
            kinds.setdefault(kind, Counter()).update(seen)
    lines += ["", "| misprint | planted | conflict | conditional | unseen |"]
    lines.append("|---|---:|---:|---:|---:|")
    for kind, seen in sorted(kinds.items()):
        shares = " | ".join(f"{seen[one] / seen['planted']:.0%}" for one in SEEN)
        lines.append(f"| {kind} | {seen['planted']} | {shares} |")
    return "\n".join(lines)


def with_tables(page: str, report: Mapping[str, Any]) -> str:
    """Return a page with the tables of a report in the place that it marks.

    Parameters
    ----------
    page : str
        The text of the page.
    report : mapping
        From :func:`campaign_report`.

    Returns
    -------
    str
        The page; what stood there before is gone.

    Raises
    ------
    ValueError
        If the page does not mark the place.
    """
    before, start, rest = page.partition(_START)
    _, end, after = rest.partition(_END)
    if not start or not end:
        raise ValueError(f"found no lines {_START!r} and {_END!r}, expected both in the page")
    return f"{before}{_START}\n\n{page_tables(report)}\n\n{_END}{after}"
