"""What stands in `__table_args__`: constraints, indexes, and how the table is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dbmcp.catalog.names import identifier
from dbmcp.codegen.python_source import Source, call, keyword, literal, mapping, several
from dbmcp.codegen.sqlalchemy_parts.keys import (
    constraint_of_keys,
    is_expressible,
    is_late,
    is_simple,
    keys_to_parts,
    made_below,
    timing,
)
from dbmcp.codegen.sqlalchemy_parts.names import is_brought, is_outside
from dbmcp.codegen.sqlalchemy_parts.texts import bare, bracketed, escaped, split_list, text_of

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Constraint, Index, IndexPart
    from dbmcp.codegen.plan import Model, Plan

_CLASS_OPTIONS = re.compile(r" \(\w+='")
_WITH = re.compile(r" WITH (?=\()")


class TableArguments:
    """Writes the constraints, indexes and options of one plan's tables. `late` are statements for what is left."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._schema = plan.catalog.default_schema
        self._is_postgresql = plan.catalog.dialect == "postgresql"

    def of(self, model: Model) -> list[Source]:
        """Return the positional arguments."""
        item = model.relation
        if is_outside(item):
            return []
        made = [*self._primary(item)]
        for key in item.constraints:
            if key.kind == "foreign" and is_expressible(self._plan, key):
                made += (
                    []
                    if is_simple(self._plan, key) or is_late(self._plan, key)
                    else [constraint_of_keys(self._plan, key)]
                )
            elif self._plan.choices.constraints and key.kind in _CONSTRAINTS:
                made += [found for found in (self._constraint(key),) if found is not None]
        made += [each for key in item.foreign_keys for each in keys_to_parts(self._plan, key)]
        if self._plan.choices.constraints:
            indexes = [self._index(index) for index in item.indexes]
            made += [call("_made_below", index) for index in indexes] if is_brought(item) else indexes
        return made

    def _primary(self, item: Relation) -> Iterator[Source]:
        key = next((key for key in item.constraints if key.kind == "primary"), None)
        if key is None:
            return
        order = tuple(column.name for column in item.columns if column.name in key.columns)
        usual = usual_name(item.name, "pkey") if self._is_postgresql else ""
        is_usual = key.name == usual or (not self._is_postgresql and not key.name)
        if order != key.columns or not is_usual or key.deferrable or key.include or key.comment:
            yield call("sa.PrimaryKeyConstraint", *map(literal, key.columns), *self._unique_options(key))

    def _unique_options(self, key: Constraint) -> list[Source]:
        options: list[tuple[str, Source | None]] = [
            ("name", literal(key.name) if key.name else None),
            *timing(key),
            ("comment", literal(key.comment) if key.comment else None),
            ("postgresql_include", several(map(literal, key.include)) if key.include else None),
            ("postgresql_nulls_not_distinct", "True" if key.nulls_not_distinct else None),
        ]
        return [keyword(name, value) for name, value in options if value is not None]

    def _constraint(self, key: Constraint) -> Source | None:
        if not key.enforced:
            return None
        if key.kind == "unique" and key.definition is None:
            return call("sa.UniqueConstraint", *map(literal, key.columns), *self._unique_options(key))
        if key.kind == "check" and not key.no_inherit:
            made = call(
                "sa.CheckConstraint",
                literal(escaped(bare(key.expression or "", self._schema))),
                name=literal(key.name) if key.name else None,
                comment=literal(key.comment) if key.comment else None,
                postgresql_not_valid="True" if not key.validated else None,
            )
            return made_below(key, made)
        if key.kind == "exclusion" and key.definition is not None:
            return self._exclusion(key, bare(key.definition, self._schema))
        return None

    def _exclusion(self, key: Constraint, text: str) -> Source:
        method = re.match(r"EXCLUDE USING (\S+) ", text)
        listed, end = bracketed(text, text.index("("))
        pairs = []
        for part in split_list(listed):
            expression, _, operator = part.rpartition(" WITH ")
            pairs.append(several([text_of(expression), literal(operator)], "()"))
        where = re.search(r" WHERE (?=\()", text[end:])
        condition = bracketed(text, end + where.end())[0] if where else None
        return call(
            "pg.ExcludeConstraint",
            *pairs,
            name=literal(key.name),
            using=literal(method[1]) if method else None,
            where=text_of(condition) if condition else None,
            deferrable="True" if key.deferrable else None,
            initially=literal("DEFERRED") if key.deferred else None,
            comment=literal(key.comment) if key.comment else None,
        )

    def _index(self, index: Index) -> Source:
        dialect = self._plan.catalog.dialect
        by_hand = is_by_hand(index, dialect)
        parts = [self._part(part, is_known=by_hand) for part in index.parts]
        usual = (None, "btree")
        operators = {
            part.column: literal(part.operator_class)
            for part in index.parts
            if part.column is not None and part.operator_class is not None
        }
        options = self._storage(index)
        made = call(
            "sa.Index",
            literal(index.name),
            *parts,
            unique="True" if index.unique else None,
            **{
                f"{dialect}_using": None if index.method in usual else literal(index.method),
                f"{dialect}_ops": mapping(dict(operators)) if operators else None,
                f"{dialect}_include": several(map(literal, index.include)) if index.include else None,
                f"{dialect}_nulls_not_distinct": "True" if index.nulls_not_distinct else None,
                f"{dialect}_with": mapping(options) if options else None,
                f"{dialect}_where": text_of(bare(index.predicate, self._schema)) if index.predicate else None,
            },
        )
        return call("_made_below", made) if by_hand else made

    def _storage(self, index: Index) -> dict[str, Source]:
        """Return the parameters of an index, which the engine's own text has."""
        found = _WITH.search(index.definition) if self._is_postgresql else None
        if found is None or is_by_hand(index, self._plan.catalog.dialect):
            return {}
        pairs = (part.partition("=") for part in split_list(bracketed(index.definition, found.end())[0]))
        return {name: literal(value.strip("'")) for name, _, value in pairs}

    def _part(self, part: IndexPart, *, is_known: bool) -> Source:
        """Return a part of an index; `is_known`: the index is only known, and written as reflection reads it."""
        if part.column is not None and is_known and not self._is_postgresql:
            return literal(part.column)
        order = _order(part, is_postgresql=self._is_postgresql)
        collation = f" COLLATE {part.collation}" if part.collation and not self._is_postgresql else ""
        if part.column is not None and not order and not collation:
            return literal(part.column)
        name = identifier(part.column) if part.column else bare(part.expression or "", self._schema)
        text = f"{name}{collation}{order}"
        return call("sa.text", literal(text)) if is_known else text_of(text)

    def options(self, model: Model) -> dict[str, Source]:
        """Return the named arguments of the table, by name."""
        item = model.relation
        found: dict[str, Source] = {}
        if item.schema != self._schema:
            found["schema"] = literal(item.schema)
        if item.comment is not None and not is_outside(item) and not is_brought(item):
            found["comment"] = literal(item.comment)
        if is_outside(item):
            return found
        if item.unlogged:
            found["prefixes"] = '["UNLOGGED"]'
        if item.partitioning is not None:
            found["postgresql_partition_by"] = literal(bare(item.partitioning.text, self._schema))
        if self._is_postgresql and item.options and item.kind == "table":
            pairs = (option.partition("=") for option in item.options)
            found["postgresql_with"] = mapping({name: literal(value) for name, _, value in pairs})
        if not self._is_postgresql:
            found |= {_SQLITE[option][0]: _SQLITE[option][1] for option in item.options if option in _SQLITE}
            if any(column.identity and column.identity.kind == "autoincrement" for column in item.columns):
                found["sqlite_autoincrement"] = "True"
        return found


