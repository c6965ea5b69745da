"""Named queries as tools: one each, or, for big libraries, a pair that finds and runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mcp.types as t

from dbmcp import use_cases
from dbmcp.server.tools import READ_ONLY, BuiltIn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbmcp.named_queries.model import NamedQuery
    from dbmcp.runtime import Runtime
    from dbmcp.use_cases import Reply


async def _find(runtime: Runtime, arguments: dict[str, Any]) -> Reply:
    return await use_cases.find_query(runtime, arguments.get("words", ""))


async def _run(runtime: Runtime, arguments: dict[str, Any]) -> Reply:
    return await use_cases.run_named_query(runtime, arguments["name"], arguments.get("arguments", {}))


# In place of one tool for each query: a thousand queries then cost no context.
PAIR: dict[str, BuiltIn] = {
    "find_query": BuiltIn(
        lambda _: "Find reviewed queries by words; prefer them to SQL of your own.",
        lambda _: {"words": {"type": "string"}},
        (),
        _find,
        of_a_database=False,
    ),
    "run_query": BuiltIn(
        lambda _: "Run a query that find_query has found.",
        lambda _: {"name": {"type": "string"}, "arguments": {"type": "object"}},
        ("name",),
        _run,
        of_a_database=False,
    ),
}


def definition(query: NamedQuery, output_schema: Mapping[str, Any] | None) -> t.Tool:
    """Return the tool of one query; `output_schema` is None for text, and until the columns are known."""
    # A server without named queries goes without.
    from dbmcp.named_queries.parameters import input_schema  # noqa: PLC0415

    meta: dict[str, Any] = {}
    if query.always_load:
        meta["anthropic/alwaysLoad"] = True
    if query.search_hint:
        meta["anthropic/searchHint"] = query.search_hint
    note = f" Deprecated: {query.deprecated}" if query.deprecated else ""
    return t.Tool(
        name=query.name,
        title=query.title,
        description=f"{query.description}{note}",
        input_schema=input_schema(query),
        output_schema=dict(output_schema) if output_schema else None,
        annotations=READ_ONLY,
        _meta=meta or None,
    )
