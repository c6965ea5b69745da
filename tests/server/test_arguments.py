"""Arguments against a tool's own schema."""

from __future__ import annotations

from typing import Any

import pytest

from dbmcp.errors import InvalidParameter
from dbmcp.server.arguments import check

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "count": {"type": "integer", "minimum": 1},
        "names": {"type": "array", "items": {"type": "string"}},
        "form": {"type": "string", "enum": ["csv", "json"]},
        "flag": {"type": "boolean"},
    },
    "required": ["text"],
}


@pytest.mark.parametrize(
    "given",
    [
        {"text": ""},
        {"text": "a", "count": 1},
        {"text": "a", "names": []},
        {"text": "a", "form": "csv"},
        {"text": "a", "flag": False},
    ],
)
def test_what_the_schema_allows_comes_back_unchanged(given: dict[str, Any]) -> None:
    assert check(SCHEMA, given) == given


def test_an_explicit_null_counts_as_not_given() -> None:
    assert check(SCHEMA, {"text": "a", "count": None}) == {"text": "a"}


def test_a_whole_number_may_be_written_with_a_point() -> None:
    """JSON Schema calls it an integer."""
    checked = check(SCHEMA, {"text": "a", "count": 3.0})
    assert repr(checked["count"]) == "3"


@pytest.mark.parametrize(
    "given, said",
    [
        (None, "'text' is missing"),
        ({}, "'text' is missing"),
        ({"text": None}, "'text' is missing"),
        ({"text": b"a"}, "must be a string"),
        ({"text": "a", "count": True}, "must be an integer"),
        ({"text": "a", "count": 1.5}, "must be an integer"),
        ({"text": "a", "count": 0.0}, "at least 1"),
        ({"text": "a", "count": float("inf")}, "must be an integer"),
        ({"text": 1.0}, "must be a string"),
        ({"text": "a", "count": 0}, "at least 1"),
        ({"text": "a", "names": "a"}, "array of strings"),
        ({"text": "a", "names": ["a", 1]}, "array of strings"),
        ({"text": "a", "names": {"a": 1}}, "array of strings"),
        ({"text": "a", "form": "xml"}, "one of csv, json"),
        ({"text": "a", "flag": 1}, "true or false"),
        ({"text": "a", "flag": "true"}, "true or false"),
        ({"text": "a", "txet": 1}, "Did you mean text"),
        ({"text": "a", "zzz": 1}, "Known are text, count"),
    ],
)
def test_what_it_does_not_allow_is_named(given: dict[str, Any] | None, said: str) -> None:
    with pytest.raises(InvalidParameter, match=said):
        check(SCHEMA, given)
