"""The budget of bytes holds for the text as it is sent, whatever a result holds, and what was cut is told exactly."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbmcp.errors import QueryFailed
from dbmcp.formats import FORMATS, Encoded, objects
from dbmcp.results import Column, ResultSet

Encode = Callable[[ResultSet, int], Encoded]
ENCODERS: dict[str, Encode] = {**FORMATS, "objects": objects.encode}
BUDGET = 1_000
# What grows on its way: in the formats' own quoting, in UTF-8, and in the string of JSON that carries the text.
GROWING = ("\x01", '"', "\\", "|", "\n", "\r\n", "é", "😀", "\ud800", "x,")
CELLS = st.none() | st.builds(
    lambda sign, times: sign * times, st.sampled_from(GROWING), st.integers(0, 60) | st.integers(0, 1_500)
)


def sent_bytes(text: str) -> int:
    """Return the bytes between the quotes of a string of JSON, as the server writes it."""
    return len(json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False).encode()) - 2


def result_of(rows: list[list[str | None]], names: list[str], cell_chars: int = 1_000_000) -> ResultSet:
    return ResultSet(tuple(Column(name, "text") for name in names), rows, cell_chars=cell_chars)


@given(st.data(), st.sampled_from(sorted(ENCODERS)), st.integers(1, 6), st.sampled_from([40, 300, 1_000_000]))
@settings(max_examples=300, deadline=None)
def test_no_result_is_sent_in_more_bytes(data: st.DataObject, name: str, columns: int, cell_chars: int) -> None:
    rows = data.draw(st.lists(st.lists(CELLS, min_size=columns, max_size=columns), max_size=6))
    names = data.draw(st.lists(st.sampled_from(["a", "😀" * 20, '"' * 30]), min_size=columns, max_size=columns))
    encoded = ENCODERS[name](result_of(rows, names, cell_chars), BUDGET)
    assert sent_bytes(encoded.text) <= BUDGET
    long = sum(len(cell or "") > encoded.cell_chars for row in rows[: encoded.rows] for cell in row)
    assert encoded.clipped == long
    assert encoded.text.count("…") == long


@pytest.mark.parametrize("sign", GROWING)
@pytest.mark.parametrize("name", ENCODERS)
def test_one_long_cell_is_cut_to_what_the_budget_allows(name: str, sign: str) -> None:
    encoded = ENCODERS[name](result_of([[sign * 5_000, "beside"]], ["a", "b"]), BUDGET)
    assert (encoded.rows, encoded.clipped) == (1, 1)
    assert "beside" in encoded.text
    # One character grows to seven bytes twice over at most, and no room is wasted.
    assert BUDGET - 16 <= sent_bytes(encoded.text) <= BUDGET


@pytest.mark.parametrize("name", ENCODERS)
def test_what_fits_to_the_byte_is_not_cut(name: str) -> None:
    encode = ENCODERS[name]
    whole = result_of([["é" * 100, '"'], ["\x02" * 20, None]], ["a", "b"])
    size = sent_bytes(encode(whole, 10_000).text)
    assert encode(whole, size) == Encoded(encode(whole, 10_000).text, 2, 0, size)
    assert encode(whole, size - 1).rows == 1


def test_a_cell_that_is_cut_is_a_beginning_of_the_value() -> None:
    cell = "".join(chr(0x1F600 + number % 60) for number in range(2_000))
    encoded = FORMATS["csv"](result_of([[cell]], ["a"]), BUDGET)
    ((shown,),) = list(csv.reader(io.StringIO(encoded.text)))[1:]
    assert shown == f"{cell[: encoded.cell_chars]}…"


@pytest.mark.parametrize("name", ENCODERS)
def test_a_row_too_wide_for_any_cut_is_left_off_whole(name: str) -> None:
    wide = result_of([["x" * 100] * 60], [f"c{number}" for number in range(60)])
    encoded = ENCODERS[name](wide, BUDGET)
    assert (encoded.rows, encoded.clipped) == (0, 0)
    assert encoded.text == ENCODERS[name](result_of([], [f"c{number}" for number in range(60)]), BUDGET).text


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("names", [["x" * 2_000], ["😀" * 300], [f"column {number}" for number in range(200)]])
def test_names_that_are_longer_than_a_reply_are_an_error(name: str, names: list[str]) -> None:
    with pytest.raises(QueryFailed, match=r"names of the columns alone .*1000 bytes.* Select fewer columns"):
        FORMATS[name](result_of([], names), BUDGET)


def test_numbers_and_booleans_of_objects_stay_what_the_schema_says() -> None:
    kinds = (Column("n", "integer", "integer"), Column("b", "boolean", "boolean"), Column("t", "text"))
    encoded = objects.encode(ResultSet(kinds, [["-2147483648", "f", "x" * 5_000]]), BUDGET)
    (row,) = json.loads(encoded.text)["rows"]
    assert (row["n"], row["b"], row["t"][-1]) == (-2147483648, False, "…")
