"""Exploring a schema: find the database → catalog → search or find → render → report. Nothing here reads a row."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dbmcp.catalog import render, search
from dbmcp.errors import InvalidParameter, UnknownTable, did_you_mean
from dbmcp.use_cases.answers import Reply, reported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.runtime import Runtime

MAX_DESCRIBED = 100
# So few tables are shown with their columns at once, which saves the caller a second call.
_FEW = 5


async def search_schema(runtime: Runtime, pattern: str = "", database: str | None = None) -> Reply:
    """Return the tables that match, best first, one a line; all of them for an empty pattern.

    Raises:
        UnknownDatabase, DatabaseError
    """
    with reported(runtime, "search_schema", database) as done:
        found = runtime.database(database)
        if len(pattern) > search.MAX_PATTERN:
            raise InvalidParameter(f"pattern must have at most {search.MAX_PATTERN} characters.")
        catalog = await found.catalog()
        relations = await asyncio.to_thread(search.search, catalog, pattern)
        budget = runtime.settings.limits.bytes
        if not relations:
            total = len(catalog.listed)
            text = f"No table matches {pattern!r}; there are {total} in all." if total else "There are no tables."
        elif pattern.strip() and len(relations) <= _FEW:
            text = render.table_lines(catalog, relations, budget)
        else:
            text = render.names(catalog, relations, budget)
        return done(Reply(text))


async def describe_tables(runtime: Runtime, tables: Sequence[str], database: str | None = None) -> Reply:
    """Return tables in detail when it is one, else a line each with columns, types and keys.

    Raises:
        UnknownTable: with the nearest names.
        UnknownDatabase, InvalidParameter, DatabaseError
    """
    with reported(runtime, "describe_tables", database) as done:
        if not 1 <= len(tables) <= MAX_DESCRIBED:
            raise InvalidParameter(f"tables must hold 1 to {MAX_DESCRIBED} names.")
        found = runtime.database(database)
        catalog = await found.catalog_of(tables)
        if not all(catalog.find(name) for name in tables):
            catalog = await found.catalog()
        relations = list(dict.fromkeys(relation for name in tables for relation in _find(catalog, name)))
        budget = runtime.settings.limits.bytes
        if len(relations) == 1:
            return done(Reply(render.detail(catalog, relations[0], budget)))
        return done(Reply(render.table_lines(catalog, relations, budget)))


async def describe_database(runtime: Runtime, database: str | None, schema: str | None = None) -> Reply:
    """Return every table of a database, or of one of its schemas, in the line form; names alone when too many.

    Raises:
        UnknownTable: there is no such schema.
        UnknownDatabase, DatabaseError
    """
    with reported(runtime, "describe_database", database) as done:
        catalog = await runtime.database(database).catalog()
        if schema is not None and schema not in catalog.schema_names:
            raise UnknownTable(f"There is no schema {schema!r}.", hint=did_you_mean(schema, catalog.schema_names))
        relations = [item for item in catalog.listed if schema in (None, item.schema)]
        budget = runtime.settings.limits.bytes
        lines = render.table_lines(catalog, relations, budget)
        fits = lines.count("\n") == len(relations)
        return done(Reply(lines if fits else render.names(catalog, relations, budget)))


def _find(catalog: Catalog, name: str) -> list[Relation]:
    found = catalog.find(name)
    if not found:
        names = [catalog.shown_name(item) for item in catalog.listed]
        hint = did_you_mean(name, names) or "Use search_schema to find tables."
        raise UnknownTable(f"There is no table {name[:200]!r}.", hint=hint)
    return found
