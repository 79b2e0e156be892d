"""Answers to questions of two curves and the p-value between them.

A question holds numbers, windows and names of tests alone, so that its answer can be stored,
and holds for every paper that asks the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, Final

from netcore.checks.answers import METHODS, SKETCHES
from netcore.checks.json_windows import ends_of, interval_of
from netcore.checks.survival.arm_values import inner
from netcore.printed import Interval
from netcore.stats.enclosures import Enclosure
from netcore.stats.interval_arithmetic import hull
from netcore.stats.survival.curves import Observation, kaplan_meier, rate_at
from netcore.stats.survival.drawn_arms import draw_arms
from netcore.stats.survival.event_graph import (
    Arm,
    GraphTooLargeError,
    Rate,
    TwoArmGraph,
    event_times,
)
from netcore.stats.survival.landmark_tests import crude_p_range, landmark_p_range
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.log_rank import (
    Alternative,
    Patients,
    PRange,
    fit_p,
    interval_of_p,
    p_of_course,
    p_of_extremes,
)
from netcore.stats.survival.medians import median_landmarks, median_of
from netcore.stats.survival.reachable import BUDGET
from netcore.stats.survival.relaxed_log_rank import bounds_of_log_rank
from netcore.stats.survival.weighted_tests import TESTS, weighted_range, weighted_test

__all__ = ["METHOD", "arms_of", "stages_of", "survival_test_answer"]

Json = Mapping[str, Any]

METHOD: Final = "survival-test"
_CELLS: Final = 16_000  # pairs of states, up to which every p-value is worked out
_FEWER: Final = 6  # pairs of smaller sizes for which patients are made
_BOUNDED: Final = 1_500  # cells of large arms, up to which bounds are worked out
_TRIES: Final = 2_000
_LARGE: Final = 400  # patients in all, from which drawing them takes long
_TOO_LARGE: Final = 10_000  # patients of an arm: n! / r! for all r would take 150 MB and more
_ORDERS: Final = 60  # that are drawn of fewer patients; of more the fewer the more there are
_BITS: Final = 1_000_000_000  # of all states of an arm, each a part of n!
_BITS_OF_SPANS: Final = 1_500_000_000  # of all spans of rates of a large arm, such parts too
_STATES: Final = 300_000  # of one arm
_PLAIN: Final = ("log_rank", "log_rank_permutation", "gehan", "tarone_ware", "peto")
"""The tests whose ranges are told apart where the paper names none of them."""
_MEANT: Final[Mapping[str, tuple[str, ...]]] = {
    "log_rank": ("log_rank",),
    "gehan": ("gehan", "gehan_permutation"),
    "cox": ("log_rank",),  # the score test of Cox's model with one variable
    "unnamed": _PLAIN,
}
_FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "log_rank": ("log_rank", "log_rank_permutation", "log_rank_expected"),
    "gehan": ("gehan", "gehan_permutation", "peto", "peto_permutation", "prentice", "andersen"),
}
"""What programs offer under the name of a test; a generalized Wilcoxon test may be Peto's."""
_COUNTED: Final = ("before", "after")
"""When patients at risk at a time are counted: before its events, or after its censorings."""


@dataclass(frozen=True, slots=True)
class _Value:
    """One printed value of a curve."""

    name: str
    time: Fraction | None
    window: Interval


@dataclass(frozen=True, slots=True)
class _Printed:
    """What is printed of one curve."""

    number: int
    values: tuple[_Value, ...]

    def landmarks(self, median: str, counted: str, *, narrow: bool) -> tuple[Landmark, ...]:
        """Return landmarks under a convention of the median and one of numbers at risk."""
        marks: list[Landmark] = []
        for value in self.values:
            window = inner(value.window) if narrow else value.window
            if value.name == "median":
                marks += median_landmarks(median, window, self.number)
            elif value.name == "survival":
                marks.append(Landmark(value.time, window))
            else:
                moment = "before" if counted == "before" else "after"
                marks.append(Landmark(value.time, at_risk=value.window, moment=moment))  # type: ignore[arg-type]
        return tuple(marks)

    def is_of(self, patients: Sequence[Observation], counted: str) -> bool:
        """Return whether patients have all that is printed, whichever way it is rounded."""
        steps = kaplan_meier(patients)
        for value in self.values:
            found: Fraction | None
            if value.name == "median":
                found = median_of(patients, "first")
            elif value.name == "survival":
                assert value.time is not None
                found = rate_at(steps, value.time)
            else:
                assert value.time is not None
                is_before = counted == "before"
                found = Fraction(
                    sum(
                        who.time > value.time or (is_before and who.time == value.time)
                        for who in patients
                    )
                )
            if found is None or found not in inner(value.window):
                return False
        return True


