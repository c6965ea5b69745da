"""PostgreSQL's DDL, in the order in which an empty database takes it.

Prelude (extensions, schemas, types, sequences) and functions, tables and views as they need each other; then indexes,
partitions, keys, triggers, policies, comments. A partition is made whole and attached, so that its columns keep their
order and its indexes their names: the engine takes those for its own that are like the parent's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING

from dbmcp.catalog.ddl_comments import comments
from dbmcp.catalog.ddl_order import ordered
from dbmcp.catalog.ddl_tables import added_constraint, relation, sequence_options, view_placeholder
from dbmcp.catalog.names import identifier, listed, literal, qualified

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog, Relation, Thing
    from dbmcp.catalog.parts import Index, RowPolicy, Sequence, Trigger
    from dbmcp.catalog.types import Name, Type

_VIEWS = ("view", "materialized view")


def statements(catalog: Catalog) -> Iterator[str]:
    """Return the statements one by one, each with its semicolon."""
    yield "SET check_function_bodies = off;"
    yield from _prelude(catalog)
    own = [item for item in catalog.relations if item.made_by is None]
    yield from _things(catalog, own)
    yield from map(_owned, filter(attrgetter("owner"), catalog.sequences))
    own.sort(key=lambda item: -_depth(catalog, item))
    for item in own:
        if item.kind != "partitioned table":
            yield from (_index(index) for index in item.indexes)
    for item in own:
        yield from _parents(item)
    for item in own:
        if item.kind == "partitioned table":
            yield from (_index(index) for index in item.indexes)
    for item in own:
        yield from (added_constraint(item, key) for key in item.foreign_keys)
    for item in own:
        yield from _further(item)
    yield from (f"{item.definition.rstrip(';')};" for item in catalog.objects if item.relation)
    yield from comments(catalog, own)


def _prelude(catalog: Catalog) -> Iterator[str]:
    made = {item.name: item.made_by for item in catalog.schemas}
    yield from (f"CREATE SCHEMA IF NOT EXISTS {identifier(name)};" for name, by in made.items() if by is None)
    names = {("extension", "", item.name): item for item in catalog.extensions if item.name != "plpgsql"}
    for thing, _ in ordered(names, _needs(catalog), can_wait=()):
        item = names[thing]
        # An extension that brings its schema makes it itself.
        where = "" if made.get(item.schema) == item.name else f" WITH SCHEMA {identifier(item.schema)}"
        yield f"CREATE EXTENSION IF NOT EXISTS {identifier(item.name)}{where};"
    # In the order of their kinds, in which a wrapper comes before its servers.
    yield from (f"{item.definition};" for item in catalog.objects if item.relation is None)
    yield from map(_sequence, catalog.sequences)


def _needs(catalog: Catalog) -> dict[Thing, set[Thing]]:
    found: dict[Thing, set[Thing]] = defaultdict(set)
    for thing, need in catalog.needs:
        found[thing].add(need)
    return found


def _things(catalog: Catalog, relations: Iterable[Relation]) -> Iterator[str]:
    types = {("type", item.schema, item.name): item for item in catalog.types}
    functions = {("function", item.schema, f"{item.name}({item.arguments})"): item for item in catalog.functions}
    tables = {("relation", item.schema, item.name): item for item in relations}
    views = [thing for thing, item in tables.items() if item.kind == "view" and item.definition]
    replaced: set[Thing] = set()
    far = _reads_elsewhere(catalog)
    for thing, is_whole in ordered([*types, *functions, *tables], _needs(catalog), can_wait=views):
        if thing in types:
            yield from _type(types[thing])
        elif thing in functions:
            function = functions[thing]
            shown = function.definition and f"{function.definition.rstrip()};"
            yield shown or f"-- {function.kind} {qualified(function.schema, function.name)}: its text is not shown"
        elif is_whole:
            yield relation(tables[thing], replaces=thing in replaced, is_filled=tables[thing].key not in far)
        elif thing not in replaced:
            replaced.add(thing)
            yield view_placeholder(tables[thing])
    for item in tables.values():
        yield from (
            added_constraint(item, key) for key in item.constraints if not key.validated and key.kind == "check"
        )
        if item.kind in _VIEWS:
            for column in item.columns:
                if column.default is not None:
                    place = f"{qualified(*item.key)} ALTER COLUMN {identifier(column.name)}"
                    yield f"ALTER VIEW {place} SET DEFAULT {column.default};"


def _reads_elsewhere(catalog: Catalog) -> set[Name]:
    """Return the views that read foreign tables, at any remove: the server need not be there when they are made."""
    shown_by: dict[Name, set[Name]] = defaultdict(set)
    for view, source in catalog.dependencies:
        shown_by[source].add(view)
    todo = [item.key for item in catalog.relations if item.kind == "foreign table"]
    found: set[Name] = set()
    while todo:
        new = shown_by[todo.pop()] - found
        found |= new
        todo += new
    return found


def _type(item: Type) -> Iterator[str]:
    name = qualified(item.schema, item.name)
    collation = f" COLLATE {qualified(*item.collation)}" if item.collation else ""
    if item.kind == "enum":
        yield f"CREATE TYPE {name} AS ENUM ({', '.join(map(literal, item.labels))});"
    elif item.kind == "composite":
        parts = [
            f"{identifier(part.name)} {part.type}"
            + (f" COLLATE {qualified(*part.collation)}" if part.collation else "")
            for part in item.attributes
        ]
        yield f"CREATE TYPE {name} AS ({', '.join(parts)});"
    elif item.kind == "range":
        words = [("SUBTYPE", item.type), *((word.upper(), value) for word, value in item.options)]
        if item.collation:
            words.append(("COLLATION", qualified(*item.collation)))
        yield f"CREATE TYPE {name} AS RANGE ({', '.join(f'{word} = {value}' for word, value in words)});"
    else:
        default = f" DEFAULT {item.default}" if item.default is not None else ""
        not_null = " NOT NULL" if item.not_null else ""
        checks = [(f"CONSTRAINT {identifier(check.name)} CHECK ({check.expression})", check) for check in item.checks]
        held = "".join(f" {text}" for text, check in checks if check.validated)
        yield f"CREATE DOMAIN {name} AS {item.type}{collation}{default}{not_null}{held};"
        yield from (f"ALTER DOMAIN {name} ADD {text} NOT VALID;" for text, check in checks if not check.validated)


def _sequence(item: Sequence) -> str:
    return f"CREATE SEQUENCE {qualified(item.schema, item.name)} AS {item.type}{sequence_options(item)};"


def _owned(item: Sequence) -> str:
    schema, name, column = item.owner or ("", "", "")
    return (
        f"ALTER SEQUENCE {qualified(item.schema, item.name)} OWNED BY {qualified(schema, name)}.{identifier(column)};"
    )


def _depth(catalog: Catalog, item: Relation) -> int:
    """Return how many tables a partition or child is below."""
    depth = 0
    seen = set()
    while item.parents and item.key not in seen:
        seen.add(item.key)
        parent = catalog.by_name.get(item.parents[0])
        depth += 1
        if parent is None:
            break
        item = parent
    return depth


_ONLY = re.compile(r'(CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|[^"\s]+) ON )ONLY ')


def _index(index: Index) -> str:
    # The engine prints ONLY for every index of a partitioned table, and means it for one that is not valid yet.
    text = _ONLY.sub(r"\1", index.definition) if index.valid else index.definition
    return f"{text};"


def _parents(item: Relation) -> Iterator[str]:
    name = qualified(*item.key)
    if item.bound is not None:
        yield from (
            f"ALTER TABLE {qualified(*parent)} ATTACH PARTITION {name} {item.bound};" for parent in item.parents
        )
    else:
        yield from (f"ALTER TABLE {name} INHERIT {qualified(*parent)};" for parent in item.parents)


def _further(item: Relation) -> Iterator[str]:
    """Return triggers and row security."""
    name = qualified(*item.key)
    yield from (line for trigger in item.triggers for line in _trigger(item, trigger))
    if item.row_security in ("enabled", "forced"):
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;"
    if item.row_security in ("forced", "forced when enabled"):
        yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY;"
    yield from (_policy(item, policy) for policy in item.policies)


_FIRING = {"disabled": "DISABLE", "replica": "ENABLE REPLICA", "always": "ENABLE ALWAYS"}


def _trigger(item: Relation, trigger: Trigger) -> Iterator[str]:
    yield f"{trigger.definition};"
    if trigger.firing:
        yield f"ALTER TABLE {qualified(*item.key)} {_FIRING[trigger.firing]} TRIGGER {identifier(trigger.name)};"


def _policy(item: Relation, policy: RowPolicy) -> str:
    roles = listed(policy.roles)[1:-1] or "PUBLIC"
    kind = "" if policy.permissive else " AS RESTRICTIVE"
    text = f"CREATE POLICY {identifier(policy.name)} ON {qualified(*item.key)}{kind}"
    text += f" FOR {policy.command.upper()} TO {roles}"
    text += f" USING ({policy.using})" if policy.using is not None else ""
    return text + (f" WITH CHECK ({policy.check});" if policy.check is not None else ";")
