from __future__ import annotations

from pathlib import Path

import pytest

from netcore.study.text_file import TextFile, read_text_file


def read(path: Path, *, most_bytes: int = 1000, cells: bool = False) -> TextFile:
    return read_text_file(path, name=path.name, most_bytes=most_bytes, holds="facts", cells=cells)


def read_bytes(tmp_path: Path, raw: bytes, *, cells: bool = False) -> TextFile:
    path = tmp_path / "file"
    path.write_bytes(raw)
    return read(path, cells=cells)


def problem(file: TextFile) -> str:
    (only,) = file.problems
    return str(only)


def test_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b"a\r\nb\r\n") == TextFile("a\nb\n")


def test_letters_of_all_alphabets_are_accepted(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, "Таблица: 0,57 ± 2\u00a0%".encode()).problems == ()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert (
        problem(read(tmp_path / "absent"))
        == "absent: found no such file, expected a text file with facts"
    )


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "found a folder or device of that name" in problem(read(tmp_path / "folder"))


def test_a_name_that_no_file_can_have_is_no_crash(tmp_path: Path) -> None:
    assert "found a file that cannot be opened" in problem(read(tmp_path / ("x" * 5000)))


@pytest.mark.parametrize("raw", [b"", b" \n\r\n\t"])
def test_an_empty_file_is_refused(tmp_path: Path, raw: bytes) -> None:
    assert problem(read_bytes(tmp_path, raw)) == "file:1:1: found an empty file, expected facts"


def test_a_byte_order_mark_is_a_problem_that_does_not_hide_others(tmp_path: Path) -> None:
    file = read_bytes(tmp_path, b"\xef\xbb\xbfa: b")
    assert file.text == "a: b"
    assert problem(file).startswith(
        "file:1:1: found a byte-order mark of UTF-8, expected UTF-8 without"
    )
    assert "save again as 'UTF-8'" in problem(file)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_recognized(tmp_path: Path, encoding: str) -> None:
    file = read_bytes(tmp_path, "\ufeffa: b".encode(encoding))
    assert file.text is None
    assert "found a byte-order mark of UTF-16" in problem(file)


def test_a_byte_that_is_not_utf_8_is_found_by_character(tmp_path: Path) -> None:
    file = read_bytes(tmp_path, "a: ж\nbé: ".encode() + b"\xe9\n")
    assert file.text is None
    assert problem(file).startswith("file:2:5: found a byte that is not UTF-8 (0xe9)")


@pytest.mark.parametrize(
    ("before", "place"),
    [
        (b"", "1:1"),
        (b"a,b", "1:2"),
        (b"a,b\n", "2:1"),
        (b"a,b\r\nc,", "2:2"),
        (b'a,b\n"c\nd",e,f', "3:3"),
        (b'a,"b,c', "1:2"),
    ],
)
def test_a_byte_that_is_not_utf_8_is_found_by_cell(
    tmp_path: Path, before: bytes, place: str
) -> None:
    file = read_bytes(tmp_path, before + b"\xff", cells=True)
    assert problem(file).startswith(f"file:{place}: ")


def test_a_lone_carriage_return_is_refused_once(tmp_path: Path) -> None:
    file = read_bytes(tmp_path, b"a,b\rc,d\re,f", cells=True)
    assert problem(file) == (
        "file:1:2: found a carriage return without a line feed, expected line ends of Unix or Windows"
    )


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\x85", "\u2028", "\u202e", "\ufeff"])
def test_an_unprintable_character_is_found(tmp_path: Path, mark: str) -> None:
    file = read_bytes(tmp_path, f"a: b\ncd{mark}".encode())
    assert problem(file).startswith("file:2:3: found the unprintable character ")
    assert mark not in problem(file)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    assert problem(read_bytes(tmp_path, b"x" * 1001)).startswith(
        "file: found a file of more than 1,000 bytes"
    )
    assert read_bytes(tmp_path, b"x" * 1000).problems == ()
