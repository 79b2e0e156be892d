"""Time the moments of granular data, beside `scrutipy` where that is installed.

The figures are printed and never tested: they depend on the machine.  They are seconds of
processor time, which for a program with several threads is the sum over all of them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from netcore.printed import Interval, parse_printed, rounding_window
from netcore.stats.moments import (
    MultisetQuestion,
    count_multisets,
    draw_multisets,
    find_multiset,
    greatest_squares,
    grim_rows,
    grimmer,
    multiset_questions,
    split_decimals,
)

try:
    import scrutipy
except ImportError:
    scrutipy = None

# Mean, standard deviation, number and scale; whether the rival can list all data sets in a minute.
SCALES = (
    ("1.2", "0.5", 12, 1, 5, True),
    ("3.5", "0.5", 52, 1, 5, True),
    ("30.6", "3.1", 30, 27, 34, True),
    ("4.7", "2.2", 50, 1, 7, True),
    ("2.7", "1.9", 130, 1, 5, True),
    ("4.0", "1.5", 100, 1, 7, False),
    ("58.56", "12.5", 34, 29, 82, False),
)


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """Return a result and the seconds it took."""
    start = time.process_time()
    result = function()
    return result, time.process_time() - start


def window(text: str) -> Interval:
    """Return what a printed number stands for."""
    return parse_printed(text).window()


def line(name: str, seconds: float, said: object, rival: str = "") -> None:
    """Print one figure."""
    print(f"{name:<52} {seconds:9.4f} s  {said!s:<28} {rival}", flush=True)


def rows(random: Random, number: int) -> tuple[list[str], list[str], list[int]]:
    """Return means and standard deviations of a table that nobody measured, with sizes."""
    sizes = [random.randint(5, 150) for _ in range(number)]
    means = [f"{random.uniform(1, 90):.{random.choice((1, 2))}f}" for _ in sizes]
    deviations = [f"{random.uniform(1, 20):.{random.choice((1, 2))}f}" for _ in sizes]
    return means, deviations, sizes


def time_rows() -> None:
    """Time GRIM and GRIMMER over tables of many rows."""
    means, _, sizes = rows(Random(1), 1_000_000)
    (digits, decimals), split = timed(lambda: split_decimals(means))
    found, taken = timed(lambda: grim_rows(digits, decimals, sizes))
    rival = beside(
        "grim_scalar",
        lambda m, n: [scrutipy.grim_scalar(*row) for row in zip(m, n, strict=True)],
        means[:10_000],
        sizes[:10_000],
    )
    line("GRIM, 1,000,000 rows", taken, f"{found.mean():.1%} pass", rival)
    line("  their texts split", split, "")
    means, deviations, sizes = rows(Random(2), 100_000)
    units = [Fraction(1, 10 ** len(text.partition(".")[2])) for text in (*means, *deviations)]
    windows = [
        rounding_window(Fraction(text), unit)
        for text, unit in zip((*means, *deviations), units, strict=True)
    ]
    pairs = list(zip(windows, windows[len(means) :], sizes, strict=False))
    passed, taken = timed(lambda: sum(grimmer(*pair).is_possible for pair in pairs))
    rival = beside(
        "grimmer",
        lambda m, s, n: scrutipy.grimmer(m, s, n, items=[1] * len(m)),
        means,
        deviations,
        sizes,
    )
    line("GRIMMER, 100,000 rows, both divisors", taken, f"{passed / 1000:.1f}% pass", rival)


def beside(name: str, function: Callable[..., Any], *arguments: Sequence[Any]) -> str:
    """Return what scrutipy takes for the same."""
    if scrutipy is None:
        return "scrutipy: not installed"
    result, taken = timed(lambda: function(*arguments))
    passed = sum(map(bool, result))
    return f"scrutipy.{name}: {taken:.4f} s for {len(arguments[0])}, {100 * passed / len(arguments[0]):.1f}% pass"


def time_scales() -> None:
    """Time existence, counts and draws on scales."""
    for mean, sd, number, low, high, is_short in SCALES:
        [question] = multiset_questions(window(mean), window(sd), number, low, high, ddofs=(1,))
        name = f"{mean} ± {sd}, n = {number}, {low} to {high}"
        search, taken = timed(lambda question=question: find_multiset(question))
        line(f"{name}: existence", taken, search.outcome)
        count, taken = timed(lambda question=question: count_multisets(question))
        rival = ""
        if is_short and scrutipy is None:
            rival = "scrutipy: not installed"
        elif is_short:
            halves = [
                float(Fraction(1, 2 * 10 ** len(text.partition(".")[2]))) for text in (mean, sd)
            ]
            found, other = timed(
                lambda row=(float(mean), float(sd), number, low, high, *halves): scrutipy.closure(
                    *row
                )
            )
            rival = f"scrutipy.closure: {other:.4f} s, {len(found)} ({other / taken:.0f} times)"
        line(f"{name}: number", taken, count, rival)
        drawn, taken = timed(lambda question=question: draw_multisets(question, Random(1), 10))
        line(f"{name}: ten draws", taken, drawn is not None)


def time_growth() -> None:
    """Time existence and counts as numbers grow, where data exist and where they do not."""
    for number in (10, 30, 100, 300, 1000, 3000, 10_000, 100_000):
        [question] = multiset_questions(window("4.2"), window("1.5"), number, 1, 7, ddofs=(1,))
        search, taken = timed(lambda question=question: find_multiset(question))
        line(f"4.2 ± 1.5, n = {number}, 1 to 7: existence", taken, search.outcome)
        count, taken = timed(lambda question=question: count_multisets(question))
        line(
            f"4.2 ± 1.5, n = {number}, 1 to 7: number",
            taken,
            "open" if count is None else f"{len(str(count))} digits",
        )
    for number in (10, 34, 100, 200):
        total = number * 58 + number // 2
        most = greatest_squares(number, total, 29, 82)
        targets = [
            MultisetQuestion(number, 29, 82, ((total, range(squares, squares + 1, 2)),))
            for squares in range(most - 60, most - 40, 2)
        ]
        searches, taken = timed(lambda targets=targets: [find_multiset(t).outcome for t in targets])
        said = ", ".join(f"{searches.count(word)} {word}" for word in sorted(set(searches)))
        line(f"n = {number}, 29 to 82, nearly all at the ends: ten", taken, said)


def main() -> None:
    """Print one line for each figure."""
    print(
        f"Python {sys.version.split()[0]}; scrutipy {'not installed' if scrutipy is None else 'installed'}"
    )
    time_rows()
    time_scales()
    time_growth()


if __name__ == "__main__":
    main()
