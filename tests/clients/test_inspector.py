"""The MCP Inspector, which is strict, has nothing to complain of in either era."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dbmcp.config import name_of
from dbmcp.server.tools import TOOLS
from tests.clients import Clients, serve

pytestmark = pytest.mark.slow

TOOL_IS_ERROR = 5


@pytest.fixture(params=["modern", "legacy"])
def era(request: pytest.FixtureRequest) -> str:
    """Each era, in the Inspector's words."""
    name: str = request.param
    return name


def asked(clients: Clients, url: str, era: str, method: str, *arguments: str) -> dict[str, Any]:
    """Ask a server that is started for it; it must be answered, without a word on stderr from either side."""
    ran = clients.inspector(serve(url), "--protocol-era", era, "--format", "json", "--method", method, *arguments)
    assert (ran.code, ran.err) == (0, "")
    result: dict[str, Any] = json.loads(ran.out)["result"]
    return result


def test_the_tools_are_listed_and_portable(clients: Clients, shop_url: str, era: str) -> None:
    """`--strict` judges the input schemas by what other hosts and models are known to take."""
    result = asked(clients, shop_url, era, "tools/list", "--strict")
    assert [tool["name"] for tool in result["tools"]] == list(TOOLS)


def test_a_query_is_answered(clients: Clients, shop_url: str, era: str) -> None:
    arguments = json.dumps({"sql": "SELECT name, note FROM item ORDER BY item_id", "limit": 2})
    result = asked(clients, shop_url, era, "tools/call", "--tool-name", "query", "--tool-args-json", arguments)
    rows, notice = [block["text"] for block in result["content"]]
    assert rows == 'name,note\n"Åsa ""the"" Ek","first\nsecond"\n"Bo, jr",\n'
    assert notice.startswith("Cut to 2 rows; there are more.")
    assert result["isError"] is False


def test_every_tool_is_called(clients: Clients, shop_url: str, era: str) -> None:
    calls: dict[str, tuple[dict[str, Any], str]] = {
        "search_schema": ({"pattern": "items"}, "item(item_id* int, name!, note)"),
        "describe_tables": ({"tables": ["item"], "data": True}, "item: 3 sample rows"),
        "explain": ({"sql": "SELECT name FROM item"}, "item"),
        "generate_models": ({"target": "pydantic", "tables": ["item"]}, "class Item("),
    }
    assert {"query", *calls} == set(TOOLS)
    for name, (arguments, part) in calls.items():
        given = ["--tool-name", name, "--tool-args-json", json.dumps(arguments)]
        result = asked(clients, shop_url, era, "tools/call", *given)
        assert result["isError"] is False
        assert part in result["content"][0]["text"]


def test_a_refusal_is_a_result_and_no_protocol_error(clients: Clients, shop_url: str, era: str) -> None:
    arguments = ["--tool-name", "query", "--tool-args-json", json.dumps({"sql": "DELETE FROM item"})]
    method = ["--protocol-era", era, "--format", "json", "--method", "tools/call"]
    ran = clients.inspector(serve(shop_url), *method, *arguments)
    assert ran.code == TOOL_IS_ERROR
    assert json.loads(ran.err)["error"]["code"] == "tool_is_error"
    result = json.loads(ran.out)["result"]
    assert result["isError"] is True
    assert result["content"][0]["text"].startswith("write: DELETE changes the database (line 1, column 1).")


def test_the_resources_are_listed(clients: Clients, shop_url: str, era: str) -> None:
    result = asked(clients, shop_url, era, "resources/list")
    uris = [resource["uri"] for resource in result["resources"]]
    assert uris[0] == f"schema://{name_of(shop_url)}"
    assert uris[-1].endswith("/item")


def test_the_resource_templates_are_listed(clients: Clients, shop_url: str, era: str) -> None:
    result = asked(clients, shop_url, era, "resources/templates/list")
    assert [template["uriTemplate"] for template in result["resourceTemplates"]] == [
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


def test_resources_are_read_by_what_the_list_and_the_templates_say(clients: Clients, shop_url: str, era: str) -> None:
    schema = "public" if shop_url.startswith("postgresql") else "main"
    database = f"schema://{name_of(shop_url)}"
    line = "item(item_id* int, name!, note)"
    told = {database: line, f"{database}/{schema}": line, f"{database}/{schema}/item": "  name text NOT NULL,\n"}
    for uri, text in told.items():
        (content,) = asked(clients, shop_url, era, "resources/read", "--uri", uri)["contents"]
        assert (content["uri"], content["mimeType"]) == (uri, "text/plain")
        assert text in content["text"]


def test_the_prompts_are_listed_and_filled_in(clients: Clients, shop_url: str, era: str) -> None:
    names = [prompt["name"] for prompt in asked(clients, shop_url, era, "prompts/list")["prompts"]]
    assert names == ["explore", "answer", "review_query", "document_table", "adopt_models"]
    made = asked(clients, shop_url, era, "prompts/get", "--prompt-name", "answer", "--prompt-args", "question=why?")
    assert "why?" in made["messages"][0]["content"]["text"]
