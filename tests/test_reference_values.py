"""Against R: the values that R gave are committed, and made again where there is R.

Each script in tests/reference writes the table of its name.  A tolerance belongs to a kind of
number, and is relative:

- ``ARITHMETIC``: sums and products; another order of summation changes the last digits.
- ``TAILS``: distribution functions in floating point, which R and SciPy compute in different
  ways, both to ten digits or better.
- ``ITERATED``: roots and maxima that are searched for; near a maximum the likelihood is flat, so
  that half of the digits are all there is.
- printed numbers are equal, character by character.
"""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from math import exp, isclose, isnan, log, sqrt
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from scipy import stats

from netcore.printed import parse_printed, rounding_window
from netcore.stats.contingency import p_values
from netcore.stats.counts import proportion_interval
from netcore.stats.enclosures import Enclosure, chi_squared_tail
from netcore.stats.synthesis import StudyCount, Tau2Method, pool_proportions
from netcore.stats.tail_enclosures import normal_tail, student_tail, two_sided_quantile

REFERENCE = Path(__file__).parent / "reference"
SCRIPTS = sorted(path.stem for path in REFERENCE.glob("*.R"))
MISSING_PACKAGE = 77  # the status with which a script ends that lacks a package

ARITHMETIC = 1e-12
TAILS = 1e-10
ITERATED = 1e-6
PRINTED = ("formatting", "controls", "survival_controls")
SEARCHED = ("synthesis", "kaplan_meier", "rank_tests")

Row = dict[str, str]


def versions(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))


def rows_of(text: str) -> list[Row]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, strict=True))


@lru_cache
def committed(script: str) -> str:
    return (REFERENCE / f"{script}.csv").read_text(encoding="utf-8")


def cases(script: str) -> dict[str, Row]:
    """Return the statistics of each case of a table of cases, statistics and values."""
    found: dict[str, Row] = {}
    for row in rows_of(committed(script)):
        found.setdefault(row["case"], {})[row["statistic"]] = row["value"]
    return found


