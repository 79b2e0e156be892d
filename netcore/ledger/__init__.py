"""The ledger: every claim of every paper with its verdict and its evidence."""

from netcore.ledger.documents import claims_csv, findings_csv, ledger_json, write_ledger
from netcore.ledger.entries import Entry, Ledger, build_ledger
from netcore.ledger.pins import Drift, PinError, accept, compare_with_pins, pin_file, read_pins

__all__ = [
    "Drift",
    "Entry",
    "Ledger",
    "PinError",
    "accept",
    "build_ledger",
    "claims_csv",
    "compare_with_pins",
    "findings_csv",
    "ledger_json",
    "pin_file",
    "read_pins",
    "write_ledger",
]
