"""The yardstick: the SDK's low-level server with one constant tool, on the SDK's own stdio transport.

It does what every server on this SDK must do and nothing else. Run as `python -m benchmarks.bare_server`.
"""

import anyio
import mcp.types as t
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

ANSWER = "?column?\n1\n"
TOOL = t.Tool(
    name="query",
    description="Answer every statement with the number one.",
    input_schema={"type": "object", "properties": {"sql": {"type": "string"}}, "required": ["sql"]},
)


async def list_tools(_context: ServerRequestContext, _params: t.PaginatedRequestParams | None) -> t.ListToolsResult:
    """List the one tool."""
    return t.ListToolsResult(tools=[TOOL])


async def call_tool(_context: ServerRequestContext, _params: t.CallToolRequestParams) -> t.CallToolResult:
    """Answer with the constant, whatever was asked."""
    return t.CallToolResult(content=[t.TextContent(type="text", text=ANSWER)])


async def serve() -> None:
    """Serve over this process's stdin and stdout until stdin ends."""
    server = Server(
        "bare",
        version="1",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        get_tool_input_schema=lambda name: TOOL.input_schema if name == TOOL.name else None,
    )
    async with stdio_server() as (read_stream, write_stream):
        await server.run(read_stream, write_stream, server.create_initialization_options())


if __name__ == "__main__":
    anyio.run(serve)
