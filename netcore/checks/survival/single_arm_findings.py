"""What is said of an arm of survival, and what it means for the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, sqrt
from typing import Any, Final

from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.survival.single_arm_questions import ENOUGH
from netcore.checks.survival.times import Arm, TimeValue, longest_in_words
from netcore.checks.wording import counted, listed, place, population_title, quoted, variable_title
from netcore.printed import Interval, format_fraction
from netcore.stats.survival.medians import MEDIANS
from netcore.study import Claim, Study

__all__ = ["CHECK", "Asked", "at_odds", "fitting", "unsettled"]

CHECK: Final = "survival"

_NAMES: Final = {
    "median": "median", "mean": "mean", "rmean": "mean", "sd": "±", "std.error": "±",
    "survival": "", "survival.std.error": "standard error", "n.risk": "at risk",
    "n.event": "events", "n.censor": "censored",
}  # fmt: skip
_MEANS: Final = {
    "restricted": "the mean is the area under the curve up to the last observation",
    "restricted_earlier": "the mean is the area under the curve up to a time before the last observation of this group",
    "observed": "the mean is that of all times of observation, however they ended",
    "event_times": "the mean is that of the times of those who had the event",
}
_SPREADS: Final = {
    "std.error": "its standard error",
    "sd": "the standard deviation of these times",
}
_ESTIMATORS: Final = {
    "crude": "a share of all patients",
    "followed": "a share of those whose state at the time is known",
    "eligible": "a share of those who entered early enough",
    "actuarial": "a life-table estimate",
    "fleming_harrington": "an estimate from the cumulative hazard",
    "cumulative_incidence": "1 minus a cumulative incidence beside other events",
}
_ERRORS: Final = {
    "binomial": "√(S(1 − S)/n) of all patients",
    "binomial_at_risk": "√(S(1 − S)/r) of those at risk",
    "peto": "S√((1 − S)/r) of those at risk",
}
_OTHER_ERROR: Final = (
    "by none of the usual formulas (Greenwood's, Peto's, that of a share), or of more patients"
)
_ONE_CURVE: Final = "these are values of one unweighted Kaplan-Meier estimate of the same patients"
_FROM_START: Final = "everybody is followed from the start of the time (no late entry)"
_ONCE: Final = "each of them has the event once at most"
_ANOTHER: Final = (
    "another estimate (weighted, adjusted, from a model, or with patients who entered late)"
)
_SEVERAL: Final = "these are not values of one estimate of the same patients"
_SETTLED_BY: Final = (
    "The patients' times, or how the rate, the median and the mean were estimated.",
)
_SETTLED_BY_DIGITS: Final = (
    "The patients' times, or how these values were estimated and rounded.",
)
_ROUNDED: Final = {"truncate": "cut off", "ceiling": "rounded up", "any": ""}
_TO_NEAREST: Final = "rounded to the nearest"


@dataclass(frozen=True, slots=True)
class Asked:
    """One reading of an arm, its question and the answer.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Under which it is read.
    arm : Arm
        The reading.
    values : tuple of TimeValue
        In the order of the question.
    question, answer : Mapping
        Plain JSON values.
    """

    study: Study
    conventions: Conventions
    arm: Arm
    values: tuple[TimeValue, ...]
    question: Mapping[str, Any]
    answer: Mapping[str, Any]

    @property
    def outcome(self) -> str:
        """What the search came to."""
        return str(self.answer["outcome"])

    @property
    def is_excluded(self) -> bool:
        """Whether no curve has the values."""
        return self.outcome in ("no curve", "no area")

    @property
    def rounding(self) -> str:
        """How digits are taken to be rounded: ``rounded to the nearest``; empty if in any way."""
        return _ROUNDED.get(self.conventions.rounding, _TO_NEAREST)

    @property
    def needed(self) -> tuple[TimeValue, ...]:
        """The values that no curve has together."""
        return tuple(self.values[place] for place in self.answer["needed"])

    @property
    def title(self) -> str:
        """Which time, and whose."""
        variable = variable_title(self.study, self.arm.variable)
        return f"{variable}, {population_title(self.study, self.arm.population)}"

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the constructed patients assume: at most one text."""
        ways = [text for fit in self.answer["fits"] if (text := self._assumed(fit))]
        if any(not self._assumed(fit) for fit in self.answer["fits"]):
            ways = []
        found = [", or ".join(dict.fromkeys(ways))] if ways else []
        for value, fits in self.left_out:
            others = [_ERRORS[name] for name in _ERRORS if fits[name]]
            other = listed(others, "or") if others else _OTHER_ERROR
            found.append(f"{said(self.study, value)} is {other}")
        return tuple(found)

    @property
    def left_out(self) -> tuple[tuple[TimeValue, Mapping[str, bool]], ...]:
        """Standard errors that the patients were not asked for, with the formulas that give them."""
        return tuple(
            (self.values[int(key)], fits)
            for key, fits in self.answer.get("errors", {}).items()
            if not fits["greenwood"]
        )

    def _assumed(self, fit: Mapping[str, Any]) -> str:
        way = fit["way"]
        if way is None:
            return ""
        parts = [] if way[0] == "restricted" else [_MEANS[way[0]]]
        spreads = [row for value in self.arm.named("sd", "std.error") for row in value.claims]
        if any(len(row.readings("stat_name")) > 1 for row in spreads):
            kind = _SPREADS[way[1]] if parts else "the standard error of the mean"
            parts.append(f"± is {kind}")
        return " and ".join(parts)

    @property
    def number(self) -> int:
        """The most patients that there can be."""
        return max(self.question["sizes"], default=0)


