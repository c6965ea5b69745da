"""How contenders take turns, and what is made of their calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from benchmarks.contenders import Contender
from benchmarks.figures import ASYNCPG, DBMCP
from benchmarks.rounds import LANES, Task, in_flight, interleaved, one_at_a_time


def contender(name: str, note: Callable[[int], None], cpu_s: Callable[[], float | None]) -> Contender:
    async def call(variant: int) -> None:
        note(variant)
        await asyncio.sleep(0)

    return Contender(name, call, cpu_s)


async def test_every_round_has_every_item_once_and_begins_with_another() -> None:
    done: list[str] = []

    async def work(item: str) -> int:
        done.append(item)
        return len(done)

    figures = await interleaved(["a", "b", "c"], 3, work)
    warm, *rounds = ["".join(done[begin : begin + 3]) for begin in range(0, 12, 3)]
    assert sorted(warm) == ["a", "b", "c"]
    assert rounds == ["abc", "bca", "cab"]
    assert figures == [[4, 9, 11], [5, 7, 12], [6, 8, 10]]


async def test_fresh_tasks_never_repeat_a_variant_and_others_always_do() -> None:
    fresh: list[int] = []
    repeated: list[int] = []
    tasks = [
        Task("new", contender(DBMCP, fresh.append, lambda: None), calls=4, is_fresh=True),
        Task("repeated", contender(DBMCP, repeated.append, lambda: None), calls=4),
    ]
    await one_at_a_time("keys", tasks, 2)
    assert fresh == list(range(12))
    assert repeated == [0] * 12


async def test_cpu_time_is_given_per_call_and_left_out_where_it_is_unknown() -> None:
    ticks = iter(range(100))
    tasks = [
        Task("case", contender(ASYNCPG, lambda _: None, lambda: None), calls=4),
        Task("case", contender(DBMCP, lambda _: None, lambda: float(next(ticks))), calls=4),
    ]
    latency, cpu = await one_at_a_time("select1", tasks, 2)
    assert (latency.quantity, list(latency.series)) == ("p50 ms", [ASYNCPG, DBMCP])
    assert (cpu.quantity, cpu.series) == ("CPU ms a call", {DBMCP: (250.0, 250.0)})


async def test_lanes_are_under_way_together_each_with_its_own_variant() -> None:
    under_way = 0
    most = 0
    seen: list[int] = []

    async def call(variant: int) -> None:
        nonlocal under_way, most
        seen.append(variant)
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1

    task = Task("case", Contender(DBMCP, call, lambda: None), calls=3)
    (comparison,) = await in_flight("select1", [task], 1)
    assert most == LANES
    assert sorted(seen) == sorted([*range(LANES)] * 3 * 2)
    assert comparison.quantity == "calls/s"
    assert comparison.series[DBMCP][0] > 0
