"""What a database answered: columns and rows of text, as the engine prints them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

# "any" is for a column of which only the values have types.
ValueKind = Literal["integer", "number", "boolean", "json", "text", "any"]


@dataclass(frozen=True, slots=True)
class Column:
    """A result's column: its name as the statement gives it, the engine's type name, and how JSON should show it."""

    name: str
    type: str
    kind: ValueKind = "text"


@dataclass(frozen=True, slots=True)
class ResultSet:
    """Rows of one statement; every value is the engine's own text, or None for NULL.

    `more` says that the database held at least one row beyond `rows`. A cell longer than `cell_chars`
    was cut by the engine after `cell_chars` + 1 characters.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str | None]]
    more: bool = False
    cell_chars: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the engine's planner expects of a statement: its plan as text, and its cost and rows where it has them.

    `cost` is in the planner's own units, with the row limit; `rows` is without it.
    """

    plan: str
    cost: float | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What the engine says of a statement without running it: the type of each placeholder, and the columns.

    A type is an empty text where the engine has none before it runs.
    """

    parameters: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a result may come over the wire: rows, characters of one cell, bytes in all, seconds."""

    rows: int
    bytes: int
    seconds: float
    # Rows times unbounded cells must fit in here, so that a result's memory is known before it is fetched.
    memory_chars: int = field(default=8_000_000)

    def cell_chars(self, unbounded_columns: int) -> int:
        """Return how many characters of a cell are fetched, for a row with so many unbounded columns."""
        share = self.memory_chars // ((self.rows + 1) * max(unbounded_columns, 1))
        return max(min(share, self.bytes), 100)

    def useful(self, columns: int) -> Bounds:
        """Return the bounds for rows of so many columns: an empty row is a byte a column, and no more fit the reply."""
        most = self.bytes // max(columns, 1) + 1
        return self if self.rows <= most else replace(self, rows=most)
