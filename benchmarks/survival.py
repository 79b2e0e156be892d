"""How long questions of survival take, and how loose bounds of large arms are: figures alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from netcore.printed import Interval
from netcore.stats.survival.event_graph import Arm, GraphTooLargeError, Rate, TwoArmGraph
from netcore.stats.survival.joint_endpoints import Endpoint, have_both
from netcore.stats.survival.joint_patients import JointPatients, joint_patients
from netcore.stats.survival.landmarks import Landmark
from netcore.stats.survival.log_rank import interval_of_p, log_rank, log_rank_range, range_of_p
from netcore.stats.survival.paired_curves import paired_groups
from netcore.stats.survival.path_extremes import Extremes
from netcore.stats.survival.printed_curves import PrintedCurve
from netcore.stats.survival.reachable import Reach, reach
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


def three_rates(number: int) -> Reach:
    """Answer whether so many patients can have three rates."""
    rates = (12, 810), (24, 620), (60, 310)
    return reach(number, [Landmark(Fraction(t), printed(t, rate).window) for t, rate in rates])


def one_arm() -> None:
    """Print how long three rates of 200 patients take."""
    seconds, found = timed(lambda: three_rates(200))
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


def bounds_with_numbers_at_risk(*sizes: int) -> Extremes | None:
    """Bound the log-rank statistic of two groups with four rates, and shares still at risk."""
    marks = (12, 900, "0.88"), (24, 800, "0.76"), (48, 660, "0.55"), (72, 540, "0.32")
    first, second = (
        Arm(
            number,
            tuple(
                printed(t, rate - 60 * k, at_risk=round(Fraction(share) * number))
                for t, rate, share in marks
            ),
        )
        for k, number in enumerate(sizes)
    )
    return bounds_of_log_rank(first, second)


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
    seconds, found = timed(lambda: bounds_with_numbers_at_risk(50, 92))
    assert found is not None
    low = float(interval_of_p(found).low or 0)
    print(
        f"bounds, 50 against 92 with numbers at risk: {seconds:.1f} s (p from {low:.2g}; asked: 60 s)"
    )


def two_endpoints(
    rates: tuple[tuple[int, int], tuple[int, int]], ps: tuple[str, str], sizes: tuple[int, int]
) -> tuple[Endpoint, Endpoint]:
    """Return two endpoints: rates at two years, per mille, and p-values with two decimals."""

    def arm(number: int, per_mille: int) -> PrintedCurve:
        return PrintedCurve(number, (Landmark(Fraction(24), printed(24, per_mille).window),))

    ends = []
    for pair, text in zip(rates, ps, strict=True):
        p, half = Fraction(text), Fraction("0.005")
        first, second = (arm(number, rate) for number, rate in zip(sizes, pair, strict=True))
        ends.append(Endpoint((first, second), Interval(p - half, p + half)))
    return ends[0], ends[1]


def patients_with_two_endpoints(*sizes: int) -> JointPatients | None:
    """Construct patients with two rates and a p-value of each of two endpoints."""
    # The smallest print what a trial did, the others what is usual.
    rates, ps = (
        (((380, 440), (800, 1000)), ("0.90", "0.16"))
        if sizes == (12, 14)
        else (((380, 440), (800, 860)), ("0.60", "0.50"))
    )
    both = two_endpoints(rates, ps, (sizes[0], sizes[1]))
    found = joint_patients(*both) or paired_groups(*both)
    assert found is None or have_both(*both, found)
    return found


def joint() -> None:
    """Print how long patients with two endpoints take."""
    for sizes in ((12, 14), (24, 28), (48, 56), (100, 110)):
        seconds, found = timed(lambda sizes=sizes: patients_with_two_endpoints(*sizes))  # type: ignore[misc]
        asked = "; asked: 10 s" if sizes == (12, 14) else ""
        said = "none found" if found is None else "found"
        print(
            f"patients with two endpoints, {sizes[0]} against {sizes[1]}: "
            f"{seconds:.2f} s ({said}{asked})"
        )


if __name__ == "__main__":
    one_arm()
    joint()
    two_arms()
    large_arms()
