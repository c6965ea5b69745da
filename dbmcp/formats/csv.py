"""CSV as PostgreSQL's COPY writes it: NULL is empty, an empty text is "" (RFC 4180 quoting, LF line ends).

Columns are quoted one at a time, for most need no quotes at all, and that is seen in one look at the whole column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from dbmcp.formats.base import Frame, encode_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.formats.base import Columns, Encoded
    from dbmcp.results import ResultSet


def encode(result: ResultSet, max_bytes: int) -> Encoded:
    """Return header and rows, as many as fit."""
    header = ",".join(_quoted(column.name) for column in result.columns)
    return encode_lines(result, max_bytes, Frame(f"{header}\n", "\n"), _lines)


def _lines(columns: Columns) -> list[str]:
    rows = zip(*map(_cells, columns), strict=True)
    return [f"{line}\n" for line in map(",".join, rows)]


def _cells(column: Sequence[str | None]) -> Sequence[str]:
    """Return the cells of one column as they stand between the commas."""
    texts = cast("Sequence[str]", column) if all(column) else [cell for cell in column if cell is not None]
    if all(texts) and not _is_special("".join(texts)):
        return texts if len(texts) == len(column) else [cell or "" for cell in column]
    return [
        "" if cell is None else '"' + cell.replace('"', '""') + '"' if not cell or _is_special(cell) else cell
        for cell in column
    ]


def _quoted(cell: str) -> str:
    return _cells((cell,))[0]


def _is_special(text: str) -> bool:
    # Four searches for one character each are ten times as fast as one regular expression.
    return '"' in text or "," in text or "\n" in text or "\r" in text
