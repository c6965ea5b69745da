"""What stands on the wire: only JSON-RPC on stdout, small lists, and an answer to whatever a client may send."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from dbmcp.server.tools import TOOLS
from tests.journeys import wire
from tests.journeys.wire import first_text, served

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
COUNT = "SELECT count(*) AS n FROM customer"


def tool_call(request_id: str, arguments: str, era: str = wire.MODERN) -> bytes:
    """Return a tools/call of `query` as a line, with arguments as JSON text that no encoder would write."""
    meta = f',"_meta":{json.dumps(wire.ENVELOPE)}' if era == wire.MODERN else ""
    return (
        f'{{"jsonrpc":"2.0","id":{request_id},"method":"tools/call",'
        f'"params":{{"name":"query","arguments":{arguments}{meta}}}}}'
    ).encode()


async def test_a_real_client_over_stdio_asks_and_is_answered(shop_url: str, era: str) -> None:
    arguments = ["-m", "dbmcp", "serve", shop_url]
    parameters = StdioServerParameters(command=sys.executable, args=arguments, env=wire.environment())
    mode = "legacy" if era == wire.LEGACY else "auto"
    async with Client(stdio_client(parameters), mode=mode) as client:
        assert client.protocol_version == era
        result = await client.call_tool("query", {"sql": COUNT})
        assert [block.text for block in result.content if block.type == "text"] == ["n\n4\n"]


async def test_the_list_of_tools_is_small(shop_url: str, era: str) -> None:
    async with served(shop_url, era=era) as server:
        answer = await server.request("tools/list")
        listed = answer["result"]
        assert len(json.dumps(listed, separators=(",", ":"), ensure_ascii=False).encode()) <= 2_000
        for tool in listed["tools"]:
            assert tool["annotations"] == {"readOnlyHint": True, "openWorldHint": False}
            assert set(tool["inputSchema"]) <= {"type", "properties", "required", "additionalProperties"}
        assert await server.leave() == 0
        assert server.errors == ""


async def test_text_beyond_ascii_passes_unchanged(shop_url: str, era: str) -> None:
    async with served(shop_url, era=era) as server:
        assert (
            await server.text("SELECT name, city FROM customer WHERE customer_id = 4") == "name,city\n日本 😀,Ōsaka\n"
        )


ODD_ARGUMENTS = (
    ('{"sql":"SELECT \'\\ud800\'"}', "bad_character: The statement holds the character U+D800"),
    ('{"sql":"SELECT 1 AS \\"\\udfff\\""}', "bad_character: The statement holds the character U+DFFF"),
    ('{"sql":"SELECT \'\\u0000\'"}', "bad_character: The statement holds the character U+0000"),
    ('{"sql":"SELECT 1","form\\ud800at":"csv"}', "invalid_parameter: There is no argument"),
    ('{"sql":"SELECT 1","format":"\\ud800"}', "must be one of csv, json, markdown"),
)


async def test_characters_that_are_none_are_refused_and_the_session_goes_on(shop_url: str) -> None:
    async with served(shop_url) as server:
        for arguments, said in ODD_ARGUMENTS:
            await server.send(tool_call('"odd"', arguments))
            result = (await server.answer("odd"))["result"]
            assert result["isError"] is True
            assert said in first_text(result)
            assert await server.text(COUNT) == "n\n4\n"
        assert await server.leave() == 0


async def test_odd_characters_in_names_are_answered(shop_url: str) -> None:
    async with served(shop_url) as server:
        meta = f',"_meta":{json.dumps(wire.ENVELOPE)}'
        for method, params in (
            ("tools/call", f'{{"name":"qu\\ud800ery","arguments":{{}}{meta}}}'),
            ("tools/call", f'{{"name":"query\\u0000","arguments":{{}}{meta}}}'),
            ("resources/read", f'{{"uri":"schema://\\ud800"{meta}}}'),
            ("resources/read", f'{{"uri":"schema://%00%ff%"{meta}}}'),
        ):
            await server.send(f'{{"jsonrpc":"2.0","id":"odd","method":"{method}","params":{params}}}'.encode())
            assert (await server.answer("odd"))["error"]["code"] == INVALID_PARAMS
        for tool, arguments in (
            ("search_schema", '{"pattern":"\\ud800 customer"}'),
            ("describe_tables", '{"tables":["\\ud800","\\u0000"]}'),
        ):
            params = f'{{"name":"{tool}","arguments":{arguments}{meta}}}'
            line = f'{{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{params}}}'
            await server.send(line.encode())
            assert "result" in await server.answer("odd")
        assert await server.text(COUNT) == "n\n4\n"


async def test_a_statement_of_ten_megabytes_is_refused_at_once(shop_url: str) -> None:
    async with served(shop_url) as server:
        text = await server.text("SELECT '" + "x" * 10_000_000 + "'")
        assert text.startswith("too_large: The statement is larger than 65,536 bytes")
        assert await server.text(COUNT) == "n\n4\n"


NO_MESSAGES = (
    (b"{", PARSE_ERROR),
    (b"hello", PARSE_ERROR),
    (b"\xff\xfe{}", PARSE_ERROR),
    (b"[]", INVALID_REQUEST),
    (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', INVALID_REQUEST),
    (b'"text"', INVALID_REQUEST),
    (b"17", INVALID_REQUEST),
    (b"null", INVALID_REQUEST),
    (b"{}", INVALID_REQUEST),
    (b'{"jsonrpc":"1.0","id":"a","method":"tools/list"}', INVALID_REQUEST),
    (b'{"jsonrpc":"2.0","id":"a"}', INVALID_REQUEST),
    (b'{"jsonrpc":"2.0","id":"a","method":7}', INVALID_REQUEST),
    (b"[" * 200_000, INVALID_REQUEST),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, INVALID_REQUEST),
)


async def test_a_line_that_is_no_message_is_answered_with_its_fault(sqlite_shop: Path) -> None:
    faults = []
    async with served(str(sqlite_shop)) as server:
        for line, code in NO_MESSAGES:
            await server.send(line)
            message = await server.next_message()
            if message["error"]["code"] != code or message["id"] not in (None, "a"):
                faults.append((line[:60], message))
        assert await server.text(COUNT) == "n\n4\n"
        assert await server.leave() == 0
        assert "Traceback" not in server.errors
    assert faults == []


@pytest.mark.parametrize("request_id", ["{}", "1.5", "[1]", "true"])
async def test_a_request_with_an_id_that_is_none_is_not_left_waiting(sqlite_shop: Path, request_id: str) -> None:
    """JSON-RPC 2.0, section 4: an id is a text or a number; one with another is a faulty request, no notification."""
    async with served(str(sqlite_shop)) as server:
        await server.send(f'{{"jsonrpc":"2.0","id":{request_id},"method":"tools/list"}}'.encode())
        asked = await server.start("tools/list")
        message = await server.next_message()
        assert message["id"] != asked
        assert message["error"]["code"] == INVALID_REQUEST


async def test_what_needs_no_answer_gets_none(sqlite_shop: Path, era: str) -> None:
    async with served(str(sqlite_shop), era=era) as server:
        await server.send(b"")
        await server.send(b"   ")
        await server.send(b'{"jsonrpc":"2.0","method":"tools/list"}')
        await server.send(b'{"jsonrpc":"2.0","method":"notifications/unheard-of"}')
        await server.send(b'{"jsonrpc":"2.0","id":77,"result":{}}')
        assert await server.text(COUNT) == "n\n4\n"
        assert await server.leave() == 0
        assert "Traceback" not in server.errors


async def test_an_unknown_method_is_said_to_be_one(sqlite_shop: Path, era: str) -> None:
    async with served(str(sqlite_shop), era=era) as server:
        assert (await server.request("tools/unheard-of"))["error"]["code"] == METHOD_NOT_FOUND


async def test_a_line_beyond_the_limit_is_refused_and_the_next_is_read(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop)) as server:
        await server.send(b'{"jsonrpc":"2.0","id":9,"method":"tools/call","params":"' + b"x" * 70_000_000 + b'"}')
        message = await server.next_message()
        assert message["id"] is None
        assert message["error"]["code"] == INVALID_REQUEST
        assert await server.text(COUNT) == "n\n4\n"


async def test_ids_of_text_and_of_numbers_come_back_as_they_were(sqlite_shop: Path, era: str) -> None:
    async with served(str(sqlite_shop), era=era) as server:
        for request_id in ("0", "-5", "9007199254740993", '"a b"', '"é😀"'):
            await server.send(tool_call(request_id, '{"sql":"SELECT 1"}', era))
            assert (await server.next_message())["id"] == json.loads(request_id)


def test_a_session_from_a_file_to_a_file_works(sqlite_shop: Path, tmp_path: Path) -> None:
    params = {"protocolVersion": wire.LEGACY, "capabilities": {}, "clientInfo": wire.CLIENT}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    (tmp_path / "in").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    with (tmp_path / "in").open() as stdin, (tmp_path / "out").open("w") as stdout:
        command = [sys.executable, "-m", "dbmcp", "serve", str(sqlite_shop)]
        done = subprocess.run(
            command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=wire.environment(), timeout=30, check=False
        )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    answers = {message["id"]: message for message in map(json.loads, (tmp_path / "out").read_text().splitlines())}
    assert set(answers) == {1, 2}
    assert len(answers[2]["result"]["tools"]) == len(TOOLS)
