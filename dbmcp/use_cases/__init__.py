"""READ FIRST. What dbmcp can do: one function a capability, stage by stage. Server and CLI only call these.

A statement:  find the database → approve (guard) → fetch (the only stage that touches the database) → encode → report.
A named query (`named`):  find it → read its arguments → count the call → recall → fetch → encode → report; it was
approved when it was loaded.
A look at the schema:  find the database → catalog → search or find → render → report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dbmcp import guard
from dbmcp.catalog import render, search
from dbmcp.errors import InvalidParameter, UnknownTable, did_you_mean
from dbmcp.formats import FORMATS
from dbmcp.results import Bounds
from dbmcp.use_cases.answers import Reply, check_cost, fetched, notice, reported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.guard import ApprovedQuery
    from dbmcp.runtime import Runtime
    from dbmcp.use_cases.named import find_query, list_queries, run_named_query, show_query

__all__ = [
    "Ask",
    "Reply",
    "check_sql",
    "describe_database",
    "describe_tables",
    "find_query",
    "judge",
    "list_databases",
    "list_queries",
    "run_named_query",
    "run_sql",
    "search_schema",
    "show_query",
    "verdict",
]

_OF_NAMED = frozenset({"find_query", "list_queries", "run_named_query", "show_query"})

MAX_DESCRIBED = 100


def __getattr__(name: str) -> Any:
    """Import what named queries need with their first use: a server without any starts without it."""
    if name in _OF_NAMED:
        from dbmcp.use_cases import named  # noqa: PLC0415

        return getattr(named, name)
    raise AttributeError(name)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a caller wants run: the statement, where, how many rows at most, in which format."""

    sql: str
    database: str | None = None
    limit: int | None = None
    format: str | None = None


async def run_sql(runtime: Runtime, ask: Ask) -> Reply:
    """Run one read and return its rows as text.

    Raises:
        RequestError: the statement or an argument must be changed.
        DatabaseError: the database did not answer as asked.
    """
    with reported(runtime, "query", ask.database) as done:
        database = runtime.database(ask.database)
        encode = FORMATS.get(ask.format or runtime.settings.format)
        if encode is None:
            raise InvalidParameter(f"There is no format {ask.format!r}.", hint=f"Known are {', '.join(FORMATS)}.")
        if ask.limit is not None and ask.limit < 1:
            raise InvalidParameter("limit must be at least 1.")
        approved = await runtime.approve(ask.sql, database)
        limits = runtime.settings.limits
        bounds = Bounds(limits.row_limit(ask.limit), limits.bytes, limits.seconds)
        result = await fetched(database, approved, bounds)
        encoded = encode(result, limits.bytes)
        reply = Reply(encoded.text, notice(result, encoded, bounds, limits), encoded.rows)
        done(reply)
        return reply


async def check_sql(runtime: Runtime, ask: Ask) -> Reply:
    """Return the verdict on a statement without running it: what it reads, its limits and, where shown, its plan.

    Raises:
        StatementRejected: it would not be run, and why.
        DatabaseError: the database could not plan it.
    """
    with reported(runtime, "check", ask.database) as done:
        database = runtime.database(ask.database)
        approved = await runtime.approve(ask.sql, database)
        limits = runtime.settings.limits
        bounds = Bounds(limits.row_limit(ask.limit), limits.bytes, limits.seconds)
        await check_cost(database, approved, bounds)
        lines = [verdict(approved), f"limits: {bounds.rows} rows, {bounds.bytes} bytes, {bounds.seconds:g} s"]
        if database.shows_plans:
            lines += ["plan:", (await database.estimate(approved, bounds)).plan]
        return done(Reply("\n".join(lines)))


def judge(sql: str, dialect: str) -> Reply:
    """Return the guard's verdict on a statement of a dialect; needs no database and no settings.

    Raises:
        StatementRejected: it is not one read.
    """
    return Reply(verdict(guard.approve(sql, dialect)))


def verdict(approved: ApprovedQuery) -> str:
    """Return the line that says what an approved statement reads and calls."""
    parts = ["approved"]
    if approved.relations:
        parts.append(f"reads {', '.join(sorted(approved.relations))}")
    if approved.functions:
        parts.append(f"calls {', '.join(sorted(approved.functions))}")
    return "; ".join(parts)


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
        relations = search.search(catalog, pattern)
        budget = runtime.settings.limits.bytes
        if not relations:
            total = len(catalog.listed)
            text = f"No table matches {pattern!r}; there are {total} in all." if total else "There are no tables."
        elif pattern.strip() and len(relations) <= search.FEW:
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


async def list_databases(runtime: Runtime) -> Reply:
    """Return the configured databases, one a line: name, dialect, description."""
    with reported(runtime, "list_databases", None) as done:
        lines = [
            f"{name} ({item.dialect.name}){f' -- {item.settings.description}' if item.settings.description else ''}"
            for name, item in runtime.databases.items()
        ]
        return done(Reply("\n".join(lines)))


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
