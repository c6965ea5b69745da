"""What answers a client's requests: each a thin step from the protocol's types to a use case and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mcp.types as t
import orjson

from dbmcp import use_cases
from dbmcp.errors import DbmcpError, InvalidParameter, UnknownResource, UnknownTool
from dbmcp.formats import objects
from dbmcp.server import resources
from dbmcp.server.errors import error_result, protocol_error, safe
from dbmcp.server.tools import TOOLS

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

    from dbmcp.runtime import Runtime
    from dbmcp.server.changes import Audience
    from dbmcp.server.reload import LibraryKeeper
    from dbmcp.server.tool_list import ToolList
    from dbmcp.use_cases import Reply

# As many as the protocol allows.
_MAX_COMPLETIONS = 100


class Handlers:
    """The handlers of one server."""

    def __init__(self, runtime: Runtime, tools: ToolList, audience: Audience, keeper: LibraryKeeper | None) -> None:
        self._runtime = runtime
        self._audience = audience
        self._tools = tools
        self._keeper = keeper

    async def list_tools(
        self, _: ServerRequestContext[Any], params: t.PaginatedRequestParams | None
    ) -> t.ListToolsResult:
        """Answer tools/list."""
        try:
            return self._tools.page(params.cursor if params else None)
        except InvalidParameter as error:
            raise protocol_error(error) from None

    async def call_tool(self, _: ServerRequestContext[Any], params: t.CallToolRequestParams) -> t.CallToolResult:
        """Answer tools/call; what the model can mend is a result, for it reads no protocol errors."""
        try:
            if self._keeper is not None and params.name not in TOOLS:
                await self._keeper.approved()
            reply = await self._tools.call(params.name, params.arguments)
        except UnknownTool as error:
            raise protocol_error(error) from None
        except DbmcpError as error:
            return error_result(error)
        return self._structured(params.name, reply) if reply.is_structured else _result(reply)

    def _structured(self, name: str, reply: Reply) -> t.CallToolResult:
        """Return an answer with structured content. Some models see that alone: it tells what was cut."""
        content = orjson.loads(reply.text)
        made = self._runtime.output_schemas.get(name)
        if made is not None and self._keeper is not None and not objects.fits(made, content["rows"]):
            self._keeper.learn_again()
        result = _result(reply)
        result.structured_content = {**content, objects.NOTICE: reply.notice} if reply.notice else content
        return result

    async def list_resources(
        self, ctx: ServerRequestContext[Any], params: t.PaginatedRequestParams | None
    ) -> t.ListResourcesResult:
        """Answer resources/list; who lists is told when there are others."""
        await self._audience.note_listing(ctx)
        return await resources.page(self._runtime, params.cursor if params else None)

    async def list_templates(
        self, _: ServerRequestContext[Any], __: t.PaginatedRequestParams | None
    ) -> t.ListResourceTemplatesResult:
        """Answer resources/templates/list."""
        return t.ListResourceTemplatesResult(resource_templates=resources.templates())

    async def read_resource(
        self, _: ServerRequestContext[Any], params: t.ReadResourceRequestParams
    ) -> t.ReadResourceResult:
        """Answer resources/read."""
        uri = str(params.uri)
        reply, mime_type = await resources.read(self._runtime, uri)
        text = t.TextResourceContents(uri=uri, mime_type=mime_type, text=safe(reply.text))
        return t.ReadResourceResult(contents=[text])

    async def subscribe(self, ctx: ServerRequestContext[Any], params: t.SubscribeRequestParams) -> t.EmptyResult:
        """Answer resources/subscribe of the handshake era."""
        address = resources.address_of(params.uri)
        if address is None:
            raise UnknownResource("There is no such resource.", hint="Subscribe to one that resources/list shows.")
        self._runtime.database(address.database)
        if not await self._audience.subscribe(ctx, params.uri):
            raise InvalidParameter("There are too many subscriptions.", hint="End some of them first.")
        return t.EmptyResult()

    async def unsubscribe(self, ctx: ServerRequestContext[Any], params: t.UnsubscribeRequestParams) -> t.EmptyResult:
        """Answer resources/unsubscribe."""
        self._audience.unsubscribe(ctx, params.uri)
        return t.EmptyResult()

    async def list_prompts(
        self, _: ServerRequestContext[Any], __: t.PaginatedRequestParams | None
    ) -> t.ListPromptsResult:
        """Answer prompts/list."""
        from dbmcp.server import prompts  # noqa: PLC0415  (with its first use)

        return t.ListPromptsResult(prompts=prompts.listing(self._runtime))

    async def get_prompt(self, _: ServerRequestContext[Any], params: t.GetPromptRequestParams) -> t.GetPromptResult:
        """Answer prompts/get."""
        from dbmcp.server import prompts  # noqa: PLC0415

        return prompts.get(self._runtime, params.name, params.arguments or {})

    async def complete(self, _: ServerRequestContext[Any], params: t.CompleteRequestParams) -> t.CompleteResult:
        """Answer completion/complete: names of databases, schemas and tables, for templates and prompts alike."""
        given = (params.context.arguments if params.context else None) or {}
        found = await use_cases.complete(self._runtime, params.argument.name, params.argument.value, given)
        values = [safe(value) for value in found[:_MAX_COMPLETIONS]]
        more = len(found) > _MAX_COMPLETIONS
        return t.CompleteResult(completion=t.Completion(values=values, total=len(found), has_more=more))


def _result(reply: Reply) -> t.CallToolResult:
    content: list[t.ContentBlock] = [t.TextContent(text=safe(reply.text))]
    if reply.notice:
        content.append(t.TextContent(text=reply.notice))
    if reply.resource:
        content.append(t.ResourceLink(uri=reply.resource, name=reply.resource, mime_type="text/plain"))
    return t.CallToolResult(content=content)
