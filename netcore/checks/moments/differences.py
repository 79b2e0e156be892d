"""Confidence intervals of a difference of two means, against the means and the p-value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final

from netcore.checks.estimands import Reading, is_first_hand, is_patient_data, readings
from netcore.checks.finding import Bearing, Conventions, Finding, Verdict
from netcore.checks.moments.compared_means import Pair, closed, pairs_compared
from netcore.checks.moments.findings import said
from netcore.checks.moments.intervals import confidence_levels
from netcore.checks.moments.spread import SPREADS
from netcore.checks.parts_and_wholes import CountAnalysis, analyse_counts
from netcore.checks.percentages.sizes import Sizes
from netcore.checks.samples import PrintedSample, printed_samples
from netcore.checks.summary_values import group_title
from netcore.checks.wording import counted, listed, place, quantity_title, quoted
from netcore.printed import EVERYTHING, Interval, format_fraction, print_value
from netcore.stats.mean_tests import FLAVOURS, reach_interval
from netcore.stats.moments.mean_intervals import half_widths
from netcore.stats.tail_enclosures import normal_tail, student_tail, two_sided_quantile
from netcore.study import Claim, Study

__all__ = ["CHECK", "check_mean_differences", "p_of_interval"]

CHECK: Final = "mean-differences"

_NAMES: Final = ("difference", "difference.conf.low", "difference.conf.high")
_USUAL: Final = ("student", "welch", "z")
_TESTS: Final = frozenset(("student_t", "welch_t", "unnamed"))
_UNIT: Final = Interval(Fraction(0), Fraction(1))
_FEWEST: Final = 1  # degrees of freedom
_OTHER_KIND: Final = (
    "the interval is of another kind (of medians, adjusted for others, or made by resampling)"
)
_OTHER_WAY: Final = "the p-value and the interval were made in different ways"
_OFF_MIDDLE: Final = "the interval was made on another scale or by resampling"


@dataclass(frozen=True, slots=True)
class _Contrast:
    """Rows that print one difference, its limits and its p-value."""

    reading: Reading
    rows: Mapping[str, Claim]
    windows: Mapping[str, Interval]

    @property
    def half(self) -> Interval:
        """Half the width of the interval."""
        return half_widths(*(self.windows.get(name, EVERYTHING) for name in _NAMES))

    @property
    def limits(self) -> tuple[Claim, Claim]:
        """The rows of both limits."""
        return self.rows[_NAMES[1]], self.rows[_NAMES[2]]


def check_mean_differences(
    study: Study,
    conventions: Conventions,
    analyses: Sequence[CountAnalysis] | None = None,
) -> tuple[Finding, ...]:
    """Check intervals of a difference against the means compared, and the p-value beside them.

    Parameters
    ----------
    study : Study
        The study.
    conventions : Conventions
        Rounding, and the level behind ``ns``.
    analyses : sequence of CountAnalysis, optional
        From :func:`netcore.checks.parts_and_wholes.analyse_counts`, where it
        has been done already.

    Returns
    -------
    tuple of Finding
        At most one for each interval against the means, and one against the p-value.

    Notes
    -----
    The usual interval is the difference less and plus q standard errors; a test by the same
    error has t = difference / error.  Whether an interval is of this kind is seldom said, so this
    check never convicts.
    """
    contrasts = [*_contrasts(study, conventions)]
    if not contrasts:
        return ()
    sizes = Sizes(study, analyse_counts(study) if analyses is None else analyses)
    samples = printed_samples(study, conventions, sizes)
    findings = []
    for contrast in contrasts:
        if contrast.half.is_empty:
            findings.append(_off_middle(study, conventions, contrast))
            continue
        for found in (
            _against_means(study, conventions, samples, contrast),
            _against_p(study, conventions, contrast),
        ):
            if found is not None:
                findings.append(found)
    return tuple(findings)


def _contrasts(study: Study, conventions: Conventions) -> Iterable[_Contrast]:
    """Yield the differences with both limits, of one analysis in one place."""
    found: dict[tuple[object, ...], dict[str, Claim]] = {}
    about: dict[tuple[object, ...], Reading] = {}
    for claim in study.claims:
        options = readings(claim)
        reading = options[0]
        if len(options) > 1 or reading.stat_name not in (*_NAMES, "p.value"):
            continue
        usable = reading.analysis and study.printed(claim).kind not in ("token", "about")
        if not (usable and is_patient_data(study, claim) and is_first_hand(study, claim)):
            continue
        key = (claim.location, reading.analysis, reading.population, reading.at)
        found.setdefault(key, {}).setdefault(reading.stat_name, claim)
        about.setdefault(key, reading)
    for place_of, rows in found.items():
        if {*_NAMES[1:]} <= rows.keys():
            windows: dict[str, Interval] = {
                name: closed(study.printed(rows[name]).window(conventions.rounding))
                for name in _NAMES
                if name in rows
            }
            ends = [end for window in windows.values() for end in (window.low, window.high)]
            if None not in ends:
                yield _Contrast(about[place_of], rows, windows)


def _title(study: Study, contrast: _Contrast) -> str:
    rows = [contrast.rows[name] for name in _NAMES if name in contrast.rows]
    low, high = (quoted(study, row) for row in contrast.limits)
    title = quantity_title(study, rows[0])
    value = f" {quoted(study, rows[0])}," if _NAMES[0] in contrast.rows else ""
    text = f"{title[:1].upper()}{title[1:]}: difference{value} interval {low} to {high}"
    return f"{text} ({place(study, rows)})".replace(" -", " −")


def _conditional(
    study: Study,
    conventions: Conventions,
    contrast: _Contrast,
    accused: Sequence[Claim],
    told: str,
    assumption: str,
    rows: Sequence[Claim] = (),
) -> Finding:
    ids = dict.fromkeys(row.claim for row in (*accused, *contrast.limits, *rows))
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(ids),
        f"{_title(study, contrast)}. {told} It holds if {assumption}.",
        {
            row.claim: Bearing(Verdict.CONDITIONAL, f"Holds if {assumption}. {told}")
            for row in accused
        },
        assumptions=(assumption,),
        resolved_by=("How the interval was made, at which level, and of how many.",),
        conventions=conventions.as_text(),
    )


def _off_middle(study: Study, conventions: Conventions, contrast: _Contrast) -> Finding:
    told = "The difference is not in the middle of its interval."
    accused = contrast.limits
    rows = [contrast.rows[name] for name in _NAMES if name in contrast.rows]
    return _conditional(study, conventions, contrast, accused, told, _OFF_MIDDLE, rows)


def _levels(study: Study, contrast: _Contrast) -> tuple[Fraction, ...]:
    return confidence_levels(study, contrast.limits[0].location)[0]


def _against_means(
    study: Study,
    conventions: Conventions,
    samples: Sequence[PrintedSample],
    contrast: _Contrast,
) -> Finding | None:
    pairs = [*pairs_compared(study, samples, contrast.reading)]
    if not pairs or None in pairs:
        return None
    known = [pair for pair in pairs if pair is not None]
    ways = [*product(_levels(study, contrast), _USUAL)]
    windows = [contrast.windows[name] for name in _NAMES[1:]]
    fewer = False
    for pair, (level, flavour), fewer in (
        (pair, way, fewer) for fewer in (False, True) for pair in known for way in ways
    ):
        groups = pair.groups(fewer=fewer, is_n=False)
        for one in (groups, groups[::-1]):
            found = reach_interval(flavour, one, *windows, level=level)
            if found.state == "open":
                return None
            if found.state == "reached":
                title = _way_title(flavour, level)
                rows = _rows(pair)
                if not fewer:
                    return _follows(study, conventions, contrast, pair, title)
                points = found.witness[0].numbers
                told = (
                    f"With all of both groups no usual interval of {_printed(study, pair)} is so."
                )
                way = f"only {listed(map(str, points))} were analysed ({title}), or {_OTHER_KIND}"
                limits = contrast.limits
                return _conditional(study, conventions, contrast, limits, told, way, rows)
    told = f"No usual interval of {_printed(study, known[0])} is so (tried: {counted(len(ways), 'way')})."
    return _conditional(
        study, conventions, contrast, contrast.limits, told, _OTHER_KIND, _rows(known[0])
    )


def _way_title(flavour: str, level: Fraction) -> str:
    return f"the {format_fraction(level * 100)} % interval of {FLAVOURS[flavour].title}"


def _rows(pair: Pair) -> list[Claim]:
    return [
        row
        for sample in pair.samples
        for name in ("mean", *SPREADS)
        if name in sample.statistics
        for row in sample.statistics[name].claims
    ] + [row for sample in pair.samples for row in sample.numbers.claims]


def _printed(study: Study, pair: Pair) -> str:
    return listed(
        said(study, sample, [name for name in ("mean", *SPREADS) if name in sample.statistics])
        + f" ({group_title(study, sample.group)})"
        for sample in pair.samples
    )


def _follows(
    study: Study, conventions: Conventions, contrast: _Contrast, pair: Pair, title: str
) -> Finding:
    sentence = f"With {_printed(study, pair)} it can be {title}."
    rows = (*contrast.limits, *_rows(pair))
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        tuple(dict.fromkeys(row.claim for row in rows)),
        f"{_title(study, contrast)}. {sentence}",
        {row.claim: Bearing(Verdict.OPEN, sentence) for row in contrast.limits},
        conventions=conventions.as_text(),
    )


def p_of_interval(
    difference: Interval, half: Interval, level: Fraction, df: int | None = None
) -> Interval | None:
    """Return the two-sided p-values that go with a difference and half its interval.

    Parameters
    ----------
    difference : Interval
        The difference that is tested against none, with two ends.
    half : Interval
        Half the width of its confidence interval.
    level : Fraction
        Of the interval.
    df : int, optional
        Degrees of freedom of Student's distribution; the normal one without them.

    Returns
    -------
    Interval or None
        None where the interval may be of no width.

    Notes
    -----
    The error is h / q, so t = d q / h.

    Examples
    --------
    A difference of 2 with limits 0.04 and 3.96, by the normal distribution:

    >>> found = p_of_interval(
    ...     Interval.point(Fraction(2)), Interval.point(Fraction("1.96")), Fraction(19, 20)
    ... )
    >>> round(float(found.low), 4), round(float(found.high), 4)
    (0.0455, 0.0455)
    """
    assert difference.low is not None
    assert difference.high is not None
    if half.low is None or half.high is None or half.low <= 0:
        return None
    ends = sorted((abs(difference.low), abs(difference.high)))
    least = Fraction(0) if difference.low <= 0 <= difference.high else ends[0]
    quantile = two_sided_quantile(1 - level, df)
    near = least**2 * quantile.low / half.high**2
    far = ends[1] ** 2 * quantile.high / half.low**2
    tails = [normal_tail(t) if df is None else student_tail(t, df) for t in (far, near)]
    return Interval(tails[0].low, tails[1].high)


def _against_p(study: Study, conventions: Conventions, contrast: _Contrast) -> Finding | None:
    claim = contrast.rows.get("p.value")
    tests = {*study.analyses[contrast.reading.analysis].test}
    if claim is None or not tests & _TESTS or study.printed(claim).kind == "token":
        return None
    window = closed(study.printed(claim).window(conventions.rounding, domain=_UNIT))
    low, high = (contrast.windows[name] for name in _NAMES[1:])
    assert low.low is not None
    assert low.high is not None
    assert high.low is not None
    assert high.high is not None
    difference = Interval((low.low + high.low) / 2, (low.high + high.high) / 2)
    if _NAMES[0] in contrast.rows:
        difference = difference.meet(contrast.windows[_NAMES[0]])
    found = [
        p_of_interval(difference, contrast.half, level, df)
        for level, df in product(_levels(study, contrast), (None, _FEWEST))
    ]
    spans = [span for span in found if span is not None and span.low is not None]
    if len(spans) < len(found):
        return None
    # With more degrees of freedom p moves from the one to the other.
    lows = [span.low for span in spans if span.low is not None]
    highs = [span.high for span in spans if span.high is not None]
    reached = Interval(min(lows), max(highs))
    text = f"By Student's or the normal distribution p is {_p(reached.low)} to {_p(reached.high)}."
    if not reached.meets(window):
        return _conditional(study, conventions, contrast, [claim], text, _OTHER_WAY)
    return Finding(
        CHECK,
        study.paper.key,
        "support",
        (claim.claim, *(row.claim for row in contrast.limits)),
        f"{_title(study, contrast)}; p = {claim.printed}. {text}".replace("= <", "< "),
        {
            claim.claim: Bearing(
                Verdict.OPEN, f"It fits the interval beside it. {text}", attainable=(reached,)
            )
        },
        conventions=conventions.as_text(),
    )


def _p(value: Fraction | None) -> str:
    if value is None or value < Fraction(1, 10**4):
        return "less than 0.0001"
    return print_value(value, 4)
