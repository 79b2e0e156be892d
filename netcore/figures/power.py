"""What a trial of two arms could have shown, as a curve."""

from __future__ import annotations

from typing import Final

from netcore.figures.plot import Plot
from netcore.figures.sheet import SMALL, Sheet, percent_scale
from netcore.figures.style import ACCENT, INK, MUTED, RULE, house_style
from netcore.figures.svg import inline_svg
from netcore.stats.trial_power import DetectableRates, TwoArmTest, detectable_rates, power_curve

__all__ = ["power_curve_plot"]

_TEST_NAMES: Final[dict[TwoArmTest, str]] = {
    "fisher": "Fisher’s exact test",
    "pooled_z": "chi-squared test without correction",
    "unpooled_z": "z test with unpooled variance",
}
_WIDTH, _HEIGHT = 520.0, 270.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 508.0, 40.0, 230.0


def power_curve_plot(
    size_1: int,
    size_2: int,
    rate_1: float,
    *,
    name: str,
    caption: str,
    axis_label: str = "True rate in the second arm",
    power: float = 0.8,
    alpha: float = 0.05,
    test: TwoArmTest = "fisher",
    note: str = "",
) -> Plot:
    """Draw the exact power of a trial against the true rate in its second arm.

    Parameters
    ----------
    size_1, size_2 : int
        Patients in each arm.
    rate_1 : float
        True rate in the first arm, 0 to 1.
    name : str
        Name of the figure, unique in a page: letters, digits and hyphens.
    caption : str
        What the figure shows.
    axis_label : str
        What the rate in the second arm is, without the unit.
    power : float
        Power below which a true difference counts as easily missed.
    alpha : float
        Two-sided level.
    test : str
        As in :func:`netcore.stats.trial_power.exact_power`.
    note : str
        What is to be said below the caption.

    Returns
    -------
    Plot
        The figure.

    Raises
    ------
    ValueError
        If a number is out of range or the test is unknown.
    """
    rates = [step / 100 for step in range(101)]
    powers = power_curve(size_1, size_2, rate_1, rates, alpha, test)
    found = detectable_rates(size_1, size_2, rate_1, power, alpha, test)
    method = f"{_TEST_NAMES[test]}, two-sided level {100 * alpha:g} %"
    alt = (
        f"Power of a trial with {size_1} and {size_2} patients, by {method}, against the "
        f"{axis_label[0].lower()}{axis_label[1:]}, where that in the first arm is "
        f"{100 * rate_1:g} %. {_said(found)}"
    )
    with house_style():
        sheet = _draw(found, rates, powers, axis_label)
        svg = inline_svg(sheet.figure, name, caption, alt)
    return Plot(
        name,
        svg,
        caption,
        " ".join(filter(None, [f"{method[0].upper()}{method[1:]}; exact power.", note])),
        alt,
        (f"{axis_label} (%)", "Power (%)"),
        tuple(
            (f"{100 * rate:.0f}", f"{100 * reached:.1f}")
            for rate, reached in zip(rates, powers, strict=True)
        ),
    )


def _said(found: DetectableRates) -> str:
    """Say which rates are detected with the power."""
    sides = [
        f"{100 * rate:.1f} % or {word}"
        for rate, word in ((found.below, "less"), (found.above, "more"))
        if rate is not None
    ]
    if not sides:
        return f"No rate is detected with a power of {100 * found.power:g} %."
    return f"A power of {100 * found.power:g} % needs a true rate of {', or of '.join(sides)}."


def _draw(
    found: DetectableRates, rates: list[float], powers: tuple[float, ...], axis_label: str
) -> Sheet:
    across = percent_scale(_LEFT, _RIGHT)
    up = percent_scale(_BOTTOM, _TOP)
    sheet = Sheet.of_size(_WIDTH, _HEIGHT)
    missed = (
        across.place(0.0 if found.below is None else found.below),
        across.place(1.0 if found.above is None else found.above),
    )
    left, right = missed
    sheet.area(
        [(left, _TOP), (right, _TOP), (right, _BOTTOM), (left, _BOTTOM)], MUTED, opacity=0.12
    )
    for value, content in up.ticks:
        y = up.place(value)
        sheet.line([_LEFT, _RIGHT], [y, y], RULE, 0.6)
        sheet.write(_LEFT - 6, y, content, "right", size=SMALL)
    sheet.axis(across, _TOP, _BOTTOM, f"{axis_label} (%)")
    sheet.write(0, 8, "Power (%)", color=MUTED, size=SMALL)

    target = up.place(found.power)
    sheet.line([_LEFT, _RIGHT], [target, target], INK, 1.0, dashed=True)
    x = across.place(found.rate_1)
    sheet.line([x, x], [_TOP, _BOTTOM], INK, 1.0, dashed=True)
    sheet.line([across.place(r) for r in rates], [up.place(p) for p in powers], ACCENT, 2.0)
    for rate in (found.below, found.above):
        if rate is not None:
            at = across.place(rate)
            sheet.square(at, target, 6.5)
            sheet.write(at, _TOP - 9, f"{100 * rate:.1f} %", "center", bold=True)
    # The words go to the wider side of the first arm's rate.
    is_left = x - left > right - x
    sheet.write(
        x - 6 if is_left else x + 6,
        _TOP + 14,
        f"first arm: {100 * found.rate_1:g} %",
        "right" if is_left else "left",
    )
    sheet.write(
        x - 6 if is_left else x + 6,
        target + 12,
        f"below {100 * found.power:g} % power",
        "right" if is_left else "left",
        color=MUTED,
    )
    return sheet
