"""All scores of one run: attacks and real work, through the guard and on real engines, in child processes."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dbmcp.database import Database, DatabaseSettings
from dbmcp.errors import DbmcpError, StatementRejected
from dbmcp.guard import approve
from dbmcp.limits import Limits
from dbmcp.results import Bounds
from tests.corpus import Case, schema, statements
from tests.engines import build_sqlite_file
from tests.fuzz.inputs import Input
from tests.fuzz.workers import HANG, Worker, ask_once
from tests.locks import postgresql, sqlite
from tests.locks.postgresql_cluster import READER, running
from tests.locks.trials import Result

_BOUNDS = Bounds(rows=3_000, bytes=1_000_000, seconds=20)
# Each has a server of its own.
_PROCESSES = 2


@dataclass
class Score:
    """What became of one dialect's corpora. `accepted`, `refused` and `failed` name the cases at fault."""

    dialect: str
    engine: str = ""
    locks: tuple[str, ...] = ()
    attacks: int = 0
    accepted: list[str] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    reads: int = 0
    reads_run: int = 0
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def working(self) -> list[Result]:
        """The attacks that had an effect where nothing stopped them."""
        return [result for result in self.results if result.works]


@dataclass
class _Part:
    """What one child process found."""

    engine: str = ""
    results: list[Result] = field(default_factory=list)
    reads_run: int = 0
    failed: list[str] = field(default_factory=list)


def score_all() -> list[Score]:
    """Score both dialects; takes minutes.

    Raises:
        ImportError, OSError, RuntimeError: a server could not be run.
    """
    with ProcessPoolExecutor(_PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(_postgresql_part, number) for number in range(_PROCESSES)]
        scores = [_judged(dialect) for dialect in ("postgresql", "sqlite")]
        parts = {"postgresql": [future.result() for future in futures], "sqlite": [_sqlite_part()]}
    locks = {
        "postgresql": tuple(each.name for each in postgresql.SINGLE_LOCKS),
        "sqlite": tuple(each.name for each in sqlite.SINGLE_LOCKS),
    }
    for score in scores:
        score.locks = locks[score.dialect]
        for part in parts[score.dialect]:
            score.engine = part.engine
            score.results += part.results
            score.reads_run += part.reads_run
            score.failed += part.failed
    return scores


def _judged(dialect: str) -> Score:
    """Return the guard's verdicts alone, asked in a child: a bomb that goes off ends only that."""
    score = Score(dialect)
    worker = Worker()
    try:
        for case in statements(dialect, "refuse"):
            score.attacks += 1
            seen = ask_once(worker, Input("attack", dialect, case.text))
            if seen.verdict == "approved" or (seen.fault or "").startswith((HANG, "crash", "raised")):
                score.accepted.append(f"{case.place} {seen.fault or 'was approved'}")
    finally:
        worker.close()
    for case in statements(dialect, "allow"):
        score.reads += 1
        try:
            approve(case.text, dialect)
        except StatementRejected as refusal:
            score.refused.append(f"{case.place} {refusal.code}: {refusal.message}")
    return score


def _postgresql_part(number: int) -> _Part:
    """Score one child's share of PostgreSQL's corpora; runs in the child."""
    # asyncpg tells asyncio of each transaction that a reset ends: that is what is tried here.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="dbmcp-locks-") as scratch:
        return asyncio.run(_on_cluster(Path(scratch), number))


async def _on_cluster(scratch: Path, number: int) -> _Part:
    tell = _teller(f"server {number + 1}")
    attacks = statements("postgresql", "refuse")[number::_PROCESSES]
    async with running(scratch) as cluster:
        version = await cluster.admin.fetchval("SHOW server_version")
        part = _Part(f"PostgreSQL {version.split()[0]}")
        has_xml = bool(await cluster.admin.fetchval("SELECT count(spec) > 0 FROM room"))
        reads = [
            case
            for case in statements("postgresql", "allow")[number::_PROCESSES]
            if _is_for(case, "pg", version) and (has_xml or "needs xml" not in case.marks)
        ]
        part.reads_run = len(reads)
        part.failed = await _failing(reads, "postgresql", cluster.url(READER))
        tell(f"{len(reads)} reads run")
        part.results = await postgresql.score(cluster, attacks, tell)
    return part


def _sqlite_part() -> _Part:
    """Score SQLite's corpora."""
    part = _Part(f"SQLite {sqlite3.sqlite_version}")
    tell = _teller("SQLite")
    with tempfile.TemporaryDirectory(prefix="dbmcp-locks-") as scratch:
        file = build_sqlite_file(Path(scratch) / "reads.sqlite", schema("sqlite"))
        reads = [case for case in statements("sqlite", "allow") if _is_for(case, "sqlite", sqlite3.sqlite_version)]
        part.reads_run = len(reads)
        part.failed = asyncio.run(_failing(reads, "sqlite", str(file)))
        tell(f"{len(reads)} reads run")
        file.unlink()
        part.results = sqlite.score(Path(scratch), statements("sqlite", "refuse"), tell)
    return part


async def _failing(reads: Sequence[Case], dialect: str, url: str) -> list[str]:
    """Return the reads that the guard passes and that fail all the same, run as dbmcp runs them."""
    database = Database("inn", DatabaseSettings.model_validate({"url": url}), Limits())
    failed = []
    try:
        for case in reads:
            try:
                query = approve(case.text, dialect)
            except StatementRejected:
                continue  # It counts as refused.
            try:
                await database.fetch(query, _BOUNDS)
            except DbmcpError as error:
                failed.append(f"{case.place} {error.code}: {error.message}")
    finally:
        await database.close()
    return failed


def _is_for(case: Case, engine: str, version: str) -> bool:
    """Say whether an engine is new enough for a case: its marks say `pg16+`, `sqlite3.44+`."""
    have = _numbers(version)
    wanted = [found[1] for mark in case.marks if (found := re.fullmatch(rf"{engine}([\d.]+)\+", mark))]
    return all(_numbers(each) <= have for each in wanted)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _teller(who: str) -> Callable[[str], None]:
    def tell(text: str) -> None:
        sys.stderr.write(f"{who}: {text}\n")
        sys.stderr.flush()

    return tell
