#!/usr/bin/env python3
"""Replay every stored proof that printed values conflict: ``verify_evidence.py [FOLDER ...]``.

One file, the standard library, fractions; nothing of netcore and no floats.  A folder is
``evidence/PAPER``; all of them by default.  Exit status 0 if every proof holds, 1 if one is refused,
2 on bad arguments.

A certificate proves that some rows of ``claims.csv`` cannot hold together.  It is made of premises,
and what each of them says is worked out here: what a row prints from ``claims.csv``; what the row is
about, what the paper leaves open and the laws that its definitions impose from ``study.json``.  The
result must be what the certificate says.  A proof multiplies premises and adds them up until all
unknowns cancel, and 0 is at least a positive number (Farkas 1902).  Of a whole number, whose name
starts with ``#``, it may first tell two cases apart: at most m, or at least m + 1.  What the paper
leaves open makes cases as well, and a certificate must treat all that there are.
"""

import csv
import hashlib
import json
import re
import sys
import time
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product
from math import gcd
from pathlib import Path

CONVENTIONS = {"alpha": None, "rounding": "nearest"}  # a tie either way
COUNTS = ("N", "n", "n.risk", "N_nonmiss")  # printed as they are, never rounded
NUMBER = r"[-−]?(?:[0-9][0-9.,' \u00a0\u202f]*|[.,][0-9]+)(?:[eE][-+−]?[0-9]+)?"
SHAPE = re.compile(rf"(<=|>=|[<>≤≥~])?\s?({NUMBER})(?:\s?[-–—]\s?({NUMBER}))?")


class RefusedError(Exception):
    """Why a certificate does not hold."""


GARBLED = (
    RefusedError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)


def need(holds, reason):
    """Refuse the certificate unless something holds."""
    if not holds:
        raise RefusedError(reason)


