"""From a dialect's catalog rows to the Catalog.

The rows of each part, the same for every dialect:

- relations: schema, name, kind, estimated rows | None, comment | None, view definition | None
- columns: schema, relation, name, type, not null, default | None, generated, comment | None, labels as JSON | None
- keys: schema, relation, name, primary | unique | foreign, columns as JSON, and for a foreign key the target's
  schema, relation and columns as JSON (null entries: the target's primary key)
- indexes: schema, relation, name, definition, unique
- visible: schema, relation that a bare name finds
- dependencies: schema, relation, schema and relation whose rows it shows
- functions: name of one of the database's own that takes one value, whether that may be a row
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dbmcp.catalog.model import Catalog, Column, Index, Key, Relation

if TYPE_CHECKING:
    from dbmcp.dialects.base import CatalogRows


def build(rows: CatalogRows, default_schema: str) -> Catalog:
    """Return the catalog that the rows describe."""
    columns: dict[tuple[str, str], list[Column]] = defaultdict(list)
    for schema, relation, name, kind, not_null, default, generated, comment, labels in rows["columns"]:
        column = Column(
            name, kind, bool(not_null), default, bool(generated), comment, tuple(json.loads(labels)) if labels else ()
        )
        columns[schema, relation].append(column)
    keys: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for row in rows["keys"]:
        keys[row[0], row[1]].append(_key(row))
    indexes: dict[tuple[str, str], list[Index]] = defaultdict(list)
    for schema, relation, name, definition, unique in rows["indexes"]:
        indexes[schema, relation].append(Index(name, definition, bool(unique)))
    relations = [
        Relation(
            schema,
            name,
            kind,
            estimate,
            comment,
            definition,
            tuple(columns[schema, name]),
            tuple(keys[schema, name]),
            tuple(indexes[schema, name]),
        )
        for schema, name, kind, estimate, comment, definition in rows["relations"]
    ]
    bare = {name: (schema, name) for schema, name in rows["visible"]}
    dependencies = tuple(((row[0], row[1]), (row[2], row[3])) for row in rows["dependencies"])
    children = tuple(((row[0], row[1]), (row[2], row[3])) for row in rows.get("children", ()))
    functions: dict[str, bool] = dict(rows.get("functions", ()))
    return _with_targets(Catalog(tuple(relations), default_schema, bare, dependencies, children, functions))


def _key(row: tuple[Any, ...]) -> Key:
    _, _, name, kind, columns, target_schema, target_relation, target_columns = row
    target = (target_schema, target_relation) if target_relation else None
    pointed = tuple(item for item in json.loads(target_columns or "[]") if item)
    return Key(name, kind, tuple(json.loads(columns or "[]")), target, pointed)


def _with_targets(catalog: Catalog) -> Catalog:
    """Fill in the target columns that a definition left out: they are the target's primary key."""
    if all(key.target_columns for item in catalog.relations for key in item.foreign_keys):
        return catalog
    relations = []
    for item in catalog.relations:
        keys = []
        for key in item.keys:
            pointed = catalog.by_name.get(key.target) if key.target and not key.target_columns else None
            filled = pointed.primary_key if pointed else key.target_columns
            keys.append(Key(key.name, key.kind, key.columns, key.target, filled))
        relations.append(
            Relation(
                item.schema, item.name, item.kind, item.rows, item.comment, item.definition, item.columns,
                tuple(keys), item.indexes,
            )
        )  # fmt: skip
    return replace(catalog, relations=tuple(relations))
