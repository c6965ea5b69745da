"""One database's pool and sessions: what one caller leaves, the next never meets; and what only reads stays so."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import anyio
import asyncpg
import pytest

from dbmcp.database import Database, DatabaseSettings
from dbmcp.errors import DatabaseUnavailable, PoolBusy, QueryFailed, QueryTimeout
from dbmcp.guard import approve
from dbmcp.limits import Limits
from dbmcp.pool import PoolSettings
from dbmcp.results import Bounds
from tests import engines

BOUNDS = Bounds(10, 10_000, 5)
# Most of these tests connect as the superuser, whose session is to be as tight as any other.
SUPERUSER = {"allow_writable_role": True}


@asynccontextmanager
async def opened(url: str, limits: Limits | None = None, **pool: float) -> AsyncIterator[Database]:
    """Open a database with a pool of one, so that each caller gets the connection of the one before."""
    knobs = PoolSettings.model_validate({"size": 1, "overflow": 0, **pool})
    settings = {**SUPERUSER, "url": url, "pool": knobs}
    database = Database("test", DatabaseSettings.model_validate(settings), limits or Limits())
    try:
        yield database
    finally:
        await database.close()


async def rows(database: Database, sql: str, dialect: str = "postgresql") -> list[tuple[str | None, ...]]:
    result = await database.fetch(approve(sql, dialect), BOUNDS)
    return [tuple(row) for row in result.rows]


@pytest.mark.parametrize(
    "write",
    [
        "INSERT INTO item VALUES (2)",
        "UPDATE item SET id = 3",
        "DELETE FROM item",
        "TRUNCATE item",
        "CREATE TABLE other (id int)",
        "DROP TABLE item",
        "COMMENT ON TABLE item IS 'x'",
        "SELECT nextval('counter')",
        "SELECT id INTO other FROM item",
        "SELECT * FROM item FOR UPDATE",
        "COPY item FROM STDIN",
    ],
)
async def test_the_session_itself_refuses_a_write(postgresql_database: engines.PostgresqlDatabase, write: str) -> None:
    """Under the guard: even the superuser's own session is read-only."""
    postgresql_database.run("CREATE TABLE item (id int); INSERT INTO item VALUES (1); CREATE SEQUENCE counter")
    async with opened(postgresql_database.url) as database:
        with pytest.raises((QueryFailed, DatabaseUnavailable)) as caught:
            async with database._connection() as connection:
                await connection.execute(write)
        cause = caught.value.__cause__
        assert isinstance(cause, asyncpg.ReadOnlySQLTransactionError), cause
    assert postgresql_database.rows("SELECT id FROM item") == [(1,)]


