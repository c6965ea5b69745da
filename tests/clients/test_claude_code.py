"""Claude Code connects, says so when it cannot, and lets its model read all that dbmcp answers."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dbmcp.config import name_of
from dbmcp.errors import StatementRejected
from dbmcp.guard import approve
from dbmcp.server.errors import error_result
from dbmcp.server.tools import TOOLS
from tests import engines
from tests.clients import Call, Clients, Model, playing, run, serve
from tests.journeys import wire

pytestmark = pytest.mark.slow

EXIT_CONFIG = 2
CUT = (
    "Cut to {rows} rows; there are more. Use a limit of up to 10000, an aggregate, a narrower WHERE, "
    "or go on with ORDER BY … OFFSET {rows}."
)
READ = "SELECT item_id, name, note FROM item ORDER BY item_id"
MANY = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) "
    "SELECT i, 'abcdefghij' AS text FROM n ORDER BY i"
)


def add(clients: Clients, *arguments: str) -> None:
    """Add a server as the user's own page says: `claude mcp add …`."""
    ran = clients.claude("mcp", "add", *arguments)
    assert (ran.code, ran.err) == (0, "")


def listed(clients: Clients, name: str) -> str:
    """Return what `claude mcp list` says of a server, and see that `claude mcp get` agrees."""
    ran = clients.claude("mcp", "list")
    assert (ran.code, ran.err) == (0, "")
    (line,) = [line for line in ran.out.splitlines() if line.startswith(f"{name}: ")]
    status = line.rpartition(" - ")[2].partition(" — ")[0]
    assert f"  Status: {status}\n" in clients.claude("mcp", "get", name).out
    return status


def test_claude_code_connects_to_the_demo(clients: Clients) -> None:
    add(clients, "demo", "--", *serve("--demo"))
    assert listed(clients, "demo") == "✔ Connected"
    assert "Server stderr" not in clients.log("demo")


def test_claude_code_connects_to_a_database(clients: Clients, shop_url: str) -> None:
    add(clients, "shop", "--", *serve(shop_url))
    assert listed(clients, "shop") == "✔ Connected"
    assert "Server stderr" not in clients.log("shop")


def test_claude_code_connects_to_a_database_that_the_environment_names(
    clients: Clients, postgresql_database: engines.PostgresqlDatabase
) -> None:
    """So that the password stands in no list of servers."""
    add(clients, "shop", "-e", f"DATABASE_URL={postgresql_database.reader_url}", "--", *serve())
    assert listed(clients, "shop") == "✔ Connected"
    assert postgresql_database.password not in clients.claude("mcp", "list").out


