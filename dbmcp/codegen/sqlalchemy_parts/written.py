"""A type as SQLAlchemy has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbmcp.codegen.python_source import Source


@dataclass(frozen=True, slots=True)
class Written:
    """A type, and the annotation of its values. `sa`, `pg`, `_dt`, `_decimal` and `_uuid` are imported where named."""

    source: Source
    annotation: str
