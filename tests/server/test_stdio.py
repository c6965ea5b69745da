"""Messages as lines: what is read from any bytes, and what is written of any message."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import anyio
import mcp.types as t
import pytest
from mcp.shared.message import SessionMessage

from dbmcp.server.json_lines import Reader, Writer, encode


class _Pipe:
    """Stands where the operating system's pipe would: keeps what is written."""

    def __init__(self) -> None:
        self.lines: list[Any] = []

    def write(self, line: bytes) -> None:
        self.lines.append(json.loads(line))

    async def drain(self) -> None:
        """Have no back-pressure."""


async def read(*chunks: bytes, limit: int = 1_000) -> tuple[list[str], list[Any]]:
    """Return the methods of the messages read, and the errors answered."""
    stream = asyncio.StreamReader(limit=limit)
    for chunk in chunks:
        stream.feed_data(chunk)
    stream.feed_eof()
    pipe = _Pipe()
    methods = []
    async for item in Reader(stream, Writer(pipe)):  # type: ignore[arg-type]
        assert isinstance(item, SessionMessage)
        methods.append(getattr(item.message, "method", "?"))
    return methods, pipe.lines


PING = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'


async def test_each_line_is_a_message_and_the_last_needs_no_end() -> None:
    assert await read(PING + b"\n\n  \r\n" + PING + b"\r\n" + PING) == (["ping"] * 3, [])


async def test_a_message_may_come_in_pieces() -> None:
    assert await read(PING[:7], PING[7:] + b"\n" + PING[:1], PING[1:] + b"\n") == (["ping"] * 2, [])


async def test_a_line_beyond_the_limit_is_skipped_whole() -> None:
    long = b'{"jsonrpc":"2.0","id":2,"method":"' + b"x" * 5_000 + b'"}\n'
    methods, errors = await read(PING + b"\n" + long + PING + b"\n", limit=200)
    assert methods == ["ping", "ping"]
    assert [error["error"]["code"] for error in errors] == [t.INVALID_REQUEST]


async def test_the_end_within_a_line_beyond_the_limit_is_an_end() -> None:
    with anyio.fail_after(5):
        methods, errors = await read(PING + b"\n" + b"x" * 5_000, limit=200)
    assert methods == ["ping"]
    assert len(errors) == 1


async def test_lone_surrogates_are_let_through_to_the_guard() -> None:
    methods, errors = await read(b'{"jsonrpc":"2.0","id":1,"method":"a\\ud800"}\n')
    assert (methods, errors) == (["a\ud800"], [])


@pytest.mark.parametrize(
    "result",
    [{"a": "x"}, {"a": "ä😀\u2028"}, {"a": "\ud800"}, {"a": 2**70}, {"a": None, "b": [1.5, True]}, {}],
)
def test_a_response_is_one_line_of_json(result: dict[str, Any]) -> None:
    line = encode(t.JSONRPCResponse(jsonrpc="2.0", id=1, result=result))
    assert line.endswith(b"\n")
    assert b"\n" not in line[:-1]
    assert json.loads(line) == {"jsonrpc": "2.0", "id": 1, "result": result}


def test_an_error_that_repeats_a_lone_surrogate_is_a_line() -> None:
    error = t.JSONRPCError(jsonrpc="2.0", id="\ud800", error=t.ErrorData(code=-32601, message="x", data="\ud800"))
    assert json.loads(encode(error))["error"]["data"] == "\ud800"


def test_an_error_and_a_notification_are_lines_too() -> None:
    error = t.JSONRPCError(jsonrpc="2.0", id="a", error=t.ErrorData(code=-1, message="no"))
    assert json.loads(encode(error))["error"]["code"] == -1
    notification = t.JSONRPCNotification(jsonrpc="2.0", method="notifications/x")
    assert "id" not in json.loads(encode(notification))
