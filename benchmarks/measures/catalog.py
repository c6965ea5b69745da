"""What reading and searching a large schema costs: statements, CPU, and what other callers feel meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from statistics import median
from typing import Any

from benchmarks.client import Era, StdioClient
from benchmarks.contenders import TOOL, dbmcp_server, running
from benchmarks.figures import DBMCP, Comparison, Findings
from benchmarks.plan import Plan
from benchmarks.postgres import Address
from benchmarks.process import collector_as_served
from dbmcp.catalog.search import search
from dbmcp.config import Settings
from dbmcp.runtime import Runtime
from dbmcp.use_cases import describe_tables, search_schema
from tests.catalog.large import large_catalog
from tests.catalog.questions import LARGE, QUESTIONS

WHOLE, COLD, WARM = "1,000 tables", "one table, cold", "one table, warm"
SEARCH = "search of 5,000 tables"
MEANWHILE = "SELECT 1 while 5,000 tables are read"
IDLE = "idle"
_AT_ONCE = 100
_IDLE_CALLS = 1_500


async def measure(address: Address, plan: Plan) -> Findings:
    """Read schemas of ten columns a table, with keys, indexes, checks and comments, that no server has met before."""
    async with schema_of(address, 1_000) as small:
        with collector_as_served():
            reads = [await _read(small) for _ in range(plan.rounds)]
    searches = [await asyncio.to_thread(_search) for _ in range(plan.rounds)]
    async with schema_of(address, 5_000) as large:
        rounds = [await _beside(large) for _ in range(plan.starts)]
    during, idle = zip(*rounds, strict=True)
    return Findings(
        (
            *(
                Comparison("catalog", case, quantity, {DBMCP: tuple(row[case, quantity] for row in reads)})
                for case, quantity in reads[0]
            ),
            *(
                Comparison("catalog", SEARCH, quantity, {DBMCP: tuple(row[quantity] for row in searches)})
                for quantity in searches[0]
            ),
            Comparison("catalog", MEANWHILE, "p99 ms", {DBMCP: during, IDLE: idle}),
        )
    )


async def _read(address: Address) -> dict[tuple[str, str], float]:
    """Describe a table that is not known, read everything, and describe it again."""
    settings = {"url": address.url, "pool": {"size": 1, "overflow": 0}, "allow_writable_role": True}
    runtime = Runtime(Settings.model_validate({"databases": {"bench": {**settings, "catalog_seconds": 1_000}}}))
    statements: list[str] = []
    try:
        async with runtime.database(None)._connection() as connection:  # noqa: SLF001 - to count what it is sent
            connection.add_query_logger(lambda record: statements.append(record.query))
        figures: dict[tuple[str, str], float] = {}
        figures[COLD, "statements"] = await _counted(statements, lambda: describe_tables(runtime, ["t00500"]))
        began = time.process_time()
        figures[WHOLE, "statements"] = await _counted(statements, lambda: runtime.database(None).catalog())
        figures[WHOLE, "CPU ms"] = (time.process_time() - began) * 1e3
        await search_schema(runtime, "t00500")
        figures[WARM, "statements"] = await _counted(statements, lambda: describe_tables(runtime, ["t00500"]))
    finally:
        await runtime.close()
    return figures


def _search() -> dict[str, float]:
    """Ask the questions that the tests ask of a database of real names: the first builds the index."""
    catalog = large_catalog()
    began = time.process_time()
    search(catalog, "customer")
    figures = {"CPU ms of the index": (time.process_time() - began) * 1e3}
    taken = []
    for question in QUESTIONS:
        if question.database == LARGE:
            began = time.perf_counter()
            search(catalog, question.asked)
            taken.append((time.perf_counter() - began) * 1e3)
    return {**figures, "slowest ms, warm": max(taken), "p50 ms, warm": median(taken)}


async def _counted(statements: list[str], work: Callable[[], Awaitable[object]]) -> int:
    """Count the statements that something takes; the reset of a connection runs after the reply."""
    statements.clear()
    await work()
    return sum(not text.startswith("RESET") for text in statements)


async def _beside(address: Address) -> tuple[float, float]:
    """Return the p99 of statements while the schema is read, and of those before, in ms."""
    async with running(dbmcp_server(address), Era.LEGACY) as client:
        return await beside(client, "search_schema", {"pattern": "t04999"}, "t04999")


async def beside(client: StdioClient, tool: str, arguments: Mapping[str, Any], expected: str) -> tuple[float, float]:
    """Return the p99 of statements while a tool works, whose reply has a text, and of those before, in ms."""
    await latencies(client, lambda done: done >= 100)
    idle = await latencies(client, lambda done: done >= _IDLE_CALLS)
    working = asyncio.create_task(client.call(tool, arguments))
    during = await latencies(client, lambda _: working.done())
    assert expected in await working
    return p99(during), p99(idle)


async def latencies(client: StdioClient, is_over: Callable[[int], bool]) -> list[float]:
    """Return how long statements take, one after the other until it is over, in ms."""
    found: list[float] = []
    while not is_over(len(found)):
        began = time.perf_counter()
        await client.call(TOOL, {"sql": "SELECT 1"})
        found.append((time.perf_counter() - began) * 1e3)
    return found


def p99(figures: list[float]) -> float:
    """Return the figure that one in a hundred exceeds."""
    return sorted(figures)[int(len(figures) * 0.99)]


@asynccontextmanager
async def schema_of(address: Address, tables: int) -> AsyncIterator[Address]:
    """Make a database of so many tables, and drop it at the end."""
    own = replace(address, database=f"{address.database}_{tables}")
    admin = await address.connect()
    try:
        await admin.execute(f"CREATE DATABASE {own.database}")
        try:
            connection = await own.connect()
            try:
                await connection.execute("CREATE TYPE state AS ENUM ('new', 'paid', 'sent')")
                for start in range(0, tables, _AT_ONCE):
                    await connection.execute("".join(table_of(number) for number in range(start, start + _AT_ONCE)))
                await connection.execute("ANALYZE")
            finally:
                await connection.close(timeout=10)
            yield own
        finally:
            await admin.execute(f"DROP DATABASE {own.database} WITH (FORCE)")
    finally:
        await admin.close(timeout=10)


def table_of(number: int) -> str:
    """Return the statements that make one of the tables; number 0 first."""
    name = f"t{number:05}"
    points = f"REFERENCES t{number - 1:05}" if number else ""
    return f"""
CREATE TABLE {name} (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, parent_id bigint {points}, name text NOT NULL,
    code varchar(20) UNIQUE, price numeric(10, 2) DEFAULT 0 CHECK (price >= 0), state state, tags text[], extra jsonb,
    created_at timestamptz NOT NULL DEFAULT now(), active boolean DEFAULT true);
CREATE INDEX {name}_parent ON {name} (parent_id);
CREATE INDEX {name}_created ON {name} (created_at DESC);
COMMENT ON TABLE {name} IS 'Table number {number}';
COMMENT ON COLUMN {name}.name IS 'What it is called';
COMMENT ON COLUMN {name}.price IS 'In euros';"""