def said(study: Study, value: TimeValue) -> str:
    """Say what a row prints: ``38 % at 2 years``, ``median 86 months``.

    Parameters
    ----------
    study : Study
        The study.
    value : TimeValue
        A value of an arm.

    Returns
    -------
    str
        The value in words.
    """
    printed = quoted(study, value.claims[0])
    name = _NAMES[value.name]
    if value.name in ("n.risk", "n.event", "n.censor"):
        text = f"{printed} {name.removesuffix('s') if printed == '1' else name}"
    else:
        text = f"{name} {printed}".strip()
    return text if value.at is None else f"{text} at {value.at.text}"


def _heading(one: Asked, values: Sequence[TimeValue]) -> str:
    rows = [row for value in values for row in value.claims]
    texts = listed(said(one.study, value) for value in values)
    title = one.title[:1].upper() + one.title[1:]
    return f"{title}: {texts} ({place(one.study, rows)})."


def _decimal(value: Fraction, places: int = 1) -> str:
    return f"{float(value):.{places}f}".rstrip("0").rstrip(".") if places else str(round(value))


# --- What there is to say of each rate --------------------------------------------------------------


def _censored(one: Asked) -> Iterator[str]:
    """Yield how many were no longer followed at least, where that is somebody."""
    for key, entry in one.answer.get("rates", {}).items():
        value = one.values[int(key)]
        least = entry["censored"]
        assert value.at is not None
        if least is None or least[0] < 1:
            continue
        who = f"{counted(least[0], 'patient')} who {'was' if least[0] == 1 else 'were'}"
        yield (
            f"As Kaplan and Meier's estimate of {_everybody(one)} from the start, "
            f"{said(one.study, value)}{_if_rounded(one)} "
            f"needs at least {who} no longer followed at that time, though without the event."
        )


def _if_rounded(one: Asked) -> str:
    """Return what digits are taken to be, for sentences that digits cut off would not bear out."""
    return f", if {one.rounding}," if one.rounding else ""


def _constructed(fit: Mapping[str, Any]) -> str:
    return counted(fit["number"], "constructed patient")


