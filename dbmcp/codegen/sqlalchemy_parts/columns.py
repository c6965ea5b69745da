"""Columns: the arguments of `mapped_column` and `sa.Column`, but for the name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbmcp.catalog.names import qualified
from dbmcp.codegen.python_source import Source, call, keyword, literal
from dbmcp.codegen.sqlalchemy_parts.keys import foreign_key_options, is_simple, target_column
from dbmcp.codegen.sqlalchemy_parts.names import is_brought, is_outside
from dbmcp.codegen.sqlalchemy_parts.texts import bare, escaped, text_of

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Column, Constraint, Sequence
    from dbmcp.codegen.plan import Model, Plan
    from dbmcp.codegen.sqlalchemy_parts.types import Types

_SEQUENCE_BITS = {"smallint": 15, "integer": 31, "bigint": 63}
# Of a name the engine keeps so many bytes.
_LONGEST = 63


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """What a column becomes: its type and further arguments, the annotation of its values, and what they may be."""

    arguments: tuple[Source, ...]
    annotation: str
    is_nullable: bool
    # The database gives a value where none is given: by a default, an identity, an expression.
    has_default: bool
    # Its values are the database's alone, or nobody need write them.
    is_generated: bool


class Columns:
    """Writes the columns of one plan."""

    def __init__(self, plan: Plan, types: Types) -> None:
        self._plan = plan
        self._types = types
        self._schema = plan.catalog.default_schema
        self._is_postgresql = plan.catalog.dialect == "postgresql"
        # A sequence from which several columns take their numbers must be there before all of them.
        self._users = Counter(
            column.default for item in plan.models for column in item.relation.columns if column.default is not None
        )

    def source(self, model: Model, column: Column) -> ColumnSource:
        """Return what a column becomes."""
        item = model.relation
        written = self._types.of(column, is_strict="strict" in item.options)
        in_key = column.name in item.primary_key
        is_identity = column.name in model.identity
        arguments: list[Source] = [written.source]
        arguments += [self._foreign_key(key) for key in item.foreign_keys if self._is_here(key, column)]
        generator = self._generator(column)
        arguments += [generator] if generator is not None else []
        is_serial = self.is_serial(item, column)
        if in_key or (is_identity and is_outside(item)):
            arguments.append("primary_key=True")
        if in_key and generator is None:
            arguments += _autoincrement(item, column, is_serial=is_serial)
        # An outer join gives nulls to a view, also of a domain that forbids them.
        is_needed = column.not_null if model.is_view else self._plan.is_needed(column)
        nullable = not is_needed and not (in_key and self._is_postgresql)
        is_hidden = not nullable and not in_key and not self.is_shown_needed(column)
        # A key's column is not null unless it is said, and one of no known type may be.
        if (in_key and nullable) or is_hidden or (written.annotation == "Any" and not nullable and not in_key):
            arguments.append(f"nullable={nullable or is_hidden}")
        if column.default is not None and not is_serial:
            arguments.append(keyword("server_default", text_of(self._default(column.default))))
        if column.comment is not None and not is_outside(item) and not is_brought(item):
            arguments.append(keyword("comment", literal(column.comment)))
        has_default = generator is not None or column.default is not None or column.identity is not None
        is_generated = generator is not None or is_serial or column.identity is not None
        return ColumnSource(
            tuple(arguments), written.annotation, nullable and not is_identity, has_default, is_generated
        )

    def has_collation(self, column: Column) -> bool:
        """Say whether a column's type says its collation."""
        return self._types.has_collation(column)

    def is_shown_needed(self, column: Column) -> bool:
        """Say whether reflection finds a column not null: it asks its own domain, not the one that this is made of."""
        domain = self._plan.catalog.types_by_name.get(column.data_type.reference or ("", ""))
        return column.not_null or (domain is not None and domain.kind == "domain" and domain.not_null)

    def _is_here(self, key: Constraint, column: Column) -> bool:
        return key.columns == (column.name,) and is_simple(self._plan, key)

    def _foreign_key(self, key: Constraint) -> Source:
        return call("sa.ForeignKey", literal(target_column(self._plan, key, 0)), *foreign_key_options(key))

    def _default(self, text: str) -> str:
        # nextval takes a regclass, whether that is said or not; a comparison would see a difference.
        return (
            bare(text, self._schema).replace("::regclass)", ")")
            if text.startswith("nextval(")
            else bare(text, self._schema)
        )

    def _generator(self, column: Column) -> Source | None:
        """Return what gives the values of a column, where that is not a default."""
        if column.generated is not None:
            expression = literal(escaped(bare(column.generated, self._schema)))
            return call("sa.Computed", expression, persisted=str(column.stored))
        identity = column.identity
        if identity is None or identity.kind not in ("always", "by default"):
            return None
        always = "True" if identity.kind == "always" else None
        options = sequence_options(identity.sequence) if identity.sequence else []
        return call("sa.Identity", *([f"always={always}"] if always else []), *options)

    def is_serial(self, item: Relation, column: Column) -> bool:
        """Say whether SQLAlchemy makes the column's sequence by itself: its usual name, its usual steps."""
        if not self._is_postgresql or column.default is None or column.name not in item.primary_key:
            return False
        sequence = self._plan.sequence_of.get((*item.key, column.name))
        if sequence is None or sequence.comment is not None or column.data_type.kind != "integer":
            return False
        usual = usual_sequence(item.name, column.name)
        others = [other for other in item.primary_key if other != column.name and self._is_numbered(item, other)]
        return (
            (sequence.schema, sequence.name) == (item.schema, usual)
            and sequence.type == column.data_type.name
            and not sequence_options(sequence)
            and not others
            and self._users[column.default] == 1
            and self._default(column.default) == self._default(f"nextval('{_regclass(item.schema, usual)}'::regclass)")
        )

    def _is_numbered(self, item: Relation, name: str) -> bool:
        column = next(found for found in item.columns if found.name == name)
        return column.identity is not None or (column.default or "").startswith("nextval(")


