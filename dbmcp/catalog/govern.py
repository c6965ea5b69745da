"""The catalog as a policy lets it be seen: nothing denied, no value of a masked column, no count of hidden rows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dbmcp.catalog.model import Catalog, Column, Relation
from dbmcp.policy import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbmcp.policy import Policy

Name = tuple[str, str]


def hidden_relations(catalog: Catalog, policy: Policy) -> Mapping[Name, str]:
    """Return the relations that may not be read at all, with the reason.

    They are those that the policy denies, and those that show rows of a governed one: views over it, its partitions,
    children and parents; these at any remove, unless the operator vouches for the view.
    """
    shown_by: dict[Name, set[Name]] = {}
    for relation, source in catalog.dependencies:
        shown_by.setdefault(source, set()).add(relation)
    governed = {item for item in _names(catalog) if policy.governs(*item)}
    hidden = {item: "the policy denies it" for item in governed if policy.denies(*item)}
    todo = list(governed)
    while todo:
        for relation in shown_by.get(todo.pop(), ()):
            if relation not in hidden and relation not in governed and not policy.allows_view(*relation):
                hidden[relation] = "it shows rows of a table that is under a policy"
                todo.append(relation)
    return hidden


def _names(catalog: Catalog) -> set[Name]:
    return {*catalog.by_name, *(name for pair in catalog.dependencies for name in pair)}


def govern(catalog: Catalog, policy: Policy) -> Catalog:
    """Return the part of the catalog that a caller may know."""
    hidden = hidden_relations(catalog, policy)
    relations = []
    for relation in catalog.relations:
        name = (relation.schema, relation.name)
        if name not in hidden:
            relations.append(_governed(relation, policy) if name in policy.tables else relation)
    kept = {(item.schema, item.name) for item in relations}
    cleaned = tuple(
        replace(item, keys=tuple(key for key in item.keys if key.target is None or key.target in kept))
        for item in relations
    )
    return replace(catalog, relations=cleaned)


def _governed(relation: Relation, policy: Policy) -> Relation:
    shown = policy.shown(relation.schema, relation.name, [column.name for column in relation.columns])
    masks = dict(shown.columns)
    denied = {column.name for column in relation.columns} - set(masks)
    touched = denied | {name for name, mask in masks.items() if mask != PLAIN}
    columns = tuple(
        column if masks[column.name] == PLAIN else _masked(column)
        for column in relation.columns
        if column.name not in denied
    )
    return replace(
        relation,
        columns=columns,
        keys=tuple(key for key in relation.keys if not denied.intersection(key.columns)),
        # A definition may hold values: those of a partial index's condition.
        indexes=tuple(
            item for item in relation.indexes if not touched.intersection(re.findall(r"\w+", item.definition))
        ),
        rows=None if shown.where else relation.rows,
        definition=None,
    )


def _masked(column: Column) -> Column:
    comment = f"{column.comment} (masked)" if column.comment else "masked"
    return replace(column, default=None, labels=(), comment=comment)
