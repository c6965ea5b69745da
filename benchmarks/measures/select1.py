"""The cost of a call that asks almost nothing: `SELECT 1`, one at a time and with many in flight."""

from contextlib import AsyncExitStack

from benchmarks.client import Era
from benchmarks.contenders import (
    BARE_SERVER,
    Contender,
    asyncpg_contender,
    dbmcp_server,
    running,
    server_contender,
)
from benchmarks.figures import BARE, DBMCP, Findings
from benchmarks.plan import Plan
from benchmarks.postgres import Address
from benchmarks.rounds import LANES, Task, in_flight, one_at_a_time


async def measure(address: Address, plan: Plan) -> Findings:
    """Set dbmcp beside asyncpg without a server, and beside a server that does not ask a database at all."""
    async with AsyncExitStack() as stack:
        bare_asyncpg = await stack.enter_async_context(asyncpg_contender(address, _sql, LANES))
        contenders: list[tuple[Era, Contender]] = []
        for era in Era:
            contenders.append((era, bare_asyncpg))
            for name, command in ((BARE, BARE_SERVER), (DBMCP, dbmcp_server(address))):
                client = await stack.enter_async_context(running(command, era))
                contenders.append((era, server_contender(name, client, _sql)))
        single = [Task(f"SELECT 1, {era}", one, plan.calls) for era, one in contenders]
        many = [Task(f"SELECT 1, {era}, {LANES} in flight", one, plan.lane_calls) for era, one in contenders]
        comparisons = await one_at_a_time("select1", single, plan.rounds)
        comparisons += await in_flight("select1", many, plan.rounds)
    return Findings(tuple(comparisons))


def _sql(variant: int) -> str:
    return f"SELECT 1 AS lane_{variant}" if variant else "SELECT 1"
