"""HTML that is safe by construction: text is escaped where it enters.

Whatever a data file holds passes through :func:`element` or :func:`text`, and
both escape; only :class:`Html` itself is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape, unescape

__all__ = ["Html", "anchor_mark", "element", "joined", "scrolling_table", "slug", "text"]


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of HTML that a notebook shows.

    Parameters
    ----------
    markup : str
        Escaped HTML.

    Examples
    --------
    >>> element("b", "<5")
    Html(markup='<b>&lt;5</b>')
    """

    markup: str

    def _repr_html_(self) -> str:
        return self.markup

    def __str__(self) -> str:
        """Return the text without the tags, for a terminal."""
        lines = re.sub(r"</(tr|p|li|div|h\d|caption|summary)>", "\n", self.markup)
        return unescape(re.sub(r"<[^>]+>", " ", lines)).strip()


def text(value: object) -> Html:
    """Return a value as escaped HTML.

    Parameters
    ----------
    value : object
        Anything that can be written as a string; Html is taken as it is.

    Returns
    -------
    Html
        The escaped string.
    """
    return value if isinstance(value, Html) else Html(escape(str(value), quote=True))


def joined(parts: Iterable[Html | str], between: str = "") -> Html:
    """Join pieces; plain strings among them are escaped.

    Parameters
    ----------
    parts : iterable of Html or str
        The pieces.
    between : str
        Markup between two pieces, which is not escaped.

    Returns
    -------
    Html
        The pieces in their order.
    """
    return Html(between.join(text(part).markup for part in parts))


def element(tag: str, *children: Html | str, **attributes: str | None) -> Html:
    """Return an element; attribute names lose a trailing underscore.

    An ``input`` has no content and no closing tag.

    Parameters
    ----------
    tag : str
        Name of the element.
    *children : Html or str
        Its content; strings are escaped.
    **attributes : str or None
        Its attributes, escaped; None leaves one out; ``data_label`` becomes
        ``data-label``.

    Returns
    -------
    Html
        The element.

    Examples
    --------
    >>> element("td", "a & b", class_="n").markup
    '<td class="n">a &amp; b</td>'
    """
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value, quote=True)}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag == "input":
        return Html(f"<{tag}{given}>")
    return Html(f"<{tag}{given}>{joined(children).markup}</{tag}>")


def slug(identifier: str) -> str:
    """Return an identifier as part of an address: other characters become ``-``.

    Parameters
    ----------
    identifier : str
        Id of a claim or a finding.

    Returns
    -------
    str
        ASCII letters, digits, dots, underscores, plus signs and hyphens
        only.

    Examples
    --------
    >>> slug("t1.t1.pct"), slug("a|b <c>")
    ('t1.t1.pct', 'a-b-c')
    """
    plain = re.sub(r"[^A-Za-z0-9._+-]+", "-", identifier)
    # What is an address already stays as it is: her2+ and her2- are two claims.
    return plain if plain == identifier else plain.strip("-")


def anchor_mark(anchor: str, about: str) -> Html:
    """Return a small mark that holds the address of a place, for whoever wants to send it.

    Parameters
    ----------
    anchor : str
        The place on the same page.
    about : str
        What is there, for a screen reader.

    Returns
    -------
    Html
        A link to the place itself.
    """
    return element("a", "#", href=f"#{anchor}", class_="nc-anchor", aria_label=f"Link to {about}")


def scrolling_table(
    heads: Sequence[str], rows: Sequence[Html], caption: str, class_: str = ""
) -> Html:
    """Return a table that scrolls by itself where the page is too narrow for it.

    Parameters
    ----------
    heads : sequence of str
        What the columns are.
    rows : sequence of Html
        The rows of its body.
    caption : str
        What the table shows.
    class_ : str
        A further class.

    Returns
    -------
    Html
        The table in a region that can be reached by the keyboard.
    """
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *(element("th", name, scope="col") for name in heads))),
        element("tbody", *rows),
        class_=f"nc-table {class_}".strip(),
    )
    return element(
        "div", table, class_="nc-scroll", tabindex="0", role="region", aria_label=caption
    )
