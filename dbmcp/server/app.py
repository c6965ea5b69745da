"""The MCP server: handlers over tools and resources, one lifespan, for every transport and both protocol eras."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import mcp.types as t
from mcp.server.lowlevel import Server

from dbmcp import __version__
from dbmcp.errors import DbmcpError, UnknownTool, did_you_mean
from dbmcp.server import arguments, resources, tools
from dbmcp.server.errors import contain, error_result, protocol_error, safe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mcp.server.context import ServerRequestContext

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
    return (
        f"Read-only SQL on {'; '.join(described)}. Find tables with search_schema, their columns with describe_tables, "
        f"then query. Replies hold at most {limits.rows} rows and {limits.bytes} bytes unless a limit is given and say "
        "when they were cut; an empty CSV cell is NULL."
    )[:2000]


def create_server(runtime: Runtime) -> Server[Any]:
    """Return the server for a runtime; the runtime is opened and closed with the server's lifespan."""
    listed = tools.definitions(runtime)
    schemas = {tool.name: tool.input_schema for tool in listed}

    async def list_tools(_: ServerRequestContext[Any], __: t.PaginatedRequestParams | None) -> t.ListToolsResult:
        return t.ListToolsResult(tools=listed)

    async def call_tool(_: ServerRequestContext[Any], params: t.CallToolRequestParams) -> t.CallToolResult:
        if params.name not in schemas:
            unknown = UnknownTool(f"There is no tool {params.name[:100]!r}.", hint=did_you_mean(params.name, schemas))
            raise protocol_error(unknown)
        try:
            given = arguments.check(schemas[params.name], params.arguments)
            reply = await tools.TOOLS[params.name].run(runtime, given)
        except DbmcpError as error:
            return error_result(error)
        content: list[t.ContentBlock] = [t.TextContent(text=safe(reply.text))]
        if reply.notice:
            content.append(t.TextContent(text=reply.notice))
        return t.CallToolResult(content=content)

    async def list_resources(
        _: ServerRequestContext[Any], __: t.PaginatedRequestParams | None
    ) -> t.ListResourcesResult:
        return t.ListResourcesResult(resources=resources.listing(runtime))

    async def list_templates(
        _: ServerRequestContext[Any], __: t.PaginatedRequestParams | None
    ) -> t.ListResourceTemplatesResult:
        return t.ListResourceTemplatesResult(resource_templates=resources.templates())

    async def read_resource(_: ServerRequestContext[Any], params: t.ReadResourceRequestParams) -> t.ReadResourceResult:
        uri = str(params.uri)
        reply = await resources.read(runtime, uri)
        text = t.TextResourceContents(uri=uri, mime_type=resources.MIME_TYPE, text=safe(reply.text))
        return t.ReadResourceResult(contents=[text])

    @asynccontextmanager
    async def lifespan(_: Server[Any]) -> AsyncIterator[Runtime]:
        runtime.start_warming(_WARM_AFTER_S)
        try:
            yield runtime
        finally:
            await runtime.close()

    server: Server[Any] = Server(
        "dbmcp",
        version=__version__,
        title="dbmcp",
        instructions=instructions(runtime),
        lifespan=lifespan,
        get_tool_input_schema=schemas.get,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )
    server.middleware.append(contain)
    return server
