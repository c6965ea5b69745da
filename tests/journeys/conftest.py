"""One small shop on each engine, so that the same journeys run on both; and a second PostgreSQL to be broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client

from dbmcp import config
from dbmcp.config import Settings
from dbmcp.demo import seed
from dbmcp.runtime import Runtime
from dbmcp.server.app import create_server
from tests import engines
from tests.journeys import wire

SHOP = """
CREATE TABLE customer (customer_id integer PRIMARY KEY, name text NOT NULL, city text);
CREATE TABLE purchase (
    purchase_id integer PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customer (customer_id),
    bought_on text NOT NULL,
    cents integer NOT NULL,
    note text
);
INSERT INTO customer VALUES (1, 'Åsa "the" Ek', 'Malmö'), (2, 'Bo, jr', NULL), (3, '', 'Cork'), (4, '日本 😀', 'Ōsaka');
INSERT INTO purchase VALUES
    (1, 1, '2025-01-02', 1250, 'first
second'), (2, 1, '2025-01-03', 300, NULL), (3, 2, '2025-02-01', 999, ''), (4, 4, '2025-02-02', 1, 'a | b \\ c');
"""


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the demo database once."""
    return seed.ensure(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def sqlite_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shop in a SQLite file."""
    return engines.build_sqlite_file(tmp_path_factory.mktemp("shop") / "shop.sqlite", SHOP)


@pytest.fixture(scope="session")
def postgresql_shop(postgresql_from_wheel: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make the shop on PostgreSQL, with a role that may read it."""
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        database.run(SHOP)
        database.grant_reader()
        yield database


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def shop_url(request: pytest.FixtureRequest) -> str:
    """Return the shop's URL on each engine."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_shop"))
    database: engines.PostgresqlDatabase = request.getfixturevalue("postgresql_shop")
    return database.reader_url


@pytest.fixture(params=wire.ERAS)
def era(request: pytest.FixtureRequest) -> str:
    """Each of the two protocol eras, by its version."""
    version: str = request.param
    return version


Connect = Callable[..., Any]


@pytest.fixture
def connect(era: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Connect:
    """Return a function that connects a client of an era, in memory, to a server of these settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    @asynccontextmanager
    async def connected(url: str | Settings, **flags: Any) -> AsyncIterator[Client]:
        settings = config.load(flags, url=url) if isinstance(url, str) else url
        server = create_server(Runtime(settings))
        async with Client(server, mode="legacy" if era == wire.LEGACY else "auto") as client:
            yield client

    return connected


@pytest.fixture(scope="session")
def second_server(postgresql_from_wheel: engines.PostgresqlServer) -> Iterator[engines.PostgresqlServer]:
    """Start a PostgreSQL of this folder's own, to be broken; the first keeps the wheel's lock file in place."""
    with engines.postgresql_from_wheel() as server:
        yield server


async def eventually(found: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Wait until something holds on a server; only where the server's effect is the point of the test."""
    with anyio.fail_after(seconds):
        while not await found():  # noqa: ASYNC110 - a server tells nobody
            await asyncio.sleep(0.02)


@pytest.fixture
def until() -> Callable[..., Awaitable[None]]:
    """Return `eventually`."""
    return eventually


@pytest.fixture
def running(postgresql_shop: engines.PostgresqlDatabase) -> Callable[[str], Awaitable[bool]]:
    """Return a function that says whether a statement with this text runs on PostgreSQL now."""

    async def is_running(text: str) -> bool:
        sql = (
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND position($1 in query) > 0 "
            "AND pid <> pg_backend_pid()"
        )
        rows = await asyncio.to_thread(postgresql_shop.rows, sql, text)
        return rows[0][0] != 0

    return is_running
