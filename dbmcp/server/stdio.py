"""Serve over stdin and stdout. Pipes and sockets are read on the event loop; all else by the SDK's own transport.

The SDK's transport hops between threads three times a message, which costs more than the rest of the SDK. Nothing but
the protocol reaches stdout: while serving, descriptor 1 points to stderr and descriptor 0 to the null device.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import anyio
import mcp.types as t
import orjson
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

MAX_LINE_BYTES = 64 * 1024 * 1024
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


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
            await self._write(orjson.dumps(error))

    async def _write(self, line: bytes) -> None:
        try:
            self._stream.write(line + b"\n")
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
    """Return a message's line. A response's result is plain data by now: dumping it once is enough."""
    if isinstance(message, t.JSONRPCResponse):
        try:
            return orjson.dumps({"jsonrpc": "2.0", "id": message.id, "result": message.result})
        except TypeError:  # an integer beyond 64 bits, or a lone surrogate: what follows takes both
            text = json.dumps({"jsonrpc": "2.0", "id": message.id, "result": message.result}, ensure_ascii=True)
            return text.encode()
    return message.model_dump_json(by_alias=True, exclude_unset=True).encode()


def run(server: Server[Any]) -> None:
    """Serve until stdin ends or SIGTERM or SIGINT comes."""
    if sys.platform == "win32":
        asyncio.run(_serve_by_sdk(server))
        return
    import uvloop  # noqa: PLC0415  (not to be had on Windows)

    serve = _serve_pipes if _is_pipe(0) and _is_pipe(1) else _serve_by_sdk
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(server))


def _is_pipe(descriptor: int) -> bool:
    """Say whether the event loop can wait for the descriptor; files, terminals and the null device it cannot."""
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


async def _serve_pipes(server: Server[Any]) -> None:
    loop = asyncio.get_running_loop()
    stdin, stdout = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    with open(os.devnull, "rb") as null:  # noqa: ASYNC230, PTH123
        os.dup2(null.fileno(), 0)
    os.dup2(2, 1)
    stream = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    reading, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), stdin)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, stdout)
    writer = Writer(asyncio.StreamWriter(transport, protocol, None, loop))
    serving = asyncio.create_task(server.run(Reader(stream, writer), writer, server.create_initialization_options()))
    stopping = False

    def stop() -> None:
        nonlocal stopping
        stopping = True
        serving.cancel()

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        await serving
    except (asyncio.CancelledError, Exception):
        # A message that was on its way within the SDK fails with an error of its own.
        if not stopping:
            raise
        sys.stderr.flush()
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
        reading.close()
        transport.close()


class _Patient:
    """The SDK's streams for a file as stdin: its end is no client that left, so all it asked is answered first."""

    def __init__(self, reader: Any, writer: Any) -> None:
        self._reader, self._writer = reader, writer
        self._waiting: set[Any] = set()
        self._answered = asyncio.Event()

    async def receive(self) -> Any:
        """Return the next message; at the end of the file, wait for the answers that are still to come."""
        try:
            item = await self._reader.receive()
        except anyio.EndOfStream:
            while self._waiting:
                self._answered.clear()
                await self._answered.wait()
            raise
        if isinstance(item, SessionMessage) and isinstance(item.message, t.JSONRPCRequest):
            self._waiting.add(item.message.id)
        return item

    async def send(self, item: SessionMessage, /) -> None:
        """Send a message, and note what it answers."""
        await self._writer.send(item)
        if isinstance(item.message, (t.JSONRPCResponse, t.JSONRPCError)):
            self._waiting.discard(item.message.id)
            self._answered.set()

    async def aclose(self) -> None:
        """Leave the streams: the SDK's transport closes them."""

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


async def _serve_by_sdk(server: Server[Any]) -> None:
    async with stdio_server() as (reader, writer):
        patient = _Patient(reader, writer)
        serving = asyncio.create_task(server.run(patient, patient, server.create_initialization_options()))
        stopped = asyncio.Event()

        def stop() -> None:
            stopped.set()
            serving.cancel()

        with suppress(NotImplementedError):
            for number in _SIGNALS:
                asyncio.get_running_loop().add_signal_handler(number, stop)
        with suppress(asyncio.CancelledError):
            await serving
        await writer.aclose()
        await reader.aclose()
        if stopped.is_set():
            # A thread of the SDK's transport still waits for stdin, and would keep the process.
            sys.stderr.flush()
            os._exit(0)
