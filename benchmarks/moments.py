"""Time the moments of granular data, beside `scrutipy` where that can be installed.

The figures are printed and never tested: they depend on the machine.  They are seconds of
processor time, which for a program with several threads is the sum over all of them.  Behind a
figure stands what was asked of it, where anything was.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import rival

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

# Mean, standard deviation, number and scale; whether the rival can list all data sets in a minute;
# seconds asked of existence and of the number.
SCALES = (
    ("1.2", "0.5", 12, 1, 5, True, None, None),
    ("3.5", "0.5", 52, 1, 5, True, None, None),
    ("30.6", "3.1", 30, 27, 34, True, None, None),
    ("4.7", "2.2", 50, 1, 7, True, None, None),
    ("2.7", "1.9", 130, 1, 5, True, None, None),
    ("4.0", "1.5", 100, 1, 7, False, None, 0.1),
    ("58.56", "12.5", 34, 29, 82, False, 0.1, 1.5),
)

# Data that anybody can add up, with what they print: GRIMMER has to let them pass.
KNOWN = (
    ("1.1", "1.41", 30, "13, 12, 0, 0 and 5 times 0 to 4"),
    ("0.03", "0.18", 200, "seven 1s and 193 0s, 0.035 cut or rounded down"),
    ("1.2", "0.5", 12, "nine 1s and three 2s, 1.25 rounded to even"),
    ("0.24", "6.43", 34, ""),
    ("2.57", "2.57", 30, ""),
    ("5.00", "2.18", 31, ""),
)


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """Return a result and the seconds it took."""
    start = time.process_time()
    result = function()
    return result, time.process_time() - start


def window(text: str) -> Interval:
    """Return what a printed number stands for."""
    return parse_printed(text).window()


def line(
    name: str, seconds: float, said: object, beside: str = "", asked: float | None = None
) -> None:
    """Print one figure, and what stands next to it."""
    limit = "" if asked is None else f"(asked: {asked:g} s)"
    print(f"{name:<52} {seconds:9.4f} s {limit:<15} {said!s:<28} {beside}", flush=True)


def rows(random: Random, number: int) -> tuple[list[str], list[str], list[int]]:
    """Return means and standard deviations of a table that nobody measured, with sizes."""
    sizes = [random.randint(5, 150) for _ in range(number)]
    means = [f"{random.uniform(1, 90):.{random.choice((1, 2))}f}" for _ in sizes]
    deviations = [f"{random.uniform(1, 20):.{random.choice((1, 2))}f}" for _ in sizes]
    return means, deviations, sizes


def passing(found: list[bool]) -> str:
    """Return the share of rows that pass."""
    return f"{100 * sum(map(bool, found)) / len(found):.1f}% pass"


def time_rows(python: Path | None) -> None:
    """Time GRIM and GRIMMER over tables of many rows."""
    means, _, sizes = rows(Random(1), 1_000_000)
    (digits, decimals), split = timed(lambda: split_decimals(means))
    found, taken = timed(lambda: grim_rows(digits, decimals, sizes))
    beside = ""
    if python:
        few = 10_000
        theirs, other = rival.ask(python, "grim", *zip(means[:few], sizes[:few], strict=True))
        beside = f"scrutipy.grim_scalar: {other:.4f} s for {few:,} rows, {passing(theirs)}"
    line("GRIM, 1,000,000 rows", taken, f"{100 * found.mean():.1f}% pass", beside, 1)
    line("  their texts split", split, "")
    means, deviations, sizes = rows(Random(2), 100_000)
    units = [Fraction(1, 10 ** len(text.partition(".")[2])) for text in (*means, *deviations)]
    windows = [
        rounding_window(Fraction(text), unit)
        for text, unit in zip((*means, *deviations), units, strict=True)
    ]
    pairs = list(zip(windows, windows[len(means) :], sizes, strict=False))
    ours, taken = timed(lambda: [grimmer(*pair).is_possible for pair in pairs])
    beside = ""
    if python:
        theirs, other = rival.ask(python, "grimmer", *zip(means, deviations, sizes, strict=True))
        beside = f"scrutipy.grimmer: {other:.4f} s, {passing(theirs)}"
    line("GRIMMER, 100,000 rows, both divisors", taken, passing(ours), beside, 5)


def compare_known(python: Path | None) -> None:
    """Print who lets data pass that print what is asked."""
    theirs: list[bool | None] = [None] * len(KNOWN)
    if python:
        theirs = rival.ask(python, "grimmer", *(row[:3] for row in KNOWN))[0]
    words = {True: "passes", False: "refused", None: "not asked"}
    for (mean, sd, number, data), other in zip(KNOWN, theirs, strict=True):
        passed = grimmer(window(mean), window(sd), number).is_possible
        said = f"{words[passed]}; scrutipy.grimmer: {words[other]}"
        print(f"GRIMMER {f'{mean} ± {sd}, n = {number}':<44} {said:<45} {data}", flush=True)


def time_scales(python: Path | None) -> None:
    """Time existence, counts and draws on scales."""
    for mean, sd, number, low, high, is_short, asked, asked_of_count in SCALES:
        [question] = multiset_questions(window(mean), window(sd), number, low, high, ddofs=(1,))
        name = f"{mean} ± {sd}, n = {number}, {low} to {high}"
        search, taken = timed(lambda question=question: find_multiset(question))
        line(f"{name}: existence", taken, search.outcome, "", asked)
        count, taken = timed(lambda question=question: count_multisets(question))
        beside = ""
        if is_short and python:
            halves = [
                float(Fraction(1, 2 * 10 ** len(text.partition(".")[2]))) for text in (mean, sd)
            ]
            row = (float(mean), float(sd), number, low, high, *halves)
            [found], other = rival.ask(python, "closure", row)
            beside = f"scrutipy.closure: {other:.4f} s, {found:,} ({other / taken:,.0f} times)"
        said = "open" if count is None else f"{count:,}"
        line(f"{name}: number", taken, said, beside, asked_of_count)
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
    python = rival.environment()
    print(
        f"Python {sys.version.split()[0]}; {rival.REQUIREMENT if python else 'scrutipy not asked'}"
    )
    time_rows(python)
    compare_known(python)
    time_scales(python)
    time_growth()


if __name__ == "__main__":
    main()
