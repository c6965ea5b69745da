"""The MCP server: its handlers, what keeps it up to date, one lifespan; for every transport and both protocol eras."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

from dbmcp import __version__
from dbmcp.server.catalog_watch import CatalogWatch
from dbmcp.server.changes import Audience, ChangingServer
from dbmcp.server.errors import contain
from dbmcp.server.handlers import Handlers
from dbmcp.server.reload import LibraryKeeper
from dbmcp.server.tool_list import ToolList

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mcp.server.lowlevel import Server

    from dbmcp.runtime import Runtime

# The first reply goes out before SQLAlchemy and sqlglot are imported, which would share the processor with it.
_WARM_AFTER_S = 0.1


def instructions(runtime: Runtime) -> str:
    """Return what a client's model should know before the first call: what is here and how to go about it."""
    described = []
    for name, database in list(runtime.databases.items())[:20]:
        about = f": {database.settings.description.rstrip('.')}" if database.settings.description else ""
        described.append(f"{name} ({database.dialect.name}){about}")
    limits = runtime.settings.limits
    reviewed = ""
    if runtime.settings.has_queries:
        finds = runtime.settings.query_tools == "find"
        where = "find_query finds reviewed queries" if finds else "The other tools are reviewed queries"
        reviewed = f"{where}: prefer them where one fits. "
    return (
        f"Read-only SQL on {'; '.join(described)}. {reviewed}Find tables with search_schema, their columns with "
        f"describe_tables, then query. Replies hold at most {limits.rows} rows and {limits.bytes} bytes unless a limit "
        "is given and say when they were cut; an empty CSV cell is NULL."
    )[:2000]


def create_server(runtime: Runtime) -> Server[Any]:
    """Return the server for a runtime; the runtime is opened and closed with the server's lifespan."""
    tools, audience = ToolList(runtime), Audience()
    keeper = LibraryKeeper(runtime, tools, audience) if runtime.settings.has_queries else None
    watch = CatalogWatch(runtime, audience)
    handlers = Handlers(runtime, tools, audience, keeper)
    server = ChangingServer(
        "dbmcp",
        version=__version__,
        instructions=instructions(runtime),
        lifespan=lambda _: _lifespan(runtime, keeper, watch),
        get_tool_input_schema=tools.schema,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
        on_subscribe_resource=handlers.subscribe,
        on_unsubscribe_resource=handlers.unsubscribe,
        on_list_prompts=handlers.list_prompts,
        on_get_prompt=handlers.get_prompt,
        on_completion=handlers.complete,
    )
    server.announce_by(audience, tools_change=keeper is not None)
    _set_middleware(server)
    return server


@asynccontextmanager
async def _lifespan(runtime: Runtime, keeper: LibraryKeeper | None, watch: CatalogWatch) -> AsyncIterator[Runtime]:
    """Hold a runtime open while it is served.

    Raises:
        ConfigError: the named queries cannot be served.
    """
    if keeper is not None:
        await keeper.start(_WARM_AFTER_S)
    runtime.start_warming(_WARM_AFTER_S)
    try:
        yield runtime
    except asyncio.CancelledError:
        if keeper is not None and keeper.failure is not None:
            raise keeper.failure from None
        raise
    finally:
        await watch.stop()
        if keeper is not None:
            await keeper.stop()
        await runtime.close()


def _set_middleware(server: Server[Any]) -> None:
    """Put ours innermost; the SDK's own, which traces, stays only where somebody records what it traces."""
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        # Spans that go nowhere are a twentieth of what a call costs.
        server.middleware.clear()
    server.middleware.append(contain)
