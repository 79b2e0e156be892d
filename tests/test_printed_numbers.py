"""Printed strings: read exactly, refused with words, written as the decimal module writes."""

from __future__ import annotations

import decimal
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netcore.printed import (
    ROUNDINGS,
    Interval,
    Printed,
    PrintedError,
    parse_printed,
    print_value,
    rounding_window,
)

MODES = {
    "nearest": decimal.ROUND_HALF_UP,
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "truncate": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
    "any": decimal.ROUND_HALF_UP,
}
UNIT = Interval(Fraction(0), Fraction(1))
LONG = 200_000  # characters of a hostile string


# Writing


@pytest.mark.parametrize("decimals", range(4))
@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_numbers_are_printed_as_by_the_decimal_module(rounding: str, decimals: int) -> None:
    for k in range(-1300, 1301):
        quantized = (Decimal(k) / 80).quantize(
            Decimal(1).scaleb(-decimals), rounding=MODES[rounding]
        )
        expected = str(abs(quantized) if quantized == 0 else quantized)
        assert print_value(Fraction(k, 80), decimals, rounding) == expected


@given(
    st.fractions(min_value=-1000, max_value=1000),
    st.integers(0, 6),
    st.sampled_from(sorted(ROUNDINGS)),
)
@settings(deadline=None)
def test_a_printed_number_can_stand_for_what_was_printed(
    value: Fraction, decimals: int, rounding: str
) -> None:
    printed = parse_printed(print_value(value, decimals, rounding))
    assert (printed.kind, printed.step) == ("number", Fraction(1, 10**decimals))
    assert value in printed.window(rounding)
    assert printed.is_whole == (decimals == 0)


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_zero_is_printed_without_a_sign(rounding: str) -> None:
    for k in range(-400, 1):
        text = print_value(Fraction(k, 400), 1, rounding)
        assert not text.startswith("-0.0")
    assert print_value(Fraction(-1, 400), 0, "ceiling") == "0"


def test_printing_wants_a_known_convention_and_whole_decimals() -> None:
    with pytest.raises(ValueError, match="found rounding 'half_down', expected one of nearest"):
        print_value(Fraction(1, 2), 0, "half_down")
    with pytest.raises(ValueError, match="found -1 decimals, expected 0 or more"):
        print_value(Fraction(125), -1)


# Reading


