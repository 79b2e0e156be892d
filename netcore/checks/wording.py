"""Claims in a clinician's words, built from the titles of the study."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from netcore.checks.estimands import Cell
from netcore.study import Claim, Condition, Study

__all__ = [
    "cell_title",
    "claim_title",
    "counted",
    "key_title",
    "listed",
    "place",
    "population_title",
    "quantity_title",
    "quoted",
    "study_title",
    "with_unit",
]

STATISTICS: Final = {
    "N": "number",
    "n": "number",
    "pct": "percentage",
    "mean": "mean",
    "sd": "standard deviation",
    "std.error": "standard error",
    "median": "median",
    "p25": "lower quartile",
    "p75": "upper quartile",
    "min": "least value",
    "max": "greatest value",
    "p.value": "p-value",
    "r.squared": "R squared",
    "ratio": "ratio",
    "start": "start",
    "end": "end",
    "value": "value",
    "threshold.min": "lower limit",
    "threshold.max": "upper limit",
    "alpha": "significance level",
    "survival": "survival",
    "rmean": "restricted mean",
    "hazard_ratio": "hazard ratio",
}


_SIGN: Final = 3
"""The most letters of the sign of a unit; what is longer is a word."""


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Join parts as prose does: ``a, b and c``.

    Parameters
    ----------
    parts : iterable of str
        At least one part.
    last : str
        The word before the last part.

    Returns
    -------
    str
        The parts in their order, without a comma before the last.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    words = list(parts)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 patient``, ``2 patients``.

    Parameters
    ----------
    number : int
        How many.
    noun : str
        What, as of one; words before it stay.

    Returns
    -------
    str
        The number and the noun, with an s unless there is one.

    Examples
    --------
    >>> counted(1, "constructed patient"), counted(2, "claim"), counted(0, "value")
    ('1 constructed patient', '2 claims', '0 values')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def with_unit(value: str, unit: str) -> str:
    """Return a value with its unit, a word in the plural: ``1 month``, ``2 months``.

    Parameters
    ----------
    value : str
        The value as printed.
    unit : str
        The unit; empty for none.

    Returns
    -------
    str
        The value and the unit, which loses its s after a plain 1; a sign such as ``ms`` stays.

    Examples
    --------
    >>> with_unit("1", "lesions"), with_unit("1.0", "months"), with_unit("1", "ms"), with_unit("1", "")
    ('1 lesion', '1.0 months', '1 ms', '1')
    """
    if value == "1" and unit.isalpha() and len(unit) > _SIGN:
        unit = unit.removesuffix("s")
    return f"{value} {unit}".rstrip()


def quoted(study: Study, claim: Claim) -> str:
    """Return a printed value with its unit: ``35 %``, ``300 days``.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    str
        The value as printed; a date, a level and ``ns``, ``none`` and
        ``all`` have no unit.
    """
    number = study.is_numeric(claim) and claim.printed not in ("ns", "none", "all")
    if not (claim.unit and claim.unit != "date" and number):
        return claim.printed
    return with_unit(claim.printed, claim.unit)


def place(study: Study, claims: Sequence[Claim]) -> str:
    """Return where some claims stand: ``Table 3`` or ``Table 3 and Results``.

    Parameters
    ----------
    study : Study
        The study.
    claims : sequence of Claim
        At least one row of its claims table.

    Returns
    -------
    str
        Titles of the places, each once; the key of a place stands in for a
        missing title.
    """
    return listed(
        dict.fromkeys(study.locations[claim.location].title or claim.location for claim in claims)
    )


def key_title(key: str) -> str:
    """Return the key of a document as words, where nothing else is known of it.

    Parameters
    ----------
    key : str
        Such as ``surname2020``.

    Returns
    -------
    str
        The name with capitals, and the year.

    Examples
    --------
    >>> key_title("surname2020"), key_title("one_other")
    ('Surname 2020', 'One Other')
    """
    name = key.rstrip("0123456789")
    return f"{name.replace('_', ' ').title()} {key[len(name) :]}".strip()


def study_title(study: Study) -> str:
    """Return study and year, such as ``Surname 2020`` for the key surname2020.

    Parameters
    ----------
    study : Study
        A document.

    Returns
    -------
    str
        The name of the key, with capitals, and the digits that end it; both
        names where there are two authors, the journal where none is known.  An
        undated document says so.
    """
    key = study.paper.key
    name = key.rstrip("0123456789")
    authors = [author.rpartition(" ")[0] or author for author in study.paper.authors]
    surnames = listed(authors) if len(authors) == 2 else key_title(name)
    if not authors and study.paper.journal:
        surnames = study.paper.journal  # nobody to name
    title = f"{surnames} {key[len(name) :]}".strip()
    return title if study.paper.published or name != key else f"{title} (undated)"


def _lower(text: str) -> str:
    """Lower the first letter, unless the word is an abbreviation."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def _either(titles: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(titles))


