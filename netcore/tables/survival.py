"""Figures of survival for a chapter: what the printed numbers leave possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from netcore.checks import Conventions
from netcore.checks.answers import Answer
from netcore.checks.survival.curve_questions import CurvesAsked, asked_curves, asked_endpoints
from netcore.checks.survival.times import Arm, longest_follow_up, longest_in_words
from netcore.checks.wording import counted, listed, variable_title
from netcore.evidence import StoredAnswers, evidence_folder
from netcore.stats.survival.curves import Observation, kaplan_meier
from netcore.study import Study

if TYPE_CHECKING:
    from netcore.figures.plot import Plot
    from netcore.figures.survival import SurvivalBand, SurvivalCurve
    from netcore.tables.chapter import Chapter

__all__ = ["endpoints_figure", "survival_figure"]

_MEANS: Final[Mapping[tuple[str, str], str]] = {
    (
        "restricted",
        "se",
    ): "the area under the curve up to the last observation, ± its standard error",
    ("observed", "se"): "the mean of all times of observation, ± its standard error",
    ("observed", "sd"): "the mean of all times of observation, ± their standard deviation",
    ("event_times", "se"): "the mean time of those who died, ± its standard error",
    ("event_times", "sd"): "the mean time of those who died, ± its standard deviation",
}
_OUTCOMES: Final[Mapping[str, str]] = {
    "infeasible": "no patients can have these numbers",
    "feasible": "no patients were found",
    "open": "no patients were found",
}
_CONSTRUCTED: Final = (
    "The patients behind the lines are constructed; they are not those of the study."
)


def _answer(chapter: Chapter, asked: CurvesAsked) -> Answer:
    """Return the answer from the store, or work it out."""
    return StoredAnswers(evidence_folder(chapter.study))(asked.method, asked.question)


def _conventions(chapter: Chapter) -> Conventions:
    return chapter.ledger.conventions


def _band(label: str, found: Mapping[str, Any]) -> SurvivalBand:
    from netcore.figures.survival import SurvivalBand

    times, low, high = (
        tuple(float(Fraction(value)) for value in found[name]) for name in ("times", "low", "high")
    )
    return SurvivalBand(label, times, low, high)


def _curve(label: str, ends: Sequence[tuple[Fraction, bool]]) -> SurvivalCurve:
    from netcore.figures.survival import SurvivalCurve

    steps = kaplan_meier(Observation(time, event) for time, event in ends)
    return SurvivalCurve(
        label,
        tuple((float(step.time), float(step.rate)) for step in steps if step.events),
        tuple(float(time) for time, _ in ends),
    )


def _title(study: Study, arm: Arm) -> str:
    return study.populations[arm.population].title or arm.population


def _variable(study: Study, variable: str) -> str:
    return study.variables[variable].title or variable


def _printed(arm: Arm) -> tuple[tuple[float, float], ...]:
    """Return the printed points of a curve: rates at their times, a median at one half."""
    points = []
    for value in arm.values:
        low, high = value.window.low, value.window.high
        if low is None or high is None:
            continue
        if value.name == "survival" and value.at is not None:
            points.append((float(value.at.time), min(1.0, float(low + high) / 2)))
        elif value.name == "median":
            points.append((float(low + high) / 2, 0.5))
    return tuple(points)


def survival_figure(
    chapter: Chapter, location: str, variable: str, *, name: str, caption: str
) -> Plot:
    """Draw the curves that some groups can have, as one place of a paper prints them.

    Parameters
    ----------
    chapter : Chapter
        The chapter.
    location, variable : str
        Where, and what time; keys of ``paper.yaml``.
    name : str
        Name of the figure, unique in the page.
    caption : str
        What the figure shows.

    Returns
    -------
    Plot
        For each group the band of all possible curves and some constructed patients inside it;
        the note says what the mean was taken to be, and which meanings are excluded.
    """
    from netcore.figures.survival import SurvivalPanel, survival_plot

    study = chapter.study
    asked = asked_curves(study, _conventions(chapter), location, variable, chapter.seed)
    found: Any = _answer(chapter, asked)
    panels = []
    for arm, group in zip(asked.arms, found["groups"], strict=True):
        curves = tuple(
            _curve(f"Set {letter}", [(Fraction(time), bool(event)) for time, event in patients])
            for letter, patients in zip("ABC", group["patients"], strict=False)
        )
        band = _band("Possible:", group["band"])
        title = f"{_title(study, arm)}, {counted(arm.sizes[0], 'patient')}"
        panels.append(SurvivalPanel(title, (band,), curves, _printed(arm)))
    notes = [
        "Shaded: where every curve with these numbers lies, as far as somebody is followed; the "
        "square is the printed median.",
        *(
            _ways(_title(study, arm), group["ways"])
            for arm, group in zip(asked.arms, found["groups"], strict=True)
        ),
        _with_p(study, asked, has_p=found["has_p"]),
        *_follow_up(study, asked.arms),
        _CONSTRUCTED,
    ]
    return survival_plot(
        panels,
        name=name,
        caption=caption,
        unit=study.variables[variable].unit or "time",
        axis_label=_variable(study, variable),
        note=" ".join(filter(None, notes)),
    )


def _ways(title: str, ways: Sequence[Mapping[str, Any]]) -> str:
    """Say what a mean was taken to be, and what came of the other meanings."""
    tried = [way for way in ways if way["way"] is not None]
    parts = []
    for way in tried:
        words = _MEANS[way["way"]["mean"], way["way"]["spread"]]
        if way["status"] == "found":
            parts.append(f"the mean is drawn as {words}")
        else:
            parts.append(f"with the mean as {words} {_OUTCOMES[way['status']]}")
    return f"{title}: {'; '.join(parts)}." if parts else ""


def _follow_up(study: Study, arms: Sequence[Arm]) -> Iterator[str]:
    """Yield how long the constructed patients are followed at most, and whether that is assumed."""
    found = (longest_follow_up(study, arm.variable, arm.population) for arm in arms)
    for limit in dict.fromkeys(one for one in found if one is not None):
        variable = arms[0].variable
        unit = study.variables[variable].unit or ""
        text = (
            "In bands and lines nobody is followed for longer than "
            f"{longest_in_words(limit.longest, unit)}, which is from the first printed date of the "
            "patients to the last date that the paper prints"
        )
        if not limit.is_certain:
            text += (
                f". This is an assumption, as the paper does not say that {variable_title(study, variable)} is "
                "counted from one of these dates; without it more curves are possible"
            )
        yield f"{text}."


def _with_p(study: Study, asked: CurvesAsked, *, has_p: bool) -> str:
    claim = asked.p[0]
    if claim is None:
        return ""
    printed = study.printed(claim).text
    sign = "" if printed[:1] in "<>≤≥" else "= "
    if has_p:
        return f"Set A of both groups together has p {sign}{printed} by the log-rank test."
    return f"No two sets with p {sign}{printed} by the log-rank test were found."


def endpoints_figure(
    chapter: Chapter, location: str, earlier: str, later: str, *, name: str, caption: str
) -> Plot:
    """Draw two endpoints of the same constructed patients, as one place of a paper prints them.

    Parameters
    ----------
    chapter : Chapter
        The chapter.
    location : str
        Where; a key of ``paper.yaml``.
    earlier, later : str
        The times: progression (or death), and death.
    name : str
        Name of the figure, unique in the page.
    caption : str
        What the figure shows.

    Returns
    -------
    Plot
        A panel for each endpoint, with the bands of both groups.
    """
    from netcore.figures.survival import SurvivalPanel, survival_plot

    study = chapter.study
    asked = asked_endpoints(study, _conventions(chapter), location, earlier, later, chapter.seed)
    found: Any = _answer(chapter, asked)
    panels = []
    for which, variable in enumerate((earlier, later)):
        arms = asked.arms[2 * which : 2 * which + 2]
        names = [_title(study, arm) for arm in arms]
        curves = tuple(
            _curve(
                title, sorted((Fraction(row[2 * which]), bool(row[2 * which + 1])) for row in rows)
            )
            for title, rows in zip(names, found["patients"] or (), strict=False)
        )
        bands = tuple(
            _band(f"Possible, {title}:", band)
            for title, band in zip(names, found["bands"][which], strict=True)
        )
        points = tuple(point for arm in arms for point in _printed(arm))
        panels.append(SurvivalPanel(_variable(study, variable), bands, curves, points))
    ps = listed([study.printed(claim).text for claim in asked.p if claim is not None], "and")
    if found["patients"] is None:
        said = "No patients with both endpoints were found."
    else:
        said = (
            "The lines are the same patients in both panels: nobody dies before progressing, the "
            f"log-rank test gives p = {ps}, and somebody is still followed at each printed rate."
        )
    return survival_plot(
        panels,
        name=name,
        caption=caption,
        unit=study.variables[earlier].unit or "time",
        axis_label="Time",
        note=f"Shaded: where every curve with the printed rate (square) lies. {said} {_CONSTRUCTED}",
    )
