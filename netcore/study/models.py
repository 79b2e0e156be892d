"""What the two files of a paper say, as frozen pydantic models.

A model holds whatever can be checked on an entry alone; what one entry says of
another is checked in :mod:`netcore.study.references` and, for claims, in
:mod:`netcore.study.claim_rules`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, Final, Literal, NamedTuple, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from netcore.study.problems import one_of
from netcore.study.scalars import (
    CitesCell,
    ClaimId,
    ClaimIdCell,
    Doi,
    FilledReadingsCell,
    Flag,
    FrozenMap,
    IsoDate,
    KeyCell,
    Label,
    Level,
    Name,
    NoteCell,
    NotEmpty,
    Number,
    One,
    PositiveNumber,
    PrintedCell,
    ReadingsCell,
    Statistic,
    TestName,
    TextCell,
    TimePoint,
    Year,
    closed,
    unexpected,
)

__all__ = [
    "AMBIGUOUS",
    "COLUMNS",
    "Analysis",
    "Claim",
    "ClaimRow",
    "Condition",
    "Derived",
    "Granularity",
    "Location",
    "PaperFile",
    "PaperInfo",
    "Population",
    "StudiesCounted",
    "Variable",
    "VariableType",
]

Design = Literal[
    "randomised_trial",
    "non_randomised_trial",
    "single_arm_trial",
    "cohort",
    "case_control",
    "cross_sectional",
    "case_series",
    "case_report",
    "diagnostic_accuracy",
    "systematic_review",
    "meta_analysis",
    "narrative_review",
    "guideline",
    "other",
]
Seen = Literal["full text", "abstract only", "secondary"]
Units = Literal["patients", "procedures", "lesions", "rules", "studies"]
Operation = Literal["difference", "ratio", "sum"]
VariableType = Literal["categorical", "multi", "integer", "continuous", "time", "date", "studies"]
DecimalMark = Literal[".", ","]
ThousandsMark = Literal["", ",", ".", " ", "'", "\u00a0", "\u202f"]


class Condition(NamedTuple):
    """That a variable has a level, at a time ("" if the paper gives none).

    Parameters
    ----------
    variable : str
        Name of the variable.
    at : str
        A number with a unit, as "24 months", or "".
    level : str
        A level or union of the variable; "" for any of levels that may
        overlap.
    """

    variable: str
    at: str
    level: str


class _Fault(NamedTuple):
    """What is wrong with one entry, at a path below it."""

    path: tuple[str | int, ...]
    expected: str
    found: str = ""


class _Entry(BaseModel):
    """An entry of a data file: frozen, and with no field that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def _faults(self) -> Iterable[_Fault]:
        """Yield what fields that are sound one by one get wrong together."""
        return ()

    @model_validator(mode="after")
    def _refuse_faults(self) -> Self:
        # Raised together: pydantic merges them, so that the author sees all.
        details = [
            InitErrorDetails(
                type=unexpected(fault.expected, fault.found), loc=fault.path, input=None
            )
            for fault in self._faults()
        ]
        if details:
            raise ValidationError.from_exception_data(type(self).__name__, details)
        return self

    def _present(self, *fields: str) -> list[str]:
        """Return which of some fields stand in the file, by their names there."""
        model = type(self).model_fields
        return [model[name].alias or name for name in fields if name in self.model_fields_set]


class PaperInfo(_Entry):
    """Which paper it is, and of what design."""

    key: Annotated[Name, Field(description="The name of the folder, such as surname2020.")]
    design: Annotated[Design, closed(Design, "designs"), Field(description="From a closed list.")]
    published: Annotated[
        IsoDate | None,
        Field(description="YYYY, YYYY-MM or YYYY-MM-DD; left out where the document has no date."),
    ] = None
    title: Annotated[Label | None, Field(description="As printed.")] = None
    doi: Annotated[Doi | None, Field(description="Without https://doi.org/.")] = None
    conditions: Annotated[tuple[Label, ...], Field(description="What the patients have.")] = ()
    interventions: Annotated[tuple[Label, ...], Field(description="What was done.")] = ()
    software: Annotated[
        tuple[Label, ...], Field(description="Statistical software, as named by the paper.")
    ] = ()
    authors: Annotated[tuple[Label, ...], Field(description="In the order of the paper.")] = ()
    journal: Label | None = None
    volume: Label | None = None
    issue: Label | None = None
    pages: Label | None = None
    year: Year | None = None
    language: Label | None = None
    licence: Label | None = None


