"""What the entries of ``paper.yaml`` say of one another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from netcore.study.drafts import Fault, PaperDraft
from netcore.study.models import Population, Variable
from netcore.study.positioned_yaml import Path
from netcore.study.problems import dotted, one_of, quoted

__all__ = ["reference_faults"]


def reference_faults(draft: PaperDraft) -> Iterator[Fault]:
    """Check every reference within the file.

    Parameters
    ----------
    draft : PaperDraft
        The sections.  References to entries that have a fault of their own are
        accepted, so that mending one fault never removes a second message.

    Yields
    ------
    Fault
        Unknown names, circular definitions, and names of the wrong kind.
    """
    for name, population in draft.populations.checkable():
        yield from _population_faults(name, population, draft)
    for name, variable in draft.variables.checkable():
        yield from _variable_faults(name, variable, draft)
    for name, analysis in draft.analyses.checkable():
        for field, target in (
            ("variable", analysis.variable),
            ("by", analysis.by),
            ("with", analysis.with_),
        ):
            if target is not None:
                yield from _variable_name_faults(
                    ("analyses", name, field),
                    target,
                    draft,
                    levelled=True if field == "by" else None,
                )
    yield from _cycles(draft)


def _unknown(path: Path, name: str, known: Collection[str], what: str) -> Fault:
    return Fault(path, f"{dotted(path)} {quoted(name)}", one_of(name, known, what))


def _population_faults(name: str, population: Population, draft: PaperDraft) -> Iterator[Fault]:
    for field, target in (("of", population.of), ("per", population.per)):
        if target is not None and draft.populations.lacks(target):
            yield _unknown(
                ("populations", name, field), target, draft.populations.names, "populations"
            )
    for variable_name, level in population.where.items():
        path: Path = ("populations", name, "where", variable_name)
        if draft.variables.lacks(variable_name):
            found = f"the variable {quoted(variable_name)} in {dotted(path[:-1])}"
            yield Fault(
                path,
                found,
                one_of(variable_name, draft.variables.names, "variables"),
                of_key=True,
            )
        variable = draft.variables.sound.get(variable_name)
        if variable is None:
            continue
        if not variable.is_levelled:
            found = f"the {variable.type} variable {quoted(variable_name)} in {dotted(path[:-1])}"
            yield Fault(path, found, "a categorical or multi variable", of_key=True)
        elif level not in variable.level_names:
            yield Fault(
                path,
                f"{dotted(path)} {quoted(level)}",
                level_choice(level, variable_name, variable),
            )


def level_choice(level: str, name: str, variable: Variable) -> str:
    """Say which levels a variable has.

    Parameters
    ----------
    level : str
        The unknown level that was found.
    name : str
        The name of the variable.
    variable : Variable
        The variable.

    Returns
    -------
    str
        The second half of a message.
    """
    if not variable.level_names:
        return f"a level of {name}, which has none (list it in paper.yaml)"
    return one_of(level, variable.level_names, "levels") + f", the levels of {name}"


def _variable_faults(name: str, variable: Variable, draft: PaperDraft) -> Iterator[Fault]:
    for location in variable.printed_as:
        if draft.locations.lacks(location):
            path: Path = ("variables", name, "printed_as", location)
            found = f"the location {quoted(location)} in {dotted(path[:-1])}"
            expected = one_of(location, draft.locations.names, "locations")
            yield Fault(path, found, expected, of_key=True)
    for level, target in variable.measured_by.items():
        yield from _variable_name_faults(("variables", name, "measured_by", level), target, draft)
        if target == name:
            path = ("variables", name, "measured_by", level)
            yield Fault(path, f"{dotted(path)} {quoted(target)}", "another variable")
    if variable.derived is not None:
        for index, target in enumerate(variable.derived.operands):
            path = ("variables", name, "derived", variable.derived.operation, index)
            yield from _variable_name_faults(path, target, draft, levelled=False)
    for index, target in enumerate(variable.after):
        path = ("variables", name, "after", index)
        yield from _variable_name_faults(path, target, draft)
        other = draft.variables.sound.get(target)
        if other is not None and other.type != "date":
            found = f"{dotted(path)} {quoted(target)}, which is {other.type}"
            yield Fault(path, found, "a variable of type date")


def _variable_name_faults(
    path: Path, target: str, draft: PaperDraft, levelled: bool | None = None
) -> Iterator[Fault]:
    if draft.variables.lacks(target):
        yield _unknown(path, target, draft.variables.names, "variables")
    variable = draft.variables.sound.get(target)
    if variable is not None and levelled is not None and variable.is_levelled != levelled:
        expected = "a categorical or multi variable" if levelled else "a variable that is measured"
        yield Fault(path, f"{dotted(path)} {quoted(target)}, which is {variable.type}", expected)


def _cycles(draft: PaperDraft) -> Iterator[Fault]:
    """Yield one fault for each circle of definitions."""
    populations = {
        name: [target for target in (population.of, population.per) if target is not None]
        for name, population in draft.populations.checkable()
    }
    for circle in _circles(populations):
        field = "of" if dict(draft.populations.checkable())[circle[0]].of is not None else "per"
        path = ("populations", circle[0], field)
        yield Fault(
            path, f"{dotted(path)} in a circle ({_round(circle)})", "a chain that ends at a root"
        )
    derived = {
        name: list(variable.derived.operands) if variable.derived else []
        for name, variable in draft.variables.checkable()
    }
    after = {name: list(variable.after) for name, variable in draft.variables.checkable()}
    for circle in _circles(after):
        path = ("variables", circle[0], "after")
        yield Fault(
            path, f"{dotted(path)} in a circle ({_round(circle)})", "dates that are earlier ones"
        )
    for circle in _circles(derived):
        path = ("variables", circle[0], "derived")
        yield Fault(
            path,
            f"{dotted(path)} in a circle ({_round(circle)})",
            "variables that are not derived from it",
        )


def _round(circle: list[str]) -> str:
    shown = circle if len(circle) <= 8 else [*circle[:7], "..."]
    return " -> ".join(dotted((name,)) for name in [*shown, circle[0]])


def _circles(targets: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Yield circles of a graph, each node in one of them at most.

    Depth first with an explicit stack: a chain of thousands must not exhaust
    Python's own.
    """
    done: set[str] = set()
    for start in targets:
        trail: list[str] = []
        on_trail: dict[str, int] = {}
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                done.add(node)
                del on_trail[trail.pop()]
            elif node in on_trail:
                yield trail[on_trail[node] :]
            elif node in targets and node not in done:
                on_trail[node] = len(trail)
                trail.append(node)
                stack.append((node, True))
                stack.extend((target, False) for target in reversed(targets[node]))
