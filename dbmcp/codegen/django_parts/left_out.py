"""What Django cannot say of the tables that it has models of, for the header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.types import Name
    from dbmcp.codegen.django_parts.relations import Shape
    from dbmcp.codegen.plan import Plan


def without_dollars(catalog: Catalog) -> tuple[Catalog, list[tuple[Name, str]]]:
    """Return a catalog without what PostgreSQL's Django refuses to name, and the table and column of each."""
    if catalog.dialect != "postgresql":
        return catalog, []
    refused = [(item.key, "") for item in catalog.relations if "$" in item.name]
    kept = []
    for item in catalog.relations:
        gone = {column.name for column in item.columns if "$" in column.name}
        refused += [(item.key, f"{name} of {item.name}") for name in sorted(gone)]
        if "$" not in item.name:
            kept.append(_without(item, gone))
    return (replace(catalog, relations=tuple(kept)), refused) if refused else (catalog, [])


def _without(item: Relation, gone: set[str]) -> Relation:
    keys = [key for key in item.constraints if not gone & {*key.columns, *key.include}]
    return replace(
        item,
        columns=tuple(column for column in item.columns if column.name not in gone),
        constraints=tuple(key for key in keys if not any("$" in name for name in key.target_columns)),
        indexes=tuple(each for each in item.indexes if not gone & {*each.include, *(p.column for p in each.parts)}),
    )


def note(plan: Plan, shapes: Mapping[Name, Shape]) -> None:
    """Note all that a database's tables have and Django's models do not."""
    for shape in shapes.values():
        item = shape.model.relation
        shown = plan.shown_name(item.key)
        for trigger in item.triggers:
            plan.leave_out("triggers", f"{trigger.name} of {shown}")
        if item.row_security or item.policies:
            plan.leave_out("row security", shown)
        written = {link.key for link in shape.model.links if link.is_owner}
        for key in item.foreign_keys:
            named = f"{key.name or '(' + ', '.join(key.columns) + ')'} of {shown}"
            if key not in written and plan.choices.relationships:
                plan.leave_out("foreign keys to what has no model, or said by another", named)
            elif key.on_update or key.on_delete == "set default" or key.match or key.set_columns:
                plan.leave_out("ON UPDATE, MATCH and SET DEFAULT of foreign keys", named)