class Location(_Entry):
    """A place where claims stand: a table, a section, an abstract."""

    title: Annotated[Label, Field(description="What a reader calls the place.")]
    section: Annotated[Label | None, Field(description="The part of the paper it belongs to.")] = (
        None
    )
    decimal: Annotated[
        DecimalMark,
        closed(DecimalMark, "marks"),
        Field(description="The decimal mark printed there."),
    ] = "."
    thousands: Annotated[
        ThousandsMark,
        closed(ThousandsMark, "marks"),
        Field(description="The thousands mark printed there."),
    ] = ""
    edition: Annotated[
        Label | None, Field(description="Which edition, where there are several.")
    ] = None
    seen: Annotated[
        Seen, closed(Seen, "choices"), Field(description="How the transcriber saw the place.")
    ] = "full text"

    def _faults(self) -> Iterable[_Fault]:
        if self.decimal == self.thousands:
            yield _Fault(("thousands",), "another mark than the decimal one")


class Population(_Entry):
    """Who: a root per unit of counting, or a part of another population."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["units"]}, {"required": ["of"]}],
            "dependentRequired": {
                "per": ["units"],
                "where": ["of"],
                "size": ["of"],
                "at": ["where"],
            },
        }
    )

    units: Annotated[
        Units | None, closed(Units, "units"), Field(description="Of a root: what is counted.")
    ] = None
    per: Annotated[
        Name | None, Field(description="Of a root: the population whose members have such units.")
    ] = None
    of: Annotated[Name | None, Field(description="Of a part: the population it belongs to.")] = None
    where: Annotated[
        FrozenMap[Name, Level], Field(description="Of a part: its level of each variable.")
    ] = Field(default_factory=dict, validate_default=True)
    size: Annotated[One | None, Field(description="1 for one described patient.")] = None
    at: Annotated[TimePoint | None, Field(description="When the levels were assessed.")] = None
    title: Annotated[Label | None, Field(description="What a reader calls the population.")] = None

    def _faults(self) -> Iterable[_Fault]:
        if self.units is None and self.of is None:
            yield _Fault((), "units (of a root) or of (of a part)", "neither units nor of")
            return
        if self.units is not None and self.of is not None:
            yield _Fault(("of",), "units (of a root) or of (of a part), not both")
            return
        if self.of is None:
            for name in self._present("where", "size"):
                yield _Fault((name,), "no such field in a root (it belongs to a part, with of)")
        else:
            for name in self._present("per"):
                yield _Fault((name,), "no such field in a part (it belongs to a root, with units)")
            if not self.where and self.size is None:
                yield _Fault(
                    (), "where or size, which say what part it is", "neither where nor size"
                )
        if self.at is not None and not self.where:
            yield _Fault(("at",), "an entry with where, which at is the time of")


class Granularity(_Entry):
    """How finely a variable was recorded."""

    step: Annotated[PositiveNumber, Field(description="Every value is a multiple of it.")]
    stated: Annotated[Flag, Field(description="Whether the paper says so, or it is an assumption.")]


class Derived(_Entry):
    """How a variable follows from others."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [name]} for name in ("difference", "ratio", "sum")],
        }
    )

    per: Annotated[
        Literal["patient", "summary"],
        closed(Literal["patient", "summary"], "choices"),
        Field(description="Whether derived for each patient, or from summaries."),
    ]
    of: Annotated[
        Statistic | None, Field(description="Of summaries: which statistic they are.")
    ] = None
    difference: Annotated[
        tuple[Name, Name] | None, Field(description="The first less the second.")
    ] = None
    ratio: Annotated[tuple[Name, Name] | None, Field(description="The first by the second.")] = None
    sum: Annotated[
        tuple[Name, ...] | None,
        Field(description="All of them added up, two or more.", json_schema_extra={"minItems": 2}),
    ] = None

    @property
    def operation(self) -> Operation:
        """Which of the three it is."""
        return "difference" if self.difference else "ratio" if self.ratio else "sum"

    @property
    def operands(self) -> tuple[str, ...]:
        """The variables that it follows from, in order."""
        operands = self.difference or self.ratio or self.sum
        assert operands is not None  # one of them is required
        return operands

    def _faults(self) -> Iterable[_Fault]:
        given = [name for name in get_args(Operation) if getattr(self, name) is not None]
        if len(given) != 1:
            yield _Fault(
                (),
                "one of difference, ratio and sum",
                " and ".join(given) if given else "neither difference nor ratio nor sum",
            )
        if self.sum is not None and len(self.sum) < 2:
            yield _Fault(("sum",), "two variables or more")
        if (self.of is None) == (self.per == "summary"):
            if self.of is None:
                yield _Fault((), "of, the statistic of the summaries", "per: summary without of")
            else:
                yield _Fault(("of",), "no such field with per: patient")


