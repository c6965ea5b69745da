"""What formats share: the encoded text, fitting lines into a budget, values as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from dbmcp.errors import QueryFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dbmcp.results import ResultSet

    Columns = Sequence[Sequence[str | None]]

# 2^53 has 16 digits; JavaScript's numbers are exact to 15 (IEEE 754 double precision).
_EXACT_INTEGER = re.compile(r"-?\d{1,15}")
_EXACT_NUMBER = re.compile(r"-?(?=(?:\.?\d){1,15}(?:e|$))\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?")


# As many bytes as a character takes at most as it is sent: an escaped control character has six.
_MOST_BYTES = 6
# As few characters as a cell keeps when the first row has to be cut to fit: every number of 64 bits stays whole.
_FEWEST_CHARS = 32


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
    after_each: str = ""
    closing: str = ""

    def around(self, lines: Sequence[str]) -> str:
        """Return the text of these lines."""
        last = self.after_each if lines else ""
        return f"{self.opening}{(self.after_each + self.between).join(lines)}{last}{self.closing}"


def encode_lines(result: ResultSet, max_bytes: int, frame: Frame, write: Callable[[Columns], list[str]]) -> Encoded:
    """Return a result as `frame` and the lines that `write` makes of its columns, a line a row, as many as fit.

    Results are written column by column, for what is true of one cell of a column is true of most. The text takes at
    most `max_bytes` as it is sent, in UTF-8 and as a string of JSON. A first row that is longer has its cells cut.

    Raises:
        QueryFailed: the names of the columns alone are longer.
    """
    room = max_bytes - _sent_bytes(frame.around(()))
    if room < 0:
        message = f"The names of the columns alone are longer than a reply may be ({max_bytes} bytes)."
        raise QueryFailed(message, hint="Select fewer columns, or give them shorter names.")
    limit = min(result.cell_chars, max_bytes)
    columns: Columns = list(zip(*result.rows, strict=True))
    lines = write(columns) if columns else [frame.empty] * len(result.rows)
    cut_in: list[int] = []
    # Only a line longer than the limit can hold a cell that is.
    if max(map(len, lines), default=0) > limit:
        columns, cut_in = _clip(columns, limit)
        lines = write(columns) if cut_in else lines
    text, shown = frame.around(lines), len(lines)
    if len(text) * _MOST_BYTES > max_bytes and _sent_bytes(text) > max_bytes:
        shown = _fit(lines, frame, room)
        if not shown and columns:
            first = [column[:1] for column in columns]
            limit = _cell_chars(first, limit, room - _sent_bytes(frame.after_each), write)
            columns, cut_in = _clip(columns, limit)
            lines = write(columns)
            shown = _fit(lines, frame, room)
        text = frame.around(lines[:shown])
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


def _cell_chars(row: Columns, too_many: int, room: int, write: Callable[[Columns], list[str]]) -> int:
    """Return after how many characters the cells of one row are cut so that its line fits, if by any number it does."""
    fitting = min(_FEWEST_CHARS, too_many)
    while fitting + 1 < too_many:
        middle = (fitting + too_many) // 2
        if _sent_bytes(write(_clip(row, middle)[0])[0]) <= room:
            fitting = middle
        else:
            too_many = middle
    return fitting


def _fit(lines: Sequence[str], frame: Frame, room: int) -> int:
    """Return how many of the lines fit, with what stands between them."""
    between, after = _sent_bytes(frame.between), _sent_bytes(frame.after_each)
    room += between
    for count, line in enumerate(lines):
        room -= _sent_bytes(line) + after + between
        if room < 0:
            return count
    return len(lines)


def _sent_bytes(text: str) -> int:
    """Return the bytes of a text as it is sent, in a string of JSON: a line end takes two, a control character six."""
    try:
        return len(orjson.dumps(text)) - 2
    except TypeError:
        return len(orjson.dumps(_sendable(text))) - 2


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
        return orjson.dumps([*map(_sendable, value)] if isinstance(value, list) else _sendable(value)).decode()


def _sendable(text: str) -> str:
    """Return a text without lone surrogates: orjson refuses them, and no JSON text may hold one."""
    return text.encode("utf-8", "replace").decode()
