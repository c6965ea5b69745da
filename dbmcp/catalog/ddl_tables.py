"""PostgreSQL's tables and views as statements, with their columns and constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.catalog.names import identifier, listed, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Column, Constraint, Sequence


def relation(item: Relation, *, replaces: bool, is_filled: bool) -> str:
    """Return the statement that makes a relation; a view that had a placeholder replaces it."""
    name = qualified(*item.key)
    options = f" WITH ({', '.join(_options(item.options))})" if item.options else ""
    if item.kind in ("view", "materialized view"):
        if item.definition is None:
            return f"-- {item.kind} {name}: its text is not shown"
        query = item.definition.strip().rstrip(";")
        if item.kind == "view":
            return f"CREATE {'OR REPLACE ' if replaces else ''}VIEW {name}{options} AS\n{query};"
        return f"CREATE MATERIALIZED VIEW {name}{options} AS\n{query}\nWITH {'' if is_filled else 'NO '}DATA;"
    kind = "FOREIGN TABLE" if item.kind == "foreign table" else "UNLOGGED TABLE" if item.unlogged else "TABLE"
    lines = [*(_column(item, column) for column in item.columns), *_constraints(item)]
    body = "(\n" + ",\n".join(f"    {line}" for line in lines) + "\n)" if lines else "()"
    divided = f" PARTITION BY {item.partitioning.text}" if item.partitioning else ""
    server = f" SERVER {identifier(item.server)}{_server_options(item.server_options)}" if item.server else ""
    return f"CREATE {kind} {name} {body}{divided}{options}{server};"


def view_placeholder(item: Relation) -> str:
    """Return a view of the same columns, for views that need each other: only one can be made first."""
    columns = [f"NULL::{column.type}{_collation(column)} AS {identifier(column.name)}" for column in item.columns]
    return f"CREATE VIEW {qualified(*item.key)} AS\n SELECT {', '.join(columns)};"


def added_constraint(item: Relation, key: Constraint) -> str:
    """Return the statement that adds a constraint to a table."""
    return f"ALTER TABLE {qualified(*item.key)} ADD CONSTRAINT {identifier(key.name)} {_constraint(key)};"


def _options(options: tuple[str, ...]) -> Iterator[str]:
    """Return options, which the engine keeps as `name=value`, as a statement takes them."""
    for option in options:
        name, _, value = option.partition("=")
        yield f"{'.'.join(map(identifier, name.split('.')))}={literal(value)}"


def _server_options(options: tuple[str, ...]) -> str:
    found = [option.partition("=") for option in options]
    text = ", ".join(f"{identifier(name)} {literal(value)}" for name, _, value in found)
    return f" OPTIONS ({text})" if found else ""


def _collation(column: Column) -> str:
    return f" COLLATE {qualified(*column.collation)}" if column.collation else ""


def _column(item: Relation, column: Column) -> str:
    text = f"{identifier(column.name)} {column.type}{_server_options(column.options)}{_collation(column)}"
    if column.generated is not None:
        text += f" GENERATED ALWAYS AS ({column.generated}) {'STORED' if column.stored else 'VIRTUAL'}"
    elif column.identity is not None:
        text += f" GENERATED {column.identity.kind.upper()} AS IDENTITY"
        text += _identity_options(item, column, column.identity.sequence)
    elif column.default is not None:
        text += f" DEFAULT {column.default}"
    return f"{text} NOT NULL" if column.not_null else text


def _identity_options(item: Relation, column: Column, sequence: Sequence | None) -> str:
    if sequence is None:
        return ""
    usual = (item.schema, f"{item.name}_{column.name}_seq")
    own = (sequence.schema, sequence.name)
    options = f"{'' if own == usual else f' SEQUENCE NAME {qualified(*own)}'}{sequence_options(sequence)}"
    return f" ({options.strip()})" if options else ""


_SEQUENCE_BITS = {"smallint": 15, "integer": 31, "bigint": 63}


def sequence_options(item: Sequence) -> str:
    """Return the words for what is not as it would be anyway."""
    bits = _SEQUENCE_BITS.get(item.type, 63)
    low, high = (1, 2**bits - 1) if item.increment > 0 else (-(2**bits), -1)
    words = [
        (f" INCREMENT BY {item.increment}", item.increment != 1),
        (f" MINVALUE {item.minimum}", item.minimum != low),
        (f" MAXVALUE {item.maximum}", item.maximum != high),
        (f" START WITH {item.start}", item.start != (item.minimum if item.increment > 0 else item.maximum)),
        (f" CACHE {item.cache}", item.cache != 1),
        (" CYCLE", item.cycle),
    ]
    return "".join(text for text, is_other in words if is_other)


def _constraints(item: Relation) -> Iterator[str]:
    for key in item.constraints:
        if key.kind != "foreign" and key.validated:
            yield f"CONSTRAINT {identifier(key.name)} {_constraint(key)}"


_WORDS = {"primary": "PRIMARY KEY", "unique": "UNIQUE"}


def _constraint(key: Constraint) -> str:
    if key.definition is not None:
        # The engine's own text says all that follows as well.
        return key.definition
    if key.kind == "check":
        text = f"CHECK ({key.expression})" + (" NO INHERIT" if key.no_inherit else "")
    elif key.kind == "foreign":
        text = f"FOREIGN KEY {listed(key.columns)}{_references(key)}"
    else:
        distinct = " NULLS NOT DISTINCT" if key.nulls_not_distinct else ""
        include = f" INCLUDE {listed(key.include)}" if key.include else ""
        text = f"{_WORDS[key.kind]}{distinct} {listed(key.columns)}{include}"
    text += " DEFERRABLE" if key.deferrable else ""
    text += " INITIALLY DEFERRED" if key.deferred else ""
    text += "" if key.enforced else " NOT ENFORCED"
    return text if key.validated or not key.enforced else f"{text} NOT VALID"


def _references(key: Constraint) -> str:
    text = f" REFERENCES {qualified(*key.target) if key.target else ''} {listed(key.target_columns)}"
    text += f" MATCH {key.match.upper()}" if key.match else ""
    text += f" ON UPDATE {key.on_update.upper()}" if key.on_update else ""
    text += f" ON DELETE {key.on_delete.upper()}" if key.on_delete else ""
    return f"{text} {listed(key.set_columns)}" if key.set_columns else text
