"""Generating models over MCP: small ones in the reply, large ones as a resource, nothing that the policy hides."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult

from dbmcp.config import Settings
from tests import engines
from tests.cli.test_main import dbmcp
from tests.journeys.conftest import Connect


async def generated(client: Client, **arguments: object) -> CallToolResult:
    return await client.call_tool("generate_models", arguments)


def text_of(result: Any) -> str:
    """Return the first text of a result."""
    return str(result.content[0].text)


async def test_a_few_tables_come_in_the_reply(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        found = await generated(client, target="pydantic", tables=["cust*"])
    assert not found.is_error
    assert "class Customer(Base):" in text_of(found)
    assert "class Purchase(Base):" not in text_of(found)
    assert str(getattr(found.content[1], "text", "")).startswith("pydantic: ")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    columns = ", ".join(f"column_{number} INTEGER NOT NULL" for number in range(40))
    tables = "".join(f"CREATE TABLE part_{number} (id INTEGER PRIMARY KEY, {columns});" for number in range(10))
    return engines.build_sqlite_file(tmp_path / "large.db", tables)


async def test_many_tables_come_as_a_resource_that_is_what_the_command_writes(connect: Connect, large: Path) -> None:
    async with connect(str(large)) as client:
        found = await generated(client, target="sqlalchemy", tables=["part_*", "main.part_1"])
        assert not found.is_error
        text, link = found.content
        assert text.type == "text"
        assert text.text.startswith("sqlalchemy: 10 classes in models.py, ")
        assert len(text.text) < 300
        assert link.type == "resource_link"
        assert link.uri == "models://large/sqlalchemy/part_%2A%2Cmain.part_1"
        code = (await client.read_resource(link.uri)).contents[0].text
        every = await generated(client, target="sqlalchemy")
        assert getattr(every.content[1], "uri", None) == "models://large/sqlalchemy"
    ast.parse(code)
    line = ("models", str(large), "--target", "sqlalchemy", "--tables", "part_*,main.part_1")
    assert dbmcp(*line, cwd=large.parent)[1] == code


async def test_what_cannot_be_is_said_with_what_could(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        assert "Did you mean sqlalchemy?" in text_of(await generated(client, target="sqlachemy"))
        assert "Known are " in text_of(await generated(client, target="cobol"))
        assert "No table fits 'purchse'. Did you mean purchase?" in text_of(
            await generated(client, target="typescript", tables=["purchse"])
        )
        assert "at most 500" in text_of(await generated(client, target="typescript", tables=["a"] * 501))
        for uri in ("models://shop", "models://shop/cobol", "models://nowhere/sqlalchemy", "models://shop/kysely/x*"):
            with pytest.raises(MCPError, match=r"There is no|No table fits"):
                await client.read_resource(uri)


async def test_targets_and_tables_are_completed(connect: Connect, sqlite_shop: Path) -> None:
    from mcp.types import ResourceTemplateReference  # noqa: PLC0415

    template = ResourceTemplateReference(uri="models://{database}/{target}/{tables}")
    async with connect(str(sqlite_shop)) as client:
        found = await client.complete(template, {"name": "target", "value": "sqla"})
        assert found.completion.values[0] == "sqlalchemy"
        found = await client.complete(template, {"name": "tables", "value": "pur"})
        assert found.completion.values == ["purchase"]


async def test_nothing_hidden_is_written(connect: Connect, shop_url: str) -> None:
    policy = {"deny_tables": ["purchase"], "tables": {"customer": {"deny": ["city"]}}}
    database = {"url": shop_url, "policy": policy, "allow_writable_role": True}
    async with connect(Settings.model_validate({"databases": {"shop": database}})) as client:
        text = text_of(await generated(client, target="typescript"))
        assert "Customer" in text
        assert "urchase" not in text
        assert "city" not in text
        told = text_of(await generated(client, target="typescript", tables=["purchase"]))
        assert told.startswith("unknown_table: No table fits 'purchase'.")


async def test_the_prompt_names_target_tables_and_command(connect: Connect, sqlite_shop: Path) -> None:
    async with connect(str(sqlite_shop)) as client:
        found = await client.get_prompt("adopt_models", {"target": "prisma", "tables": "purchase"})
    text = found.messages[0].content.text
    assert "Bring prisma models" in text
    assert "for the tables purchase." in text
    assert "dbmcp models --check" in text