def digest(path):
    """Return the SHA-256 of a file, whatever its line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def days(text):
    """Return the first and the last day that a date can mean, as numbers."""
    year, month, day = (int(part) for part in (*text.split("-"), 0, 0)[:3])
    last = month or 12
    end = date(year, month, day) if day else date(year + last // 12, last % 12 + 1, 1)
    return date(year, month or 1, day or 1).toordinal(), end.toordinal() - (not day)


def added(*pairs):
    """Add up forms (coefficients of unknowns), each with its factor."""
    total = {}
    for factor, form in pairs:
        for name, number in form.items():
            total[name] = total.get(name, 0) + Fraction(factor) * Fraction(number)
    return {name: number for name, number in total.items() if number}


def said(form, low, high):
    """Write an inequality."""
    terms = (f"[{name}]" if c == 1 else f"{c} × [{name}]" for name, c in sorted(form.items()))
    text = " + ".join(terms) or "0"
    if low == high:
        return f"{text} = {low}"
    ends = [str(low), text, str(high)]
    return " <= ".join(ends[low is None : 2 if high is None else 3])


class Paper:
    """What a paper prints (claims.csv), and what that is about (study.json)."""

    def __init__(self, evidence):
        self.study = json.loads((evidence / "study.json").read_text("utf-8"))
        data = evidence.parent.parent / "data"
        folders = (data / evidence.name, data / "literature" / evidence.name)
        self.folder = next(folder for folder in folders if folder.is_dir())
        with (self.folder / "claims.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if any(row.values())]
        need(len(rows) == len(self.study["rows"]), "claims.csv and study.json have other rows")
        self.rows = dict(zip(self.study["rows"], rows, strict=True))

    def number(self, row, text):
        """Read a number with the marks of its place: its value, and one in its last digit."""
        marks = self.study["locations"][self.rows[row]["location"]]
        text = text.replace(marks["thousands"] or "|", "").replace(marks["decimal"], ".")
        digits, _, power = text.replace("−", "-").lower().partition("e")
        step = Fraction(10) ** (int(power or 0) - len(digits.partition(".")[2]))
        return Fraction(text.replace("−", "-")), step

    def plain(self, row):
        """Return value and step of a row that prints one plain number, else two times None."""
        match = SHAPE.fullmatch(self.rows[row]["printed"])
        is_plain = match and not match[1] and not match[3]
        return self.number(row, match[2]) if is_plain else (None, None)

    def ends(self, row):
        """Return the least and the greatest number that prints so; None is no such end."""
        text, stat = self.rows[row]["printed"], self.rows[row]["stat_name"]
        if self.study["rows"][row]["prints"] == "date":
            return days(text)
        if text == "ns":
            levels = [name for name, cells in self.rows.items() if cells["stat_name"] == "alpha"]
            known = [value for value, _ in map(self.plain, levels) if value is not None]
            return min(known, default=Fraction(1, 20)), 1
        if self.study["rows"][row]["prints"] == "level":
            return 1, 1
        if text in ("none", "all"):
            return 0, 0
        match = SHAPE.fullmatch(text)
        need(match, f"{row} prints no number")
        low, step = self.number(row, match[2])
        if match[1]:
            return (None if match[1] in "~<=≤" else low), (None if match[1] in "~>=≥" else low)
        high, last = self.number(row, match[3]) if match[3] else (low, step)
        half = 0 if stat in COUNTS and not match[3] else Fraction(1, 2)
        return low - half * step, high + half * last


class Case:
    """What a certificate takes open points to be, and what its premises say then."""

    def __init__(self, library, paper, taken):
        self.library, self.paper, self.taken = library, paper, taken
        self.opened, self.rows = set(), set()

    def holds(self, under):
        """Return whether open points are taken as a condition says."""
        self.opened |= under.keys()
        need(under.keys() <= self.taken.keys(), f"left open: {[*(under.keys() - self.taken)]}")
        return all(self.taken[point] == choice for point, choice in under.items())

    def find(self, name):
        """Return the paper of a row and its id there; a row of another paper is KEY#ID."""
        key, mark, row = name.rpartition("#")
        paper = self.library(key) if mark else self.paper
        need(row in paper.rows, f"found no row {name}")
        seen = paper.study["locations"][paper.rows[row]["location"]]["seen"]
        need(seen == "full text" or (seen == "abstract only" and not mark), f"{name}: seen {seen}")
        self.rows.add(name)
        return paper, row

    def form(self, name):
        """Return what a row is about, as a sum of unknowns."""
        paper, row = self.find(name)
        if paper is not self.paper:
            return {name: 1}
        forms = [form for under, form in paper.study["rows"][row]["is"] if self.holds(under)]
        need(forms, f"{name} is about nothing that is known")
        is_level = paper.study["rows"][row]["prints"] == "level"
        return added((1, forms[0][paper.rows[row]["printed"] if is_level else ""]))

    def law(self, name, kind):
        """Return a law of the study, if it holds in this case and reads what is printed."""
        law = self.paper.study["laws"].get(name, {"kind": "none"})
        need(law["kind"] == kind and self.holds(law["under"]), f"found no such law: {name}")
        for row, value in law["reads"].items():
            paper, row = self.find(row)
            need(paper.rows[row]["printed"] == value, f"{row} does not print {value}")
        return law

    # The rules.  Each returns a sum of unknowns, and its least and greatest value or None.

    def printed(self, *names):
        """One of these rows holds."""
        forms, found = [self.form(name) for name in names], [self.find(name) for name in names]
        need(all(form == forms[0] for form in forms), f"{names} are about several quantities")
        lows, highs = zip(*(paper.ends(row) for paper, row in found), strict=True)
        low, high = None if None in lows else min(lows), None if None in highs else max(highs)
        return forms[0], low, high

    def prints(self, name):
        """Print alike what is equal, if with equally many digits."""
        form, (paper, row) = self.form(name), self.find(name)
        value, step = paper.plain(row)
        (only,) = form
        need(value is not None and not only.startswith("#"), f"{name} prints no rounded number")
        return {f"{only}, printed to {step}": 1}, value, value

    def at_least_0(self, name):
        """No number of units is negative."""
        need(name.startswith("#"), f"{name} is no whole number")
        return {name: 1}, 0, None

    def divide(self, whole, *factors):
        """Every unit has one value of each factor: a variable at a time, or an overlapping level."""
        values = []
        for variable, at, item in factors:
            found = self.paper.study["variables"][variable]["values"][item]
            values.append([value + (f" |{at}" if at != "" else "") for value in found])
        root, *held = whole.split(" || ")
        new = [value for some in values for value in some]
        need(len({*new, *held}) == len(new) + len(held), f"{whole} is divided already")
        parts = [" || ".join([root, *sorted([*held, *chosen])]) for chosen in product(*values)]
        return added((1, dict.fromkeys(parts, 1)), (-1, {whole: 1})), 0, 0

    def implies(self, root, variable, at, inner, outer):
        """Nobody has a level without what it implies."""
        implied = self.paper.study["variables"][variable]["implies"][inner]
        need(outer in implied, f"{inner} does not imply {outer}")
        values, time = (
            self.paper.study["variables"][variable]["values"],
            f" |{at}" if at != "" else "",
        )
        held = [values[inner][0] + time, values[outer][1] + time]
        return {" || ".join(["#" + root, *sorted(held)]): 1}, 0, 0

    def linear(self, name):
        """Apply a law as it stands."""
        law = self.law(name, "linear")
        return added((1, law["form"])), *(
            end and Fraction(end) for end in (law["low"], law["high"])
        )

    def share(self, name, end):
        """Bound a part, whose share of a whole is printed, by the least or the greatest share."""
        law = self.law(name, "share")
        paper, row = self.find(law["row"])
        positive = [paper.ends(self.find(one)[1])[0] for one in law["positive"]]
        need(all(end is not None and end > 0 for end in positive), f"{name}: by 0 perhaps")
        low, high = (100, 100) if paper.rows[row]["printed"] == "all" else paper.ends(row)
        if law["coarse"]:  # the place may be rounded so
            value, half = paper.plain(row)[0], Fraction(law["coarse"]) / 2
            low, high = value - half, value + half
        limit = {"at least": low, "at most": high}[end]
        need(limit is not None, f"{name} has no such end")
        form = added((1, law["part"]), (-limit, law["whole"]))
        return (form, 0, None) if end == "at least" else (form, None, 0)


