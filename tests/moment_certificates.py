"""Replay certificates of samples without netcore: written to be pasted into ``verify_evidence.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

Ends = tuple[Fraction | None, Fraction | None]
SHARES = {"min": 0, "p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9, "max": 1}
SPREADS = ("sd", "std.error", "var")


def boxes(printed: Mapping[str, Ends], domain: Ends, n: int) -> tuple[list[Any], list[Any]]:
    """Bound each ordered value: a quantile of any definition lies between two of them."""
    low, high = [domain[0]] * n, [domain[1]] * n
    for name in printed.keys() & SHARES.keys():
        p = Fraction(str(SHARES[name]))
        first = n if p == 1 else max(floor(n * p), 1)
        last = 1 if p == 0 else min(ceil(n * p + max(p, 1 - p)), n)
        for i in range(n):
            least, greatest = printed[name]
            if i + 1 >= last and least is not None:
                low[i] = least if low[i] is None else max(low[i], least)
            if i + 1 <= first and greatest is not None:
                high[i] = greatest if high[i] is None else min(high[i], greatest)
    return low, high


def mean_ends(printed: Mapping[str, Ends], low: list[Any], high: list[Any]) -> Ends:
    """Return the least and the greatest mean."""
    ends = printed.get("mean", (None, None))
    lows = [ends[0], None if None in low else sum(low) / Fraction(len(low))]
    highs = [ends[1], None if None in high else sum(high) / Fraction(len(high))]
    return (
        max((x for x in lows if x is not None), default=None),
        min((x for x in highs if x is not None), default=None),
    )


def squares(printed: Mapping[str, Ends], n: int) -> list[Ends]:
    """Return the squares about the mean that the spread stands for, with each divisor."""
    (name,) = printed.keys() & set(SPREADS)
    low, high = printed[name]
    assert high is not None
    low = max(low or Fraction(0), Fraction(0))
    factor = n if name == "std.error" else 1
    if name != "var":
        low, high = low**2, high**2
    return [(low * factor * d, high * factor * d) for d in ({n - 1, n} - {0})]


def clamp(x: Fraction, low: Any, high: Any) -> Fraction:
    """Return the number of an interval next to x."""
    x = x if low is None else max(x, low)
    return x if high is None else min(x, high)


def least(low: list[Any], high: list[Any], mean: Ends, c: Fraction) -> Fraction:
    """Bound the squares about the mean from below, by the values next to c."""
    n, near = len(low), [clamp(c, a, b) for a, b in zip(low, high, strict=True)]
    b = sum(near) / Fraction(n)
    end = mean[0] if c > b else mean[1]
    if c != b and end is None:
        return Fraction(0)
    slope = 0 if c == b else 2 * (c - b) * n * ((end or 0) - b)
    return sum(((x - b) ** 2 for x in near), Fraction(0)) + slope


def greatest(low: list[Any], high: list[Any], mean: Ends, c: Fraction) -> Fraction | None:
    """Bound the squares about the mean from above, by the ends farther from c."""
    if None in low or None in high:
        return None
    far = sum(
        (max((a - c) ** 2, (b - c) ** 2) for a, b in zip(low, high, strict=True)), Fraction(0)
    )
    return far - len(low) * (clamp(c, *mean) - c) ** 2


def reach(n: int, scale: range, most: int) -> set[tuple[int, int]]:
    """Return all pairs (total, sum of squares) of n whole numbers of a scale; squares up to most."""
    found = {(0, 0)}
    for _ in range(n):
        found = {(s + v, q + v * v) for s, q in found for v in scale if q + v * v <= most}
    return found


def excluded(
    printed: Mapping[str, Ends], domain: Ends, step: Fraction | None, n: int, why: str, centres: Any
) -> bool:
    """Return whether a reason shows that n values do not have what is printed."""
    low, high = boxes(printed, domain, n)
    mean = mean_ends(printed, low, high)
    if why == "one":
        return n == 1 and any((printed[name][0] or 0) > 0 for name in printed.keys() & set(SPREADS))
    if why == "order":
        return any(None not in (a, b) and a > b for a, b in zip(low, high, strict=True))
    if why == "mean":
        return mean[0] is not None and mean[1] is not None and mean[0] > mean[1]
    if why == "spread":
        windows = squares(printed, n)
        bounds = [(least(low, high, mean, c), greatest(low, high, mean, c)) for c in centres]
        return all(
            any((b and w[1] < b) or (t is not None and w[0] > t) for b, t in bounds)  # type: ignore[operator]
            for w in windows
        )
    if step is None:
        return False
    if why == "grid":
        parts = {"min": 1, "median": 2, "max": 1}
        return any(
            ceil((printed[name][0] or 0) * parts[name] / step)
            > floor((printed[name][1] or 0) * parts[name] / step)
            for name in printed.keys() & parts.keys()
        )
    a, b = printed["mean"]
    assert a is not None
    assert b is not None
    totals = range(ceil(a * n / step), floor(b * n / step) + 1)
    if why == "total":
        return not totals
    pairs = [
        (s, q)
        for s in totals
        for low_end, high_end in squares(printed, n)
        for q in range(
            ceil(low_end / step**2 + Fraction(s * s, n)),  # type: ignore[operator]
            floor(high_end / step**2 + Fraction(s * s, n)) + 1,  # type: ignore[operator]
        )
        if (q - s) % 2 == 0 and q >= s * s / Fraction(n) + Fraction((s % n) * (n - s % n), n)
    ]
    if why == "squares":
        return not pairs
    if why != "values":
        return False
    scale = range(ceil(min(low) / step), floor(max(high) / step) + 1)
    found = reach(n, scale, max((q for _, q in pairs), default=0))
    return not any(pair in found for pair in pairs)


def replay(
    certificate: Mapping[str, Any],
    ends: Callable[[str], Ends],
    variables: Mapping[str, Ends],
    steps: Mapping[str, Fraction | None],
) -> bool:
    """Return whether every reading of a certificate is refuted for each of its numbers of values."""
    for reading in certificate["readings"]:
        rows: dict[str, list[Ends]] = {}
        for row, name in reading["is"].items():
            rows.setdefault(name, []).append(ends(row))
        printed = {
            name: (
                max((a for a, _ in some if a is not None), default=None),
                min((b for _, b in some if b is not None), default=None),
            )
            for name, some in rows.items()
        }
        step = None if reading["step"] is None else Fraction(reading["step"])
        if step is not None and step != steps[reading["variable"]]:
            return False
        done = set()
        for first, last, why, centres in reading["proofs"]:
            numbers = [Fraction(c) for c in centres]
            for n in range(first, last + 1):
                if not excluded(printed, variables[reading["variable"]], step, n, why, numbers):
                    return False
                done.add(n)
        first, last = reading["numbers"]
        if not done >= set(range(first, last + 1)):
            return False
    return bool(certificate["readings"])
