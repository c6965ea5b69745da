"""Named queries as a client meets them: tools with exact schemas, pages, groups, the pair, structured output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, Tool

from dbmcp import config
from dbmcp.config import Settings
from dbmcp.server.tools import TOOLS
from tests.journeys.conftest import Connect

INVALID_PARAMS = -32602
PURCHASES = """/*
title = "Purchases"
description = "What was bought, newest first."
tags = ["sales"]
always_load = true
search_hint = "orders sold"
[parameters.since]
type = "date"
description = "first day"
default = "2025-01-03"
[parameters.customer]
type = "integer"
minimum = 1
optional = true
[parameters.sort]
type = "choice"
default = "newest"
options = { newest = "bought_on DESC", dearest = "cents DESC" }
*/
SELECT purchase_id, cents FROM purchase
WHERE bought_on >= CAST(:since AS text) /*[*/ AND customer_id = :customer /*]*/
ORDER BY /*sort[*/ bought_on DESC /*]*/
"""
COUNT = """/*
description = "How many customers there are."
deprecated = "use customers"
*/
SELECT count(*) AS n FROM customer
"""
STRUCTURED = """/*
description = "Customers as objects."
output = "structured"
[parameters.by]
type = "choice"
default = "plain"
options = { plain = "name", city = "name, city" }
*/
SELECT customer_id, /*by[*/ name /*]*/ FROM customer ORDER BY customer_id
"""
FILES = {"purchases": PURCHASES, "sales/counted": COUNT, "sales/eu/customers": STRUCTURED}

Configure = Callable[..., Settings]


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files of named queries."""
    for name, text in files.items():
        path = folder / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def configure(tmp_path: Path, shop_url: str) -> Configure:
    """Return a function that makes settings with these files of named queries, on each engine."""

    def settings(files: dict[str, str], **flags: Any) -> Settings:
        return config.load({"queries": [str(write(tmp_path / "queries", files))], **flags}, url=shop_url)

    return settings


async def listed(client: Client) -> dict[str, Tool]:
    return {tool.name: tool for tool in (await client.list_tools()).tools}


def texts(result: CallToolResult) -> list[str]:
    return [block.text for block in result.content if block.type == "text"]


async def run(client: Client, tool: str, /, **arguments: object) -> str:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, texts(result)
    return texts(result)[0]


async def failure(client: Client, tool: str, /, **arguments: object) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error, texts(result)
    return texts(result)[0]


async def test_each_query_is_a_tool_after_the_built_in_ones(connect: Connect, configure: Configure) -> None:
    async with connect(configure(FILES)) as client:
        tools = await listed(client)
        built_in = list(TOOLS)
        assert list(tools) == [*built_in, "counted", "customers", "purchases"]
        tool = tools["purchases"]
        assert tool.title == "Purchases"
        assert tool.description == "What was bought, newest first."
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.meta == {"anthropic/alwaysLoad": True, "anthropic/searchHint": "orders sold"}
        assert tool.input_schema == {
            "type": "object",
            "properties": {
                "since": {
                    "type": "string",
                    "format": "date",
                    "default": "2025-01-03",
                    "description": "first day",
                },
                "customer": {"type": "integer", "minimum": 1},
                "sort": {"type": "string", "enum": ["newest", "dearest"], "default": "newest"},
            },
            "required": [],
            "additionalProperties": False,
        }
        assert tools["counted"].description == "How many customers there are. Deprecated: use customers"
        assert tools["counted"].meta is None


async def test_a_query_runs_with_defaults_options_and_optional_parts(connect: Connect, configure: Configure) -> None:
    async with connect(configure(FILES)) as client:
        assert await run(client, "purchases") == "purchase_id,cents\n4,1\n3,999\n2,300\n"
        assert await run(client, "purchases", since="2025-01-01", sort="dearest", customer=1) == (
            "purchase_id,cents\n1,1250\n2,300\n"
        )
        assert await run(client, "counted") == "n\n4\n"


async def test_wrong_arguments_of_a_query_are_named(connect: Connect, configure: Configure) -> None:
    async with connect(configure(FILES)) as client:
        assert await failure(client, "purchases", custmer=1) == (
            "invalid_parameter: There is no parameter 'custmer'. Did you mean customer?"
        )
        assert "'customer' must be at least 1" in await failure(client, "purchases", customer=0)
        assert "must be one of newest, dearest" in await failure(client, "purchases", sort="cents; DROP TABLE purchase")
        with pytest.raises(MCPError) as caught:
            await client.call_tool("purchase", {})
    assert caught.value.code == INVALID_PARAMS
    assert "Did you mean purchases?" in caught.value.message


