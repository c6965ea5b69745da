"""From the start of a server's process to its first list of tools, in both protocol eras."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import Era, spawn
from benchmarks.contenders import BARE_SERVER, TOOL, Command, dbmcp_server
from benchmarks.failures import BenchmarkError
from benchmarks.figures import BARE, DBMCP, Comparison, Findings
from benchmarks.plan import Plan
from benchmarks.postgres import Address
from benchmarks.rounds import interleaved


@dataclass(frozen=True)
class _Entry:
    era: Era
    name: str
    command: Command


async def measure(address: Address, plan: Plan) -> Findings:
    """Start the bare server and dbmcp in turn."""
    servers = {BARE: BARE_SERVER, DBMCP: dbmcp_server(address, limits={})}
    entries = [_Entry(era, name, command) for era in Era for name, command in servers.items()]
    rows = await interleaved(entries, plan.starts, _first_list_ms)
    figures = {(entry.era, entry.name): tuple(row) for entry, row in zip(entries, rows, strict=True)}
    return Findings(
        tuple(
            Comparison("start", f"first tools/list, {era}", "ms", {name: figures[era, name] for name in servers})
            for era in Era
        )
    )


async def _first_list_ms(entry: _Entry) -> float:
    """Start, shake hands, list; then end the server, so that nothing of it disturbs the next."""
    with tempfile.TemporaryDirectory(prefix="dbmcp-bench-") as folder:
        environment = entry.command.full_environment()
        began = time.perf_counter()
        client = await spawn(entry.command.line, environment, Path(folder), entry.era)
        try:
            await client.handshake()
            names = await client.tool_names()
            took_ms = (time.perf_counter() - began) * 1e3
        finally:
            await client.close()
    if TOOL not in names:
        raise BenchmarkError(f"{entry.name} lists no tool {TOOL}, but {', '.join(names) or 'none'}")
    return took_ms
