"""Prompts: listed with their arguments, filled in, and exact about what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp.shared.exceptions import MCPError

from dbmcp import config
from dbmcp.server.prompts import PROMPTS
from dbmcp.server.tools import TOOLS
from tests.journeys.conftest import Connect


def settings(tmp_path: Path, url: Path) -> config.Settings:
    file = tmp_path / "dbmcp.toml"
    file.write_text(f'[databases.one]\nurl = "{url}"\n[databases.two]\nurl = "{url}"\n')
    return config.load(file=file)


async def test_every_prompt_is_listed_and_filled_in(connect: Connect, sqlite_shop: Path) -> None:
    async with connect(str(sqlite_shop)) as client:
        prompts = (await client.list_prompts()).prompts
        assert [item.name for item in prompts] == list(PROMPTS)
        for prompt in prompts:
            assert prompt.title
            assert prompt.description
            given = {item.name: f"<{item.name} {{of}} mine>" for item in prompt.arguments or []}
            (message,) = (await client.get_prompt(prompt.name, given)).messages
            assert message.role == "user"
            assert all(value in message.content.text for value in given.values())
            assert "database" not in given, "there is one"


async def test_optional_arguments_may_be_left_out_and_several_databases_are_told_apart(
    connect: Connect, sqlite_shop: Path, tmp_path: Path
) -> None:
    async with connect(settings(tmp_path, sqlite_shop)) as client:
        for prompt in (await client.list_prompts()).prompts:
            assert "database" in [item.name for item in prompt.arguments or []]
        (message,) = (await client.get_prompt("explore", {"database": "two"})).messages
        assert message.content.text.startswith("Get to know the database two.\n")


@pytest.mark.parametrize(
    "name, given, said",
    [
        ("explor", {}, "There is no prompt 'explor'. Did you mean explore?"),
        ("answer", {}, "The prompt answer needs question: the question, as you would ask a colleague."),
        ("answer", {"question": " "}, "The prompt answer needs question"),
        ("answer", {"question": "why?", "databse": "shop"}, "has no argument 'databse'. Did you mean database?"),
        ("answer", {"question": "why?", "database": "shp"}, "There is no database 'shp'. Did you mean shop?"),
        ("review_query", {"sql": "x" * 20_001}, "sql must have at most 20000 characters."),
    ],
)
async def test_a_wrong_request_is_told_what_would_work(
    connect: Connect, sqlite_shop: Path, name: str, given: dict[str, str], said: str
) -> None:
    async with connect(str(sqlite_shop)) as client:
        with pytest.raises(MCPError) as caught:
            await client.get_prompt(name, given)
    assert said in caught.value.message


def test_prompts_name_tools_that_there_are() -> None:
    text = " ".join(prompt.text for prompt in PROMPTS.values())
    assert {name for name in TOOLS if name in text} == set(TOOLS)
