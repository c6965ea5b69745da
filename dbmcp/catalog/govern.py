"""The catalog as a policy lets it be seen: nothing denied, no value of a masked column, no count of hidden rows."""

from __future__ import annotations

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
    below = _below(catalog, governed)
    todo = [*governed, *below]
    hidden.update(dict.fromkeys(below - governed, _SHOWS))
    while todo:
        for relation in shown_by.get(todo.pop(), ()):
            if relation not in hidden and relation not in governed and not policy.allows_view(*relation):
                hidden[relation] = _SHOWS
                todo.append(relation)
    return hidden


_SHOWS = "it shows rows of a table that is under a policy"


def _below(catalog: Catalog, governed: set[Name]) -> set[Name]:
    """Return the partitions and children of governed tables, at any remove: they hold rows of theirs."""
    children: dict[Name, set[Name]] = {}
    for child, parent in catalog.children:
        children.setdefault(parent, set()).add(child)
    found: set[Name] = set()
    todo = list(governed)
    while todo:
        new = children.get(todo.pop(), set()) - found
        found |= new
        todo.extend(new)
    return found


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
    kept = {(item.schema, item.name): item for item in relations}
    columns = {name: {column.name for column in item.columns} for name, item in kept.items()}
    cleaned = tuple(
        replace(
            item,
            keys=tuple(
                key
                for key in item.keys
                if key.target is None or (key.target in kept and columns[key.target].issuperset(key.target_columns))
            ),
        )
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
            item
            for item in relation.indexes
            if not any(_quotable(name) in _quotable(item.definition) for name in touched)
        ),
        rows=None if shown.where else relation.rows,
        definition=None,
    )


def _quotable(text: str) -> str:
    """Return a name, or a text that holds names, so that one is found in the other however it is written there."""
    return text.replace('""', '"').casefold()


def _masked(column: Column) -> Column:
    comment = f"{column.comment} (masked)" if column.comment else "masked"
    return replace(column, default=None, labels=(), comment=comment)
