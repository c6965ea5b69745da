"""A far database: a loopback relay that delays both directions and counts round trips. Reads no protocol."""

import asyncio
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from benchmarks.failures import BenchmarkError

CHUNK_BYTES = 64 * 1024
CHUNKS_IN_TRANSIT = 1024
QUIET_TIMEOUT_S = 20

Connect = Callable[[], Awaitable[tuple[StreamReader, StreamWriter]]]
Wire = asyncio.Queue[tuple[float, bytes]]  # when due, and what


class _Conversation:
    """Whose turn it is on one connection, as its client sees it; notes where each flight begins."""

    def __init__(self, flights: list[float]) -> None:
        self._flights = flights
        self._client_was_answered = True

    def client_sent(self) -> None:
        if self._client_was_answered:
            self._client_was_answered = False
            self._flights.append(time.perf_counter())

    def client_was_sent_an_answer(self) -> None:
        self._client_was_answered = True


class DelayProxy:
    """Relays every connection to the upstream; each chunk arrives `delay_s` after it was sent.

    Chunks keep their order and travel at the same time, as on a long wire. A *flight* begins with the
    client's first chunk after it was sent something (or after it connected), and everything it sends until
    the next answer belongs to it: one flight is one round trip. Times are of `time.perf_counter()`.
    """

    def __init__(self, connect: Connect, delay_s: float) -> None:
        self.delay_s = delay_s
        self.in_transit = 0
        self._connect = connect
        self._flights: list[float] = []
        self._last_moved_at = time.perf_counter()
        self._server: asyncio.Server | None = None
        self._relays: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port on 127.0.0.1 to connect to."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for relay in self._relays:
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)
        await self._server.wait_closed()

    def flights_between(self, begin: float, end: float) -> int:
        """Count the flights that began at or after `begin` and before `end`."""
        return sum(begin <= at < end for at in self._flights)

    async def quiet(self, for_s: float) -> float:
        """Wait until nothing has moved for so long; return the time.

        Raises:
            BenchmarkError: the connections do not come to rest.
        """
        deadline = time.perf_counter() + QUIET_TIMEOUT_S
        while (now := time.perf_counter()) < deadline:
            rest_s = for_s - (now - self._last_moved_at)
            if not self.in_transit and rest_s <= 0:
                return now
            await asyncio.sleep(min(max(rest_s, self.delay_s), deadline - now))
        raise BenchmarkError(f"the database connections were not quiet for {for_s} s in {QUIET_TIMEOUT_S} s")

    async def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        relay = asyncio.current_task()
        assert relay is not None
        self._relays.add(relay)
        # On its way out a cancelled relay must not raise: asyncio would log it as an error of the server's.
        with suppress(asyncio.CancelledError, OSError):
            await self._relay(reader, writer)
        self._relays.discard(relay)

    async def _relay(self, client_reader: StreamReader, client_writer: StreamWriter) -> None:
        wires = (Wire(CHUNKS_IN_TRANSIT), Wire(CHUNKS_IN_TRANSIT))
        writers = [client_writer]
        try:
            upstream_reader, upstream_writer = await self._connect()
            writers.append(upstream_writer)
            conversation = _Conversation(self._flights)
            answered = conversation.client_was_sent_an_answer
            # Reading and delivering are tasks of their own, so that the delays of several chunks overlap.
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(client_reader, wires[0], conversation.client_sent))
                group.create_task(self._deliver(wires[0], upstream_writer, _nothing))
                group.create_task(self._read(upstream_reader, wires[1], _nothing))
                group.create_task(self._deliver(wires[1], client_writer, answered))
        except* OSError:
            pass  # one end hung up, so the other is closed below
        finally:
            self._moved(-sum(wire.qsize() for wire in wires))
            for writer in writers:
                writer.close()

    async def _read(self, reader: StreamReader, wire: Wire, on_departure: Callable[[], None]) -> None:
        """Put each chunk on the wire; the empty one at the end of the stream too."""
        chunk = b"-"
        while chunk:
            chunk = await reader.read(CHUNK_BYTES)
            if chunk:
                on_departure()
            await wire.put((time.perf_counter() + self.delay_s, chunk))
            self._moved(+1)

    async def _deliver(self, wire: Wire, writer: StreamWriter, on_arrival: Callable[[], None]) -> None:
        """Write each chunk when it is due; end the stream at the empty one."""
        chunk = b"-"
        while chunk:
            due, chunk = await wire.get()
            try:
                await asyncio.sleep(due - time.perf_counter())
                if chunk:
                    on_arrival()
                    writer.write(chunk)
                    await writer.drain()
                else:
                    writer.write_eof()
            finally:
                self._moved(-1)

    def _moved(self, chunks: int) -> None:
        self.in_transit += chunks
        self._last_moved_at = time.perf_counter()


def _nothing() -> None:
    """Note nothing: of the upstream's side only what reaches the client counts."""
