"""Rows as JSON objects, and a schema of them that is exact: every row fits it, and other rows do not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import jsonschema
import pytest

from dbmcp.formats import objects
from dbmcp.results import Column, ResultSet

MUCH = 100_000
COLUMNS = (
    Column("id", "integer", "integer"),
    Column("big", "bigint", "integer"),
    Column("price", "numeric", "number"),
    Column("paid", "boolean", "boolean"),
    Column("note", "text", "text"),
    Column("what", "", "any"),
)
ROWS: list[list[str | None]] = [
    ["1", "9007199254740993", "12.50", "t", 'a "b"\n', "1"],
    ["-7", "5", "NaN", "f", "\ud800", "x"],
    ["2147483647", "-1", "1e-3", "t", "", "1.5"],
    [None, None, None, None, None, None],
]


def encoded(columns: Sequence[Column], rows: list[list[str | None]]) -> dict[str, Any]:
    """Return the result as a client reads it."""
    found: dict[str, Any] = json.loads(objects.encode(ResultSet(tuple(columns), rows), MUCH).text)
    return found


def test_values_are_what_a_json_reader_takes_without_rounding() -> None:
    first, second, *_ = encoded(COLUMNS, ROWS)["rows"]
    assert first == {
        "id": 1,
        "big": "9007199254740993",
        "price": 12.5,
        "paid": True,
        "note": 'a "b"\n',
        "what": "1",
    }
    assert second["price"] == "NaN"
    assert second["note"] == "?"


def test_every_row_fits_the_schema_and_other_rows_do_not() -> None:
    schema = objects.schema([COLUMNS])
    content = encoded(COLUMNS, ROWS)
    jsonschema.validate(content, schema)
    assert objects.fits(schema, content["rows"])
    jsonschema.validate({"rows": [], "notice": "Cut"}, schema)
    for change in ({"id": "1"}, {"paid": "t"}, {"note": 1}, {"more": 1}):
        rows = [{**content["rows"][0], **change}]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"rows": rows}, schema)
        assert not objects.fits(schema, rows)
    fewer = [{"id": 1}]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"rows": fewer}, schema)
    assert not objects.fits(schema, fewer)


def test_no_rows_fit_any_schema() -> None:
    assert objects.fits(objects.schema([COLUMNS]), [])
    assert objects.fits(objects.schema([]), [])


def test_two_columns_of_one_name_are_both_kept() -> None:
    columns = [Column("a", "integer", "integer"), Column("a", "text", "text"), Column("a_2", "text", "text")]
    content = encoded(columns, [["1", "x", "y"]])
    assert content["rows"] == [{"a": 1, "a_2": "x", "a_2_3": "y"}]
    jsonschema.validate(content, objects.schema([columns]))


def test_a_schema_of_several_results_takes_the_rows_of_each() -> None:
    one = [Column("id", "integer", "integer"), Column("v", "text", "text")]
    other = [Column("id", "integer", "integer"), Column("v", "integer", "integer"), Column("w", "text", "text")]
    schema = objects.schema([one, other])
    jsonschema.validate(encoded(one, [["1", "x"]]), schema)
    jsonschema.validate(encoded(other, [["1", "2", "y"]]), schema)
    assert schema["properties"]["rows"]["items"]["required"] == ["id", "v"]


def test_what_does_not_fit_the_budget_is_left_off_whole() -> None:
    rows = [[str(number), None, None, None, "x" * 50, None] for number in range(100)]
    found = objects.encode(ResultSet(COLUMNS, rows), 1_000)
    assert len(found.text) <= 1_000
    assert len(json.loads(found.text)["rows"]) == found.rows
    assert 0 < found.rows < 100