def _regclass(schema: str, name: str) -> str:
    return qualified(schema, name).replace("'", "''")


def usual_sequence(table: str, column: str) -> str:
    """Return the name that PostgreSQL gives the sequence of a serial or identity column, where it is free."""
    words = [table.encode(), column.encode()]
    while sum(map(len, words)) > _LONGEST - len("__seq"):
        longest = 0 if len(words[0]) > len(words[1]) else 1
        words[longest] = words[longest][:-1]
    return "_".join([*(word.decode(errors="ignore") for word in words), "seq"])


def _autoincrement(item: Relation, column: Column, *, is_serial: bool) -> list[Source]:
    """Return what tells SQLAlchemy that a key is numbered where it would not think so, and the other way round."""
    is_single = len(item.primary_key) == 1
    is_pointing = any(column.name in key.columns for key in item.foreign_keys)
    is_numbered = is_serial or column.identity is not None
    guessed = is_single and column.data_type.kind == "integer" and not is_pointing and column.default is None
    if is_serial:
        guessed = is_single and not is_pointing
    return [] if guessed == is_numbered else [f"autoincrement={is_numbered}"]


def sequence_options(item: Sequence) -> list[Source]:
    """Return the arguments of an identity or a sequence that are not as they would be anyway."""
    bits = _SEQUENCE_BITS.get(item.type, 63)
    low, high = (1, 2**bits - 1) if item.increment > 0 else (-(2**bits), -1)
    options: list[tuple[str, int | bool, bool]] = [
        ("start", item.start, item.start != (item.minimum if item.increment > 0 else item.maximum)),
        ("increment", item.increment, item.increment != 1),
        ("minvalue", item.minimum, item.minimum != low),
        ("maxvalue", item.maximum, item.maximum != high),
        ("cycle", True, item.cycle),
        ("cache", item.cache, item.cache != 1),
    ]
    return [f"{name}={value}" for name, value, is_said in options if is_said]
