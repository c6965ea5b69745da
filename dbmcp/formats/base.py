"""What every format shares: the encoded text, and fitting lines into a budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Encoded:
    """A result as text: `rows` of it are shown; `clipped` cells are cut after `cell_chars` characters, ending in …."""

    text: str
    rows: int
    clipped: int = 0
    cell_chars: int = 0


def fit(lines: Sequence[str], spent: int, max_bytes: int) -> int:
    """Return how many of the lines fit into what is left of `max_bytes` after `spent`; the first always does."""
    size = spent
    for count, line in enumerate(lines):
        size += len(line) if line.isascii() else len(line.encode("utf-8", "surrogatepass"))
        if size > max_bytes and count:
            return count
    return len(lines)


def clip_row(row: Sequence[str | None], cell_chars: int) -> tuple[list[str | None], int]:
    """Return a row with its cells cut after `cell_chars` characters and marked, and how many were."""
    cells = list(row)
    clipped = 0
    for index, cell in enumerate(cells):
        if cell is not None and len(cell) > cell_chars:
            cells[index] = f"{cell[:cell_chars]}…"
            clipped += 1
    return cells, clipped