def stages_of(
    numbers: tuple[int, int], landmarks: tuple[Sequence[Landmark], Sequence[Landmark]]
) -> tuple[Arm, Arm]:
    """Return arms whose times have the order of landmarks, and only that.

    Parameters
    ----------
    numbers : tuple of (int, int)
        How many patients each arm has.
    landmarks : tuple of (sequence of Landmark, sequence of Landmark)
        What is printed of each curve; windows of rates and of numbers at risk are used.

    Returns
    -------
    tuple of (Arm, Arm)
        A moment before the events of a time that is itself a landmark gets a time just before.

    Notes
    -----
    A rate holds after the events of its time, and a number at risk is counted either before
    them or after the censorings of the time.  As censorings leave the rate, both hold after
    the censorings.  Nobody is left at the end of follow-up.

    Examples
    --------
    >>> half = Interval(Fraction(1, 2), None)
    >>> first, _ = stages_of((4, 4), ([Landmark(Fraction(9), half, moment="before")], []))
    >>> [(str(rate.time), str(rate.window)) for rate in first.rates]
    [('9', '[0.5, inf)')]
    """

    def key(mark: Landmark) -> tuple[bool, Fraction, bool]:
        return mark.time is None, mark.time or Fraction(0), mark.moment != "before"

    keys = sorted({key(mark) for one in landmarks for mark in one})
    times: dict[tuple[bool, Fraction, bool], Fraction] = {}
    last = Fraction(0)
    for is_end, time, is_late in keys:
        if is_end:
            now = last + 1
        elif not is_late and (False, time, True) in keys:
            now = time - (time - last) / 64
        else:
            now = time
        times[is_end, time, is_late] = last = now
    arms = []
    for number, marks in zip(numbers, landmarks, strict=True):
        rates: dict[Fraction, Rate] = {}
        for mark in marks:
            when = times[key(mark)]
            known = rates.get(when, Rate(when))
            at_risk = Interval.point(0) if mark.time is None else mark.at_risk
            rates[when] = Rate(when, known.window.meet(mark.rate), known.at_risk.meet(at_risk))
        arms.append(Arm(number, tuple(rates[when] for when in sorted(rates))))
    return arms[0], arms[1]


def arms_of(question: Json) -> tuple[Arm, Arm] | None:
    """Return the arms of a question, with all curves that what is printed allows.

    Parameters
    ----------
    question : Mapping
        As for :func:`survival_test_answer`.

    Returns
    -------
    tuple of (Arm, Arm) or None
        None if numbers at risk are printed, which may be counted in two ways.
    """
    case = _Case({**question, "p": [None, None], "tests": []})
    return None if len(case.counted) > 1 else case.stages(case.counted[0], narrow=False)


# --- The answer -----------------------------------------------------------------------------------