class StudiesCounted(_Entry):
    """Which studies a count of studies counts."""

    designs: Annotated[
        tuple[Annotated[Design, closed(Design, "designs")], ...],
        Field(description="Any of these designs; any design at all if left out."),
    ] = ()
    conditions: Annotated[
        tuple[Label, ...], Field(description="Any of these conditions, as papers name them.")
    ] = ()
    interventions: Annotated[
        tuple[Label, ...], Field(description="Any of these interventions, as papers name them.")
    ] = ()
    compared: Annotated[
        Flag, Field(description="Whether the study must have had all of the interventions.")
    ] = False

    def _faults(self) -> Iterable[_Fault]:
        if not (self.designs or self.conditions or self.interventions):
            yield _Fault((), "designs, conditions or interventions", "none of the three")
        if self.compared and len(self.interventions) < 2:
            yield _Fault(("compared",), "two interventions or more to compare")


_LEVELLED: Final = ("categorical", "multi")
_MEASURED: Final = ("integer", "continuous", "time", "studies")


class Variable(_Entry):
    """What was observed, and what the paper says about its values."""

    # Which fields belong to which types; the others belong to all.
    _BELONGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "levels": _LEVELLED,
        "level_titles": _LEVELLED,
        "complete": _LEVELLED,
        "unions": _LEVELLED,
        "measured_by": _LEVELLED,
        "missing": _LEVELLED,
        "targets": _LEVELLED,
        "organs": _LEVELLED,
        "within": ("multi",),
        "unit": _MEASURED,
        "min": _MEASURED,
        "max": _MEASURED,
        "granularity": _MEASURED,
        "derived": _MEASURED,
        "from_": ("time",),
        "to": ("time",),
        "after": ("date",),
        "counts": ("studies",),
    }

    type: Annotated[
        VariableType,
        closed(VariableType, "types"),
        Field(description="What kind of values it has."),
    ]
    title: Annotated[Label | None, Field(description="What a reader calls the variable.")] = None
    levels: Annotated[
        tuple[Level, ...], Field(description="The values, of a categorical or multi variable.")
    ] = ()
    level_titles: Annotated[
        FrozenMap[Level, Label], Field(description="What a reader calls the levels.")
    ] = Field(default_factory=dict, validate_default=True)
    complete: Annotated[
        Flag, Field(description="Whether the paper says that the levels are exhaustive.")
    ] = False
    unions: Annotated[
        FrozenMap[Level, tuple[Level, ...]], Field(description="Names for several levels together.")
    ] = Field(default_factory=dict, validate_default=True)
    criteria: Annotated[
        tuple[Label, ...], Field(description="By which criteria it was assessed.")
    ] = ()
    measured_by: Annotated[
        FrozenMap[Level, Name],
        Field(description="Which variable decides whether a level is reached."),
    ] = Field(default_factory=dict, validate_default=True)
    within: Annotated[
        FrozenMap[Level, Level], Field(description="Levels that imply another one.")
    ] = Field(default_factory=dict, validate_default=True)
    missing: Annotated[
        tuple[Level, ...], Field(description="Levels that mean 'not known' or 'not assessed'.")
    ] = ()
    targets: Annotated[
        Level | None, Field(description="Of kinds of lesion: the target lesions of the criteria.")
    ] = None
    organs: Annotated[
        FrozenMap[Level, PositiveNumber],
        Field(description="In how many organs there is disease, of levels that say so."),
    ] = Field(default_factory=dict, validate_default=True)
    unit: Annotated[Label | None, Field(description="The unit of its values.")] = None
    min: Annotated[Number | None, Field(description="No value can be less.")] = None
    max: Annotated[Number | None, Field(description="No value can be greater.")] = None
    granularity: Granularity | None = None
    derived: Derived | None = None
    from_: Annotated[Label | None, Field(alias="from", description="What starts the clock.")] = None
    to: Annotated[Label | None, Field(description="What stops the clock.")] = None
    after: Annotated[
        tuple[Name, ...], Field(description="Of a date: dates that it cannot be earlier than.")
    ] = ()
    counts: Annotated[
        StudiesCounted | None, Field(description="Of a count of studies: which ones it counts.")
    ] = None
    printed_as: Annotated[
        FrozenMap[Name, Label], Field(description="Its label, where a location has another.")
    ] = Field(default_factory=dict, validate_default=True)

    @property
    def is_levelled(self) -> bool:
        """Whether its values are levels (overlapping ones included)."""
        return self.type in _LEVELLED

    @property
    def level_names(self) -> tuple[str, ...]:
        """All that a claim can be about: levels and unions."""
        return (*self.levels, *self.unions)

    def _faults(self) -> Iterable[_Fault]:
        for field, types in self._BELONGS.items():
            if self.type not in types:
                for name in self._present(field):
                    yield _Fault(
                        (name,),
                        f"no such field with type: {self.type} (only with {', '.join(types)})",
                    )
        if self.is_levelled:
            yield from self._level_faults()
        if self.min is not None and self.max is not None and self.min > self.max:
            yield _Fault(("max",), "a number not below min")

    def _level_faults(self) -> Iterable[_Fault]:
        def unknown(level: str) -> str:
            return one_of(level, self.levels, "levels")

        for field in ("levels", "missing"):
            listed: tuple[str, ...] = getattr(self, field)
            for index, level in enumerate(listed):
                if level in listed[:index]:
                    yield _Fault((field, index), "each level once")
        for index, level in enumerate(self.missing):
            if level not in self.levels:
                yield _Fault(("missing", index), unknown(level))
        for name, members in self.unions.items():
            if name in self.levels:
                yield _Fault(("unions", name, "[key]"), "a name that is no level")
            if not members:
                yield _Fault(("unions", name), "the levels that it joins")
            for index, level in enumerate(members):
                if level not in self.levels:
                    yield _Fault(("unions", name, index), unknown(level))
                elif level in members[:index]:
                    yield _Fault(("unions", name, index), "each level once")
        for level in self.level_titles:
            if level not in self.level_names:
                yield _Fault(
                    ("level_titles", level, "[key]"), one_of(level, self.level_names, "levels")
                )
        if self.targets is not None and self.targets not in self.levels:
            yield _Fault(("targets",), unknown(self.targets))
        for level in self.organs:
            if level not in self.levels:
                yield _Fault(("organs", level, "[key]"), unknown(level))
        for level in self.measured_by:
            if level not in self.level_names:
                yield _Fault(
                    ("measured_by", level, "[key]"), one_of(level, self.level_names, "levels")
                )
        for level, whole in self.within.items():
            if level not in self.levels:
                yield _Fault(("within", level, "[key]"), unknown(level))
            if whole not in self.levels:
                yield _Fault(("within", level), unknown(whole))
            elif self._implies(whole, level):
                yield _Fault(
                    ("within", level), "another level, that does not lie within this one in turn"
                )

    def _implies(self, level: str, other: str) -> bool:
        """Return whether one gets from a level to another by `within`."""
        passed: set[str] = set()
        while level != other and level in self.within and level not in passed:
            passed.add(level)
            level = self.within[level]
        return level == other


