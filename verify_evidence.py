#!/usr/bin/env python3
"""Replay every stored proof that printed values conflict: ``verify_evidence.py [FOLDER ...]``.

One file, the standard library, fractions; nothing of netcore and no floats.  A folder is
``evidence/PAPER``; all by default.  Exit status 1 if a proof is refused, 2 on bad arguments.

A certificate proves that rows of ``claims.csv`` cannot hold together.  What its premises say is
worked out here: what a row prints from ``claims.csv``; what it is about, what the paper leaves open
and the laws that its definitions impose from ``study.json``.  A proof multiplies premises and adds
them up until all unknowns cancel, and 0 is at least a positive number (Farkas 1902).  Of a whole
number, whose name starts with ``#``, it may first tell two cases apart: at most m, or at least m + 1.
What the paper leaves open makes cases as well, and a certificate must treat all that there are.
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
from math import ceil, floor, gcd, isqrt
from pathlib import Path

CONVENTIONS = {"alpha": None, "rounding": "nearest"}  # a tie either way
COUNTS = ("N", "n", "n.risk", "N_nonmiss")  # printed as they are, never rounded
NUMBER = r"[-−]?(?:[0-9][0-9.,' \u00a0\u202f]*|[.,][0-9]+)(?:[eE][-+−]?[0-9]+)?"
RULES = "printed", "prints", "at least 0", "divide", "implies", "law", "share", "rank test"
SHARES = {"p25": Fraction(1, 4), "median": Fraction(1, 2), "p75": Fraction(3, 4)}
SHARES |= {"min": Fraction(0), "p10": Fraction(1, 10), "p90": Fraction(9, 10), "max": Fraction(1)}
BEYOND = Fraction(10**30)  # no value is so large
SHAPE = re.compile(rf"(<=|>=|[<>≤≥~])?\s?({NUMBER})(?:\s?[-–—]\s?({NUMBER}))?")


class RefusedError(Exception):
    """Why a certificate does not hold."""


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
        level = paper.rows[row]["printed"] if paper.study["rows"][row]["prints"] == "level" else ""
        return added((1, forms[0][level]))

    def found_law(self, name, kind):
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
        (only,), (value, step) = form, paper.plain(row)
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
        values = self.paper.study["variables"][variable]["values"]
        time = f" |{at}" if at != "" else ""
        held = [values[inner][0] + time, values[outer][1] + time]
        return {" || ".join(["#" + root, *sorted(held)]): 1}, 0, 0

    def law(self, name):
        """Apply a law as it stands."""
        law = self.found_law(name, "linear")
        low, high = (end and Fraction(end) for end in (law["low"], law["high"]))
        return added((1, law["form"])), low, high

    def share(self, name, end):
        """Bound a part, whose share of a whole is printed, by the least or the greatest share."""
        law = self.found_law(name, "share")
        paper, row = self.find(law["row"])
        positive = [paper.ends(self.find(one)[1])[0] for one in law["positive"]]
        need(all(end is not None and end > 0 for end in positive), f"{name}: by 0 perhaps")
        low, high = (100, 100) if paper.rows[row]["printed"] == "all" else paper.ends(row)
        if law["coarse"]:  # the place may be rounded so
            value, half = paper.plain(row)[0], Fraction(law["coarse"]) / 2
            low, high = value - half, value + half
        need((limit := {"at least": low, "at most": high}[end]) is not None, "no such end")
        form = added((1, law["part"]), (-limit, law["whole"]))
        return (form, 0, None) if end == "at least" else (form, None, 0)

    def rank_test(self, name, *groups):
        """Bound p of a Mann-Whitney test: exact without ties, or normal; by one side or by both."""
        (unknown,), (paper, row), samples, cells = self.form(name), self.find(name), [], []
        *_, test, _, whole, _ = unknown.split(" | ")
        test = paper.study["analyses"][test]
        need(test["test"] == ["mann_whitney"] and paper.rows[row]["stat_name"] == "p.value", name)
        need(paper.study["variables"][test["variable"]]["type"] != "time", "it may be censored")
        for size, *rows in groups:
            (number,), printed = self.form(size), []
            cells.append(number.removeprefix("#").split(" || "))
            for one in rows:
                stat, variable, *_, cell, _ = next(iter(self.form(one))).split(" | ")
                need((variable, cell) == (test["variable"], number.removeprefix("#")), one)
                printed.append((SHARES[stat], paper.ends(self.find(one)[1])))
            greatest = paper.ends(self.find(size)[1])[1]
            samples.append([boxes(printed, n) for n in range(1, int(greatest) + 1)])
        one, other = ({*cell} ^ {*whole.split(" || ")} for cell in cells)
        levels = [level.partition(" = ")[0] for level in (*one, *other)]
        need(levels == [test["by"]] * 2 and one != other, f"{name} compares other groups")
        least = min(least_p(x, y) for x, y in product(*samples))
        return {unknown: 1}, Fraction(floor(least * 10**6), 10**6), None


def boxes(printed, n):
    """Bound each of n ordered values: a quantile, however defined, lies between two of them."""
    low, high = [-BEYOND] * n, [BEYOND] * n
    for share, (least, greatest) in printed:
        first = n if share == 1 else max(floor(n * share), 1)
        last = min(ceil(n * share + max(share, 1 - share)), n) if share else 1
        for i in range(n):
            high[i] = high[i] if i >= first or greatest is None else min(high[i], greatest)
            low[i] = low[i] if i + 1 < last or least is None else max(low[i], least)
    return low, high


def least_p(x, y):
    """Return what no one-sided or two-sided p of U falls short of: exact, or normal with ties."""
    (low_x, high_x), (low_y, high_y) = x, y
    n, m, ends = len(low_x), len(low_y), [*zip(low_x + low_y, high_x + high_y, strict=True)]
    if any(low > high for low, high in ends):
        return 1  # no such values
    above = sum(Fraction((a > b) + (a >= b), 2) for a in high_x for b in low_y)
    below = sum(Fraction((a < b) + (a <= b), 2) for a in low_x for b in high_y)
    u = max(above, below)  # the farthest from the middle, on either side
    counts = [1] + [0] * (n * m)  # of orders by U: Gauss's binomial, factor by factor
    for i in range(1, n + 1):
        for k in range(n * m, m + i - 1, -1):
            counts[k] -= counts[k - m - i]
        for k in range(i, n * m + 1):
            counts[k] += counts[k - i]
    exact = Fraction(sum(counts[ceil(u) :]), sum(counts))
    depth = {v: sum(low <= v <= high for low, high in ends) for v, _ in ends}
    ties = sum(max(d for v, d in depth.items() if low <= v <= high) ** 2 - 1 for low, high in ends)
    variance = Fraction(n * m, 12) * (n + m + 1 - Fraction(ties, (n + m) * (n + m - 1)))
    need(variance > 0, "all values may be alike")
    z2 = Fraction(ceil((u - Fraction(n * m, 2)) ** 2 / variance * 10**6), 10**6)
    term, total, k = Fraction(1), Fraction(1), 0
    while k % 2 or term > Fraction(1, 10**20):  # an alternating series, ended above its sum
        k += 1
        term *= z2 / (2 * k)
        total += (-1) ** k * term / (2 * k + 1)
    root = Fraction(isqrt(ceil(2 * z2 / Fraction("3.14159265358979") * 10**40)) + 1, 10**20)
    return min(exact, (1 - root * total) / 2)


def refuted(premises, proof, used):
    """Return whether a proof shows that premises exclude one another."""
    if proof.keys() == {"cut", "proofs"}:
        name, most = proof["cut"]
        need(name.startswith("#") and type(most) is int, f"{name} is no whole number")
        cuts = ({name: 1}, None, most), ({name: 1}, most + 1, None)
        pairs = zip(cuts, proof["proofs"], strict=True)
        return all(refuted([*premises, cut], part, used) for cut, part in pairs)
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
    if not all(cases) or not cases:
        return bool(cases)
    point = next(iter(cases[0]))
    for option in options[point]:
        kept = [case for case in cases if case.get(point, option) == option]
        if not covered([{k: v for k, v in case.items() if k != point} for case in kept], options):
            return False
    return True


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
                need(premise["rule"] in RULES, "found no such rule")
                premises.append(getattr(case, premise["rule"].replace(" ", "_"))(*premise["of"]))
                says = said(*premises[-1])
                need(premise == {"rule": premise["rule"], "of": premise["of"], "says": says}, says)
            need(refuted(premises, given["proof"], used), "a sum leaves no contradiction")
            need(used >= {*range(len(premises))}, "a premise is not used")
            need(case.opened == given["taken"].keys(), "nothing rests on a point that is taken")
            rows |= case.rows
        taken = [given["taken"] for given in cases]
        need(covered(taken, paper.study["open"]), "a case is left out")
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
        except Exception as error:
            raise RefusedError(f"{name}, {finding}: {error!r}") from error
    return number


def main(arguments):
    """Verify the folders of some papers, or of all."""
    root = Path(__file__).resolve().parent / "evidence"
    folders = [Path(name).resolve() for name in arguments] or sorted(root.glob("*"))
    if strange := [str(folder) for folder in folders if not (folder / "study.json").is_file()]:
        print(f"usage: {Path(__file__).name} [FOLDER ...]\nno study.json in {', '.join(strange)}")
        return 2
    refused, start = 0, time.monotonic()
    for folder in folders:
        try:
            number = verify(folder, cache(lambda key, root=folder.parent: Paper(root / key)))
            checks = (f"{check} {count}" for check, count in sorted(number.items()))
            print(f"{folder.name}: {', '.join(checks) or 'no conflict'}")
        except Exception as error:
            refused += 1
            print(f"{folder.name}: REFUSED: {error}")
    held, spent = len(folders) - refused, time.monotonic() - start
    print(f"{held} of {len(folders)} papers verified, {spent:.1f} s:")
    print("what rows print was read again, and every proof shows that they cannot all hold.")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
