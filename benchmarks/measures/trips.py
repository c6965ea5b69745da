"""Round trips to a database that is 40 ms away: counted on the wire, and as the latency that a user feels."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.client import Era
from benchmarks.contenders import Contender, asyncpg_contender, dbmcp_server, running, server_contender
from benchmarks.figures import DBMCP, Comparison, Findings
from benchmarks.plan import Plan
from benchmarks.postgres import Address
from benchmarks.proxy import DelayProxy

DELAY_S = 0.020
ROUND_TRIP_S = 2 * DELAY_S
WARM_STATEMENTS = 3
QUANTITIES = ("round trips", "round trips after the reply", "latency / 40 ms")

NEW, REPEATED = "new statement", "repeated statement"


@dataclass(frozen=True)
class _Far:
    """A contender with the wire between it and the database."""

    contender: Contender
    wire: DelayProxy


async def measure(address: Address, plan: Plan) -> Findings:
    """Send statements to the far database, one at a time, with asyncpg alone for comparison."""
    async with _asyncpg(address) as raw, _dbmcp(address) as served:
        figures: dict[tuple[str, str], list[tuple[float, ...]]] = {}
        for far in (raw, served):
            for variant in range(WARM_STATEMENTS):
                await far.contender.call(variant)
        for number in range(plan.trips):
            for far in (raw, served):
                for case, variant in ((NEW, WARM_STATEMENTS + number), (REPEATED, 0)):
                    figures.setdefault((case, far.contender.name), []).append(await _watch(far, variant))
    names = (raw.contender.name, served.contender.name)
    return Findings(
        tuple(
            Comparison(
                "trips",
                case,
                quantity,
                {name: tuple(row[index] for row in figures[case, name]) for name in names},
            )
            for case in (NEW, REPEATED)
            for index, quantity in enumerate(QUANTITIES)
        )
    )


async def _watch(far: _Far, variant: int) -> tuple[float, float, float]:
    """Count the flights of one call, and those that follow its reply.

    A flight that the reply waited for left at least a whole round trip before the reply arrived. One that
    left later was not waited for, even if it left a moment before the reply was read here.
    """
    began = await far.wire.quiet(ROUND_TRIP_S)
    await far.contender.call(variant)
    replied = time.perf_counter()
    ended = await far.wire.quiet(ROUND_TRIP_S)
    divide = max(began, replied - DELAY_S)
    return (
        far.wire.flights_between(began, divide),
        far.wire.flights_between(divide, ended),
        (replied - began) / ROUND_TRIP_S,
    )


@asynccontextmanager
async def _asyncpg(address: Address) -> AsyncIterator[_Far]:
    async with (
        DelayProxy(address.open_stream, DELAY_S) as wire,
        asyncpg_contender(address.behind(wire.port), _sql) as contender,
    ):
        yield _Far(contender, wire)


@asynccontextmanager
async def _dbmcp(address: Address) -> AsyncIterator[_Far]:
    async with (
        DelayProxy(address.open_stream, DELAY_S) as wire,
        running(dbmcp_server(address.behind(wire.port)), Era.LEGACY) as client,
    ):
        yield _Far(server_contender(DBMCP, client, _sql), wire)


def _sql(variant: int) -> str:
    """Give each variant a shape of its own, not only a literal."""
    return f"SELECT id, name AS name_{variant} FROM keyed WHERE id = {variant + 1}"
