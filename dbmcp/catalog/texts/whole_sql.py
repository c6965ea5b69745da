"""The DDL that makes the relations of an empty database, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.catalog.ddl import ddl
from dbmcp.catalog.render import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Catalog, Relation


def write(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return the statements; of all relations, those of the whole database."""
    chosen = None if len(relations) == len(catalog.listed) else relations
    text = ddl(catalog, chosen)
    if len(text.encode()) <= max_bytes:
        return text.rstrip("\n")
    return fitted(text.splitlines(), max_bytes, lambda count: f"-- cut after {count} lines")
