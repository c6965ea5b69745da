"""What every dialect promises, run over the registry: read-only by the engine itself, bounded, resettable."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest

from dbmcp.catalog.reader import build
from dbmcp.dialects import DIALECTS, SCHEMES, dialect_named, dialect_of
from dbmcp.dialects.base import Dialect, Read, Session
from dbmcp.errors import ConfigError, DatabaseError, QueryFailed, QueryTimeout
from dbmcp.results import Bounds
from tests import engines

SCHEMA = "CREATE TABLE item (id int PRIMARY KEY, name text); INSERT INTO item VALUES (1, 'a'), (2, NULL), (3, '');"
MANY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT i FROM n"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 - 1 FROM n) SELECT count(*) FROM n"
BOUNDS = Bounds(100, 100_000, 10)


@dataclass(frozen=True)
class Engine:
    """A dialect, a database of its own, and a way to change it from outside."""

    dialect: Dialect
    url: str
    run: Callable[[str], None]

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Any]:
        """Open a connection and close it at the end."""
        connection = await self.dialect.connect(Session(self.url))
        try:
            yield connection
        finally:
            await self.dialect.close(connection)

    async def rows(self, connection: Any, sql: str, bounds: Bounds = BOUNDS) -> list[list[str | None]]:
        """Run a statement and return its rows."""
        result = await self.dialect.fetch(connection, Read(sql), bounds, {})
        return [list(row) for row in result.rows]

    async def refusal(self, connection: Any, sql: str, bounds: Bounds = BOUNDS) -> DatabaseError:
        """Return the error that a statement must end in."""
        try:
            found = await self.rows(connection, sql, bounds)
        except Exception as error:  # noqa: BLE001 - whatever the driver raises
            translated = self.dialect.translate(error, sql)
            assert isinstance(translated, DatabaseError)
            return translated
        raise AssertionError(f"{sql} gave {found}")


def test_the_suite_runs_over_every_dialect() -> None:
    assert set(DIALECTS) == {"postgresql", "sqlite"}, "give the new dialect an engine below"


@pytest.fixture(params=[pytest.param("postgresql", marks=pytest.mark.postgresql), "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Make a database of three rows for each dialect."""
    if request.param == "sqlite":
        path = engines.build_sqlite_file(tmp_path / "test.sqlite", SCHEMA)
        yield Engine(dialect_named("sqlite"), str(path), lambda sql: _run_on_file(path, sql))
        return
    with engines.fresh_postgresql_database(request.getfixturevalue("postgresql_from_wheel")) as database:
        database.run(SCHEMA)
        yield Engine(dialect_named("postgresql"), database.url, database.run)


def _run_on_file(path: Path, sql: str) -> None:
    engines.build_sqlite_file(path, sql)


async def test_rows_are_texts_and_null_is_none(engine: Engine) -> None:
    async with engine.connected() as connection:
        assert await engine.rows(connection, "SELECT id, name FROM item ORDER BY id") == [
            ["1", "a"],
            ["2", None],
            ["3", ""],
        ]


WRITES = (
    "INSERT INTO item VALUES (4, 'x')",
    "UPDATE item SET name = 'x'",
    "DELETE FROM item",
    "CREATE TABLE other (a int)",
    "DROP TABLE item",
    "ALTER TABLE item ADD COLUMN b int",
    "CREATE TEMP TABLE other (a int)",
    "CREATE VIEW v AS SELECT 1",
    "CREATE INDEX i ON item (name)",
)


async def test_the_engine_itself_refuses_to_write(engine: Engine) -> None:
    """Through the dialect's own fetch, and on the bare connection: no guard stands before it."""
    async with engine.connected() as connection:
        for write in WRITES:
            await engine.refusal(connection, write)
            with pytest.raises(Exception, match=r"read-only|not authorized|readonly|prohibited") as caught:
                await connection.execute(write)
            assert isinstance(engine.dialect.translate(caught.value, write), QueryFailed)
        assert len(await engine.rows(connection, "SELECT id FROM item")) == 3


async def test_rows_beyond_the_limit_are_left_and_said(engine: Engine) -> None:
    async with engine.connected() as connection:
        for rows, more in ((99, False), (100, False), (101, True), (5_000, True)):
            result = await engine.dialect.fetch(connection, Read(MANY.format(rows=rows)), BOUNDS, {})
            assert (len(result.rows), result.more) == (min(rows, 100), more)


async def test_a_long_cell_is_cut_one_character_late(engine: Engine) -> None:
    bounds = Bounds(1, 1_000, 10)
    async with engine.connected() as connection:
        text = "é" * 3_000
        result = await engine.dialect.fetch(connection, Read(f"SELECT '{text}'"), bounds, {})
        assert result.cell_chars == 1_000
        assert result.rows[0][0] == text[:1_001]
        result = await engine.dialect.fetch(connection, Read(f"SELECT '{text[:1_000]}'"), bounds, {})
        assert result.rows[0][0] == text[:1_000]


async def test_the_same_statement_may_run_again_and_again(engine: Engine) -> None:
    memory: dict[Any, Any] = {}
    async with engine.connected() as connection:
        for _ in range(3):
            result = await engine.dialect.fetch(connection, Read("SELECT count(*) FROM item"), BOUNDS, memory)
            assert [list(row) for row in result.rows] == [["3"]]


