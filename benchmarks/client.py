"""A bare MCP client: JSON-RPC lines over a child's pipes, without an SDK, so that little of its cost is measured."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import orjson

from benchmarks.failures import BenchmarkError

REPLY_TIMEOUT_S = 60
EXIT_TIMEOUT_S = 5
MAX_LINE_BYTES = 256 * 1024 * 1024
STDERR_TAIL_BYTES = 2_000

CLIENT_INFO = {"name": "dbmcp-benchmarks", "version": "1"}


class Era(StrEnum):
    """The two protocol eras, by the version that stands for each."""

    LEGACY = "2025-11-25"
    MODERN = "2026-07-28"


ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": Era.MODERN.value,
    "io.modelcontextprotocol/clientInfo": CLIENT_INFO,
    "io.modelcontextprotocol/clientCapabilities": {},
}
INITIALIZE = {"protocolVersion": Era.LEGACY.value, "capabilities": {}, "clientInfo": CLIENT_INFO}


class StdioClient(asyncio.SubprocessProtocol):
    """One MCP server as a child process, and the requests under way to it."""

    def __init__(self, era: Era) -> None:
        self._era = era
        self._transport: asyncio.SubprocessTransport | None = None
        self._line = bytearray()
        self._stderr = b""
        self._last_id = 0
        self._pending: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._gone = asyncio.get_running_loop().create_future()

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process.get_pid()

    async def handshake(self) -> None:
        """Open the connection in this client's era; afterwards the server may be asked anything."""
        if self._era is Era.MODERN:
            await self.request("server/discover", {})
            return
        await self.request("initialize", INITIALIZE)
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    async def tool_names(self) -> list[str]:
        """Name the tools on the first page of the server's list."""
        return [tool["name"] for tool in (await self.request("tools/list", {}))["tools"]]

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        """Call a tool and return its first text.

        Raises:
            BenchmarkError: the server refused, failed, went away or stayed silent.
        """
        result = await self.request("tools/call", {"name": tool, "arguments": arguments})
        text = cast("str", result["content"][0]["text"])
        if result.get("isError"):
            raise BenchmarkError(f"{tool} {json.dumps(arguments)[:200]} was answered with an error: {text}")
        return text

    async def request(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Send one request and wait for its result, at most `REPLY_TIMEOUT_S`."""
        if self._gone.done():
            raise self._died()
        self._last_id += 1
        request_id = self._last_id
        reply = self._pending[request_id] = asyncio.get_running_loop().create_future()
        if self._era is Era.MODERN:
            params = {**params, "_meta": ENVELOPE}
        self._send({"jsonrpc": "2.0", "id": request_id, "method": method, "params": params})
        try:
            async with asyncio.timeout(REPLY_TIMEOUT_S):
                result: dict[str, Any] = await reply
                return result
        except TimeoutError:
            raise BenchmarkError(f"no reply to {method} within {REPLY_TIMEOUT_S} s{self._complaint()}") from None
        finally:
            self._pending.pop(request_id, None)

    async def close(self) -> None:
        """End the server: close its stdin, and if it stays, terminate it, then kill it."""
        process = self._process
        if stdin := process.get_pipe_transport(0):
            stdin.close()
        try:
            for insist in (None, process.terminate, process.kill):
                if insist:
                    with suppress(ProcessLookupError):
                        insist()
                if (await asyncio.wait([self._gone], timeout=EXIT_TIMEOUT_S))[0]:
                    return
        finally:
            process.close()

    # ---- what asyncio calls ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport; the process runs."""
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Cut stdout into messages; of stderr, keep the end for error messages."""
        if fd == 2:
            self._stderr = (self._stderr + data)[-STDERR_TAIL_BYTES:]
            return
        if not self._line and data.find(b"\n") == len(data) - 1:
            # One message, whole: nothing is copied.
            self._receive(data)
            return
        head, newline, rest = data.rpartition(b"\n")
        if newline:
            self._line += head
            for line in self._line.split(b"\n"):
                self._receive(line)
            self._line = bytearray(rest)
        else:
            self._line += data
        if len(self._line) > MAX_LINE_BYTES:
            self._fail_all(BenchmarkError(f"the server sent a line of more than {MAX_LINE_BYTES} bytes"))
            self._process.kill()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's own signature
        """Fail what is under way: the process has ended and its pipes are read to the end."""
        self._gone.set_result(None)
        self._fail_all(self._died())

    # ---- inside ----

    @property
    def _process(self) -> asyncio.SubprocessTransport:
        assert self._transport is not None
        return self._transport

    def _send(self, message: Mapping[str, Any]) -> None:
        stdin = cast("asyncio.WriteTransport", self._process.get_pipe_transport(0))
        stdin.write(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))

    def _receive(self, line: bytes | bytearray) -> None:
        try:
            message = orjson.loads(line)
        except ValueError:
            self._fail_all(BenchmarkError(f"the server's stdout holds what is no JSON: {bytes(line[:200]).rstrip()!r}"))
            return
        if "method" in message:
            self._answer(message)
            return
        reply = self._pending.get(message.get("id"))
        if reply is None or reply.done():
            return
        if "error" in message:
            reply.set_exception(BenchmarkError(f"the server answered with an error: {message['error']}"))
        else:
            reply.set_result(message["result"])

    def _answer(self, message: Mapping[str, Any]) -> None:
        """Answer a ping, decline every other request of the server's, ignore notifications."""
        if "id" not in message:
            return
        outcome: dict[str, Any] = {"error": {"code": -32601, "message": "Method not found"}}
        if message["method"] == "ping":
            outcome = {"result": {}}
        self._send({"jsonrpc": "2.0", "id": message["id"], **outcome})

    def _fail_all(self, failure: BenchmarkError) -> None:
        for reply in self._pending.values():
            if not reply.done():
                reply.set_exception(failure)

    def _died(self) -> BenchmarkError:
        return BenchmarkError(f"the server ended with status {self._process.get_returncode()}{self._complaint()}")

    def _complaint(self) -> str:
        return f"; its stderr ends: {self._stderr.decode(errors='replace').strip()}" if self._stderr else ""


async def spawn(command: Sequence[str], environment: Mapping[str, str], folder: Path, era: Era) -> StdioClient:
    """Start a server in a folder, and return at once: neither handshake nor reply is waited for."""
    loop = asyncio.get_running_loop()
    _, client = await loop.subprocess_exec(lambda: StdioClient(era), *command, env=dict(environment), cwd=folder)
    return client


@asynccontextmanager
async def connected(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, era: Era
) -> AsyncIterator[StdioClient]:
    """Start a server, shake hands, and end it afterwards."""
    client = await spawn(command, environment, folder, era)
    try:
        await client.handshake()
        yield client
    finally:
        await client.close()
