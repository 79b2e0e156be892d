"""p-values of printed means: reached with a witness, or excluded with boxes that replay."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import isclose

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tail_checks import checked_normal_tail, checked_student_tail

from netcore.printed import Interval, parse_printed
from netcore.stats.mean_extremes import Point, Search, split
from netcore.stats.mean_statistics import Box, Comparison, Sample, paired_spread
from netcore.stats.mean_tests import FLAVOURS, Piece, Reach, p_range, reach_interval, reach_p


def near(printed: str) -> Interval:
    return parse_printed(printed).window()


def group(number: int | range, mean: str, sd: str, reading: str = "sd") -> Sample:
    numbers = range(number, number + 1) if isinstance(number, int) else number
    return Sample(numbers, near(mean), near(sd), reading)


# --- What a stand-alone checker has to do ---------------------------------------------------------

Ends = tuple[Fraction, Fraction]


def checked_bounds(statistic: str, box: Box, distance: Ends) -> dict[str, Fraction | None]:
    """Bound t^2 and df in a box of numbers and standard deviations (divisor n - 1)."""
    (n, m), (k, q) = box.numbers
    (s, t), (u, v) = box.spreads
    if statistic == "welch":
        least, most = s**2 / m + u**2 / q, t**2 / n + v**2 / k
        # 1 / df = r^2 / (n1 - 1) + (1 - r)^2 / (n2 - 1) with the share r of the first group.
        first = (s**2 / m) / (s**2 / m + v**2 / k)
        last = (t**2 / n) / (t**2 / n + u**2 / q)
        few = 1 / max(r**2 / (n - 1) + (1 - r) ** 2 / (k - 1) for r in (first, last))
        best = min(max(Fraction(m - 1, m + q - 2), first), last)
        many = 1 / (best**2 / (m - 1) + (1 - best) ** 2 / (q - 1))
    else:
        assert n == m
        assert k == q
        factor = (Fraction(1, n) + Fraction(1, k)) / (n + k - 2)
        least = ((n - 1) * s**2 + (k - 1) * u**2) * factor
        most = ((n - 1) * t**2 + (k - 1) * v**2) * factor
        few = many = Fraction(n + k - 2)
    return {
        "least": distance[0] ** 2 / most,
        "greatest": distance[1] ** 2 / least if least else None,
        "few": few,
        "many": many,
    }


def covers(parts: list[Ends], whole: Ends) -> bool:
    reached = whole[0]
    for low, high in sorted(parts):
        if low > reached:
            return False
        reached = max(reached, high)
    return reached >= whole[1]


def replays(
    statistic: str, groups: tuple[Sample, Sample], window: Interval, pieces: tuple[Piece, ...]
) -> bool:
    """Check that boxes prove that no p-value lies in a window."""
    means = [sample.means for sample in groups]
    low, high = means[0][0] - means[1][1], means[0][1] - means[1][0]
    distance = max(Fraction(0), low, -high), max(high, -low)
    for piece in pieces:
        found = checked_bounds(statistic, piece.box, distance)
        assert piece.t_squared is not None
        assert piece.df is not None
        tail = checked_student_tail(piece.t_squared, piece.df)
        if piece.side == "below":
            sound = piece.t_squared <= found["least"] and piece.df <= found["few"]
            if not (sound and tail[1] < window.low):
                return False
        else:
            sound = piece.t_squared >= found["greatest"] and piece.df >= found["many"]
            if not (sound and tail[0] > window.high):
                return False
    one, other = groups[0].spreads, groups[1].spreads
    for numbers in product(groups[0].numbers, groups[1].numbers):
        mine = [
            piece
            for piece in pieces
            if all(a <= n <= b for n, (a, b) in zip(numbers, piece.box.numbers, strict=True))
        ]
        if not mine or len({piece.side for piece in mine}) != 1:
            return False
        end = 1 if mine[0].side == "below" else 0
        boxes = [piece.box.spreads for piece in mine]
        along = [first for first, second in boxes if second[0] <= other[end] <= second[1]]
        across = [second for first, second in boxes if first[0] <= one[end] <= first[1]]
        if not (covers(along, one) and covers(across, other)):
            return False
    return True


# --- Against software and grids -------------------------------------------------------------------


def software_p(statistic: str, point: Point | tuple[float, ...]) -> float:
    from scipy.stats import norm, t, ttest_ind_from_stats

    if isinstance(point, Point):
        (m1, m2), (s1, s2), (n1, n2) = point.means, point.spreads, point.numbers
    else:
        m1, s1, n1, m2, s2, n2 = point
    found = ttest_ind_from_stats(
        float(m1), float(s1), int(n1), float(m2), float(s2), int(n2),
        equal_var=statistic in ("student", "z_pooled"),
    )  # fmt: skip
    if statistic == "smaller_df":
        return float(2 * t.sf(abs(found.statistic), min(int(n1), int(n2)) - 1))
    return float(2 * norm.sf(abs(found.statistic)) if statistic[0] == "z" else found.pvalue)


TWO_SAMPLES = ("student", "welch", "smaller_df", "z", "z_pooled")
# In the second the greatest spreads are not where the p-value is least or greatest.
CASES = [
    (group(10, "61.2", "5.0"), group(40, "55.1", "14.0")),
    (
        Sample(range(2, 3), Interval.point(0), Interval(Fraction("1.5"), Fraction("2.5"))),
        Sample(range(2, 3), Interval.point(Fraction("2.51")), Interval(Fraction("0.5"), Fraction("1.5"))),
    ),
    (group(5, "3", "1"), group(3, "6", "2")),
    (group(12, "2.5", "0.5"), group(9, "2.5", "0.7")),
]  # fmt: skip


def steps(ends: Ends, count: int) -> list[float]:
    low, high = float(ends[0]), float(ends[1])
    return [low + (high - low) * i / (count - 1) for i in range(count)]


@pytest.mark.parametrize("groups", CASES)
@pytest.mark.parametrize("statistic", TWO_SAMPLES)
def test_the_range_is_that_of_a_fine_grid(statistic: str, groups: tuple[Sample, Sample]) -> None:
    found = p_range(statistic, groups)
    one, other = groups
    grid = [
        software_p(statistic, (m1, s1, one.numbers[0], m2, s2, other.numbers[0]))
        for m1, m2 in {
            *product(one.means, other.means),
            *((x, x) for x in one.means if other.means[0] <= x <= other.means[1]),
        }
        for s1 in steps(one.spreads, 21)
        for s2 in steps(other.spreads, 21)
    ]
    slack = 1e-9
    assert float(found.low.low) - slack <= min(grid)
    assert max(grid) <= float(found.high.high) + slack
    # The grid comes near both ends.
    assert min(grid) <= float(found.low.high) * 1.01 + slack
    assert max(grid) >= float(found.high.low) * 0.99 - slack
    assert found.high.high - found.high.low <= found.high.high / 10**4 + Fraction(1, 10**18)
    assert found.low.high - found.low.low <= found.low.high / 10**4 + Fraction(1, 10**18)


def test_the_corners_do_not_hold_all_p_values_of_welch() -> None:
    one, other = CASES[1]
    corners = [
        software_p("welch", (0.0, float(s1), 2, 2.51, float(s2), 2))
        for s1, s2 in product(one.spreads, other.spreads)
    ]
    found = p_range("welch", (one, other))
    assert float(found.low.high) < 0.95 * min(corners)
    # The p-value that no corner has is reached.
    missed = Fraction(round(float(found.low.high) * 1.01, 4))
    window = Interval(missed - Fraction(1, 10**4), missed + Fraction(1, 10**4))
    assert float(window.high) < min(corners)
    reached = reach_p("welch", (one, other), window)
    assert reached.state == "reached"
    assert isclose(software_p("welch", reached.witness[0]), float(missed), abs_tol=1.1e-4)


def test_student_and_welch_may_be_disjoint() -> None:
    groups = CASES[0]
    student, welch = p_range("student", groups), p_range("welch", groups)
    assert welch.interval.high < student.interval.low
    window = near("0.18")
    assert reach_p("student", groups, window).state == "reached"
    excluded = reach_p("welch", groups, window)
    assert excluded.state == "excluded"
    assert replays("welch", groups, window, excluded.pieces)


def inside(point: Point, groups: tuple[Sample, ...], window: Interval) -> bool:
    return (
        point.p.low in window
        and point.p.high in window
        and all(n in sample.numbers for n, sample in zip(point.numbers, groups, strict=True))
        and all(m in sample.mean for m, sample in zip(point.means, groups, strict=True))
        and all(s in sample.spread for s, sample in zip(point.spreads, groups, strict=True))
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**9),
    statistic=st.sampled_from(TWO_SAMPLES),
    digits=st.tuples(st.integers(0, 2), st.integers(2, 4)),
    spare=st.sampled_from([0, 0, 2]),
)
def test_the_p_value_of_true_data_is_never_excluded(
    seed: int, statistic: str, digits: tuple[int, int], spare: int
) -> None:
    from statistics import mean, stdev

    rng = random.Random(seed)
    values = [
        [rng.gauss(rng.choice([10, 11, 14]), rng.choice([1, 3])) for _ in range(rng.randint(2, 25))]
        for _ in range(2)
    ]
    stats = [(mean(v), stdev(v), len(v)) for v in values]
    p = software_p(statistic, (*stats[0], *stats[1]))
    printed = [(f"{m:.{digits[0]}f}", f"{s:.{digits[0]}f}", n) for m, s, n in stats]
    if any(near(s).high <= 0 for _, s, _ in printed):
        return
    groups = tuple(group(range(max(2, n - spare), n + spare + 1), m, s) for m, s, n in printed)
    window = near(f"{p:.{digits[1]}f}")
    found = reach_p(statistic, groups, window)
    assert found.state == "reached"
    if len(found.witness) == 1:
        assert inside(found.witness[0], groups, window)
        assert isclose(
            software_p(statistic, found.witness[0]), float(found.witness[0].p.low), rel_tol=1e-6
        )
    # One side of it neither, whichever the paper meant.
    half = near(f"{p / 2:.{digits[1]}f}")
    assert reach_p(f"{statistic}_one_sided", groups, half).state == "reached"
    rest = near(f"{1 - p / 2:.{digits[1]}f}")
    assert reach_p(f"{statistic}_other_side", groups, rest).state == "reached"


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**9),
    statistic=st.sampled_from(["student", "welch"]),
    spare=st.sampled_from([0, 0, 1]),
)
def test_every_exclusion_replays_and_every_reach_has_a_point(
    seed: int, statistic: str, spare: int
) -> None:
    rng = random.Random(seed)
    groups = tuple(
        group(
            range(n := rng.randint(2, 20), n + 1 + (spare if statistic == "welch" else 0)),
            f"{rng.uniform(*means):.1f}",
            f"{rng.uniform(0.3, 3):.1f}",
        )
        for means in ((5, 6.5), (7.2, 8))  # apart, as the series of the check are slow near 0
    )
    window = near(f"{rng.choice([0.01, 0.1, 1]) * rng.random():.3f}")
    window = window.meet(Interval(Fraction(0), Fraction(1)))
    found = reach_p(statistic, groups, window)
    assert found.state != "open"
    if found.state == "reached":
        assert inside(found.witness[0], groups, window)
    else:
        assert found.pieces
        assert replays(statistic, groups, window, found.pieces)
        # Without one of them, or with a narrower claim, they prove nothing.
        assert not replays(statistic, groups, window, found.pieces[1:])


def test_a_corrupted_piece_does_not_replay() -> None:
    groups = CASES[0]
    window = near("0.18")
    (piece, *rest) = reach_p("welch", groups, window).pieces
    assert piece.t_squared is not None
    assert piece.df is not None
    for broken in (
        Piece(piece.box, "above", piece.t_squared, piece.df, piece.bound),
        Piece(piece.box, "below", piece.t_squared * 2, piece.df, piece.bound),
        Piece(piece.box, "below", piece.t_squared, piece.df * 2, piece.bound),
        Piece(piece.box, "below", piece.t_squared / 5, piece.df, piece.bound),
        Piece(
            Box(piece.box.numbers, (piece.box.spreads[0], (Fraction(13), Fraction(14)))),
            "below", piece.t_squared, piece.df, piece.bound,
        ),
    ):  # fmt: skip
        assert not replays("welch", groups, window, (broken, *rest))


# --- Numbers that are not known, readings, other tests --------------------------------------------


def test_an_unknown_number_of_values_is_searched() -> None:
    # With 20 and 20 the p-value is 0.08; with fewer patients it is greater.
    groups = group(range(2, 21), "10.0", "3.0"), group(range(2, 21), "12.0", "4.0")
    found = reach_p("welch", groups, near("0.31"))
    assert found.state == "reached"
    assert max(found.witness[0].numbers) < 20
    assert inside(found.witness[0], groups, near("0.31"))
    excluded = reach_p("welch", groups, near("0.05"))
    assert excluded.state == "excluded"
    assert replays("welch", groups, near("0.05"), excluded.pieces)


def test_between_two_numbers_of_values_there_is_a_gap() -> None:
    # Exact means and spreads: 11 or 12 patients in each group have two p-values only.
    groups = tuple(
        Sample(range(11, 13), Interval.point(mean), Interval.point(3)) for mean in (10, 12)
    )
    values = sorted(
        software_p("student", (10, 3, n, 12, 3, k)) for n, k in product((11, 12), repeat=2)
    )
    middle = Fraction((values[0] + values[1]) / 2)
    window = Interval(middle - Fraction(1, 10**4), middle + Fraction(1, 10**4))
    assert values[0] < window.low
    assert window.high < values[1]
    assert reach_p("student", groups, window).state == "excluded"
    span = p_range("student", groups).interval
    assert span.low < window.low
    assert window.high < span.high


def test_a_standard_error_is_another_spread() -> None:
    sd = group(25, "10.0", "3.0"), group(25, "12.0", "4.0")
    error = group(25, "10.0", "0.60", "se"), group(25, "12.0", "0.80", "se")
    span, other = p_range("welch", sd).interval, p_range("welch", error).interval
    assert span.meets(other)
    # Read as a standard deviation the same numbers make a tiny p-value.
    as_sd = group(25, "10.0", "0.60"), group(25, "12.0", "0.80")
    assert p_range("welch", as_sd).interval.high < span.low


def test_the_divisor_n_makes_a_greater_p_value() -> None:
    spans = [
        p_range(
            "student",
            tuple(
                Sample(range(5, 6), Interval.point(mean), Interval.point(3), reading)
                for mean in (10, 14)
            ),
        ).interval
        for reading in ("sd", "sd_n")
    ]
    assert spans[0].high < spans[1].low


def test_one_sample_is_tested_against_a_value() -> None:
    from statistics import stdev

    from scipy.stats import ttest_1samp

    values = [4.1, 5.0, 5.9, 6.2, 4.4, 7.0]
    expected = float(ttest_1samp(values, 4.5).pvalue)
    sample = Sample(
        range(6, 7),
        Interval.point(Fraction(sum(Fraction(str(v)) for v in values), 6)),
        Interval.point(Fraction(stdev(values))),
    )
    found = p_range("one_sample_t", [sample], against=Interval.point(Fraction("4.5")))
    assert isclose(float(found.low.low), expected, rel_tol=1e-9)
    normal = p_range("one_sample_z", [sample], against=Interval.point(Fraction("4.5")))
    assert normal.high.high < found.low.low


def test_pairs_with_any_correlation_stay_within_the_spread_of_their_differences() -> None:
    rng = random.Random(3)
    from statistics import stdev

    for _ in range(200):
        one = [rng.gauss(0, 2) for _ in range(5)]
        other = [rng.choice([1, -1]) * x + rng.gauss(0, 0.5) for x in one]
        found = stdev(a - b for a, b in zip(one, other, strict=True))
        window = paired_spread(*(Interval.point(Fraction(stdev(v))) for v in (one, other)))
        assert float(window.low) - 1e-9 <= found <= float(window.high) + 1e-9


def test_a_printed_interval_of_a_difference() -> None:
    from scipy.stats import t

    groups = group(18, "24.3", "4.1"), group(23, "20.9", "3.6")
    pooled = ((17 * 4.1**2 + 22 * 3.6**2) / 39 * (1 / 18 + 1 / 23)) ** 0.5
    half = t.isf(0.025, 39) * pooled
    lower, upper = f"{3.4 - half:.1f}", f"{3.4 + half:.1f}"
    found = reach_interval("student", groups, near(lower), near(upper))
    assert found.state == "reached"
    for point in found.witness:
        d = point.means[0] - point.means[1]
        assert point.against in near(lower)
        assert 2 * d - point.against in near(upper)
    assert {p.p.low < Fraction(1, 20) for p in found.witness} == {True, False}
    # An interval of another level, or about another difference.
    assert reach_interval("student", groups, near("1.2"), near("5.6")).state == "excluded"
    elsewhere = reach_interval("student", groups, near("1.0"), near("7.0"))
    assert (elsewhere.state, elsewhere.pieces) == ("excluded", ())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([("0.9", 0.9), ("0.95", 0.95), ("0.99", 0.99)]))
def test_the_interval_of_true_data_is_never_excluded(seed: int, level: tuple[str, float]) -> None:
    from scipy.stats import ttest_ind

    rng = random.Random(seed)
    values = [[rng.gauss(5, 2) for _ in range(rng.randint(2, 15))] for _ in range(2)]
    equal = rng.random() < 0.5
    found = ttest_ind(*values, equal_var=equal).confidence_interval(level[1])
    groups = []
    for v in values:
        mean = sum(v) / len(v)
        sd = (sum((x - mean) ** 2 for x in v) / (len(v) - 1)) ** 0.5
        if f"{sd:.1f}" == "0.0":
            return
        groups.append(group(len(v), f"{mean:.1f}", f"{sd:.1f}"))
    state = reach_interval(
        "student" if equal else "welch", groups,
        near(f"{found.low:.1f}"), near(f"{found.high:.1f}"), level=Fraction(level[0]),
    ).state  # fmt: skip
    assert state == "reached"


# --- Edges ----------------------------------------------------------------------------------------


def test_means_that_print_alike_reach_the_p_value_of_one() -> None:
    groups = group(10, "5.0", "1.0"), group(10, "5.0", "1.0")
    assert p_range("welch", groups).high == (1, 1)
    assert reach_p("welch", groups, near("1.00")).state == "reached"


def test_a_spread_that_prints_as_nothing_may_be_any_small_one() -> None:
    groups = group(10, "5.0", "0.0"), group(10, "7.0", "0.0")
    found = reach_p("student", groups, near("0.001"))
    assert found.state == "excluded"  # even the greatest spreads leave less
    assert reach_p("student", groups, Interval(None, Fraction(1, 1000))).state == "reached"
    close = group(10, "5.0", "0.0"), group(10, "5.1", "0.0")
    found = reach_p("welch", close, near("0.041"))
    assert found.state == "reached"
    assert inside(found.witness[0], close, near("0.041"))


def test_a_window_too_narrow_to_hit_is_reached_between_two_points() -> None:
    groups = CASES[0]
    found = reach_p("welch", groups, Interval.point(Fraction(3, 100)))
    assert found.state == "reached"
    below, above = found.witness
    assert below.p.high < Fraction(3, 100) < above.p.low
    half_open = Interval(Fraction(3, 100), Fraction(3, 100) + Fraction(1, 10**30), low_closed=False)
    assert reach_p("welch", groups, half_open).state == "open"


def test_a_search_ends_with_its_budget() -> None:
    groups = group(range(2, 60), "10.0", "3.0"), group(range(2, 60), "12.0", "4.0")
    assert reach_p("welch", groups, near("0.31"), budget=5).state == "open"
    wide = p_range("welch", groups, budget=3)
    narrow = p_range("welch", groups)
    assert wide.interval.low <= narrow.interval.low
    assert narrow.interval.high <= wide.interval.high


def test_one_sided_windows_that_no_half_can_reach_are_excluded() -> None:
    groups = group(10, "5.0", "1.0"), group(10, "5.2", "1.0")
    assert reach_p("student_one_sided", groups, near("0.7")) == Reach(
        "student_one_sided", "excluded"
    )
    assert reach_p("student_other_side", groups, near("0.66")).state == "reached"
    span = p_range("student_other_side", groups).interval
    assert Fraction(1, 2) <= span.low < span.high < 1
    two, one = p_range("student", groups), p_range("student_one_sided", groups)
    assert one.low.low * 2 == two.low.low


def test_the_parts_of_a_box_are_its_edges() -> None:
    ends = (Fraction(1), Fraction(2)), (Fraction(3), Fraction(4))
    box = Box(((5, 5), (6, 6)), ends)
    outer = split(box, greatest=True, is_welch=True)
    assert [part.spreads for part in outer] == [(ends[0], (4, 4)), ((2, 2), ends[1])]
    assert [part.spreads for part in split(box, greatest=False, is_welch=False)] == [
        ((1, 1), (3, 3))
    ]
    numbers = [
        part.numbers for part in split(Box(((5, 8), (6, 6)), ends), greatest=True, is_welch=True)
    ]
    assert numbers == [((5, 6), (6, 6)), ((7, 8), (6, 6))]


def test_the_tail_of_a_z_statistic_is_the_normal_one() -> None:
    groups = CASES[0]
    found = Search(Comparison("z", groups), Interval.point(0), 10).point(
        (10, 40), (Fraction(5), Fraction(14)), Fraction(61, 10)
    )
    square = Fraction(61, 10) ** 2 / (Fraction(25, 10) + Fraction(196, 40))
    low, high = checked_normal_tail(square)
    assert max(low, found.p.low) <= min(high, found.p.high) + Fraction(1, 10**15)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"numbers": range(1, 3)}, "at least 2 values"),
        ({"numbers": range(5, 5)}, "at least 2 values"),
        ({"mean": Interval(None, Fraction(1))}, "two ends"),
        ({"mean": Interval(Fraction(2), Fraction(1))}, "two ends"),
        ({"spread": Interval(Fraction(1), None)}, "two ends"),
        ({"spread": Interval(Fraction(-1), Fraction(0))}, "more than 0"),
        ({"reading": "iqr"}, "expected one of sd"),
    ],
)  # fmt: skip
def test_groups_without_a_mean_or_a_spread_are_refused(
    change: dict[str, object], found: str
) -> None:
    given = {"numbers": range(3, 4), "mean": Interval.point(1), "spread": Interval.point(1)}
    with pytest.raises(ValueError, match=found):
        Sample(**{**given, **change})  # type: ignore[arg-type]


def test_questions_without_sense_are_refused() -> None:
    groups = CASES[0]
    with pytest.raises(ValueError, match="expected one of student"):
        reach_p("t-test", groups, near("0.05"))
    with pytest.raises(ValueError, match="expected 1 for one_sample_t"):
        reach_p("one_sample_t", groups, near("0.05"))
    with pytest.raises(ValueError, match="between 0 and 1"):
        reach_p("welch", groups, near("1.7"))
    with pytest.raises(ValueError, match="expected one of student"):
        Comparison("anova", groups)
    with pytest.raises(ValueError, match="two-sided"):
        reach_interval("welch_one_sided", groups, near("1"), near("2"))
    with pytest.raises(ValueError, match="two ends"):
        reach_interval("welch", groups, near("<1"), Interval(None, Fraction(2)))
    with pytest.raises(ValueError, match="two ends"):
        p_range("welch", groups, against=Interval(None, Fraction(2)))
    with pytest.raises(ValueError, match="two ends"):
        paired_spread(Interval(Fraction(1), None), Interval.point(1))


def test_every_flavour_has_a_test_and_a_title() -> None:
    assert len({flavour.title for flavour in FLAVOURS.values()}) == len(FLAVOURS) == 21
