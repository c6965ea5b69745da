"""What happened: one event per request, answered or refused, for observers to hear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestEnded:
    """One request, refused or answered. Holds no SQL text and no values: a log of it leaks nothing."""

    action: str
    database: str | None
    duration_s: float
    code: str = "ok"
    rows: int | None = None
    bytes: int | None = None


Observer = Callable[[RequestEnded], None]