async def test_a_structured_query_has_an_exact_schema_and_complete_content(
    connect: Connect, configure: Configure, until: Callable[..., Any]
) -> None:
    async with connect(configure(FILES)) as client:

        async def is_learnt() -> bool:
            return (await client.list_tools(cache_mode="bypass")).tools[len(TOOLS) + 1].output_schema is not None

        await until(is_learnt)
        schema = (await client.list_tools(cache_mode="bypass")).tools[len(TOOLS) + 1].output_schema
        assert schema is not None
        row = schema["properties"]["rows"]["items"]
        assert list(row["properties"]) == ["customer_id", "name", "city"]
        assert row["required"] == ["customer_id", "name"], "a column of one option alone may be missing"
        result = await client.call_tool("customers", {"by": "city"})
        assert result.structured_content == json.loads(texts(result)[0])
        assert result.structured_content["rows"][1] == {"customer_id": 2, "name": "Bo, jr", "city": None}
        plain = await client.call_tool("customers", {})
        assert plain.structured_content is not None
        assert plain.structured_content["rows"][0] == {"customer_id": 1, "name": 'Åsa "the" Ek'}


async def test_what_is_cut_of_structured_content_is_said_in_it(connect: Connect, configure: Configure) -> None:
    async with connect(configure(FILES, limits={"rows": 2})) as client:
        result = await client.call_tool("customers", {})
        assert len(result.structured_content["rows"]) == 2
        assert result.structured_content["notice"] == texts(result)[1]
        assert "Cut to 2 rows; there are more." in texts(result)[1]


async def test_groups_are_served_apart(connect: Connect, configure: Configure) -> None:
    async with connect(configure(FILES, query_groups=["sales"])) as client:
        assert list(await listed(client))[len(TOOLS) :] == ["counted", "customers"]
    async with connect(configure(FILES, query_groups=["sales/eu"])) as client:
        assert list(await listed(client))[len(TOOLS) :] == ["customers"]
        with pytest.raises(MCPError):
            await client.call_tool("counted", {})


async def test_the_pair_stands_for_all_queries(connect: Connect, configure: Configure) -> None:
    async with connect(configure(FILES, query_tools="find")) as client:
        assert list(await listed(client))[len(TOOLS) :] == ["find_query", "run_query"]
        assert "find_query" in (client.instructions or "")
        found = await run(client, "find_query", words="what was bought lately")
        assert found.splitlines()[0] == (
            "purchases(since: date = 2025-01-03, customer?: integer, sort: newest|dearest = newest)"
            " -- What was bought, newest first."
        )
        assert len((await run(client, "find_query")).splitlines()) == 3
        arguments = {"since": "2025-02-02"}
        assert await run(client, "run_query", name="purchases", arguments=arguments) == "purchase_id,cents\n4,1\n"
        assert await run(client, "run_query", name="counted") == "n\n4\n"
        unknown = await failure(client, "run_query", name="purchase")
        assert unknown == "unknown_query: There is no named query 'purchase'. Did you mean purchases?"
        assert "must be an object" in await failure(client, "run_query", name="counted", arguments=[])
        with pytest.raises(MCPError):
            await client.call_tool("purchases", {})


async def pages(client: Client) -> list[list[str]]:
    """Return the names on each page."""
    found, cursor = [], None
    while True:
        page = await client.list_tools(cursor=cursor, cache_mode="bypass")
        found.append([tool.name for tool in page.tools])
        cursor = page.next_cursor
        if cursor is None:
            return found


async def test_a_long_list_comes_in_pages_of_a_hundred(connect: Connect, configure: Configure) -> None:
    many = {f"q{number:03}": COUNT for number in range(250)}
    async with connect(configure(many)) as client:
        found = await pages(client)
        assert [len(page) for page in found] == [100, 100, 50 + len(TOOLS)]
        assert [name for page in found for name in page][len(TOOLS) :] == list(many)


async def test_a_list_of_exactly_a_hundred_is_one_page(connect: Connect, configure: Configure) -> None:
    async with connect(configure({f"q{number:03}": COUNT for number in range(100 - len(TOOLS))})) as client:
        assert [len(page) for page in await pages(client)] == [100]


@pytest.mark.parametrize("cursor", ["", "2", "after:q099", "!!!", "YWZ0ZXI", "Z2FyYmFnZQ==", "ä"])
async def test_an_unknown_cursor_is_an_invalid_parameter(connect: Connect, configure: Configure, cursor: str) -> None:
    async with connect(configure(FILES)) as client:
        with pytest.raises(MCPError) as caught:
            await client.list_tools(cursor=cursor, cache_mode="bypass")
    assert caught.value.code == INVALID_PARAMS
    assert "The cursor is unknown" in caught.value.message


async def test_without_queries_nothing_is_said_to_change(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        assert client.server_capabilities.tools.list_changed is not True
    async with connect(shop_url, queries=[]) as client:
        assert "reviewed" not in (client.instructions or "")
