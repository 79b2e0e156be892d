"""Stored answers: what an expensive search found, kept under all that it depends on."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import io
import json
import tokenize
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

from netcore.checks import Conventions
from netcore.checks.answers import METHODS, Answer, Answers, Question, computed
from netcore.evidence.folders import digest_of, evidence_folder, json_text
from netcore.study import Study

__all__ = [
    "COMMAND",
    "StaleEvidenceError",
    "StoredAnswers",
    "answers_for_book",
    "code_digest",
    "modules_behind",
    "source_digest",
]

COMMAND: Final = "make evidence"
"""What brings stored evidence up to date."""
_PACKAGE: Final = "netcore"
_ANSWERS: Final = "answers"
_DIGITS: Final = 16


class StaleEvidenceError(Exception):
    """Stored evidence that is not of the present data or code; names the command that mends it."""


class StoredAnswers:
    """Answers of one paper, looked up where they are stored.

    Parameters
    ----------
    folder : Path or None
        ``evidence/KEY``; None where nothing is stored.
    may_compute : bool
        Whether to compute what is not stored, or not by the present code.
    """

    def __init__(self, folder: Path | None, *, may_compute: bool = True):
        self._folder = None if folder is None else folder / _ANSWERS
        self._may_compute = may_compute
        self._asked: dict[str, str] = {}

    def __call__(self, method: str, question: Question) -> Answer:
        """Return the stored answer, or the computed one.

        Parameters
        ----------
        method : str
            Key of :data:`netcore.checks.answers.METHODS`.
        question : Mapping of str to object
            Plain JSON values.

        Returns
        -------
        Mapping of str to object
            Plain JSON values.

        Raises
        ------
        StaleEvidenceError
            If nothing is stored that the present code would answer, and it
            must not be computed.
        """
        source = source_digest(method)
        asked = json.dumps([method, question, source], ensure_ascii=False, sort_keys=True)
        name = f"{method}-{digest_of(asked)[:_DIGITS]}.json"
        stored = self._stored(name)
        if stored is None:
            if not self._may_compute:
                raise StaleEvidenceError(
                    f"found no answer of {method} to a question that is asked now: run `{COMMAND}`"
                )
            stored = computed(method, question)
        document = {"method": method, "question": question, "source": source, "answer": stored}
        self._asked[name] = json_text(document)
        return stored

    @property
    def asked(self) -> dict[str, str]:
        """All that was asked for, with its answers, as texts by the names of files."""
        return dict(self._asked)

    def take(self, asked: Mapping[str, str]) -> None:
        """Take over what was asked for elsewhere, such as in another process.

        Parameters
        ----------
        asked : Mapping of str to str
            From :attr:`asked` of the same paper, by the same code.
        """
        self._asked.update(asked)

    def _stored(self, name: str) -> Answer | None:
        try:
            if name in self._asked:
                text = self._asked[name]
            elif self._folder is not None:
                text = (self._folder / name).read_text(encoding="utf-8")
            else:
                return None
            document = json.loads(text)
            found = document["answer"]
        except (OSError, ValueError, LookupError, TypeError):
            return None
        return found if isinstance(found, dict) else None

    def write(self) -> list[Path]:
        """Store all answers that were asked for, and take away all others.

        Returns
        -------
        list of Path
            Files that were written or taken away.
        """
        if self._folder is None:
            return []
        changed = []
        for path in sorted(self._folder.glob("*")):
            if path.name not in self._asked:
                path.unlink()
                changed.append(path)
        for name, text in sorted(self._asked.items()):
            path = self._folder / name
            if not path.is_file() or path.read_bytes() != text.encode("utf-8"):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
                changed.append(path)
        return changed


def answers_for_book(conventions: Conventions) -> Callable[[Study], Answers]:
    """Return who answers while a book is built, where nothing long may be computed.

    Parameters
    ----------
    conventions : Conventions
        Under the default ones, at the usual level, every answer must be
        stored; under others it is computed where it is not.

    Returns
    -------
    callable
        Of a study, who answers.
    """
    usual = Conventions()
    is_default = conventions.rounding == usual.rounding and conventions.alpha in (
        usual.alpha,
        Fraction(1, 20),
    )

    def answers(study: Study) -> Answers:
        folder = evidence_folder(study)
        return StoredAnswers(folder, may_compute=not is_default or folder is None)

    return answers


def source_digest(method: str) -> str:
    """Return a digest of all code of the package on which a method's answers depend.

    Parameters
    ----------
    method : str
        Key of :data:`netcore.checks.answers.METHODS`.

    Returns
    -------
    str
        Of the code of its module and of all that it imports in turn, so that
        other changes leave a stored answer valid.

    Raises
    ------
    KeyError
        If there is no such method.
    """
    module = inspect.getmodule(METHODS[method])
    assert module is not None  # a method is a function of a module
    return code_digest(module.__name__)


@cache
def code_digest(name: str) -> str:
    """Return a digest of the code of a module and of all that it imports in turn.

    Parameters
    ----------
    name : str
        Name of a module of the package.

    Returns
    -------
    str
        The same as long as nothing but what is said about the code changes in
        these files: documentation, comments and empty lines.
    """
    texts = [
        f"{module}\n{_bare_code(path.read_text(encoding='utf-8'))}"
        for module, path in sorted(modules_behind(name).items())
    ]
    return digest_of("\n".join(texts))


def _bare_code(text: str) -> str:
    """Return the text of a module without documentation, comments and empty lines.

    A syntax tree would do as well, but every version of Python writes it in another way.
    """
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(text)):
        # A text that nothing is done with is documentation.
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            and not lines[node.lineno - 1][: node.col_offset].strip()
        ):
            first, last = node.lineno - 1, node.end_lineno or node.lineno
            lines[first:last] = [""] * (last - first)
    return "\n".join(line.rstrip() for line in lines if line.strip())


@cache
def modules_behind(name: str) -> dict[str, Path]:
    """Return a module and every module of the package that it imports, directly or not.

    Parameters
    ----------
    name : str
        Name of a module.

    Returns
    -------
    dict of str to Path
        Files by the names of the modules.
    """
    found: dict[str, Path] = {}
    waiting = [name]
    while waiting:
        module = waiting.pop()
        spec = importlib.util.find_spec(module) if module not in found else None
        if spec is None or spec.origin is None:
            continue
        found[module] = path = Path(spec.origin)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        waiting += [imported for imported in _imported(tree, module) if _is_ours(imported)]
    return found


def _is_ours(name: str) -> bool:
    return name == _PACKAGE or name.startswith(f"{_PACKAGE}.")


def _imported(tree: ast.AST, module: str) -> list[str]:
    """Return the modules that a module may import; what is no module is passed over later."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = importlib.util.resolve_name("." * node.level + base, module)
            names.append(base)
            names += [
                f"{base}.{alias.name}" for alias in node.names if _is_module(base, alias.name)
            ]
    return names


def _is_module(package: str, name: str) -> bool:
    if not _is_ours(package):
        return False
    try:
        return importlib.util.find_spec(f"{package}.{name}") is not None
    except ModuleNotFoundError:  # the package is a plain module
        return False
