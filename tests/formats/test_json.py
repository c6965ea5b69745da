"""JSON: always valid, and no number loses a digit in any reader."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbmcp.formats.json import encode
from dbmcp.results import Column, ResultSet, ValueKind


def value(cell: str | None, kind: ValueKind = "text") -> Any:
    text = encode(ResultSet((Column("a", kind, kind),), [(cell,)]), 1_000_000).text
    return json.loads(text)["rows"][0][0]


@pytest.mark.parametrize(
    "cell, kind, shown",
    [
        (None, "text", None),
        ("", "text", ""),
        ("5", "text", "5"),
        ("5", "integer", 5),
        ("-7", "integer", -7),
        ("999999999999999", "integer", 999999999999999),
        ("9007199254740993", "integer", "9007199254740993"),
        ("-9223372036854775808", "integer", "-9223372036854775808"),
        ("1.5", "number", 1.5),
        ("0.1", "number", 0.1),
        ("NaN", "number", "NaN"),
        ("Infinity", "number", "Infinity"),
        ("-Infinity", "number", "-Infinity"),
        ("123456789012345678.5", "number", "123456789012345678.5"),
        ("0.30000000000000004", "number", "0.30000000000000004"),
        ("1.50", "number", 1.5),
        ("t", "boolean", True),
        ("f", "boolean", False),
        ("true", "boolean", "true"),
        ("1", "boolean", "1"),
        ('{"a": [1, 2.50]}', "json", '{"a": [1, 2.50]}'),
    ],
)
def test_a_value_is_shown_as_what_it_is(cell: str | None, kind: ValueKind, shown: Any) -> None:
    assert value(cell, kind) == shown
    assert type(value(cell, kind)) is type(shown)


@given(st.integers(-(2**70), 2**70))
@settings(max_examples=200, deadline=None)
def test_an_integer_is_exact_in_a_reader_of_doubles(number: int) -> None:
    """JavaScript's numbers are IEEE 754 doubles: what they would round is a text."""
    shown = value(str(number), "integer")
    assert int(shown) == number
    assert isinstance(shown, str) or int(float(shown)) == number


@given(st.decimals(allow_nan=False, allow_infinity=False))
@settings(max_examples=200, deadline=None)
def test_a_number_keeps_every_digit_in_a_reader_of_doubles(number: Any) -> None:
    text = str(number).lower().replace("e+", "e")
    shown = value(text, "number")
    if not isinstance(shown, str):
        from decimal import Decimal  # noqa: PLC0415 - only here

        assert Decimal(repr(shown)) == Decimal(text)


@given(st.text(max_size=30), st.sampled_from(["integer", "number", "boolean", "json", "text"]))
@settings(max_examples=200, deadline=None)
def test_whatever_the_text_the_json_is_valid(cell: str, kind: ValueKind) -> None:
    encoded = encode(ResultSet((Column(cell, kind, kind),), [(cell,), (None,)]), 1_000_000)
    found = json.loads(encoded.text)
    assert len(found["rows"]) == 2
    encoded.text.encode()


def test_each_row_is_a_line() -> None:
    text = encode(ResultSet((Column("a", "int4", "integer"),), [("1",), ("2",)]), 1_000).text
    assert text == '{"columns":["a"],"rows":[\n[1],\n[2]\n]}'


def test_what_was_cut_is_still_valid() -> None:
    columns = (Column("a", "text"),)
    encoded = encode(ResultSet(columns, [("x" * 300,)] * 50), 1_000)
    assert len(json.loads(encoded.text)["rows"]) == encoded.rows
    encoded = encode(ResultSet(columns, [("x" * 5_000,)], cell_chars=900), 1_000)
    assert json.loads(encoded.text)["rows"] == [["x" * 900 + "…"]]


def test_no_rows_is_valid() -> None:
    assert json.loads(encode(ResultSet((Column("a", "text"),), []), 1_000).text) == {"columns": ["a"], "rows": []}
