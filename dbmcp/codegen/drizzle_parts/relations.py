"""Relations in Drizzle: both ends of every foreign key between tables that are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dbmcp.codegen.drizzle_parts.constraints import member
from dbmcp.codegen.drizzle_parts.layout import Calls, Function, Items, Node, Properties, call
from dbmcp.codegen.typescript_parts.source import literal, object_key

if TYPE_CHECKING:
    from dbmcp.catalog.types import Name
    from dbmcp.codegen.links import Link
    from dbmcp.codegen.plan import Model


def relations(model: Model, written: Mapping[Name, Model]) -> Calls | None:
    """Return the relations of a table, None where it has none."""
    links = [link for link in model.links if link.target in written and link.owner in written]
    if not links:
        return None
    ends = [_end(model, link, written) for link in links]
    helpers = [name for name in ("one", "many") if any(end.parts[0][0] == name for end in ends)]
    found = Properties(tuple((object_key(link.name), end) for link, end in zip(links, ends, strict=True)), is_open=True)
    return call("relations", model.name, Function(f"({{ {', '.join(helpers)} }})", found))


def _end(model: Model, link: Link, written: Mapping[Name, Model]) -> Calls:
    owner, target = written[link.owner], written[link.target]
    is_alone = link.is_only and link.target != model.relation.key
    forward = link.name if link.is_owner else link.back
    name: tuple[tuple[str, Node], ...] = () if is_alone else (("relationName", literal(f"{owner.name}_{forward}")),)
    if link.is_owner:
        columns = Items(tuple(member(model.name, model.attributes[each]) for each in link.key.columns))
        others = Items(tuple(member(target.name, target.attributes[each]) for each in link.key.target_columns))
        return call("one", target.name, Properties((("fields", columns), ("references", others), *name), is_open=True))
    # The one row that may point here has a type that says so only where no other key joins the two tables.
    if link.kind == "one to one" and is_alone:
        return call("one", target.name)
    return call("many", target.name, *((Properties(name),) if name else ()))
