"""Who takes part: dbmcp and the bare SDK server as child processes, and asyncpg without any server."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.client import Era, StdioClient, connected
from benchmarks.figures import ASYNCPG
from benchmarks.postgres import Address
from benchmarks.process import CpuClock, cpu_clock, own_cpu_clock

TOOL = "query"
ROOT = Path(__file__).resolve().parent.parent

# The role of the measured database is a superuser's, which dbmcp serves only when told to.
SERVE_ENVIRONMENT: dict[str, str] = {}
# 1,000 rows of ten columns are more than a reply may hold by default.
WIDE_LIMITS = {
    "DBMCP_LIMITS__ROWS": "1000",
    "DBMCP_LIMITS__MAX_ROWS": "10000",
    "DBMCP_LIMITS__BYTES": "50000000",
    "DBMCP_LIMITS__SECONDS": "60",
}

SqlOf = Callable[[int], str]
"""Variant → statement. The same variant is the same text."""


@dataclass(frozen=True)
class Contender:
    """One that answers calls. `call` takes the variant of the statement to run."""

    name: str
    call: Callable[[int], Awaitable[object]]
    cpu_s: CpuClock


@dataclass(frozen=True)
class Command:
    """How a server is started: its command line, and its environment beside the inherited one."""

    line: tuple[str, ...]
    environment: Mapping[str, str]

    def full_environment(self) -> dict[str, str]:
        """Add the inherited environment without settings of dbmcp's, and the way to this source tree."""
        # Python keeps what it compiled, as it does for every user: else a start is the compiling of both, again.
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("DBMCP_") and name != "PYTHONDONTWRITEBYTECODE"
        }
        paths = [str(ROOT), inherited.get("PYTHONPATH", "")]
        return inherited | {"PYTHONPATH": os.pathsep.join(filter(None, paths))} | dict(self.environment)


BARE_SERVER = Command((sys.executable, "-m", "benchmarks.bare_server"), {})


def dbmcp_server(address: Address, limits: Mapping[str, str] = WIDE_LIMITS) -> Command:
    """Serve one database as `dbmcp serve URL` does."""
    line = (sys.executable, "-m", "dbmcp", "serve", "--allow-writable-role", address.url)
    return Command(line, SERVE_ENVIRONMENT | dict(limits))


@asynccontextmanager
async def running(command: Command, era: Era) -> AsyncIterator[StdioClient]:
    """Run a server in an empty folder, where no configuration file lies that would change it."""
    with tempfile.TemporaryDirectory(prefix="dbmcp-bench-") as folder:
        async with connected(command.line, command.full_environment(), Path(folder), era) as client:
            yield client


def server_contender(
    name: str, client: StdioClient, sql_of: SqlOf, options: Mapping[str, Any] | None = None
) -> Contender:
    """Make a contender of a running server's `query` tool."""
    fixed = dict(options or {})

    async def call(variant: int) -> str:
        return await client.call(TOOL, {"sql": sql_of(variant), **fixed})

    return Contender(name, call, cpu_clock(client.pid))


@asynccontextmanager
async def asyncpg_contender(address: Address, sql_of: SqlOf, connections: int = 1) -> AsyncIterator[Contender]:
    """Fetch with asyncpg, each variant on a connection of its own as far as there are so many."""
    async with AsyncExitStack() as stack:
        lanes = []
        for _ in range(connections):
            lanes.append(await address.connect())
            stack.push_async_callback(lanes[-1].close, timeout=10)

        async def call(variant: int) -> Sequence[Any]:
            rows: Sequence[Any] = await lanes[variant % connections].fetch(sql_of(variant))
            return rows

        yield Contender(ASYNCPG, call, own_cpu_clock())
