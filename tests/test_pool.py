"""The pool's bound is the server's: what still works there for an earlier caller keeps its place."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg
import pytest

from dbmcp.database import Database, DatabaseSettings
from dbmcp.dialects import dialect_named
from dbmcp.dialects.base import Session
from dbmcp.errors import PoolBusy, QueryTimeout
from dbmcp.guard import approve
from dbmcp.limits import Limits
from dbmcp.results import Bounds
from tests import engines

# Longer than any statement of the pool's own, a connection's closing among them, was ever given.
PATIENCE_S = 13
SESSIONS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'dbmcp' AND datname = current_database()"


@asynccontextmanager
async def opened(url: str, size: int) -> AsyncIterator[Database]:
    pool = {"size": size, "overflow": 0, "wait_seconds": 0.2}
    settings = {"url": url, "pool": pool, "allow_writable_role": True}
    database = Database("test", DatabaseSettings.model_validate(settings), Limits())
    try:
        yield database
    finally:
        await database.close()


async def ask(database: Database) -> list[list[str | None]]:
    result = await database.fetch(approve("SELECT 1 AS one"), Bounds(1, 1_000, 0.2))
    return [list(row) for row in result.rows]


async def asked(database: Database, times: int) -> None:
    """Ask at the same time, and wait until every connection is back in the pool."""
    for rows in await asyncio.gather(*(ask(database) for _ in range(times))):
        assert rows == [["1"]]
    while database._pool._returning:
        await asyncio.wait(database._pool._returning)


@contextmanager
def stopped(pids: list[int]) -> Iterator[None]:
    """Have backends stand still, as one does that is in a function which looks for no cancel."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def test_what_cannot_be_cancelled_keeps_its_place_until_it_ends(
    postgresql_from_wheel: engines.PostgresqlServer,
) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as made:
        async with opened(made.url, 2) as database:
            await asked(database, 2)
            before = sorted(made.rows(SESSIONS))
            assert len(before) == 2
            with stopped([int(str(pid)) for (pid,) in before]):
                for _ in before:
                    with pytest.raises(QueryTimeout):
                        await ask(database)
                _, working = await asyncio.wait(database._pool._returning, timeout=PATIENCE_S)
                assert len(working) == 2
                for _ in range(3):
                    with pytest.raises(PoolBusy, match="All 2 connections were busy"):
                        await ask(database)
                assert sorted(made.rows(SESSIONS)) == before
            await asyncio.wait(working, timeout=10)
            await asked(database, 2)
            assert sorted(made.rows(SESSIONS)) == before


async def test_what_was_ended_on_the_server_gives_up_its_place(
    postgresql_from_wheel: engines.PostgresqlServer,
) -> None:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as made:
        async with opened(made.url, 1) as database:
            await asked(database, 1)
            ((pid,),) = made.rows(SESSIONS)
            with stopped([int(str(pid))]), pytest.raises(QueryTimeout):
                await ask(database)
            made.rows(f"SELECT pg_terminate_backend({pid})")
            await asyncio.wait(database._pool._returning, timeout=10)
            await asked(database, 1)
            assert made.rows(SESSIONS) != [(pid,)]


async def test_a_server_that_is_gone_without_a_word_is_noticed(postgresql_server: engines.PostgresqlServer) -> None:
    """Nothing else ends the wait for a statement that was cancelled."""
    dialect = dialect_named("postgresql")
    connection: asyncpg.Connection = await dialect.connect(Session(postgresql_server.url))
    try:
        connected = connection._transport.get_extra_info("socket")
        is_kept_alive = connected.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert is_kept_alive == (connected.family != socket.AF_UNIX)
    finally:
        await dialect.close(connection)
