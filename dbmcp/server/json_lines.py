"""JSON-RPC messages over asyncio streams, one a line: the read and the write stream of the SDK's `Server.run`."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from typing import Any, Self

import anyio
import mcp.types as t
import orjson
from mcp.shared.message import SessionMessage

# A statement may have 1 MiB, which JSON may write as six times as much.
MAX_LINE_BYTES = 16 * 1024 * 1024
# A value of two bytes takes up to two kilobytes once it is parsed; a named query may be given lists of 10,000.
MAX_VALUES = 50_000
_BEFORE_VALUES = (b",", b"[", b"{")
# Linear, closed or not.
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


class Reader:
    """The read stream of `Server.run` over an asyncio stream: a JSON-RPC message a line."""

    def __init__(self, stream: asyncio.StreamReader, writer: Writer) -> None:
        self._stream = stream
        self._writer = writer

    async def receive(self) -> SessionMessage | Exception:
        """Return the next message; a line that is none is answered with a JSON-RPC error, and the next is read.

        Raises:
            anyio.EndOfStream: the client closed its end.
        """
        while True:
            try:
                line = await self._stream.readuntil(b"\n")
            except asyncio.IncompleteReadError as error:
                line = error.partial
                if not line.strip():
                    raise anyio.EndOfStream from None
            except asyncio.LimitOverrunError:
                await self._skip_line()
                await self._writer.refuse(None, t.INVALID_REQUEST, f"A message is longer than {MAX_LINE_BYTES} bytes")
                continue
            except ConnectionError:
                raise anyio.EndOfStream from None
            if not line.strip():
                continue
            if _holds_too_much(line):
                await self._writer.refuse(None, t.INVALID_REQUEST, f"A message holds more than {MAX_VALUES} values")
                continue
            message = await self._parsed(line)
            if message is not None:
                return SessionMessage(message)

    async def _parsed(self, line: bytes) -> t.JSONRPCMessage | None:
        try:
            message = t.jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            message = None
        # An id that is neither text nor integer is passed over by the parser, which then takes a request for a
        # notification: its sender would wait for ever.
        if message is not None and not (isinstance(message, t.JSONRPCNotification) and b'"id"' in line):
            return message
        # The strict parser refuses a lone surrogate. The guard refuses it too, but with a place and a hint: let it.
        try:
            found: Any = json.loads(line.decode("utf-8", "replace"))
        except RecursionError:
            await self._writer.refuse(None, t.INVALID_REQUEST, "The message nests too deeply")
            return None
        except ValueError:
            await self._writer.refuse(None, t.PARSE_ERROR, "The message is not JSON")
            return None
        request_id = found.get("id") if isinstance(found, dict) else None
        known = request_id if isinstance(request_id, (str, int)) and not isinstance(request_id, bool) else None
        if request_id is None or known is not None:
            with suppress(ValueError):
                return t.jsonrpc_message_adapter.validate_python(found, by_name=False)
        await self._writer.refuse(known, t.INVALID_REQUEST, "The message is not JSON-RPC 2.0")
        return None

    async def _skip_line(self) -> None:
        while True:
            try:
                await self._stream.readuntil(b"\n")
            except asyncio.LimitOverrunError as error:
                await self._stream.readexactly(error.consumed)
            except asyncio.IncompleteReadError:
                return
            else:
                return

    async def aclose(self) -> None:
        """Leave the stream: it closes with the process."""

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _holds_too_much(line: bytes) -> bool:
    """Say whether a line has more values than it may, before they are made; signs within texts do not count."""
    if len(line) <= MAX_VALUES or _values(line, 0, len(line)) <= MAX_VALUES:
        return False
    values = end = 0
    for texts, text in enumerate(_TEXT.finditer(line)):
        values += _values(line, end, text.start())
        end = text.end()
        # No value has more texts than itself and its name.
        if values > MAX_VALUES or texts > 2 * MAX_VALUES:
            return True
    return values + _values(line, end, len(line)) > MAX_VALUES


def _values(line: bytes, start: int, end: int) -> int:
    return sum(line.count(sign, start, end) for sign in _BEFORE_VALUES)


class Writer:
    """The write stream of `Server.run` over an asyncio stream, with back-pressure."""

    def __init__(self, stream: asyncio.StreamWriter) -> None:
        self._stream = stream

    async def send(self, item: SessionMessage, /) -> None:
        """Send one message.

        Raises:
            anyio.BrokenResourceError: the client is gone.
        """
        await self._write(encode(item.message))

    async def refuse(self, request_id: str | int | None, code: int, message: str) -> None:
        """Answer what is no request."""
        error = {"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": message}}
        with suppress(anyio.BrokenResourceError):
            await self._write(orjson.dumps(error, option=orjson.OPT_APPEND_NEWLINE))

    async def _write(self, line: bytes) -> None:
        try:
            self._stream.write(line)
            await self._stream.drain()
        except (ConnectionError, RuntimeError):
            raise anyio.BrokenResourceError from None

    async def aclose(self) -> None:
        """Leave the stream: it closes with the process."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def encode(message: t.JSONRPCMessage) -> bytes:
    """Return a message's line, its end included. A response's result is plain data: one dump is enough."""
    if isinstance(message, t.JSONRPCResponse):
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": message.id, "result": message.result}
    else:
        answer = message.model_dump(by_alias=True, exclude_unset=True)
    try:
        return orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # an integer beyond 64 bits, or a lone surrogate: what follows takes both
        return f"{json.dumps(answer, ensure_ascii=True)}\n".encode()
