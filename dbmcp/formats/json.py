"""JSON: {"columns": […], "rows": [[…], …]}, a row a line. Numbers that a JSON reader would round are texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.formats.base import Frame, encode_lines, json_text, json_value

if TYPE_CHECKING:
    from dbmcp.formats.base import Columns, Encoded
    from dbmcp.results import ResultSet


def encode(result: ResultSet, max_bytes: int) -> Encoded:
    """Return columns and rows, as many as fit."""
    header = json_text([column.name for column in result.columns])
    frame = Frame(f'{{"columns":{header},"rows":[\n', "[]", between=",\n", closing="\n]}")
    kinds = [column.kind for column in result.columns]

    def lines(columns: Columns) -> list[str]:
        values = ([json_value(cell, kind) for cell in column] for column, kind in zip(columns, kinds, strict=True))
        return [f"[{','.join(row)}]" for row in zip(*values, strict=True)]

    return encode_lines(result, max_bytes, frame, lines)
