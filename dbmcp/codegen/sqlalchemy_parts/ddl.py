"""The statements around the tables: what they need first, and what only the engine's own words can say, at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dbmcp.catalog.ddl_order import ordered
from dbmcp.catalog.ddl_postgresql import statements
from dbmcp.catalog.ddl_tables import added_constraint
from dbmcp.catalog.model import Catalog
from dbmcp.catalog.names import identifier, literal, qualified
from dbmcp.codegen.sqlalchemy_parts.columns import Columns, usual_sequence
from dbmcp.codegen.sqlalchemy_parts.constraints import is_by_hand
from dbmcp.codegen.sqlalchemy_parts.keys import is_expressible, table_key
from dbmcp.codegen.sqlalchemy_parts.names import is_brought, is_outside

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation, Thing
    from dbmcp.catalog.parts import SchemaObject
    from dbmcp.codegen.plan import Plan

# What tables may need that is neither type nor function: where the engine keeps it, and by what its columns begin.
_KEPT_IN = {
    "collation": ("pg_collation", "coll"),
    "text search dictionary": ("pg_ts_dict", "dict"),
    "text search configuration": ("pg_ts_config", "cfg"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Statements that make a thing, and the query that says whether it is there; "" for what may be made again."""

    exists: str
    statements: tuple[str, ...]


def prelude(plan: Plan) -> list[Step]:
    """Return what must be there before the tables, in the order in which it can be made."""
    catalog = plan.catalog
    if catalog.dialect != "postgresql":
        return []
    empty = Catalog(dialect=catalog.dialect)
    found = _Needed(plan)
    steps = [
        Step(
            f"SELECT to_regnamespace({literal(identifier(item.name))}) IS NOT NULL",
            (f"CREATE SCHEMA {identifier(item.name)}", *_comment(f"SCHEMA {identifier(item.name)}", item.comment)),
        )
        for item in catalog.schemas
        if item.name in found.schemas and item.name != catalog.default_schema and item.made_by is None
    ]
    extensions = replace(empty, schemas=catalog.schemas, extensions=catalog.extensions, needs=catalog.needs)
    steps += [Step("", (text,)) for text in _texts(extensions) if text.startswith("CREATE EXTENSION")]
    steps += [
        _object(item)
        for item in catalog.objects
        if item.kind in _KEPT_IN and (item.kind, item.schema or "", item.name) in found.things
    ]
    for thing, _ in ordered(found.made, found.needs, can_wait=()):
        steps += _made(catalog, empty, thing)
    return steps


def _object(item: SchemaObject) -> Step:
    place, first = _KEPT_IN[item.kind]
    schema, name = literal(item.schema or ""), literal(item.name)
    found = f"FROM {place} JOIN pg_namespace n ON n.oid = {first}namespace"
    check = f"SELECT count(*) > 0 {found} WHERE nspname = {schema} AND {first}name = {name}"
    comment = _comment(f"{item.kind.upper()} {qualified(item.schema or '', item.name)}", item.comment)
    return Step(check, (*item.definition.split(";\n"), *comment))


def _comment(what: str, text: str | None) -> tuple[str, ...]:
    return () if text is None else (f"COMMENT ON {what} IS {literal(text)}",)


def _made(catalog: Catalog, empty: Catalog, thing: Thing) -> Iterator[Step]:
    kind, schema, name = thing
    if kind == "type":
        item = catalog.types_by_name[schema, name]
        check = f"SELECT to_regtype({literal(qualified(schema, name))}) IS NOT NULL"
        yield Step(check, tuple(_texts(replace(empty, types=(item,)))))
        return
    for function in catalog.functions:
        if (function.schema, f"{function.name}({function.arguments})") == (schema, name) and function.definition:
            texts = tuple(_texts(replace(empty, functions=(function,))))
            signature = literal(f"{qualified(schema, function.name)}({function.arguments})")
            check = f"SELECT to_regprocedure({signature}) IS NOT NULL"
            # A function may read tables, which are not there yet.
            unchecked = ("SET check_function_bodies = off", *texts, "RESET check_function_bodies")
            yield Step("" if "OR REPLACE" in function.definition else check, unchecked)


def _texts(catalog: Catalog) -> list[str]:
    return [text.strip().rstrip(";") for text in statements(catalog) if not text.startswith("SET ")]


