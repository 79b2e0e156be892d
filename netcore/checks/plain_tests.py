"""What a test is taken to be where the paper gives no more than its name.

``log-rank``, ``chi-squared`` or ``t-test`` may in truth have been stratified, paired, of tumours in
place of patients, or corrected for several comparisons.  Where no certificate proves a conflict with
the test as it is worded, the conflict is conditional and names these assumptions.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "NOT_PLAIN_MEANS",
    "PLAIN_CORRELATION",
    "PLAIN_LINE",
    "PLAIN_PAIRED_TEST",
    "PLAIN_TEST",
    "PLAIN_TEST_OF_MEANS",
    "TWO_VARIANCES",
]

_P_VALUE: Final = (
    "its p-value not adjusted for other variables, several comparisons or interim looks"
)
_VARIANT: Final = "in a variant that was looked at"

PLAIN_TEST: Final = (
    f"the test is the plain one {_VARIANT} (each unit of the groups counted once, unpaired, "
    f"unstratified, unweighted; {_P_VALUE})"
)
"""Of a test between groups."""

PLAIN_PAIRED_TEST: Final = (
    f"the test is the plain one {_VARIANT} (each unit gives one pair, unstratified, unweighted; "
    f"{_P_VALUE})"
)
"""Of a test whose pairs are its units."""

PLAIN_TEST_OF_MEANS: Final = (
    f"the test is the plain one {_VARIANT} (of the values themselves and not of their logarithms; "
    f"each unit of the groups counted once, unstratified, unweighted; {_P_VALUE})"
)
"""Of a t-test; of pairs too, where these were tried."""

TWO_VARIANCES: Final = (
    "its variance is that of the two groups alone and not of the further groups beside them"
)
"""Of a t-test beside other groups: an analysis of variance and its contrasts pool all of them."""

NOT_PLAIN_MEANS: Final = (
    "the test is not the plain one of these values (of logarithms or of other units, stratified, "
    "weighted, with a variance of more groups, adjusted for other variables or for several comparisons)"
)
"""What else may give a p-value that is named a t-test's."""

PLAIN_LINE: Final = (
    f"the line is the plain one (each unit of the group gives at most one point, all of one weight; "
    f"the line has an intercept; {_P_VALUE})"
)
"""Of a regression."""

PLAIN_CORRELATION: Final = (
    f"the correlation is the plain one (each unit of the group gives at most one point, all of one "
    f"weight; {_P_VALUE})"
)
"""Of Pearson's correlation and its p-value."""
