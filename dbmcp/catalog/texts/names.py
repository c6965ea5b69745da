"""Names: a line a relation, with its kind when it is no table, estimated rows and the beginning of its comment."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dbmcp.catalog.render import TABLES, commented, fitted, quoted, shown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Catalog, Relation

_COMMENT_CHARS = 120


def write(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return the names, from the first one."""
    return page(catalog, relations, max_bytes)


def page(catalog: Catalog, relations: Sequence[Relation], max_bytes: int, offset: int = 0) -> str:
    """Return the names from one on; where more follow, how to get them, and how many tables each schema has."""
    shown = relations[offset:]

    def note(count: int) -> str:
        more = len(shown) - count
        text = f"-- {more} more of {len(relations)}: offset={offset + count} goes on"
        schemas = Counter(item.schema for item in relations)
        if len(schemas) > 1:
            counts = ", ".join(f"{quoted(name)} {number}" for name, number in schemas.most_common())
            text += f"; pattern schema.* shows one of the schemas: {counts}"
        return text

    return fitted((line_of(catalog, item) for item in shown), max_bytes, note)


def line_of(catalog: Catalog, relation: Relation) -> str:
    """Return one relation's name, with what is told beside it."""
    notes = [relation.kind] if relation.kind not in TABLES else []
    if relation.rows is not None:
        notes.append(f"{relation.rows} rows")
    name = shown_name(catalog, relation)
    return commented(f"{name} ({', '.join(notes)})" if notes else name, relation.comment, _COMMENT_CHARS)
