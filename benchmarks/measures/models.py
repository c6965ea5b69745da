"""What writing models of a large schema costs: from the snapshot to the text, and what other callers feel meanwhile."""

import time

from benchmarks.client import Era
from benchmarks.contenders import dbmcp_server, running
from benchmarks.figures import DBMCP, Comparison, Findings
from benchmarks.measures.catalog import IDLE, beside, schema_of
from benchmarks.plan import Plan
from benchmarks.postgres import Address
from benchmarks.process import collector_as_served
from dbmcp.catalog.model import Catalog
from dbmcp.codegen import TARGETS, target
from dbmcp.codegen.base import Choices
from dbmcp.config import Settings
from dbmcp.runtime import Runtime

MAIN = "sqlalchemy"
MEANWHILE = "SELECT 1 while models of 1,200 tables are written"
# Each takes a second or so; what is measured is the processor's time, which varies little.
_MOST_ROUNDS = 5
_MOST_ROUNDS_OF_OTHERS = 2
_MOST_SERVERS = 2


async def measure(address: Address, plan: Plan) -> Findings:
    """Write models of ten columns a table, with keys, relations, indexes, checks, enums and comments."""
    found = []
    async with schema_of(address, 500) as small:
        catalog = await _catalog(small)
        for name in (MAIN, *sorted(set(TARGETS) - {MAIN})):
            rounds = min(plan.rounds, _MOST_ROUNDS if name == MAIN else _MOST_ROUNDS_OF_OTHERS)
            found.append(_written(name, catalog, rounds))
    async with schema_of(address, 1_200) as large:
        found.append(_written(MAIN, await _catalog(large), min(plan.rounds, _MOST_ROUNDS_OF_OTHERS)))
        pairs = []
        for _ in range(min(plan.starts, _MOST_SERVERS)):
            async with running(dbmcp_server(large), Era.LEGACY) as client:
                # The catalog is known; what is measured is the writing.
                await client.call("search_schema", {"pattern": "t00000"})
                pairs.append(await beside(client, "generate_models", {"target": MAIN}, "1200 classes"))
    during, idle = zip(*pairs, strict=True)
    return Findings((*found, Comparison("models", MEANWHILE, "p99 ms", {DBMCP: during, IDLE: idle})))


async def _catalog(address: Address) -> Catalog:
    settings = {"url": address.url, "pool": {"size": 1, "overflow": 0}, "allow_writable_role": True}
    runtime = Runtime(Settings.model_validate({"databases": {"bench": settings}}))
    try:
        return await runtime.database(None).catalog()
    finally:
        await runtime.close()


def _written(name: str, catalog: Catalog, rounds: int) -> Comparison:
    """Time a target from the snapshot to the text, after a first round that is thrown away."""
    made = target(name)
    took = []
    with collector_as_served():
        for _ in range(rounds + 1):
            began = time.process_time()
            text = "".join(made.generate(catalog, Choices()).files.values())
            took.append((time.process_time() - began) * 1e3)
            assert text
    return Comparison("models", f"{name}, {len(catalog.relations):,} tables", "CPU ms", {DBMCP: tuple(took[1:])})
