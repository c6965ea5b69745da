"""What the guard costs by itself, in this process: a statement it has never seen, one it remembers, and bombs."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from benchmarks.figures import DBMCP, Comparison, Findings
from benchmarks.plan import Plan
from benchmarks.postgres import Address
from benchmarks.process import collector_as_served
from benchmarks.rounds import interleaved
from dbmcp.config import Settings
from dbmcp.errors import StatementRejected
from dbmcp.guard import approve
from dbmcp.runtime import Runtime
from tests import corpus

NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
BOMBS = "parser bombs"
REMEMBERED = "remembered statement"
# Longer ones are judged anew every time, on a thread.
SHORT = 8_192

Seconds = list[float]


async def measure(address: Address, plan: Plan) -> Findings:
    """Judge the public corpora, attacks and real work alike, then real work alone, in turns with what is remembered."""
    texts = {dialect: _texts(dialect, *corpus.KINDS) for dialect in NAMES}
    work = {dialect: _texts(dialect, "allow")[0] for dialect in NAMES}
    runtime = Runtime(
        Settings.model_validate({"databases": {"bench": {"url": address.url, "allow_writable_role": True}}})
    )
    rounds: dict[str, Callable[[], Awaitable[Seconds]]] = {
        **{f"new statement, {name}": _anew(dialect, texts[dialect][0]) for dialect, name in NAMES.items()},
        **{f"real work alone, {name}": _anew(dialect, work[dialect]) for dialect, name in NAMES.items()},
        BOMBS: _anew("postgresql", texts["postgresql"][1], "sqlite", texts["sqlite"][1]),
        REMEMBERED: _remembered(runtime, work["postgresql"]),
    }
    try:
        with collector_as_served():
            rows = await interleaved([*rounds], plan.rounds, lambda case: rounds[case]())
    finally:
        await runtime.close()
    return Findings(tuple(each for case, row in zip(rounds, rows, strict=True) for each in _summed_up(case, row)))


def _texts(dialect: str, *kinds: str) -> tuple[list[str], list[str]]:
    """Return the corpora's statements, and apart from them those that are meant to keep a parser busy."""
    cases = [case for kind in kinds for case in corpus.statements(dialect, kind)]
    return (
        [case.text for case in cases if case.klass != "parser-bomb"],
        [case.text for case in cases if case.klass == "parser-bomb"],
    )


def _anew(*statements: str | Sequence[str]) -> Callable[[], Awaitable[Seconds]]:
    """Return a round that judges texts, given in turns with the dialect that they are in."""
    pairs = [
        (text, str(dialect)) for dialect, texts in zip(statements[::2], statements[1::2], strict=True) for text in texts
    ]

    async def work() -> Seconds:
        return [_judged(text, dialect) for text, dialect in pairs]

    return work


def _judged(text: str, dialect: str) -> float:
    """Return the processor time of a verdict: the guard waits for nothing, and others may be at work."""
    began = time.thread_time()
    with suppress(StatementRejected):
        approve(text, dialect)
    return time.thread_time() - began


def _remembered(runtime: Runtime, texts: Sequence[str]) -> Callable[[], Awaitable[Seconds]]:
    """Return a round that asks the runtime for verdicts that it has given before."""
    database = runtime.database(None)
    known: list[str] = []

    async def work() -> Seconds:
        if not known:
            known.extend([text for text in texts if len(text) <= SHORT and await _passes(runtime, text)])
        took = []
        for text in known:
            began = time.perf_counter()
            await runtime.approve(text, database)
            took.append(time.perf_counter() - began)
        return took

    return work


async def _passes(runtime: Runtime, text: str) -> bool:
    try:
        await runtime.approve(text, runtime.database(None))
    except StatementRejected:
        return False
    return True


def _summed_up(case: str, rounds: Sequence[Seconds]) -> list[Comparison]:
    """Return the middle and the slow end of each round; of bombs the slowest, for there each one counts."""
    if case == REMEMBERED:
        return [_comparison(case, "p50 µs", [_share(took, 0.5) * 1e6 for took in rounds])]
    if case == BOMBS:
        return [_comparison(case, "slowest ms", [max(took) * 1e3 for took in rounds])]
    return [
        _comparison(case, "p50 ms", [_share(took, 0.5) * 1e3 for took in rounds]),
        _comparison(case, "p99 ms", [_share(took, 0.99) * 1e3 for took in rounds]),
    ]


def _comparison(case: str, quantity: str, figures: Sequence[float]) -> Comparison:
    return Comparison("guard", case, quantity, {DBMCP: tuple(figures)})


def _share(figures: Seconds, share: float) -> float:
    """Return the figure below which this share of them lies."""
    return sorted(figures)[min(int(len(figures) * share), len(figures) - 1)]
