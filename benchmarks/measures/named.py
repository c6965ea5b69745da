"""Named queries, in this process: a call beside an ad-hoc repeat of its statement, and the loading of 1,000 files."""

import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.figures import DBMCP, Comparison, Findings
from benchmarks.plan import Plan
from benchmarks.postgres import Address
from benchmarks.rounds import interleaved
from dbmcp.config import Settings
from dbmcp.limits import Limits
from dbmcp.named_queries import library
from dbmcp.named_queries.model import Home, Library
from dbmcp.runtime import Runtime
from dbmcp.use_cases import Ask, run_named_query, run_sql

# The same statement from the caller, its text known to the guard: what a call needs less its approval.
AD_HOC = "ad-hoc repeat"
FILES = 1_000
CALL, LOAD, RELOAD = "call of a named query", f"load of {FILES:,} files", f"reload of one of {FILES:,} files"

_SQL = "SELECT id, name, quantity FROM keyed WHERE id = "
_HEADER = """/*
title = "One thing"
description = "A thing, found by its number."
tags = ["things"]
[parameters.key]
type = "integer"
description = "its number"
minimum = 1
*/
"""

# What a library is made of: a join, a sum, and a part that drops out, so that the guard reads two texts of each.
_FILE = """/*
title = "Sold"
description = "What customers bought since a day, with the total of each."
tags = ["sales"]
[parameters.since]
type = "date"
[parameters.country]
type = "string"
description = "only those of this country"
optional = true
*/
SELECT c.name, sum(o.total) AS total, count(*) AS orders
FROM customer AS c
JOIN sales_order AS o ON o.customer_id = c.id
WHERE o.created_at >= :since AND o.total {condition}
  /*[*/ AND c.country = :country /*]*/
GROUP BY c.name
ORDER BY total DESC
"""


async def measure(address: Address, plan: Plan) -> Findings:
    """Time calls in turns with ad-hoc ones, and the loading of a large library."""
    with tempfile.TemporaryDirectory(prefix="dbmcp-bench-") as name:
        folder = Path(name)
        (folder / "called").mkdir()
        (folder / "called" / "thing.sql").write_text(f"{_HEADER}{_SQL}:key\n", "utf-8")
        runtime = Runtime(
            Settings.model_validate(
                {
                    "databases": {"bench": {"url": address.url, "allow_writable_role": True}},
                    "queries": [str(folder / "called")],
                }
            )
        )
        rounds: dict[str, Callable[[], Awaitable[dict[str, float]]]] = {
            CALL: _calls(runtime, plan),
            **_loads(folder / "many"),
        }
        try:
            runtime.load_library()
            rows = await interleaved([*rounds], plan.rounds, lambda case: rounds[case]())
        finally:
            await runtime.close()
    return Findings(
        tuple(
            Comparison("named", case, "p50 ms" if case == CALL else "CPU ms", _series(figures))
            for case, figures in zip(rounds, rows, strict=True)
        )
    )


def _series(rounds: list[dict[str, float]]) -> dict[str, tuple[float, ...]]:
    return {contender: tuple(figures[contender] for figures in rounds) for contender in rounds[0]}


def _calls(runtime: Runtime, plan: Plan) -> Callable[[], Awaitable[dict[str, float]]]:
    """Return a round of calls, each beside one of the ad-hoc statement for the same row; either goes first in turn."""
    callers: dict[str, Callable[[], Awaitable[object]]] = {
        DBMCP: lambda: run_named_query(runtime, "thing", {"key": 1}),
        AD_HOC: lambda: run_sql(runtime, Ask(f"{_SQL}1")),
    }

    async def work() -> dict[str, float]:
        took: dict[str, list[float]] = {contender: [] for contender in callers}
        for number in range(plan.calls):
            for contender in (DBMCP, AD_HOC) if number % 2 else (AD_HOC, DBMCP):
                began = time.perf_counter()
                await callers[contender]()
                took[contender].append(time.perf_counter() - began)
        return {contender: statistics.median(times) * 1e3 for contender, times in took.items()}

    return work


def _loads(folder: Path) -> dict[str, Callable[[], Awaitable[dict[str, float]]]]:
    """Return a round that loads everything, and one that loads what has changed: a single file."""
    homes = {"bench": Home("postgresql")}
    files = [folder / f"group{number % 20}" / f"query{number:04}.sql" for number in range(FILES)]
    for number, file in enumerate(files):
        file.parent.mkdir(parents=True, exist_ok=True)
        # No text twice, so that nothing is gained from one seen before.
        file.write_text(_FILE.format(condition=f"> {number}"), "utf-8")
    loaded: list[Library] = []
    changes = iter(range(1_000_000))

    async def load() -> dict[str, float]:
        began = time.process_time()
        loaded[:] = [library.load([folder], homes, Limits())]
        return {DBMCP: (time.process_time() - began) * 1e3}

    async def reload() -> dict[str, float]:
        if not loaded:
            await load()
        files[0].write_text(_FILE.format(condition=f"< {next(changes)}"), "utf-8")
        began = time.process_time()
        loaded[:] = [library.load([folder], homes, Limits(), former=loaded[0])]
        return {DBMCP: (time.process_time() - began) * 1e3}

    return {LOAD: load, RELOAD: reload}
