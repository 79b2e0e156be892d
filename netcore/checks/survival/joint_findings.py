"""What is said of two endpoints of the same patients, and what it means for the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from netcore.checks.certificates.unproved import NOT_REPLAYED
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.ranks.pair_counts import plain_decimal
from netcore.checks.survival.joint_questions import JointCase
from netcore.checks.survival.single_arm_findings import said
from netcore.checks.survival.times import TimeValue
from netcore.checks.wording import (
    listed,
    place,
    population_title,
    quoted,
    variable_title,
)
from netcore.stats.survival.weighted_tests import TESTS
from netcore.study import Study

__all__ = ["CHECK", "JointAnswered", "excluded", "supported", "unordered", "unsettled"]

CHECK: Final = "joint-endpoints"
_MEANS: Final = {
    "observed": "a mean is that of all times of observation, however they ended",
    "event_times": "a mean is that of the times of those who had the event",
}
_SETTLED_BY: Final = (
    "Both times of each patient, or what ended each of them and how the rates were estimated.",
)
_CHANGES: Final = "Whether the two curves can be read together as those of the same patients."


@dataclass(frozen=True, slots=True)
class JointAnswered:
    """Two endpoints of some groups, and the answer.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Under which it is read.
    case : JointCase
        What is printed.
    answer : Mapping
        From :func:`netcore.checks.survival.joint_answers.joint_answer`.
    """

    study: Study
    conventions: Conventions
    case: JointCase
    answer: Mapping[str, Any]

    @property
    def titles(self) -> tuple[str, str]:
        """The names of both endpoints."""
        earlier, later = (variable_title(self.study, name) for name in self.case.variables)
        return earlier, later

    @property
    def numbers(self) -> str:
        """How many patients there are, in words."""
        sizes = [str(arm["number"]) for arm in self.case.question["arms"]]
        return listed(sizes)

    def printed(self, group: int, values: Sequence[TimeValue]) -> str:
        """Say what is printed of a group.

        Parameters
        ----------
        group : int
            Which group.
        values : sequence of TimeValue
            Some of its values.

        Returns
        -------
        str
            Values by endpoint.
        """
        split = len(self.case.question["arms"][group]["earlier"])
        own = self.case.values[group]
        parts = []
        for title, of in zip(self.titles, (own[:split], own[split:]), strict=True):
            texts = [said(self.study, value) for value in of if value in values]
            if texts:
                parts.append(f"{title} {listed(texts)}")
        return listed(parts)

    def needed(self, group: int, places: Sequence[int]) -> tuple[TimeValue, ...]:
        """Return values of a group by their places in the question.

        Parameters
        ----------
        group : int
            Which group.
        places : sequence of int
            The earlier endpoint's first.

        Returns
        -------
        tuple of TimeValue
            The values.
        """
        return tuple(self.case.values[group][place] for place in places)

    def found(self, name: str) -> Iterator[tuple[int, Any]]:
        """Yield what was found of the groups.

        Parameters
        ----------
        name : str
            ``excluded`` or ``reversed``.

        Yields
        ------
        int
            Which group.
        object
            What was found.
        """
        for group, arm in enumerate(self.answer["arms"]):
            if arm[name] is not None:
                yield group, arm[name]

    def who(self, group: int) -> str:
        """Return the name of a group.

        Parameters
        ----------
        group : int
            Which group.

        Returns
        -------
        str
            With its size.
        """
        arm = self.case.arms[group][0]
        title = population_title(self.study, arm.population)
        number = arm.sizes[0]
        return f"{title}, {number} patient{'s' if number != 1 else ''}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rows(values: Sequence[TimeValue]) -> list[str]:
    return list(dict.fromkeys(row.claim for value in values for row in value.claims))


def _same_patients(one: JointAnswered) -> str:
    earlier, later = one.titles
    return f"{earlier} and {later} are of the same patients and start together"


def _counts(one: JointAnswered) -> str:
    earlier, later = one.titles
    return f"a death is an event of {earlier} too, also of those followed for {later} alone"


def excluded(one: JointAnswered) -> Finding:
    """Return that no patients have both endpoints.

    Parameters
    ----------
    one : JointAnswered
        With a group of which the values exclude one another.

    Returns
    -------
    Finding
        A note that is conditional on what the paper leaves unsaid.
    """
    group, found = next(one.found("excluded"))
    study, arms = one.study, one.case.arms[group]
    values = one.needed(group, found["needed"])
    names = {value.name for value in values}
    earlier, later = one.titles
    assumptions = [_same_patients(one)]
    if found["if deaths count"]:
        assumptions.append(_counts(one))
    if names & {"survival", "median"}:
        assumptions.append("the rates and medians are Kaplan-Meier estimates")
    if "n.risk" in names or "n.event" in names:
        assumptions.append("the numbers of patients at one time are counted alike")
    if names & {"survival", "median"} and not all(arm.is_stated for arm in arms):
        assumptions.append(f"no more than {arms[0].sizes[0]} patients were analysed")
    if found["by search"]:
        assumptions.append(NOT_REPLAYED)
    rule = (
        f"Whoever is still followed without the end of {earlier} is alive, so that at no time are "
        f"more at risk of it than of the end of {later}"
    )
    if found["if deaths count"]:
        rule += "; and no fewer have had it than have died"
    held = f"if {listed(assumptions)}."
    where = place(study, [row for value in values for row in value.claims])
    words = (
        f"{_capital(one.who(group))}: {one.printed(group, values)} ({where}). {rule}. No patients, "
        f"however many of them were lost, have both. They conflict {held}"
    )
    bearings = {}
    for value in values:
        others = [other for other in values if other is not value]
        sentence = f"Conflicts with {one.printed(group, others)} {held}"
        for row in value.claims:
            bearings[row.claim] = Bearing(Verdict.CONDITIONAL, sentence)
    rows = (*_rows(values), *(row.claim for arm in arms for row in arm.counted))
    return Finding(
        CHECK,
        study.paper.key,
        "note",
        tuple(dict.fromkeys(rows)),
        words,
        bearings,
        assumptions=tuple(assumptions),
        resolved_by=_SETTLED_BY,
        changes=_CHANGES,
        conventions=one.conventions.as_text(),
    )


def _holds_if(one: JointAnswered) -> str:
    """Return what lets more be free of the earlier endpoint than are alive."""
    earlier, later = one.titles
    return (
        f"patients were lost or censored in the course, a death is no event of {earlier}, or "
        f"{earlier} and {later} are of other patients or otherwise estimated"
    )


def _order(one: JointAnswered) -> Iterator[str]:
    earlier, later = one.titles
    for group, pair in one.found("reversed"):
        values = one.needed(group, pair)
        yield (
            f"{_capital(one.who(group))}: {one.printed(group, values)}. Of patients who are all "
            f"followed, and of whom a death ends both, no more are without the end of {earlier} than "
            f"without that of {later}."
        )


def unordered(one: JointAnswered) -> Finding:
    """Return that more are free of the earlier endpoint than of the later, without patients.

    Parameters
    ----------
    one : JointAnswered
        With a group of which two values are out of order.

    Returns
    -------
    Finding
        A note: both hold only under what the paper does not state.
    """
    pairs = [(group, one.needed(group, pair)) for group, pair in one.found("reversed")]
    holds_if = _holds_if(one)
    bearings = {
        row: Bearing(
            Verdict.CONDITIONAL,
            f"Holds beside {one.printed(group, [v for v in values if v is not value])} only if "
            f"{holds_if}.",
        )
        for group, values in pairs
        for value in values
        for row in _rows([value])
    }
    return Finding(
        CHECK,
        one.study.paper.key,
        "note",
        tuple(bearings),
        f"{' '.join(_order(one))} Both hold only if {holds_if}.",
        bearings,
        assumptions=(holds_if,),
        resolved_by=_SETTLED_BY,
        changes=_CHANGES,
        conventions=one.conventions.as_text(),
    )


def _tests(one: JointAnswered) -> str:
    """Say the p-values of the constructed patients."""
    found = [
        (tested, plain_decimal(Fraction(p[0])))
        for tested, p in zip(one.case.tests, one.answer["p"], strict=True)
        if tested is not None and p is not None
    ]
    if not found:
        return ""
    names = listed(dict.fromkeys(TESTS[tested.test].name for tested, _ in found))
    unnamed = "" if all(tested.is_named for tested, _ in found) else "; the paper names no test"
    return f", with {listed(f'p = {p}' for _, p in found)} (by {names}{unnamed})"


def supported(one: JointAnswered, *, is_alone: Sequence[bool]) -> Finding:
    """Return that the same patients have both endpoints.

    Parameters
    ----------
    one : JointAnswered
        With patients.
    is_alone : sequence of bool
        Of each endpoint, whether nothing else that is printed bears on it.

    Returns
    -------
    Finding
        A support: possible, conditional on what the patients assume, or open where other rows
        bear on them too.
    """
    study, case = one.study, one.case
    earlier, later = one.titles
    assumptions = [text for tested in case.tests if tested for text in tested.assumed]
    if one.answer["mean"] in _MEANS:
        assumptions.append(_MEANS[one.answer["mean"]])
    if any(one.found("reversed")):
        assumptions.append(_holds_if(one))
    elif not one.answer["progress first"]:
        assumptions.append(_counts(one))
    assumptions = list(dict.fromkeys(assumptions))
    groups = "; ".join(
        f"{one.who(group)}: {one.printed(group, values)}"
        for group, values in enumerate(case.values)
    )
    ps = [f"p = {quoted(study, test.claim)}" if test else "" for test in case.tests]
    beside = f"; {listed(filter(None, ps))}" if any(ps) else ""
    who = "1 constructed patient has" if one.numbers == "1" else f"{one.numbers} constructed patients have"  # fmt: skip
    words = [
        f"{_capital(earlier)} and {later} of the same patients ({place(study, case.rows)}): {groups}"
        f"{beside}. {who} all of this at once{_tests(one)}: nobody has the end of {later} before "
        f"that of {earlier}."
    ]
    if one.answer["progress first"]:
        words.append(
            f"Whoever dies has had the end of {earlier} before, so that these are theirs whether or "
            "not a death counts for both."
        )
    words += _order(one)
    if assumptions:
        words.append(f"It holds if {listed(assumptions)}.")
    elif not all(is_alone):
        words.append("Whether they can also have what else is printed of them is another question.")
    bearings: dict[str, Bearing] = {}
    for which, other in ((0, later), (1, earlier)):
        if assumptions:
            bearing = Bearing(
                Verdict.CONDITIONAL, f"Holds together with {other} if {listed(assumptions)}."
            )
        elif is_alone[which]:
            bearing = Bearing(
                Verdict.POSSIBLE,
                f"Possible together with what is printed of {other}: the same {one.numbers} "
                "constructed patients have both.",
            )
        else:
            bearing = Bearing(
                Verdict.OPEN,
                f"Constructed patients have it together with what is printed of {other}; other rows "
                "about the same patients were not asked for.",
            )
        bearings |= dict.fromkeys(_of_endpoint(one, which), bearing)
    rows = [row.claim for row in (*case.rows, *case.counted)]
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(dict.fromkeys(rows)),
        " ".join(words),
        bearings,
        assumptions=tuple(assumptions),
        resolved_by=_SETTLED_BY if assumptions else (),
        conventions=one.conventions.as_text(),
        witness={
            "constructed": True,
            "endpoints": list(case.variables),
            "populations": [earlier_arm.population for earlier_arm, _ in case.arms],
            "unit": study.variables[case.variables[0]].unit or "",
            "patients": one.answer["patients"],
            "p": one.answer["p"],
        },
    )


def _of_endpoint(one: JointAnswered, which: int) -> Iterator[str]:
    """Yield the rows of one endpoint."""
    variable = one.case.variables[which]
    for row in one.case.rows:
        named = [one.study.analyses[name] for name in row.readings("analysis") if name]
        if variable in row.readings("variable") or any(a.variable == variable for a in named):
            yield row.claim


def unsettled(one: JointAnswered) -> Finding:
    """Return that neither patients nor a conflict were found.

    Parameters
    ----------
    one : JointAnswered
        Without patients.

    Returns
    -------
    Finding
        A note that settles nothing.
    """
    earlier, later = one.titles
    return Finding(
        CHECK,
        one.study.paper.key,
        "note",
        tuple(row.claim for row in one.case.rows),
        f"Whether the same patients can have what is printed of {earlier} and of {later} together is "
        "open: neither such patients nor a proof that there are none were found.",
        conventions=one.conventions.as_text(),
    )
