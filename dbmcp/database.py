"""One configured database: its pool, its read-only sessions, its catalog. It runs ApprovedQuery and nothing else.

SQLAlchemy owns the pool; the statement runs on the driver's own connection, because rows as Python objects that are
printed again cost three times as much and lose values. What a caller may have left on a connection is reset after the
reply is on its way and before the connection is lent again.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from lru import LRU
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from dbmcp.catalog.govern import govern, hidden_relations
from dbmcp.catalog.model import Catalog
from dbmcp.catalog.reader import build
from dbmcp.dialects import dialect_of
from dbmcp.dialects.base import Memory, Read, Session
from dbmcp.errors import ConfigError, DatabaseUnavailable, DbmcpError, PoolBusy, QueryFailed
from dbmcp.guard.extras import Extras
from dbmcp.guard.substitution import Substitution
from dbmcp.policy import Policy, PolicySettings
from dbmcp.results import Bounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncEngine

    from dbmcp.guard import ApprovedQuery
    from dbmcp.limits import Limits
    from dbmcp.results import ResultSet

# What is remembered of statements, for one database.
_REMEMBERED_STATEMENTS = 1_000


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


class DatabaseSettings(BaseModel):
    """One database: where it is and how it is held."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr = Field(description="postgresql://…, sqlite:///… or the path of a SQLite file.")
    description: str | None = Field(default=None, description="One line for the model: what the database holds.")
    search_path: str | None = Field(
        default=None, description="PostgreSQL: the schemas bare names are looked for in; the role's own when unset."
    )
    catalog_seconds: float = Field(
        default=5.0, ge=0, description="Seconds for which the catalog is trusted before a change is looked for."
    )
    functions: tuple[str, ...] = Field(
        default=(), description="Functions allowed beyond the reviewed list, as name or schema.name."
    )
    function_schemas: tuple[str, ...] = Field(
        default=(), description="PostgreSQL: schemas of which every function and operator is allowed."
    )
    policy: PolicySettings = Field(default=PolicySettings(), description="What of the database nobody may see.")
    pool: PoolSettings = Field(default=PoolSettings(), description="The pool's knobs.")


