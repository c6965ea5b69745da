"""JSON: {"columns": […], "rows": [[…], …]}, a row a line. Numbers that a JSON reader would round are texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

from dbmcp.formats.base import Encoded, clip_row, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.results import Column, ResultSet

# 2^53 has 16 digits; JavaScript's numbers are exact to 15 (IEEE 754 double precision).
_EXACT_INTEGER = re.compile(r"-?\d{1,15}")
_EXACT_NUMBER = re.compile(r"-?(?=(?:\.?\d){1,15}(?:e|$))\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?")


def encode(result: ResultSet, max_bytes: int) -> Encoded:
    """Return columns and rows, as many as fit."""
    limit = min(result.cell_chars, max_bytes)
    header = _text([column.name for column in result.columns])
    opening, closing = f'{{"columns":{header},"rows":[\n', "\n]}"
    lines, clipped = [], 0
    for row in result.rows:
        cells, cut = clip_row(row, limit)
        clipped += cut
        lines.append(_row(cells, result.columns))
    shown = fit(lines, len((opening + closing).encode("utf-8", "surrogatepass")) + 2 * len(lines), max_bytes)
    return Encoded(opening + ",\n".join(lines[:shown]) + closing, shown, clipped, limit)


def _row(cells: Sequence[str | None], columns: Sequence[Column]) -> str:
    return f"[{','.join(_value(cell, column.kind) for cell, column in zip(cells, columns, strict=True))}]"


def _value(cell: str | None, kind: str) -> str:
    if cell is None:
        return "null"
    if kind == "integer" and _EXACT_INTEGER.fullmatch(cell):
        return cell
    if kind == "number" and _EXACT_NUMBER.fullmatch(cell):
        return cell
    if kind == "boolean" and cell in ("t", "f"):
        return "true" if cell == "t" else "false"
    return _text(cell)


def _text(value: str | list[str]) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # A lone surrogate: orjson refuses it, and no JSON text may hold it.
        replaced = [item.encode("utf-8", "replace").decode() for item in ([value] if isinstance(value, str) else value)]
        return orjson.dumps(replaced[0] if isinstance(value, str) else replaced).decode()
