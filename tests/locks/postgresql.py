"""The attacks of the corpus on PostgreSQL: each with no lock, with each lock alone, and with all of dbmcp's."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import asyncpg

from dbmcp.dialects import dialect_named
from dbmcp.dialects.base import Read, Session
from dbmcp.errors import DbmcpError
from dbmcp.results import Bounds
from tests.corpus import Case, statements
from tests.locks import postgresql_state as state
from tests.locks.postgresql_cluster import READER, Cluster
from tests.locks.trials import ALL, NOT_RUN, OPEN, Attack, Result, changed

# The time limit of the sessions that have one; whoever holds a session longer than twice as long blocks it.
TIMEOUT_S = 1.0
BOUND_S = 2.0
# A statement that is still at it after so long is asked what it waits for.
_LOOK_S = 0.04
# Sessions that are never reset hold what their last user left, for the next to run and to lose.
_WHAT_OTHERS_LEFT = """
PREPARE planned AS DELETE FROM public.audit;
PREPARE reading AS SELECT * FROM public.customer;
DECLARE c CURSOR WITH HOLD FOR SELECT * FROM public.customer;
LISTEN heard;
SET app.secret = 'hunter2';
"""
_BOUNDS = Bounds(rows=500, bytes=40_000, seconds=TIMEOUT_S)
_FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, DbmcpError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Locks:
    """Which locks are closed. All of them together are dbmcp's own session."""

    name: str
    read_only: bool = False
    wrapped: bool = False
    reset: bool = False
    reader: bool = False

    @property
    def are_dbmcps(self) -> bool:
        """Say whether every lock is closed."""
        return self.read_only and self.wrapped and self.reset and self.reader


NO_LOCKS = Locks(OPEN)
ALL_LOCKS = Locks(ALL, read_only=True, wrapped=True, reset=True, reader=True)
SINGLE_LOCKS = (
    Locks("a read-only session", read_only=True),
    Locks("one statement, within a query", wrapped=True),
    Locks("time limits and the reset", reset=True),
    Locks("a role that only reads", reader=True),
)