_CONSTRAINTS = ("unique", "check", "exclusion")
_SQLITE = {"strict": ("sqlite_strict", "True"), "without rowid": ("sqlite_with_rowid", "False")}


def _order(part: IndexPart, *, is_postgresql: bool) -> str:
    if part.descending:
        return " DESC" if part.nulls_first or not is_postgresql else " DESC NULLS LAST"
    return " NULLS FIRST" if part.nulls_first and is_postgresql else ""


def is_by_hand(index: Index, dialect: str) -> bool:
    """Say whether SQLAlchemy can only know an index and not make it.

    It would write its parts in another order, or what reflection reads has colons that it takes for parameters; on
    SQLite reflection sees no order and no collations, and what it is compared with must be as it sees it.
    """
    if dialect == "sqlite":
        is_special = any(part.descending or part.collation is not None for part in index.parts)
        return is_special and all(part.column is not None for part in index.parts)
    if not index.valid or index.comment is not None or _has_class_options(index):
        return True
    return any(
        part.collation is not None
        or escaped(part.expression or "") != (part.expression or "")
        or (part.operator_class is not None and (part.column is None or part.descending or part.nulls_first))
        for part in index.parts
    )


def _has_class_options(index: Index) -> bool:
    """Say whether an operator class has options, which the engine's own text alone has."""
    start = index.definition.find("(", index.definition.find(" USING "))
    return bool(_CLASS_OPTIONS.search(bracketed(index.definition, start)[0])) if start >= 0 else False


def usual_name(table: str, ending: str) -> str:
    """Return the name that PostgreSQL gives a table's key."""
    room = 63 - len(ending) - 1
    return f"{table.encode()[:room].decode(errors='ignore')}_{ending}"
