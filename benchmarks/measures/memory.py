"""What a statement without a LIMIT on ten million rows does to a server's memory, at its default limits."""

import time
from dataclasses import dataclass

from benchmarks.client import Era
from benchmarks.contenders import BARE_SERVER, TOOL, Command, dbmcp_server, running
from benchmarks.figures import BARE, DBMCP, Comparison, Findings
from benchmarks.plan import Plan
from benchmarks.postgres import Address
from benchmarks.process import is_measurable, peak_mb, reset_peak, resident_mb

CASE = "SELECT * of 10 million rows"
WARM_SQL = "SELECT id, name, quantity FROM keyed WHERE id <= 10"
LARGE_SQL = "SELECT * FROM ten_million"


@dataclass(frozen=True)
class _Watched:
    idle_mb: float
    over_idle_mb: float
    reply_ms: float
    was_reset: bool


async def measure(address: Address, plan: Plan) -> Findings:
    """Watch fresh processes of dbmcp; the bare server's size says how much of it is the SDK's."""
    if not is_measurable():
        return Findings(notes=("memory: not measured; it is read from /proc, which only Linux has",))
    command = dbmcp_server(address, limits={})
    runs = [await _watch(command) for _ in range(plan.memory_runs)]
    bare = [await _watch(BARE_SERVER) for _ in range(plan.memory_runs)]
    idle = {
        BARE: tuple(run.idle_mb for run in bare),
        DBMCP: tuple(run.idle_mb for run in runs),
    }
    notes = () if all(run.was_reset for run in runs) else ("memory: the peak is since the process began",)
    return Findings(
        (
            Comparison("memory", "idle, after one statement", "MB", idle),
            Comparison("memory", CASE, "peak MB over idle", {DBMCP: tuple(run.over_idle_mb for run in runs)}),
            Comparison("memory", CASE, "ms", {DBMCP: tuple(run.reply_ms for run in runs)}),
        ),
        notes,
    )


async def _watch(command: Command) -> _Watched:
    async with running(command, Era.LEGACY) as client:
        await client.call(TOOL, {"sql": WARM_SQL})
        was_reset = reset_peak(client.pid)
        idle_mb = resident_mb(client.pid)
        began = time.perf_counter()
        await client.call(TOOL, {"sql": LARGE_SQL})
        reply_ms = (time.perf_counter() - began) * 1e3
        return _Watched(idle_mb, peak_mb(client.pid) - idle_mb, reply_ms, was_reset)
