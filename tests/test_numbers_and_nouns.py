"""What is said of one thing is said in the singular, in findings of papers and of made-up studies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest

from netcore.checks.wording import counted
from netcore.ledger import Ledger, build_ledger
from netcore.paths import data_folder
from netcore.study.library import load_library
from simulation.run import draw, judge

ONE = re.compile(r"(?<![\w.,/–−-])1 (?:[a-z-]+ )?[a-z]+s\b")

# Words after "1" that are no plural, or that are not ours.
ALLOWED = re.compile(
    r"1 (?:[a-z-]+ )?(?:is|was|has|as|plus|minus|gives|fits|needs|holds|prints|conflicts|less|reaches)\b"
    r"|1 (?:and|or|of|in) [a-z]+"  # a group or a level of this name
    # Times are named in the words of the table of claims.
    r"|(?<=\bat )1 (?:days|weeks|months|years)\b"
)
FAMILIES = {"counts": 25, "partitions": 20, "quantiles": 25, "moments": 25, "survival": 12}


def plurals_of_one(text: str) -> list[str]:
    return [found.group() for found in ONE.finditer(ALLOWED.sub("", text))]


def said(ledger: Ledger) -> Iterator[str]:
    for finding in ledger.findings:
        yield finding.statement
        yield from finding.assumptions
        yield from finding.resolved_by
        yield from (bearing.sentence for bearing in finding.bearings.values())


def test_one_thing_of_the_papers_is_said_in_the_singular() -> None:
    ledger = build_ledger(load_library(data_folder()).studies)
    assert {found for text in said(ledger) for found in plurals_of_one(text)} == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_one_thing_of_made_up_studies_is_said_in_the_singular(family: str) -> None:
    texts = {
        text
        for seed in range(FAMILIES[family])
        for text in said(judge(draw(family, Random(seed).getrandbits(48))))
    }
    assert texts
    assert {found for text in texts for found in plurals_of_one(text)} == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 constructed patients have it", ["1 constructed patients"]),
        ("a median of 1 months", ["1 months"]),
        ("up to 1 events and 11 values", ["1 events"]),
        ("1 patient who was followed", []),
        ("31 values, 0.1 parts and 1 minus a share", []),
    ],
)
def test_the_test_itself_can_fail(text: str, found: list[str]) -> None:
    assert plurals_of_one(text) == found


def test_a_number_comes_with_its_noun() -> None:
    assert [counted(n, "pair") for n in range(3)] == ["0 pairs", "1 pair", "2 pairs"]
