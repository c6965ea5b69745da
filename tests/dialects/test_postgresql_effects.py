"""What code behind a view can do in dbmcp's session: what docs/security.md says of it, no more and no less."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import asyncpg
import pytest

from dbmcp.database import Database, DatabaseSettings
from dbmcp.errors import QueryFailed
from dbmcp.guard import approve
from dbmcp.limits import Limits
from dbmcp.results import Bounds
from tests import engines

TABLES = "CREATE TABLE item (id int); INSERT INTO item VALUES (1); CREATE SEQUENCE counter"
# From this version on a read-only transaction makes and writes no large objects.
LARGE_OBJECTS_REFUSED = 16


def view_over(body: str) -> str:
    """Return the statements that make a view which runs the body of a function when it is read."""
    return (
        f"{TABLES}; CREATE FUNCTION act() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN {body}; RETURN 1; END $f$; "
        "CREATE VIEW acting AS SELECT act() AS acted"
    )


@asynccontextmanager
async def opened(made: engines.PostgresqlDatabase) -> AsyncIterator[Database]:
    settings = {"url": made.url, "allow_writable_role": True, "pool": {"size": 1, "overflow": 0}}
    database = Database("test", DatabaseSettings.model_validate(settings), Limits())
    try:
        yield database
    finally:
        await database.close()


async def read(database: Database, sql: str = "SELECT acted FROM acting") -> list[list[str | None]]:
    result = await database.fetch(approve(sql), Bounds(10, 10_000, 10))
    return [list(row) for row in result.rows]


@pytest.mark.parametrize(
    "body",
    [
        "INSERT INTO item VALUES (2)",
        "DELETE FROM item",
        "PERFORM nextval('counter')",
        "PERFORM setval('counter', 9)",
        "CREATE TABLE other (id int)",
        "CREATE TEMP TABLE other (id int)",
        "PERFORM 1 FROM item FOR UPDATE",
        "SET TRANSACTION READ WRITE",
        "PERFORM set_config('transaction_read_only', 'off', false)",
        "COMMIT",
    ],
)
async def test_what_is_behind_a_view_writes_nothing(postgresql_database: engines.PostgresqlDatabase, body: str) -> None:
    postgresql_database.run(view_over(body))
    async with opened(postgresql_database) as database:
        with pytest.raises(QueryFailed):
            await read(database)
    assert postgresql_database.rows("SELECT id FROM item") == [(1,)]
    assert postgresql_database.rows("SELECT is_called FROM counter") == [(False,)]


async def test_a_message_that_is_sent_behind_a_view_arrives(postgresql_database: engines.PostgresqlDatabase) -> None:
    """Each statement is a transaction that ends well; to roll it back would cost a round trip."""
    postgresql_database.run(view_over("PERFORM pg_notify('news', 'read')"))
    heard: asyncio.Queue[object] = asyncio.Queue()
    listener = await asyncpg.connect(postgresql_database.url)
    try:
        await listener.add_listener("news", lambda *told: heard.put_nowait(told[-1]))
        async with opened(postgresql_database) as database:
            assert await read(database) == [["1"]]
            with anyio.fail_after(10):
                assert await heard.get() == "read"
    finally:
        await listener.close()


async def test_a_large_object_is_made_behind_a_view_of_older_versions(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(view_over("PERFORM lo_create(0)"))
    ((version,),) = postgresql_database.rows("SELECT current_setting('server_version_num')::int / 10000")
    async with opened(postgresql_database) as database:
        if int(str(version)) < LARGE_OBJECTS_REFUSED:
            assert await read(database) == [["1"]]
        else:
            with pytest.raises(QueryFailed, match="read-only"):
                await read(database)
    made = postgresql_database.rows("SELECT count(*) FROM pg_largeobject_metadata")
    assert made == [(int(int(str(version)) < LARGE_OBJECTS_REFUSED),)]


@pytest.mark.parametrize(
    "body, left",
    [
        (
            "PERFORM pg_advisory_lock(4711)",
            "SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
        ),
        ("LISTEN news", "SELECT count(*)::int FROM pg_listening_channels()"),
        (
            "PERFORM set_config('default_transaction_read_only', 'off', false)",
            "SELECT (current_setting('default_transaction_read_only') <> 'on')::int",
        ),
        (
            "PERFORM set_config('statement_timeout', '0', false)",
            "SELECT (current_setting('statement_timeout') = '0')::int",
        ),
        (
            "PERFORM set_config('search_path', 'pg_temp', false)",
            "SELECT (current_setting('search_path') = 'pg_temp')::int",
        ),
        ("EXECUTE 'SET SESSION ROLE pg_monitor'", "SELECT (current_user <> session_user)::int"),
    ],
)
async def test_what_is_left_of_the_session_behind_a_view_is_gone_for_the_next(
    postgresql_database: engines.PostgresqlDatabase, body: str, left: str
) -> None:
    postgresql_database.run(view_over(body))
    async with opened(postgresql_database) as database:
        assert await read(database) == [["1"]]
        async with database._connection() as connection:
            assert str(await connection.fetchval(left)) == "0"
