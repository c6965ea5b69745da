"""Exploring a schema: find the database → catalog → search or find → render → report. Nothing here reads a row.

What takes time with many tables runs on a thread, so that it keeps no other request waiting.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dbmcp.catalog import search
from dbmcp.catalog.erd_links import partitions
from dbmcp.catalog.model import parts_of
from dbmcp.catalog.render import shown_name
from dbmcp.catalog.texts import DETAILS, TEXTS, found, lines, names
from dbmcp.errors import InvalidParameter, UnknownTable, did_you_mean
from dbmcp.use_cases.answers import Reply, reported

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.runtime import Runtime

MAX_DESCRIBED = 100
_EMPTY = "There are no tables."


async def search_schema(runtime: Runtime, pattern: str = "", database: str | None = None, offset: int = 0) -> Reply:
    """Return the tables that match, best first: the best with their columns, the next by name, then how they join.

    Without a word in the pattern all of them by name; with a star in it, those whose name fits. `offset` goes on after
    so many.

    Raises:
        UnknownDatabase, InvalidParameter, DatabaseError
    """
    with reported(runtime, "search_schema", database) as done:
        opened = runtime.database(database)
        if len(pattern) > search.MAX_PATTERN:
            raise InvalidParameter(f"pattern must have at most {search.MAX_PATTERN} characters.")
        if offset < 0:
            raise InvalidParameter("offset must be at least 0.")
        catalog = await opened.catalog()
        return done(Reply(await asyncio.to_thread(_searched, catalog, pattern, offset, runtime.settings.limits.bytes)))


def _searched(catalog: Catalog, pattern: str, offset: int, max_bytes: int) -> str:
    relations = search.search(catalog, pattern)
    if not relations:
        total = len(catalog.listed)
        shown = search.shown(pattern)
        return f"No table matches {shown!r}; there are {total} in all." if total else _EMPTY
    if offset >= len(relations):
        return f"There are {len(relations)}; an offset of {offset} is behind the last."
    if search.is_question(pattern):
        return found.write(catalog, relations, max_bytes, offset)
    return names.page(catalog, relations, max_bytes, offset)


async def describe_tables(
    runtime: Runtime, tables: Sequence[str], database: str | None = None, detail: str | None = None
) -> Reply:
    """Return tables as short DDL when it is one, else a line each with columns, types and keys, and their joins.

    `detail` is "lines", "ddl" or "json".

    Raises:
        UnknownTable: with the nearest names.
        UnknownDatabase, InvalidParameter, DatabaseError
    """
    with reported(runtime, "describe_tables", database) as done:
        if not 1 <= len(tables) <= MAX_DESCRIBED:
            raise InvalidParameter(f"tables must hold 1 to {MAX_DESCRIBED} names.")
        if detail not in (None, *DETAILS):
            raise InvalidParameter(f"detail must be one of {', '.join(DETAILS)}.", hint=did_you_mean(detail, DETAILS))
        opened = runtime.database(database)
        catalog = await opened.catalog_of(tables)
        if not all(map(catalog.find, tables)) or _lacks_partitions(catalog, tables):
            catalog = await opened.catalog()
        return done(Reply(await asyncio.to_thread(_described, catalog, tables, detail, runtime.settings.limits.bytes)))


def _lacks_partitions(catalog: Catalog, tables: Sequence[str]) -> bool:
    """Say whether a table is divided and its partitions, whose keys are its own, were not read with it."""
    divided = {item.key for name in tables for item in catalog.find(name) if item.partitioning}
    return bool(divided) and not divided <= partitions(catalog).keys()


def _described(catalog: Catalog, tables: Sequence[str], detail: str | None, max_bytes: int) -> str:
    relations = list(dict.fromkeys(relation for name in tables for relation in _find(catalog, name)))
    return TEXTS[detail or ("ddl" if len(relations) == 1 else "lines")].write(catalog, relations, max_bytes)


async def describe_database(runtime: Runtime, database: str | None, schema: str | None = None) -> Reply:
    """Return every table of a database, or of one of its schemas, in the line form; names alone when too many.

    Raises:
        UnknownTable: there is no such schema.
        UnknownDatabase, DatabaseError
    """
    with reported(runtime, "describe_database", database) as done:
        catalog = await runtime.database(database).catalog()
        relations = _of_schema(catalog, schema)
        return done(Reply(await asyncio.to_thread(_overview, catalog, relations, runtime.settings.limits.bytes)))


def _of_schema(catalog: Catalog, schema: str | None) -> Sequence[Relation]:
    if schema is not None and schema not in catalog.schema_names:
        raise UnknownTable(f"There is no schema {schema!r}.", hint=did_you_mean(schema, catalog.schema_names))
    return [item for item in catalog.listed if schema in (None, item.schema)]


def _overview(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    if not relations:
        return _EMPTY
    text = lines.whole(catalog, relations, max_bytes)
    return names.page(catalog, relations, max_bytes) if text is None else text


async def show_schema(
    runtime: Runtime, pattern: str, database: str | None, write: Callable[[Catalog, Sequence[Relation]], str]
) -> Reply:
    """Return the tables that a pattern means, or finds, or all without one, as a writer of texts makes them.

    For a person or a file: nothing is left off.

    Raises:
        UnknownTable: none is called so, and none found.
        UnknownDatabase, DatabaseError
    """
    with reported(runtime, "show_schema", database) as done:
        catalog = await runtime.database(database).catalog()
        relations = catalog.find(pattern) or await asyncio.to_thread(search.search, catalog, pattern)
        if pattern and not relations:
            raise UnknownTable(f"No table matches {search.shown(pattern)!r}.", hint="Show all without a pattern.")
        return done(Reply(await asyncio.to_thread(write, catalog, relations)))


def _find(catalog: Catalog, name: str) -> list[Relation]:
    found = catalog.find(name)
    if not found:
        parts = parts_of(name[:200])
        # A name with the default schema would be far from all that are shown without it.
        near = parts[1:] if parts[:1] == [catalog.default_schema] else parts
        hint = did_you_mean(".".join(near), [shown_name(catalog, item) for item in catalog.listed])
        hint = hint or "Use search_schema to find tables."
        raise UnknownTable(f"There is no table {'.'.join(parts) or name[:200]!r}.", hint=hint)
    return found
