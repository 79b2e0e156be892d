"""What a machine lacks is skipped, unless NETCORE_REQUIRE says that it must be there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TEST = """
import pytest

@pytest.mark.needs(what="site")
def test_the_site():
    pass
"""


@pytest.fixture
def run_without_site(tmp_path):
    """Return a function that runs a test that needs a site, in a folder without one."""
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(Path(__file__).with_name("conftest.py"), tests)
    (tests / "test_one.py").write_text(TEST)

    def run(required: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", str(tests)],
            cwd=tmp_path,
            env={**os.environ, "NETCORE_REQUIRE": required},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_missing_site_is_skipped_with_the_remedy(run_without_site):
    done = run_without_site("")
    assert done.returncode == 0
    assert "1 skipped" in done.stdout
    assert "no built site: make book" in done.stdout


@pytest.mark.parametrize("required", ["site", "all", "R, site"])
def test_a_missing_site_fails_where_it_is_required(run_without_site, required):
    done = run_without_site(required)
    assert done.returncode == 1
    assert "NETCORE_REQUIRE: no built site" in done.stdout


def test_a_misspelt_requirement_is_an_error_and_not_ignored(run_without_site):
    done = run_without_site("sites")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "NETCORE_REQUIRE names sites; known: all, site" in done.stderr