def _everybody(one: Asked) -> str:
    sizes = one.question["sizes"]
    if len(sizes) > 1:
        return f"up to {counted(one.number, 'patient')}"
    return f"all {one.number} patients" if one.number > 1 else "the 1 patient"


def _shares(one: Asked) -> Iterator[str]:
    """Yield that a rate is no share of all patients, with the nearest ones."""
    for key, entry in one.answer.get("rates", {}).items():
        value = one.values[int(key)]
        estimators = entry.get("estimators")
        if estimators is None or estimators["crude"] != "infeasible" or len(one.question["sizes"]) > 1:  # fmt: skip
            continue
        number = one.number
        window = value.window
        assert window.low is not None
        below = floor(window.low * number)
        shares = " and ".join(
            f"{count} of {number} {'are' if count != 1 else 'is'} {_decimal(Fraction(100 * count, number))} %"
            for count in (below, below + 1)
            if count <= number
        )
        others = [text for name, text in _ESTIMATORS.items() if _fits(name, estimators[name])]
        also = f" It could also be {listed(others, 'or')}." if others else ""
        yield f"It is no share of {counted(number, 'patient')}{_if_rounded(one)} ({shares}).{also}"


def _attainable(one: Asked, value: TimeValue, position: int) -> tuple[Interval, ...] | None:
    """Return what could have been printed in place of a value, given the others."""
    rates = one.answer.get("rates", {}).get(str(position))
    if rates is not None:
        scale = 100 if value.claims[0].unit == "%" else 1
        return tuple(
            Interval(Fraction(low) * scale, Fraction(high) * scale)
            for low, high in rates["attainable"]
        )
    medians = one.answer.get("medians", {}).get(str(position))
    if medians is not None and medians != ["0", None]:
        low, high = (None if end is None else Fraction(end) for end in medians)
        return (Interval(low, high),)
    return None


# --- Findings ----------------------------------------------------------------------------------------


def _excluded(one: Asked) -> Iterator[str]:
    """Yield why the mean cannot be the area up to the last observation, if it cannot."""
    for found in one.answer.get("excluded", {}).values():
        means = [value for value in one.values if value.name in ("mean", "rmean")]
        unit = one.study.variables[one.arm.variable].unit or ""
        if found["by"] == "mean":
            low, high = (None if end is None else Fraction(end) for end in found["bounds"])
            window = means[0].window
            if low is not None and window.high is not None and low > window.high:
                bound = f"at least {_decimal(low, 2)} {unit}"
            elif high is not None:
                bound = f"at most {_decimal(high, 2)} {unit}"
            else:
                continue
            yield (
                f"The area under a Kaplan-Meier curve with these values{_if_rounded(one)} up to the "
                f"last observation is "
                f"{bound}{_half(one, low)}."
            )
        else:
            low, high = (None if end is None else Fraction(end) for end in found["variances"])
            ends = [f"{sqrt(end):.2f}" for end in (low, high) if end is not None]
            span = f"from {ends[0]} to {ends[1]}" if len(ends) > 1 else f"at least {ends[0]}"
            yield f"The standard error of such an area is {span} {unit}."
        return


def _followed(one: Asked) -> Iterator[str]:
    """Yield that the patients were not followed for longer than dates admit."""
    longest = one.question["longest"]
    if longest is not None and len(one.values) > 1:
        unit = one.study.variables[one.arm.variable].unit or ""
        yield (
            f"None of them is followed for longer than {longest_in_words(Fraction(longest), unit)}, "
            "from the first of the printed dates to the last."
        )


def _tried(one: Asked) -> Iterator[str]:
    """Yield how many meanings of the mean were tried; the search ends when enough of them do."""
    ways, tried = one.question["ways"], _ways_tried(one)
    if len(ways) < 2:
        return
    text = f"Tried: {counted(len(tried), 'meaning')} of mean and ±"
    others = len(ways) - len(tried)
    yield f"{text}; {counted(others, 'other')} may do as well." if others else f"{text}."


