from __future__ import annotations

import pytest

from netcore.study.spreadsheets import looks_like_date


@pytest.mark.parametrize(
    "cell",
    ["12-May", "May-12", "02.Mar", "02. Mrz", "Mar 02", "5-Dec-22", "02.мар", "март 2022", "3/2/2022", "03/02/22",
     "2022-03-02 00:00:00", "2022-03-02T00:00", "2022-03-02", "2022-03", "02.03.2022", "12-MAY", "2 janv. 2022"],
)  # fmt: skip
def test_what_spreadsheets_make_of_numbers_is_recognized(cell: str) -> None:
    assert looks_like_date(cell)


@pytest.mark.parametrize(
    "cell",
    ["", "2-3", "2.5-3", "12.5", "0,57", "<0.05", "2 cycles", "24 months", "group1", "G1_2", "1/2", "2022", "may",
     "decimal", "x" * 10_000, "1-" * 5_000],
)  # fmt: skip
def test_what_papers_print_is_not_taken_for_a_date(cell: str) -> None:
    assert not looks_like_date(cell)
