"""A client that speaks the protocol line by line to a real `dbmcp serve`, and can send what no SDK would."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Any

import anyio

ROOT = Path(__file__).parents[2]
MODERN, LEGACY = "2026-07-28", "2025-11-25"
ERAS = (MODERN, LEGACY)
CLIENT = {"name": "tests", "version": "1"}
ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": CLIENT,
    "io.modelcontextprotocol/clientCapabilities": {},
}
REPLY_S, EXIT_S = 10, 10


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a server: this one's, less what would configure it, with changes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DBMCP_", "DATABASE_URL"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", **(changes or {})}


class Wire:
    """One server as a child process; every line of its stdout must be JSON-RPC."""

    def __init__(self, process: asyncio.subprocess.Process, stderr: IO[bytes], era: str) -> None:
        self.process = process
        self.era = era
        self._stderr = stderr
        self._last_id = 0
        # Messages that came while another was waited for.
        self.kept: list[dict[str, Any]] = []
        # What the server answered when the connection was opened.
        self.opened: dict[str, Any] = {}

    async def open(self) -> dict[str, Any]:
        """Open the connection as the era does it; return the server's answer."""
        if self.era == MODERN:
            return await self.request("server/discover")
        params = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": CLIENT}
        answer = await self.request("initialize", params)
        await self.notify("notifications/initialized")
        return answer

    async def send(self, line: bytes) -> None:
        """Send one line as it is."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + b"\n")
        with anyio.fail_after(REPLY_S):
            await self.process.stdin.drain()

    async def notify(self, method: str, params: Mapping[str, Any] | None = None) -> None:
        """Send a notification."""
        message = {"jsonrpc": "2.0", "method": method, "params": self._with_envelope(params)}
        await self.send(json.dumps(message).encode())

    async def start(self, method: str, params: Mapping[str, Any] | None = None) -> int:
        """Send a request and return its id, without waiting."""
        self._last_id += 1
        message = {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": self._with_envelope(params)}
        await self.send(json.dumps(message).encode())
        return self._last_id

    async def request(self, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a request and return the message that answers it."""
        return await self.answer(await self.start(method, params))

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool and return its result."""
        answer = await self.request("tools/call", {"name": tool, "arguments": arguments})
        result: dict[str, Any] = answer["result"]
        return result

    async def text(self, sql: str, **arguments: Any) -> str:
        """Run a statement and return the first text of the reply."""
        return first_text(await self.call("query", sql=sql, **arguments))

    async def answer(self, request_id: int | str | None) -> dict[str, Any]:
        """Return the answer to a request, in whatever order answers come."""
        for message in self.kept:
            if message.get("id", "none") == request_id and "method" not in message:
                self.kept.remove(message)
                return message
        while True:
            message = await self.next_message()
            if message.get("id", "none") == request_id and "method" not in message:
                return message
            self.kept.append(message)

    async def notification(self, method: str) -> dict[str, Any]:
        """Return the next notification of this kind, in whatever order messages come."""
        for message in self.kept:
            if message.get("method") == method:
                self.kept.remove(message)
                return message
        while (message := await self.next_message()).get("method") != method:
            self.kept.append(message)
        return message

    async def next_message(self) -> dict[str, Any]:
        """Return the next line of stdout, which must be JSON-RPC."""
        assert self.process.stdout is not None
        with anyio.fail_after(REPLY_S):
            line = await self.process.stdout.readline()
        assert line, f"the server closed its stdout; stderr: {self.errors}"
        message: dict[str, Any] = json.loads(line)
        assert message["jsonrpc"] == "2.0"
        return message

    async def leave(self) -> int:
        """Close stdin, read stdout to its end, which holds nothing but JSON-RPC, and return the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return await self.exit_code()

    async def exit_code(self) -> int:
        """Wait for the process to end; every line it still sends must be JSON-RPC."""
        assert self.process.stdout is not None
        with anyio.fail_after(EXIT_S):
            while line := await self.process.stdout.readline():
                assert json.loads(line)["jsonrpc"] == "2.0"
            return await self.process.wait()

    @property
    def errors(self) -> str:
        """What the server has written to stderr so far."""
        self._stderr.seek(0)
        return self._stderr.read().decode(errors="replace")

    def peak_memory_mb(self) -> int:
        """Return the most memory the server has held, in megabytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
        raise AssertionError("the system does not tell")

    def _with_envelope(self, params: Mapping[str, Any] | None) -> dict[str, Any]:
        return {**(params or {}), **({"_meta": ENVELOPE} if self.era == MODERN else {})}


@asynccontextmanager
async def served(
    *arguments: str, era: str = MODERN, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> AsyncIterator[Wire]:
    """Start `dbmcp serve` with these arguments, opened in an era; it is gone at the end."""
    with tempfile.TemporaryFile() as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "dbmcp",
            "serve",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            env=environment(env),
            cwd=cwd or ROOT / "tests",
            limit=256 * 1024 * 1024,
        )
        wire = Wire(process, stderr, era)
        try:
            wire.opened = await wire.open()
            yield wire
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            if process.stdin is not None:
                process.stdin.close()
                with suppress(ConnectionError):
                    await process.stdin.wait_closed()


def first_text(result: Mapping[str, Any]) -> str:
    """Return the first text of a tool's result."""
    text: str = result["content"][0]["text"]
    return text
