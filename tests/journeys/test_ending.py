"""Cancelled means cancelled: a timeout, a client's cancel, a lost client or a signal ends the statement itself."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest

from tests import engines
from tests.journeys import wire
from tests.journeys.wire import first_text, served

POSTGRESQL_LONG = "SELECT count(*) AS {mark} FROM generate_series(1, 100000) a, generate_series(1, 100000) b"
SQLITE_LONG = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

Running = Callable[[str], Awaitable[bool]]
Until = Callable[..., Awaitable[None]]


@pytest.fixture
def mark(request: pytest.FixtureRequest) -> str:
    """Return a name that finds this test's statement among those that run."""
    return f"mark_{abs(hash(request.node.nodeid))}"


async def begin(server: wire.Wire, running: Running, until: Until, mark: str) -> int:
    """Start a statement that would run for hours; return its request's id when it runs on PostgreSQL."""
    arguments = {"name": "query", "arguments": {"sql": POSTGRESQL_LONG.format(mark=mark)}}
    request_id = await server.start("tools/call", arguments)
    await until(lambda: running(mark))
    return request_id


def gone(running: Running, mark: str) -> Callable[[], Awaitable[bool]]:
    async def is_gone() -> bool:
        return not await running(mark)

    return is_gone


async def test_a_client_that_closes_its_end_ends_the_statement(
    postgresql_shop: engines.PostgresqlDatabase, running: Running, until: Until, mark: str, era: str
) -> None:
    async with served(postgresql_shop.reader_url, era=era) as server:
        await begin(server, running, until, mark)
        assert await server.leave() == 0
        await until(gone(running, mark))
        assert "Traceback" not in server.errors


async def test_a_server_that_is_killed_leaves_no_statement(
    postgresql_shop: engines.PostgresqlDatabase, running: Running, until: Until, mark: str
) -> None:
    """Nothing of ours runs any more: PostgreSQL's own limit on the statement's time ends it."""
    async with served(postgresql_shop.reader_url, env={"DBMCP_LIMITS__SECONDS": "2"}) as server:
        await begin(server, running, until, mark)
        server.process.kill()
        await server.process.wait()
        await until(gone(running, mark))


async def test_a_cancelled_request_ends_the_statement_and_the_session_goes_on(
    postgresql_shop: engines.PostgresqlDatabase, running: Running, until: Until, mark: str, era: str
) -> None:
    async with served(postgresql_shop.reader_url, era=era) as server:
        request_id = await begin(server, running, until, mark)
        await server.notify("notifications/cancelled", {"requestId": request_id, "reason": "enough"})
        await until(gone(running, mark))
        assert await server.text("SELECT 1 AS one") == "one\n1\n"
        assert await server.leave() == 0
        assert "Traceback" not in server.errors


async def test_many_cancelled_requests_use_up_no_connection(
    postgresql_shop: engines.PostgresqlDatabase, running: Running, until: Until, mark: str
) -> None:
    async with served(postgresql_shop.reader_url) as server:
        for number in range(12):
            request_id = await begin(server, running, until, f"{mark}_{number}_")
            await server.notify("notifications/cancelled", {"requestId": request_id})
            await until(gone(running, f"{mark}_{number}_"))
        assert await server.text("SELECT 1 AS one") == "one\n1\n"


async def test_a_statement_beyond_the_time_limit_is_cancelled(
    postgresql_shop: engines.PostgresqlDatabase, running: Running, until: Until, mark: str, era: str
) -> None:
    async with served(postgresql_shop.reader_url, era=era, env={"DBMCP_LIMITS__SECONDS": "1"}) as server:
        result = await server.call("query", sql=POSTGRESQL_LONG.format(mark=mark))
        assert result["isError"] is True
        assert first_text(result).startswith("query_timeout: The statement was cancelled: it ran longer than allowed.")
        await until(gone(running, mark))
        assert await server.text("SELECT 1 AS one") == "one\n1\n"


async def test_sqlite_is_stopped_at_the_time_limit_too(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop), env={"DBMCP_LIMITS__SECONDS": "0.5"}) as server:
        assert (await server.text(SQLITE_LONG)).startswith("query_timeout: ")
        assert await server.text("SELECT 1 AS one") == "one\n1\n"


