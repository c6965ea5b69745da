"""Which PostgreSQL is measured with, and that nothing of the run stays in it."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from benchmarks.failures import BenchmarkError
from benchmarks.measures.memory import LARGE_SQL
from benchmarks.postgres import KEYED_ROWS, MIXED_ROWS, Address, own_database, parse_address
from tests import engines


@pytest.mark.parametrize(
    "url, expected",
    [
        ("postgresql://ann:p%40ss@127.0.0.1:5433/d", Address("ann", "p@ss", "127.0.0.1", 5433, "d")),
        ("postgres://localhost", Address("postgres", None, "localhost", 5432, "postgres")),
        ("postgresql+asyncpg://ann@[::1]:5433/d", Address("ann", None, "::1", 5433, "d")),
        ("postgresql://ann:@/d?host=/tmp/Sockets", Address("ann", None, "/tmp/Sockets", 5432, "d")),
        ("postgresql://ann@%2Ftmp%2FSockets:5433/d", Address("ann", None, "/tmp/Sockets", 5433, "d")),
    ],
)
def test_an_address_is_read_from_its_url_and_back(url: str, expected: Address) -> None:
    assert parse_address(url) == expected
    assert parse_address(expected.url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann@db.example.com/d",
        "postgresql://ann@10.0.0.1/d",
        "postgresql://ann@localhost.example.com/d",
        "postgresql://ann@127.0.0.1,10.0.0.1/d",
        "postgresql://ann@127.0.0.1/d?host=10.0.0.1",
        "postgresql:///d",
    ],
)
def test_a_host_off_this_machine_is_refused(url: str) -> None:
    with pytest.raises(BenchmarkError, match=r"its host must be 127\.0\.0\.1"):
        parse_address(url)


@pytest.mark.parametrize(
    "url, message",
    [
        ("mysql://ann@127.0.0.1/d", "begins with 'mysql'"),
        ("postgresql://ann@127.0.0.1:port/d", "host and port cannot be read"),
        ("postgresql://ann@127.0.0.1:1:2/d", "host and port cannot be read"),
        ("postgresql://ann@[127.0.0.1/d", "cannot be read"),
        ("postgresql://ann@127.0.0.1/d?hostaddr=10.0.0.1", "option 'hostaddr' is not known"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_with_the_reason(url: str, message: str) -> None:
    with pytest.raises(BenchmarkError, match=message):
        parse_address(url)


def test_an_address_behind_a_relay_is_the_same_but_for_the_way_there() -> None:
    socket = Address("ann", "secret", "/tmp/sockets", 5432, "d")
    assert socket.behind(4000) == Address("ann", "secret", "127.0.0.1", 4000, "d")


async def test_the_database_of_a_run_is_filled_and_dropped_even_after_a_failure(
    postgresql_server: engines.PostgresqlServer,
) -> None:
    address = parse_address(postgresql_server.url)
    names: list[str] = []

    async def use_and_fail() -> None:
        async with own_database(address) as own:
            names.append(own.database)
            connection = await own.connect()
            assert await connection.fetchval("SELECT count(*) FROM keyed") == KEYED_ROWS
            assert await connection.fetchval("SELECT count(*) FROM mixed") == MIXED_ROWS
            assert len(await connection.fetch(f"{LARGE_SQL} LIMIT 3")) == 3
            raise BenchmarkError("with the connection still open")

    with pytest.raises(BenchmarkError, match="still open"):
        await use_and_fail()
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await replace(address, database=names[0]).connect()


async def test_a_postgresql_that_does_not_answer_is_reported() -> None:
    with pytest.raises(BenchmarkError, match="port 1: "):
        async with own_database(Address("ann", None, "127.0.0.1", 1, "d")):
            pass
