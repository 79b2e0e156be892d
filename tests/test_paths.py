from __future__ import annotations

from pathlib import Path

import pytest

from netcore import paths
from netcore.paths import PathError, data_folder, paper_folder, project_root


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETCORE_DATA", raising=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with one paper."""
    folder = tmp_path / "project"
    (folder / "data" / "key2020").mkdir(parents=True)
    (folder / "data" / "key2020" / "paper.yaml").write_text("format: 1\n")
    (folder / "data" / "notes").mkdir()
    (folder / "_toc.yml").write_text("")
    return folder


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder outside of any project, with netcore installed elsewhere."""
    folder = tmp_path / "nowhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(paths, "_installation", lambda: tmp_path / "site-packages")
    return folder


def test_the_project_is_found_from_any_folder_within(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = project / "chapters" / "deep"
    inner.mkdir(parents=True)
    for folder in (project, inner, project / "data" / "key2020"):
        monkeypatch.chdir(folder)
        assert project_root() == project
        assert data_folder() == project / "data"


def test_the_nearest_project_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = project / "inner"
    (inner / "data").mkdir(parents=True)
    (inner / "_toc.yml").write_text("")
    monkeypatch.chdir(inner)
    assert project_root() == inner


def test_a_folder_with_data_alone_is_no_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "chapters" / "data").mkdir(parents=True)
    monkeypatch.chdir(project / "chapters")
    assert project_root() == project


@pytest.mark.usefixtures("nowhere")
def test_outside_the_project_is_that_of_the_installation(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_installation", lambda: project)
    assert project_root() == project
    assert data_folder() == project / "data"


@pytest.mark.usefixtures("nowhere")
def test_data_beside_the_installation_will_do(tmp_path: Path) -> None:
    (tmp_path / "site-packages" / "data").mkdir(parents=True)
    assert data_folder() == tmp_path / "site-packages" / "data"
    with pytest.raises(PathError):
        project_root()


def test_the_installation_is_the_folder_of_the_package(root: Path) -> None:
    assert paths._installation() == root


def test_without_a_project_the_error_says_where_it_looked(nowhere: Path, tmp_path: Path) -> None:
    with pytest.raises(PathError) as caught:
        data_folder()
    message = str(caught.value)
    assert str(nowhere) in message
    assert str(tmp_path / "site-packages") in message
    assert "NETCORE_DATA" in message


def test_the_variable_comes_first(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(project)
    monkeypatch.setenv("NETCORE_DATA", str(other))
    assert data_folder() == other
    assert project_root() == project


def test_a_relative_variable_starts_from_the_working_directory(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("NETCORE_DATA", "data")
    assert data_folder() == project / "data"


def test_an_empty_variable_is_no_variable(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("NETCORE_DATA", "")
    assert data_folder() == project / "data"


@pytest.mark.parametrize("value", ["absent", "_toc.yml", "~nobody-of-that-name/data"])
def test_a_variable_that_names_no_folder_is_an_error(
    project: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("NETCORE_DATA", value)
    with pytest.raises(PathError, match=f"found no folder '{value}', which NETCORE_DATA names"):
        data_folder()


def test_the_error_is_one_of_files_that_are_not_found() -> None:
    assert issubclass(PathError, FileNotFoundError)


def test_a_paper_is_found_by_its_key(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert paper_folder("key2020") == project / "data" / "key2020"


@pytest.mark.parametrize(
    "key", ["key2021", "", ".", "..", "../data/key2020", "notes", "/", "key2020/"]
)
def test_what_is_no_key_of_a_paper_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.chdir(project)
    with pytest.raises(
        PathError, match=r"found no paper .* expected one of key2020( \(nearest: key2020\))?$"
    ):
        paper_folder(key)


def test_a_folder_without_papers_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "data" / "key2020" / "paper.yaml").unlink()
    monkeypatch.chdir(project)
    with pytest.raises(PathError, match="none"):
        paper_folder("key2020")