@given(st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?", fullmatch=True))
@settings(deadline=None)
@example("1e999")
@example("1e-400")
@example("-0.0")
def test_numbers_are_read_exactly(text: str) -> None:
    printed = parse_printed(text)
    exponent = Decimal(text).as_tuple().exponent
    assert printed.number() == Fraction(Decimal(text))
    assert printed.step == Fraction(10) ** int(exponent)
    assert printed.text == text


@given(st.integers(0, 10**12), st.integers(0, 10**4), st.sampled_from(".,"), st.booleans())
@settings(deadline=None)
@pytest.mark.parametrize("thousands", [",", ".", " ", "'", "\u00a0", "\u202f"])
def test_thousands_marks_are_read_where_the_place_uses_them(
    thousands: str, whole: int, units: int, mark: str, negative: bool
) -> None:
    mark = mark if mark != thousands else {",": ".", ".": ","}[mark]
    grouped = f"{whole:,}".replace(",", thousands)
    text = f"{'-' if negative else ''}{grouped}{mark}{units:05d}"
    value = whole + Fraction(units, 10**5)
    printed = parse_printed(text, decimal=mark, thousands=thousands)
    assert printed.number() == (-value if negative else value)


@pytest.mark.parametrize(
    "text", ["1,2,3", "1,23", "1,2345", "1234,567", "1,,234", "0,123", "-0,123", "00,123"]
)
def test_groups_of_another_length_are_refused(text: str) -> None:
    with pytest.raises(PrintedError, match="expected groups of three digits between ',' marks"):
        parse_printed(text, thousands=",")


@pytest.mark.parametrize("text", ["1,234", "1 234", "1'234", "1\u00a0234", "1.234.567"])
def test_marks_that_the_place_does_not_use_are_refused(text: str) -> None:
    with pytest.raises(PrintedError, match=r"with decimal mark '\.' and thousands mark none"):
        parse_printed(text)


def test_a_true_minus_is_a_minus() -> None:
    assert parse_printed("−22.6").number() == parse_printed("-22.6").number() == Fraction(-113, 5)
    assert parse_printed("2e−3").number() == Fraction(1, 500)


@pytest.mark.parametrize(
    ("text", "kind", "window"),
    [
        ("43.9", "number", "[43.85, 43.95]"),
        ("1.5e3", "number", "[1450, 1550]"),
        ("<0.05", "below", "(-inf, 0.05]"),
        ("≤ 0.05", "below", "(-inf, 0.05]"),
        (">=14", "above", "[14, inf)"),
        (">\u00a035", "above", "[35, inf)"),
        ("~80", "about", "(-inf, inf)"),
        ("2.5-3", "range", "[2.45, 3.5]"),
        ("2.5 – 3", "range", "[2.45, 3.5]"),
        ("-1-3", "range", "[-1.5, 3.5]"),
        ("none", "token", "[0, 0]"),
    ],
)
def test_each_kind_of_statement_has_its_window(text: str, kind: str, window: str) -> None:
    printed = parse_printed(text)
    assert (printed.kind, str(printed.window())) == (kind, window)


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_a_range_reaches_from_its_lower_window_to_its_upper_one(rounding: str) -> None:
    low = rounding_window(Fraction(5, 2), Fraction(1, 10), rounding)
    high = rounding_window(Fraction(3), Fraction(1), rounding)
    found = parse_printed("2.5-3").window(rounding)
    assert found == Interval(low.low, high.high, low.low_closed, high.high_closed)


def test_windows_are_clipped_to_the_domain() -> None:
    # methods, section 0: `<0.05` is [0, 0.05].
    assert str(parse_printed("<0.05").window(domain=UNIT)) == "[0, 0.05]"
    assert str(parse_printed("1.00").window(domain=UNIT)) == "[0.995, 1]"
    assert parse_printed("1.2").window(domain=UNIT).is_empty


def test_not_significant_needs_a_level() -> None:
    assert str(parse_printed("ns").window(alpha=Fraction(1, 20))) == "[0.05, 1]"
    for text in ("ns", "all"):
        with pytest.raises(PrintedError, match="depends on what is printed elsewhere"):
            parse_printed(text).window()


@pytest.mark.parametrize("text", ["<0.05", ">=14", "~80", "2.5-3", "ns", "none", "all"])
def test_only_a_plain_number_is_a_number(text: str) -> None:
    printed = parse_printed(text)
    assert not printed.is_number
    assert not printed.is_whole
    with pytest.raises(PrintedError, match="expected one plain number"):
        printed.number()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3-2.5", "expected its lower end first"),
        ("<2-3", "expected a bound or a range, not both"),
        ("~2-3", "expected a bound or a range, not both"),
        ("n.s.", "expected a number"),
    ],
)
def test_what_contradicts_itself_is_refused_with_words(text: str, said: str) -> None:
    with pytest.raises(PrintedError, match=said):
        parse_printed(text)


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            " ",
            "-",
            "--5",
            "5.",
            "1.2.3",
            "1..2",
            "+5",
            "5-",
            "1-2-3",
            "1--2",
            "<",
            "<<5",
            "5<",
        ],
        *[
            "١٢",
            "１２",
            "²",
            "½",
            "Ⅷ",
            "٠.٥",
            "1٬234",
        ],  # digits to Python's str.isdigit and int, or nearly
        *[
            "1e",
            "1e1000",
            "1e+-5",
            "1e5.5",
            "e5",
            "0x1F",
            "1_000",
            "nan",
            "inf",
            "-inf",
            "NaN",
            "1/2",
        ],
        *["<\n5", "2.5\t-\n3", "5\n", "\n5", "5\x00", "\ufeff5", "5\u200b", "\ud800"],
        *["NS", "None", "all ", "none\n"],
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PrintedError, match="expected a number"):
        parse_printed(text)


def read_or_refused(text: str, decimal_mark: str, thousands: str) -> Printed | str:
    try:
        return parse_printed(text, decimal=decimal_mark, thousands=thousands)
    except PrintedError as error:
        return str(error)


MARKS = [(".", ""), (".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u202f")]


@given(
    st.one_of(
        st.text(max_size=80),
        st.text("0123456789.,' \u00a0\u202f-−–—eE+<>=≤≥~", max_size=80),
    ),
    st.sampled_from(MARKS),
)
@settings(deadline=None)
def test_a_string_is_read_or_refused_and_nothing_else(text: str, marks: tuple[str, str]) -> None:
    read = read_or_refused(text, *marks)
    if isinstance(read, str):
        assert read.startswith("found ")
        assert ", expected " in read
    else:
        assert read.text == text
        assert read.kind == "token" or not read.window().is_empty


@pytest.mark.parametrize(
    "text",
    [
        *[
            piece * LONG
            for piece in ("1", "1.", "1,", " ", "1 ", "-", "1-", "<", "e", "\u00a0", "1e")
        ],
        *[(piece * 60)[:60] for piece in ("1", "1.", "1,1", "1 ", "1' ,.", "1-")],
        *[(piece * 60)[:59] + "x" for piece in ("1", "1.", "1,1", "1 ", "1' ,.", "1-")],
    ],
    ids=lambda text: f"{text[:6]!r}... of {len(text)}",
)
def test_hostile_strings_take_no_time(text: str) -> None:
    started = time.perf_counter()
    for marks in MARKS:
        read = read_or_refused(text, *marks)
        assert isinstance(read, Printed) or len(read) < 500
    assert time.perf_counter() - started < 0.5  # seconds; a few milliseconds on a slow machine


def test_a_number_may_lack_its_leading_zero() -> None:
    """JAMA and APA style print p = .03."""
    assert parse_printed(".03").number() == Fraction(3, 100)
    assert parse_printed("<.001").value == Fraction(1, 1000)
    assert parse_printed(",5", decimal=",").number() == Fraction(1, 2)
    with pytest.raises(PrintedError):
        parse_printed(",5")
