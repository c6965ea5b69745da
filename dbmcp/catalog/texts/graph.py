"""How relations hang together, as data for programs: relations are nodes; keys, views, children are edges."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dbmcp.catalog.erd_links import links
from dbmcp.catalog.names import qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.types import Name

_VIEWS = ("view", "materialized view")


def write(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return the graph of these relations as JSON on one line; where not all fit, `left_off` says how many do not.

    All that are listed bring what is a part of them: partitions, with their edges.
    """
    chosen = None if len(relations) == len(catalog.listed) else relations
    text = _text(graph(catalog, chosen))
    shown = relations
    while len(text) > max_bytes and shown:
        # Their edges leave with them.
        shown = shown[: len(shown) * 3 // 4]
        text = _text({**graph(catalog, shown), "left_off": len(relations) - len(shown)})
    return text


def _text(found: dict[str, Any]) -> str:
    # What does not print is escaped, half a pair of signs too; so a sign is a byte.
    return json.dumps(found, separators=(",", ":"))


def graph(catalog: Catalog, relations: Iterable[Relation] | None = None) -> dict[str, Any]:
    """Return `{"dialect", "nodes": […], "edges": […]}` of these relations, or of all that the role may read.

    A node's `id` is its name as SQL writes it, with its schema. An edge goes from the relation that depends on the
    other: `kind` is "foreign key", "reads" (a view; on SQLite nothing tells), "partition of" or "inherits". A foreign
    key has `columns`, `target_columns`, `required` (each row points to one) and `unique` (at most one points to a row).
    """
    chosen = [item for item in catalog.relations if item.readable] if relations is None else list(relations)
    return {
        "dialect": catalog.dialect,
        "nodes": [_node(item) for item in chosen],
        "edges": list(_edges(catalog, chosen)),
    }


def _node(item: Relation) -> dict[str, Any]:
    node: dict[str, Any] = {"id": qualified(*item.key), "schema": item.schema, "name": item.name, "kind": item.kind}
    if item.rows is not None:
        node["rows"] = item.rows
    if item.comment:
        node["comment"] = item.comment
    node["columns"] = len(item.readable_columns)
    node["primary_key"] = list(item.primary_key)
    return node


def _edges(catalog: Catalog, chosen: list[Relation]) -> Iterator[dict[str, Any]]:
    known = {item.key: item for item in chosen}
    for link in links(catalog, chosen):
        yield {
            **_edge("foreign key", link.source, link.target),
            "name": link.name,
            "columns": list(link.columns),
            "target_columns": list(link.target_columns),
            "required": link.is_required,
            "unique": link.is_unique,
        }
    for source, target in sorted(set(catalog.dependencies)):
        if source in known and target in known and known[source].kind in _VIEWS:
            yield _edge("reads", source, target)
    for item in chosen:
        kind = "partition of" if item.bound is not None else "inherits"
        yield from (_edge(kind, item.key, parent) for parent in item.parents if parent in known)


def _edge(kind: str, source: Name, target: Name) -> dict[str, Any]:
    return {"kind": kind, "source": qualified(*source), "target": qualified(*target)}