RULES = {
    "printed": Case.printed,
    "prints": Case.prints,
    "at least 0": Case.at_least_0,
    "divide": Case.divide,
    "implies": Case.implies,
    "law": Case.linear,
    "share": Case.share,
}


def refuted(premises, proof, used):
    """Return whether a proof shows that premises exclude one another."""
    if proof.keys() == {"cut", "proofs"}:
        name, most = proof["cut"]
        need(name.startswith("#") and type(most) is int, f"{name} is no whole number")
        cuts = ({name: 1}, None, most), ({name: 1}, most + 1, None)
        return all(
            refuted([*premises, cut], part, used)
            for cut, part in zip(cuts, proof["proofs"], strict=True)
        )
    need(proof.keys() == {"sum"}, "a proof is a sum, or a cut with two proofs")
    need(gcd(*proof["sum"].values()) == 1, "a sum has whole numbers, as small as can be")
    left, right = [], 0
    for place, factor in proof["sum"].items():
        form, low, high = premises[int(place)]
        end = low if factor > 0 else high
        need(factor and end is not None, f"premise {place} has no such end")
        left.append((factor, form))
        right += factor * end
        used.add(int(place))
    return not added(*left) and right > 0


def covered(cases, options):
    """Return whether cases (open points as each takes them) are all that there can be."""
    if not all(cases):
        return True
    if not cases:
        return False
    point = next(iter(cases[0]))
    return all(
        covered(
            [
                {key: choice for key, choice in case.items() if key != point}
                for case in cases
                if case.get(point, option) == option
            ],
            options,
        )
        for option in options[point]
    )


def replay(library, paper, certificate):
    """Replay a certificate, and return the rows that it proves to exclude one another."""
    need(certificate.keys() == {"finding", "kind", "conventions", "rows", "proofs"}, "other fields")
    need(certificate["kind"] == "inequalities", f"it is of another kind: {certificate['kind']}")
    need(certificate["conventions"] == CONVENTIONS, "it is made for other conventions")
    rows = set()
    for cases in certificate["proofs"]:
        for given in cases:
            case, premises, used = Case(library, paper, given["taken"]), [], set()
            need(given.keys() == {"taken", "premises", "proof"}, "a case has other fields")
            for premise in given["premises"]:
                premises.append(RULES[premise["rule"]](case, *premise["of"]))
                says = said(*premises[-1])
                need(premise == {"rule": premise["rule"], "of": premise["of"], "says": says}, says)
            need(refuted(premises, given["proof"], used), "a sum leaves no contradiction")
            need(used >= {*range(len(premises))}, "a premise is not used")
            need(case.opened == given["taken"].keys(), "nothing rests on a point that is taken")
            rows |= case.rows
        need(
            covered([given["taken"] for given in cases], paper.study["open"]), "a case is left out"
        )
    return rows


def verify(folder, library):
    """Verify all evidence of one paper, and return how many conflicts each check has."""
    index, paper = json.loads((folder / "index.json").read_text("utf-8")), library(folder.name)
    for path in (paper.folder / "claims.csv", paper.folder / "paper.yaml", folder / "study.json"):
        need(digest(path) == index["files"][path.name], f"{path} has changed: make evidence")
    number, names = {}, [path.name for path in (folder / "certificates").glob("*")]
    need(sorted(names) == sorted(index["certificates"].values()), "other certificates are there")
    for finding, name in index["certificates"].items():
        path, check = folder / "certificates" / name, finding.partition(".")[0]
        number[check] = number.get(check, 0) + 1
        try:
            need(name == f"{check}-{digest(path)[:16]}.json", "the file was changed")
            certificate = json.loads(path.read_text("utf-8"))
            need(certificate["finding"] == finding, "it is of another finding")
            need(certificate["rows"] == sorted(replay(library, paper, certificate)), "other rows")
        except GARBLED as error:
            raise RefusedError(f"{name}, {finding}: {error!r}") from error
    return number


def main(arguments):
    """Verify the folders of some papers, or of all."""
    root = Path(__file__).resolve().parent / "evidence"
    folders = [Path(name).resolve() for name in arguments] or sorted(root.glob("*"))
    if strange := [str(folder) for folder in folders if not (folder / "study.json").is_file()]:
        print(
            f"usage: verify_evidence.py [FOLDER ...]\nfound no study.json in {', '.join(strange)}"
        )
        return 2
    refused, start = 0, time.monotonic()
    for folder in folders:
        try:
            number = verify(folder, cache(lambda key, root=folder.parent: Paper(root / key)))
            said = ", ".join(f"{check} {count}" for check, count in sorted(number.items()))
            print(f"{folder.name}: {said or 'no conflict'}")
        except GARBLED as error:
            refused += 1
            print(f"{folder.name}: REFUSED: {error}")
    print(
        f"{len(folders) - refused} of {len(folders)} papers verified, {time.monotonic() - start:.1f} s:"
    )
    print(
        "the rows of each conflict were read again, and its proof shows that they cannot all hold."
    )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
