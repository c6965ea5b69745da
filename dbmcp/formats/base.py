"""What formats share: the encoded text, fitting lines into a budget, values as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dbmcp.results import ResultSet

    Columns = Sequence[Sequence[str | None]]

# 2^53 has 16 digits; JavaScript's numbers are exact to 15 (IEEE 754 double precision).
_EXACT_INTEGER = re.compile(r"-?\d{1,15}")
_EXACT_NUMBER = re.compile(r"-?(?=(?:\.?\d){1,15}(?:e|$))\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A result as text: `rows` of it are shown; `clipped` cells are cut after `cell_chars` characters, ending in …."""

    text: str
    rows: int
    clipped: int = 0
    cell_chars: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before, between and after the lines of a result; `empty` is the line of a row without columns."""

    opening: str
    empty: str
    between: str = ""
    closing: str = ""


def encode_lines(result: ResultSet, max_bytes: int, frame: Frame, write: Callable[[Columns], list[str]]) -> Encoded:
    """Return a result as `frame` and the lines that `write` makes of its columns, a line a row, as many as fit.

    Results are written column by column, for what is true of one cell of a column is true of most.
    """
    limit = min(result.cell_chars, max_bytes)
    columns: Columns = list(zip(*result.rows, strict=True))
    lines = write(columns) if columns else [frame.empty] * len(result.rows)
    cut_in: list[int] = []
    # Only a line longer than the limit can hold a cell that is.
    if max(map(len, lines), default=0) > limit:
        columns, cut_in = _clip(columns, limit)
        lines = write(columns) if cut_in else lines
    shown = _fit(lines, frame, max_bytes)
    text = f"{frame.opening}{frame.between.join(lines[:shown])}{frame.closing}"
    return Encoded(text, shown, sum(row < shown for row in cut_in), limit)


def _clip(columns: Columns, limit: int) -> tuple[Columns, list[int]]:
    """Return the columns with their long cells cut and marked, and the row of each that was."""
    clipped: list[Sequence[str | None]] = []
    cut_in: list[int] = []
    for column in columns:
        long = [row for row, cell in enumerate(column) if cell is not None and len(cell) > limit]
        cut_in += long
        clipped.append([cell if cell is None or len(cell) <= limit else f"{cell[:limit]}…" for cell in column])
    return clipped, cut_in


def _fit(lines: Sequence[str], frame: Frame, max_bytes: int) -> int:
    """Return how many of the lines fit; the first always does."""
    size = _size(frame.opening) + _size(frame.closing)
    between = _size(frame.between)
    if size + _size("".join(lines)) + between * len(lines) <= max_bytes:
        return len(lines)
    for count, line in enumerate(lines):
        size += _size(line) + between
        if size > max_bytes and count:
            return count
    return len(lines)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def json_value(cell: str | None, kind: str) -> str:
    """Return a cell as JSON; a number that a JSON reader would round is a text."""
    if cell is None:
        return "null"
    if kind == "integer" and _EXACT_INTEGER.fullmatch(cell):
        return cell
    if kind == "number" and _EXACT_NUMBER.fullmatch(cell):
        return cell
    if kind == "boolean" and cell in ("t", "f"):
        return "true" if cell == "t" else "false"
    return json_text(cell)


def json_text(value: str | list[str]) -> str:
    """Return a text, or a list of texts, as JSON."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # A lone surrogate: orjson refuses it, and no JSON text may hold it.
        replaced = [item.encode("utf-8", "replace").decode() for item in ([value] if isinstance(value, str) else value)]
        return orjson.dumps(replaced[0] if isinstance(value, str) else replaced).decode()
