"""Certificates: proofs of conflicts in one small language.

A study in normal form says what each row is about, what it leaves open and
which laws its definitions impose.  A proof adds up what rows print and what
laws say until nothing is left but a contradiction, in every case of what is
open.  ``verify_evidence.py`` replays it without any of this code.
"""

from netcore.checks.certificates.certifying import KIND, Certifier
from netcore.checks.certificates.names import ANY, factor_values, value_text
from netcore.checks.certificates.normal_form import NormalForm, normal_form
from netcore.checks.certificates.unit_laws import implied_by

__all__ = [
    "ANY",
    "KIND",
    "Certifier",
    "NormalForm",
    "factor_values",
    "implied_by",
    "normal_form",
    "value_text",
]
