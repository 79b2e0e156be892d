"""The one style of all figures.

A figure does not know whether its page is light or dark.  It is drawn in stand-in
colours, and :func:`netcore.figures.svg.inline_svg` puts the custom properties of the
style sheet in their place.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final

__all__ = ["ACCENT", "FONT_SIZE", "INK", "MUTED", "RULE", "STAND_INS", "house_style"]

# Near black, so that a figure that is saved as a file can be read as well.
INK: Final = "#010101"
"""Text and axes."""
MUTED: Final = "#020202"
"""What stands back: headings of columns, notes, values before a repair."""
RULE: Final = "#030303"
"""Grid and rules."""
ACCENT: Final = "#040404"
"""The marks that the figure is about."""

# currentColor where the style sheet is missing: the text's colour suits its page.
STAND_INS: Final = {
    INK: "var(--nc-plot-ink,currentColor)",
    MUTED: "var(--nc-plot-muted,currentColor)",
    RULE: "var(--nc-plot-rule,currentColor)",
    ACCENT: "var(--nc-plot-accent,currentColor)",
}
"""Which colour of the page each stand-in becomes."""

FONT_SIZE: Final = 9.5
"""Size of text, in points; a point of a figure is 4/3 px at its natural width."""


def house_style() -> AbstractContextManager[None]:
    """Return a context in which matplotlib draws in the style of the book.

    Returns
    -------
    context manager
        For a ``with`` statement; the settings before it come back after it.

    Examples
    --------
    >>> import matplotlib
    >>> with house_style():
    ...     matplotlib.rcParams["axes.spines.top"]
    False
    """
    import matplotlib as mpl
    from cycler import cycler

    return mpl.rc_context(
        {
            "font.family": "DejaVu Sans",  # comes with matplotlib: the same extents everywhere
            "font.size": FONT_SIZE,
            "text.color": INK,
            "text.parse_math": False,  # a dollar sign of a data file is a dollar sign
            "axes.edgecolor": INK,
            "axes.labelcolor": INK,
            "axes.facecolor": "none",
            "axes.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": cycler(color=[ACCENT, INK, MUTED]),
            "axes.formatter.use_mathtext": False,
            "figure.facecolor": "none",
            "grid.color": RULE,
            "grid.linewidth": 0.6,
            "legend.frameon": False,
            "lines.linewidth": 1.6,
            "lines.solid_capstyle": "butt",
            "savefig.facecolor": "none",
            "svg.fonttype": "none",  # text stays text
            "svg.hashsalt": "netcore",  # the same figure has the same ids
            "xtick.color": INK,
            "ytick.color": INK,
        }
    )
