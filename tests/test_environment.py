"""pyproject.toml, the lock and environment.yml say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PYTHONS = ["3.11", "3.12", "3.13"]


def lock_entries() -> list[tuple[Requirement, list[str]]]:
    """Read the lock: each pinned requirement and its hashes."""
    entries = re.split(r"\n(?=\S)", LOCK)
    return [
        (
            Requirement(entry.split(" \\\n")[0].replace("\\\n", " ")),
            re.findall(r"--hash=(\S+)", entry),
        )
        for entry in entries
        if not entry.startswith("#")
    ]


ENTRIES = lock_entries()


def pins(python: str) -> dict[str, Version]:
    """Return what the lock installs under a release of Python on Linux."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return {
        canonicalize_name(entry.name): Version(next(iter(entry.specifier)).version)
        for entry, _ in ENTRIES
        if entry.marker is None or entry.marker.evaluate(environment)
    }


def requirements(*extras: str) -> list[Requirement]:
    """Return what pyproject.toml asks for."""
    asked = [*PROJECT["dependencies"]]
    for extra in extras:
        asked += PROJECT["optional-dependencies"][extra]
    return [Requirement(text) for text in asked]


def conda_pins() -> dict[str, Version]:
    """Return the pins of environment.yml, of conda and of pip."""
    listed = ENVIRONMENT["dependencies"]
    by_pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    texts = [entry for entry in listed if isinstance(entry, str)] + by_pip
    # conda has one equals sign where pip has two.
    matches = [re.fullmatch(r"([\w.-]+)={1,2}([\w.]+)", text) for text in texts]
    return {canonicalize_name(match[1]): Version(match[2]) for match in matches if match}


def test_every_entry_of_the_lock_is_one_version_with_hashes():
    assert len(ENTRIES) > 100
    for requirement, hashes in ENTRIES:
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


def test_the_lock_has_no_addresses():
    assert not re.search(r"://|--(index-url|extra-index-url|find-links)|file:", LOCK)
    assert all(requirement.url is None for requirement, _ in ENTRIES)


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_satisfies_what_the_project_asks_for(python):
    locked = pins(python)
    for requirement in requirements("book", "dev"):
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, requirement
        assert requirement.specifier.contains(version, prereleases=True), requirement


def test_environment_yml_asks_for_pythons_that_the_project_supports():
    (python,) = (
        entry.removeprefix("python")
        for entry in ENVIRONMENT["dependencies"]
        if isinstance(entry, str) and re.match(r"python\b", entry)
    )
    supported = SpecifierSet(PROJECT["requires-python"])
    asked = SpecifierSet(python.strip())
    releases = [Version(f"3.{minor}.5") for minor in range(8, 20)]
    assert any(asked.contains(release) for release in releases)
    for release in releases:
        assert asked.contains(release) <= supported.contains(release)


def test_environment_yml_lists_every_direct_dependency_of_the_book():
    asked = {canonicalize_name(requirement.name) for requirement in requirements("book")}
    assert set(conda_pins()) == asked


def test_environment_yml_pins_what_the_lock_pins():
    (python,) = (entry for entry in ENVIRONMENT["dependencies"] if str(entry).startswith("python"))
    allowed = SpecifierSet(python.removeprefix("python").strip())
    fitting = [release for release in PYTHONS if allowed.contains(Version(f"{release}.9"))]
    assert fitting
    for release in fitting:
        locked = pins(release)
        assert {name: locked[name] for name in conda_pins()} == conda_pins(), release


def test_the_workflows_test_every_supported_python():
    text = (ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8")
    matrix = yaml.safe_load(text)["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == PYTHONS
    supported = SpecifierSet(PROJECT["requires-python"])
    minors = [f"3.{minor}" for minor in range(8, 20) if Version(f"3.{minor}.5") in supported]
    assert minors == PYTHONS
