"""The DDL text of a catalog, whole or of some relations: SQL that makes an equal database of an empty one.

What it leaves out, for the catalog does not hold it:

- rows and the state of sequences; owners, privileges, roles; tablespaces, access methods, storage and statistics
  targets of columns, replica identities, the index a table is clustered by, parameters of the indexes behind keys
- on PostgreSQL base types, operators, operator classes, casts, text search parsers and templates, the options of
  foreign servers (they say where another database is) and of wrappers, user mappings, event triggers, publications,
  subscriptions, ordered-set aggregates, canonical functions of ranges, names of NOT NULL constraints; a typed table
  is an ordinary one; an index that is not valid becomes valid, but for one that waits for those of partitions
- versions of extensions: the newest is made
- on SQLite what a statement does on a conflict, settings of the file, and comments that are about no table or column

Roles that a row policy names must be there. What a policy of dbmcp hides is not in the catalog that it left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dbmcp.catalog import ddl_postgresql, ddl_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.types import DataType, Name

_WRITERS = {"postgresql": ddl_postgresql.statements, "sqlite": ddl_sqlite.statements}


def ddl(catalog: Catalog, relations: Iterable[Relation] | None = None) -> str:
    """Return the statements that make the database, or these relations with the types and sequences that they need."""
    wanted = catalog if relations is None else _part(catalog, relations)
    return "".join(f"{statement}\n" for statement in _WRITERS[catalog.dialect](wanted))


def _part(catalog: Catalog, relations: Iterable[Relation]) -> Catalog:
    chosen = {item.key: item for item in relations}
    types: set[Name] = set()
    todo = [column.data_type for item in chosen.values() for column in item.columns]
    while todo:
        todo += _inner(catalog, todo.pop(), types)
    defaults = " ".join(column.default or "" for item in chosen.values() for column in item.columns)
    return replace(
        catalog,
        relations=tuple(chosen.values()),
        schemas=(),
        extensions=(),
        functions=(),
        types=tuple(item for item in catalog.types if (item.schema, item.name) in types),
        sequences=tuple(
            item for item in catalog.sequences if (item.owner[:2] in chosen if item.owner else item.name in defaults)
        ),
        objects=tuple(item for item in catalog.objects if item.relation in chosen),
    )


def _inner(catalog: Catalog, data_type: DataType, found: set[Name]) -> list[DataType]:
    """Note a type that the database has made; return what it is made of."""
    name = data_type.reference
    known = catalog.types_by_name.get(name) if name is not None and name not in found else None
    if known is None or name is None:
        return [data_type.element] if data_type.element else []
    found.add(name)
    return [known.data_type, *(item.data_type for item in known.attributes)]
