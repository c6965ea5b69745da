"""READ FIRST. What dbmcp can do: one function a capability, stage by stage. Server and CLI only call these.

A statement:  find the database → approve (guard) → fetch (the only stage that touches the database) → encode → report.
A named query (`named`):  find it → read its arguments → count the call → recall → fetch → encode → report; it was
approved when it was loaded.
A look at the schema (`exploring`):  find the database → catalog → search or find → render → report.
A plan (`planning`):  find the database → approve → plan → render → report; only a measured one runs.
The shape of data (`shapes`):  find the database → catalog → statistics, or approve → fetch → render → report.
Models (`generating`, `model_drift`):  find the database → catalog → a target's files → report, or what differs.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dbmcp import guard
from dbmcp.errors import InvalidParameter
from dbmcp.formats import FORMATS
from dbmcp.results import Bounds
from dbmcp.use_cases.answers import Reply, check_cost, fetched, notice, reported

if TYPE_CHECKING:
    from dbmcp.guard import ApprovedQuery
    from dbmcp.runtime import Runtime
    from dbmcp.use_cases.comparing import save_catalog
    from dbmcp.use_cases.diagrams import draw_diagram, mermaid_diagram, relation_graph
    from dbmcp.use_cases.exploring import describe_database, describe_tables, search_schema
    from dbmcp.use_cases.generating import generate_models
    from dbmcp.use_cases.named import find_query, list_queries, run_named_query, show_query
    from dbmcp.use_cases.places import complete, list_places
    from dbmcp.use_cases.planning import explain_sql
    from dbmcp.use_cases.shapes import shape_of_tables

__all__ = [
    "Ask",
    "Reply",
    "check_sql",
    "complete",
    "describe_database",
    "describe_tables",
    "draw_diagram",
    "explain_sql",
    "find_query",
    "generate_models",
    "judge",
    "list_databases",
    "list_places",
    "list_queries",
    "mermaid_diagram",
    "relation_graph",
    "run_named_query",
    "run_sql",
    "save_catalog",
    "search_schema",
    "shape_of_tables",
    "show_query",
    "verdict",
]

# What a first reply does not need is imported with its first use.
_ELSEWHERE = {
    "describe_database": "exploring",
    "describe_tables": "exploring",
    "complete": "places",
    "list_places": "places",
    "draw_diagram": "diagrams",
    "mermaid_diagram": "diagrams",
    "relation_graph": "diagrams",
    "explain_sql": "planning",
    "generate_models": "generating",
    "save_catalog": "comparing",
    "search_schema": "exploring",
    "shape_of_tables": "shapes",
    "find_query": "named",
    "list_queries": "named",
    "run_named_query": "named",
    "show_query": "named",
}


def __getattr__(name: str) -> Any:
    """Import a use case that lies in a module of its own."""
    if name in _ELSEWHERE:
        return getattr(import_module(f"dbmcp.use_cases.{_ELSEWHERE[name]}"), name)
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
        if database.is_governed and not database.has_policy_in_text:
            # The guard knows no policy then: the engine says what may be read when it compiles the statement.
            await database.describe(approved)
        lines = [verdict(approved), f"limits: {bounds.rows} rows, {bounds.bytes} bytes, {bounds.seconds:g} s"]
        if database.shows_plans:
            planning = await asyncio.to_thread(import_module, "dbmcp.use_cases.planning")
            lines += ["plan:", await planning.plan_text(database, approved, bounds)]
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


async def list_databases(runtime: Runtime) -> Reply:
    """Return the configured databases, one a line: name, dialect, description."""
    with reported(runtime, "list_databases", None) as done:
        lines = [
            f"{name} ({item.dialect.name}){f' -- {item.settings.description}' if item.settings.description else ''}"
            for name, item in runtime.databases.items()
        ]
        return done(Reply("\n".join(lines)))