class _Needed:
    """The types and functions that the tables of a plan need, at any remove, and their schemas."""

    def __init__(self, plan: Plan) -> None:
        catalog = plan.catalog
        self.needs: dict[Thing, set[Thing]] = defaultdict(set)
        for thing, need in catalog.needs:
            self.needs[thing].add(need)
        tables = [item.relation for item in plan.models if not is_outside(item.relation)]
        todo: list[Thing] = [("relation", *item.key) for item in tables]
        todo += [("index", *item.key) for item in tables if plan.choices.constraints]
        todo += [("type", item.type.schema, item.type.name) for item in plan.enums]
        todo += [("type", item.schema, item.name) for _, item in plan.types]
        self.things: set[Thing] = set()
        while todo:
            thing = todo.pop()
            if thing not in self.things:
                self.things.add(thing)
                # A view or table is no need of a table, but of a function, which can be made without it.
                todo += [need for need in self.needs[thing] if need[0] != "relation"]
        known = {("function", item.schema, f"{item.name}({item.arguments})") for item in catalog.functions}
        known |= {("type", *name) for name in catalog.types_by_name}
        self.made = sorted(self.things & known)
        self.schemas = {schema for kind, schema, _ in self.things if kind != "extension"}
        self.schemas |= {item.schema for item in catalog.extensions}


class Epilogue:
    """The statements at the end, by the table for which they are run when it has been made."""

    def __init__(self, plan: Plan, columns: Columns) -> None:
        self._plan = plan
        self._columns = columns
        self._catalog = plan.catalog
        tables = [item.relation for item in plan.models if not is_outside(item.relation)]
        self._tables = {item.key: item for item in tables if not is_brought(item)}

    def statements(self) -> list[tuple[str, str]]:
        """Return pairs of a table's name and a statement, in the order in which they can be run."""
        if self._catalog.dialect != "postgresql":
            every = sorted(self._tables.values(), key=lambda item: item.key)
            return [(table_key(self._plan, item.key), text) for item in every for text in self._by_hand(item)]
        tables = sorted(self._tables.values(), key=lambda item: (-self._depth(item), item.key))
        found: list[tuple[str, str]] = []
        for each in (self._owned, self._indexes, self._constraints, self._parents, self._whole_indexes):
            for item in tables:
                found += [(table_key(self._plan, item.key), text) for text in each(item)]
        return found

    def _depth(self, item: Relation) -> int:
        depth, seen = 0, set()
        while item.parents and item.key not in seen and item.parents[0] in self._tables:
            seen.add(item.key)
            item = self._tables[item.parents[0]]
            depth += 1
        return depth

    def _owned(self, item: Relation) -> Iterator[str]:
        for column in item.columns:
            sequence = self._plan.sequence_of.get((*item.key, column.name))
            if sequence is not None and not self._columns.is_serial(item, column):
                name = qualified(sequence.schema, sequence.name)
                yield f"ALTER SEQUENCE {name} OWNED BY {qualified(*item.key)}.{identifier(column.name)}"
        for column in item.columns:
            if self._plan.is_needed(column) and not column.not_null:
                # The domain alone says it.
                yield f"ALTER TABLE {qualified(*item.key)} ALTER COLUMN {identifier(column.name)} DROP NOT NULL"
            if column.collation is not None and not self._columns.has_collation(column):
                kind = f"{column.type} COLLATE {qualified(*column.collation)}"
                yield f"ALTER TABLE {qualified(*item.key)} ALTER COLUMN {identifier(column.name)} TYPE {kind}"
            made = column.identity.sequence if column.identity else None
            usual = usual_sequence(item.name, column.name)
            if made is not None and made.name != usual:
                yield f"ALTER SEQUENCE {qualified(item.schema, usual)} RENAME TO {identifier(made.name)}"

    def _indexes(self, item: Relation) -> Iterator[str]:
        if item.partitioning is None:
            yield from self._by_hand(item)

    def _whole_indexes(self, item: Relation) -> Iterator[str]:
        if item.partitioning is not None:
            yield from self._by_hand(item)

    def _by_hand(self, item: Relation) -> Iterator[str]:
        if not self._plan.choices.constraints:
            return
        for index in item.indexes:
            if is_by_hand(index, self._catalog.dialect):
                yield index.definition
                if index.comment is not None:
                    yield f"COMMENT ON INDEX {qualified(item.schema, index.name)} IS {literal(index.comment)}"

    def _constraints(self, item: Relation) -> Iterator[str]:
        for key in item.constraints:
            if key.kind == "foreign":
                is_here = is_expressible(self._plan, key) and not key.validated and key.enforced
            else:
                is_here = self._plan.choices.constraints and key.kind == "check" and key.enforced
            if is_here and (key.no_inherit or not key.validated):
                yield added_constraint(item, key).rstrip(";")
                if key.comment is not None:
                    place = f"{identifier(key.name)} ON {qualified(*item.key)}"
                    yield f"COMMENT ON CONSTRAINT {place} IS {literal(key.comment)}"

    def _parents(self, item: Relation) -> Iterator[str]:
        name = qualified(*item.key)
        for parent in item.parents:
            if parent not in self._tables:
                whole = self._plan.shown_name(parent)
                self._plan.leave_out("parents that are not here", f"{whole} of {self._plan.shown_name(item.key)}")
            elif item.bound is not None:
                yield f"ALTER TABLE {qualified(*parent)} ATTACH PARTITION {name} {item.bound}"
            else:
                yield f"ALTER TABLE {name} INHERIT {qualified(*parent)}"
