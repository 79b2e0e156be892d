"""A matplotlib figure as SVG that stands in a page.

In an ``img`` neither the colours nor the font of the page would reach it.
"""

from __future__ import annotations

import io
import re
import warnings
from html import escape
from typing import TYPE_CHECKING, Final

from netcore.figures.style import STAND_INS, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["inline_svg"]

# Width of the page, in px, for each point of a figure: full size, and the least that can be read.
_FULL: Final = 4 / 3
_LEAST: Final = 1.1


def inline_svg(figure: Figure, name: str, title: str, description: str) -> str:
    """Return a figure as an SVG element in the colours and the font of its page.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn within :func:`netcore.figures.style.house_style`, in its colours.
    name : str
        Prefix of all ids, unique in a page: letters, digits and hyphens.
    title, description : str
        What the figure is, and what it shows; both are read aloud.

    Returns
    -------
    str
        The element.  The same figure gives the same bytes.

    Raises
    ------
    ValueError
        If the name holds other characters.

    Notes
    -----
    matplotlib's SVG has a style sheet that would apply to the whole page, the
    same ids in every figure and fonts of its own; all three go.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
        raise ValueError(f"found name {name!r}, expected letters, digits and hyphens")
    buffer = io.StringIO()
    with house_style(), warnings.catch_warnings():
        # The reader's browser has the glyph that matplotlib's own font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    drawn = buffer.getvalue()
    size = re.search(r'viewBox="0 0 ([\d.]+) [\d.]+"', drawn)
    if size is None:
        raise ValueError("found no view box in the figure, expected one")
    width = float(size.group(1))
    body = drawn[drawn.index("</metadata>") + len("</metadata>") : drawn.rindex("</svg>")]
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, flags=re.DOTALL)
    body = re.sub(r"<(\w+)([^>]*)>", lambda tag: _in_page(tag, name), body)
    body = re.sub(r"\s+", " ", body).replace("> <", "><").strip()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nc-plot" {size.group(0)} role="img" '
        f'aria-labelledby="{name}-title {name}-desc" '
        f'style="width:{_FULL * width:.0f}px;min-width:{_LEAST * width:.0f}px;max-width:100%;'
        f'height:auto;stroke-linejoin:round;stroke-linecap:butt">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{body}</svg>'
    )


def _in_page(tag: re.Match[str], name: str) -> str:
    """Rewrite one start tag; the text between tags is left as it is."""
    attributes = tag.group(2)
    attributes = re.sub(r'\bid="', f'id="{name}-', attributes)
    attributes = attributes.replace('xlink:href="#', f'href="#{name}-')
    attributes = attributes.replace("url(#", f"url(#{name}-")
    attributes = re.sub(r"font-family: [^;\"]*;? ?", "", attributes)
    for stand_in, colour in STAND_INS.items():
        attributes = attributes.replace(stand_in, colour)
    return f"<{tag.group(1)}{attributes}>"