class _Case:
    """A question taken apart."""

    def __init__(self, question: Json):
        self.arms = tuple(
            _Printed(
                one["number"],
                tuple(
                    _Value(name, None if time is None else Fraction(time), interval_of(ends))
                    for name, time, *ends in one["values"]
                ),
            )
            for one in question["arms"]
        )
        self.p = interval_of(question["p"])
        self.tests = tuple(question["tests"])
        counts = any(value.name == "n.risk" for arm in self.arms for value in arm.values)
        self.counted = _COUNTED if counts else _COUNTED[:1]
        self.usual = tuple(
            dict.fromkeys(key for test in self.tests for key in _MEANT.get(test, ()))
        )
        self.variants = tuple(
            dict.fromkeys(key for test in self.tests for key in _FAMILIES.get(test, TESTS))
        )
        self.numbers = self.arms[0].number, self.arms[1].number
        self._graphs: dict[tuple[str, bool], TwoArmGraph | None] = {}

    @property
    def aims(self) -> tuple[Interval, ...]:
        """Windows to search in: of a bound such as p < 0.05 first the p-values near it."""
        high = self.p.high
        if high is None or (self.p.low or 0) > 0:
            return (self.p,)
        return Interval(high / 10, high), self.p

    def of_sizes(self, numbers: tuple[int, int]) -> _Case:
        """Return the same of fewer patients."""
        other = object.__new__(_Case)
        other.__dict__ = {
            **self.__dict__,
            "arms": tuple(replace(a, number=n) for a, n in zip(self.arms, numbers, strict=True)),
            "numbers": numbers,
            "_graphs": {},
        }
        return other

    def stages(self, counted: str, *, narrow: bool) -> tuple[Arm, Arm]:
        # Every curve with a median by any convention meets the windows of the interpolated one.
        median = "first" if narrow else "interpolated"
        one, two = (arm.landmarks(median, counted, narrow=narrow) for arm in self.arms)
        return stages_of(self.numbers, (one, two))

    def graph(self, counted: str, *, narrow: bool) -> TwoArmGraph | None:
        """Return all courses; None if there are too many."""
        if (counted, narrow) not in self._graphs:
            try:
                found = TwoArmGraph(
                    *self.stages(counted, narrow=narrow),
                    states=min(_STATES, _BITS // _bits(max(self.numbers))),
                    cells=_CELLS,
                )
            except GraphTooLargeError:
                found = None
            self._graphs[counted, narrow] = found
        return self._graphs[counted, narrow]


def _bits(number: int) -> int:
    """Return about how many bits the factorial of a number has."""
    return max(1, number * number.bit_length())


class _Ranges:
    """The p-values of each test, under each way to count patients at risk."""

    def __init__(self, case: _Case, graphs: Mapping[str, TwoArmGraph]):
        self.case, self.graphs = case, graphs
        self.known: dict[tuple[str, str], PRange | None] = {}

    def of(self, test: str, counted: str) -> PRange | None:
        if (test, counted) not in self.known:
            self.known[test, counted] = weighted_range(TESTS[test], self.graphs[counted])
        return self.known[test, counted]

    def p(self, test: str, alternative: Alternative) -> list[Interval]:
        found = (self.of(test, counted) for counted in self.graphs)
        return [interval_of_p(one.extremes, alternative) for one in found if one is not None]

    def excluded(self, test: str) -> bool:
        """Return whether the test gives the p-value under no alternative."""
        alternatives: tuple[Alternative, ...] = ("two-sided", "more", "fewer")
        return not any(
            window.meets(self.case.p) for name in alternatives for window in self.p(test, name)
        )

    def as_json(self) -> dict[str, Any]:
        """Return hulls by test, of tests for one side and for both."""
        found: dict[str, Any] = {}
        for test in dict.fromkeys(test for test, _ in self.known):
            both = self.p(test, "two-sided")
            if both:
                two = hull(both)
                one = hull([*self.p(test, "more"), *self.p(test, "fewer")])
                exact = all(
                    known is not None and known.is_least_attained
                    for (name, _), known in self.known.items()
                    if name == test
                )
                found[test] = {
                    "two-sided": ends_of(two),
                    "one-sided": ends_of(one),
                    "exact": exact and TESTS[test].is_exact,
                }
        return found


def survival_test_answer(question: Json) -> dict[str, Any]:
    """Say whether patients exist who have two printed curves and the p-value between them.

    Parameters
    ----------
    question : Mapping
        From :func:`netcore.checks.survival.comparisons.survival_test_question`.

    Returns
    -------
    dict
        ``outcome`` is ``fits`` (with patients, and what they assume), ``excluded`` (by every
        test that was looked at, for one side or both, if everybody was analysed), ``no data``
        (one curve alone is at odds with its number of patients) or ``open``; ``ranges`` are
        the p-values of each test that was looked at.
    """
    found: dict[str, Any] = json.loads(_answered(json.dumps(question, sort_keys=True)))
    return found


@lru_cache(maxsize=64)
def _answered(text: str) -> str:
    """Answer a question; abstracts in two languages ask the same."""
    return json.dumps(_answer(_Case(json.loads(text))), sort_keys=True)


def _answer(case: _Case) -> dict[str, Any]:
    graphs = {counted: case.graph(counted, narrow=False) for counted in case.counted}
    known = {counted: graph for counted, graph in graphs.items() if graph is not None}
    answer: dict[str, Any] = {"outcome": "open", "fits": [], "ranges": {}, **_at_one_time(case)}
    if len(known) < len(graphs):
        return _answer_of_large(case, answer)
    possible = {counted: graph for counted, graph in known.items() if graph.is_possible}
    if not possible:
        return {**answer, "outcome": "no data"}
    ranges = _Ranges(case, possible)
    for test in case.usual:
        for counted in possible:
            ranges.of(test, counted)
    answer["ranges"] = ranges.as_json()
    fit = _fitted(case, ranges, case.usual, "two-sided")
    if fit is not None:
        return {**answer, "outcome": "fits", "fits": [fit]}
    fits = [fit for fit in _unusual(case, ranges) if fit is not None]
    answer["ranges"] = ranges.as_json()
    if fits:
        return {**answer, "outcome": "fits", "fits": fits}
    excluded = all(ranges.excluded(test) for test in case.variants)
    return {**answer, "outcome": "excluded" if excluded else "open"}


def _fitted(
    case: _Case,
    ranges: _Ranges | None,
    tests: Sequence[str],
    alternative: Alternative,
    **assumed: object,
) -> dict[str, Any] | None:
    """Return patients with the p-value by one of some tests, the first of them first."""
    for test, counted in product(tests, case.counted):
        if ranges is not None and counted not in ranges.graphs:
            continue
        if ranges is not None and not any(
            window.meets(case.p) for window in ranges.p(test, alternative)
        ):
            continue
        graph = case.graph(counted, narrow=True)
        if graph is None or not graph.is_possible:
            continue
        measure = weighted_test(TESTS[test], graph.sizes)
        found = weighted_range(TESTS[test], graph) if ranges is None else ranges.of(test, counted)
        if found is None:
            continue
        # The patients at the ends may have rates that round either way: others are drawn.
        inside = replace(
            p_of_extremes(graph, found.extremes, alternative), least=None, greatest=None
        )
        fits = (
            fit_p(graph, measure, inside, inner(aim), alternative, tries=_TRIES)
            for aim in case.aims
        )
        drawn = next((fit.patients for fit in fits if fit.patients is not None), None)
        for patients in () if drawn is None else _tidied(drawn):
            p = p_of_course(measure, event_times(*patients), alternative)
            if _is_as_printed(case, patients, p, counted):
                assert p is not None
                return _fit_json(patients, p, test, alternative, counted, assumed)
    return None


def _is_as_printed(case: _Case, patients: Patients, p: Enclosure | None, counted: str) -> bool:
    if p is None or p.low not in inner(case.p) or p.high not in inner(case.p):
        return False
    return all(arm.is_of(who, counted) for arm, who in zip(case.arms, patients, strict=True))


def _tidied(patients: Patients) -> Iterator[Patients]:
    """Yield the patients with times of few decimals, if they keep their order, and as they are."""
    every = sorted({who.time for arm in patients for who in arm})
    for decimals in (0, 1, 2, 3):
        rounded = {time: round(time, decimals) for time in every}
        if len(set(rounded.values())) == len(every) and min(rounded.values()) > 0:
            yield _at_times(patients, rounded)
    yield patients


def _at_times(patients: Patients, times: Mapping[Fraction, Fraction]) -> Patients:
    one, two = (
        tuple(Observation(Fraction(times[who.time]), who.event) for who in arm) for arm in patients
    )
    return one, two


def _fit_json(
    patients: Patients,
    p: Enclosure,
    test: str,
    alternative: str,
    counted: str,
    assumed: Mapping[str, object],
) -> dict[str, Any]:
    return {
        "arms": [[[str(who.time), who.event] for who in arm] for arm in patients],
        "assumes": dict(assumed),
        "alternative": alternative,
        "constructed": True,
        "counted": counted,
        "p": [str(p.low), str(p.high)],
        "test": test,
    }


def _unusual(case: _Case, ranges: _Ranges) -> Iterator[dict[str, Any] | None]:
    """Yield patients that take one assumption: another test, one side, or fewer analysed."""
    others = [test for test in case.variants if test not in case.usual]
    for counted, test in product(ranges.graphs, others):
        ranges.of(test, counted)
    fit = _fitted(case, ranges, others, "two-sided")
    yield None if fit is None else {**fit, "assumes": {"test": fit["test"]}}
    for alternative in ("more", "fewer"):
        fit = _fitted(case, ranges, case.usual, alternative)
        yield None if fit is None else {**fit, "assumes": {"alternative": "one-sided"}}
    for sizes in _fewer(case):
        fit = _fitted(case.of_sizes(sizes), None, case.usual[:1], "two-sided", sizes=list(sizes))
        if fit is not None:
            yield fit
            return


def _fewer(case: _Case) -> list[tuple[int, int]]:
    """Return sizes with up to a few patients less, the largest first."""
    n1, n2 = case.numbers
    pairs = [(n1 - i, n2 - j) for i, j in product(range(4), repeat=2) if i + j]
    allowed = [pair for pair in pairs if min(pair) >= 2]
    allowed.sort(key=lambda pair: (-sum(pair), abs((n1 - pair[0]) - (n2 - pair[1]))))
    return allowed[:_FEWER]


# --- Large arms -----------------------------------------------------------------------------------


def _answer_of_large(case: _Case, answer: dict[str, Any]) -> dict[str, Any]:
    """Draw patients, and bound the log-rank test if numbers at risk make that worth while."""
    if max(case.numbers) > _TOO_LARGE:
        return answer
    for counted in case.counted if len(case.counted) > 1 and _is_bounded(case) else ():
        found = bounds_of_log_rank(*case.stages(counted, narrow=False))
        if found is not None:
            windows = [interval_of_p(found)]
            if "log_rank" in answer["ranges"]:
                windows.append(interval_of(answer["ranges"]["log_rank"]["two-sided"]))
            answer["ranges"]["log_rank"] = {"two-sided": ends_of(hull(windows)), "exact": False}
    for test, counted in product(case.usual[:2], case.counted):
        fit = _drawn(case, test, counted)
        if fit is not None:
            return {**answer, "outcome": "fits", "fits": [fit]}
    return answer


def _is_bounded(case: _Case) -> bool:
    """Return whether numbers at risk leave few enough pairs of them to be searched through."""
    sizes = [
        [arm.number, *(int(v.window.low or 0) for v in arm.values if v.name == "n.risk")]
        for arm in case.arms
    ]
    if len(sizes[0]) != len(sizes[1]) or len(sizes[0]) < 2:
        return False
    drops = [
        (a - b + 1) * (c - d + 1)
        for (a, b), (c, d) in zip(
            zip(sizes[0], [*sizes[0][1:], 0], strict=True),
            zip(sizes[1], [*sizes[1][1:], 0], strict=True),
            strict=True,
        )
    ]
    return sum(drops) <= _BOUNDED


def _drawn(case: _Case, test: str, counted: str) -> dict[str, Any] | None:
    measure = weighted_test(TESTS[test], case.numbers)

    size = sum(case.numbers)

    def p_of(patients: Patients) -> float | None:
        from math import erfc, sqrt

        if size > _LARGE:  # in floats: fractions of so many events take long
            z = measure.near(event_times(*patients))
            return None if z is None else erfc(abs(z) / sqrt(2))
        square = measure.square(event_times(*patients))
        return None if square is None or square.low is None else erfc(sqrt(float(square.low) / 2))

    def accept(patients: Patients) -> bool:
        p = p_of_course(measure, event_times(*patients))
        return _is_as_printed(case, patients, p, counted)

    one, two = (arm.landmarks("first", counted, narrow=True) for arm in case.arms)
    last = max((m.time for m in (*one, *two) if m.time is not None), default=Fraction(1))
    aims = [aim.meet(Interval(Fraction(0), Fraction(1))) for aim in case.aims]
    orders = _ORDERS if size <= _LARGE else max(1, _ORDERS * _LARGE // size // 2)
    spans = BUDGET
    if size > _LARGE:
        spans = min(spans, _BITS_OF_SPANS // _bits(max(case.numbers)))
    draws = (
        draw_arms(
            case.numbers, (one, two), p_of, aim, accept, end=2 * last, tries=orders, budget=spans
        )
        for aim in aims
    )
    drawn = next((patients for patients in draws if patients is not None), None)
    for patients in () if drawn is None else _tidied(drawn):
        p = p_of_course(measure, event_times(*patients))
        if _is_as_printed(case, patients, p, counted):
            assert p is not None
            return _fit_json(patients, p, test, "two-sided", counted, {})
    return None


# --- At one time ----------------------------------------------------------------------------------


def _at_one_time(case: _Case) -> dict[str, Any]:
    """Return p-values of tests of the rates at one time, of which the paper may speak."""
    found: dict[str, Any] = {}
    rates = [{v.time: v.window for v in arm.values if v.name == "survival"} for arm in case.arms]
    for time in rates[0].keys() & rates[1].keys():
        windows = rates[0][time], rates[1][time]
        by_z = landmark_p_range(case.numbers, windows)
        crude = crude_p_range(case.numbers, windows)
        found[str(time)] = {
            "z": None if by_z is None else ends_of(by_z),
            "crude": None if crude is None else ends_of(crude),
        }
    return {"at": dict(sorted(found.items()))} if found else {}


def survival_test_sketch(question: Json) -> dict[str, Any]:
    """Say nothing: a sketch must find contradictions quickly, and these take long.

    Parameters
    ----------
    question : Mapping
        From :func:`netcore.checks.survival.comparisons.survival_test_question`.

    Returns
    -------
    dict
        An open answer.
    """
    return {"outcome": "open", "fits": [], "ranges": {}, "sketched": True, "p": question["p"]}


METHODS[METHOD] = survival_test_answer
SKETCHES[METHOD] = survival_test_sketch
