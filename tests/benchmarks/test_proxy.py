"""The far database: what it delays, and what it takes for a round trip."""

from __future__ import annotations

import asyncio
import contextlib
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from benchmarks.failures import BenchmarkError
from benchmarks.postgres import parse_address
from benchmarks.proxy import DelayProxy
from tests import engines

TIMEOUT_S = 30
AN_HOUR_S = 3_600


@asynccontextmanager
async def upstream(
    answer: Callable[[StreamReader, StreamWriter], Awaitable[None]], delay_s: float
) -> AsyncIterator[tuple[DelayProxy, StreamReader, StreamWriter]]:
    """Run a server behind a proxy; yield the proxy and a connection through it."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await answer(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with (
        asyncio.timeout(TIMEOUT_S),
        server,
        DelayProxy(lambda: asyncio.open_connection("127.0.0.1", port), delay_s) as proxy,
        through(proxy) as streams,
    ):
        yield proxy, *streams


@asynccontextmanager
async def through(proxy: DelayProxy) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def echo_each(reader: StreamReader, writer: StreamWriter) -> None:
    while chunk := await reader.read(100):
        writer.write(chunk)


async def echo_pairs(reader: StreamReader, writer: StreamWriter) -> None:
    while pair := await reader.readexactly(2):
        writer.write(pair)


async def in_transit(proxy: DelayProxy, chunks: int) -> None:
    """Let the loop turn until so many chunks are on the wire."""
    for _ in range(100_000):
        if proxy.in_transit >= chunks:
            return
        await asyncio.sleep(0)
    pytest.fail(f"{proxy.in_transit} chunks are on the wire, not {chunks}")


async def test_an_answer_takes_both_delays_at_least() -> None:
    async with upstream(echo_each, 0.03) as (_, reader, writer):
        began = time.perf_counter()
        writer.write(b"a")
        assert await reader.readexactly(1) == b"a"
        assert time.perf_counter() - began >= 2 * 0.03


async def test_chunks_travel_at_the_same_time_and_not_one_after_the_other() -> None:
    """The second is taken onto the wire while the first has an hour to go."""
    async with upstream(echo_each, AN_HOUR_S) as (proxy, _, writer):
        for number, chunk in enumerate((b"a", b"b", b"c"), start=1):
            writer.write(chunk)
            await in_transit(proxy, number)
    assert proxy.in_transit == 0


async def test_chunks_keep_their_order() -> None:
    async with upstream(echo_each, 0.005) as (_, reader, writer):
        text = b"".join(b"%05d" % number for number in range(2_000))
        for begin in range(0, len(text), 500):
            writer.write(text[begin : begin + 500])
            await asyncio.sleep(0)
        assert await reader.readexactly(len(text)) == text


async def test_the_end_of_the_stream_arrives_after_what_was_sent() -> None:
    async with upstream(echo_each, 0.005) as (_, reader, writer):
        writer.write(b"last words")
        writer.write_eof()
        assert await reader.read() == b"last words"


async def test_each_question_that_waits_for_its_answer_is_one_flight() -> None:
    async with upstream(echo_each, 0.002) as (proxy, reader, writer):
        began = time.perf_counter()
        for _ in range(3):
            writer.write(b"a")
            await reader.readexactly(1)
        assert proxy.flights_between(began, time.perf_counter()) == 3


async def test_what_is_sent_before_an_answer_arrives_is_one_flight() -> None:
    async with upstream(echo_pairs, 0.002) as (proxy, reader, writer):
        began = time.perf_counter()
        for _ in range(2):
            writer.write(b"a")
            await proxy.quiet(0.004)  # the first half has arrived, and there is no answer to it
            writer.write(b"b")
            assert await reader.readexactly(2) == b"ab"
        assert proxy.flights_between(began, time.perf_counter()) == 2


async def test_a_flight_belongs_to_the_time_in_which_it_began() -> None:
    async with upstream(echo_each, 0.002) as (proxy, reader, writer):
        writer.write(b"a")
        await reader.readexactly(1)
        began = await proxy.quiet(0.004)
        assert proxy.flights_between(began, time.perf_counter()) == 0
        writer.write(b"b")
        await reader.readexactly(1)
        assert proxy.flights_between(began, time.perf_counter()) == 1


async def test_connections_are_counted_apart() -> None:
    """A second connection that asks in between is a round trip of its own, and ends none of the first's."""
    async with upstream(echo_pairs, 0.002) as (proxy, reader, writer), through(proxy) as (_, other):
        writer.write(b"a")
        await proxy.quiet(0.004)
        other.write(b"x")
        await proxy.quiet(0.004)
        writer.write(b"b")
        await reader.readexactly(2)
        assert proxy.flights_between(0, time.perf_counter()) == 2


async def test_a_wire_that_never_rests_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.proxy.QUIET_TIMEOUT_S", 0.05)
    async with upstream(echo_each, 0.001) as (proxy, _, _):
        with pytest.raises(BenchmarkError, match="not quiet"):
            await proxy.quiet(60)


async def test_an_upstream_that_is_not_there_ends_the_connection() -> None:
    async def nowhere() -> tuple[StreamReader, StreamWriter]:
        raise ConnectionRefusedError

    async with DelayProxy(nowhere, 0) as proxy, through(proxy) as (reader, _), asyncio.timeout(TIMEOUT_S):
        assert await reader.read() == b""


async def test_asyncpg_takes_two_round_trips_for_a_new_statement_and_one_for_a_repeated_one(
    postgresql_server: engines.PostgresqlServer,
) -> None:
    """The extended protocol: Parse and Describe are answered before Bind and Execute are sent."""
    address = parse_address(postgresql_server.url)
    async with DelayProxy(address.open_stream, 0.002) as proxy, asyncio.timeout(TIMEOUT_S):
        connection = await address.behind(proxy.port).connect()
        counts = []
        for _ in range(3):
            began = await proxy.quiet(0.004)
            assert await connection.fetchval("SELECT 41 + 1") == 42
            counts.append(proxy.flights_between(began, time.perf_counter()))
        await connection.close()
    assert counts == [2, 1, 1]
