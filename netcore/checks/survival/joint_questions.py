"""Where a study prints two endpoints of the same patients, and what is asked of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any, Final

from netcore.checks.count_analysis import CountAnalysis
from netcore.checks.estimands import is_first_hand, is_patient_data
from netcore.checks.finding import Conventions
from netcore.checks.json_windows import ends_of
from netcore.checks.p_windows import p_window
from netcore.checks.parts_and_wholes import analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.survival.comparisons import ComparedArms, curve_options, in_certain_order
from netcore.checks.survival.times import (
    Arm,
    PrintedArm,
    TimeValue,
    longest_follow_up,
    printed_arms,
)
from netcore.study import Claim, Study

__all__ = ["JointCase", "TestedEndpoint", "joint_cases"]

_MEANS: Final = ("mean", "rmean")
_NAMES: Final = ("survival", "median", "n.risk", "n.event")
_TESTS: Final = {"log_rank": "log_rank", "unnamed": "log_rank", "gehan": "gehan"}
"""Tests of two curves, and by which the constructed patients get the p-value."""


@dataclass(frozen=True, slots=True)
class TestedEndpoint:
    """A p-value between two curves.

    Parameters
    ----------
    claim : Claim
        Its row.
    compared : ComparedArms
        The curves of the two groups.
    window : list of str or None
        What it can be.
    test : str
        By which test patients are constructed.
    is_named : bool
        Whether the paper names that test.
    assumed : tuple of str
        What the window assumes.
    """

    claim: Claim
    compared: ComparedArms
    window: list[str | None]
    test: str
    is_named: bool
    assumed: tuple[str, ...]

    @property
    def populations(self) -> tuple[str, str]:
        """The two groups."""
        one, two = self.compared.arms
        return one.population, two.population


@dataclass(frozen=True, slots=True)
class JointCase:
    """Two endpoints of the same one or two groups.

    Parameters
    ----------
    arms : tuple of (Arm, Arm)
        Each group by its earlier and its later endpoint.
    values : tuple of (tuple of TimeValue)
        Of each group what is asked about, the earlier endpoint's values first.
    tests : tuple of (TestedEndpoint or None, TestedEndpoint or None)
        The p-value of each endpoint.
    rows : tuple of Claim
        All rows that print the values and the p-values.
    question : dict
        For :func:`netcore.checks.survival.joint_answers.joint_answer`.
    """

    arms: tuple[tuple[Arm, Arm], ...]
    values: tuple[tuple[TimeValue, ...], ...]
    tests: tuple[TestedEndpoint | None, TestedEndpoint | None]
    rows: tuple[Claim, ...]
    question: dict[str, Any]

    @property
    def variables(self) -> tuple[str, str]:
        """The earlier and the later endpoint."""
        earlier, later = self.arms[0]
        return earlier.variable, later.variable

    @property
    def counted(self) -> tuple[Claim, ...]:
        """The rows of the sizes of the groups."""
        found = (row for pair in self.arms for arm in pair for row in arm.counted)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Group:
    """One group by both endpoints, as some places print it."""

    earlier: PrintedArm
    later: PrintedArm
    locations: frozenset[str]

    @property
    def arms(self) -> tuple[Arm, Arm]:
        return self.earlier.readings[0], self.later.readings[0]


def joint_cases(
    study: Study, conventions: Conventions, analyses: Sequence[CountAnalysis] | None = None
) -> tuple[JointCase, ...]:
    """Return where a study prints two endpoints of the same patients.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it has been done
        already.

    Returns
    -------
    tuple of JointCase
        Each pair of a time to death and a time to something else, of two groups that are
        compared or of each group alone; places that print the same are one case.

    Notes
    -----
    The paper has to say that the later time ends with death and what ends the earlier one, has to
    measure both in one unit, and may not start them at different events.  Rows that can be read
    in several ways are left out, unless it is the meaning of a mean that is open.
    """
    pairs = list(_endpoints(study))
    if not pairs:
        return ()
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    printed = printed_arms(study, conventions, sizes, alone=False)
    clear = [one for one in printed if _is_clear(one) and one.readings[0].sizes]
    found: dict[str, JointCase] = {}
    for earlier, later in pairs:
        groups = list(_groups(clear, earlier, later))
        if not groups:
            continue
        tests = [list(_tests(study, conventions, printed, name)) for name in (earlier, later)]
        for members, tested in _compared(groups, *tests):
            case = _case(study, members, tested)
            if case is None:
                continue
            key = json.dumps(case.question, sort_keys=True) + str(case.variables)
            known = found.get(key)
            if known is not None:
                rows = tuple(dict.fromkeys((*known.rows, *case.rows)))
                case = replace(known, rows=rows)
            found[key] = case
    return tuple(found.values())


def _endpoints(study: Study) -> Iterator[tuple[str, str]]:
    times = [name for name, variable in study.variables.items() if variable.type == "time"]
    for earlier, later in permutations(times, 2):
        first, second = study.variables[earlier], study.variables[later]
        starts = {first.from_, second.from_} - {None}
        ends = first.to not in (None, "death") and second.to == "death"
        if ends and len(starts) < 2 and first.unit and first.unit == second.unit:
            yield earlier, later


def _is_clear(printed: PrintedArm) -> bool:
    """Return whether nothing but the meaning of a mean is open."""

    def rest(arm: Arm) -> object:
        kept = [value for value in arm.values if value.name in _NAMES]
        return arm.population, arm.variable, [(v.name, v.at, v.window) for v in kept]

    first, *others = printed.readings
    return all(rest(arm) == rest(first) for arm in others)


def _groups(printed: Sequence[PrintedArm], earlier: str, later: str) -> Iterator[_Group]:
    for one in printed:
        for other in printed:
            arms = one.readings[0], other.readings[0]
            places = frozenset(one.locations) & frozenset(other.locations)
            if (
                (arms[0].variable, arms[1].variable) == (earlier, later)
                and arms[0].population == arms[1].population
                and arms[0].sizes[0] == arms[1].sizes[0]
                and places
            ):
                yield _Group(one, other, places)


def _tests(
    study: Study, conventions: Conventions, printed: Sequence[PrintedArm], variable: str
) -> Iterator[TestedEndpoint]:
    for claim in study.claims:
        if claim.readings("stat_name") != ("p.value",) or len(claim.readings("analysis")) != 1:
            continue
        if not (is_patient_data(study, claim) and is_first_hand(study, claim)):
            continue
        meant = study.analyses.get(claim.analysis)
        if meant is None or meant.variable != variable or len(meant.test) != 1:
            continue
        test = _TESTS.get(meant.test[0])
        if test is None or study.printed(claim).kind == "about":
            continue
        compared = [
            one for option in curve_options(study, claim, printed) for one in option.compared
        ]
        if len(compared) == 1:
            window, assumed = p_window(study, claim, conventions)
            is_named = meant.test[0] != "unnamed"
            yield TestedEndpoint(claim, compared[0], ends_of(window), test, is_named, assumed)


_Tested = tuple[TestedEndpoint | None, TestedEndpoint | None]


def _compared(
    groups: Sequence[_Group], first: Sequence[TestedEndpoint], second: Sequence[TestedEndpoint]
) -> Iterator[tuple[tuple[_Group, ...], _Tested]]:
    """Yield groups that are compared, with the p-values of their place; then each other group."""
    taken: set[int] = set()
    for test in (*first, *second):
        place = test.claim.location
        members = [
            [one for one in groups if one.arms[0].population == name and place in one.locations]
            for name in test.populations
        ]
        if not all(len(found) == 1 for found in members):
            continue
        pair: list[TestedEndpoint | None] = [
            next(
                (
                    one
                    for one in tests
                    if one.claim.location == place and one.populations == test.populations
                ),
                None,
            )
            for tests in (first, second)
        ]
        if test in second and pair[0] is not None:
            continue  # with the earlier endpoint already
        both = members[0][0], members[1][0]
        taken |= {id(one) for one in both}
        yield both, (pair[0], pair[1])
    for one in groups:
        if id(one) not in taken:
            yield (one,), (None, None)


def _case(study: Study, members: Sequence[_Group], tested: _Tested) -> JointCase | None:
    arms = [group.arms for group in members]
    values = _asked(arms)
    if not all(any(v.name in _NAMES for v in found) for pair in values for found in pair):
        return None
    limits = [
        found.longest
        for pair in arms
        for arm in pair
        if (found := longest_follow_up(study, arm.variable, arm.population)) is not None
    ]
    question = {
        "arms": [
            {
                "number": pair[0].sizes[0],
                "earlier": [_plain(value) for value in found[0]],
                "later": [_plain(value) for value in found[1]],
            }
            for pair, found in zip(arms, values, strict=True)
        ],
        "p": [None if one is None else one.window for one in tested],
        "tests": [None if one is None else one.test for one in tested],
        "longest": str(min(limits)) if limits else None,
    }
    rows = [one.claim for one in tested if one is not None]
    rows += [row for pair in values for found in pair for value in found for row in value.claims]
    return JointCase(
        tuple(arms),
        tuple((*first, *second) for first, second in values),
        tested,
        tuple(dict.fromkeys(rows)),
        question,
    )


def _asked(arms: Sequence[tuple[Arm, Arm]]) -> list[list[tuple[TimeValue, ...]]]:
    """Return what is asked about each endpoint of each group."""
    curves = [arm for pair in arms for arm in pair]
    timed = in_certain_order([arm.named(*_NAMES) for arm in curves])
    found = []
    for arm, values in zip(curves, timed, strict=True):
        in_all = [value for value in arm.named("n.event") if value.at is None]
        means = [value for value in arm.named(*_MEANS) if value.at is None]
        found.append((*values, *in_all, *(means if len(means) == 1 else ())))
    return [found[k : k + 2] for k in range(0, len(found), 2)]


def _plain(value: TimeValue) -> dict[str, Any]:
    return {
        "name": "mean" if value.name in _MEANS else value.name,
        "time": None if value.at is None else str(value.at.time),
        "times": None,
        "window": ends_of(value.window),
    }
