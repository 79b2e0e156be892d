"""Replay certificates of t-tests without netcore: written to be pasted into ``verify_evidence.py``.

The tails of Student's and of the normal distribution come from :mod:`tail_checks`, which would be pasted too.
A half interval as spread has no certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from tail_checks import checked_normal_tail, checked_student_tail

Ends = tuple[Fraction, Fraction]


def factor(reading: str, n: int) -> Fraction:
    """Return what turns a squared spread into the squared error of the mean."""
    return {
        "sd": Fraction(1, n),
        "sd_n": Fraction(1, n - 1),
        "se": Fraction(1),
        "se_n": Fraction(n, n - 1),
    }[reading]


def bounds(
    statistic: str, readings: list[str], numbers: list[Any], spreads: list[Ends], distance: Ends
) -> tuple[Fraction | None, Fraction | None, Fraction, Fraction]:
    """Bound the squared statistic and the degrees of freedom in one box."""
    errors = [
        tuple(
            spread[end] ** 2 * (min, max)[end](factor(reading, n) for n in ends) for end in (0, 1)
        )
        for reading, ends, spread in zip(readings, numbers, spreads, strict=True)
    ]
    variance = [sum(error[end] for error in errors) for end in (0, 1)]
    few, many = sum(n[0] for n in numbers), sum(n[1] for n in numbers)
    df = Fraction(few - len(numbers)), Fraction(many - len(numbers))
    if statistic in ("student", "z_pooled"):
        (a, b), (c, d) = numbers
        first, second = errors
        variance = [
            (first[0] * Fraction(a - 1, d) + second[0] * Fraction(c - 1, b))
            * Fraction(many, many - 2),
            (first[1] * Fraction(b - 1, c) + second[1] * Fraction(d - 1, a))
            * Fraction(few, few - 2),
        ]
    if statistic == "welch":  # 1 / df is a parabola in the share of one error
        (a, b), (c, d) = numbers
        first, second = errors
        r = first[0] / (first[0] + second[1]), first[1] / (first[1] + second[0])
        top = min(max(Fraction(b - 1, b + d - 2), r[0]), r[1])

        def inverse(x: Fraction, n: int, m: int) -> Fraction:
            return x**2 / (n - 1) + (1 - x) ** 2 / (m - 1)

        df = 1 / max(inverse(r[0], a, c), inverse(r[1], a, c)), 1 / inverse(top, b, d)
    t = [d**2 / v if v else None for d, v in zip(distance, reversed(variance), strict=True)]
    return t[0], t[1], *df


def covers(parts: list[Ends], whole: Ends) -> bool:
    """Return whether intervals cover another one."""
    reached = whole[0]
    for low, high in sorted(parts):
        if low > reached:
            return False
        reached = max(reached, high)
    return reached >= whole[1]


def two_sided(flavour: str, window: Ends) -> Ends:
    """Return the two-sided p-values behind a window."""
    if flavour.endswith("_one_sided"):
        window = 2 * window[0], 2 * window[1]
    if flavour.endswith("_other_side"):
        window = 2 - 2 * window[1], 2 - 2 * window[0]
    return max(window[0], Fraction(0)), min(window[1], Fraction(1))


def refuted(case: Mapping[str, Any], window: Ends, ends: Callable[[list[str]], Ends]) -> bool:
    """Return whether one flavour gives no p-value of a window."""
    window = two_sided(case["flavour"], window)
    if window[0] > window[1]:
        return True
    statistic = case["flavour"].removesuffix("_one_sided").removesuffix("_other_side")
    means = [ends(group["mean"]) for group in case["groups"]]
    wholes = [ends(group["spread"]) for group in case["groups"]]
    wholes = [(max(low, Fraction(0)), high) for low, high in wholes]
    numbers = [range(a, b + 1) for a, b in (group["numbers"] for group in case["groups"])]
    readings = [group["reading"] for group in case["groups"]]
    low, high = means[0][0] - means[1][1], means[0][1] - means[1][0]
    distance = max(Fraction(0), low, -high), max(high, -low)
    if case["paired"]:
        common = sorted({*numbers[0]} & {*numbers[1]})
        if not common:
            return True
        (a, b), (c, d) = wholes
        wholes = [(max(Fraction(0), a - d, c - b), b + d)]
        numbers, readings = [range(common[0], common[-1] + 1)], readings[:1]
    pieces = []
    for piece in case["pieces"]:
        spreads = [(Fraction(a), Fraction(b)) for a, b in piece["spreads"]]
        least, most, few, many = bounds(statistic, readings, piece["numbers"], spreads, distance)
        is_below = piece["side"] == "below"
        t, df = (least, few) if is_below else (most, many)
        if t is None and is_below:
            tail = Fraction(0), Fraction(0)
        elif t is None:
            return False
        elif t == 0:
            tail = Fraction(1), Fraction(1)
        elif "z" in statistic.split("_"):
            tail = checked_normal_tail(t)
        else:
            tail = checked_student_tail(_near(t, up=not is_below), _near(df, up=not is_below))
        if not (tail[1] < window[0] if is_below else tail[0] > window[1]):
            return False
        pieces.append((piece["numbers"], spreads, piece["side"]))
    for chosen in product(*numbers):
        mine = [
            (spreads, side)
            for ends_, spreads, side in pieces
            if all(a <= n <= b for n, (a, b) in zip(chosen, ends_, strict=True))
        ]
        if not mine or len({side for _, side in mine}) != 1:
            return False
        end = 1 if mine[0][1] == "below" else 0
        for i, whole in enumerate(wholes):  # both outer, or both inner, edges
            along = [
                spreads[i]
                for spreads, _ in mine
                if all(
                    spreads[j][0] <= wholes[j][end] <= spreads[j][1]
                    for j in range(len(wholes))
                    if j != i
                )
            ]
            corner = any(
                all(s[j][0] <= wholes[j][end] <= s[j][1] for j in range(len(wholes)))
                for s, _ in mine
            )
            if not (covers(along, whole) if statistic == "welch" else corner):
                return False
    return True


def _near(value: Fraction, *, up: bool) -> Fraction:
    """Round a bound outwards to decimals, to keep the numbers of a series short."""
    grid = 10**12
    found = -(-value * grid // 1) if up else value * grid // 1
    return Fraction(found, grid)


STATISTICS = ("student", "welch", "z", "z_pooled", "one_sample_t", "one_sample_z")
FLAVOURS = {s + side for s in STATISTICS for side in ("", "_one_sided", "_other_side")}


def replay(certificate: Mapping[str, Any], window: Ends, ends: Callable[[list[str]], Ends]) -> bool:
    """Return whether all flavours of all cases give no p-value of a window."""
    tried: dict[str, set[tuple[str, str]]] = {}
    for case in certificate["cases"]:
        if not refuted(case, window, ends):
            return False
        readings = [group["reading"].removesuffix("_n") for group in case["groups"]]
        means = [group["mean"] for group in case["groups"]]
        divisor = "n" if case["groups"][0]["reading"].endswith("_n") else "n - 1"
        tried.setdefault(f"{means}{readings}", set()).add((case["flavour"], divisor))
    wanted = {(flavour, divisor) for flavour in FLAVOURS for divisor in ("n", "n - 1")}
    numbers = [group["numbers"] for case in certificate["cases"][:1] for group in case["groups"]]
    if numbers and not set(range(numbers[0][0], numbers[0][1] + 1)) & set(
        range(numbers[1][0], numbers[1][1] + 1)
    ):  # no pairs
        wanted = {item for item in wanted if not item[0].startswith("one_sample")}
    return bool(tried) and all(found >= wanted for found in tried.values())
