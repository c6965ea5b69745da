"""Types as frozen, product-neutral data: what a column holds, and the types that a database has made itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

# A schema and a name in it. SQLite's collations, which lie in no schema, have an empty one.
Name: TypeAlias = tuple[str, str]

Kind: TypeAlias = Literal[
    "boolean", "integer", "float", "decimal", "money", "text", "char", "binary", "date", "time", "timestamp",
    "interval", "uuid", "json", "xml", "bits", "array", "enum", "domain", "composite", "range", "multirange", "any",
    "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataType:
    """What a value is, whatever the product calls it.

    `name` is the product's own word for it, without length or precision; `reference` is set for a type that is not
    the engine's own: an enum, domain, composite or range, which the catalog's types hold unless an extension made it,
    or an extension's (kind "other", or "text" for one that is a text). "char" is padded with blanks.
    """

    kind: Kind
    name: str
    reference: Name | None = None
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    # Of integers and floats: the bits of a value; None where a value takes what it needs.
    bits: int | None = None
    with_timezone: bool = False
    # Of an interval: "day to second" and the like.
    fields: str | None = None
    # Of an array.
    element: DataType | None = None


UNKNOWN = DataType("other", "?")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of a composite type."""

    name: str
    type: str
    data_type: DataType
    collation: Name | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A condition on the values of a domain."""

    name: str
    expression: str
    validated: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Type:
    """A type that the database has made: an enum, domain, composite or range.

    `type` and `data_type` are what a domain or a range is made of. `options` are a range's further words, as
    CREATE TYPE writes them.
    """

    schema: str
    name: str
    kind: Literal["enum", "domain", "composite", "range"]
    comment: str | None = None
    labels: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    type: str = ""
    data_type: DataType = UNKNOWN
    not_null: bool = False
    default: str | None = None
    collation: Name | None = None
    checks: tuple[Check, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
