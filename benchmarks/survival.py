"""How long questions of survival take, and how loose bounds of large arms are: figures alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from netcore.printed import Interval
from netcore.stats.survival.event_graph import Arm, GraphTooLargeError, Rate, TwoArmGraph
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.log_rank import interval_of_p, log_rank, log_rank_range, range_of_p
from netcore.stats.survival.reachable import reach
from netcore.stats.survival.relaxed_log_rank import bounds_of_log_rank

_T = TypeVar("_T")


def timed(work: Callable[[], _T]) -> tuple[float, _T]:
    """Return processor seconds and the result."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def printed(time_: int, per_mille: int, *, at_risk: int | None = None) -> Rate:
    """Return a rate printed in per cent without decimals, and a number at risk."""
    window = Interval(Fraction(per_mille - 5, 1000), Fraction(per_mille + 5, 1000))
    risk = Interval(None, None) if at_risk is None else Interval.point(at_risk)
    return Rate(Fraction(time_), window, risk)


def one_arm() -> None:
    """Print how long three rates of 200 patients take."""
    marks = [
        Landmark(Fraction(t), printed(t, rate).window)
        for t, rate in ((12, 810), (24, 620), (60, 310))
    ]
    seconds, found = timed(lambda: reach(200, marks))
    print(f"three rates of 200 patients: {seconds:.2f} s ({found.status}; asked: 2 s)")


def two_arms() -> None:
    """Print how long the range of the log-rank test takes for 12 against 14, and how it grows."""
    first, second = Arm(12, (printed(24, 380),)), Arm(14, (printed(24, 440),))
    seconds, found = timed(lambda: log_rank_range(first, second))
    assert found is not None
    low, high = (float(end or 0) for end in (found.p.low, found.p.high))
    print(f"log-rank, 12 against 14: {seconds:.2f} s (p {low:.3g} to {high:.3g}; asked: 10 s)")
    for number in range(4, 41, 4):
        arm = Arm(number, (printed(24, 500),))
        other = Arm(number, (printed(24, 750),))
        try:
            graph = TwoArmGraph(arm, other, cells=60_000)
        except GraphTooLargeError as error:
            print(f"  {number} against {number}: {error}")
            break
        seconds, _ = timed(lambda graph=graph, n=number: range_of_p(graph, log_rank(2 * n)))  # type: ignore[misc]
        print(f"  {number} against {number}: {seconds:.2f} s, {graph.cells} pairs of states")


def large_arms() -> None:
    """Print how long bounds for 50 against 92 take, with numbers at risk, and how loose they are."""
    small = [
        (
            Arm(n, (printed(24, rate, at_risk=risk),))
            for n, rate, risk in ((12, 417, 4), (14, 357, 4))
        )
    ]
    first, second = small[0]
    exact = log_rank_range(first, second)
    loose = bounds_of_log_rank(first, second)
    if exact is not None and loose is not None:
        print(
            f"bound of z^2, 12 against 14 with numbers at risk: {float(loose.greatest.limit):.2f}, "
            f"exact {float(exact.extremes.greatest.limit):.2f}"
        )
    marks = [(12, 900, 44, 82), (24, 800, 38, 70), (48, 660, 28, 50), (72, 540, 16, 30)]
    arms = [
        Arm(n, tuple(printed(t, rate - 60 * k, at_risk=(a, b)[k]) for t, rate, a, b in marks))
        for k, n in enumerate((50, 92))
    ]
    seconds, found = timed(lambda: bounds_of_log_rank(arms[0], arms[1]))
    assert found is not None
    low = float(interval_of_p(found).low or 0)
    print(
        f"bounds, 50 against 92 with numbers at risk: {seconds:.1f} s (p from {low:.2g}; asked: 60 s)"
    )


if __name__ == "__main__":
    one_arm()
    two_arms()
    large_arms()