def population_title(study: Study, population: str) -> str:
    """Return the title of a population, without what follows a colon.

    A population's name stands in for a title that the study does not give.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    population : str
        Name of a population.

    Returns
    -------
    str
        The title as it stands within a sentence, with a small first
        letter.
    """
    title = study.populations[population].title or population.replace("_", " ")
    return _lower(title.partition(":")[0])


def variable_title(study: Study, variable: str) -> str:
    """Return the title of a variable, or its name with spaces.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    variable : str
        Name of a variable.

    Returns
    -------
    str
        The title as it stands within a sentence, with a small first
        letter.
    """
    return _lower(study.variables[variable].title or variable.replace("_", " "))


def level_title(study: Study, variable: str, level: str) -> str:
    """Return the title of a level, or its name with spaces.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    variable : str
        Name of a variable.
    level : str
        A level or union of the variable.

    Returns
    -------
    str
        The title, its first letter as the study has it.
    """
    return study.variables[variable].level_titles.get(level, level.replace("_", " "))


def cell_title(study: Study, cell: Cell) -> str:
    """Return what a cell counts: ``group 2, tumour response (PR) at 8 weeks``.

    The population with the most of the cell's conditions comes first, then
    the conditions that it leaves.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    cell : Cell
        A cell of the study.

    Returns
    -------
    str
        The population and the conditions, separated by commas.
    """
    best, covered = cell.root, frozenset[Condition]()
    for name in study.populations:
        held = study.conditions(name)
        described = any(study.populations[up].size for up in (name, *study.ancestors(name)))
        if study.root(name) == cell.root and not described and covered < held <= cell.conditions:
            best, covered = name, held
    levels = [
        f"{variable_title(study, held.variable)} ({level_title(study, held.variable, held.level) or 'any'})"
        + (f" at {held.at}" if held.at else "")
        for held in sorted(cell.conditions - covered)
    ]
    return ", ".join([population_title(study, best), *levels])


def quantity_title(study: Study, claim: Claim) -> str:
    """Return what a claim is about, without statistic and place.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    str
        Variable, analysis, population and time, as far as the row has
        them; what the paper leaves open is joined by ``or``; the id of a
        row that has none of them.
    """
    parts: list[str] = []
    if claim.variable:
        variables = claim.readings("variable")
        levels = claim.readings("variable_level")
        name = _either(variable_title(study, variable) for variable in variables)
        level = _either(
            level_title(study, variable, level)
            for variable in variables
            for level in levels
            if level
        )
        parts.append(f"{name} ({level})" if level else name)
    if claim.analysis:
        compared = []
        for name in claim.readings("analysis"):
            analysis = study.analyses[name]
            other = analysis.by or analysis.with_ or ""
            joint = "by" if analysis.by else "against"
            compared.append(
                _lower(analysis.title)
                if analysis.title
                else f"{variable_title(study, analysis.variable)} {joint} {variable_title(study, other)}"
            )
        parts.append(_either(compared))
    if claim.population:
        parts.append(
            _either(population_title(study, name) for name in claim.readings("population"))
        )
    if claim.at:
        parts.append(f"at {' or '.join(claim.readings('at'))}")
    return ", ".join(parts) or claim.claim


def claim_title(study: Study, claim: Claim) -> str:
    """Return what a claim is about: ``tumour response (PR), group 2: number``.

    Parameters
    ----------
    study : Study
        The study that defines the names.
    claim : Claim
        A row of its claims table.

    Returns
    -------
    str
        The quantity, a colon and the statistic in words.
    """
    statistic = _either(STATISTICS.get(name, name) for name in claim.readings("stat_name"))
    return f"{quantity_title(study, claim)}: {statistic}"
