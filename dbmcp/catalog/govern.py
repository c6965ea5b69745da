"""The catalog as a policy lets it be seen: nothing denied, no value of a masked column, no count of hidden rows.

A text of the engine's (a default, a condition, a definition) may hold values. It is left out where it is about what is
hidden: what names a governed table, or, within one, a column that is not shown as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.policy import PLAIN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from dbmcp.catalog.parts import Column, Constraint, Sequence
    from dbmcp.catalog.types import DataType, Name, Type
    from dbmcp.policy import Policy


# Kinds of things that are named as tables are: an index in `needs` is by its table.
_OF_TABLES = ("relation", "index")


def hidden_relations(catalog: Catalog, policy: Policy) -> Mapping[Name, str]:
    """Return the relations that may not be read at all, with the reason.

    They are those that the policy denies, and those that show rows of a governed one: views over it, its partitions,
    children and parents; these at any remove, unless the operator vouches for the view.
    """
    shown_by = _shown_by(catalog)
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


def _shown_by(catalog: Catalog) -> Mapping[Name, set[Name]]:
    found: dict[Name, set[Name]] = {}
    for relation, source in catalog.dependencies:
        found.setdefault(source, set()).add(relation)
    return found


def _below(catalog: Catalog, governed: set[Name]) -> set[Name]:
    """Return the partitions and children of governed tables, at any remove: they hold rows of theirs."""
    children: dict[Name, set[Name]] = {}
    for child, parent in catalog.children:
        children.setdefault(parent, set()).add(child)
    return _reached(children, governed)


def _reached(steps: Mapping[Name, set[Name]], start: Iterable[Name]) -> set[Name]:
    found: set[Name] = set()
    todo = list(start)
    while todo:
        new = steps.get(todo.pop(), set()) - found
        found |= new
        todo.extend(new)
    return found


def _names(catalog: Catalog) -> set[Name]:
    return {*catalog.by_name, *(name for pair in catalog.dependencies for name in pair)}


def govern(catalog: Catalog, policy: Policy) -> Catalog:
    """Return the part of the catalog that a caller may know."""
    hidden = hidden_relations(catalog, policy)
    secret = _Mentions({name for _, name in (*hidden, *policy.tables)})
    # A view that the operator vouches for may be read, and still its text may hold values of what it reads.
    over = _reached(_shown_by(catalog), {*hidden, *policy.tables})
    relations = []
    for item in catalog.relations:
        if item.key not in hidden:
            seen = _governed(item, policy) if item.key in policy.tables else item
            relations.append(_without_texts(seen, secret, item.key in over))
    kept = {item.key: item for item in relations}
    homes = {schema for schema, _ in kept}
    # A schema of which no table is shown is not known, nor is what else it holds.
    unknown = {schema for schema, _ in hidden} - homes
    columns = {name: {column.name for column in item.columns} for name, item in kept.items()}
    relations = [_with_known_targets(item, columns) for item in relations]
    return replace(
        catalog,
        relations=tuple(relations),
        bare={name: target for name, target in catalog.bare.items() if target in kept},
        dependencies=tuple(pair for pair in catalog.dependencies if kept.keys() >= {*pair}),
        children=tuple(pair for pair in catalog.children if kept.keys() >= {*pair}),
        schemas=tuple(item for item in catalog.schemas if item.name in homes),
        types=_types(catalog, relations, policy),
        sequences=_sequences(catalog, relations),
        # What a function does may be to hold values, whatever it is called and whoever calls it.
        functions=tuple(
            replace(item, definition=None)
            for item in catalog.functions
            if item.schema not in unknown and not secret.within(f"{item.arguments} {item.result}")
        ),
        objects=tuple(
            item
            for item in catalog.objects
            if not secret.within(item.definition)
            and (item.schema not in unknown if item.relation is None else item.relation in kept)
        ),
        needs=tuple(
            pair for pair in catalog.needs if all(kind not in _OF_TABLES or (a, b) in kept for kind, a, b in pair)
        ),
    )


class _Mentions:
    """Names that a text may hold, however it writes them."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = re.compile("|".join(map(re.escape, map(_quotable, names)))) if names else None

    def within(self, text: str | None) -> bool:
        """Say whether the text holds one of the names; what may be its name counts."""
        return bool(text and self._names and self._names.search(_quotable(text)))


def _quotable(text: str) -> str:
    """Return a name, or a text that holds names, so that one is found in the other however it is written there."""
    return text.replace('""', '"').casefold()


