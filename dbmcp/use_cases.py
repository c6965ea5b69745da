"""READ FIRST. What dbmcp can do: one function a capability, stage by stage. Server and CLI only call these.

A statement:  find the database → approve (guard) → fetch (the only stage that touches the database) → encode → report.
A look at the schema:  find the database → catalog → search or find → render → report.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbmcp import guard
from dbmcp.catalog import render, search
from dbmcp.errors import (
    DbmcpError,
    InvalidParameter,
    QueryFailed,
    StatementRejected,
    UnknownTable,
    did_you_mean,
)
from dbmcp.events import RequestEnded
from dbmcp.formats import FORMATS
from dbmcp.guard.reasons import Reason
from dbmcp.results import Bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.database import Database
    from dbmcp.formats import Encoded
    from dbmcp.guard import ApprovedQuery
    from dbmcp.limits import Limits
    from dbmcp.results import ResultSet
    from dbmcp.runtime import Runtime

MAX_DESCRIBED = 100


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its text and, when something was cut, a notice that says what and how to get the rest."""

    text: str
    notice: str | None = None
    rows: int | None = None


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
    with _reported(runtime, "query", ask.database) as done:
        database = runtime.database(ask.database)
        encode = FORMATS.get(ask.format or runtime.settings.format)
        if encode is None:
            raise InvalidParameter(f"There is no format {ask.format!r}.", hint=f"Known are {', '.join(FORMATS)}.")
        if ask.limit is not None and ask.limit < 1:
            raise InvalidParameter("limit must be at least 1.")
        approved = await runtime.approve(ask.sql, database)
        limits = runtime.settings.limits
        bounds = Bounds(limits.row_limit(ask.limit), limits.bytes, limits.seconds)
        await _check_cost(database, approved, bounds)
        try:
            result = await database.fetch(approved, bounds)
        except QueryFailed as error:
            raise await _with_names_meant(error, database, approved) from error
        encoded = encode(result, limits.bytes)
        reply = Reply(encoded.text, _notice(result, encoded, bounds, limits), encoded.rows)
        done(reply)
        return reply


async def check_sql(runtime: Runtime, ask: Ask) -> Reply:
    """Return the verdict on a statement without running it: what it reads, its limits and, where shown, its plan.

    Raises:
        StatementRejected: it would not be run, and why.
        DatabaseError: the database could not plan it.
    """
    with _reported(runtime, "check", ask.database) as done:
        database = runtime.database(ask.database)
        approved = await runtime.approve(ask.sql, database)
        limits = runtime.settings.limits
        bounds = Bounds(limits.row_limit(ask.limit), limits.bytes, limits.seconds)
        await _check_cost(database, approved, bounds)
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


async def _check_cost(database: Database, approved: ApprovedQuery, bounds: Bounds) -> None:
    """Refuse a statement that the planner expects to cost more than the operator allows."""
    settings = database.settings
    if settings.max_cost is None and settings.max_estimated_rows is None:
        return
    estimate = await database.estimate(approved, bounds)
    hint = "Narrow it with a WHERE clause on an indexed column, or join less."
    # Under a policy an estimate would count what is hidden.
    told = not database.is_governed
    if settings.max_cost is not None and estimate.cost is not None and estimate.cost > settings.max_cost:
        cost = f"{estimate.cost:.0f}" if told else "too high"
        message = f"The estimated cost is {cost}; at most {settings.max_cost:.0f} is allowed"
        raise StatementRejected(Reason.TOO_EXPENSIVE, message, hint=hint)
    if settings.max_estimated_rows is not None and (estimate.rows or 0) > settings.max_estimated_rows:
        rows = f"About {estimate.rows}" if told else "Too many"
        message = f"{rows} rows are expected; at most {settings.max_estimated_rows} are allowed"
        raise StatementRejected(Reason.TOO_EXPENSIVE, message, hint=hint)


