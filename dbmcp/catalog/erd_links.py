"""Foreign keys as lines between relations: how many rows at each end, as the keys and columns make sure of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Constraint
    from dbmcp.catalog.types import Name


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key between two relations: `columns` of the source hold values of `target_columns` of the target.

    `is_required` says that each row of the source points to one of the target, `is_unique` that at most one points to
    it.
    """

    name: str
    source: Name
    columns: tuple[str, ...]
    target: Name
    target_columns: tuple[str, ...]
    is_required: bool
    is_unique: bool


def links(catalog: Catalog, relations: Iterable[Relation]) -> list[Link]:
    """Return the links among these relations, in the relations' order.

    A partitioned table has the keys that each of its partitions has, too: all of its rows keep them.
    """
    chosen = {item.key: item for item in relations}
    parts = partitions(catalog)
    return [_link(item, key) for item in chosen.values() for key in all_keys(item, parts) if key.target in chosen]


def partitions(catalog: Catalog) -> Mapping[Name, Sequence[Relation]]:
    """Return the partitions of each partitioned table."""
    found: dict[Name, list[Relation]] = defaultdict(list)
    for item in catalog.relations:
        if item.bound is not None:
            for parent in item.parents:
                found[parent].append(item)
    return found


def all_keys(item: Relation, parts: Mapping[Name, Sequence[Relation]]) -> tuple[Constraint, ...]:
    """Return the foreign keys of a relation, and those that each of its partitions has."""
    return tuple(_keys(item, parts, item.key))


def _keys(item: Relation, parts: Mapping[Name, Sequence[Relation]], top: Name) -> Iterator[Constraint]:
    yield from item.foreign_keys
    own = {_meaning(key) for key in item.foreign_keys}
    # A partition may be divided again; no engine lets tables be parts of each other.
    below = [
        {_meaning(key): key for key in _keys(part, parts, top)} for part in parts.get(item.key, ()) if part.key != top
    ]
    if below:
        shared = set.intersection(*map(set, below)) - own
        yield from (key for meaning, key in below[0].items() if meaning in shared)


def _meaning(key: Constraint) -> tuple[tuple[str, ...], Name | None, tuple[str, ...]]:
    return key.columns, key.target, key.target_columns


def _link(item: Relation, key: Constraint) -> Link:
    # SQLite's row numbers are never NULL, though nothing says so.
    filled = {column.name for column in item.columns if column.not_null or column.identity is not None}
    return Link(
        key.name,
        item.key,
        key.columns,
        key.target or ("", ""),
        key.target_columns,
        filled.issuperset(key.columns),
        any(unique <= set(key.columns) for unique in _unique(item)),
    )


def _unique(item: Relation) -> Iterator[set[str]]:
    """Return the sets of columns that no two rows have the same values in."""
    for key in item.constraints:
        # A key with a definition of its own is one without overlaps: periods may differ.
        if key.kind in ("primary", "unique") and key.definition is None and key.columns:
            yield set(key.columns)
    for index in item.indexes:
        if index.unique and index.valid and index.predicate is None and index.parts:
            columns = {part.column for part in index.parts}
            if None not in columns:
                yield {column for column in columns if column is not None}
