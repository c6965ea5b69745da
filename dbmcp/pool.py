"""The pool of one database: SQLAlchemy owns the connections, and each is reset before it is lent again.

The reset runs after the reply has left. Pings are rare: one on each loan would cost every statement a round trip, so
only a connection that idled for long, or may have died with others, is tested.
"""

from __future__ import annotations

import asyncio
import logging
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from dbmcp.errors import ConfigError, DatabaseUnavailable, DbmcpError, PoolBusy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncEngine

    from dbmcp.dialects.base import Dialect, Session


_LOG = logging.getLogger("dbmcp.pool")
# What was said of roles: the check at start is made with other pools than those that serve.
_SAID: set[str] = set()


class PoolSettings(BaseModel):
    """The pool of one database."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(default=5, ge=1, le=1_000, description="Connections kept open.")
    overflow: int = Field(default=5, ge=0, le=1_000, description="Connections opened beyond `size` under load.")
    wait_seconds: float = Field(default=10.0, gt=0, description="Seconds to wait for a free connection.")
    recycle_seconds: int = Field(default=1_800, ge=1, description="Seconds after which a connection is replaced.")
    ping_after_seconds: float = Field(
        default=30.0, ge=0, description="A connection idle for longer is tested before it is lent (0: always)."
    )
    connect_seconds: float = Field(default=5.0, gt=0, description="Seconds to wait for a new connection.")


class RoleCheck:
    """The check of one database's role: at start, or else before the first connection is lent."""

    def __init__(self, dialect: Dialect, name: str, *, allow_writable: bool) -> None:
        self._dialect = dialect
        self._name = name
        self._allow_writable = allow_writable
        self._is_done = False

    async def check(self, connection: Any) -> None:
        """Refuse a role that may do more than read, unless the operator insists on it.

        Raises:
            ConfigError: saying what it may do, with the script that makes a fit one.
        """
        try:
            await self._dialect.check_role(connection, self._name)
        except ConfigError as refusal:
            if not self._allow_writable:
                raise
            _say(logging.WARNING, f"database {self._name} is served all the same: {refusal.message}")
        self._is_done = True

    async def check_first(self, connection: Any) -> None:
        """See to it that nothing is answered before the role was found to be fit: the start may not have looked.

        Raises:
            DatabaseUnavailable: it is not; the script is the operator's, and in the log.
        """
        if self._is_done:
            return
        try:
            await self.check(connection)
        except ConfigError as refusal:
            _say(logging.ERROR, f"database {self._name} is not served: {refusal}\n\n{refusal.script}")
            hint = "Nothing is answered until the operator gives dbmcp a role that only reads: its log says how."
            raise DatabaseUnavailable(refusal.message, hint=hint) from None


def _say(level: int, message: str) -> None:
    if message not in _SAID:
        _SAID.add(message)
        _LOG.log(level, "%s", message)


class Pool:
    """Connections of one dialect and session. A loan has the driver's connection as `driver_connection`."""

    def __init__(self, dialect: Dialect, session: Session, settings: PoolSettings, role: RoleCheck) -> None:
        self._dialect = dialect
        self._role = role
        self.session = session
        self._settings = settings
        self._engine: AsyncEngine | None = None
        self._in_greenlet: Callable[..., Awaitable[Any]]
        self._opening = asyncio.Lock()
        self._returning: set[asyncio.Task[None]] = set()
        # Connections that were returned before this moment may be dead: the server went away since.
        self._suspect_before = 0.0

    async def _open(self) -> AsyncEngine:
        """Return the engine, made at first use: SQLAlchemy is imported on a thread, not on the way to a reply."""
        if self._engine is not None:
            return self._engine
        async with self._opening:
            if self._engine is None:
                module = await asyncio.to_thread(import_module, "sqlalchemy.ext.asyncio")
                pool = self._settings
                # Where SQLAlchemy's pool expects its calls to be made from.
                self._in_greenlet = import_module("sqlalchemy.util").greenlet_spawn
                self._engine = module.create_async_engine(
                    self._dialect.sqlalchemy_url,
                    async_creator=self._connect,
                    poolclass=import_module("sqlalchemy.pool").AsyncAdaptedQueuePool,
                    pool_size=pool.size,
                    max_overflow=pool.overflow,
                    pool_timeout=pool.wait_seconds,
                    pool_recycle=pool.recycle_seconds,
                    # The connection used last has the warmest caches.
                    pool_use_lifo=True,
                    # Ours does more than a rollback, and does it after the reply: see _give_back.
                    pool_reset_on_return=None,
                )
            return self._engine

    async def _connect(self) -> Any:
        connection = await self._dialect.connect(self.session)
        try:
            await self._role.check_first(connection)
        except BaseException:
            await self._dialect.close(connection)
            raise
        return connection

    async def warm(self, connections: int = 2) -> None:
        """Open the first connections, so that no caller waits for them; failures are for the callers to meet."""
        count = min(connections, self._settings.size)

        async def open_one() -> None:
            self.return_later(await self.lend())

        await asyncio.gather(*(open_one() for _ in range(count)), return_exceptions=True)

    def suspect_all(self) -> None:
        """Have every connection that is idle now tested before it is lent: one was found dead."""
        self._suspect_before = time.monotonic()

    def return_later(self, lent: Any) -> None:
        """Reset the connection on a task of its own: the reply does not wait for it, nor a cancelled caller end it."""
        task = asyncio.create_task(self._give_back(lent))
        self._returning.add(task)
        task.add_done_callback(self._returning.discard)

    async def lend(self) -> Any:
        """Take a connection from the pool; one that idled for long, or may be dead, is tested first."""
        engine = await self._open()
        pool = self._settings
        for _ in range(pool.size + pool.overflow + 1):
            try:
                lent = await engine.raw_connection()
            except TimeoutError:
                raise DatabaseUnavailable("The database did not answer in time.", hint="Try again later.") from None
            except DbmcpError:
                raise
            except Exception as error:  # noqa: BLE001  (SQLAlchemy's own are not imported here)
                if type(error).__name__ == "TimeoutError":
                    raise PoolBusy(
                        f"All {pool.size + pool.overflow} connections were busy for {pool.wait_seconds:g} s.",
                        hint="The statement was not run: try again.",
                    ) from None
                raise self._dialect.translate(error) from None
            returned_at = lent.info.get("returned_at")
            now = time.monotonic()
            if returned_at is None or (
                now - returned_at < pool.ping_after_seconds and returned_at > self._suspect_before
            ):
                return lent
            try:
                await self._dialect.ping(lent.driver_connection)
            except Exception:  # noqa: BLE001  (dead, in whatever way)
                await self._throw_away(lent)
            else:
                return lent
        raise DatabaseUnavailable("No connection to the database could be kept.", hint="Try again later.")

    async def _give_back(self, lent: Any) -> None:
        """Reset the connection and return it to the pool; one that cannot be reset is thrown away.

        It keeps its place until then: a statement that cannot be cancelled is still at work on the database, and with
        another connection in its stead there would be more and more of them.
        """
        try:
            await self._dialect.reset(lent.driver_connection)
        except Exception:  # noqa: BLE001
            await self._throw_away(lent)
            return
        lent.info["returned_at"] = time.monotonic()
        await self._in_greenlet(lent.close)

    async def _throw_away(self, lent: Any) -> None:
        await self._dialect.close(lent.driver_connection)
        await self._in_greenlet(lent.invalidate)

    async def close(self) -> None:
        """Close every connection."""
        if self._returning:
            await asyncio.wait(self._returning, timeout=2)
        if self._engine is not None:
            await self._engine.dispose()
