"""The JSON Schema of a named query's parameters: what clients are told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from dbmcp.errors import InvalidParameter
from dbmcp.named_queries.model import NamedQuery, Parameter, ParameterType
from dbmcp.named_queries.parameters import input_schema, read, schema_of

UUID_TEXT = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(
    "parameter, schema",
    [
        (Parameter("p", "string"), {"type": "string"}),
        (
            Parameter("p", "string", "a name", min_length=1, max_length=9, pattern="[a-z]+", default="x"),
            {
                "type": "string",
                "minLength": 1,
                "maxLength": 9,
                "pattern": "^(?:[a-z]+)$",
                "default": "x",
                "description": "a name",
            },
        ),
        (Parameter("p", "integer", minimum=1, maximum=9), {"type": "integer", "minimum": 1, "maximum": 9}),
        (Parameter("p", "date", default="today"), {"type": "string", "format": "date", "description": "default today"}),
        (
            Parameter("p", "date", "first day", minimum="2026-01-01", maximum="today"),
            {"type": "string", "format": "date", "description": "first day; from 2026-01-01; to today"},
        ),
        (Parameter("p", "json"), {}),
        (Parameter("p", "interval"), {"type": "string", "description": "such as 2 days 3 hours or P2DT3H"}),
        (
            Parameter("p", "interval", "how long", default="1 day"),
            {"type": "string", "default": "1 day", "description": "how long; such as 2 days 3 hours or P2DT3H"},
        ),
        (
            Parameter("p", "datetime", default="2026-01-31 14:30"),
            {"type": "string", "format": "date-time", "default": "2026-01-31T14:30:00Z"},
        ),
        (
            Parameter("p", "datetime", default=["2026-01-31T14:30:00+02:00"], array=True),
            {
                "type": "array",
                "items": {"type": "string", "format": "date-time"},
                "default": ["2026-01-31T12:30:00Z"],
            },
        ),
        (
            Parameter("p", "enum", values=("a", "b"), default="a"),
            {"type": "string", "enum": ["a", "b"], "default": "a"},
        ),
        (Parameter("p", "choice", options={"up": "x"}), {"type": "string", "enum": ["up"]}),
        (
            Parameter("p", "enum", values=("a",), array=True, min_items=1, max_items=2),
            {"type": "array", "items": {"type": "string", "enum": ["a"]}, "minItems": 1, "maxItems": 2},
        ),
        (Parameter("p", "boolean", default=False), {"type": "boolean", "default": False}),
    ],
)
def test_a_schema_says_what_is_taken_and_no_more(parameter: Parameter, schema: dict[str, Any]) -> None:
    assert schema_of(parameter) == schema
    jsonschema.Draft202012Validator.check_schema(schema_of(parameter))


def test_the_schema_of_a_query_names_required_arguments_hides_claims_and_allows_no_others() -> None:
    parameters = {
        "a": Parameter("a", "integer"),
        "b": Parameter("b", "integer", optional=True),
        "c": Parameter("c", "integer", default=1),
        "d": Parameter("d", "integer", claim="tenant"),
    }
    query = NamedQuery("q", "q.sql", "", "d", ("main",), "", parameters=parameters)
    assert input_schema(query) == {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}, "c": {"type": "integer", "default": 1}},
        "required": ["a"],
        "additionalProperties": False,
    }
    several = NamedQuery("q", "q.sql", "", "d", ("one", "two"), "", parameters=parameters)
    assert input_schema(several)["properties"]["database"] == {"type": "string", "enum": ["one", "two"]}
    assert input_schema(several)["required"] == ["a", "database"]


FORMATS = jsonschema.FormatChecker(formats=["date", "uuid"])


@FORMATS.checks("time")
def is_a_time_with_an_offset(text: object) -> bool:
    """RFC 3339's full-time: what the format is, and no parameter takes."""
    return not isinstance(text, str) or re.fullmatch(r"\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text) is not None


@pytest.mark.parametrize(
    "kind", ["string", "integer", "number", "decimal", "boolean", "date", "datetime", "uuid", "time", "interval"]
)
@pytest.mark.parametrize(
    "given",
    [
        "x",
        "12.50",
        "2026-01-31",
        "2026-01-31T14:30:00Z",
        "14:30",
        "14:30:00.5",
        "14:30:00Z",
        UUID_TEXT,
        "P1D",
        "2 days",
        5,
        5.0,
        1.5,
        True,
        [],
        {},
    ],
)
def test_what_is_taken_fits_the_schema(kind: ParameterType, given: object) -> None:
    parameter = Parameter("p", kind)
    validator = jsonschema.Draft202012Validator(schema_of(parameter), format_checker=FORMATS)
    try:
        read({"p": parameter}, {"p": given}, {}, datetime.now(UTC))
    except InvalidParameter:
        return
    assert validator.is_valid(given)
