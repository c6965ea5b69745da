"""What a client meets: tools, resources, formats, budgets and errors, in both eras and on each engine."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult

from dbmcp import config
from tests.journeys.conftest import Connect

INVALID_PARAMS = -32602
ALL = "SELECT customer_id, name, city FROM customer ORDER BY customer_id"


def texts(result: CallToolResult) -> list[str]:
    return [block.text for block in result.content if block.type == "text"]


async def query(client: Client, sql: str, **arguments: object) -> list[str]:
    result = await client.call_tool("query", {"sql": sql, **arguments})
    assert not result.is_error, texts(result)
    return texts(result)


async def failure(client: Client, tool: str, arguments: dict[str, object]) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error, texts(result)
    (text,) = texts(result)
    return text


async def test_the_tools_are_read_only_and_few(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == ["query", "search_schema", "describe_tables", "explain", "generate_models"]
    for tool in tools:
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is not True
        assert tool.annotations.open_world_hint is False
        assert tool.input_schema["additionalProperties"] is False
        assert "database" not in tool.input_schema["properties"]
        assert tool.output_schema is None


async def test_the_instructions_say_where_to_begin(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        assert client.instructions is not None
        assert "search_schema" in client.instructions
        assert len(client.instructions) <= 2_000


async def test_rows_come_as_csv_that_any_reader_reads_back(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        (text,) = await query(client, ALL)
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["customer_id", "name", "city"],
        ["1", 'Åsa "the" Ek', "Malmö"],
        ["2", "Bo, jr", ""],
        ["3", "", "Cork"],
        ["4", "日本 😀", "Ōsaka"],
    ]
    assert '3,"",Cork' in text, "an empty text is told from NULL"
    assert '"Bo, jr",\n' in text


async def test_rows_come_as_json_when_asked(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        (text,) = await query(client, "SELECT purchase_id, note FROM purchase ORDER BY 1", format="json")
    assert json.loads(text) == {
        "columns": ["purchase_id", "note"],
        "rows": [[1, "first\nsecond"], [2, None], [3, ""], [4, "a | b \\ c"]],
    }


async def test_rows_come_as_a_markdown_table_when_asked(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        (text,) = await query(client, "SELECT purchase_id, note FROM purchase ORDER BY 1", format="markdown")
    lines = text.splitlines()
    assert len(lines) == 6
    assert lines[5] == "| 4 | a \\| b \\\\ c |"


async def test_a_limit_is_kept_and_said(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        text, notice = await query(client, ALL, limit=2)
        assert len(text.splitlines()) == 3
        assert "Cut to 2 rows; there are more" in notice
        assert "OFFSET 2" in notice
        assert len(await query(client, ALL, limit=4)) == 1, "nothing was cut, nothing is said"


async def test_the_configured_row_limit_holds_without_a_limit(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url, limits={"rows": 3, "max_rows": 3}) as client:
        text, notice = await query(client, ALL)
        assert len(text.splitlines()) == 4
        assert "Cut to 3 rows" in notice
        text, notice = await query(client, ALL, limit=1_000_000)
        assert len(text.splitlines()) == 4
        assert "a limit of up to" not in notice


async def test_the_budget_of_bytes_is_kept_and_said(connect: Connect, shop_url: str) -> None:
    many = " UNION ALL ".join(f"SELECT '{number:-^100}' AS line" for number in range(20))
    async with connect(shop_url, limits={"bytes": 1_000}) as client:
        for form in ("csv", "json", "markdown"):
            text, notice = await query(client, many, format=form)
            assert len(text.encode()) <= 1_000
            assert "limited to 1000 bytes" in notice


async def test_a_long_cell_is_cut_and_said(connect: Connect, shop_url: str) -> None:
    sql = f"SELECT '{'x' * 5_000}' AS long"
    async with connect(shop_url, limits={"bytes": 1_000}) as client:
        text, notice = await query(client, sql)
        assert len(text.encode()) <= 1_100
        assert "1 cell is cut" in notice
        assert "…" in text


async def test_a_result_without_rows_keeps_its_header(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        assert await query(client, "SELECT name, city FROM customer WHERE 1 = 0") == ["name,city\n"]


async def test_two_columns_of_one_name_are_both_shown(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        assert await query(client, "SELECT 1 AS a, 2 AS a") == ["a,a\n1,2\n"]


async def test_tables_are_found_by_their_words_and_described(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        (found,) = texts(await client.call_tool("search_schema", {"pattern": "purchases"}))
        assert "purchase(" in found
        assert "customer_id" in found
        (listed,) = texts(await client.call_tool("search_schema", {}))
        assert [line.split()[0] for line in listed.splitlines()] == ["customer", "purchase"]
        (detail,) = texts(await client.call_tool("describe_tables", {"tables": ["customer"]}))
        assert "referenced by: purchase(customer_id)" in detail
        (both,) = texts(await client.call_tool("describe_tables", {"tables": ["customer", "purchase"]}))
        assert "customer_id!>customer," in both


async def test_a_mistyped_name_comes_back_with_the_one_that_was_meant(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        column = await failure(client, "query", {"sql": "SELECT citty FROM customer"})
        assert column.startswith("query_failed: ")
        assert "Did you mean city?" in column
        table = await failure(client, "query", {"sql": "SELECT 1 FROM costumer"})
        assert "Did you mean customer?" in table
        described = await failure(client, "describe_tables", {"tables": ["purchas"]})
        assert described == "unknown_table: There is no table 'purchas'. Did you mean purchase?"


async def test_a_write_is_refused_with_its_place(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        text = await failure(client, "query", {"sql": "DELETE FROM customer"})
        assert text.startswith("write: DELETE changes the database (line 1, column 1).")
        assert len((await query(client, ALL))[0].splitlines()) == 5


@pytest.mark.parametrize(
    "tool, arguments, said",
    [
        ("query", {}, "The argument 'sql' is missing. It is a string."),
        ("query", {"sql": None}, "The argument 'sql' is missing."),
        ("query", {"sql": 1}, "The argument 'sql' must be a string."),
        ("query", {"sql": "SELECT 1", "limit": "5"}, "The argument 'limit' must be an integer."),
        ("query", {"sql": "SELECT 1", "limit": 1.5}, "The argument 'limit' must be an integer."),
        ("query", {"sql": "SELECT 1", "limit": True}, "The argument 'limit' must be an integer."),
        ("query", {"sql": "SELECT 1", "limit": 0}, "limit must be at least 1."),
        ("query", {"sql": "SELECT 1", "limt": 5}, "There is no argument 'limt'. Did you mean limit?"),
        ("query", {"sql": "SELECT 1", "format": "xml"}, "must be one of csv, json, markdown"),
        ("query", {"sql": "SELECT 1", "format": "CSV"}, "Did you mean csv?"),
        ("query", {"sql": "SELECT 1", "database": "x"}, "There is no argument 'database'"),
        ("query", {"sql": ""}, "empty: The statement is empty"),
        ("query", {"sql": " \n\t"}, "empty: The statement is empty"),
        ("describe_tables", {}, "The argument 'tables' is missing. It is an array of strings."),
        ("describe_tables", {"tables": "customer"}, "must be an array of strings"),
        ("describe_tables", {"tables": [1]}, "must be an array of strings"),
        ("describe_tables", {"tables": []}, "tables must hold 1 to 100 names"),
        ("describe_tables", {"tables": ["customer"] * 101}, "tables must hold 1 to 100 names"),
        ("search_schema", {"offset": -1}, "offset must be at least 0."),
        ("search_schema", {"pattern": ["a"]}, "The argument 'pattern' must be a string."),
    ],
)
async def test_wrong_arguments_are_named(
    connect: Connect, sqlite_shop: Path, tool: str, arguments: dict[str, object], said: str
) -> None:
    async with connect(str(sqlite_shop)) as client:
        assert said in await failure(client, tool, arguments)


async def test_a_limit_beyond_64_bits_is_only_a_large_limit(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        assert len(await query(client, ALL, limit=2**70)) == 1


async def test_an_unknown_tool_is_a_protocol_error(connect: Connect, sqlite_shop: Path) -> None:
    async with connect(str(sqlite_shop)) as client:
        with pytest.raises(MCPError) as caught:
            await client.call_tool("qurey", {"sql": "SELECT 1"})
    assert caught.value.code == INVALID_PARAMS
    assert "Did you mean query?" in caught.value.message


async def test_resources_show_a_database_a_schema_and_a_table(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        resource, *others = (await client.list_resources()).resources
        assert others
        templates = [item.uri_template for item in (await client.list_resource_templates()).resource_templates]
        assert templates == [
            "schema://{database}",
            "schema://{database}/{schema}",
            "schema://{database}/{schema}/{table}",
            "erd://{database}",
            "erd://{database}/{schema}",
            "graph://{database}",
            "graph://{database}/{schema}",
            "models://{database}/{target}",
            "models://{database}/{target}/{tables}",
        ]
        schema = "main" if resource.uri.endswith("shop") else "public"
        shown = [
            (await client.read_resource(uri)).contents[0].text
            for uri in (resource.uri, f"{resource.uri}/{schema}", f"{resource.uri}/{schema}/purchase")
        ]
    assert "customer(" in shown[0]
    assert shown[1] == shown[0]
    assert "CREATE TABLE purchase (" in shown[2]


@pytest.mark.parametrize(
    "uri",
    ["schema://elsewhere", "schema://shop/nowhere", "schema://shop/main/nothing", "schema://a/b/c/d", "file:///x"],
)
async def test_an_unknown_resource_is_a_protocol_error(connect: Connect, sqlite_shop: Path, uri: str) -> None:
    async with connect(str(sqlite_shop)) as client:
        with pytest.raises(MCPError) as caught:
            await client.read_resource(uri)
    assert caught.value.code == INVALID_PARAMS
    assert caught.value.message.startswith("unknown_resource: ")


async def test_several_databases_are_told_apart_by_an_argument(
    connect: Connect, sqlite_shop: Path, demo_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "dbmcp.toml"
    file.write_text(
        f'[databases.shop]\nurl = "{sqlite_shop}"\ndescription = "the shop"\n[databases.demo]\nurl = "{demo_file}"\n'
    )
    async with connect(config.load(file=file)) as client:
        for tool in (await client.list_tools()).tools:
            assert tool.input_schema["properties"]["database"]["enum"] == ["shop", "demo"]
            assert "database" in tool.input_schema["required"]
        missing = await failure(client, "query", {"sql": "SELECT 1"})
        assert missing == "invalid_parameter: The argument 'database' is missing. It is one of shop, demo."
        unknown = await failure(client, "query", {"sql": "SELECT 1", "database": "shp"})
        assert "Did you mean shop?" in unknown
        assert await query(client, "SELECT count(*) AS n FROM customer", database="shop") == ["n\n4\n"]
        assert await query(client, "SELECT count(*) AS n FROM customer", database="demo") == ["n\n44\n"]
        resources = (await client.list_resources()).resources
        shown = [(item.name, item.description) for item in resources if item.uri in ("schema://shop", "schema://demo")]
        assert shown == [("shop", "the shop"), ("demo", "tables of demo")]


async def test_a_failure_inside_shows_a_reference_and_nothing_else(
    connect: Connect, sqlite_shop: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An observer of someone else's that raises is such a failure."""
    from dbmcp.observers import OBSERVERS  # noqa: PLC0415 - the registry is changed for this test alone

    def failing(_: object) -> None:
        raise RuntimeError("postgresql://user:secret@host/db")

    OBSERVERS["failing"] = failing
    try:
        async with connect(str(sqlite_shop)) as client:
            with pytest.raises(MCPError) as caught:
                await client.call_tool("query", {"sql": "SELECT 1"})
            message = caught.value.message
    finally:
        del OBSERVERS["failing"]
    assert message.startswith("Internal error (ref ")
    assert "secret" not in message
    assert "secret" not in caplog.text
    assert message.removesuffix(")").rpartition(" ")[2] in caplog.text
