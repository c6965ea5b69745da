"""The parts of a relation, and what else lies in a schema, as frozen, product-neutral data.

Expressions, conditions and definitions are the engine's own texts, printed with every name qualified.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from dbmcp.catalog.types import UNKNOWN, DataType, Name

Action: TypeAlias = Literal["restrict", "cascade", "set null", "set default"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A source of numbers. `owner` is the schema, relation and column that it is dropped with."""

    schema: str
    name: str
    type: str
    start: int = 1
    increment: int = 1
    minimum: int = 1
    maximum: int = 9_223_372_036_854_775_807
    cache: int = 1
    cycle: bool = False
    comment: str | None = None
    owner: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """How the engine numbers the rows of a column.

    On SQLite an INTEGER PRIMARY KEY is the "rowid", and with AUTOINCREMENT never gives a number twice.
    """

    kind: Literal["always", "by default", "rowid", "autoincrement"]
    sequence: Sequence | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `type` is as the engine writes it, `labels` are the texts an enum or a CHECK allows.

    `generated` is the expression that it is computed by, which is `stored` or computed anew for each reading.
    `collation` is set where it is not the type's own. `readable` says whether the role may select it.
    """

    name: str
    type: str
    not_null: bool = False
    default: str | None = None
    generated: str | None = None
    comment: str | None = None
    labels: tuple[str, ...] = ()
    data_type: DataType = UNKNOWN
    identity: Identity | None = None
    stored: bool = True
    collation: Name | None = None
    options: tuple[str, ...] = ()
    readable: bool = True

    @property
    def is_generated(self) -> bool:
        """Say whether the engine gives its values: an expression's, or numbers that nobody need write."""
        return self.generated is not None or (self.identity is not None and self.identity.kind in _IDENTITIES)


_IDENTITIES = ("always", "by default")


@dataclass(frozen=True, slots=True)
class Constraint:
    """A primary, unique or foreign key, a check or an exclusion; a foreign key points to columns of a relation.

    `columns` are those it is about, of a check those it reads. `expression` is a check's; `definition` is the text of
    what cannot be said by the other fields: exclusions, and keys without overlaps. `on_update` and `on_delete` are
    None for NO ACTION; `set_columns` are those that ON DELETE sets, where they are not all.
    """

    name: str
    kind: Literal["primary", "unique", "foreign", "check", "exclusion"]
    columns: tuple[str, ...]
    target: Name | None = None
    target_columns: tuple[str, ...] = ()
    expression: str | None = None
    comment: str | None = None
    match: Literal["full", "partial"] | None = None
    on_update: Action | None = None
    on_delete: Action | None = None
    set_columns: tuple[str, ...] = ()
    definition: str | None = None
    include: tuple[str, ...] = ()
    deferrable: bool = False
    deferred: bool = False
    validated: bool = True
    nulls_not_distinct: bool = False
    no_inherit: bool = False
    enforced: bool = True
    # Made by the key of the same kind of the table that this one is a partition of.
    inherited: bool = False

    @property
    def key_names_alone(self) -> bool:
        """Say whether it is made of names, and of no expression."""
        return self.expression is None and self.definition is None


@dataclass(frozen=True, slots=True)
class IndexPart:
    """What an index is ordered by: a column or an expression; operator class and collation where not the usual ones."""

    column: str | None
    expression: str | None = None
    descending: bool = False
    nulls_first: bool = False
    operator_class: str | None = None
    collation: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index that no constraint has made; `definition` is the engine's own text."""

    name: str
    definition: str
    unique: bool = False
    method: str = "btree"
    valid: bool = True
    nulls_not_distinct: bool = False
    parts: tuple[IndexPart, ...] = ()
    include: tuple[str, ...] = ()
    predicate: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger, as the engine writes it; `firing` is None for the usual one."""

    name: str
    definition: str
    firing: Literal["disabled", "replica", "always"] | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class RowPolicy:
    """A policy of row security: whom it lets see (`using`) and write (`check`) which rows; no roles means everyone."""

    name: str
    permissive: bool
    command: Literal["all", "select", "insert", "update", "delete"]
    roles: tuple[str, ...] = ()
    using: str | None = None
    check: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Partitioning:
    """How a table is divided: `parts` are columns, None for an expression; `text` is what stands after PARTITION BY."""

    strategy: Literal["list", "range", "hash"]
    parts: tuple[str | None, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema; `made_by` names the extension that made it."""

    name: str
    comment: str | None = None
    made_by: str | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension that is installed, and the schema in which."""

    name: str
    schema: str
    version: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function, procedure, aggregate or window function; `arguments` are its names and types, without defaults.

    `definition` is None where the engine cannot print one.
    """

    schema: str
    name: str
    kind: Literal["function", "procedure", "aggregate", "window"]
    arguments: str
    result: str | None
    volatility: Literal["immutable", "stable", "volatile"]
    language: str
    definition: str | None = None
    comment: str | None = None


# In an order in which they can be made.
ObjectKind: TypeAlias = Literal[
    "collation",
    "foreign data wrapper",
    "rule",
    "server",
    "statistics",
    "text search dictionary",
    "text search configuration",
]


@dataclass(frozen=True, slots=True)
class SchemaObject:
    """Anything else that DDL must make, by one statement or several with `;` and a line end between.

    Statistics and rules are of a relation.
    """

    kind: ObjectKind
    schema: str | None
    name: str
    relation: Name | None
    definition: str
    comment: str | None = None
