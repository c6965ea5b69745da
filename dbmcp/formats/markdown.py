"""A Markdown table (GitHub Flavored Markdown): NULL is empty, pipes and line ends in cells are escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.formats.base import Frame, encode_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.formats.base import Columns, Encoded
    from dbmcp.results import ResultSet


def encode(result: ResultSet, max_bytes: int) -> Encoded:
    """Return header and rows, as many as fit."""
    header = _line([_escaped(column.name) for column in result.columns])
    ruler = _line(["--:" if column.kind in ("integer", "number") else "---" for column in result.columns])
    return encode_lines(result, max_bytes, Frame(f"{header}\n{ruler}\n", _line([]), after_each="\n"), _lines)


def _lines(columns: Columns) -> list[str]:
    escaped = ([_escaped(cell) for cell in column] for column in columns)
    return [_line(row) for row in zip(*escaped, strict=True)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(cell: str | None) -> str:
    if cell is None:
        return ""
    return (
        cell.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("\r\n", "<br>")
        .replace("\n", "<br>")
        .replace("\r", "<br>")
    )