def _ways_tried(one: Asked) -> list[tuple[str, str]]:
    """Return the ways to read the mean for which patients were looked for, or excluded."""
    ways = [(way[0], way[1]) for way in one.question["ways"]]
    found = [tuple(fit["way"]) for fit in one.answer["fits"] if fit["way"] is not None]
    is_ended = bool(found) and (len(found) == ENOUGH or found[-1][0] == "restricted")
    last = max(ways.index(way) for way in ways if way in found) if is_ended else len(ways) - 1
    return ways[: last + 1]


def _not_found(one: Asked) -> Iterator[str]:
    """Yield which meanings of a mean are open, if any are."""
    found = {fit["way"][0] for fit in one.answer["fits"] if fit["way"] is not None}
    tried = [way for way in _ways_tried(one) if "/".join(way) not in one.answer["excluded"]]
    opened = [name for name in dict(tried) if name not in found]
    if opened:
        meanings = listed((_MEANS[name].removeprefix("the mean is ") for name in opened), "or")
        yield (
            f"Whether the mean can be {meanings} is open: "
            "neither such patients nor a proof that there are none were found."
        )


def _half(one: Asked, low: Fraction | None) -> str:
    """Return the arithmetic of a bound that follows from the median alone."""
    medians = [value for value in one.values if value.name == "median"]
    if low is None or not medians or medians[0].window.low is None:
        return ""
    least = medians[0].window.low
    if low != least / 2:
        return ""
    return (
        f": the curve is at or above 50 % until {format_fraction(least)}, "
        f"and {format_fraction(least)} / 2 = {format_fraction(low)}"
    )


def fitting(best: Asked, asked: Sequence[Asked], *, is_alone: bool) -> Finding | None:
    """Return that patients have all values of an arm.

    Parameters
    ----------
    best : Asked
        The reading whose patients assume least.
    asked : sequence of Asked
        All readings.
    is_alone : bool
        Whether nothing else that is printed bears on the patients.

    Returns
    -------
    Finding or None
        A support: possible, conditional on what the patients assume, or open where other rows bear
        on them too; None where any value would have passed.
    """
    study, arm = best.study, best.arm
    fit = best.answer["fits"][0]
    assumptions = list(best.assumptions)
    if any(one.outcome != "fits" or one.assumptions for one in asked) and not assumptions:
        assumptions.append(f"it is {best.title} that is meant")
    if not assumptions and _is_free(best):
        return None
    gives = "gives" if fit["number"] == 1 else "give"
    made = f"{_constructed(fit)}, {fit['events']} with the event, {gives} " + (
        "it exactly" if len(best.values) == 1 else "all of these exactly"
    )
    if best.left_out:
        left = listed((said(study, value) for value, _ in best.left_out), "and")
        made = made.replace("all of these", "these") + f", but not {left}"
    if any(value.name == "median" for value in best.values):
        made += f" (median: {MEDIANS[fit['median']].partition(' (')[0]})"
    if fit["until"] is not None:
        made += f" (area up to {fit['until']})"
    words = [_heading(best, best.values)]
    if not best.question["sizes"]:
        words.append("How many patients there were is not printed.")
    words += [*_excluded(best), *_censored(best), *_shares(best), f"{made}."]
    words += [*_followed(best), *_not_found(best)]
    if assumptions:
        held = f"Holds if {listed(assumptions)}."
        words.append(held)
        words += _tried(best)
    elif not is_alone:
        words.append("Whether they can also have what else is printed of them is another question.")
    bearings = {}
    for position, value in enumerate(best.values):
        others = [other for other in best.values if other is not value]
        beside = (
            f" together with {listed(said(study, other) for other in others)}" if others else ""
        )
        if assumptions:
            verdict, text = Verdict.CONDITIONAL, f"Holds{beside} if {listed(assumptions)}."
        elif is_alone:
            verdict = Verdict.POSSIBLE
            text = f"Possible{beside}: {_constructed(fit)} {'has' if fit['number'] == 1 else 'have'} it."
        else:
            verdict = Verdict.OPEN
            text = (
                f"Constructed patients have it{beside}; other rows about the same patients were not "
                "asked for."
            )
        attainable = _attainable(best, value, position)
        for row in value.claims:
            bearings[row.claim] = Bearing(verdict, text, None, attainable)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        _rows(best, best.values),
        " ".join(words),
        bearings,
        assumptions=tuple(assumptions),
        resolved_by=_SETTLED_BY if assumptions else (),
        conventions=best.conventions.as_text(),
        witness={
            **fit,
            "constructed": True,
            "variable": arm.variable,
            "population": arm.population,
            "unit": study.variables[arm.variable].unit or "",
        },
    )


