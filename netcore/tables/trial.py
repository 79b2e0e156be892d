"""What a two-arm trial can show and exclude, as a table and as a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netcore.tables.markup import Html, element, scrolling_table

if TYPE_CHECKING:
    from netcore.figures.plot import Plot

__all__ = ["no_events_table", "power_figure", "trial_table"]


def _rows(rows: Sequence[tuple[str, ...]]) -> list[Html]:
    return [
        element("tr", element("th", first, scope="row"), *(element("td", cell) for cell in rest))
        for first, *rest in rows
    ]


def _per_cent(share: float, decimals: int = 0) -> str:
    return f"{100 * share:.{decimals}f} %"


def _end(rate: float | None, words: str, side: str) -> str:
    return f"no rate {side} it" if rate is None else f"{_per_cent(rate, 1)} or {words}"


def trial_table(
    size_1: int, size_2: int, rate_2: float, alpha: float = 0.05, confidence: float = 0.95
) -> Html:
    """Return what a trial of two arms of some size can find and exclude.

    Parameters
    ----------
    size_1, size_2 : int
        Patients in the arms.
    rate_2 : float
        Share with the outcome in the second arm, 0 to 1.
    alpha : float
        Two-sided level.
    confidence : float
        Confidence level of the interval.

    Returns
    -------
    Html
        The power for some differences, the nearest rates that the trial would
        find with 80 and 90 %, and the interval that the narrowest difference
        of whole patients near the given rate would have.
    """
    from netcore.stats.trial_power import detectable_rates, difference_interval, exact_power

    rows = []
    for less in (0.1, 0.2, 0.3, 0.4):
        if rate_2 - less >= 0:
            found = exact_power(size_1, size_2, rate_2 - less, rate_2, alpha)
            title = f"Power to see {_per_cent(rate_2 - less)} against {_per_cent(rate_2)}"
            rows.append((title, _per_cent(found), "Fisher’s exact test, all outcomes counted"))
    for power in (0.8, 0.9):
        rates = detectable_rates(size_2, size_1, rate_2, power, alpha)
        said = f"{_end(rates.below, 'less', 'below')}, {_end(rates.above, 'more', 'above')}"
        title = f"Rates that the trial tells apart from {_per_cent(rate_2)} with a power of {_per_cent(power)}"
        rows.append((title, said, "the nearest true rates on either side"))
    counts = round(rate_2 * size_1), round(rate_2 * size_2)
    interval = difference_interval(counts[0], size_1, counts[1], size_2, confidence)
    low, high = (f"{100 * end:.0f}".replace("-", "−") for end in (interval.low, interval.high))
    rows.append(
        (
            f"Had {counts[0]} of {size_1} and {counts[1]} of {size_2} had the outcome: difference",
            f"{low} to {high} percentage points",
            f"{100 * confidence:g} % interval (Newcombe), everybody followed",
        )
    )
    return scrolling_table(
        ("Question", "Answer", "How"),
        _rows(rows),
        f"What {size_1} against {size_2} patients can show",
    )


def power_figure(
    size_1: int, size_2: int, rate_1: float, *, caption: str, axis_label: str, alpha: float = 0.05
) -> Plot:
    """Draw the power of a trial against the true rate in one arm.

    Parameters
    ----------
    size_1, size_2 : int
        Patients in the arms.
    rate_1 : float
        True rate in the first arm, 0 to 1.
    caption, axis_label : str
        What the figure and its axis show.
    alpha : float
        Two-sided level.

    Returns
    -------
    Plot
        The figure.
    """
    from netcore.figures import power_curve_plot

    return power_curve_plot(
        size_1, size_2, rate_1, name="power", caption=caption, axis_label=axis_label, alpha=alpha
    )


def no_events_table(*rows: tuple[str, int], confidence: float = 0.95) -> Html:
    """Return how frequent an event can be that was seen in nobody.

    Parameters
    ----------
    *rows : tuple of (str, int)
        What was counted, and how many were there.
    confidence : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Html
        For each row the exact upper limit, one-sided and two-sided.
    """
    from netcore.stats.trial_power import zero_events

    body = []
    for title, number in rows:
        found = zero_events(number, confidence)
        one, two = _per_cent(found.one_sided, 1), _per_cent(found.two_sided, 1)
        body.append((title, f"0 of {number}", one, two))
    level = f"{100 * confidence:g} %"
    return scrolling_table(
        ("Event", "Seen", f"Upper limit, {level} one-sided", f"{level} two-sided"),
        _rows(body),
        "Seen in none: how frequent it can still be (exact limits, if the units are independent; "
        "procedures of one patient are not)",
    )
