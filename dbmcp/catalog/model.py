"""The catalog as frozen, product-neutral data. Everything shown of a schema is a function of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from dbmcp.catalog.parts import (
    Column,
    Constraint,
    Extension,
    Function,
    Index,
    Partitioning,
    RowPolicy,
    Schema,
    SchemaObject,
    Sequence,
    Trigger,
)
from dbmcp.catalog.types import Name, Type

# What DDL makes one by one: a "relation", "type" or "function" with its schema and name; a function's with arguments.
Thing: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True)
class Relation:
    """A table or view; `rows` is the engine's estimate, None when it has none.

    `kind` is "table", "partitioned table", "foreign table", "view", "materialized view", on SQLite "virtual table" or
    "shadow table", in which a virtual table keeps its rows. `definition` is the query of a view; on SQLite, of views
    and virtual tables, the statement that made them.
    `parents` are the tables it inherits from, or the one it is a partition of when `bound` says which rows it takes.
    `server` and `server_options` say where the rows of a foreign table are. `options` are as CREATE TABLE takes them.
    `made_by` names the extension or the virtual table that made it,
    and would make it again. `readable` says whether the role may select any of its columns.
    """

    schema: str
    name: str
    kind: str
    rows: int | None = None
    comment: str | None = None
    definition: str | None = None
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    policies: tuple[RowPolicy, ...] = ()
    row_security: Literal["enabled", "forced", "forced when enabled"] | None = None
    parents: tuple[Name, ...] = ()
    bound: str | None = None
    partitioning: Partitioning | None = None
    unlogged: bool = False
    options: tuple[str, ...] = ()
    server: str | None = None
    server_options: tuple[str, ...] = ()
    made_by: str | None = None
    readable: bool = True

    @property
    def key(self) -> Name:
        """Return schema and name."""
        return self.schema, self.name

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        """Return the columns of the primary key."""
        return next((item.columns for item in self.constraints if item.kind == "primary"), ())

    @property
    def foreign_keys(self) -> tuple[Constraint, ...]:
        """Return the keys that point to other relations."""
        return tuple(item for item in self.constraints if item.kind == "foreign")

    @property
    def is_part(self) -> bool:
        """Say whether another table has its rows: the partitioned or the virtual table that it is a part of."""
        return self.bound is not None or self.kind == "shadow table"

    @property
    def readable_columns(self) -> tuple[Column, ...]:
        """Return the columns that the role may select."""
        return tuple(item for item in self.columns if item.readable)


@dataclass(frozen=True)
class Catalog:
    """All that one database holds, in order of schema and name, whether its role may read it or not."""

    relations: tuple[Relation, ...] = ()
    default_schema: str = "public"
    # What a bare name in a statement means, and whose rows a relation shows besides its own: those of the tables a
    # view reads, of a table's partitions, children and parents.
    bare: Mapping[str, Name] = field(default_factory=dict)
    dependencies: tuple[tuple[Name, Name], ...] = ()
    # Partitions and children, each with what it is one of.
    children: tuple[tuple[Name, Name], ...] = ()
    dialect: str = "postgresql"
    schemas: tuple[Schema, ...] = ()
    types: tuple[Type, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    functions: tuple[Function, ...] = ()
    extensions: tuple[Extension, ...] = ()
    objects: tuple[SchemaObject, ...] = ()
    # What must be there before a thing can be made.
    needs: tuple[tuple[Thing, Thing], ...] = ()
    search_path: str = ""
    by_name: Mapping[Name, Relation] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {item.key: item for item in self.relations})

    @cached_property
    def listed(self) -> tuple[Relation, ...]:
        """Return the relations for a caller to choose from: no parts of others, and none that the role may not read."""
        return tuple(item for item in self.relations if item.readable and not item.is_part)

    @cached_property
    def schema_names(self) -> tuple[str, ...]:
        """Return the names of the schemas that hold a relation."""
        return tuple(sorted({item.schema for item in self.listed}))

    @cached_property
    def types_by_name(self) -> Mapping[Name, Type]:
        """Return the types that the database has made."""
        return {(item.schema, item.name): item for item in self.types}

    @cached_property
    def inbound(self) -> Mapping[Name, tuple[tuple[Relation, Constraint], ...]]:
        """Return, for every relation that is pointed to, the foreign keys that do."""
        found: dict[Name, list[tuple[Relation, Constraint]]] = {}
        for relation in self.listed:
            for key in relation.foreign_keys:
                if key.target is not None:
                    found.setdefault(key.target, []).append((relation, key))
        return {target: tuple(keys) for target, keys in found.items()}

    def shown_name(self, relation: Relation) -> str:
        """Return the name a statement would use: bare in the default schema, else with its schema."""
        return relation.name if relation.schema == self.default_schema else f"{relation.schema}.{relation.name}"

    def find(self, name: str) -> list[Relation]:
        """Return the relations that `name` or `schema.name` may mean: exact first, then without regard to case.

        A bare name means that of the default schema when there is one, else any schema's. A partition, or what the
        role may not read, is found when nothing else is meant.
        """
        return self._find(name, self.listed) or self._find(name, self.relations)

    def _find(self, name: str, among: tuple[Relation, ...]) -> list[Relation]:
        wanted = parts_of(name)
        for fold in (str, str.casefold):
            parts = tuple(map(fold, wanted))
            named = [item for item in among if (fold(item.schema), fold(item.name)) == parts]
            # A table's own name may hold dots, and be asked for without quotes.
            names = {fold(name), *parts[:1]} if len(parts) == 1 else {fold(name)}
            named = named or [item for item in among if fold(item.name) in names]
            if named:
                home = [item for item in named if item.schema == self.default_schema]
                return home or named
        return []


def names_in(name: str) -> set[str]:
    """Return the names that a relation may have that is meant by a name, as it is written."""
    return {name, *parts_of(name)[-1:]}


def parts_of(name: str) -> list[str]:
    """Return the parts of a name that may have its schema before a dot, each as it is stored."""
    return [_unquoted(part) for part in _PART.findall(name)]


def _unquoted(name: str) -> str:
    """Return a part of a name as it is stored, for one that may be quoted as a statement writes it."""
    escaped = name[:3] in ('U&"', 'u&"') and name[3:].endswith('"')
    if escaped:
        return _ESCAPE.sub(_stored, name[3:-1].replace('""', '"'))
    return name[1:-1].replace('""', '"') if len(name) > 1 and name[0] == name[-1] == '"' else name


def _stored(escape: re.Match[str]) -> str:
    code = int(escape["short"] or escape["long"] or "5C", 16)
    return chr(code) if code <= sys.maxunicode else escape[0]


# The parts of a dotted name; a dot in quotes is none.
_PART = re.compile(r'(?:[Uu]&)?"(?:[^"]|"")*"|[^.]+')
# How PostgreSQL takes a sign that does not print, in a name that begins with U&.
_ESCAPE = re.compile(r"\\(?:\\|(?P<short>[0-9A-Fa-f]{4})|\+(?P<long>[0-9A-Fa-f]{6}))")