def _is_free(one: Asked) -> bool:
    """Return whether a single rate would have passed whatever it was."""
    rates = one.answer.get("rates", {})
    return len(one.values) == 1 and all(
        entry["attainable"] == [["0", "1"]] for entry in rates.values()
    )


def _rows(one: Asked, values: Sequence[TimeValue], *, sized: bool = True) -> tuple[str, ...]:
    rows: list[Claim] = [row for value in values for row in value.claims]
    if sized:
        rows += one.arm.counted
    return tuple(dict.fromkeys(row.claim for row in rows))


def at_odds(asked: Sequence[Asked], however_rounded: Sequence[Asked]) -> Finding | None:
    """Return that no Kaplan-Meier curve has some values of an arm.

    Parameters
    ----------
    asked : sequence of Asked
        All readings, each excluded.
    however_rounded : sequence of Asked
        The same of what binds a curve, where digits may be rounded or cut off in any way.

    Returns
    -------
    Finding or None
        A note that is conditional on the estimate, and on the rounding unless it does not
        matter; a support where another estimate or another rounding is known to do; None for
        rates that rise, which is said of any estimate already.
    """
    excluded = _as_said(asked, however_rounded)
    values = excluded.values
    if excluded.most is None and {value.name for value in values} == {"survival"}:
        return None
    one = excluded.first
    words = [_heading(one, values), f"{_no_curve(excluded)}{_rule(one, values)}"]
    if all(wide.outcome == "fits" for wide in however_rounded):
        alternatives = [f"digits were not {one.rounding}", *_alternatives(excluded)]
        words.append(_with_other_digits(however_rounded[0], values))
    else:
        alternatives = _alternatives(excluded) if _other_estimates(one) else []
    if alternatives:
        # Another estimate, or another rounding, would do: nothing is proved against it.
        assumptions: tuple[str, ...] = (", or ".join(alternatives),)
        beginning, held = "Holds", f"if {', or if '.join(alternatives)}."
        words.append(f"{'Holds' if len(values) == 1 else 'They hold together'} {held}")
    else:
        words += _plain_shares(one, values)
        if "estimators" in one.answer:
            words.append("None of the other estimates that were tried gives it.")
        assumptions = _conflict_assumptions(excluded)
        beginning, held = "Conflicts", f"if {listed(assumptions)}."
        words.append(f"They conflict {held}")
    return Finding(
        CHECK,
        one.study.paper.key,
        "support" if alternatives else "note",
        excluded.rows,
        " ".join(words),
        _bearings_at_odds(excluded, beginning, held),
        assumptions=assumptions,
        resolved_by=_SETTLED_BY_DIGITS,
        changes="What these values say of survival depends on how each was estimated.",
        conventions=one.conventions.as_text(),
    )


