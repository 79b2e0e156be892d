#!/usr/bin/env python3
"""Replay every stored proof that printed values conflict: ``verify_evidence.py [FOLDER ...]``.

One file, the standard library, no floats.  Premises are worked out here: what rows print, from
``claims.csv``; what they are about, what is open and which laws hold, from ``study.json``.  A proof
adds premises up until all unknowns cancel and 0 is at least a positive number (Farkas 1902), in all
cases of what is open; and of a whole number, named with ``#``: at most m, or at least m + 1.
"""

import csv
import json
import re
import sys
from collections import Counter
from datetime import date
from fractions import Fraction
from functools import cache, partialmethod
from hashlib import sha256
from itertools import product, starmap
from math import ceil, comb, floor, gcd, isqrt, prod
from pathlib import Path

NUMBER = r"[-−]?(?:[0-9][0-9.,' \u00a0\u202f]*|[.,][0-9]+)(?:[eE][-+−]?[0-9]+)?"
SHAPE = re.compile(rf"(<=|>=|[<>≤≥~])?\s?({NUMBER})(?:\s?[-–—]\s?({NUMBER}))?")
SHARES = {"min": 0, "p10": 10, "p25": 25, "median": 50, "p75": 75, "p90": 90, "max": 100}  # %
HALF, BEYOND = Fraction(1, 2), Fraction(10**30)  # no value is so large


def need(holds, reason):
    """Refuse the certificate unless something holds."""
    if not holds:
        raise ValueError(reason)


def days(text):
    """Return the first and the last day that a date can mean, as numbers."""
    year, month, day = (int(part) for part in (*text.split("-"), 0, 0)[:3])
    end = date(year, month, day) if day else date(year + (month in (0, 12)), month % 12 + 1, 1)
    return date(year, month or 1, day or 1).toordinal(), end.toordinal() - (not day)


def added(*pairs):
    """Add up forms (coefficients of unknowns), each with its factor."""
    total = Counter()
    for factor, form in pairs:
        total.update({name: Fraction(factor) * Fraction(x) for name, x in form.items()})
    return {name: number for name, number in total.items() if number}


def said(form, low, high):
    """Write an inequality."""
    terms = (f"[{name}]" if c == 1 else f"{c} × [{name}]" for name, c in sorted(form.items()))
    text = " + ".join(terms) or "0"
    ends = (str(one) for one in (low, text, high) if one is not None)
    return f"{text} = {low}" if low == high is not None else " <= ".join(ends)


