"""Which tables and views are written."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.codegen.base import Choices

VIEWS = ("view", "materialized view")


def selected(catalog: Catalog, choices: Choices) -> tuple[Relation, ...]:
    """Return the relations that the choices ask for, in the catalog's order; partitions with what they are parts of."""
    wanted = [_pattern(text) for text in choices.tables]
    schemas = [_pattern(text) for text in choices.schemas]
    return tuple(item for item in known(catalog, choices) if _is_wanted(catalog, item, wanted, schemas))


def known(catalog: Catalog, choices: Choices) -> Iterator[Relation]:
    """Return every relation that could be written."""
    for item in catalog.relations:
        if item.readable and item.kind != "shadow table" and (choices.views or item.kind not in VIEWS):
            yield item


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(translate(text), re.IGNORECASE)


def _is_wanted(catalog: Catalog, item: Relation, wanted: list[re.Pattern[str]], schemas: list[re.Pattern[str]]) -> bool:
    if schemas and not any(pattern.match(item.schema) for pattern in schemas):
        return False
    if not wanted or any(pattern.match(name) for pattern in wanted for name in (item.name, ".".join(item.key))):
        return True
    whole = catalog.by_name.get(item.parents[0]) if item.bound is not None and item.parents else None
    return whole is not None and _is_wanted(catalog, whole, wanted, schemas)
