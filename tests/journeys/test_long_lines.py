"""Whatever a line holds, the server answers it in little memory and reads the next."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dbmcp.server.json_lines import MAX_LINE_BYTES, MAX_VALUES
from tests.journeys.wire import ENVELOPE, Wire, first_text, served

INVALID_REQUEST = -32600
COUNT = "SELECT count(*) AS n FROM customer"
# The server itself holds about 125 MB once everything is imported.
MEMORY_MB = 220
FULL = MAX_LINE_BYTES - 1_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads a process's memory from /proc")


def call(sql: bytes, request_id: int = 9) -> bytes:
    """Return the line of a call of the tool query, its statement given as JSON."""
    meta = json.dumps(ENVELOPE).encode()
    params = b'{"name":"query","arguments":{"sql":%b},"_meta":%b}' % (sql, meta)
    return b'{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":%b}' % (request_id, params)


def filled(unit: bytes, size: int = FULL) -> bytes:
    """Return a list of as many units as fit into a size."""
    return b"[" + b",".join([unit] * (size // (len(unit) + 1))) + b"]"


REFUSED = {
    "empty objects, four times too long": (filled(b"{}", 60_000_000), f"longer than {MAX_LINE_BYTES} bytes"),
    "empty objects": (filled(b"{}"), f"more than {MAX_VALUES} values"),
    "empty objects of a call": (call(filled(b"{}")), f"more than {MAX_VALUES} values"),
    "objects": (filled(b'{"a":1}'), f"more than {MAX_VALUES} values"),
    "lists in lists": (filled(b"[[]]"), f"more than {MAX_VALUES} values"),
    "texts": (filled(b'"ab"'), f"more than {MAX_VALUES} values"),
    "names": (
        b"{" + b",".join(b'"k%d":1' % number for number in range(MAX_VALUES + 1)) + b"}",
        f"more than {MAX_VALUES} values",
    ),
    "as many objects as there may be": (filled(b'{"a":1}', 8 * (MAX_VALUES // 2 - 1)), "not JSON-RPC 2.0"),
}


async def refusal(server: Wire, line: bytes) -> str:
    await server.send(line)
    message = await server.next_message()
    assert message["id"] is None
    assert message["error"]["code"] == INVALID_REQUEST
    return str(message["error"]["message"])


async def test_a_line_that_would_fill_the_memory_is_refused_before_it_is_parsed(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop)) as server:
        for label, (line, said) in REFUSED.items():
            assert said in await refusal(server, line), label
            assert await server.text(COUNT) == "n\n4\n"
            assert server.peak_memory_mb() < MEMORY_MB, label


async def test_signs_within_a_text_are_no_values(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop)) as server:
        for sign in (b",", b"[", b"{", b'\\"', b"\\\\"):
            statement = b'"' + sign * (10_000_000 // len(sign)) + b'"'
            await server.send(call(statement))
            result = (await server.answer(9))["result"]
            assert first_text(result).startswith("too_large: The statement is larger than 65,536 bytes")
        assert await server.text(COUNT) == "n\n4\n"
        assert server.peak_memory_mb() < MEMORY_MB


async def test_as_many_values_as_a_call_may_need_are_read(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop)) as server:
        await server.send(call(filled(b'"ab"', 5 * (MAX_VALUES - 100))))
        result = (await server.answer(9))["result"]
        assert first_text(result).startswith("invalid_parameter: The argument 'sql' must be a string")


async def test_a_call_without_room_for_one_more_byte_is_read(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop)) as server:
        empty = len(call(b'""'))
        await server.send(call(b'"' + b"x" * (MAX_LINE_BYTES - empty) + b'"'))
        assert first_text((await server.answer(9))["result"]).startswith("too_large: ")
        assert "longer than" in await refusal(server, call(b'"' + b"x" * (MAX_LINE_BYTES - empty + 1) + b'"'))
