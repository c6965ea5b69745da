"""`key=value` words: each is read by the type of its parameter."""

from __future__ import annotations

from typing import Any

import pytest

from dbmcp.errors import InvalidParameter
from dbmcp.named_queries.assignments import read
from dbmcp.named_queries.model import NamedQuery, Parameter, ParameterType


def query(*parameters: Parameter) -> NamedQuery:
    """Return a query with these parameters and nothing else that matters."""
    return NamedQuery(
        "q", "q.sql", "", "about", ("shop",), "SELECT 1", parameters={item.name: item for item in parameters}
    )


@pytest.mark.parametrize(
    "kind, text, value",
    [
        ("string", "007", "007"),
        ("string", "null", "null"),
        ("string", '"quoted"', '"quoted"'),
        ("string", "a=b", "a=b"),
        ("string", "", ""),
        ("string", "[1]", "[1]"),
        ("integer", "7", 7),
        ("integer", "seven", "seven"),
        ("integer", "7.0", 7.0),
        ("integer", "null", None),
        ("number", "1e3", 1000.0),
        ("decimal", "12.50", "12.50"),
        ("boolean", "true", True),
        ("boolean", "yes", "yes"),
        ("date", "2026-01-31", "2026-01-31"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
        ("json", '{"a": [1]}', {"a": [1]}),
        ("enum", "1", "1"),
        ("choice", "newest", "newest"),
    ],
)
def test_a_word_is_read_by_the_type_of_its_parameter(kind: ParameterType, text: str, value: Any) -> None:
    assert read(query(Parameter("key", kind)), [f"key={text}"]) == {"key": value}


@pytest.mark.parametrize(
    "kind, words, value",
    [
        ("integer", ["key=[1, 2]"], [1, 2]),
        ("integer", ["key=1", "key=2"], [1, 2]),
        ("integer", ["key=1"], [1]),
        ("integer", ["key=[]"], []),
        ("integer", ["key=[1", "key=2"], ["[1", 2]),
        ("string", ['key=["a", "b,c"]'], ["a", "b,c"]),
        ("string", ["key=a", "key=b,c"], ["a", "b,c"]),
        ("date", ["key=2026-01-31", "key=2026-02-01"], ["2026-01-31", "2026-02-01"]),
        ("json", ["key=[[1], {}]"], [[1], {}]),
    ],
)
def test_an_array_is_a_json_array_or_a_word_for_each_item(
    kind: ParameterType, words: list[str], value: list[Any]
) -> None:
    assert read(query(Parameter("key", kind, array=True)), words) == {"key": value}


def test_a_word_for_no_parameter_is_left_for_the_query_to_refuse() -> None:
    assert read(query(), ["nope=1"]) == {"nope": "1"}


@pytest.mark.parametrize(
    "words, said", [(["key"], "'key' is no argument"), (["=1"], "no argument"), (["key=1", "key=2"], "given twice")]
)
def test_a_word_that_says_nothing_or_too_much_is_refused(words: list[str], said: str) -> None:
    with pytest.raises(InvalidParameter, match=said):
        read(query(Parameter("key", "string")), words)
