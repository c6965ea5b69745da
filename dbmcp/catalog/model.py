"""The catalog as frozen, product-neutral data. Everything shown of a schema is a function of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `type` is as the engine writes it, `labels` are the texts an enum or a CHECK allows."""

    name: str
    type: str
    not_null: bool = False
    default: str | None = None
    generated: bool = False
    comment: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """A primary, unique or foreign key; the last points to columns of another relation."""

    name: str
    kind: str
    columns: tuple[str, ...]
    target: tuple[str, str] | None = None
    target_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """An index that is no key; `definition` is the engine's own text."""

    name: str
    definition: str
    unique: bool = False


@dataclass(frozen=True)
class Relation:
    """A table or view; `rows` is the engine's estimate, None when it has none."""

    schema: str
    name: str
    kind: str
    rows: int | None = None
    comment: str | None = None
    definition: str | None = None
    columns: tuple[Column, ...] = ()
    keys: tuple[Key, ...] = ()
    indexes: tuple[Index, ...] = ()

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        """Return the columns of the primary key."""
        return next((key.columns for key in self.keys if key.kind == "primary"), ())

    @property
    def foreign_keys(self) -> tuple[Key, ...]:
        """Return the keys that point to other relations."""
        return tuple(key for key in self.keys if key.kind == "foreign")


@dataclass(frozen=True)
class Catalog:
    """All relations of one database that its role may read, in order of schema and name."""

    relations: tuple[Relation, ...] = ()
    default_schema: str = "public"
    # What a bare name in a statement means, and whose rows a relation shows besides its own: those of the tables a
    # view reads, of a table's partitions, children and parents.
    bare: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    dependencies: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = ()
    # Partitions and children, each with what it is one of.
    children: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = ()
    # Functions of the database's own that take one value, and whether it may be a row.
    functions: Mapping[str, bool] = field(default_factory=dict)
    by_name: Mapping[tuple[str, str], Relation] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {(item.schema, item.name): item for item in self.relations})

    @cached_property
    def schemas(self) -> tuple[str, ...]:
        """Return the names of the schemas that hold a relation."""
        return tuple(sorted({item.schema for item in self.relations}))

    @cached_property
    def inbound(self) -> Mapping[tuple[str, str], tuple[tuple[Relation, Key], ...]]:
        """Return, for every relation that is pointed to, the foreign keys that do."""
        found: dict[tuple[str, str], list[tuple[Relation, Key]]] = {}
        for relation in self.relations:
            for key in relation.foreign_keys:
                if key.target is not None:
                    found.setdefault(key.target, []).append((relation, key))
        return {target: tuple(keys) for target, keys in found.items()}

    def shown_name(self, relation: Relation) -> str:
        """Return the name a statement would use: bare in the default schema, else with its schema."""
        return relation.name if relation.schema == self.default_schema else f"{relation.schema}.{relation.name}"

    def find(self, name: str) -> list[Relation]:
        """Return the relations that `name` or `schema.name` may mean: exact first, then without regard to case.

        A bare name means that of the default schema when there is one, else any schema's.
        """
        parts = tuple(_unquoted(part) for part in _PART.findall(name))
        for fold in (str, str.casefold):
            wanted = tuple(map(fold, parts))
            named = [item for item in self.relations if (fold(item.schema), fold(item.name)) == wanted]
            # A table's own name may hold dots, and be asked for without quotes.
            names = {fold(name), *wanted[:1]} if len(wanted) == 1 else {fold(name)}
            named = named or [item for item in self.relations if fold(item.name) in names]
            if named:
                home = [item for item in named if item.schema == self.default_schema]
                return home or named
        return []


def _unquoted(name: str) -> str:
    """Return a part of a name as it is stored, for one that may be quoted as a statement writes it."""
    return name[1:-1].replace('""', '"') if len(name) > 1 and name[0] == name[-1] == '"' else name


# The parts of a dotted name; a dot in quotes is none.
_PART = re.compile(r'"(?:[^"]|"")*"|[^.]+')