class Analysis(_Entry):
    """A test that the paper made, as far as it says which."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["by"]}, {"required": ["with"]}]}
    )

    test: Annotated[
        tuple[TestName, ...],
        NotEmpty,
        Field(description="All tests that may be meant.", json_schema_extra={"minItems": 1}),
    ]
    variable: Annotated[Name, Field(description="The outcome.")]
    by: Annotated[
        Name | None, Field(description="The categorical variable whose levels are compared.")
    ] = None
    with_: Annotated[
        Name | None, Field(alias="with", description="The other variable of an association.")
    ] = None
    title: Annotated[Label | None, Field(description="What a reader calls the comparison.")] = None

    def _faults(self) -> Iterable[_Fault]:
        if (self.by is None) == (self.with_ is None):
            yield _Fault(
                (), "either by or with", "both by and with" if self.by else "neither by nor with"
            )
        for index, test in enumerate(self.test):
            if test in self.test[:index]:
                yield _Fault(("test", index), "each test once")


class PaperFile(_Entry):
    """All of ``paper.yaml``."""

    format: Annotated[One, Field(description="The version of this format.")]
    paper: PaperInfo
    locations: Annotated[
        FrozenMap[Name, Location],
        NotEmpty,
        Field(description="Where claims stand.", json_schema_extra={"minProperties": 1}),
    ]
    populations: Annotated[
        FrozenMap[Name, Population],
        NotEmpty,
        Field(description="Whom claims are about.", json_schema_extra={"minProperties": 1}),
    ]
    variables: Annotated[FrozenMap[Name, Variable], Field(description="What claims are about.")] = (
        Field(default_factory=dict, validate_default=True)
    )
    analyses: Annotated[FrozenMap[Name, Analysis], Field(description="Which tests were made.")] = (
        Field(default_factory=dict, validate_default=True)
    )


class ClaimRow(_Entry):
    """One row of ``claims.csv``: the thirteen columns, all strings."""

    claim: Annotated[
        ClaimIdCell, Field(description="Generated from the other keys where left empty.")
    ]
    location: Annotated[KeyCell, Field(description="A location of paper.yaml.")]
    population: Annotated[
        ReadingsCell, Field(description="A population; empty only for a quoted value.")
    ]
    variable: Annotated[
        ReadingsCell, Field(description="A variable; empty where the population itself is meant.")
    ]
    variable_level: Annotated[ReadingsCell, Field(description="A level or union of the variable.")]
    stat_name: Annotated[FilledReadingsCell, Field(description="A statistic of the vocabulary.")]
    at: Annotated[ReadingsCell, Field(description="A number with a unit, as '24 months'.")]
    denominator: Annotated[
        ReadingsCell, Field(description="A population, only where the paper says it.")
    ]
    analysis: Annotated[ReadingsCell, Field(description="An analysis of paper.yaml.")]
    printed: Annotated[PrintedCell, Field(description="Exactly as printed: trailing zeros count.")]
    unit: Annotated[TextCell, Field(description="As printed.")]
    cites: Annotated[
        CitesCell, Field(description="The source of a quoted value: key or key#claim.")
    ]
    note: Annotated[NoteCell, Field(description="Free text.")]


COLUMNS: Final[tuple[str, ...]] = tuple(ClaimRow.model_fields)
"""Columns of the claims table, in their order."""

AMBIGUOUS: Final[tuple[str, ...]] = (
    "population",
    "variable",
    "variable_level",
    "stat_name",
    "at",
    "denominator",
    "analysis",
)
"""Columns where ``a|b`` means that the paper leaves open which of the two is meant."""


class Claim(ClaimRow):
    """One printed value: a row of ``claims.csv``, and where it stands.

    Examples
    --------
    >>> cells = dict.fromkeys(COLUMNS, "") | {"location": "table1", "printed": "58.5"}
    >>> claim = Claim(**cells | {"claim": "t1", "stat_name": "mean|rmean"}, line=2)
    >>> claim.readings("stat_name"), claim.readings("at")
    (('mean', 'rmean'), ('',))
    """

    claim: Annotated[ClaimId, Field(description="Unique in the paper.")]
    line: Annotated[int, Field(ge=2, description="Where the row starts; the header is line 1.")]

    def readings(self, column: str) -> tuple[str, ...]:
        """Split a cell into its readings.

        Parameters
        ----------
        column : str
            One of the thirteen columns.

        Returns
        -------
        tuple of str
            What the paper may mean, at least one; the single reading of an
            empty cell is "".  Columns that cannot be ambiguous have the cell
            as their only reading.

        Raises
        ------
        ValueError
            If there is no such column.
        """
        if column not in COLUMNS:
            raise ValueError(
                f"found column {column!r}, expected {one_of(column, COLUMNS, 'columns')}"
            )
        cell: str = getattr(self, column)
        return tuple(cell.split("|")) if column in AMBIGUOUS else (cell,)