class Range:
    """The cluster with a session for each set of locks; gives attacks a try and sees what they did."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._dialect = dialect_named("postgresql")
        self._sessions: dict[Locks, tuple[asyncpg.Connection, state.State]] = {}
        self._custom = _custom_settings()

    async def attack(self, attack: Attack, *, alone: bool = True) -> Result:
        """Try an attack with no lock and with all, and with each lock alone where it works with none."""
        result = Result(attack.case.place, attack.case.klass, attack.is_by_statement)
        await self._try(attack, NO_LOCKS, result)
        await self._try(attack, ALL_LOCKS, result)
        if alone and (result.works or attack.may_escape):
            for locks in SINGLE_LOCKS:
                await self._try(attack, locks, result)
        return result

    async def _try(self, attack: Attack, locks: Locks, result: Result) -> None:
        connection, before = await self._session(locks)
        process = connection.get_server_pid()
        ran, effects = await self._send(connection, attack.text, locks)
        if locks.reset and not connection.is_closed():
            try:
                await self._dialect.reset(connection)
            except _FAULTS:
                connection.terminate()  # As the pool does.
        effects += await self._left_in_session(connection, before)
        lasting = await self._cluster.differences()
        # A session that is gone may hold its locks for another moment.
        if not connection.is_closed() and (held := await state.locks_of(self._cluster.admin, process)):
            effects.append(f"locks: {held}")
        result.effects[locks.name] = effects + lasting
        result.ran[locks.name] = ran
        if effects or connection.is_closed():
            self._forget(locks)
        if lasting:
            for each in list(self._sessions):
                self._forget(each)
            await self._cluster.restore(lasting)

    async def _session(self, locks: Locks) -> tuple[asyncpg.Connection, state.State]:
        if locks not in self._sessions:
            connection = await self._connect(locks)
            if not locks.reset:
                await connection.execute(_WHAT_OTHERS_LEFT)
            self._sessions[locks] = connection, await state.session(connection, self._custom)
        return self._sessions[locks]

    async def _connect(self, locks: Locks) -> asyncpg.Connection:
        if locks.are_dbmcps:
            return await self._dialect.connect(Session(self._cluster.url(READER), TIMEOUT_S, TIMEOUT_S / 2))
        settings = {"application_name": "attack", "default_transaction_read_only": "on" if locks.read_only else "off"}
        if locks.reset:
            limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            settings |= dict.fromkeys(limits, str(int(TIMEOUT_S * 1000)))
        return await self._cluster.connect(user=READER if locks.reader else "postgres", server_settings=settings)

    def _forget(self, locks: Locks) -> None:
        connection, _ = self._sessions.pop(locks)
        connection.terminate()

    async def _send(self, connection: asyncpg.Connection, text: str, locks: Locks) -> tuple[bool, list[str]]:
        """Run the text; return whether it ran to its end, and whether it slept or blocked."""
        effects: list[str] = []
        task = asyncio.create_task(self._run(connection, text, locks))
        began = time.monotonic()
        for patience_s in (_LOOK_S, BOUND_S - _LOOK_S):
            await asyncio.wait({task}, timeout=patience_s)
            if task.done():
                break
            waits = await self._cluster.admin.fetchval(
                "SELECT wait_event FROM pg_stat_activity WHERE pid = $1 AND state = 'active'",
                connection.get_server_pid(),
            )
            if waits == "PgSleep":
                effects = ["sleeps"]
            elif time.monotonic() - began > BOUND_S * 0.9 and waits != "ClientRead":
                effects.append("blocks")
        if not task.done():
            task.cancel()
        try:
            await task
        except (*_FAULTS, asyncio.CancelledError):
            if time.monotonic() - began >= BOUND_S:
                connection.terminate()
            return False, effects
        return True, effects

    async def _run(self, connection: asyncpg.Connection, text: str, locks: Locks) -> None:
        if locks.are_dbmcps:
            await self._dialect.fetch(connection, Read(text), _BOUNDS, {})
        elif locks.wrapped:
            # As dbmcp does: it is prepared as it is, and runs within a query that takes 501 rows of it.
            await connection.prepare(text, name="")
            await connection.fetch(f"SELECT * FROM (\n{text}\n) AS _q LIMIT 501")
        else:
            await connection.execute(text)

    async def _left_in_session(self, connection: asyncpg.Connection, before: state.State) -> list[str]:
        """Return what the next one to use the session would find changed."""
        if connection.is_closed():
            return []
        if connection.is_in_transaction():
            return ["a transaction is left open"]
        try:
            return changed(before, await state.session(connection, self._custom))
        except _FAULTS:
            connection.terminate()
            return []

    async def close(self) -> None:
        """End every session."""
        for locks in list(self._sessions):
            self._forget(locks)


def _custom_settings() -> list[str]:
    """Return the names of settings that the attacks make up: the engine does not list such."""
    texts = " ".join(case.text for case in statements("postgresql", "refuse"))
    return sorted(set(re.findall(r"\bapp\.\w+", texts)))


def attacks(cluster: Cluster, cases: Sequence[Case]) -> list[Attack]:
    """Return the cases that can be run, with files of the scratch folder for those of the machine."""
    folder = str(cluster.scratch)
    files = {
        "/etc/hostname": f"{folder}/secret.txt",
        "/etc/passwd": f"{folder}/secret.txt",
        "/etc": folder,
        "/tmp": folder,
    }
    named = re.compile("|".join(files))
    return [
        Attack(case, named.sub(lambda found: files[found[0]], case.text)) for case in cases if case.klass not in NOT_RUN
    ]


async def score(
    cluster: Cluster, cases: Sequence[Case], tell: Callable[[str], None], *, alone: bool = True
) -> list[Result]:
    """Try every attack; `tell` is told now and then how far it is."""
    range_ = Range(cluster)
    results = []
    todo = attacks(cluster, cases)
    try:
        for number, attack in enumerate(todo, start=1):
            results.append(await range_.attack(attack, alone=alone))
            if number % 50 == 0 or number == len(todo):
                tell(f"{number} of {len(todo)} attacks; {cluster.damage}")
    finally:
        with suppress(*_FAULTS):
            await range_.close()
    return results
