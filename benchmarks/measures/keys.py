"""Look-ups by primary key in a table of a million rows: ever new texts, and one text again and again."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from random import Random

from benchmarks.client import Era
from benchmarks.contenders import asyncpg_contender, dbmcp_server, running, server_contender
from benchmarks.failures import BenchmarkError
from benchmarks.figures import ASYNCPG, DBMCP, Findings
from benchmarks.plan import Plan
from benchmarks.postgres import KEYED_ROWS, Address
from benchmarks.rounds import Task, one_at_a_time


async def measure(address: Address, plan: Plan) -> Findings:
    """Set dbmcp beside asyncpg, both with the key written into the statement."""
    new, repeated = "key look-up, new text", "key look-up, repeated text"
    key_of, raw_key_of = _random_keys(DBMCP, plan), _random_keys(ASYNCPG, plan)
    async with AsyncExitStack() as stack:
        raw = await stack.enter_async_context(asyncpg_contender(address, lambda n: _sql(raw_key_of(n))))
        client = await stack.enter_async_context(running(dbmcp_server(address), Era.LEGACY))
        served = server_contender(DBMCP, client, lambda n: _sql(key_of(n)))
        await _check(served.call, key_of)
        tasks = [
            Task(case, contender, plan.calls, is_fresh=case == new)
            for case in (new, repeated)
            for contender in (raw, served)
        ]
        comparisons = await one_at_a_time("keys", tasks, plan.rounds)
    return Findings(tuple(comparisons))


def _random_keys(name: str, plan: Plan) -> Callable[[int], int]:
    """Draw keys without repetition, other ones for each name, so that nobody reads what another warmed."""
    keys = Random(name).sample(range(1, KEYED_ROWS + 1), plan.calls * (plan.rounds + 1) + 1)
    return keys.__getitem__


def _sql(key: int) -> str:
    return f"SELECT id, name, quantity FROM keyed WHERE id = {key}"


async def _check(call: Callable[[int], Awaitable[object]], key_of: Callable[[int], int]) -> None:
    """Make sure that two texts of one shape are answered with their own rows."""
    for variant in (0, 1, 0):
        text = str(await call(variant))
        if f"name {key_of(variant)}" not in text:
            raise BenchmarkError(f"the row of key {key_of(variant)} was asked for and {text[:200]!r} came")