@dataclass(frozen=True, slots=True)
class _Excluded:
    """Readings of an arm that no curve has, and whether that holds for any rounding."""

    asked: tuple[Asked, ...]
    is_robust: bool

    @property
    def first(self) -> Asked:
        """The reading in whose words it is said."""
        return self.asked[0]

    @property
    def values(self) -> tuple[TimeValue, ...]:
        """The values that no curve has together, by any of the readings."""
        rows = {row for one in self.asked for value in one.needed for row in value.claims}
        return tuple(value for value in self.first.values if rows.intersection(value.claims))

    @property
    def most(self) -> int | None:
        """Up to how many patients have none; None if no number of them has one."""
        return min(
            (most for one in self.asked if (most := one.answer.get("most")) is not None),
            default=None,
        )

    @property
    def is_stated(self) -> bool:
        """Whether the paper says how many were analysed."""
        return all(one.arm.is_stated for one in self.asked)

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of the values, and those of the number of patients where it matters."""
        rows = list(_rows(self.first, self.values, sized=False))
        if self.most is not None:
            rows += [row.claim for one in self.asked for row in one.arm.counted]
        return tuple(dict.fromkeys(rows))


def _as_said(asked: Sequence[Asked], however_rounded: Sequence[Asked]) -> _Excluded:
    """Return what is said: without the rounding if it does not matter.

    A rate by itself that another estimate gives is said of digits to the nearest, where without
    them only more rows together are excluded: that it is another estimate says more.
    """
    is_robust = all(one.is_excluded for one in however_rounded)
    if is_robust and _other_estimates(asked[0]) and not _other_estimates(however_rounded[0]):
        is_robust = False
    return _Excluded(tuple(however_rounded if is_robust else asked), is_robust)


def _no_curve(excluded: _Excluded) -> str:
    """Return that no curve has the values, and of whom and of which digits that is said."""
    one, most = excluded.first, excluded.most
    whom = f" of up to {counted(most, 'patient')}, followed from the start," if most else ""
    plain = "unweighted " if most else ""
    digits = ", however digits are rounded or cut off" if excluded.is_robust else f", {one.rounding}"  # fmt: skip
    return f"No {plain}Kaplan-Meier curve{whom} has {'it' if len(excluded.values) == 1 else 'these'}{digits}."


def _with_other_digits(wide: Asked, values: Sequence[TimeValue]) -> str:
    """Return that constructed patients have the values with digits of another rounding."""
    fit = wide.answer["fits"][0]
    gives = "gives" if fit["number"] == 1 else "give"
    whole = "it" if len(values) == 1 else "these"
    return (
        f"{_constructed(fit)}, {fit['events']} with the event, {gives} {whole} if digits may be cut "
        "off or rounded in another way."
    )


def _alternatives(excluded: _Excluded) -> list[str]:
    """Return what lets the values hold, beside the digits; others may do as well."""
    if excluded.most is None:
        # No curve that falls has them, whatever it was estimated by.
        return [_SEVERAL]
    is_one = len(excluded.values) == 1
    estimates = [*_other_estimates(excluded.first), _ANOTHER]
    found = [f"{'it is' if is_one else 'they are of'} {listed(estimates, 'or')}"]
    # So many more patients can have any one rate; that they can have several is not known.
    if is_one and excluded.values[0].name == "survival" and not excluded.is_stated:
        found.append("more patients were analysed")
    return found


def _conflict_assumptions(excluded: _Excluded) -> tuple[str, ...]:
    """Return everything under which the values are in conflict."""
    one, most = excluded.first, excluded.most
    found = [_ONE_CURVE]
    if any(each.answer.get("needs steps") for each in excluded.asked):
        found.append("the median is not read off a straight line between points of the curve")
    if any(each.answer.get("needs months") for each in excluded.asked):
        found.append("twelve of its months make a year")
    if not excluded.is_robust:
        found.append(f"the digits are {one.rounding}")
    if most is not None:
        found.append(_FROM_START)
        if any(value.name == "n.event" for value in excluded.values):
            found.append(_ONCE)
        if one.question["longest"] is not None and one.question["is longest certain"]:
            unit = one.study.variables[one.arm.variable].unit or ""
            longest = longest_in_words(Fraction(one.question["longest"]), unit)
            found.append(f"nobody is followed for longer than {longest}, by the printed dates")
        if not excluded.is_stated:
            were = "was" if most == 1 else "were"
            found.append(f"no more than {counted(most, 'patient')} {were} analysed")
    return (*found, NOT_REPLAYED)


def _bearings_at_odds(excluded: _Excluded, beginning: str, held: str) -> dict[str, Bearing]:
    """Return what it means for each of the values: ``Conflicts with 20 months if ...``."""
    one, bearings = excluded.first, {}
    for value in excluded.values:
        others = [said(one.study, other) for other in excluded.values if other is not value]
        beside = listed(others) if others else counted(one.number, "patient")
        if beginning == "Conflicts":
            sentence = f"Conflicts with {beside} {held}"
        else:
            sentence = f"Holds beside {beside} {held}" if others else f"Holds {held}"
        for row in value.claims:
            bearings[row.claim] = Bearing(Verdict.CONDITIONAL, sentence)
    return bearings


def _plain_shares(one: Asked, values: Sequence[TimeValue]) -> Iterator[str]:
    """Yield that the rates are plain shares of all patients, where all of them can be."""
    rates = [value for value in values if value.name == "survival" and value.window.high]
    if not rates or len(one.question["sizes"]) != 1:
        return
    counts = []
    for value in rates:
        low, high = value.window.low or Fraction(0), value.window.high or Fraction(1)
        numbers = Interval(low * one.number, high * one.number).integers()
        if not numbers:
            return
        counts.append(f"{numbers[0]} of {one.number} for {said(one.study, value)}")
    yield f"As shares of all patients they can be: {listed(counts)}."


def _other_estimates(one: Asked) -> list[str]:
    """Return which other estimates a rate can be that no curve of so few patients has."""
    found = one.answer.get("estimators", {})
    return [
        text for name, text in _ESTIMATORS.items() if _fits(name, found.get(name, "infeasible"))
    ]


def _fits(estimator: str, status: str) -> bool:
    """Return whether an estimate can be a rate: of shares only those that were found."""
    is_share = estimator in ("crude", "followed", "eligible")
    return status == "feasible" or (status == "open" and not is_share)


def _rule(one: Asked, values: Sequence[TimeValue]) -> str:
    names = {value.name for value in values}
    if names == {"survival", "median"}:
        return " The median comes when the curve falls to 50 %: not before a time at which it is above, not after one at which it is below."  # fmt: skip
    lows = [value.window.low for value in values if value.window.low is not None]
    if names == {"survival"} and one.number and min(lows) > 1 - Fraction(1, one.number):
        first = _decimal(Fraction(100 * (one.number - 1), one.number))
        return f" With {counted(one.number, 'patient')} the first event takes it from 100 to {first} % at most."
    if one.outcome == "no area":
        return " The area up to this time lies between those under the lowest and the highest curve with the other values."  # fmt: skip
    return ""


def unsettled(one: Asked) -> Finding | None:
    """Return that neither patients nor a proof were found.

    Parameters
    ----------
    one : Asked
        The reading.

    Returns
    -------
    Finding or None
        A note; None for a single value.
    """
    if len(one.values) < 2 or "rates" not in one.answer:
        return None
    text = "Neither patients who have all of these nor a proof that there are none were found."
    words = [_heading(one, one.values), *_excluded(one), *_censored(one), text]
    bearings = {
        row.claim: Bearing(Verdict.OPEN, text, None, _attainable(one, value, position))
        for position, value in enumerate(one.values)
        for row in value.claims
    }
    return Finding(
        CHECK,
        one.study.paper.key,
        "note",
        _rows(one, one.values),
        " ".join(words),
        bearings,
        resolved_by=_SETTLED_BY,
        conventions=one.conventions.as_text(),
    )
