"""Explaining over MCP: the tool's arguments, its reply, its refusals, for clients of both eras."""

from __future__ import annotations

from typing import Any

from dbmcp.config import Settings
from tests import engines
from tests.journeys.conftest import Connect


async def test_a_read_is_explained_and_a_write_refused(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        (tool,) = [tool for tool in (await client.list_tools()).tools if tool.name == "explain"]
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert list(tool.input_schema["properties"]) == ["sql"]
        assert len(tool.model_dump_json(by_alias=True, exclude_none=True)) <= 250
        found = await client.call_tool("explain", {"sql": "SELECT * FROM purchase WHERE cents > 3"})
        assert not found.is_error
        assert "purchase" in text_of(found)
        refused = await client.call_tool("explain", {"sql": "DELETE FROM purchase"})
        assert refused.is_error
        assert text_of(refused).startswith("write: ")
        for tool_name in ("explain", "query"):
            refused = await client.call_tool(tool_name, {"sql": "EXPLAIN SELECT 1"})
            assert "Send the SELECT itself; the plan of one is shown by explain." in text_of(refused)


async def test_analyze_is_an_argument_only_where_it_is_allowed(
    connect: Connect, postgresql_shop: engines.PostgresqlDatabase
) -> None:
    sql = {"sql": "SELECT count(*) FROM purchase", "analyze": True}
    async with connect(postgresql_shop.reader_url) as client:
        refused = await client.call_tool("explain", sql)
        assert "There is no argument 'analyze'" in text_of(refused)
    database = {"url": postgresql_shop.reader_url, "explain_analyze": True}
    async with connect(Settings.model_validate({"databases": {"shop": database}})) as client:
        assert "; found 1 in " in text_of(await client.call_tool("explain", sql))
    two = {"one": database, "two": {**database, "explain_analyze": False}}
    async with connect(Settings.model_validate({"databases": two})) as client:
        refused = await client.call_tool("explain", {**sql, "database": "two"})
        assert "databases.two.explain_analyze = true" in text_of(refused)


def text_of(result: Any) -> str:
    """Return the first text of a result."""
    return str(result.content[0].text)
