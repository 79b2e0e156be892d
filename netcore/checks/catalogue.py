"""What every check asks: one entry each, for readers and for pages about checks.

The code finds its way without it.  A test compares it with the names that the
modules of checks give themselves, so that no check goes without an entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["CATALOGUE", "CheckEntry", "Exactness"]

Exactness = Literal["exact", "bounds", "search"]
"""How a check answers.

``exact``: in whole numbers or fractions, and completely.  ``bounds``: between
ends that are proved and may be wider than they need be.  ``search``: by data
that are drawn until they fit, beside proved bounds where there are some.
"""


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """What a reader should know of a check.

    Parameters
    ----------
    name : str
        Name of the check, as findings bear it.
    question : str
        What it asks, in one sentence.
    needs : str
        What has to be printed for it.
    exactness : {'exact', 'bounds', 'search'}
        How it answers.
    replayed : bool
        Whether it can find a conflict, whose proof the stand-alone checker
        replays.  Without one, the most that it says is 'conditional'.
    page : str
        Name of its page among the methods.
    """

    name: str
    question: str
    needs: str
    exactness: Exactness
    replayed: bool
    page: str


CATALOGUE: Final = (
    CheckEntry(
        "printings",
        "Do all places that print one quantity agree?",
        "the same quantity in two places",
        "exact",
        True,
        "printings",
    ),
    CheckEntry(
        "printings-readings",
        "Do they agree where a place leaves open what it means?",
        "the same, and a row with several readings",
        "exact",
        True,
        "printings",
    ),
    CheckEntry(
        "percentages",
        "Is there a number of patients of which the percentage can be?",
        "a percentage, with its count or the size of a group",
        "exact",
        True,
        "percentages",
    ),
    CheckEntry(
        "percentages-together",
        "Is there one denominator that gives all percentages of a column beside their counts?",
        "counts with percentages, some of which do not fit their group",
        "exact",
        False,
        "percentages",
    ),
    CheckEntry(
        "common-denominators",
        "Is there one number of patients of which all percentages of a table would be right?",
        "percentages that fit no group",
        "exact",
        False,
        "common-denominators",
    ),
    CheckEntry(
        "common-denominators-means",
        "Can the mean come from so many whole numbers (GRIM)?",
        "a mean of values with a step, and a group size",
        "exact",
        True,
        "common-denominators",
    ),
    CheckEntry(
        "complete-levels",
        "Do the shares of complete levels add up to 100?",
        "percentages of all levels, of which every patient has one",
        "exact",
        True,
        "complete-levels",
    ),
    CheckEntry(
        "parts-and-wholes",
        "Can all counts be those of one set of patients?",
        "counts, and sizes of groups",
        "exact",
        True,
        "parts-and-wholes",
    ),
    CheckEntry(
        "derived-values",
        "Does a difference, ratio or sum follow from what it was made of?",
        "the derived value, and what it was made of",
        "exact",
        True,
        "derived-values",
    ),
    CheckEntry(
        "derived-values-parts",
        "Does a mean, median or range of a whole lie where those of its parts put it?",
        "a summary of a whole, and of all its parts",
        "exact",
        True,
        "derived-values",
    ),
    CheckEntry(
        "derived-values-contrasts",
        "Does a risk ratio, odds ratio or difference of two groups follow from their values?",
        "the contrast, and the counts or values of both groups",
        "exact",
        False,
        "derived-values",
    ),
    CheckEntry(
        "order",
        "Do least value, quartiles, median, mean and greatest value stand in order?",
        "two summaries of one variable",
        "exact",
        True,
        "order",
    ),
    CheckEntry(
        "quantiles",
        "Do values exist with these medians and quartiles, of a group, its parts and a change?",
        "medians or quartiles, of values with a step or of parts and whole",
        "exact",
        True,
        "quantiles",
    ),
    CheckEntry(
        "moments",
        "Do values exist with this mean, spread, range and quartiles (GRIMMER, DEBIT)?",
        "a spread, with a mean or a range",
        "bounds",
        True,
        "moments",
    ),
    CheckEntry(
        "moments-intervals",
        "Do the confidence limits of a mean follow from mean, spread and number?",
        "confidence limits of a mean",
        "bounds",
        False,
        "moments",
    ),
    CheckEntry(
        "moments-distances",
        "Does the spread go with a range or interquartile range printed as one number?",
        "a spread, and a range or interquartile range",
        "bounds",
        False,
        "moments",
    ),
    CheckEntry(
        "moments-partitions",
        "Does the spread of a whole follow from means and spreads of its parts?",
        "means and spreads of a whole and of all its parts",
        "search",
        False,
        "moments",
    ),
    CheckEntry(
        "mean-tests",
        "Do means and spreads of two groups give the p-value of the t-test?",
        "two means with spreads, and a p-value",
        "bounds",
        True,
        "tests-of-means",
    ),
    CheckEntry(
        "mean-differences",
        "Do the limits of a difference of means follow from both groups?",
        "confidence limits of a difference of means",
        "bounds",
        False,
        "tests-of-means",
    ),
    CheckEntry(
        "ranks",
        "Can any values with these medians and quartiles have the p-value of the rank test?",
        "a p-value of a rank test; sizes, medians or quartiles of the groups",
        "search",
        True,
        "rank-tests",
    ),
    CheckEntry(
        "contingency",
        "Do the counts give the p-value?",
        "counts of two groups or more, and a p-value",
        "exact",
        True,
        "contingency",
    ),
    CheckEntry(
        "survival",
        "Is there a group of patients whose survival curve has all printed values?",
        "rates, a median, a mean or numbers at risk of one group",
        "search",
        False,
        "survival",
    ),
    CheckEntry(
        "survival-tests",
        "Are there patients with both survival curves and the p-value between them?",
        "rates or medians of two groups, and a p-value",
        "search",
        False,
        "comparing-survival",
    ),
    CheckEntry(
        "hazard-ratios",
        "Do a hazard ratio, its limits and its p-value go together?",
        "a hazard ratio with limits or a p-value",
        "bounds",
        False,
        "comparing-survival",
    ),
    CheckEntry(
        "joint-endpoints",
        "Can the same patients have both end points as printed?",
        "rates, medians or numbers at risk of a time to death and of another time, of the same patients",
        "search",
        False,
        "survival-curves",
    ),
    CheckEntry(
        "regression",
        "Can R², p-value, slope and correlation belong to one straight line?",
        "two of these, or one and the number of points",
        "bounds",
        False,
        "regression",
    ),
    CheckEntry(
        "dates",
        "Is there a calendar with room for all dates and durations?",
        "two dates, or a duration between dates",
        "exact",
        True,
        "dates",
    ),
    CheckEntry(
        "criteria",
        "Does what is said of one patient meet the rule that the paper prints?",
        "a described patient, and a printed threshold",
        "exact",
        True,
        "criteria",
    ),
    CheckEntry(
        "target-lesions",
        "Can there be so many target lesions under the response criteria?",
        "a number of target lesions, and of patients",
        "exact",
        False,
        "target-lesions",
    ),
    CheckEntry(
        "quotations",
        "Does a quoted value stand so in its source?",
        "a quoted value, and a transcription of the source",
        "exact",
        True,
        "across-documents",
    ),
    CheckEntry(
        "counted-studies",
        "Is a statement on how many studies there are contradicted by one of the book?",
        "a number of studies, or 'none'",
        "exact",
        True,
        "across-documents",
    ),
)
"""Every check, from counts to other documents."""
