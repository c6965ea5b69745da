"""JSON objects by column name, for programs: {"rows": [{…}, …]}, a row a line, and the exact JSON Schema of that.

It is no member of FORMATS: every row repeats the names, which a model would pay for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dbmcp.formats.base import Frame, encode_lines, json_text, json_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dbmcp.formats.base import Columns, Encoded
    from dbmcp.results import Column, ResultSet

# What stands beside the rows when something was cut: the text that says so is not shown to every model.
NOTICE = "notice"

# A number that a JSON reader would round, and NaN, is a text.
_TYPES: dict[str, list[str]] = {
    "integer": ["integer", "string"],
    "number": ["number", "string"],
    "boolean": ["boolean"],
    "any": ["number", "string"],
}
# What each of JSON's types is when it was read.
_READ_AS: dict[str, frozenset[type]] = {
    "integer": frozenset({int}),
    "number": frozenset({int, float}),
    "boolean": frozenset({bool}),
    "string": frozenset({str}),
    "null": frozenset({type(None)}),
}
# Types of which every value is a number of JSON.
_SMALL = frozenset({"smallint", "integer", "int2", "int4", "oid"})


def encode(result: ResultSet, max_bytes: int) -> Encoded:
    """Return rows as objects, as many as fit."""
    names = [json_text(name) for name in unique_names(result.columns)]
    kinds = [column.kind for column in result.columns]
    frame = Frame('{"rows":[\n', "{}", between=",\n", closing="\n]}")

    def lines(columns: Columns) -> list[str]:
        values = (
            [f"{name}:{json_value(cell, kind)}" for cell in column]
            for column, name, kind in zip(columns, names, kinds, strict=True)
        )
        return [f"{{{','.join(row)}}}" for row in zip(*values, strict=True)]

    return encode_lines(result, max_bytes, frame, lines)


def schema(results: Iterable[Sequence[Column]]) -> dict[str, Any]:
    """Return the JSON Schema of what `encode` makes of results with these columns, one or another."""
    properties: dict[str, dict[str, Any]] = {}
    required: list[str] | None = None
    for columns in results:
        names = unique_names(columns)
        for name, column in zip(names, columns, strict=True):
            found = _schema_of(column)
            if properties.setdefault(name, found) != found:
                properties[name] = {"type": ["number", "string", "boolean", "null"]}
        required = [name for name in (names if required is None else required) if name in names]
    row = {"type": "object", "properties": properties, "required": required or [], "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"rows": {"type": "array", "items": row}, NOTICE: {"type": "string"}},
        "required": ["rows"],
        "additionalProperties": False,
    }


def fits(made: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether rows are as a schema of `schema` has them: tables may have changed since it was made."""
    row = made["properties"]["rows"]["items"]
    for name in {name for item in rows[:1] for name in item}:
        if name not in row["properties"]:
            return False
        allowed = frozenset().union(*(_READ_AS[kind] for kind in row["properties"][name]["type"]))
        if not {type(item[name]) for item in rows} <= allowed:
            return False
    return not rows or all(name in rows[0] for name in row["required"])


def _schema_of(column: Column) -> dict[str, Any]:
    kind = _TYPES.get(column.kind, ["string"])
    if column.kind == "integer" and column.type in _SMALL:
        kind = ["integer"]
    shown = {"type": [*kind, "null"]}
    return {**shown, "description": column.type} if column.type else shown


def unique_names(columns: Sequence[Column]) -> list[str]:
    """Return the columns' names; to one that stands before already, the number of its place is added."""
    names: dict[str, None] = {}
    for place, column in enumerate(columns, start=1):
        name = column.name
        while name in names:
            name = f"{name}_{place}"
        names[name] = None
    return list(names)