async def test_a_missing_table_and_column_are_named(engine: Engine) -> None:
    async with engine.connected() as connection:
        table = await engine.refusal(connection, "SELECT 1 FROM itme")
        column = await engine.refusal(connection, "SELECT item.nmae FROM item")
    assert isinstance(table, QueryFailed)
    assert isinstance(column, QueryFailed)
    assert (table.missing, column.missing) == (("table", "itme"), ("column", "nmae"))


async def test_a_statement_that_runs_too_long_is_ended_and_the_connection_goes_on(engine: Engine) -> None:
    connection = await engine.dialect.connect(Session(engine.url, seconds=0.3))
    try:
        error = await engine.refusal(connection, ENDLESS, Bounds(10, 10_000, 0.3))
        assert isinstance(error, QueryTimeout)
        assert await engine.rows(connection, "SELECT 1") == [["1"]]
    finally:
        await engine.dialect.close(connection)


async def test_a_cancelled_statement_ends(engine: Engine) -> None:
    connection = await engine.dialect.connect(Session(engine.url))
    running = asyncio.create_task(engine.dialect.fetch(connection, Read(ENDLESS), BOUNDS, {}))
    for _ in range(3):
        await asyncio.sleep(0)
    running.cancel()
    with anyio.fail_after(5):
        await asyncio.wait([running])
        await engine.dialect.cancel(connection)
        try:
            await engine.dialect.reset(connection)
            assert await engine.rows(connection, "SELECT 1") == [["1"]]
        except ConnectionError:
            pass  # A connection that cannot be lent again says so.
        await engine.dialect.close(connection)


async def test_a_reset_connection_still_reads_and_still_does_not_write(engine: Engine) -> None:
    async with engine.connected() as connection:
        await connection.execute("BEGIN") if engine.dialect.name == "postgresql" else None
        await engine.dialect.reset(connection)
        await engine.dialect.ping(connection)
        assert await engine.rows(connection, "SELECT count(*) FROM item") == [["3"]]
        await engine.refusal(connection, "DELETE FROM item")


async def test_a_closed_connection_is_known_to_be_lost(engine: Engine) -> None:
    connection = await engine.dialect.connect(Session(engine.url))
    await engine.dialect.close(connection)
    for use in (engine.dialect.ping, lambda lost: engine.rows(lost, "SELECT 1")):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever the driver raises
            await use(connection)
        assert engine.dialect.is_lost(caught.value)
    await engine.dialect.close(connection)


async def test_the_fingerprint_follows_the_schema_and_not_the_data(engine: Engine) -> None:
    async with engine.connected() as connection:
        before = await engine.dialect.fingerprint(connection)
        engine.run("INSERT INTO item VALUES (9, 'x')")
        assert await engine.dialect.fingerprint(connection) == before
        engine.run("CREATE TABLE other (a int)")
        assert await engine.dialect.fingerprint(connection) != before


async def test_the_catalog_is_that_of_the_database(engine: Engine) -> None:
    async with engine.connected() as connection:
        catalog = build(await engine.dialect.read_catalog(connection), engine.dialect.default_schema)
    (item,) = catalog.relations
    assert (item.name, item.kind, item.primary_key) == ("item", "table", ("id",))
    assert [column.name for column in item.columns] == ["id", "name"]
    assert catalog.shown_name(item) == "item"


async def test_a_plan_is_shown(engine: Engine) -> None:
    async with engine.connected() as connection:
        estimate = await engine.dialect.explain(connection, Read("SELECT * FROM item"), BOUNDS, {})
    assert "item" in estimate.plan


def test_every_scheme_leads_to_a_dialect_that_answers_to_it() -> None:
    for scheme, name in SCHEMES.items():
        dialect = dialect_of(f"{scheme}://host/path")
        assert dialect.name == name
        assert scheme in dialect.schemes


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_a_dialect_states_its_facts(name: str) -> None:
    dialect = dialect_named(name)
    assert dialect.name == name
    assert {"count", "sum", "lower", "coalesce"} <= dialect.functions | dialect.words_before_parenthesis
    assert not dialect.functions & set(dialect.functions_held_back)
    assert all(word == word.lower() for word in dialect.functions)


def test_an_unknown_dialect_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="Did you mean sqlite"):
        dialect_named("sqllite")


@pytest.mark.parametrize(
    "url, name",
    [
        ("shop.db", "sqlite"),
        ("/a/b.sqlite", "sqlite"),
        ("C:\\data\\shop.db", "sqlite"),
        ("a:b.db", "sqlite"),
        ("sqlite:///a.db", "sqlite"),
        ("SQLITE:///a.db", "sqlite"),
        ("postgresql+asyncpg://h/d", "postgresql"),
        ("Postgres://h/d", "postgresql"),
        ("my folder/with: colon.db", "sqlite"),
    ],
)
def test_a_url_or_path_finds_its_dialect(url: str, name: str) -> None:
    assert dialect_of(url).name == name


def test_the_sqlite_module_has_the_switches_that_the_locks_need() -> None:
    assert hasattr(sqlite3.Connection, "setlimit")
