"""Foreign keys as arguments: of a column where they are of one, else of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dbmcp.catalog.names import listed
from dbmcp.codegen.python_source import Source, call, keyword, literal, several
from dbmcp.codegen.sqlalchemy_parts.names import is_outside

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Constraint
    from dbmcp.catalog.types import Name
    from dbmcp.codegen.plan import Plan


READ_ONLY = "ReadOnly.metadata"


def table_key(plan: Plan, name: Name) -> str:
    """Return the name by which SQLAlchemy's MetaData knows a table."""
    return name[1] if name[0] == plan.catalog.default_schema else f"{name[0]}.{name[1]}"


def is_expressible(plan: Plan, key: Constraint) -> bool:
    """Say whether a key leads to columns of a table that is written."""
    if key.kind != "foreign" or key.target is None or key.definition is not None or not key.target_columns:
        return False
    return key.target in plan.by_relation


def is_late(plan: Plan, key: Constraint) -> bool:
    """Say whether a key is added when all tables are there: a text cannot name a column with a dot, or one outside."""
    if key.target is None or any("." in column for column in key.target_columns):
        return True
    return is_outside(plan.by_relation[key.target].relation)


def is_simple(plan: Plan, key: Constraint) -> bool:
    """Say whether a key can be said in its one column."""
    return is_expressible(plan, key) and len(key.columns) == 1 and key.validated and not is_late(plan, key)


def target_column(plan: Plan, key: Constraint, place: int) -> str:
    """Return a column that a key leads to, as SQLAlchemy names it."""
    if key.target is None:
        raise AssertionError(key)
    return f"{table_key(plan, key.target)}.{key.target_columns[place]}"


def foreign_key_options(key: Constraint) -> list[Source]:
    """Return the arguments that a key has besides its columns."""
    delete = key.on_delete.upper() if key.on_delete else None
    if delete and key.set_columns:
        delete = f"{delete} {listed(key.set_columns)}"
    options: list[tuple[str, str | None]] = [
        ("name", literal(key.name) if key.name else None),
        ("onupdate", literal(key.on_update.upper()) if key.on_update else None),
        ("ondelete", literal(delete) if delete else None),
        *timing(key),
        ("match", literal(key.match.upper()) if key.match else None),
        ("comment", literal(key.comment) if key.comment else None),
        ("postgresql_not_valid", "True" if not key.validated and key.enforced else None),
    ]
    return [keyword(name, value) for name, value in options if value is not None]


def timing(key: Constraint) -> list[tuple[str, str | None]]:
    """Return when a constraint is checked."""
    return [
        ("deferrable", "True" if key.deferrable else None),
        ("initially", literal("DEFERRED") if key.deferred else None),
    ]


def constraint_of_keys(plan: Plan, key: Constraint) -> Source:
    """Return a foreign key as a constraint of its table."""
    targets = [literal(target_column(plan, key, place)) for place in range(len(key.target_columns))]
    columns = several(map(literal, key.columns))
    return made_below(key, call("sa.ForeignKeyConstraint", columns, several(targets), *foreign_key_options(key)))


def keys_to_parts(plan: Plan, key: Constraint) -> Iterator[Source]:
    """Return the keys to partitions that the engine makes of one to the whole: reflection finds these as well."""
    if not is_expressible(plan, key) or is_late(plan, key):
        return
    for part in plan.parts_of(key.target):
        to_part = replace(key, target=part, name="", comment=None)
        targets = [literal(target_column(plan, to_part, place)) for place in range(len(key.target_columns))]
        made = call(
            "sa.ForeignKeyConstraint",
            several(map(literal, key.columns)),
            several(targets),
            *foreign_key_options(to_part),
        )
        yield call("_made_below", made)


def made_below(key: Constraint, made: Source) -> Source:
    """Return a constraint, made by a statement at the end where it is not valid: in CREATE TABLE it would be."""
    return made if key.validated else call("_made_below", made)


def late_keys(plan: Plan, item: Relation, metadata: str) -> list[Source]:
    """Return the statements that add keys which no text can name."""
    statements: list[Source] = []
    for key in item.foreign_keys:
        if is_expressible(plan, key) and is_late(plan, key) and key.target is not None:
            outside = is_outside(plan.by_relation[key.target].relation)
            there = f"{READ_ONLY if outside else metadata}.tables[{literal(table_key(plan, key.target))}]"
            targets = several(f"{there}.c[{literal(column)}]" for column in key.target_columns)
            columns = several(map(literal, key.columns))
            made = call("sa.ForeignKeyConstraint", columns, targets, *foreign_key_options(key))
            here = f"{metadata}.tables[{literal(table_key(plan, item.key))}]"
            statements.append(call(f"{here}.append_constraint", made_below(key, made)))
    return statements
