"""Serve over stdin and stdout. Pipes and sockets are read on the event loop; all else by the SDK's own transport.

The SDK's transport hops between threads three times a message, which costs more than the rest of the SDK. Nothing but
the protocol reaches stdout: while serving, descriptor 1 points to stderr and descriptor 0 to the null device.
"""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, Self

import anyio
import mcp.types as t
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage

from dbmcp.errors import ConfigError
from dbmcp.server.json_lines import MAX_LINE_BYTES, Reader, Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO

    from mcp.server.lowlevel import Server

# What an unprivileged process may ask for (pipe(7), /proc/sys/fs/pipe-max-size).
_PIPE_BYTES = 1024 * 1024
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def run(server: Server[Any]) -> None:
    """Serve until stdin ends or SIGTERM or SIGINT comes. A server that must not serve on ends the process with 2."""
    if sys.platform == "win32":
        asyncio.run(_serve_by_sdk(server))
        return
    import uvloop  # noqa: PLC0415  (not to be had on Windows)

    serve = _serve_pipes if _is_pipe(0) and _is_pipe(1) else _serve_by_sdk
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(server))
    except ConfigError as error:
        _give_up(error)


def _give_up(error: ConfigError) -> NoReturn:
    """Say why, as the command line does, and end the process: a thread may wait for stdin, and would keep it."""
    sys.stderr.write(f"dbmcp: {error}\n")
    sys.stderr.flush()
    os._exit(2)


def _is_pipe(descriptor: int) -> bool:
    """Say whether the event loop can wait for the descriptor; files, terminals and the null device it cannot."""
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _widen(pipe: FileIO) -> None:
    """Let a whole reply into the pipe at once, where the system can: else the client must wake up for every 64 KiB."""
    with suppress(ImportError, AttributeError, OSError):
        from fcntl import F_SETPIPE_SZ, fcntl  # noqa: PLC0415  (Linux alone has it)

        fcntl(pipe, F_SETPIPE_SZ, _PIPE_BYTES)


class _Outlet(asyncio.streams.FlowControlMixin):
    """The protocol of stdout: tells when nobody reads it any more."""

    def __init__(self, on_lost: Callable[[], None]) -> None:
        super().__init__()
        self._on_lost = on_lost

    def connection_lost(self, exc: Exception | None) -> None:
        """Let writers go, and tell."""
        super().connection_lost(exc)
        self._on_lost()


async def _serve_pipes(server: Server[Any]) -> None:
    loop = asyncio.get_running_loop()
    stdin, stdout = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    with open(os.devnull, "rb") as null:  # noqa: ASYNC230, PTH123
        os.dup2(null.fileno(), 0)
    os.dup2(2, 1)
    _widen(stdout)
    stopping = asyncio.Event()
    stream = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    reading, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), stdin)
    # A client that died may leave its end of stdin open, in a process that it has started.
    transport, protocol = await loop.connect_write_pipe(lambda: _Outlet(stopping.set), stdout)
    writer = Writer(asyncio.StreamWriter(transport, protocol, None, loop))
    serving = asyncio.create_task(server.run(Reader(stream, writer), writer, server.create_initialization_options()))

    async def stop() -> None:
        await stopping.wait()
        serving.cancel()

    asking = asyncio.create_task(stop())
    for number in _SIGNALS:
        loop.add_signal_handler(number, stopping.set)
    try:
        await serving
    except (asyncio.CancelledError, Exception):
        # A message that was on its way within the SDK fails with an error of its own.
        if not stopping.is_set():
            raise
        sys.stderr.flush()
    finally:
        asking.cancel()
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
        try:
            await serving
        except asyncio.CancelledError:
            pass
        except ConfigError as error:
            _give_up(error)
        await writer.aclose()
        await reader.aclose()
        if stopped.is_set():
            # A thread of the SDK's transport still waits for stdin, and would keep the process.
            sys.stderr.flush()
            os._exit(0)
