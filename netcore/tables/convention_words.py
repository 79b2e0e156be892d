"""What the conventions are called, in words for a reader who never heard of rounding rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["CONDITIONS", "FAMILIES", "HEADS"]

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "Values are": ("truncate", "ceiling", "half_up", "half_even", "any"),
    "Percentages are": ("own_group", "all_units"),
    "± is": ("sd", "std_error"),
    "The mean is": ("mean", "rmean"),
    "All was computed by": ("by_r", "by_spss", "by_sas"),
}
"""The conventions by what they are about."""

HEADS: Final[Mapping[str, str]] = {
    "truncate": "cut off instead of rounded",
    "ceiling": "rounded up",
    "half_up": "halves rounded up",
    "half_even": "halves to the even digit",
    "any": "rounded or cut off in any way",
    "own_group": "of the row’s group",
    "all_units": "of all patients",
    "sd": "a standard deviation",
    "std_error": "a standard error",
    "mean": "the plain mean",
    "rmean": "the area under the curve",
    "by_r": "R",
    "by_spss": "SPSS",
    "by_sas": "SAS",
}
"""What each convention says, as a continuation of its family."""

CONDITIONS: Final[Mapping[str, str]] = {
    "truncate": "If further digits were cut off instead of rounded",
    "ceiling": "If every value were rounded up to the next printable one",
    "half_up": "If a half were always rounded away from zero",
    "half_even": "If a half were always rounded to the even digit",
    "any": "If each value might be rounded, rounded up or cut off",
    "own_group": "If every percentage were one of the group that its row names",
    "all_units": "If every percentage were one of all patients of the study",
    "sd": "If whatever may be a standard deviation were one",
    "std_error": "If whatever may be a standard error were one",
    "mean": "If whatever may be a plain mean were one",
    "rmean": "If whatever may be the mean up to some time (the area under a survival curve) were one",
    "by_r": "If everything had been computed by R, with the quartiles and the tests that it offers",
    "by_spss": "If everything had been computed by SPSS, with the quartiles and the tests that it offers",
    "by_sas": "If everything had been computed by SAS, with the quartiles and the tests that it offers",
}
"""What each convention supposes."""
