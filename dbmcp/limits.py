"""The budgets of a reply and of a statement: rows, bytes, seconds, size."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """What one reply may hold and one statement may cost; the same on every path."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int = Field(default=500, ge=1, description="Rows of a result when the caller names no limit.")
    max_rows: int = Field(default=10_000, ge=1, description="The most rows a caller may ask for.")
    bytes: int = Field(default=40_000, ge=1_000, description="Bytes of one reply's text; rows beyond are left off.")
    seconds: float = Field(default=30.0, gt=0, le=86_400, description="Seconds a statement may run on the database.")
    wait_seconds: float = Field(default=5.0, gt=0, description="Seconds a statement may wait for a lock.")
    statement_bytes: int = Field(default=65_536, ge=1, le=1_048_576, description="Bytes of SQL text the guard reads.")

    def row_limit(self, asked: int | None) -> int:
        """Return the rows to fetch for what the caller asked, never above `max_rows`."""
        return min(asked if asked is not None else self.rows, self.max_rows)
