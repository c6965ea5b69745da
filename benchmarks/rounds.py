"""Runs tasks side by side: every round has each of them once, and begins with another than the last."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from statistics import median
from typing import TypeVar

from benchmarks.contenders import Contender
from benchmarks.failures import BenchmarkError
from benchmarks.figures import Comparison

LANES = 16
WORK_TIMEOUT_S = 120

Item = TypeVar("Item")
Figure = TypeVar("Figure")


@dataclass(frozen=True)
class Task:
    """Calls of one contender for a case: ever new variants if `is_fresh`, else variant 0 (or the lane's)."""

    case: str
    contender: Contender
    calls: int
    is_fresh: bool = False


@dataclass(frozen=True)
class _Batch:
    """What one task took in one round."""

    p50_ms: float
    cpu_ms: float | None


async def interleaved(
    items: Sequence[Item], rounds: int, work: Callable[[Item], Awaitable[Figure]]
) -> list[list[Figure]]:
    """Do each item's work once to get warm, then in every round; return its figures in the items' order."""
    figures: list[list[Figure]] = [[] for _ in items]
    for number in range(-1, rounds):
        for place in range(len(items)):
            index = (number + place) % len(items)
            try:
                async with asyncio.timeout(WORK_TIMEOUT_S):
                    figure = await work(items[index])
            except TimeoutError:
                raise BenchmarkError(f"one contender's round took more than {WORK_TIMEOUT_S} s") from None
            if number >= 0:
                figures[index].append(figure)
    return figures


async def one_at_a_time(measure: str, tasks: Sequence[Task], rounds: int) -> list[Comparison]:
    """Time calls one after the other; give the p50 and the CPU time per call of each case."""
    endless = [count() if task.is_fresh else repeat(0) for task in tasks]
    variants = {id(task): variant for task, variant in zip(tasks, endless, strict=True)}

    async def work(task: Task) -> _Batch:
        return await _batch(task, variants[id(task)])

    batches = await interleaved(tasks, rounds, work)
    p50_ms = [[batch.p50_ms for batch in row] for row in batches]
    cpu_ms = [[batch.cpu_ms for batch in row if batch.cpu_ms is not None] for row in batches]
    return by_case(measure, "p50 ms", tasks, p50_ms) + by_case(measure, "CPU ms a call", tasks, cpu_ms)


async def in_flight(measure: str, tasks: Sequence[Task], rounds: int) -> list[Comparison]:
    """Keep `LANES` calls under way, each lane with a text of its own; give the calls per second of each case.

    The lanes' texts differ so that a server which answers equal statements with one read gains nothing.
    """

    async def work(task: Task) -> float:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for lane in range(LANES):
                group.create_task(_lane(task, lane))
        return LANES * task.calls / (time.perf_counter() - began)

    return by_case(measure, "calls/s", tasks, await interleaved(tasks, rounds, work))


def by_case(measure: str, quantity: str, tasks: Sequence[Task], rows: Sequence[Sequence[float]]) -> list[Comparison]:
    """Put the tasks of a case side by side; a task without figures takes no part."""
    cases: dict[str, dict[str, tuple[float, ...]]] = {}
    for task, row in zip(tasks, rows, strict=True):
        if row:
            cases.setdefault(task.case, {})[task.contender.name] = tuple(row)
    return [Comparison(measure, case, quantity, series) for case, series in cases.items()]


async def _batch(task: Task, variants: Iterator[int]) -> _Batch:
    call, cpu_s = task.contender.call, task.contender.cpu_s
    latencies: list[float] = []
    cpu_before = cpu_s()
    for _ in range(task.calls):
        variant = next(variants)
        began = time.perf_counter()
        await call(variant)
        latencies.append(time.perf_counter() - began)
    cpu_after = cpu_s()
    cpu_ms = None
    if cpu_before is not None and cpu_after is not None:
        cpu_ms = (cpu_after - cpu_before) / task.calls * 1e3
    return _Batch(median(latencies) * 1e3, cpu_ms)


async def _lane(task: Task, lane: int) -> None:
    for _ in range(task.calls):
        await task.contender.call(lane)
