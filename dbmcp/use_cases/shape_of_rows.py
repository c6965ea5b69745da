"""The shape of columns, computed of rows that were read, and of samples: cells made short. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from dbmcp.results import ResultSet
from dbmcp.shapes import ColumnShape, Order, ends

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dbmcp.catalog import parts
    from dbmcp.results import Column

COMMON = 5
_CELL_CHARS = 60
# As the engines call them on the wire; a text is in the order of its signs, which may not be that of its collation.
_ORDERS: dict[str, Order] = {
    **dict.fromkeys(("date", "time", "timestamp", "timestamptz"), "moment"),
    **dict.fromkeys(("text", "varchar", "bpchar", "char", "name", "citext"), "text"),
}


def shapes_of(result: ResultSet) -> list[ColumnShape]:
    """Return the shape of each column of the rows."""
    columns = list(zip(*result.rows, strict=True)) or [()] * len(result.columns)
    return [_shape(column, cells, result.cell_chars) for column, cells in zip(result.columns, columns, strict=True)]


def _shape(column: Column, cells: Sequence[str | None], cell_chars: int) -> ColumnShape:
    counts = Counter(cells)
    nulls = counts.pop(None, 0)
    rows = max(len(cells), 1)
    shape = ColumnShape(
        column.name, nulls / rows, len(counts), is_unique=bool(counts) and max(counts.values(), default=0) == 1
    )
    values = [value for value in counts if value is not None]
    if any(len(value) > cell_chars for value in values):
        # Cut values that differ may be equal in what is left of them.
        return replace(shape, is_distinct_at_least=True)
    if _is_binary(column, values):
        return shape
    order: Order | None = "number" if column.kind in ("integer", "number") else _ORDERS.get(column.type)
    least, greatest = ends(values, order) if order else (None, None)
    few = len(counts) <= COMMON
    common = tuple((str(value), count / rows) for value, count in counts.most_common(COMMON) if few or count > 1)
    return replace(shape, least=least, greatest=greatest, common=common)


def _is_binary(column: Column, values: Collection[str]) -> bool:
    """Say whether the values are bytes: by the type, or on SQLite, where values have types, by how all are printed."""
    return column.type == "bytea" or (bool(values) and all(_is_blob(value) for value in values))


def _is_blob(value: str) -> bool:
    return value.startswith("X'") and (value.endswith("'") or len(value) > _CELL_CHARS)


def is_counted(column: parts.Column) -> bool:
    """Say whether a column of a table holds bytes, of which the number tells more than they do."""
    return column.type == "bytea" or "BLOB" in column.type.upper()


def fitting(result: ResultSet, max_bytes: int) -> ResultSet:
    """Return as many of the first columns as have names that fit, one at least."""
    sizes = accumulate(len(column.name.encode()) + 3 for column in result.columns)
    count = max(sum(size <= max_bytes for size in sizes), 1)
    if count >= len(result.columns):
        return result
    return replace(result, columns=result.columns[:count], rows=[row[:count] for row in result.rows])


def sampled(result: ResultSet, rows: int, counted: Collection[str] = ()) -> ResultSet:
    """Return the first rows with long cells made short, and bytes as their number; of `counted` columns it was read."""
    shown = [
        [_short(cell, column, result.cell_chars, counted) for cell, column in zip(row, result.columns, strict=True)]
        for row in result.rows[:rows]
    ]
    return ResultSet(result.columns, shown)


def _short(cell: str | None, column: Column, cell_chars: int, counted: Collection[str]) -> str | None:
    if cell is None:
        return None
    if column.name in counted and column.kind == "integer":
        return f"{cell} bytes"
    if column.type == "bytea" or _is_blob(cell):
        # Printed as \x0102 or as X'0102', and cut after so many bytes.
        count = len(cell.removeprefix("\\x").removeprefix("X'").rstrip("'")) // 2
        return f"over {cell_chars} bytes" if count > cell_chars else f"{count} bytes"
    return shortened(cell)


def shortened(text: str, chars: int = _CELL_CHARS) -> str:
    """Return a text that is no longer than so many characters."""
    return text if len(text) <= chars else f"{text[: chars - 1]}…"
