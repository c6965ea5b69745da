"""What every result format promises, run over the registry: its budget, its cut marks, and that nothing breaks it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbmcp.formats import FORMATS
from dbmcp.formats.base import Encoded
from dbmcp.results import Column, ResultSet

Encode = Callable[[ResultSet, int], Encoded]
WIDE = 1_000_000


@pytest.fixture(params=sorted(FORMATS))
def encode(request: pytest.FixtureRequest) -> Encode:
    """Each format of the registry."""
    return FORMATS[request.param]


def result(*rows: tuple[str | None, ...], names: tuple[str, ...] | None = None, cell_chars: int = WIDE) -> ResultSet:
    width = len(rows[0]) if rows else 1
    columns = tuple(Column(name, "text") for name in names or [f"c{number}" for number in range(width)])
    return ResultSet(columns, list(rows), cell_chars=cell_chars)


def test_the_suite_runs_over_every_format() -> None:
    assert set(FORMATS) == {"csv", "json", "markdown"}


def test_all_rows_are_shown_where_there_is_room(encode: Encode) -> None:
    encoded = encode(result(("a", "b"), ("c", None)), 10_000)
    assert (encoded.rows, encoded.clipped) == (2, 0)
    assert all(text in encoded.text for text in ("c0", "c1", "a", "b", "c"))


def test_a_result_without_rows_shows_its_columns(encode: Encode) -> None:
    encoded = encode(result(names=("only",)), 10_000)
    assert encoded.rows == 0
    assert "only" in encoded.text


@pytest.mark.parametrize("cell", ["x" * 50, "é" * 50, "😀" * 50, '"' * 50, "\n" * 50, "|" * 50, "\\" * 50])
@pytest.mark.parametrize("budget", [1_000, 1_001, 5_000])
def test_a_reply_keeps_to_its_budget_of_bytes(encode: Encode, cell: str, budget: int) -> None:
    encoded = encode(result(*[(cell, str(number)) for number in range(500)]), budget)
    assert len(encoded.text.encode()) <= budget
    assert 0 < encoded.rows < 500


def test_the_budget_is_used(encode: Encode) -> None:
    encoded = encode(result(*[("x" * 50,) for _ in range(500)]), 10_000)
    assert len(encoded.text.encode()) > 9_000


def test_the_first_row_is_shown_even_where_it_does_not_fit(encode: Encode) -> None:
    encoded = encode(result(("x" * 900, "y" * 900), ("z", "z")), 1_000)
    assert encoded.rows >= 1
    assert "xxx" in encoded.text


def test_a_cell_that_the_engine_cut_is_marked_and_counted(encode: Encode) -> None:
    encoded = encode(result(("x" * 101, "y"), ("x" * 100, None), ("z" * 101, "z" * 101), cell_chars=100), 100_000)
    assert (encoded.clipped, encoded.cell_chars) == (3, 100)
    assert encoded.text.count("…") == 3
    assert "x" * 101 not in encoded.text


def test_null_and_an_empty_text_and_the_word_null_are_three_things(encode: Encode) -> None:
    texts = {encode(result((cell, "x")), 10_000).text for cell in (None, "NULL", "null")}
    assert len(texts) == 3


@pytest.mark.parametrize(
    "cell", ["\x00", "\x1b[31m", "\ud800", "a\ud800b", "\u202e", "\x7f", "\ufeff", "\x85", "\u2028"]
)
def test_odd_characters_do_not_break_a_format(encode: Encode, cell: str) -> None:
    encoded = encode(result((cell, "after"), names=("odd " + cell, "b")), 10_000)
    assert encoded.rows == 1
    assert "after" in encoded.text


@given(
    rows=st.lists(st.tuples(st.none() | st.text(max_size=40), st.none() | st.text(max_size=40)), max_size=30),
    budget=st.integers(1_000, 3_000),
)
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_whatever_the_cells_the_budget_holds(name: str, rows: list[tuple[str | None, ...]], budget: int) -> None:
    encoded = FORMATS[name](result(*rows) if rows else result(names=("a", "b")), budget)
    assert 0 <= encoded.rows <= len(rows)
    assert encoded.rows <= 1 or len(encoded.text.encode("utf-8", "replace")) <= budget


def test_a_column_of_every_kind_takes_a_text_that_is_none(encode: Encode) -> None:
    """An engine may print NaN for a number or x for a boolean: a format never fails on it."""
    kinds = ("integer", "number", "boolean", "json", "text")
    columns = tuple(Column(kind, kind, kind) for kind in kinds)  # type: ignore[arg-type]
    for cell in ("NaN", "Infinity", "", "t", "1e400", "{", "٣", "0x1", "1_000", "+1", "01", None):
        encoded = encode(ResultSet(columns, [(cell,) * 5]), 10_000)
        assert encoded.rows == 1
