"""Reading the catalog: few statements, one of them for a table; and what happens while someone changes the schema."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest

from dbmcp.config import Settings
from dbmcp.database import Database
from dbmcp.errors import QueryTimeout
from dbmcp.runtime import Runtime
from dbmcp.use_cases import describe_tables, search_schema
from tests import engines
from tests.catalog.snapshots import feature_sql, snapshot


@asynccontextmanager
async def serving(url: str, **flags: object) -> AsyncIterator[tuple[Runtime, Database, list[str]]]:
    """Serve a database over one connection, and note the statements on it, but for the reset after each loan."""
    database = {"url": url, "pool": {"size": 1, "overflow": 0}, "allow_writable_role": True, **flags}
    settings = Settings.model_validate({"databases": {"main": database}, "limits": {"wait_seconds": 0.2}})
    runtime = Runtime(settings)
    opened = runtime.database(None)
    statements: list[str] = []
    try:
        async with opened._connection() as connection:
            connection.add_query_logger(lambda record: statements.append(record.query))
        yield runtime, opened, statements
    finally:
        await runtime.close()


def asked(statements: list[str]) -> list[str]:
    """Return the statements since the last time, without resets."""
    found = [text for text in statements if not text.startswith("RESET")]
    statements.clear()
    return found


@pytest.fixture(scope="module")
def feature(postgresql_from_wheel: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        for sql in feature_sql(database):
            database.run(sql)
        yield database


async def test_a_whole_snapshot_takes_no_more_statements_however_much_there_is(
    feature: engines.PostgresqlDatabase,
) -> None:
    async with serving(feature.url, catalog_seconds=1_000) as (runtime, _, statements):
        await search_schema(runtime, "person")
        assert len(asked(statements)) == 7
        await search_schema(runtime, "person")
        assert asked(statements) == []


async def test_a_table_is_described_by_one_statement_before_there_is_a_snapshot_and_by_none_after(
    feature: engines.PostgresqlDatabase,
) -> None:
    async with serving(feature.url, catalog_seconds=1_000) as (runtime, _, statements):
        cold = await describe_tables(runtime, ["sales.people"])
        assert len(asked(statements)) == 1
        await search_schema(runtime, "")
        asked(statements)
        assert await describe_tables(runtime, ["sales.people"]) == cold
        assert asked(statements) == []


async def test_a_table_read_alone_is_as_in_the_snapshot_of_everything(feature: engines.PostgresqlDatabase) -> None:
    whole = snapshot(feature.url)
    unlike = []
    async with serving(feature.url) as (_, database, _):
        for item in whole.listed:
            name = f'"{item.schema}"."{item.name.replace(chr(34), chr(34) * 2)}"'
            if '"' in item.schema:
                continue
            alone = await database.catalog_of([name])
            found = [replace(other, rows=None) for other in alone.find(name)]
            pointing = {(source.key, key) for source, key in alone.inbound.get(item.key, ())}
            expected = {(source.key, key) for source, key in whole.inbound.get(item.key, ())}
            if found != [item] or pointing != expected:
                unlike.append((item, found, expected ^ pointing))
    assert unlike == []


async def test_a_divided_table_is_described_with_its_partitions_before_there_is_a_snapshot(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE TABLE shop (id int PRIMARY KEY); CREATE TABLE bill (id int, shop int) PARTITION BY LIST (id);"
        "CREATE TABLE bill_1 PARTITION OF bill FOR VALUES IN (1); CREATE TABLE bill_2 PARTITION OF bill DEFAULT;"
        "ALTER TABLE bill_1 ADD FOREIGN KEY (shop) REFERENCES shop;"
        "ALTER TABLE bill_2 ADD FOREIGN KEY (shop) REFERENCES shop;"
        "CREATE TABLE empty (id int) PARTITION BY HASH (id)"
    )
    async with serving(postgresql_database.url) as (runtime, _, _):
        cold = await describe_tables(runtime, ["bill"])
        assert "PARTITION BY LIST (id) -- 2 partitions" in cold.text
        assert "shop int REFERENCES shop" in cold.text
        await search_schema(runtime, "")
        assert await describe_tables(runtime, ["bill"]) == cold
        assert (await describe_tables(runtime, ["empty"])).text.endswith("PARTITION BY HASH (id)")


async def test_the_snapshot_is_the_same_on_every_search_path(feature: engines.PostgresqlDatabase) -> None:
    async with (
        serving(feature.url, search_path="sales, public") as (_, one, _),
        serving(feature.url, search_path="pg_temp") as (_, other, _),
    ):
        first, second = await one.catalog(), await other.catalog()
        assert first.relations == second.relations
        assert first.bare["person"] == ("sales", "person")
        assert (await one.catalog_of(["sales.people"])).find("sales.people") == second.find("sales.people")


async def test_functions_are_learnt_on_a_connection_of_the_pool(feature: engines.PostgresqlDatabase) -> None:
    async with serving(feature.url) as (_, database, _):
        await database.learn_functions()
        assert database.extras.knows_functions
        assert "label" in database.extras.row_attributes


async def test_an_unknown_table_is_looked_for_in_the_whole_snapshot(feature: engines.PostgresqlDatabase) -> None:
    async with serving(feature.url) as (runtime, _, _):
        assert "scratch" in (await describe_tables(runtime, ["SCRATCH"])).text


async def test_the_snapshot_is_whole_while_tables_come_and_go(postgresql_database: engines.PostgresqlDatabase) -> None:
    """What is dropped between the list and its definition must neither fail the reading nor be half there."""
    postgresql_database.run("CREATE TABLE stays (id integer PRIMARY KEY DEFAULT 1 CHECK (id > 0))")
    changing = asyncio.Event()
    writer = await asyncpg.connect(postgresql_database.url)

    async def change() -> None:
        number = 0
        while not changing.is_set():
            number += 1
            await writer.execute(
                f"CREATE TABLE t{number} (id serial PRIMARY KEY, a integer DEFAULT 1 CHECK (a > 0), b text);"
                f"CREATE INDEX ON t{number} (lower(b)) WHERE a > 1; CREATE VIEW v{number} AS SELECT a FROM t{number}"
            )
            await writer.execute(f"DROP TABLE t{number} CASCADE; SELECT pg_sleep(0.005)")

    async with serving(postgresql_database.url, catalog_seconds=0) as (_, database, _):
        storm = asyncio.create_task(change())
        try:
            for _ in range(40):
                catalog = await database.catalog()
                assert catalog.find("stays")[0].primary_key == ("id",)
                for item in catalog.relations:
                    assert len(item.columns) == {"s": 1, "t": 3, "v": 1}[item.name[0]], item
        finally:
            changing.set()
            await storm
            await writer.close()
        catalog = await database.catalog()
        assert [item.name for item in catalog.relations] == ["stays"]


async def test_a_table_that_is_being_altered_is_waited_for_and_then_what_was_known_is_served(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run("CREATE TABLE item (id integer); CREATE VIEW seen AS SELECT id FROM item")
    writer = await asyncpg.connect(postgresql_database.url)
    try:
        async with serving(postgresql_database.url, catalog_seconds=0) as (_, database, _):
            known = await database.catalog()
            await writer.execute("BEGIN; ALTER TABLE item ADD COLUMN more text")
            assert await database.catalog() is known
            postgresql_database.run("CREATE TABLE other (id integer)")
            assert await database.catalog() is known
            await writer.execute("COMMIT")
            assert {item.name for item in (await database.catalog()).relations} == {"item", "other", "seen"}
        await writer.execute("BEGIN; ALTER TABLE item ADD COLUMN again text")
        async with serving(postgresql_database.url) as (_, database, _):
            with pytest.raises(QueryTimeout, match="lock another session holds"):
                await database.catalog()
    finally:
        await writer.close()


async def test_rights_that_are_lost_are_lost_to_the_snapshot(postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run(
        "CREATE TABLE item (id integer, secret text); CREATE TABLE parent (id integer PRIMARY KEY);"
        "CREATE TABLE child (id integer REFERENCES parent)"
    )
    postgresql_database.grant_reader()
    reader = f'"{postgresql_database.reader}"'
    async with serving(postgresql_database.reader_url, catalog_seconds=0) as (runtime, database, _):
        assert [item.name for item in (await database.catalog()).listed] == ["child", "item", "parent"]
        postgresql_database.run(f"REVOKE SELECT ON item, parent FROM {reader}; GRANT SELECT (id) ON item TO {reader}")
        catalog = await database.catalog()
        assert [item.name for item in catalog.listed] == ["child", "item"]
        assert "secret" not in (await describe_tables(runtime, ["item"])).text
        assert "may not read" in (await describe_tables(runtime, ["parent"])).text
        assert "parent" not in (await search_schema(runtime, "")).text
        postgresql_database.run(f"REVOKE USAGE ON SCHEMA public FROM {reader}, PUBLIC")
        assert (await database.catalog()).listed == ()