class Paper:
    """What a paper prints (claims.csv), and what that is about (study.json)."""

    def __init__(self, evidence):
        self.study = json.loads((evidence / "study.json").read_text("utf-8"))
        folders = (evidence.parents[1] / "data" / x / evidence.name for x in (".", "literature"))
        self.folder = next(filter(Path.is_dir, folders))
        with (self.folder / "claims.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if any(row.values())]
        self.rows = dict(zip(self.study["rows"], rows, strict=True))

    def number(self, row, text):
        """Read a number with the marks of its place: its value, and one in its last digit."""
        marks = self.study["locations"][self.rows[row]["location"]]
        text = text.replace(marks["thousands"] or "|", "").replace(marks["decimal"], ".")
        digits, _, power = text.replace("−", "-").lower().partition("e")
        step = Fraction(10) ** (int(power or 0) - len(digits.partition(".")[2]))
        return Fraction(text.replace("−", "-")), step

    def ends(self, row, off=HALF):
        """Return the least and the greatest number that prints so, up to so many steps off."""
        text, prints = self.rows[row]["printed"], self.study["rows"][row]["prints"]
        if prints == "date":
            return days(text)
        if text == "ns":
            levels = [self.ends(x, 0)[0] for x, y in self.rows.items() if y["stat_name"] == "alpha"]
            return min(levels, default=Fraction(1, 20)), 1
        if prints == "level" or text in ("none", "all"):
            return (1, 1) if prints == "level" else (0, 0)
        need(match := SHAPE.fullmatch(text), f"{row} prints no number")
        low, step = self.number(row, match[2])
        if match[1]:  # None: no such end
            return (None if match[1] in "~<=≤" else low), (None if match[1] in "~>=≥" else low)
        if self.rows[row]["stat_name"] in ("N", "n", "n.risk", "N_nonmiss") and not match[3]:
            off = 0  # counts are printed as they are, never rounded
        high, last = self.number(row, match[3] or match[2])
        return low - off * step, high + off * last


class Case:
    """What is taken of open points.  Each rule returns a sum, its least and its greatest value."""

    def __init__(self, library, paper, taken, rows):
        self.library, self.paper, self.taken = library, paper, taken
        self.opened, self.rows = set(), rows

    def holds(self, under):
        """Return whether open points are taken as a condition says."""
        self.opened |= under.keys()
        return all(self.taken[point] == choice for point, choice in under.items())

    def find(self, name):
        """Return the paper of a row and its id there; a row of another paper is KEY#ID."""
        key, mark, row = name.rpartition("#")
        paper = self.library(key) if mark else self.paper
        seen = paper.study["locations"][paper.rows[row]["location"]]["seen"]
        need(seen == "full text" or (seen == "abstract only" and not mark), f"{name}: seen {seen}")
        self.rows.add(name)
        return paper, row

    def ends(self, name, off=HALF):
        """Return the least and the greatest number that a row prints."""
        paper, row = self.find(name)
        return paper.ends(row, off)

    def form(self, name):
        """Return what a row is about, as a sum of unknowns."""
        paper, row = self.find(name)
        if paper is not self.paper:
            return {name: 1}
        forms = [form for under, form in paper.study["rows"][row]["is"] if self.holds(under)]
        return added((1, forms[0].get("", forms[0].get(paper.rows[row]["printed"]))))

    def found_law(self, name, kind):
        """Return a law of the study, if it holds in this case and reads what is printed."""
        law = self.paper.study["laws"].get(name, {"kind": "none"})
        need(law["kind"] == kind and self.holds(law["under"]), f"found no such law: {name}")
        for paper, row, value in ((*self.find(row), value) for row, value in law["reads"].items()):
            need(paper.rows[row]["printed"] == value, f"{row} does not print {value}")
        return law

    def by_printed(self, name):
        """Read what a row prints of what it is about."""
        return self.form(name), *self.ends(name)

    def by_at_least_0(self, name):
        """No number of units is negative."""
        need(name.startswith("#"), f"{name} is no whole number")
        return {name: 1}, 0, None

    def by_divide(self, whole, *factors):
        """Every unit has one value of each factor: a variable at a time, or an overlapping level."""
        values, (root, *held) = [], whole.split(" || ")
        for variable, at, item in factors:
            found, time = self.paper.study["variables"][variable], f" |{at}" if at != "" else ""
            values.append([value + time for value in found["values"][item]])
        new = [*held, *(value for some in values for value in some)]
        need(len({*new}) == len(new), f"{whole} is divided already")
        parts = [" || ".join([root, *sorted([*held, *chosen])]) for chosen in product(*values)]
        return added((1, dict.fromkeys(parts, 1)), (-1, {whole: 1})), 0, 0

    def by_implies(self, root, variable, at, inner, outer):
        """Nobody has a level without what it implies."""
        found, time = self.paper.study["variables"][variable], f" |{at}" if at != "" else ""
        need(outer in found["implies"][inner], f"{inner} does not imply {outer}")
        held = [found["values"][inner][0] + time, found["values"][outer][1] + time]
        return {" || ".join(["#" + root, *sorted(held)]): 1}, 0, 0

    def by_law(self, name):
        """Apply a law as it stands."""
        law = self.found_law(name, "linear")
        return added((1, law["form"])), *(x and Fraction(x) for x in (law["low"], law["high"]))

    def by_share(self, name, end):
        """Bound a part, whose share of a whole is printed, by the least or the greatest share."""
        law = self.found_law(name, "share")
        paper, row = self.find(law["row"])
        need(all((self.ends(x)[0] or 0) > 0 for x in law["positive"]), f"{name}: by 0 perhaps")
        text, coarse = paper.rows[row]["printed"], Fraction(law["coarse"])  # the step of its table
        off = coarse / 2 / paper.number(row, text)[1] if coarse else HALF
        low, high = (100, 100) if text == "all" else paper.ends(row, off)
        limit, *sides = {"at least": (low, 0, None), "at most": (high, None, 0)}[end]
        return added((1, law["part"]), (-limit, law["whole"])), *sides

    def sample(self, name, size, *rows):
        """Return what rows print of a sample (or that they count it), and its possible sizes."""
        printed, (least, most) = {}, self.ends(size)
        for row in rows:
            stat, _, what = said(self.form(row), None, None)[1:-1].partition(" | ")
            need(name in (what, f"[{stat}]") and stat not in printed, f"{row} is not of {name}")
            ends = zip(self.ends(row, 1), (-BEYOND, BEYOND), strict=True)  # digits may be cut off
            printed[stat] = [limit if end is None else end for end, limit in ends]
        first = int(least) if self.paper.study["samples"][name]["sizes"][size] == "exactly" else 1
        return [(printed, n) for n in range(first, int(most) + 1)]

    def by_values(self, name, *rows):
        """No values, however many, have all of these summaries."""
        sample, samples = self.paper.study["samples"][name], self.sample(name, *rows)
        domain = Fraction(sample["min"] or -BEYOND), Fraction(sample["max"] or BEYOND)
        step = Fraction(sample["step"] or 0)
        need(samples and all(impossible(*x, step, domain) for x in samples), f"{name} may be so")
        return {}, 1, None

    def compared(self, kind, bound, name, *groups):
        """Bound p or 1 - p of two groups of however many values, if it is printed out of reach."""
        need(self.paper.study[kind][name] == [group[0] for group in groups], "other groups")
        lows, highs = zip(*starmap(bound, product(*starmap(self.sample, groups))), strict=True)
        low, high = floor(min(lows) * 10**6), ceil(max(highs) * 10**6)
        low, high, (first, last) = Fraction(low, 10**6), Fraction(high, 10**6), self.ends(name, 1)
        need(last < low or high < first <= last < 1 - high, f"{name} may be of some values")
        return self.form(name), low, high

    by_count_test = partialmethod(compared, "count tests", lambda *x: ends_of_counts(*x))
    by_rank_test = partialmethod(compared, "rank tests", lambda *x: ends_of_p(*starmap(boxes, x)))
    by_mean_test = partialmethod(compared, "mean tests", lambda *x: ends_of_means(*x))


def boxes(printed, n, domain=(-BEYOND, BEYOND)):
    """Bound each of n ordered values: a quantile, however defined, lies between two of them."""
    low, high = ([end] * n for end in domain)
    for stat in printed.keys() & SHARES.keys():
        share, (least, most) = Fraction(SHARES[stat], 100), printed[stat]
        first, last = max(floor(n * share), 1), min(ceil(n * share + max(share, 1 - share)), n)
        high[:first] = [min(end, most) for end in high[:first]]
        low[last - 1 :] = [max(end, least) for end in low[last - 1 :]]
    return low, high


def variances(printed, n):
    """Bound the variance, with the divisor that a spread of n values is printed with."""
    for stat, power, times in ("sd", 2, 1), ("std.error", 2, n), ("var", 1, 1):
        if stat in printed:
            return [max(end, 0) ** power * times for end in printed[stat]]
    return 0, BEYOND**3


def impossible(printed, n, step, domain):
    """Return whether no n values of a domain, multiples of a step if it is not 0, are so."""
    (low, high), squares = boxes(printed, n, domain), variances(printed, n)
    if step:
        low, high = [ceil(x / step) * step for x in low], [floor(x / step) * step for x in high]
    least, most = printed.get("mean", domain)
    least, most = max(least, Fraction(sum(low), n)), min(most, Fraction(sum(high), n))
    bottom, top = 0, BEYOND**3 if n > 1 else 0
    parts = Counter(zip(low, high, strict=True)).items()
    # Squares about the mean are the squares about any c, less n times that of mean - c.
    for c in {least, most, *low, *high, *(Fraction(x + y, 2) for (x, y), _ in parts)}:
        near = sum(k * max(x - c, c - y, 0) ** 2 for (x, y), k in parts)
        far = sum(k * max(c - x, y - c) ** 2 for (x, y), k in parts)
        bottom = max(bottom, near - n * max(c - least, most - c) ** 2)
        top = min(top, far - n * max(least - c, c - most, 0) ** 2)
    spans = [(max(bottom, squares[0] * k), min(top, squares[1] * k)) for k in (max(n - 1, 1), n)]
    fits = [low <= high for low, high in spans]
    if step and n * (most - least) <= 1000 * step:  # the total and all squares are odd, or even
        totals = range(ceil(n * least / step), floor(n * most / step) + 1)
        both = ([x / step**2 + Fraction(t * t, n) - t for x in y] for t in totals for y in spans)
        fits = (ceil(low / 2) <= floor(high / 2) for low, high in both)
    return least > most or any(x > y for (x, y), _ in parts) or not any(fits)


def ends_of_p(x, y):
    """Bound p of U: exact, or normal or t with ties or without and with or without correction."""
    (low_x, high_x), (low_y, high_y) = x, y
    n, m, ends = len(low_x), len(low_y), [*zip(low_x + low_y, high_x + high_y, strict=True)]
    if any(low > high for low, high in ends):
        return 1, 0  # no such values
    above = sum(Fraction((a > b) + (a >= b), 2) for a in high_x for b in low_y)
    below = sum(Fraction((a < b) + (a <= b), 2) for a in low_x for b in high_y)
    far, near = max(above, below), n * m - min(above, below)  # U, on either side of n m / 2
    base, ns = 2 ** (n + m), range(1, n + 1)  # Gauss's binomial: its digits count orders by U
    orders = prod(base ** (m + i) - 1 for i in ns) // prod(base**i - 1 for i in ns)
    digits = [orders % base ** (n * m - u + 1) % (base - 1) for u in (ceil(far), floor(near))]
    least, most = (Fraction(number, comb(n + m, n)) for number in digits)
    depth = {v: sum(low <= v <= high for low, high in ends) for v, _ in ends}
    ties = sum(max(d for v, d in depth.items() if low <= v <= high) ** 2 - 1 for low, high in ends)
    variance = Fraction(n * m * (n + m + 1), 12)  # without ties
    smaller = variance - Fraction(n * m * ties, 12 * (n + m) * (n + m - 1))
    z2 = (far - Fraction(n * m, 2)) ** 2 / smaller if smaller > 0 else BEYOND
    t2 = max(near - Fraction(n * m + 1, 2), 0) ** 2 / variance
    normal, student = tails(z2, t2, n + m - 1)
    return min(least, normal), min(max(2 * most, student), 1)


def ends_of_means(one, other):
    """Bound p of two means: with one variance, two or that of pairs, whatever their divisors."""
    (x, n), (y, m) = one, other
    (a, b), (c, d), (u, v), (w, z) = x["mean"], y["mean"], variances(x, n), variances(y, m)
    # That of differences of pairs is at most twice the sum of both variances, and may be none.
    low = min(Fraction(n - 1, n) * u, Fraction(m - 1, m) * w) * (n != m)
    high = max(Fraction(n, n - 1) * v, Fraction(m, m - 1) * z) * (1 + (n == m))
    far, near, each = max(b - c, d - a) ** 2, max(a - d, c - b, 0) ** 2, Fraction(n * m, n + m)
    return tails(far * each / low if low else BEYOND, near * each / high, min(n, m) - 1)


def ends_of_counts(one, other):
    """Bound p of counts in two groups, by each flavour of the chi-squared and of Fisher's test."""
    (a,), (c,) = map(set, (*one[0].values(), *other[0].values()))  # one number of each
    r, s, a, c = max(one[1], int(a)), max(other[1], int(c)), int(a), int(c)
    n, margins, off = r + s, (r, s, a + c, r + s - a - c), abs(a * s - c * r)
    ways = [comb(r, k) * comb(s, a + c - k) for k in range(a + c + 1)]
    side, alike = min(sum(ways[: a + 1]), sum(ways[a:])), ways[a] * (1 + Fraction(1, 10**7))
    far = sum(w for k, w in enumerate(ways) if w <= alike or abs(k * n - r * (a + c)) >= off)
    # G is twice the logarithm of a ratio, whose power lies between 2^(bits - 1) and 2^bits.
    ratio = prod(k**k for k in (a, c, r - a, s - c, n)) * 10**30 // prod(k**k for k in margins)
    bits, scale = (ratio**1000 // 10**30000).bit_length(), Fraction(n, prod(margins) or n**4)
    z2 = max(max(off, n * HALF - off) ** 2 * scale, bits * Fraction(13864, 10**7))
    t2 = min(max(off - n * HALF, 0) ** 2 * scale, (bits - 1) * Fraction(13862, 10**7))
    circle = 10**40 - ceil(10**40 / (1 + t2 / 2000) ** 1000)  # whose square has more normal mass
    least, most = (side - ways[a] * HALF) / sum(ways), Fraction(max(far, 2 * side), sum(ways))
    return min(least, tails(z2, t2, 1)[0]), max(most, 1 - Fraction(isqrt(circle), 10**20))


def tails(z2, t2, df):
    """Bound the normal tail beyond z from below, and both of Student's beyond t from above."""
    # A square has less normal mass than a circle of its area (Polya 1945), e^-x is at least
    # (1 - x / k)^k; P(|T| > t) is at most 4 / 9 of its variance by t² (Gauss 1823).
    power = floor(max(1 - z2 / 1570, 0) ** 1000 * 10**40)
    both = Fraction(4 * df, 9 * (df - 2)) / t2 if df > 2 and 3 * t2 * (df - 2) >= 4 * df else 1
    return Fraction(10**20 - isqrt(10**40 - power) - 1, 2 * 10**20), both


def refuted(premises, proof):
    """Return the places of all premises with which a proof shows that they exclude one another."""
    if proof.keys() == {"cut", "proofs"}:
        name, most = proof["cut"]
        need(name.startswith("#") and type(most) is int, f"{name} is no whole number")
        cuts = ({name: 1}, None, most), ({name: 1}, most + 1, None)
        pairs = zip(cuts, proof["proofs"], strict=True)
        return set().union(*(refuted([*premises, cut], part) for cut, part in pairs))
    need(proof.keys() == {"sum"} and gcd(*proof["sum"].values()) == 1, "no sum, or not the least")
    terms = [(factor, *premises[int(place)]) for place, factor in proof["sum"].items()]
    need(all(x and ends[x < 0] is not None for x, _, *ends in terms), "a premise has no such end")
    left = not added(*(x[:2] for x in terms)) and sum(x * y[x < 0] for x, _, *y in terms)
    need(left > 0, "a sum leaves no contradiction")
    return {*map(int, proof["sum"])}


def covered(cases, options):
    """Return whether cases (open points as each takes them) are all that there can be."""
    points = sorted({point for case in cases for point in case})
    worlds = ({*zip(points, way, strict=True)} for way in product(*map(options.get, points)))
    return all(any(case.items() <= world for case in cases) for world in worlds)


def replay(library, paper, certificate):
    """Replay a certificate, and return the rows that it proves to exclude one another."""
    made = {"kind": "inequalities", "conventions": {"alpha": None, "rounding": "nearest"}}
    need(certificate == certificate | made and len(certificate) == 5, f"made otherwise than {made}")
    rows = set()
    for cases in certificate["proofs"]:
        for given in cases:
            case, premises = Case(library, paper, given["taken"], rows), []
            need(given.keys() == {"taken", "premises", "proof"}, "a case has other fields")
            for one in given["premises"]:
                premises.append(getattr(case, "by_" + one["rule"].replace(" ", "_"))(*one["of"]))
                says = {"says": said(*premises[-1])}
                need(one == one | says and len(one) == 3, says)
            need(refuted(premises, given["proof"]) >= {*range(len(premises))}, "an idle premise")
            need(case.opened == given["taken"].keys(), "nothing rests on a point that is taken")
        need(covered([one["taken"] for one in cases], paper.study["open"]), "a case is left out")
    return rows


def verify(folder, library):
    """Verify all evidence of one paper, and return how many conflicts each check has."""
    index, paper = json.loads((folder / "index.json").read_text("utf-8")), library(folder.name)
    files = [paper.folder / "claims.csv", paper.folder / "paper.yaml", folder / "study.json"]
    stored = sorted((folder / "certificates").glob("*"))
    digest = {x: sha256(x.read_bytes().replace(b"\r\n", b"\n")).hexdigest() for x in files + stored}
    need(index["files"] == {x.name: digest[x] for x in files}, "a file has changed: make evidence")
    need(sorted(index["certificates"].values()) == [p.name for p in stored], "other certificates")
    for finding, name in index["certificates"].items():
        try:
            path, check = folder / "certificates" / name, finding.partition(".")[0]
            need(name == f"{check}-{digest[path][:16]}.json", "the file was changed")
            certificate = json.loads(path.read_text("utf-8"))
            found = {"finding": finding, "rows": sorted(replay(library, paper, certificate))}
            need(certificate == certificate | found, "it is of another finding, or of other rows")
        except Exception as error:
            raise ValueError(f"{name}, {finding}: {error!r}") from error
    return Counter(sorted(finding.partition(".")[0] for finding in index["certificates"]))


def main(arguments):
    """Verify folders ``evidence/PAPER``, or all; 1 if a proof is refused, 2 on bad arguments."""
    root, refused = Path(__file__).resolve().parent / "evidence", 0
    folders = [Path(name).resolve() for name in arguments] or sorted(root.glob("*"))
    if strange := [str(folder) for folder in folders if not (folder / "study.json").is_file()]:
        print(f"usage: {Path(__file__).name} [FOLDER ...]\nno study.json in {', '.join(strange)}")
        return 2
    for folder in folders:
        try:
            found = verify(folder, cache(lambda key, root=folder.parent: Paper(root / key)))
            print(f"{folder.name}:", ", ".join(f"{x} {found[x]}" for x in found) or "no conflict")
        except Exception as error:
            refused += 1
            print(f"{folder.name}: REFUSED: {error}")
    print(f"{len(folders) - refused} of {len(folders)} papers verified: all proofs were replayed.")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