def each_case(script: str) -> pytest.MarkDecorator:
    found = cases(script)
    return pytest.mark.parametrize("found", found.values(), ids=found.keys())


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[int, str]]:
    """Return what runs a script once, and gives its status with its table or what it said."""
    folder = tmp_path_factory.mktemp("reference")

    @lru_cache
    def run(script: str) -> tuple[int, str]:
        path = folder / f"{script}.csv"
        done = subprocess.run(
            ["Rscript", "--vanilla", f"{script}.R", str(path)],
            cwd=REFERENCE,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return done.returncode, done.stderr
        return 0, path.read_text(encoding="utf-8")

    return run


@pytest.fixture
def table(
    made_again: Callable[[str], tuple[int, str]], lacks: Callable[[str, str], NoReturn]
) -> Callable[[str], str]:
    def read(script: str) -> str:
        status, text = made_again(script)
        if status == MISSING_PACKAGE:
            lacks("r", f"{text.strip()}: sh workflow/install-r")
        assert status == 0, text
        return text

    return read


def is_same(old: str, new: str, relative: float, absolute: float) -> bool:
    if old == new:
        return True
    try:
        return isclose(float(old), float(new), rel_tol=relative, abs_tol=absolute)
    except ValueError:
        return False


def differences(old: str, new: str, relative: float, absolute: float = 0.0) -> Iterator[str]:
    before, after = rows_of(old), rows_of(new)
    if len(before) != len(after) or (before and list(before[0]) != list(after[0])):
        yield f"{len(before)} rows and now {len(after)}, or other columns"
        return
    for one, other in zip(before, after, strict=True):
        for name, value in one.items():
            if not is_same(value, other[name], relative, absolute):
                yield f"{one}: {name} is now {other[name]}"


@pytest.mark.needs(what="r")
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_committed_values_are_those_that_r_gives_here(
    script: str, table: Callable[[str], str]
) -> None:
    new = table(script)
    if script in PRINTED:
        if versions(committed(script)) != versions(new):
            pytest.skip("ties and data sets may be those of one version: see the tests below")
        assert not list(differences(committed(script), new, 0.0))
    elif script in SEARCHED:
        # Some of them are exactly zero, but for what is left of the search.
        assert not list(differences(committed(script), new, ITERATED, 1e-9))
    else:
        assert not list(differences(committed(script), new, TAILS))


def test_every_script_has_its_table_and_every_table_its_script() -> None:
    assert sorted(path.stem for path in REFERENCE.glob("*.csv")) == SCRIPTS


def test_a_changed_value_a_lost_row_and_another_text_are_differences() -> None:
    old = "# R 4.2.2\ncase,value\na,0.5\nb,x\n"
    assert not list(differences(old, old.replace("4.2.2", "4.6.0"), TAILS))
    assert not list(differences(old, old.replace("0.5", "0.50000000000001"), TAILS))
    assert list(differences(old, old.replace("0.5", "0.500001"), TAILS))
    assert list(differences(old, old.replace("x", "y"), TAILS))
    assert list(differences(old, old.replace("b,x\n", ""), TAILS))
    assert list(differences(old, old.replace("0.5", "NaN"), TAILS))


# Means and t-tests


def holds(enclosure: Enclosure, value: float, relative: float) -> bool:
    """Return whether a float lies in an enclosure, but for what a float may be off."""
    slack = Fraction(relative) * Fraction(value)
    return enclosure.low - slack <= Fraction(value) <= enclosure.high + slack


def samples(found: Row) -> list[list[Fraction]]:
    return [[Fraction(word) for word in found[name].split()] for name in ("x", "y")]


def moments(values: list[Fraction]) -> tuple[int, Fraction, Fraction]:
    n = len(values)
    mean = sum(values) / Fraction(n)
    return n, mean, sum((value - mean) ** 2 for value in values) / Fraction(n - 1)


def exact_tests(x: list[Fraction], y: list[Fraction]) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Yield name, squared standard error and degrees of freedom of each test."""
    (m, mean_x, var_x), (n, mean_y, var_y) = moments(x), moments(y)
    pooled = ((m - 1) * var_x + (n - 1) * var_y) / (m + n - 2)
    yield "student", pooled * (Fraction(1, m) + Fraction(1, n)), Fraction(m + n - 2)
    a, b = var_x / m, var_y / n
    yield "welch", a + b, (a + b) ** 2 / (a * a / (m - 1) + b * b / (n - 1))
    if m == n:
        _, mean, variance = moments([one - other for one, other in zip(x, y, strict=True)])
        assert mean == mean_x - mean_y
        yield "paired", variance / m, Fraction(m - 1)


@each_case("means_and_tests")
def test_t_tests_of_r_lie_between_the_fractions_that_enclose_them(found: Row) -> None:
    x, y = samples(found)
    for side, values in (("x", x), ("y", y)):
        _, mean, variance = moments(values)
        assert float(found[f"mean.{side}"]) == pytest.approx(float(mean), rel=ARITHMETIC)
        assert float(found[f"var.{side}"]) == pytest.approx(float(variance), rel=ARITHMETIC)
    gap = moments(x)[1] - moments(y)[1]
    tests = list(exact_tests(x, y))
    assert {"student", "welch"} <= {name for name, _, _ in tests}
    for name, square, df in tests:
        names = (name,) if name == "paired" else (name, f"{name}_summaries")
        for of in names:
            r = {key: float(found[f"{of}.{key}"]) for key in ("t", "df", "p", "low", "high")}
            assert r["df"] == pytest.approx(float(df), rel=ARITHMETIC)
            assert r["t"] == pytest.approx(float(gap) / sqrt(square), rel=TAILS)
            assert holds(student_tail(gap**2 / square, df), r["p"], TAILS)
            reach = sqrt(two_sided_quantile(Fraction(1, 20), df).low * square)
            limits = (float(gap) - reach, float(gap) + reach)
            # A limit near zero is a difference of two numbers, as exact as these are.
            assert (r["low"], r["high"]) == pytest.approx(limits, abs=TAILS * (abs(gap) + reach))


@each_case("means_and_tests")
def test_t_tests_of_r_are_those_of_scipy(found: Row) -> None:
    x, y = ([float(value) for value in values] for values in samples(found))
    tests = {
        "student": stats.ttest_ind(x, y),
        "welch": stats.ttest_ind(x, y, equal_var=False),
        "student_summaries": stats.ttest_ind_from_stats(
            np.mean(x), np.std(x, ddof=1), len(x), np.mean(y), np.std(y, ddof=1), len(y)
        ),
    }
    if len(x) == len(y):
        tests["paired"] = stats.ttest_rel(x, y)
    for name, test in tests.items():
        assert test.statistic == pytest.approx(float(found[f"{name}.t"]), rel=TAILS)
        assert test.pvalue == pytest.approx(float(found[f"{name}.p"]), rel=TAILS)


# Counts


@pytest.mark.parametrize(("case", "found"), cases("contingency").items())
def test_p_values_of_tables_are_those_of_r_in_every_flavour(case: str, found: Row) -> None:
    table = tuple(tuple(map(int, row.split())) for row in case.split("; "))
    ours = {p.flavour.name: p for p in p_values(table, largest=200_000)}
    assert set(found) <= set(ours)
    assert len(found) >= 4
    for name, value in found.items():
        # fisher.test() of larger tables adds up floats in its own way.
        relative = 1e-7 if name == "freeman_halton" else TAILS
        assert holds(Enclosure(ours[name].low, ours[name].high), float(value), relative), name
        assert ours[name].high - ours[name].low < Fraction(1, 10**6)


def test_every_flavour_of_fisher_and_pearson_that_r_has_is_among_the_reference_values() -> None:
    named = {name for found in cases("contingency").values() for name in found}
    assert {"pearson", "yates", "fisher", "fisher_less", "fisher_greater"} <= named
    assert {"freeman_halton", "fisher_mid", "likelihood_ratio", "trend", "n_minus_1"} <= named


def corrected_limits(x: int, n: int, confidence: float) -> tuple[float, float]:
    """Return Wilson's interval as prop.test() corrects it: by no more than |x - n/2|."""
    z = stats.norm.ppf((1 + confidence) / 2)

    def limit(sign: int) -> float:
        share = x / n + sign * min(0.5, abs(x - n / 2)) / n
        root = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return float((share + z * z / (2 * n) + sign * root) / (1 + z * z / n))

    return (0.0 if x == 0 else limit(-1)), (1.0 if x == n else limit(1))


@pytest.mark.parametrize("method", ["clopper_pearson", "wilson", "wilson_corrected"])
def test_intervals_of_proportions_are_those_of_r(method: str) -> None:
    rows = [row for row in rows_of(committed("proportions")) if row["method"] == method]
    assert len(rows) > 100
    for row in rows:
        x, n, confidence = int(row["x"]), int(row["n"]), float(row["confidence"])
        if method == "wilson_corrected":
            limits = corrected_limits(x, n, confidence)
        else:
            ours = proportion_interval(x, n, confidence, method)  # type: ignore[arg-type]
            limits = (ours.low, ours.high)
        assert (float(row["low"]), float(row["high"])) == pytest.approx(limits, rel=1e-9, abs=1e-12)


# Tails


@pytest.mark.parametrize("tail", ["chi_squared", "normal"])
def test_tails_of_r_lie_between_the_fractions_that_enclose_them(tail: str) -> None:
    rows = [row for row in rows_of(committed("chi_squared_tail")) if row["tail"] == tail]
    assert len(rows) > 10
    for row in rows:
        statistic, log_p = Fraction(float(row["statistic"])), float(row["log_p"])
        if tail == "normal":
            enclosure = normal_tail(statistic**2)
        else:
            enclosure = chi_squared_tail(statistic, int(row["df"]))
        assert holds(enclosure, exp(log_p), TAILS), row
        if log_p > log(1e-25):
            middle = (enclosure.low + enclosure.high) / 2
            # The logarithm tells what the probability does not, where it is nearly 1.
            rest = log(middle) if middle < Fraction(1, 2) else np.log1p(-float(1 - middle))
            assert rest == pytest.approx(log_p, rel=TAILS), row


# Correlation


@each_case("regression")
def test_p_values_of_correlations_follow_from_r_squared_and_number(found: Row) -> None:
    x, y = samples(found)
    n = int(found["n"])
    (_, mean_x, var_x), (_, mean_y, var_y) = moments(x), moments(y)
    products = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    covariance = products / Fraction(n - 1)
    r_squared = covariance**2 / (var_x * var_y)
    r = {name: float(value) for name, value in found.items() if name not in "xy" and value}
    assert r["r.squared"] == pytest.approx(float(r_squared), rel=TAILS)
    adjusted = 1 - (1 - r_squared) * Fraction(n - 1, n - 2)
    assert r["adj.r.squared"] == pytest.approx(float(adjusted), rel=TAILS)
    assert r["slope"] == pytest.approx(float(covariance / var_x), rel=TAILS)
    t_squared = r_squared * (n - 2) / (1 - r_squared)
    for name in ("p", "correlation.p", "p_from_r.squared"):
        assert holds(student_tail(t_squared, n - 2), r[name], 10 * TAILS), name
    theirs = stats.linregress([float(value) for value in x], [float(value) for value in y])
    assert theirs.pvalue == pytest.approx(r["p"], rel=10 * TAILS)
    assert theirs.stderr == pytest.approx(r["slope.std.error"], rel=TAILS)
    assert theirs.intercept == pytest.approx(r["intercept"], rel=TAILS)


# Synthesis

TAU2_METHODS: dict[str, Tau2Method] = {
    "REML": "reml",
    "DL": "dersimonian_laird",
    "PM": "paule_mandel",
}


def expit(logit: float) -> float:
    return 1 / (1 + exp(-logit))


@pytest.mark.parametrize(("case", "found"), cases("synthesis").items())
def test_pooled_proportions_are_those_of_metafor(case: str, found: Row) -> None:
    method = TAU2_METHODS[case.split("/")[1]]
    studies = [StudyCount(word, *map(int, word.split("/"))) for word in found["counts"].split()]
    r = {name: float(value) for name, value in found.items() if name != "counts"}
    ours = pool_proportions(studies, tau2_method=method)
    relative = ITERATED if method == "reml" else TAILS

    def agree(one: float | None, other: float) -> bool:
        return one is not None and one == pytest.approx(other, rel=relative, abs=1e-10)

    assert agree(ours.logit, r["logit"])
    assert agree(ours.standard_error, r["standard_error"])
    assert agree(ours.tau2, r["tau2"])
    assert agree(ours.q, r["q"])
    assert agree(ours.q_p_value, r["q_p"])
    assert agree(ours.hartung_knapp_factor, r["factor"])
    assert agree(ours.low, expit(r["adhoc_low"]))
    assert agree(ours.high, expit(r["adhoc_high"]))
    for number, study in enumerate(ours.studies, 1):
        assert agree(study.weight, r[f"weight.{number}"])
    if len(studies) > 2:
        assert agree(ours.prediction_low, expit(r["riley_low"]))
        assert agree(ours.prediction_high, expit(r["riley_high"]))
    if method == "dersimonian_laird":
        # With another tau^2 metafor takes I^2 from it, and netcore from Cochran's Q.
        assert agree(ours.i2, r["i2"])


# Printed numbers


def outside(rows: list[Row]) -> list[Row]:
    """Return the prints whose window does not hold the number that was printed."""
    found = []
    for row in rows:
        number, printed = Fraction(row["number"]), parse_printed(row["printed"])
        if row["step"]:
            # The step is a power of ten, of which a float below 1 falls short.
            step = Fraction(row["step"]).limit_denominator(10**9)
            assert step % Fraction(1, 10**9) == 0
            window = rounding_window(printed.number(), step)
        else:
            window = printed.window()
        if number not in window:
            found.append(row)
    return found


def test_what_r_prints_of_a_known_number_lies_in_the_window_of_the_print() -> None:
    rows = rows_of(committed("formatting"))
    assert len(rows) > 1500
    assert outside(rows) == []


@pytest.mark.needs(what="r")
def test_what_r_prints_here_lies_in_the_window_of_the_print(table: Callable[[str], str]) -> None:
    assert outside(rows_of(table("formatting"))) == []


def test_a_window_that_is_open_at_a_tie_would_condemn_what_r_prints() -> None:
    lost = {"half_up": 0, "half_even": 0}
    for row in rows_of(committed("formatting")):
        printed = parse_printed(row["printed"])
        for rounding in lost:
            if printed.is_number and not row["step"]:
                lost[rounding] += Fraction(row["number"]) not in printed.window(rounding)
    assert min(lost.values()) > 50


def test_a_print_beside_its_number_is_noticed() -> None:
    row = {"number": "7/20", "printed": "0.3", "step": ""}
    assert outside([row]) == []
    assert outside([row | {"printed": "0.5"}]) != []


def test_significant_figures_are_no_window_of_the_last_digit_printed() -> None:
    # 12345.5 to three figures is printed as 12300, and is no number from 12299.5 to 12300.5.
    rows = [row | {"step": ""} for row in rows_of(committed("formatting")) if row["step"]]
    beyond = outside(rows)
    assert beyond
    assert all(abs(Fraction(row["printed"])) >= 1000 for row in beyond)


# Survival


def censored(found: Row, group: str) -> stats.CensoredData:
    times = [float(word) for word in found[f"time.{group}"].split()]
    events = [word == "1" for word in found[f"event.{group}"].split()]
    pairs = list(zip(times, events, strict=True))
    return stats.CensoredData(
        uncensored=[time for time, event in pairs if event],
        right=[time for time, event in pairs if not event],
    )


@each_case("kaplan_meier")
def test_survival_of_r_is_that_of_scipy(found: Row) -> None:
    data = {group: censored(found, group) for group in "12"}
    for group, values in data.items():
        curve = stats.ecdf(values).sf
        points = list(zip(curve.quantiles, curve.probabilities, strict=True))
        for name, value in found.items():
            if name.startswith("survival.") and name.endswith(f"@{group}") and "error" not in name:
                at = float(name.removeprefix("survival.").split("@")[0])
                assert float(value) == pytest.approx(float(curve.evaluate(at)), rel=ARITHMETIC)
        # R takes the middle of where the curve is one half.
        flat = [time for time, share in points if isclose(share, 0.5, rel_tol=1e-9)]
        below = [time for time, share in points if share < 0.5 - 1e-9]
        median = found[f"median@{group}"]
        if flat and below:
            assert float(median) == (flat[0] + below[0]) / 2
        elif flat or below:
            assert float(median) == [*flat, *below][0]
        else:
            assert median == ""
        end = float(found[f"end@{group}"])
        area, height, start = 0.0, 1.0, 0.0
        for time, share in points:
            if time >= end:
                break
            area, height, start = area + height * (time - start), float(share), time
        area += height * (end - start)
        assert float(found[f"rmean@{group}"]) == pytest.approx(area, rel=ARITHMETIC)
    test = stats.logrank(data["1"], data["2"])
    assert test.statistic**2 == pytest.approx(float(found["log_rank"]), rel=TAILS)
    assert test.pvalue == pytest.approx(float(found["log_rank.p"]), rel=TAILS)


def test_survival_has_the_published_values_of_the_remission_data() -> None:
    # Freireich et al. 1963 as in textbooks: log-rank 16.79, medians 8 and 23 weeks.
    found = cases("kaplan_meier")["remission"]
    assert found["median@1"] == "8"
    assert found["median@2"] == "23"
    assert float(found["log_rank"]) == pytest.approx(16.7929, abs=5e-5)
    assert not isnan(float(found["exact.hr"]))
