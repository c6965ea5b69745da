"""CSV as PostgreSQL's COPY writes it: NULL is empty, an empty text is "" (RFC 4180 quoting, LF line ends)."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from dbmcp.formats.base import Encoded, clip_row, fit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dbmcp.results import ResultSet


class _Lines(list[str]):
    """A list that csv.writer can write to: one entry a row."""

    write = list.append


def encode(result: ResultSet, max_bytes: int) -> Encoded:
    """Return header and rows, as many as fit."""
    limit = min(result.cell_chars, max_bytes)
    lines, clipped = _Lines(), 0
    writer = csv.writer(lines, lineterminator="\n")
    commas = len(result.columns) - 1
    lines.append(_with_empty_texts([column.name for column in result.columns]))
    for row in result.rows:
        if (line := _plain_line(row, commas)) is not None:
            lines.append(line)
        else:
            _write(row, lines, writer.writerow)
        # Only a line longer than the limit can hold a cell that is.
        if len(lines[-1]) > limit:
            cells, cut = clip_row(row, limit)
            clipped += cut
            lines[-1] = _with_empty_texts(cells)
    shown = fit(lines[1:], len(lines[0].encode("utf-8", "surrogatepass")), max_bytes)
    return Encoded("".join(lines[: shown + 1]), shown, clipped, limit)


def _write(row: Sequence[str | None], lines: _Lines, by_module: Callable[[Sequence[str | None]], object]) -> None:
    """Append the line of a row: by csv.writer, which is fast, unless it holds an empty text."""
    cells = tuple(row)
    # csv.writer leaves a lone carriage return without quotes.
    if "" in cells or cells == (None,) or any(cell is not None and "\r" in cell for cell in cells):
        lines.append(_with_empty_texts(cells))
    else:
        by_module(cells)


def _plain_line(row: Sequence[str | None], commas: int) -> str | None:
    """Return the line of a row that needs no quotes and has no NULL, or None: half the time csv.writer takes."""
    try:
        line = ",".join(row)  # type: ignore[arg-type]
    except TypeError:
        return None
    if line.count(",") != commas or '"' in line or "\n" in line or "\r" in line:
        return None
    if not line or line[0] == "," or line[-1] == "," or ",," in line:
        return None
    return line + "\n"


def _with_empty_texts(row: Sequence[str | None]) -> str:
    """Write a row in which an empty text is told from a NULL; csv.writer writes both as nothing."""
    cells = []
    for cell in row:
        if cell is None:
            cells.append("")
        elif cell == "" or "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
            cells.append('"' + cell.replace('"', '""') + '"')
        else:
            cells.append(cell)
    return ",".join(cells) + "\n"
