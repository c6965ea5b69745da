"""Markdown: a table stays a table whatever its cells hold."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from dbmcp.formats.markdown import encode
from dbmcp.results import Column, ResultSet


def lines_of(*rows: tuple[str | None, ...], names: tuple[str, ...] = ("a", "b")) -> list[str]:
    columns = tuple(Column(name, "text") for name in names)
    return encode(ResultSet(columns, list(rows)), 1_000_000).text.split("\n")[:-1]


def cells(line: str) -> list[str]:
    """Split a row as GitHub does: at bars that no backslash stands before."""
    return [cell.strip() for cell in re.split(r"(?<!\\)(?:\\\\)*\|", line)[1:-1]]


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_row_is_one_line_of_as_many_cells_as_columns(rows: list[tuple[str, str]]) -> None:
    lines = lines_of(*rows)
    assert len(lines) == 2 + len(rows)
    assert all(len(cells(line)) == 2 for line in lines)


def test_bars_backslashes_and_line_ends_are_escaped() -> None:
    assert lines_of(("a|b", "c\\d"), ("e\nf", "g\r\nh\ri"))[2:] == ["| a\\|b | c\\\\d |", "| e<br>f | g<br>h<br>i |"]


def test_odd_column_names_are_escaped_too() -> None:
    lines = lines_of(("1", "2"), names=("a|b", "c\nd"))
    assert len(lines) == 3
    assert len(cells(lines[0])) == 2


def test_numbers_stand_on_the_right() -> None:
    columns = (Column("n", "int4", "integer"), Column("x", "numeric", "number"), Column("t", "text"))
    assert (
        encode(ResultSet(columns, [("1", "2", "3")]), 1_000).text
        == "| n | x | t |\n| --: | --: | --- |\n| 1 | 2 | 3 |\n"
    )


def test_null_is_an_empty_cell() -> None:
    assert lines_of((None, "x"))[2] == "|  | x |"
