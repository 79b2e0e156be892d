"""Draw how times grow with the number of patients, from 10 to 200: `build/bench/growth.svg`.

The figures are printed as well, in seconds of processor time, and never tested.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import survival
from moments import window
from ranks import hulls, pair, seconds, without_ties, witnesses

from netcore.stats.moments import count_multisets, find_multiset, multiset_questions

PLOT = Path(__file__).resolve().parent.parent / "build" / "bench" / "growth.svg"
SIZES = (10, 20, 30, 40, 60, 80, 100, 150, 200)
LONG = 20.0  # seconds; of a task that takes longer no larger sizes are drawn


def of_scale(task: Callable[..., object]) -> Callable[[int], float]:
    """Return the seconds of a task about a mean and a deviation on a scale."""

    def taken(size: int) -> float:
        [question] = multiset_questions(window("4.2"), window("1.5"), size, 1, 7, ddofs=(1,))
        return seconds(task, question)

    return taken


def of_ranks(task: Callable[..., object], *more: object) -> Callable[[int], float]:
    """Return the seconds of a task about two groups, each with its quartiles."""
    return lambda size: seconds(task, *pair(size, size), *more)


def of_rates(size: int) -> float:
    """Return the seconds of a task about three rates of one group."""
    return seconds(survival.three_rates, size)


def of_log_rank(size: int) -> float:
    """Return the seconds of a task about two groups with rates and numbers at risk."""
    return seconds(survival.bounds_with_numbers_at_risk, size, size)


def of_two_endpoints(size: int) -> float:
    """Return the seconds of a task about two groups with two endpoints and two p-values."""
    return seconds(survival.patients_with_two_endpoints, size, size)


TASKS: dict[str, Callable[[int], float]] = {
    "mean and deviation on 1 to 7: do data exist": of_scale(find_multiset),
    "mean and deviation on 1 to 7: how many": of_scale(count_multisets),
    "quartiles of two groups: range of U, all definitions": of_ranks(without_ties),
    "quartiles of two groups: greatest z with ties": of_ranks(hulls, None),
    "quartiles of two groups: data with three values of U": of_ranks(witnesses, "type7"),
    "three survival rates of one group: can they be": of_rates,
    "rates, numbers at risk: bounds of the log-rank p-value": of_log_rank,
    "two endpoints, each with two rates and p: patients": of_two_endpoints,
}


def draw(times: dict[str, list[float]]) -> None:
    """Write the plot; both axes are logarithmic, so that a power is a line."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 6), layout="constrained")
    for (name, values), marker in zip(times.items(), "os^DvP*X", strict=True):
        axes.plot(SIZES[: len(values)], values, marker=marker, label=name)
    axes.set(xscale="log", yscale="log", xlabel="patients in each group", ylabel="seconds")
    axes.set_xticks(SIZES, [str(size) for size in SIZES])
    axes.minorticks_off()
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize="small")
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT)


def main() -> None:
    """Print one line for each task, and draw them."""
    print(f"{'patients in each group':<52}" + "".join(f"{size:>9}" for size in SIZES))
    times = {}
    for name, task in TASKS.items():
        print(f"{name:<52}", end="", flush=True)
        times[name] = []
        for size in SIZES:
            times[name].append(task(size))
            print(f"{times[name][-1]:>9.4f}", end="", flush=True)
            if times[name][-1] > LONG:
                break
        print()
    draw(times)
    print(f"Drawn in {PLOT}")


if __name__ == "__main__":
    main()
