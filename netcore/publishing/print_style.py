"""How the one document looks on paper, beside the styles of the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["FITTING_SCRIPT", "STYLE", "running_heads"]

STYLE: Final = """
@page {
  size: A4;
  margin: 20mm 18mm 20mm;
  @bottom-center { content: counter(page); font: 8pt sans-serif; color: #555; }
}
@page cover { @bottom-center { content: none; } }
@page wide { size: A4 landscape; }
html { scroll-padding: 0; font-size: 9.5pt; }
body { background: #fff; color: #111; }
body, .bd-article { display: block; overflow: visible; padding: 0; margin: 0; }
.nc-cover { page: cover; break-after: page; padding-top: 55mm; text-align: center; }
.nc-cover img { width: 28mm; }
.nc-cover h1 { font-size: 24pt; margin: 12mm 0 8mm; }
.nc-cover p { margin: 2mm auto; max-width: 130mm; }
.nc-cover .nc-colophon { margin-top: 40mm; color: #555; font-size: 8.5pt; }
.nc-contents { break-after: page; }
.nc-contents ol, .nc-contents ul { list-style: none; padding: 0; margin: 0 0 3mm; }
.nc-contents { font-size: 8.5pt; }
.nc-contents li { display: flex; gap: 2mm; break-inside: avoid; }
.nc-contents li a { color: inherit; text-decoration: none; }
.nc-contents li::after { content: attr(data-page); order: 3; min-width: 8mm; text-align: right; font-variant-numeric: tabular-nums; }
.nc-contents li i { flex: 1; order: 2; border-bottom: 1px dotted #aaa; margin-bottom: 1mm; }
.nc-contents p.nc-part-name { font-weight: 600; margin: 3mm 0 1mm; }
/* Ink at the very edge of a page would be drawn, and read, on the one before as well. */
.nc-contents, .nc-chapter { padding-top: 2mm; }
.nc-chapter { break-before: page; }
.nc-part { break-before: page; padding-top: 80mm; text-align: center; }
.nc-part h1 { font-size: 22pt; border: 0; }
/* A space at the end of a line stays, so that the outline has it too. */
h1, h2, h3, h4, h5, h6 { break-after: avoid; break-inside: avoid; white-space: pre-wrap; }
.nc-chapter > section > h1, .nc-chapter > section > h2 { font-size: 18pt; margin: 0 0 4mm; padding: 0; border: 0; }
.nc-chapter > section > section > h2, .nc-chapter > section > section > h3 { font-size: 13pt; margin: 8mm 0 2mm; padding-top: 2mm; border-top: 0.5pt solid #999; }
.nc-chapter h4 { font-size: 11pt; margin: 5mm 0 1mm; }
.nc-chapter h5, .nc-chapter h6 { font-size: 9.5pt; margin: 4mm 0 1mm; }
pre, code, kbd, samp { white-space: pre-wrap; overflow-wrap: anywhere; overflow: visible; }
div.highlight, div.highlight pre, div.output pre { max-height: none; overflow: visible; font-size: 7.5pt; }
.bd-article pre, .bd-article li, .nc-finding { break-inside: auto; }
/* Proofs and constructed data, for a machine: run on, or they would take most of the pages. */
.bd-article .nc-finding details pre { white-space: normal; font-size: 5.5pt; line-height: 1.2; padding: 1mm; }
table { break-inside: auto; max-width: none; }
tr, figure, .nc-figure, svg.nc-plot, img { break-inside: avoid; }
.bd-article .nc-evidence, .bd-article .nc-attainable { width: 100%; min-width: 0; font-size: 7pt; line-height: 1.3; }
.bd-article .nc-evidence :is(th, td) { padding: 0.6mm 1.2mm; min-width: 0; max-width: none; white-space: normal; }
.bd-article .nc-evidence tbody th { width: 22%; }
.bd-article .nc-evidence td:last-child { width: 44%; }
thead { display: table-header-group; }
.nc-scroll, .pst-scrollable-table-container, .cell_output, div.output { overflow: visible; max-height: none; }
svg.nc-plot { min-width: 0 !important; max-width: 100% !important; }
details > summary { list-style: none; }
details > summary::-webkit-details-marker { display: none; }
/* Code that is folded on the screen, and left out where a page is printed, belongs to the book. */
div.cell details.hide { display: block !important; position: static !important; }
details.hide > summary { display: none !important; }
/* What could be downloaded, where the site has no address. */
a[download]:not([href]) { display: none; }
/* A link works here, so that its address need not stand beside it. */
.bd-article a[href^="http"]::after { content: none; }
details { border: 0; box-shadow: none; }
.nc-landscape { page: wide; break-before: page; break-after: page; }
.nc-index { font-size: 7.5pt; width: 100%; }
.nc-index th, .nc-index td { padding: 0.3mm 2mm; text-align: left; font-weight: 400; overflow-wrap: anywhere; }
.nc-index th:first-child { width: 45%; }
.nc-index td:last-child { width: 25%; white-space: nowrap; }
mjx-assistive-mml { display: none !important; }
"""

# What is wider than the page is set smaller; what would get too small is laid on its side.
FITTING_SCRIPT: Final = """
([portrait, landscape, smallest]) => {
  for (const table of document.querySelectorAll('table')) {
    if (table.parentElement.closest('table')) continue;
    const width = table.scrollWidth;
    const room = Math.min(portrait, table.parentElement.clientWidth || portrait);
    if (width <= room + 1) continue;
    if (room / width >= smallest) { table.style.zoom = room / width; continue; }
    table.classList.add('nc-landscape');
    if (landscape / width < 1) table.style.zoom = Math.max(landscape / width, 0.5);
    if (landscape / width < 0.5) {
      table.style.tableLayout = 'fixed';
      table.style.width = (landscape * 2) + 'px';
      table.style.overflowWrap = 'anywhere';
    }
  }
}
"""


def running_heads(titles: Mapping[str, str]) -> str:
    r"""Return the styles that put the title of a chapter above its pages.

    Parameters
    ----------
    titles : mapping of str to str
        The title of each chapter by the name of its pages, which is an
        identifier of CSS.

    Returns
    -------
    str
        A rule for each chapter.

    Examples
    --------
    >>> print(running_heads({"c1": 'A "title"'}))
    @page c1 { @top-left { content: "A \22 title\22 "; font: 8pt sans-serif; color: #555; } }
    .c1 { page: c1; }
    """
    rules = []
    for name, title in titles.items():
        text = "".join(f"\\{ord(each):x} " if each in '"\\<\n' else each for each in title)
        style = f'content: "{text}"; font: 8pt sans-serif; color: #555;'
        rules += [f"@page {name} {{ @top-left {{ {style} }} }}", f".{name} {{ page: {name}; }}"]
    return "\n".join(rules)
