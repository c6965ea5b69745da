"""Results of ten columns of ten types: what it costs to bring the rows through, in time and in CPU."""

import csv
import io
from contextlib import AsyncExitStack
from functools import partial

from benchmarks.client import Era
from benchmarks.contenders import Contender, asyncpg_contender, dbmcp_server, running, server_contender
from benchmarks.failures import BenchmarkError
from benchmarks.figures import DBMCP, Findings
from benchmarks.plan import Plan
from benchmarks.postgres import Address
from benchmarks.rounds import LANES, Task, in_flight, one_at_a_time

SIZES = (100, 1_000)
COLUMNS = 10


async def measure(address: Address, plan: Plan) -> Findings:
    """Set dbmcp beside asyncpg's fetch, which ends with rows of Python values."""
    single: list[Task] = []
    many: list[Task] = []
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(running(dbmcp_server(address), Era.LEGACY))
        for size in SIZES:
            sql_of = partial(_sql, size)
            raw = await stack.enter_async_context(asyncpg_contender(address, sql_of, LANES))
            served = server_contender(DBMCP, client, sql_of, {"limit": size})
            await _check(served, size)
            case, is_large = f"{size:,} × {COLUMNS}", size > SIZES[0]
            for contender in (raw, served):
                calls = plan.large_calls if is_large else plan.calls
                lane_calls = max(1, plan.lane_calls // 4) if is_large else plan.lane_calls
                single.append(Task(case, contender, calls))
                many.append(Task(f"{case}, {LANES} in flight", contender, lane_calls))
        comparisons = await one_at_a_time("results", single, plan.rounds)
        comparisons += await in_flight("results", many, plan.rounds)
    return Findings(tuple(comparisons))


async def _check(served: Contender, size: int) -> None:
    """Make sure that the answer holds the rows: a cut or empty one would be fast."""
    text = str(await served.call(0))
    ids = [row[0] for row in csv.reader(io.StringIO(text)) if len(row) == COLUMNS]
    if ids[1:] != [str(number) for number in range(1, size + 1)]:
        raise BenchmarkError(f"{size} rows were asked for, and the answer holds {len(ids) - 1}: {text[-200:]!r}")


def _sql(size: int, variant: int) -> str:
    return f"SELECT * FROM mixed WHERE id > {variant} AND id <= {variant + size} ORDER BY id"
