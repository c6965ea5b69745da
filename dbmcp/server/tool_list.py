"""The list of tools as clients see it: the built-in ones, then named queries by name; a page at a time."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import mcp.types as t

from dbmcp import use_cases
from dbmcp.errors import UnknownTool, did_you_mean
from dbmcp.server import arguments, query_tools, tools
from dbmcp.server.paging import cursor_after, name_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbmcp.named_queries.model import NamedQuery
    from dbmcp.runtime import Runtime
    from dbmcp.use_cases import Reply

PAGE = 100


class ToolList:
    """The tools of a runtime; made anew when its library, or what is known of the queries' columns, has changed."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._made_of: tuple[object, object] | None = None
        self._tools: list[t.Tool] = []
        self._schemas: dict[str, Mapping[str, Any]] = {}
        # Of each query the tool that was made of it, for a file that has not changed.
        self._made: dict[str, tuple[NamedQuery, Mapping[str, Any] | None, t.Tool]] = {}
        settings = runtime.settings
        self._has_queries = settings.has_queries
        self._finds = self._has_queries and settings.query_tools == "find"
        built_in = {**tools.TOOLS, **(query_tools.PAIR if self._finds else {})}
        self._built_in = {name: (tool, tools.definition(runtime, name, tool)) for name, tool in built_in.items()}

    def listed(self) -> list[t.Tool]:
        """Return every tool, in an order that stays."""
        runtime = self._runtime
        library, schemas = runtime.library if self._has_queries else None, runtime.output_schemas
        # By identity: both are swapped whole, and a library of a thousand queries is not compared at each call.
        if self._made_of is None or self._made_of[0] is not library or self._made_of[1] is not schemas:
            queries = library.queries if library is not None else {}
            listed = [tool for _, tool in self._built_in.values()]
            if not self._finds:
                listed += [self._tool(query, schemas.get(query.name)) for query in queries.values()]
            self._made = {name: self._made[name] for name in queries if name in self._made}
            self._tools, self._schemas = listed, {tool.name: tool.input_schema for tool in listed}
            self._made_of = (library, schemas)
        return self._tools

    def _tool(self, query: NamedQuery, output_schema: Mapping[str, Any] | None) -> t.Tool:
        made = self._made.get(query.name)
        if made is None or not _is_same(made[0], query) or made[1] != output_schema:
            made = query, output_schema, query_tools.definition(query, output_schema)
            self._made[query.name] = made
        return made[2]

    def schema(self, name: str) -> Mapping[str, Any] | None:
        """Return the input schema of a tool, None when there is no such tool."""
        self.listed()
        return self._schemas.get(name)

    def page(self, cursor: str | None) -> t.ListToolsResult:
        """Return the first page, or the one that a cursor leads to.

        Raises:
            InvalidParameter: the cursor is none of ours.
        """
        listed = self.listed()
        start = 0 if cursor is None else self._place_after(name_in(cursor))
        page = listed[start : start + PAGE]
        more = start + PAGE < len(listed)
        return t.ListToolsResult(tools=page, next_cursor=cursor_after(page[-1].name) if more else None)

    def _place_after(self, name: str) -> int:
        names = list(self._schemas)
        return names.index(name) + 1 if name in self._schemas else bisect_right(names, name, lo=len(self._built_in))

    async def call(self, name: str, given: Mapping[str, Any] | None) -> Reply:
        """Call a tool.

        Raises:
            UnknownTool: there is none of this name.
            DbmcpError: as its use case does.
        """
        schema = self.schema(name)
        if schema is None:
            raise UnknownTool(f"There is no tool {name[:100]!r}.", hint=did_you_mean(name, self._schemas))
        if name in self._built_in:
            return await self._built_in[name][0].run(self._runtime, arguments.check(schema, given))
        return await use_cases.run_named_query(self._runtime, name, given or {})


def _is_same(old: NamedQuery, new: NamedQuery) -> bool:
    """Say whether two queries make the same tool: all of it comes from the file and the databases it runs on."""
    return old is new or (old.text == new.text and old.databases == new.databases)