async def test_sqlite_stops_when_the_request_is_cancelled(sqlite_shop: Path, era: str) -> None:
    """With a pool of one, an answer proves that the long statement has let go of the connection."""
    env = {"DBMCP_DATABASES__SHOP__URL": str(sqlite_shop), "DBMCP_DATABASES__SHOP__POOL__SIZE": "1"}
    env |= {"DBMCP_DATABASES__SHOP__POOL__OVERFLOW": "0"}
    async with served(era=era, env=env) as server:
        assert await server.text("SELECT 1 AS one") == "one\n1\n"
        for _ in range(5):
            request_id = await server.start("tools/call", {"name": "query", "arguments": {"sql": SQLITE_LONG}})
            await server.notify("notifications/cancelled", {"requestId": request_id})
            assert await server.text("SELECT 1 AS one") == "one\n1\n"
        assert await server.leave() == 0


async def test_sqlite_lets_a_client_go_while_a_statement_runs(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop)) as server:
        assert await server.text("SELECT 1 AS one") == "one\n1\n"
        await server.start("tools/call", {"name": "query", "arguments": {"sql": SQLITE_LONG}})
        assert await server.leave() == 0
        assert "Traceback" not in server.errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_an_idle_server(shop_url: str, number: signal.Signals) -> None:
    async with served(shop_url, era=wire.LEGACY if number == signal.SIGINT else wire.MODERN) as server:
        assert await server.text("SELECT 1 AS one") == "one\n1\n"
        server.process.send_signal(number)
        assert await server.exit_code() == 0
        assert server.errors == ""


async def test_a_signal_before_the_first_statement_ends_the_server(shop_url: str) -> None:
    async with served(shop_url) as server:
        server.process.send_signal(signal.SIGTERM)
        assert await server.exit_code() == 0
        assert "Traceback" not in server.errors


async def test_a_signal_ends_a_server_and_the_statement_that_runs(
    postgresql_shop: engines.PostgresqlDatabase, running: Running, until: Until, mark: str
) -> None:
    async with served(postgresql_shop.reader_url) as server:
        await begin(server, running, until, mark)
        server.process.send_signal(signal.SIGTERM)
        assert await server.exit_code() == 0
        await until(gone(running, mark))
        assert "Traceback" not in server.errors


async def test_a_signal_ends_a_server_while_sqlite_runs(sqlite_shop: Path) -> None:
    async with served(str(sqlite_shop)) as server:
        assert await server.text("SELECT 1 AS one") == "one\n1\n"
        await server.start("tools/call", {"name": "query", "arguments": {"sql": SQLITE_LONG}})
        server.process.send_signal(signal.SIGTERM)
        assert await server.exit_code() == 0
        assert "Traceback" not in server.errors


async def test_the_end_of_stdin_ends_an_idle_server(shop_url: str) -> None:
    async with served(shop_url) as server:
        assert await server.leave() == 0
        assert "Traceback" not in server.errors


def close_stdout(server: wire.Wire) -> None:
    """Close the client's end of the server's stdout, as its death would; its end of stdin stays open."""
    server.process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]


async def test_a_client_that_reads_no_more_ends_the_server(shop_url: str) -> None:
    """Its end of stdin may live on in a process that it has started."""
    async with served(shop_url) as server:
        assert await server.text("SELECT 1 AS one") == "one\n1\n"
        close_stdout(server)
        with anyio.fail_after(wire.EXIT_S):
            assert await server.process.wait() == 0
        assert "Traceback" not in server.errors


async def test_a_client_that_reads_no_more_ends_the_statement(
    postgresql_shop: engines.PostgresqlDatabase, running: Running, until: Until, mark: str
) -> None:
    async with served(postgresql_shop.reader_url) as server:
        await begin(server, running, until, mark)
        close_stdout(server)
        with anyio.fail_after(wire.EXIT_S):
            assert await server.process.wait() == 0
        await until(gone(running, mark))
        assert "Traceback" not in server.errors
