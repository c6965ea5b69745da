"""Real clients as their users run them: the installed programs, a home of their own, and no way off the loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
INSTALLER = ROOT / "scripts" / "install_clients.sh"
RUN_S = 60

# What a server needs to be found and to say what it has to complain of.
SERVER_ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
# No telemetry, no updates, no reports.
QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_TELEMETRY": "1",
}

# A tool, and the arguments it is called with.
Call = tuple[str, Mapping[str, Any]]


def serve(*arguments: str) -> list[str]:
    """Return the command that a client starts dbmcp with."""
    return [sys.executable, "-m", "dbmcp", "serve", *arguments]


@dataclass(frozen=True)
class Ran:
    """What a program left: its exit code and what it printed."""

    code: int
    out: str
    err: str


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Ran:
    """Run a program to its end, in bounded time and with whatever it started."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    with process:
        try:
            out, err = process.communicate(timeout=RUN_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return Ran(process.returncode, out, err)


def fault(folder: Path) -> str | None:
    """Say why the folder holds no clients that these tests know, or None when it does."""
    listing = folder / "package.json"
    if not (listing.is_file() and (folder / "node_modules").is_dir()):
        return f"no clients are installed in {folder}"
    pinned = sorted(re.findall(r"^\w+=(\d[\w.-]*)$", INSTALLER.read_text("utf-8"), re.MULTILINE))
    installed = sorted(json.loads(listing.read_text("utf-8"))["dependencies"].values())
    if installed != pinned:
        return f"the clients in {folder} are {', '.join(installed)}, wanted are {', '.join(pinned)}"
    return None


@dataclass(frozen=True)
class Clients:
    """The installed clients, for one home folder.

    `api` is the only address they know: it plays the Messages API, and as their proxy it sees all that would leave.
    """

    modules: Path
    home: Path
    api: str

    @property
    def folder(self) -> Path:
        """The folder in which a user would work."""
        folder = self.home / "work"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def environment(self) -> dict[str, str]:
        """Everything a client finds in its environment."""
        temporary = self.home / "tmp"
        temporary.mkdir(exist_ok=True)
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), self.api)
        own = {
            "HOME": str(self.home),
            "TMPDIR": str(temporary),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "NO_PROXY": "127.0.0.1,localhost",
            "ANTHROPIC_BASE_URL": self.api,
            "ANTHROPIC_API_KEY": "none",
        }
        return {**own, **proxies, **QUIET, **SERVER_ENVIRONMENT}

    def claude(self, *arguments: str, **environment: str) -> Ran:
        """Run Claude Code."""
        program = self.modules / "@anthropic-ai" / "claude-code" / "cli-wrapper.cjs"
        return self._node(program, *arguments, environment=environment)

    def inspector(self, server: Sequence[str], *arguments: str) -> Ran:
        """Run the command-line MCP Inspector on a server; it hands a server little of its own environment."""
        handed = [word for name, value in SERVER_ENVIRONMENT.items() for word in ("-e", f"{name}={value}")]
        program = self.modules / ".bin" / "mcp-inspector"
        return self._node(program, "--cli", *server, *handed, *arguments)

    def _node(self, program: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Ran:
        command = [str(self.modules / ".bin" / "node"), str(program), *arguments]
        return run(command, {**self.environment, **(environment or {})}, self.folder)

    def log(self, server: str) -> str:
        """Return what Claude Code has written down of a server so far, without the JSON around it."""
        files = sorted(path for folder in self.home.rglob(f"mcp-logs-{server}") for path in folder.iterdir())
        entries = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
        return "\n".join(str(entry.get("debug") or entry.get("error")) for entry in entries)


class Model:
    """A stand-in of the Messages API: takes its turns, each a few calls, and keeps what it was sent."""

    def __init__(self) -> None:
        self.url = ""
        self.turns: Sequence[Sequence[Call]] = ()
        self.requests: list[dict[str, Any]] = []
        # Whatever else was asked of it, as the API or as a proxy.
        self.strays: list[str] = []

    @property
    def results(self) -> list[dict[str, Any]]:
        """The results of all calls, in the order of the calls, as the last request held them."""
        return _results(self.requests[-1])

    @property
    def tools(self) -> dict[str, dict[str, Any]]:
        """The tools it was offered first, by name."""
        return {tool["name"]: tool for tool in self.requests[0]["tools"]}

    @property
    def prompt(self) -> str:
        """All that it was told before its first turn."""
        first = self.requests[0]
        return "\n".join(_texts([first["system"], *(message["content"] for message in first["messages"])]))

    def answer(self, request: dict[str, Any]) -> str:
        """Return the next turn as a stream of server-sent events."""
        self.requests.append(request)
        done = len(_results(request))
        blocks: list[dict[str, Any]] = [
            {"type": "tool_use", "id": f"call_{done + number}", "name": name, "input": arguments}
            for number, (name, arguments) in enumerate(self._turn(done))
        ]
        said: dict[str, Any] = {"type": "text", "text": "That is all."}
        stop = "tool_use" if blocks else "end_turn"
        usage = {"input_tokens": 1, "output_tokens": 1}
        message = {"id": f"message_{done}", "type": "message", "role": "assistant", "model": request["model"]}
        begun = {**message, "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
        events: list[dict[str, Any]] = [{"type": "message_start", "message": begun}]
        for index, block in enumerate(blocks or [said]):
            events += _block_events(index, block)
        ended = {"stop_reason": stop, "stop_sequence": None}
        events += [{"type": "message_delta", "delta": ended, "usage": usage}, {"type": "message_stop"}]
        return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)

    def _turn(self, done: int) -> Sequence[Call]:
        for turn in self.turns:
            if done <= 0:
                return turn
            done -= len(turn)
        return ()


def _block_events(index: int, block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if block["type"] == "tool_use":
        empty: dict[str, Any] = {**block, "input": {}}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
    else:
        empty, delta = {**block, "text": ""}, {"type": "text_delta", "text": block["text"]}
    yield {"type": "content_block_start", "index": index, "content_block": empty}
    yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _results(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    blocks = [block for message in request["messages"] for block in message["content"] if isinstance(block, dict)]
    found = {block["tool_use_id"]: block for block in blocks if block["type"] == "tool_result"}
    return [found[f"call_{number}"] for number in range(len(found))]


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for part in content:
            yield from _texts(part)
    elif isinstance(content, dict) and content.get("type") == "text":
        yield content["text"]


@contextmanager
def playing(model: Model) -> Iterator[None]:
    """Let a model answer on a port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.command == "POST" and self.path.partition("?")[0] == "/v1/messages":
                self._send(200, "text/event-stream", model.answer(json.loads(body)))
            else:
                model.strays.append(f"{self.command} {self.path}")
                self._send(404, "text/plain", "")

        def _send(self, status: int, kind: str, text: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Keep quiet: what is asked is in `requests` and `strays`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        model.url = f"http://127.0.0.1:{server.server_port}"
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield
        finally:
            server.shutdown()
            serving.join()
