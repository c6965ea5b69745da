"""The engines that other tests stand on: what they promise, on each server there is."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests import engines


def databases(server: engines.PostgresqlServer) -> set[object]:
    with engines.fresh_postgresql_database(server) as database:
        return {name for (name,) in database.rows("SELECT datname FROM pg_database")} - {database.name}


def roles(server: engines.PostgresqlServer) -> set[object]:
    with engines.fresh_postgresql_database(server) as database:
        return {name for (name,) in database.rows("SELECT rolname FROM pg_roles")} - {database.reader}


def test_each_postgresql_server_is_a_real_one(postgresql_database: engines.PostgresqlDatabase) -> None:
    ((version,),) = postgresql_database.rows("SELECT version()")
    assert str(version).startswith("PostgreSQL ")


def test_a_database_and_its_reader_are_gone_after_use(postgresql_server: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_server) as database:
        database.run("CREATE TABLE item (id int); CREATE SCHEMA other; CREATE TABLE other.item (id int)")
        database.grant_reader()
        database.grant_reader("other")
    assert database.name not in databases(postgresql_server)
    assert database.reader not in roles(postgresql_server)


def test_a_database_is_dropped_while_someone_is_still_connected(
    postgresql_server: engines.PostgresqlServer,
) -> None:
    async def stay_connected() -> str:
        with engines.fresh_postgresql_database(postgresql_server) as database:
            connection = await asyncpg.connect(database.url)
        connection.terminate()
        return database.name

    assert asyncio.run(stay_connected()) not in databases(postgresql_server)


async def test_the_reader_reads_what_it_was_granted_and_writes_nothing(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE TABLE item (id int); INSERT INTO item VALUES (1), (2); CREATE TABLE secret (id int)"
    )
    postgresql_database.run(f'GRANT SELECT ON item TO "{postgresql_database.reader}"')
    reader = await asyncpg.connect(postgresql_database.reader_url)
    try:
        assert await reader.fetchval("SELECT count(*) FROM item") == 2
        for refused in ("SELECT * FROM secret", "DELETE FROM item", "CREATE TABLE other (id int)"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await reader.execute(refused)
    finally:
        await reader.close()


def test_granting_a_schema_covers_its_tables_and_views(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run("CREATE TABLE item (id int); CREATE VIEW seen AS SELECT id FROM item")
    postgresql_database.grant_reader()
    granted = "SELECT has_table_privilege($1, 'seen', 'select'), has_table_privilege($1, 'item', 'insert')"
    assert postgresql_database.rows(granted, postgresql_database.reader) == [(True, False)]


async def test_statements_can_be_run_from_inside_an_async_test(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run("CREATE TABLE item (id int); INSERT INTO item VALUES (7)")
    assert postgresql_database.rows("SELECT id FROM item") == [(7,)]


def test_a_sqlite_file_holds_what_its_sql_says(sqlite_file: Callable[[str], Path]) -> None:
    path = sqlite_file("CREATE TABLE item (id int); INSERT INTO item VALUES (1), (2);")
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM item").fetchone() == (2,)
    connection.close()


def test_mariadb_answers(mariadb_url: str) -> None:
    assert mariadb_url.startswith(("mysql", "mariadb"))


def test_redis_answers(redis_url: str) -> None:
    assert redis_url.startswith("redis")


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.invalid", 80)])
def test_an_address_outside_this_machine_is_refused(address: tuple[str, int]) -> None:
    with socket.socket() as client, pytest.raises(pytest.fail.Exception, match="stay on the loopback"):
        client.connect(address)


def test_the_loopback_is_reachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_an_absent_engine_is_skipped_aloud_on_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "IN_CI", False)
    with pytest.raises(pytest.skip.Exception, match="Redis is absent: start it"):
        engines.absent("Redis", "start it")


def test_an_absent_engine_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "IN_CI", True)
    with pytest.raises(pytest.fail.Exception, match="Redis is absent: start it"):
        engines.absent("Redis", "start it")
