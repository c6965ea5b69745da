"""The built-in tools: a thin entry each over a use case. Texts are terse: every client pays for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import mcp.types as t

from dbmcp import use_cases
from dbmcp.catalog.texts import DETAILS
from dbmcp.formats import FORMATS
from dbmcp.runtime import Runtime
from dbmcp.server.resources import models_uri
from dbmcp.use_cases import Ask, Reply

READ_ONLY = t.ToolAnnotations(read_only_hint=True, open_world_hint=False)
# Claude Code loads these without a search for tools.
_ALWAYS_LOAD = {"anthropic/alwaysLoad": True}
# A reply with more code than some 3,000 tokens costs more to read than to fetch into a file.
_MOST_CODE = 12_000


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A tool: its description, its input schema for a runtime, and the use case behind it."""

    description: Callable[[Runtime], str]
    properties: Callable[[Runtime], dict[str, Any]]
    required: tuple[str, ...]
    run: Callable[[Runtime, dict[str, Any]], Awaitable[Reply]]
    # Whether the caller says which database is meant, where there are several.
    of_a_database: bool = True
    # Whether a client that searches for tools should have it at hand from the start.
    is_always_loaded: bool = True


def _dialects(runtime: Runtime) -> str:
    return "/".join(sorted({database.dialect.name for database in runtime.databases.values()}))


def _query_properties(runtime: Runtime) -> dict[str, Any]:
    limits = runtime.settings.limits
    return {
        "sql": {"type": "string"},
        "limit": {
            "type": "integer",
            "description": f"default {limits.rows}, max {limits.max_rows}",
        },
        "format": {"type": "string", "enum": list(FORMATS)},
        "dry_run": {"type": "boolean"},
    }


async def _query(runtime: Runtime, arguments: dict[str, Any]) -> Reply:
    use_case = use_cases.check_sql if arguments.pop("dry_run", False) else use_cases.run_sql
    return await use_case(runtime, Ask(**arguments))


async def _search(runtime: Runtime, arguments: dict[str, Any]) -> Reply:
    return await use_cases.search_schema(runtime, **arguments)


async def _describe(runtime: Runtime, arguments: dict[str, Any]) -> Reply:
    with_data = arguments.pop("data", False)
    described = await use_cases.describe_tables(runtime, **arguments)
    if not with_data:
        return described
    return await use_cases.shape_of_tables(runtime, arguments["tables"], arguments.get("database"), described)


async def _explain(runtime: Runtime, arguments: dict[str, Any]) -> Reply:
    analyze = arguments.get("analyze", False)
    return await use_cases.explain_sql(runtime, arguments["sql"], arguments.get("database"), analyze=analyze)


def _explain_properties(runtime: Runtime) -> dict[str, Any]:
    measured = any(database.settings.explain_analyze for database in runtime.databases.values())
    analyze = {"analyze": {"type": "boolean", "description": "run it"}} if measured else {}
    return {"sql": {"type": "string"}, **analyze}


async def _models(runtime: Runtime, arguments: dict[str, Any]) -> Reply:
    from dbmcp.codegen.base import Choices  # noqa: PLC0415  (with its first use)

    target, tables, database = arguments["target"], arguments.get("tables", []), arguments.get("database")
    made = await use_cases.generate_models(runtime, target, Choices(tables=tuple(tables)), database)
    if len(made.text.encode()) <= _MOST_CODE:
        return Reply(made.text, notice=made.summary)
    lines = [
        f"{made.summary}. Too long for a reply: fetch the resource, or name fewer tables.",
        *(f"left out: {line}" for line in made.left_out),
    ]
    return Reply("\n".join(lines), resource=models_uri(runtime.database(database).name, target, tables))


TOOLS: dict[str, BuiltIn] = {
    "query": BuiltIn(
        lambda runtime: f"Run one read-only {_dialects(runtime)} SELECT; returns {runtime.settings.format}.",
        _query_properties,
        ("sql",),
        _query,
    ),
    "search_schema": BuiltIn(
        lambda _: "Find tables by a question's words or a pattern like hr.*; without, all.",
        lambda _: {"pattern": {"type": "string"}, "offset": {"type": "integer"}},
        (),
        _search,
    ),
    "describe_tables": BuiltIn(
        lambda _: "Columns, keys, comments, joins of tables.",
        lambda _: {
            "tables": {"type": "array", "items": {"type": "string"}},
            "detail": {"type": "string", "enum": list(DETAILS)},
            "data": {"type": "boolean", "description": "and samples"},
        },
        ("tables",),
        _describe,
    ),
    "explain": BuiltIn(
        lambda _: "Plan of a SELECT, with hints.",
        _explain_properties,
        ("sql",),
        _explain,
        is_always_loaded=False,
    ),
    "generate_models": BuiltIn(
        # All targets would take a hundred bytes of every list of tools; who asks for another is told them.
        lambda _: "ORM models, types: sqlalchemy, prisma, typescript…",
        lambda _: {
            "target": {"type": "string"},
            "tables": {"type": "array", "items": {"type": "string"}},
        },
        ("target",),
        _models,
        is_always_loaded=False,
    ),
}


def definition(runtime: Runtime, name: str, tool: BuiltIn) -> t.Tool:
    """Return a tool as a client lists it; `database` is an argument only where there are several."""
    databases = list(runtime.databases) if tool.of_a_database else []
    several = {"database": {"type": "string", "enum": databases}} if len(databases) > 1 else {}
    return t.Tool(
        name=name,
        description=tool.description(runtime),
        input_schema={
            "type": "object",
            "properties": {**tool.properties(runtime), **several},
            "required": [*tool.required, *several],
            "additionalProperties": False,
        },
        annotations=READ_ONLY,
        _meta=_ALWAYS_LOAD if tool.is_always_loaded else None,
    )
