"""The measures, one a file; each takes the database's address and the plan, and returns Findings."""

from collections.abc import Awaitable, Callable, Mapping

from benchmarks.figures import Findings
from benchmarks.measures import catalog, guard, keys, memory, models, named, results, select1, start, trips
from benchmarks.plan import Plan
from benchmarks.postgres import Address

Measure = Callable[[Address, Plan], Awaitable[Findings]]

MEASURES: Mapping[str, Measure] = {
    "start": start.measure,
    "select1": select1.measure,
    "keys": keys.measure,
    "results": results.measure,
    "trips": trips.measure,
    "memory": memory.measure,
    "guard": guard.measure,
    "named": named.measure,
    "catalog": catalog.measure,
    "models": models.measure,
}
