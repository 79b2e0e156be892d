"""Time the checks of large studies, made up and printed as papers print.

The figures are printed and never tested: they depend on the machine.  The studies are those of
`tests/true_studies.py`: up to four variables and nine populations, drawn by their seeds; and one
of 142 patients with six categorical variables in two groups.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from study_builder import make_study  # noqa: E402
from true_studies import draw_true_study  # noqa: E402

from netcore.ledger import build_ledger  # noqa: E402

SEEDS = (501, 503, 504, 509, 512, 537, 541, 552, 560, 595)
PATIENTS = 142
VARIABLES = 6
LEVELS = ("w", "x", "y", "z")


def large_study() -> dict[str, Any]:
    """Return the parts of a study of many patients: counts and percentages of every level."""
    random = Random(0)
    names = [f"state{number}" for number in range(VARIABLES)]
    patients = [
        {"group": random.choice("ab"), **{name: random.choice(LEVELS) for name in names}}
        for _ in range(PATIENTS)
    ]
    claims = []
    for group, population in (("", "all"), ("a", "group_a"), ("b", "group_b")):
        members = [patient for patient in patients if group in ("", patient["group"])]
        row = {"location": "table", "population": population}
        claims.append({**row, "stat_name": "N", "printed": str(len(members))})
        for name in names:
            for level in LEVELS:
                number = sum(patient[name] == level for patient in members)
                cell = {**row, "variable": name, "variable_level": level}
                share = f"{100 * number / len(members):.1f}"
                claims.append({**cell, "stat_name": "n", "printed": str(number)})
                claims.append({**cell, "stat_name": "pct", "printed": share})
    variable = {"type": "categorical", "complete": True}
    groups = {f"group_{group}": {"of": "all", "where": {"group": group}} for group in ("a", "b")}
    return {
        "locations": {"table": {"title": "Table 1"}},
        "populations": {"all": {"units": "patients"}, **groups},
        "variables": {
            "group": {**variable, "levels": ["a", "b"]},
            **{name: {**variable, "levels": list(LEVELS)} for name in names},
        },
        "claims": claims,
    }


def main() -> None:
    """Print one line for each study."""
    studies = {f"{PATIENTS} patients, {VARIABLES} variables": large_study()}
    studies |= {f"seed {seed}": draw_true_study(seed, most_variables=4).parts for seed in SEEDS}
    for name, parts in studies.items():
        with tempfile.TemporaryDirectory() as scratch:
            study = make_study(Path(scratch) / "paper", **parts)
            start = time.process_time()
            ledger = build_ledger([study])
            taken = time.process_time() - start
        print(f"{name:<28} {len(ledger.entries):5} claims {taken:6.2f} s", flush=True)


if __name__ == "__main__":
    main()
