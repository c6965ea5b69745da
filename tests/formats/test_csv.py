"""CSV: whatever a cell holds, the standard library's reader reads it back."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from dbmcp.formats.csv import encode
from dbmcp.results import Column, ResultSet

# A reader in text mode turns a lone carriage return into a line end; both are quoted, and read with newline="".
CELLS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def text_of(*rows: tuple[str | None, ...], names: tuple[str, ...] = ("a", "b")) -> str:
    return encode(ResultSet(tuple(Column(name, "text") for name in names), list(rows)), 1_000_000).text


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=10))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_back(rows: list[tuple[str | None, str | None]]) -> None:
    assert read(text_of(*rows)) == [["a", "b"], *[[cell or "" for cell in row] for row in rows]]


@given(st.lists(st.tuples(CELLS), min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_a_single_column_is_read_back_with_a_line_for_each_row(rows: list[tuple[str | None]]) -> None:
    text = text_of(*rows, names=("only",))
    found = read(text)
    assert [row[0] if row else "" for row in found[1:]] == [cell or "" for (cell,) in rows]


def test_null_is_nothing_and_an_empty_text_is_quoted() -> None:
    assert text_of((None, ""), ("", None), (None, None)) == 'a,b\n,""\n"",\n,\n'


def test_a_row_of_one_null_is_an_empty_line_as_copy_writes_it() -> None:
    assert text_of((None,), ("",), ("x",), names=("a",)) == 'a\n\n""\nx\n'


def test_quotes_are_doubled_and_line_ends_kept() -> None:
    assert text_of(('a"b', "c\nd"), ("e,f", "g\r\nh")) == 'a,b\n"a""b","c\nd"\n"e,f","g\r\nh"\n'


def test_a_row_looks_the_same_whether_or_not_another_has_an_empty_text() -> None:
    row = ('a"b', "c\rd")
    assert text_of(row).splitlines()[1] == text_of(row, ("", "x")).splitlines()[1]


def test_odd_column_names_are_quoted() -> None:
    assert read(text_of(("1", "2"), names=("a,b", 'c"d')))[0] == ["a,b", 'c"d']
    assert read(text_of(("1", "2"), names=("", "")))[0] == ["", ""]


def test_a_result_without_columns_is_empty_lines() -> None:
    assert encode(ResultSet((), [(), ()]), 1_000).rows == 2
