"""JSON for programs: a table a line, each with all of its columns or, in the last one that fits, as many as do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson

from dbmcp.catalog.erd_links import all_keys, partitions
from dbmcp.catalog.joins import join_path
from dbmcp.catalog.render import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Column, Constraint

_MOST_JOINED = 10
_HEAD, _TAIL, _TAIL_BYTES = '{"tables":[\n', "\n]", 200


def write(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return an object: `tables`, `joins` where they are few, and where not all fit `left_off` and `next`."""
    parts = partitions(catalog) if any(item.partitioning for item in relations) else {}
    room = max_bytes - len(_HEAD) - _TAIL_BYTES
    shown: list[str] = []
    for item in relations:
        made = _relation(catalog, item, all_keys(item, parts))
        text = _text(made)
        if len(text.encode()) + 2 > room:
            if not shown:
                shown.append(_narrow(made, room))
            break
        room -= len(text.encode()) + 2
        shown.append(text)
    left = len(relations) - len(shown)
    rest: dict[str, Any] = {"left_off": left, "next": "ask for fewer tables at a time"} if left else {}
    if not left and 1 < len(relations) <= _MOST_JOINED:
        joins = [_join(item) for item in join_path(catalog, [item.key for item in relations])]
        if joins and len(_text(joins).encode()) < room:
            rest["joins"] = joins
    tail = f"{_TAIL},{_text(rest)[1:]}" if rest else f"{_TAIL}}}"
    return _HEAD + ",\n".join(shown) + tail


def _text(value: Any) -> str:
    """Return JSON on one line, in which what does not print is escaped."""
    try:
        text = orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        # Half of a pair of signs, which no encoding takes.
        text = json.dumps(value, separators=(",", ":"))
    return text if text.isprintable() else "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    return json.dumps(sign)[1:-1] if ord(sign) != 0x7F else "\\u007f"


def _narrow(made: dict[str, Any], room: int) -> str:
    """Return a relation that is wider than the budget: its columns alone, and as many as fit."""
    kept = {name: made[name] for name in ("schema", "name", "kind", "rows", "primary_key")}
    if len(_text(kept).encode()) > room // 2:
        # No engine but SQLite has names of any length.
        kept = {"name": cut(made["name"], room // 8)}
    columns: list[Any] = []
    size = len(_text(kept).encode()) + 60
    for column in made["columns"]:
        size += len(_text(column).encode()) + 1
        if size > room:
            break
        columns.append(column)
    return _text({**kept, "columns": columns, "columns_left_off": len(made["columns"]) - len(columns)})


def _relation(catalog: Catalog, relation: Relation, keys: tuple[Constraint, ...]) -> dict[str, Any]:
    constraints = relation.constraints
    return {
        "schema": relation.schema,
        "name": relation.name,
        "kind": relation.kind,
        "comment": relation.comment,
        "rows": relation.rows,
        "columns": [_column(item) for item in relation.readable_columns],
        "primary_key": relation.primary_key,
        "unique": [item.columns for item in constraints if item.kind == "unique"],
        "checks": [item.expression for item in constraints if item.kind == "check"],
        "foreign_keys": [_key(item) for item in keys],
        "indexes": [
            {"name": item.name, "unique": item.unique, "definition": item.definition} for item in relation.indexes
        ],
        "referenced_by": [
            {"schema": source.schema, "table": source.name, **_key(key)}
            for source, key in catalog.inbound.get(relation.key, ())
        ],
        **({"definition": relation.definition} if relation.definition else {}),
    }


def _column(column: Column) -> dict[str, Any]:
    optional = {"default": column.default, "comment": column.comment, "values": column.labels or None}
    return {
        "name": column.name,
        "type": column.type,
        "not_null": column.not_null,
        **{name: value for name, value in optional.items() if value is not None},
        **({"generated": True} if column.is_generated else {}),
    }


def _key(key: Constraint) -> dict[str, Any]:
    return {"columns": key.columns, "target": key.target, "target_columns": key.target_columns}


def _join(join: Any) -> dict[str, Any]:
    return {"source": join.source, "target": join.target, "keys": [_key(key) for key in join.keys]}
