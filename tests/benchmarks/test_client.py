"""The bare client, against the bare server and against servers that misbehave."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from benchmarks import client as client_module
from benchmarks.bare_server import ANSWER
from benchmarks.client import Era, StdioClient, spawn
from benchmarks.contenders import BARE_SERVER, TOOL, running
from benchmarks.failures import BenchmarkError

eras = pytest.mark.parametrize("era", list(Era))


@asynccontextmanager
async def script(source: str, folder: Path) -> AsyncIterator[StdioClient]:
    """Run a Python script as a server, without a handshake."""
    client = await spawn((sys.executable, "-c", source), os.environ, folder, Era.LEGACY)
    try:
        yield client
    finally:
        await client.close()


@eras
async def test_the_bare_server_lists_and_answers_its_tool_in_both_eras(era: Era) -> None:
    async with running(BARE_SERVER, era) as client:
        assert await client.tool_names() == [TOOL]
        assert await client.call(TOOL, {"sql": "SELECT 1"}) == ANSWER


@eras
async def test_calls_in_flight_together_each_get_their_reply(era: Era) -> None:
    async with running(BARE_SERVER, era) as client:
        calls = [client.call(TOOL, {"sql": f"SELECT {number}"}) for number in range(50)]
        assert await asyncio.gather(*calls) == [ANSWER] * 50


@eras
async def test_an_error_reply_is_raised(era: Era) -> None:
    async with running(BARE_SERVER, era) as client:
        with pytest.raises(BenchmarkError, match="Method not found"):
            await client.request("resources/list", {})


async def test_a_tool_error_is_raised_with_its_text(tmp_path: Path) -> None:
    source = (
        'input(); print(\'{"jsonrpc": "2.0", "id": 1, "result": {"isError": true, '
        '"content": [{"type": "text", "text": "no such table"}]}}\', flush=True); input()'
    )
    async with script(source, tmp_path) as client:
        with pytest.raises(BenchmarkError, match="no such table"):
            await client.call(TOOL, {"sql": "SELECT * FROM nothing"})


async def test_a_server_that_ends_is_reported_with_its_status_and_its_last_words(tmp_path: Path) -> None:
    async with script("import sys; input(); sys.exit('no such database')", tmp_path) as client:
        with pytest.raises(BenchmarkError, match="status 1; its stderr ends: no such database"):
            await client.request("tools/list", {})
        with pytest.raises(BenchmarkError, match="status 1"):
            await client.request("tools/list", {})


async def test_a_server_that_prints_on_stdout_is_reported(tmp_path: Path) -> None:
    async with script("input(); print('hello', flush=True); input()", tmp_path) as client:
        with pytest.raises(BenchmarkError, match="no JSON: b'hello'"):
            await client.request("tools/list", {})


async def test_a_silent_server_is_reported_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "REPLY_TIMEOUT_S", 0.05)
    async with script("input(); input()", tmp_path) as client:
        with pytest.raises(BenchmarkError, match="no reply to tools/list"):
            await client.request("tools/list", {})


async def test_a_reply_of_many_chunks_is_put_together(tmp_path: Path) -> None:
    source = "import json; input(); text = 'é' * 1_000_000; print(json.dumps("
    source += "{'id': 1, 'result': {'content': [{'text': text}]}}, ensure_ascii=False), flush=True); input()"
    async with script("import sys; sys.stdout.reconfigure(encoding='utf-8');" + source, tmp_path) as client:
        assert await client.call(TOOL, {}) == "é" * 1_000_000


async def test_a_server_that_asks_is_answered(tmp_path: Path) -> None:
    """A ping gets its pong; what this client does not offer is declined; notifications are left alone."""
    source = """
import json
asked = json.loads(input())
for message in ({"method": "note"}, {"id": "a", "method": "ping"}, {"id": "b", "method": "roots/list"}):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)
answers = [json.loads(input()), json.loads(input())]
print(json.dumps({"id": asked["id"], "result": {"answers": answers}}), flush=True)
input()
"""
    async with script(source, tmp_path) as client:
        pong, declined = (await client.request("tools/list", {}))["answers"]
    assert (pong["id"], pong["result"]) == ("a", {})
    assert (declined["id"], declined["error"]["code"]) == ("b", -32601)


async def test_a_server_that_stays_after_its_stdin_closed_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "EXIT_TIMEOUT_S", 0.05)
    source = "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    source += 'input(); print(\'{"id": 1, "result": {}}\', flush=True); threading.Event().wait()'
    async with script(source, tmp_path) as client:
        await client.request("ping", {})
        pid = client.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