@pytest.fixture
def nobodys_port() -> Iterator[int]:
    """Take a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize(
    "url, said",
    [
        ("postgresql://anna@127.0.0.1:{port}/shop", "The database cannot be reached. Check host and port"),
        ("/nowhere/shop.sqlite", "There is no SQLite file '/nowhere/shop.sqlite'; dbmcp never creates one."),
        ("${NO_SUCH_VARIABLE}", "Set the environment variable NO_SUCH_VARIABLE where the server is started."),
    ],
    ids=["nobody listens", "no such file", "unset variable"],
)
def test_claude_code_shows_a_wrong_url_as_failed_and_writes_down_why(
    clients: Clients, nobodys_port: int, url: str, said: str
) -> None:
    command = serve(url.format(port=nobodys_port) if "{port}" in url else url)
    add(clients, "wrong", "--", *command)
    assert listed(clients, "wrong") == "✘ Failed to connect"
    assert said in clients.log("wrong")
    ran = run(command, clients.environment, clients.folder)
    assert (ran.code, ran.out) == (EXIT_CONFIG, "")
    assert said in ran.err


class Talk:
    """One session of `claude -p`, and each of its results by the name of its call."""

    def __init__(self, clients: Clients, model: Model, calls: dict[str, Call]) -> None:
        self.clients = clients
        self.model = model
        self._names = list(calls)

    def blocks(self, name: str) -> list[str]:
        """Return the texts of a result, as the model reads them."""
        content = self._result(name)["content"]
        return [content] if isinstance(content, str) else [block["text"] for block in content]

    def is_error(self, name: str) -> bool:
        """Say whether the model was told that the call failed."""
        return bool(self._result(name).get("is_error"))

    def _result(self, name: str) -> dict[str, Any]:
        return self.model.results[self._names.index(name)]


def calls_on(url: str) -> dict[str, Call]:
    """Return the calls of a session, by name."""
    schema = "public" if url.startswith("postgresql") else "main"
    table = f"schema://{name_of(url)}/{schema}/item"
    return {
        "rows": ("mcp__shop__query", {"sql": READ}),
        "tables": ("mcp__shop__search_schema", {}),
        "cut": ("mcp__shop__query", {"sql": READ, "limit": 2}),
        "write": ("mcp__shop__query", {"sql": "DELETE FROM item"}),
        "misspelt column": ("mcp__shop__query", {"sql": "SELECT nmae FROM item"}),
        "misspelt argument": ("mcp__shop__query", {"sqll": READ}),
        "misspelt table": ("mcp__shop__describe_tables", {"tables": ["itme"]}),
        "many": ("mcp__shop__query", {"sql": MANY, "limit": 10000}),
        "resources": ("ListMcpResourcesTool", {"server": "shop"}),
        "resource": ("ReadMcpResourceTool", {"server": "shop", "uri": table}),
        "again": ("mcp__shop__query", {"sql": READ}),
    }


@pytest.fixture(scope="module", params=wire.ERAS)
def era(request: pytest.FixtureRequest) -> str:
    """Each of the two protocol eras, by its version."""
    version: str = request.param
    return version


@pytest.fixture(scope="module")
def talk(modules: Path, shop_url: str, era: str, tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """Let the model make all calls in one session, the first two at once."""
    model, calls = Model(), calls_on(shop_url)
    first, second, *others = calls.values()
    model.turns = [[first, second], *([call] for call in others)]
    home = tmp_path_factory.mktemp("home")
    command = serve(shop_url)
    servers = {"mcpServers": {"shop": {"type": "stdio", "command": command[0], "args": command[1:]}}}
    (home / "mcp.json").write_text(json.dumps(servers))
    resources = "ListMcpResourcesTool,ReadMcpResourceTool"
    with playing(model):
        clients = Clients(modules, home, model.url)
        ran = clients.claude(
            *("-p", "What is in the shop?", "--output-format", "json"),
            *("--strict-mcp-config", "--mcp-config", str(home / "mcp.json")),
            # With a search for tools at hand, a tool is offered only when something asks for it to be.
            *("--tools", f"ToolSearch,{resources}", "--allowedTools", f"mcp__shop,{resources}"),
            MCP_PROTOCOL_NEGOTIATION="legacy" if era == wire.LEGACY else "auto",
            # Wait for the server before the first turn, however busy the machine is.
            MCP_CONNECTION_NONBLOCKING="false",
            ENABLE_TOOL_SEARCH="true",
        )
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["result"] == "That is all."
    return Talk(clients, model, calls)


def test_a_session_speaks_its_era_and_the_server_starts_in_silence(talk: Talk, era: str) -> None:
    log = talk.clients.log("shop")
    assert f'"negotiatedProtocolVersion":"{era}"' in log
    assert "Server stderr" not in log


def test_a_session_asks_nothing_of_anyone_but_its_model(talk: Talk) -> None:
    assert talk.model.strays == []


def test_the_model_is_offered_the_tools_of_every_question_before_its_first_turn(talk: Talk) -> None:
    """Without a search for tools: that is what the mark `anthropic/alwaysLoad` is for. The others it has to look up."""
    offered = {f"mcp__shop__{name}" for name, tool in TOOLS.items() if tool.is_always_loaded}
    assert offered == {name for name in talk.model.tools if name.startswith("mcp__shop__")}
    for name in offered:
        tool = talk.model.tools[name]
        assert tool["description"]
        assert tool["input_schema"]["type"] == "object"
        assert not tool.get("defer_loading")


def test_the_model_is_told_how_to_go_about_it(talk: Talk, shop_url: str) -> None:
    assert f"Read-only SQL on {name_of(shop_url)} (" in talk.model.prompt
    assert "an empty CSV cell is NULL." in talk.model.prompt


def test_the_model_reads_every_row_as_dbmcp_wrote_it(talk: Talk) -> None:
    csv = 'item_id,name,note\n1,"Åsa ""the"" Ek","first\nsecond"\n2,"Bo, jr",\n3,日本 😀,""\n'
    assert talk.blocks("rows") == talk.blocks("again") == [csv]
    assert not talk.is_error("rows")


def test_calls_made_at_once_are_both_answered(talk: Talk) -> None:
    assert talk.blocks("tables") == ["item"]


def test_the_model_reads_the_rows_and_then_what_was_cut(talk: Talk) -> None:
    csv = 'item_id,name,note\n1,"Åsa ""the"" Ek","first\nsecond"\n2,"Bo, jr",\n'
    assert talk.blocks("cut") == [csv, CUT.format(rows=2)]
    assert not talk.is_error("cut")


def test_the_model_reads_a_refusal_with_its_reason_its_place_and_what_would_work(talk: Talk, shop_url: str) -> None:
    with pytest.raises(StatementRejected) as refused:
        approve("DELETE FROM item", "postgresql" if shop_url.startswith("postgresql") else "sqlite")
    (said,) = error_result(refused.value).content
    assert said.type == "text"
    assert talk.is_error("write")
    assert talk.blocks("write") == [said.text]
    for part in ("write: DELETE changes the database", "line 1, column 1", "Send one SELECT"):
        assert part in said.text


@pytest.mark.parametrize(
    "call, code, hint",
    [
        ("misspelt column", "query_failed: ", "Did you mean name?"),
        ("misspelt argument", "invalid_parameter: ", "Did you mean sql?"),
        ("misspelt table", "unknown_table: ", "Did you mean item?"),
    ],
)
def test_the_model_reads_what_was_probably_meant(talk: Talk, call: str, code: str, hint: str) -> None:
    assert talk.is_error(call)
    (text,) = talk.blocks(call)
    assert text.startswith(code)
    assert text.endswith(hint)


def test_a_reply_of_the_whole_budget_is_read_inline_to_its_last_row(talk: Talk) -> None:
    """Claude Code writes a result that it finds too large to a file, and its model sees the beginning."""
    csv, notice = talk.blocks("many")
    # A line end is two bytes on the wire.
    assert 39_900 < len(json.dumps(csv, ensure_ascii=False).encode()) - len('""') <= 40_000
    lines = csv.splitlines()
    assert lines == ["i,text", *(f"{number},abcdefghij" for number in range(1, len(lines)))]
    assert notice.startswith(f"Cut to {len(lines) - 1} rows: the reply is limited to 40000 bytes.")


def test_the_model_finds_and_reads_the_schema_as_a_resource(talk: Talk, shop_url: str) -> None:
    resource, *_ = json.loads(talk.blocks("resources")[0])
    assert resource["uri"] == f"schema://{name_of(shop_url)}"
    (content,) = json.loads(talk.blocks("resource")[0])["contents"]
    assert content["uri"].endswith("/item")
    for part in ("CREATE TABLE item (", "item_id int PRIMARY KEY", "name text NOT NULL", "note text"):
        assert part in content["text"]