class Database:
    """One database, from its first check to its closing."""

    def __init__(self, name: str, settings: DatabaseSettings, limits: Limits) -> None:
        self.name = name
        self.settings = settings
        url = settings.url.get_secret_value()
        self.dialect = dialect_of(url)
        self._policy = None if settings.policy.is_empty else Policy(settings.policy, self.dialect.default_schema)
        self._session = Session(
            url,
            limits.seconds,
            limits.wait_seconds,
            settings.pool.connect_seconds,
            settings.search_path,
            self._policy,
            frozenset(name.lower() for name in settings.functions),
        )
        self._substitution: Substitution | None = None
        self.extras = Extras(frozenset(settings.functions), frozenset(settings.function_schemas))
        self._engine: AsyncEngine | None = None
        self._in_greenlet: Callable[..., Awaitable[Any]]
        self._opening = asyncio.Lock()
        self._memory = cast("Memory", LRU(_REMEMBERED_STATEMENTS))
        self._returning: set[asyncio.Task[None]] = set()
        # Connections that were returned before this moment may be dead: the server went away since.
        self._suspect_before = 0.0
        self._catalog: Catalog | None = None
        self._catalog_state = ("", float("-inf"))
        self._reading = asyncio.Lock()

    async def check(self) -> None:
        """Connect once, without the pool, and disconnect.

        Raises:
            ConfigError: the URL or the file is wrong.
            DatabaseUnavailable: the database cannot be reached or refuses.
        """
        connection = await self.dialect.connect(self._session)
        try:
            if self._policy is not None and self.dialect.policy_in_text:
                rows = await self.dialect.read_catalog(connection)
                substitution = self._compiled(self._policy, build(rows, self.dialect.default_schema))
                for name, view in substitution.views.items():
                    await self._check_view(connection, name, view)
        finally:
            await self.dialect.close(connection)

    async def _check_view(self, connection: Any, name: tuple[str, str], view: str) -> None:
        try:
            await self.dialect.fetch(connection, Read(view), Bounds(1, 1_000, 5), {})
        except Exception as error:  # noqa: BLE001  (whatever the driver raises, the operator is told)
            message = f"The policy of {'.'.join(name)} is not valid SQL."
            raise ConfigError(message, hint=str(self.dialect.translate(error, view))) from None

    async def open(self) -> AsyncEngine:
        """Return the engine, made at first use: SQLAlchemy is imported on a thread, not on the way to a reply."""
        if self._engine is not None:
            return self._engine
        async with self._opening:
            if self._engine is None:
                module = await asyncio.to_thread(import_module, "sqlalchemy.ext.asyncio")
                pool = self.settings.pool
                # Where SQLAlchemy's pool expects its calls to be made from.
                self._in_greenlet = import_module("sqlalchemy.util").greenlet_spawn
                self._engine = module.create_async_engine(
                    self.dialect.sqlalchemy_url,
                    async_creator=lambda: self.dialect.connect(self._session),
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

    async def warm(self, connections: int = 2) -> None:
        """Open the first connections, so that no caller waits for them; failures are for the callers to meet."""
        count = min(connections, self.settings.pool.size)
        lent = await asyncio.gather(*(self._lend() for _ in range(count)), return_exceptions=True)
        for item in lent:
            if not isinstance(item, BaseException):
                await self._give_back(item)

    async def fetch(self, query: ApprovedQuery, bounds: Bounds) -> ResultSet:
        """Run an approved statement within the bounds.

        Raises:
            DatabaseError: it could not be run, took too long, or there was no connection.
        """
        read = Read(query.text, query.has_star, query.prelude)
        try:
            return await self._fetch(read, bounds)
        except _ConnectionLost:
            # A read can be asked again. Every connection of before is tested first now.
            self._suspect_before = time.monotonic()
        try:
            return await self._fetch(read, bounds)
        except _ConnectionLost:
            raise DatabaseUnavailable("The connection to the database was lost.", hint="Try again.") from None

    async def _fetch(self, read: Read, bounds: Bounds) -> ResultSet:
        lent = await self._lend()
        connection = lent.driver_connection
        try:
            async with asyncio.timeout(bounds.seconds + 1):
                return await self.dialect.fetch(connection, read, bounds, self._memory)
        except BaseException as error:
            raise await self._failed(connection, error, read.text) from error
        finally:
            self._return_later(lent)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        """Lend a connection for the catalog; whatever happens, it is reset or thrown away."""
        lent = await self._lend()
        try:
            yield lent.driver_connection
        except BaseException as error:
            raise await self._failed(lent.driver_connection, error) from error
        finally:
            self._return_later(lent)

    async def _failed(self, connection: Any, error: BaseException, text: str | None = None) -> BaseException:
        """Return the error to raise for one that ended a statement; what still runs on the database is ended."""
        if isinstance(error, (asyncio.CancelledError, TimeoutError)):
            await self.dialect.cancel(connection)
        if not isinstance(error, Exception):
            return error
        if self.dialect.is_lost(error):
            return _ConnectionLost()
        if isinstance(error, DbmcpError):
            return error
        translated = self.dialect.translate(error, text)
        # An engine's complaint about a value repeats it, and the value may be one that nobody may see.
        if self._policy is not None and isinstance(translated, QueryFailed) and translated.about_values:
            return QueryFailed("A value could not be computed or converted.", sqlstate=translated.sqlstate)
        return translated

    def _return_later(self, lent: Any) -> None:
        """Reset the connection on a task of its own: the reply does not wait for it, nor a cancelled caller end it."""
        task = asyncio.create_task(self._give_back(lent))
        self._returning.add(task)
        task.add_done_callback(self._returning.discard)

    async def _lend(self) -> Any:
        """Take a connection from the pool; one that idled for long, or may be dead, is tested first."""
        engine = await self.open()
        pool = self.settings.pool
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
                raise self.dialect.translate(error) from None
            returned_at = lent.info.get("returned_at")
            now = time.monotonic()
            if returned_at is None or (
                now - returned_at < pool.ping_after_seconds and returned_at > self._suspect_before
            ):
                return lent
            try:
                await self.dialect.ping(lent.driver_connection)
            except Exception:  # noqa: BLE001  (dead, in whatever way)
                await self._throw_away(lent)
            else:
                return lent
        raise DatabaseUnavailable("No connection to the database could be kept.", hint="Try again later.")

    async def _give_back(self, lent: Any) -> None:
        """Reset the connection and return it to the pool; one that cannot be reset is thrown away."""
        try:
            await self.dialect.reset(lent.driver_connection)
        except Exception:  # noqa: BLE001
            await self._throw_away(lent)
            return
        lent.info["returned_at"] = time.monotonic()
        await self._in_greenlet(lent.close)

    async def _throw_away(self, lent: Any) -> None:
        await self.dialect.close(lent.driver_connection)
        await self._in_greenlet(lent.invalidate)

    async def catalog(self) -> Catalog:
        """Return the catalog: the one at hand while it is young or unchanged, else read anew.

        Raises:
            DatabaseError: it could not be read.
        """
        state, checked_at = self._catalog_state
        if self._catalog is not None and time.monotonic() - checked_at < self.settings.catalog_seconds:
            return self._catalog
        async with self._reading:
            state, checked_at = self._catalog_state
            if self._catalog is not None and time.monotonic() - checked_at < self.settings.catalog_seconds:
                return self._catalog
            try:
                return await self._read_catalog(state)
            except _ConnectionLost:
                self._suspect_before = time.monotonic()
                return await self._read_catalog(state)

    async def policy(self) -> Substitution | None:
        """Return the policy as the guard applies it, for the catalog as it is; None when there is nothing to apply.

        Raises:
            DatabaseError: the catalog could not be read.
            ConfigError: the policy does not fit the catalog any more: nothing is answered then.
        """
        if self._policy is None or not self.dialect.policy_in_text:
            return None
        await self.catalog()
        return self._substitution

    def _compiled(self, policy: Policy, catalog: Catalog) -> Substitution:
        """Return the policy's views, and what may not be read, for one state of the catalog."""
        policy.check(catalog.by_name)
        views: dict[tuple[str, str], str] = {}
        key = policy.settings.hash_key.get_secret_value()
        for name in policy.tables:
            shown = policy.shown(*name, [column.name for column in catalog.by_name[name].columns])
            views[name] = self.dialect.view_of(name, shown, key)
        fenced = frozenset(name for name, table in policy.tables.items() if table.where)
        denied = hidden_relations(catalog, policy)
        return Substitution(views, denied, catalog.bare, frozenset(catalog.by_name), fenced)

    async def _read_catalog(self, state: str) -> Catalog:
        async with self._connection() as connection:
            fingerprint = await self.dialect.fingerprint(connection)
            if self._catalog is None or fingerprint != state:
                rows = await self.dialect.read_catalog(connection)
                catalog = await asyncio.to_thread(build, rows, self.dialect.default_schema)
                if self._policy is not None:
                    if self.dialect.policy_in_text:
                        self._substitution = self._compiled(self._policy, catalog)
                    catalog = govern(catalog, self._policy)
                self._catalog = catalog
                self._memory.clear()
        self._catalog_state = (fingerprint, time.monotonic())
        return self._catalog

    async def close(self) -> None:
        """Close every connection."""
        if self._returning:
            await asyncio.wait(self._returning, timeout=2)
        if self._engine is not None:
            await self._engine.dispose()


class _ConnectionLost(DatabaseUnavailable):
    """The connection died under a statement: a read may be tried on another."""

    def __init__(self) -> None:
        super().__init__("The connection to the database was lost.", hint="Try again.")