async def test_nothing_of_one_caller_is_left_to_the_next(postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run("CREATE TABLE item (id int); INSERT INTO item SELECT generate_series(1, 100)")
    async with opened(postgresql_database.url) as database:
        async with database._connection() as connection:
            pid = await connection.fetchval("SELECT pg_backend_pid()")
            await connection.execute("SELECT set_config('dbmcp.left', 'x', false)")
            await connection.execute("SELECT set_config('search_path', 'pg_temp', false)")
            await connection.execute("SELECT set_config('statement_timeout', '0', false)")
            await connection.execute("SET default_transaction_read_only = off")
            await connection.execute("SELECT pg_advisory_lock(42)")
            await connection.execute("LISTEN news")
            await connection.execute("DECLARE left_open CURSOR WITH HOLD FOR SELECT * FROM public.item")
            await connection.execute("CREATE TEMP TABLE left_table (id int)")
            await connection.execute("SET ROLE pg_monitor")
            await connection.execute("BEGIN")
        async with database._connection() as connection:
            assert await connection.fetchval("SELECT pg_backend_pid()") == pid, "the same connection"
            assert not connection.is_in_transaction()
            assert await connection.fetchval("SHOW default_transaction_read_only") == "on"
            assert await connection.fetchval("SHOW statement_timeout") == "30s"
            assert "public" in await connection.fetchval("SHOW search_path")
            assert await connection.fetchval("SELECT coalesce(current_setting('dbmcp.left', true), '')") == ""
            assert await connection.fetchval("SELECT (current_user = session_user)::text") == "true"
            for left in (
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
                "SELECT count(*) FROM pg_listening_channels()",
                "SELECT count(*) FROM pg_cursors WHERE name <> ''",
                "SELECT count(*) FROM pg_class WHERE relname = 'left_table'",
            ):
                assert str(await connection.fetchval(left)) == "0", left
            with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
                await connection.execute("INSERT INTO public.item VALUES (0)")


async def test_a_temporary_table_cannot_be_made(postgresql_database: engines.PostgresqlDatabase) -> None:
    """A read-only transaction of PostgreSQL would let a table that is there be written; one cannot come to be."""
    async with opened(postgresql_database.url) as database:
        with pytest.raises(QueryFailed):
            async with database._connection() as connection:
                await connection.execute("CREATE TEMP TABLE item (id int)")


async def test_the_sessions_limits_are_the_configured_ones(postgresql_database: engines.PostgresqlDatabase) -> None:
    async with (
        opened(postgresql_database.url, Limits(seconds=7, wait_seconds=2)) as database,
        database._connection() as connection,
    ):
        assert await connection.fetchval("SHOW statement_timeout") == "7s"
        assert await connection.fetchval("SHOW lock_timeout") == "2s"
        assert await connection.fetchval("SHOW idle_in_transaction_session_timeout") == "7s"


async def test_a_busy_pool_is_said_to_be_busy(postgresql_database: engines.PostgresqlDatabase) -> None:
    async with opened(postgresql_database.url, wait_seconds=0.1) as database:
        async with database._connection():
            with pytest.raises(PoolBusy, match=r"All 1 connections were busy for 0\.1 s"):
                await rows(database, "SELECT 1")
        assert await rows(database, "SELECT 1") == [("1",)]


async def test_a_waiter_gets_the_connection_that_is_given_back(sqlite_file: Callable[[str], Path]) -> None:
    async with opened(str(sqlite_file("CREATE TABLE item (id int)")), wait_seconds=5) as database:
        async with database._connection():
            waiting = asyncio.create_task(rows(database, "SELECT 1", "sqlite"))
            await asyncio.sleep(0)
        assert await waiting == [("1",)]


async def test_a_lock_of_a_writer_is_waited_for_no_longer_than_allowed(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run("CREATE TABLE item (id int)")
    writer = await asyncpg.connect(postgresql_database.url)
    try:
        await writer.execute("BEGIN; LOCK TABLE item IN ACCESS EXCLUSIVE MODE")
        async with opened(postgresql_database.url, Limits(wait_seconds=0.1)) as database:
            with pytest.raises(QueryTimeout, match="lock another session holds"):
                await rows(database, "SELECT id FROM item")
            await writer.execute("ROLLBACK")
            assert await rows(database, "SELECT id FROM item") == []
    finally:
        await writer.close()


async def test_a_writer_of_a_file_is_waited_for_no_longer_than_allowed(sqlite_file: Callable[[str], Path]) -> None:
    path = sqlite_file("CREATE TABLE item (id int)")
    async with opened(str(path), Limits(wait_seconds=0.1)) as database:
        assert await rows(database, "SELECT id FROM item", "sqlite") == []
        import sqlite3  # noqa: PLC0415 - only here a driver stands in for a writer

        writer = sqlite3.connect(path, isolation_level=None)
        try:
            writer.execute("BEGIN EXCLUSIVE")
            with pytest.raises(QueryTimeout, match="too long for a writer"):
                await rows(database, "SELECT id FROM item", "sqlite")
            writer.execute("ROLLBACK")
            assert await rows(database, "SELECT id FROM item", "sqlite") == []
        finally:
            writer.close()


async def test_a_table_made_by_another_session_is_in_the_catalog_at_once_when_it_is_not_trusted(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    settings = DatabaseSettings.model_validate({**SUPERUSER, "url": postgresql_database.url, "catalog_seconds": 0})
    database = Database("test", settings, Limits())
    try:
        assert (await database.catalog()).relations == ()
        postgresql_database.run("CREATE TABLE item (id int)")
        first = await database.catalog()
        assert [item.name for item in first.relations] == ["item"]
        assert await database.catalog() is first, "nothing changed: it is not read again"
    finally:
        await database.close()


async def test_a_virtual_table_is_read_after_the_schema_has_changed(sqlite_file: Callable[[str], Path]) -> None:
    path = sqlite_file("CREATE VIRTUAL TABLE note USING fts5 (body); INSERT INTO note VALUES ('dear diary');")
    found = "SELECT body FROM note WHERE note MATCH 'diary'"
    async with opened(str(path)) as database:
        for number in range(3):
            assert await rows(database, found, "sqlite") == [("dear diary",)]
            with closing(sqlite3.connect(path)) as connection:
                connection.execute(f"CREATE TABLE other_{number} (id int)")
        (note,) = (await database.catalog()).find("note")
        assert [column.name for column in note.columns] == ["body"]


async def test_a_young_catalog_is_not_asked_for_again(postgresql_database: engines.PostgresqlDatabase) -> None:
    settings = DatabaseSettings.model_validate({**SUPERUSER, "url": postgresql_database.url, "catalog_seconds": 3600})
    database = Database("test", settings, Limits())
    try:
        catalog = await database.catalog()
        postgresql_database.run("CREATE TABLE item (id int)")
        assert await database.catalog() is catalog
    finally:
        await database.close()


async def test_a_search_path_is_that_of_the_settings(postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run("CREATE SCHEMA sales; CREATE TABLE sales.item (id int); INSERT INTO sales.item VALUES (7)")
    settings = DatabaseSettings.model_validate({**SUPERUSER, "url": postgresql_database.url, "search_path": "sales"})
    database = Database("test", settings, Limits())
    try:
        assert await rows(database, "SELECT id FROM item") == [("7",)]
    finally:
        await database.close()


async def test_a_database_that_is_closed_twice_stays_closed(sqlite_file: Callable[[str], Path]) -> None:
    async with opened(str(sqlite_file("CREATE TABLE item (id int)"))) as database:
        assert await rows(database, "SELECT 1", "sqlite") == [("1",)]
        await database.close()


async def test_a_check_of_what_is_not_there_is_refused(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    async with opened(postgresql_from_wheel.url_of("no_such_database")) as database:
        with pytest.raises(DatabaseUnavailable, match="no database of this name"):
            await database.check()
        with pytest.raises(DatabaseUnavailable):
            await rows(database, "SELECT 1")


async def test_warming_opens_connections_and_gives_them_back(postgresql_database: engines.PostgresqlDatabase) -> None:
    async with opened(postgresql_database.url, size=2) as database:
        await database.warm()
        engine = await database._pool._open()
        while database._pool._returning:
            await asyncio.wait(database._pool._returning)
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        assert engine.pool.checkedin() == 2  # type: ignore[attr-defined]


async def test_warming_that_is_cancelled_leaves_no_connection_lent(
    sqlite_file: Callable[[str], Path], caplog: pytest.LogCaptureFixture
) -> None:
    """As when the server is told to end while it warms: one connection is lent, the other is waited for."""
    async with opened(str(sqlite_file("CREATE TABLE item (id int)")), size=2) as database:
        await database.warm()
        pool = (await database._pool._open()).pool
        async with database._connection():
            warming = asyncio.create_task(database.warm())
            with anyio.fail_after(5):
                while pool.checkedout() < 2:  # type: ignore[attr-defined]  # noqa: ASYNC110
                    await asyncio.sleep(0)
            for _ in range(20):
                await asyncio.sleep(0)
            warming.cancel()
            await asyncio.wait([warming])
        del warming
        gc.collect()
        while database._pool._returning:
            await asyncio.wait(database._pool._returning)
        assert pool.checkedin() == 2  # type: ignore[attr-defined]
        assert "garbage collector" not in caplog.text


async def test_a_role_that_may_write_is_answered_nothing_where_no_start_looked_at_it(
    postgresql_database: engines.PostgresqlDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    postgresql_database.run("CREATE TABLE item (id int); INSERT INTO item VALUES (1)")
    postgresql_database.grant_reader()
    reader = f'"{postgresql_database.reader}"'
    postgresql_database.run(f"GRANT INSERT ON item TO {reader}")
    database = Database("test", DatabaseSettings.model_validate({"url": postgresql_database.reader_url}), Limits())
    try:
        await database.warm()
        for ask in (rows(database, "SELECT id FROM item"), database.catalog(), rows(database, "SELECT 1")):
            with pytest.raises(DatabaseUnavailable) as caught:
                await ask
            said = str(caught.value)
            assert "may do more than read: it can write 1 table (public.item: INSERT)." in said
            assert "CREATE ROLE" not in said
            assert postgresql_database.password not in said
        # The operator is told how to mend it, once.
        assert caplog.text.count("CREATE ROLE") == caplog.text.count("is not served") == 1
        postgresql_database.run(f"REVOKE INSERT ON item FROM {reader}")
        assert await rows(database, "SELECT id FROM item") == [("1",)]
    finally:
        await database.close()


async def test_a_role_that_the_operator_insists_on_is_served_where_no_start_looked_at_it(
    postgresql_database: engines.PostgresqlDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(postgresql_database.url) as database:
        assert await rows(database, "SELECT 1") == [("1",)]
        await database.check()
    assert caplog.text.count("database test is served all the same: The database role ") <= 1