def _governed(relation: Relation, policy: Policy) -> Relation:
    """Return what may be known of a table of which a part is shown."""
    shown = policy.shown(relation.schema, relation.name, [column.name for column in relation.columns])
    masks = dict(shown.columns)
    denied = {column.name for column in relation.columns} - set(masks)
    touched = _Mentions(denied | {name for name, mask in masks.items() if mask != PLAIN})
    divided = relation.partitioning
    columns = tuple(
        _masked(column) if masks[column.name] != PLAIN else _without_expression(column, touched)
        for column in relation.columns
        if column.name not in denied
    )
    return replace(
        relation,
        columns=columns,
        constraints=tuple(
            item for item in relation.constraints if not denied.intersection(item.columns) and not _tells(item, touched)
        ),
        # A definition may hold values: those of a partial index's condition.
        indexes=tuple(
            item
            for item in relation.indexes
            if not touched.within(item.definition) and not (shown.where and item.predicate)
        ),
        triggers=(),
        policies=(),
        partitioning=replace(divided, parts=(), text="") if divided and touched.within(divided.text) else divided,
        rows=None if shown.where else relation.rows,
        definition=None,
    )


def _tells(item: Constraint, touched: _Mentions) -> bool:
    """Say whether a condition is about what is not shown as it is; a key names columns alone."""
    return item.kind in ("check", "exclusion") and touched.within(
        f"{item.expression} {item.definition} {' '.join(item.columns)}"
    )


def _without_expression(column: Column, touched: _Mentions) -> Column:
    """Leave out what computes a column from those that are hidden; that it is computed may be known."""
    return replace(column, generated="NULL") if touched.within(column.generated) else column


def _masked(column: Column) -> Column:
    comment = f"{column.comment} (masked)" if column.comment else "masked"
    generated = "NULL" if column.generated else None
    return replace(column, default=None, generated=generated, labels=(), comment=comment)


def _without_texts(relation: Relation, secret: _Mentions, is_over: bool) -> Relation:  # noqa: FBT001
    """Leave out of any relation the texts that name what is governed."""
    own = replace(
        relation,
        definition=None if is_over or secret.within(relation.definition) else relation.definition,
        constraints=tuple(
            item
            for item in relation.constraints
            if item.key_names_alone or not secret.within(f"{item.expression} {item.definition}")
        ),
        triggers=tuple(item for item in relation.triggers if not secret.within(item.definition)),
        policies=tuple(item for item in relation.policies if not secret.within(f"{item.using} {item.check}")),
    )
    return own if own != relation else relation


def _with_known_targets(relation: Relation, columns: Mapping[Name, set[str]]) -> Relation:
    """Leave out keys to what is hidden, and parents that are."""
    return replace(
        relation,
        constraints=tuple(
            key
            for key in relation.constraints
            if key.target is None or (key.target in columns and columns[key.target].issuperset(key.target_columns))
        ),
        parents=tuple(parent for parent in relation.parents if parent in columns),
    )


def _sequences(catalog: Catalog, relations: Iterable[Relation]) -> tuple[Sequence, ...]:
    """Return the sequences from which columns that are shown take their numbers."""
    columns = {(*item.key, column.name): column for item in relations for column in item.columns}
    defaults = _quotable("\n".join(filter(None, (column.default for column in columns.values()))))
    return tuple(
        item
        for item in catalog.sequences
        if (item.owner in columns if item.owner else _quotable(item.name) in defaults)
    )


def _types(catalog: Catalog, relations: Iterable[Relation], policy: Policy) -> tuple[Type, ...]:
    """Return the types of columns that are shown; what values a masked column may have is left out of its type."""
    plain: set[Name] = set()
    masked: set[Name] = set()
    for relation in relations:
        table = policy.tables.get(relation.key)
        for column in relation.columns:
            found = masked if table is not None and column.name in table.mask else plain
            found.update(_types_in(catalog, column.data_type))
    return tuple(
        item if (item.schema, item.name) in plain else replace(item, labels=(), checks=(), default=None)
        for item in catalog.types
        if (item.schema, item.name) in plain | masked
    )


def _types_in(catalog: Catalog, data_type: DataType) -> set[Name]:
    """Return the types that a value is made of, of those that the database has made."""
    if data_type.element is not None:
        return _types_in(catalog, data_type.element)
    known = catalog.types_by_name.get(data_type.reference) if data_type.reference else None
    if known is None or data_type.reference is None:
        return set()
    inner = [known.data_type, *(item.data_type for item in known.attributes)]
    return {data_type.reference, *(name for item in inner for name in _types_in(catalog, item))}
