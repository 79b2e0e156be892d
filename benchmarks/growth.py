"""Draw how times grow with the number of patients, from 10 to 200: `build/bench/growth.svg`.

The figures are printed as well, in seconds of processor time, and never tested.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from moments import window
from ranks import hulls, pair, seconds, without_ties, witnesses

from netcore.stats.moments import count_multisets, find_multiset, multiset_questions

PLOT = Path(__file__).resolve().parent.parent / "build" / "bench" / "growth.svg"
SIZES = (10, 20, 30, 40, 60, 80, 100, 150, 200)


def of_scale(task: Callable[..., object]) -> Callable[[int], float]:
    """Return the seconds of a task about a mean and a deviation on a scale."""

    def taken(size: int) -> float:
        [question] = multiset_questions(window("4.2"), window("1.5"), size, 1, 7, ddofs=(1,))
        return seconds(task, question)

    return taken


def of_ranks(task: Callable[..., object], *more: object) -> Callable[[int], float]:
    """Return the seconds of a task about two groups, each with its quartiles."""
    return lambda size: seconds(task, *pair(size, size), *more)


TASKS: dict[str, Callable[[int], float]] = {
    "mean and deviation on 1 to 7: do data exist": of_scale(find_multiset),
    "mean and deviation on 1 to 7: how many": of_scale(count_multisets),
    "quartiles of two groups: range of U, all definitions": of_ranks(without_ties),
    "quartiles of two groups: greatest z with ties": of_ranks(hulls, None),
    "quartiles of two groups: data with three values of U": of_ranks(witnesses, "type7"),
}


def draw(times: dict[str, list[float]]) -> None:
    """Write the plot; both axes are logarithmic, so that a power is a line."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    for (name, values), marker in zip(times.items(), "os^Dv", strict=True):
        axes.plot(SIZES, values, marker=marker, label=name)
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
        times[name] = [task(size) for size in SIZES]
        print(f"{name:<52}" + "".join(f"{taken:>9.4f}" for taken in times[name]), flush=True)
    draw(times)
    print(f"Drawn in {PLOT}")


if __name__ == "__main__":
    main()
