from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from study_builder import make_study

from netcore.checks import Conventions, run_checks
from netcore.checks.answers import METHODS, Answer, Question, answer, answered_by, computed
from netcore.evidence import (
    COMMAND,
    StaleEvidenceError,
    StoredAnswers,
    answers_for_book,
    evidence_folder,
)
from netcore.evidence.answers import code_digest, modules_behind, source_digest
from netcore.printed import parse_printed, rounding_window

TOY = """from netcore.printed import Interval

ASKED = []


def double(question):
    ASKED.append(question)
    return {"is": 2 * question["of"]}
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a method, in a module of its own, and return where a paper's evidence would be."""
    (tmp_path / "toy_method.py").write_text(TOY)
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("toy_method")
    monkeypatch.setitem(METHODS, "double", module.double)
    modules_behind.cache_clear()
    code_digest.cache_clear()
    yield tmp_path / "evidence" / "paper1"
    modules_behind.cache_clear()
    code_digest.cache_clear()
    del sys.modules["toy_method"]


def asked() -> list[Question]:
    found: list[Question] = sys.modules["toy_method"].ASKED
    return found


def test_an_answer_is_stored_and_looked_up(toy: Path) -> None:
    first = StoredAnswers(toy)
    assert first("double", {"of": 21}) == {"is": 42}
    (path,) = first.write()
    stored = json.loads(path.read_text())
    assert (stored["method"], stored["question"], stored["answer"]) == ("double", {"of": 21}, {"is": 42})  # fmt: skip
    assert path.parent == toy / "answers"
    again = StoredAnswers(toy, may_compute=False)
    assert again("double", {"of": 21}) == {"is": 42}
    assert len(asked()) == 1
    assert again.write() == []


def test_what_is_not_stored_is_computed_or_refused_with_the_command(toy: Path) -> None:
    assert StoredAnswers(None)("double", {"of": 1}) == {"is": 2}
    with pytest.raises(StaleEvidenceError, match=f"run `{COMMAND}`"):
        StoredAnswers(toy, may_compute=False)("double", {"of": 1})


def test_a_change_of_the_code_behind_an_answer_makes_it_stale_and_no_other_change(
    toy: Path, tmp_path: Path
) -> None:
    first = StoredAnswers(toy)
    first("double", {"of": 21})
    first.write()
    (tmp_path / "another.py").write_text("")
    modules_behind.cache_clear()
    code_digest.cache_clear()
    StoredAnswers(toy, may_compute=False)("double", {"of": 21})
    source = tmp_path / "toy_method.py"
    source.write_text(source.read_text() + "MORE = 1\n")
    modules_behind.cache_clear()
    code_digest.cache_clear()
    with pytest.raises(StaleEvidenceError):
        StoredAnswers(toy, may_compute=False)("double", {"of": 21})


def test_answers_that_nobody_asks_for_any_more_are_taken_away(toy: Path) -> None:
    first = StoredAnswers(toy)
    first("double", {"of": 1})
    first.write()
    second = StoredAnswers(toy)
    second("double", {"of": 2})
    assert len(second.write()) == 2
    assert len(list((toy / "answers").iterdir())) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"answer": 1}'])
def test_a_garbled_answer_is_none(toy: Path, text: str) -> None:
    first = StoredAnswers(toy)
    first("double", {"of": 21})
    (path,) = first.write()
    path.write_text(text)
    assert StoredAnswers(toy)("double", {"of": 21}) == {"is": 42}
    assert len(asked()) == 2


@pytest.mark.usefixtures("toy")
def test_an_unknown_method_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(KeyError, match=r"expected one of .*double"):
        computed("triple", {})


@pytest.mark.usefixtures("toy")
def test_checks_ask_whom_the_run_says(tmp_path: Path) -> None:
    def none(method: str, question: Question) -> Answer:
        return {"asked": [method, question]}

    with answered_by(none):
        assert answer("double", {"of": 3}) == {"asked": ["double", {"of": 3}]}
    assert answer("double", {"of": 3}) == {"is": 6}
    study = make_study(tmp_path / "data" / "paper1")
    assert run_checks(study, answers=none) == run_checks(study)


def test_a_book_computes_nothing_unless_its_reader_asks_for_other_conventions(
    toy: Path, tmp_path: Path
) -> None:
    study = make_study(tmp_path / "data" / "paper1")
    assert evidence_folder(study) == toy
    for conventions in (Conventions(), Conventions(alpha=Fraction(1, 20))):
        with pytest.raises(StaleEvidenceError):
            answers_for_book(conventions)(study)("double", {"of": 1})
    for conventions in (Conventions("truncate"), Conventions(alpha=Fraction(1, 100))):
        assert answers_for_book(conventions)(study)("double", {"of": 1}) == {"is": 2}
    elsewhere = make_study(tmp_path / "paper1")
    assert evidence_folder(elsewhere) is None
    assert answers_for_book(Conventions())(elsewhere)("double", {"of": 1}) == {"is": 2}


def test_the_code_behind_a_module_is_all_that_it_imports_of_the_package() -> None:
    found = modules_behind("netcore.printed.numbers")
    assert {"netcore.printed.intervals", "netcore.printed.rounding", "netcore.printed.numbers"} <= set(found)  # fmt: skip
    assert not any(name.startswith("netcore.study") for name in found)
    assert "netcore.study.scalars" in modules_behind("netcore.checks.order")


def test_the_digest_is_of_the_text_of_all_that_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(METHODS, "parse", parse_printed)
    monkeypatch.setitem(METHODS, "window", rounding_window)
    assert len(source_digest("parse")) == 64
    assert source_digest("parse") != source_digest("window")


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ("a = 1\n", "# why\na = 1  # what\n\n\n", True),
        ("a = 1\n", 'a = 1\n"""What it is."""\n', True),
        (
            "def f():\n    return 1\n",
            'def f():\n    """One.\n\n    It is.\n    """\n    return 1\n',
            True,
        ),
        ("a = 1\n", "a = 2\n", False),
        ("a = '# no comment'\n", "a = '# none'\n", False),
        ("a = f'{1}#'\n", "a = f'{1}# b'\n", False),
        ("def f(): ...\n", "def g(): ...\n", False),
        ("a = '''1\n2'''\n", "a = '''1\n3'''\n", False),
        ("if a:\n    b = 1\n", "if a:\n    pass\nb = 1\n", False),
    ],
)
@pytest.mark.usefixtures("toy")
def test_what_is_said_about_code_is_no_code(
    tmp_path: Path, before: str, after: str, is_same: bool
) -> None:
    digests = []
    for text in (before, after):
        (tmp_path / "toy_method.py").write_text(text)
        code_digest.cache_clear()
        digests.append(code_digest("toy_method"))
    assert (digests[0] == digests[1]) == is_same
