"""A Markdown table (GitHub Flavored Markdown): NULL is empty, pipes and line ends in cells are escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.formats.base import Encoded, clip_row, fit

if TYPE_CHECKING:
    from dbmcp.results import ResultSet


def encode(result: ResultSet, max_bytes: int) -> Encoded:
    """Return header and rows, as many as fit."""
    limit = min(result.cell_chars, max_bytes)
    header = _line([_escaped(column.name) for column in result.columns])
    ruler = _line(["--:" if column.kind in ("integer", "number") else "---" for column in result.columns])
    lines, clipped = [], 0
    for row in result.rows:
        cells, cut = clip_row(row, limit)
        clipped += cut
        lines.append(_line([_escaped(cell) for cell in cells]))
    shown = fit(lines, len((header + ruler).encode("utf-8", "surrogatepass")), max_bytes)
    return Encoded(header + ruler + "".join(lines[:shown]), shown, clipped, limit)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


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