async def search_schema(runtime: Runtime, pattern: str = "", database: str | None = None) -> Reply:
    """Return the tables that match, best first, one a line; all of them for an empty pattern.

    Raises:
        UnknownDatabase, DatabaseError
    """
    with _reported(runtime, "search_schema", database) as done:
        found = runtime.database(database)
        if len(pattern) > search.MAX_PATTERN:
            raise InvalidParameter(f"pattern must have at most {search.MAX_PATTERN} characters.")
        catalog = await found.catalog()
        relations = search.search(catalog, pattern)
        budget = runtime.settings.limits.bytes
        if not relations:
            total = len(catalog.relations)
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
    with _reported(runtime, "describe_tables", database) as done:
        if not 1 <= len(tables) <= MAX_DESCRIBED:
            raise InvalidParameter(f"tables must hold 1 to {MAX_DESCRIBED} names.")
        catalog = await runtime.database(database).catalog()
        relations = list(dict.fromkeys(relation for name in tables for relation in _find(catalog, name)))
        budget = runtime.settings.limits.bytes
        if len(relations) == 1:
            return done(Reply(render.detail(catalog, relations[0], budget)))
        return done(Reply(render.table_lines(catalog, relations, budget)))


async def list_databases(runtime: Runtime) -> Reply:
    """Return the configured databases, one a line: name, dialect, description."""
    with _reported(runtime, "list_databases", None) as done:
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
    with _reported(runtime, "describe_database", database) as done:
        catalog = await runtime.database(database).catalog()
        if schema is not None and schema not in catalog.schemas:
            raise UnknownTable(f"There is no schema {schema!r}.", hint=did_you_mean(schema, catalog.schemas))
        relations = [item for item in catalog.relations if schema in (None, item.schema)]
        budget = runtime.settings.limits.bytes
        lines = render.table_lines(catalog, relations, budget)
        fits = lines.count("\n") == len(relations)
        return done(Reply(lines if fits else render.names(catalog, relations, budget)))


def _find(catalog: Catalog, name: str) -> list[Relation]:
    found = catalog.find(name)
    if not found:
        names = [catalog.shown_name(item) for item in catalog.relations]
        hint = did_you_mean(name, names) or "Use search_schema to find tables."
        raise UnknownTable(f"There is no table {name[:200]!r}.", hint=hint)
    return found


async def _with_names_meant(error: QueryFailed, database: Database, approved: ApprovedQuery) -> QueryFailed:
    """Add to an unknown table or column the names that were probably meant, from the catalog."""
    if error.missing is None:
        return error
    kind, name = error.missing
    try:
        catalog = await database.catalog()
    except DbmcpError:
        return error
    if kind == "table":
        known = [catalog.shown_name(item) for item in catalog.relations]
    else:
        used = {found for relation in approved.relations for found in catalog.find(relation)} or catalog.relations
        known = [column.name for relation in used for column in relation.columns]
    hint = did_you_mean(name, known) or error.hint
    return QueryFailed(error.message, hint=hint, sqlstate=error.sqlstate, missing=error.missing)


def _notice(result: ResultSet, encoded: Encoded, bounds: Bounds, limits: Limits) -> str | None:
    """Say exactly what was cut and how to get the rest; None when nothing was."""
    parts = []
    if encoded.rows < len(result.rows):
        parts.append(
            f"Cut to {encoded.rows} rows: the reply is limited to {limits.bytes} bytes. "
            f"Select fewer columns, aggregate, or go on with ORDER BY … OFFSET {encoded.rows}."
        )
    elif result.more:
        room = f"a limit of up to {limits.max_rows}, " if bounds.rows < limits.max_rows else ""
        parts.append(
            f"Cut to {encoded.rows} rows; there are more. Use {room}an aggregate, a narrower WHERE, "
            f"or go on with ORDER BY … OFFSET {encoded.rows}."
        )
    if encoded.clipped:
        parts.append(
            f"{encoded.clipped} cell{'s are' if encoded.clipped > 1 else ' is'} cut to {encoded.cell_chars} "
            "characters (marked …): a smaller limit or substr() shows more."
        )
    return " ".join(parts) or None


@contextmanager
def _reported(runtime: Runtime, action: str, database: str | None) -> Iterator[_Done]:
    """Report one event for the request, refused or answered."""
    started = time.perf_counter()
    done = _Done()
    code = "ok"
    try:
        yield done
    except DbmcpError as error:
        code = str(error.code)
        raise
    except BaseException as error:
        code = "cancelled" if type(error).__name__ == "CancelledError" else "internal_error"
        raise
    finally:
        duration = time.perf_counter() - started
        reply = done.reply
        size = len(reply.text) if reply else None
        runtime.report(RequestEnded(action, database, duration, code, reply.rows if reply else None, size))


class _Done:
    """Keeps the reply for the event that reports it."""

    reply: Reply | None = None

    def __call__(self, reply: Reply) -> Reply:
        self.reply = reply
        return reply
