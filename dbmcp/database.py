"""One configured database: its pool, its read-only sessions, its catalog. It runs ApprovedQuery and nothing else.

A statement runs on the driver's own connection, because rows as Python objects that are printed again cost three times
as much and lose values.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lru import LRU
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from dbmcp.dialects import dialect_of
from dbmcp.dialects.base import Argument, Memory, OwnCode, Read, Session
from dbmcp.dialects.functions import extensions
from dbmcp.errors import ConfigError, DatabaseUnavailable, DbmcpError, QueryFailed
from dbmcp.guard.extras import Extras
from dbmcp.policy import Policy, PolicySettings
from dbmcp.pool import Pool, PoolSettings, RoleCheck
from dbmcp.results import Bounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

    from dbmcp.catalog.model import Catalog
    from dbmcp.guard import ApprovedQuery
    from dbmcp.guard.substitution import Substitution
    from dbmcp.limits import Limits
    from dbmcp.plans import Plan
    from dbmcp.results import Description, Estimate, ResultSet
    from dbmcp.shapes import Statistics
    from dbmcp.snapshots import Snapshots

T = TypeVar("T")

# What is remembered of statements, for one database.
_REMEMBERED_STATEMENTS = 1_000


class DatabaseSettings(BaseModel):
    """One database: where it is and how it is held."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr = Field(description="postgresql://…, sqlite:///… or the path of a SQLite file.")
    description: str | None = Field(default=None, description="One line for the model: what the database holds.")
    search_path: str | None = Field(
        default=None, description="PostgreSQL: the schemas bare names are looked for in; the role's own when unset."
    )
    allow_writable_role: bool = Field(
        default=False, description="PostgreSQL: serve a role that may do more than read, with a warning."
    )
    catalog_seconds: float = Field(
        default=5.0, ge=0, description="Seconds for which the catalog is trusted before a change is looked for."
    )
    watch_seconds: float = Field(
        default=30.0, ge=0, description="Seconds between looks for a changed schema while a client listens (0: none)."
    )
    extensions: tuple[str, ...] = Field(
        default=(), description="PostgreSQL: extensions whose reviewed functions and operators are allowed."
    )
    functions: tuple[str, ...] = Field(
        default=(), description="Functions allowed beyond the reviewed list, as name or schema.name."
    )
    function_schemas: tuple[str, ...] = Field(
        default=(), description="PostgreSQL: schemas of which every function and operator is allowed."
    )
    operators: tuple[str, ...] = Field(default=(), description="PostgreSQL: operators allowed beyond its own.")
    explain: bool = Field(default=True, description="Show plans of statements; under a policy none is shown.")
    explain_analyze: bool = Field(default=False, description="PostgreSQL: run statements to measure their plans.")
    samples: bool = Field(default=True, description="Show values where the data of a table is described.")
    max_cost: float | None = Field(
        default=None, gt=0, description="PostgreSQL: refuse a statement whose estimated cost is higher."
    )
    max_estimated_rows: int | None = Field(
        default=None, gt=0, description="PostgreSQL: refuse a statement that is expected to give more rows."
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
        self.extras = _extras(settings)
        self._role = RoleCheck(self.dialect, name, allow_writable=settings.allow_writable_role)
        self._pool = Pool(self.dialect, self._session, settings.pool, self._role)
        self._memory = cast("Memory", LRU(_REMEMBERED_STATEMENTS))

    async def check(self) -> None:
        """Connect once, without the pool, and disconnect.

        Raises:
            ConfigError: the URL or the file is wrong.
            DatabaseUnavailable: the database cannot be reached or refuses.
        """
        connection = await self.dialect.connect(self._session)
        try:
            await self._role.check(connection)
            own = await self.dialect.own_code(connection)
            self._note_own(own)
            if self._policy is not None and self.dialect.policy_in_text:
                snapshots = await self._snapshots()
                catalog = await snapshots.built(await self.dialect.read_catalog(connection))
                self._pin(catalog)
                for name, view in snapshots.compiled(self._policy, catalog, own).views.items():
                    await self._check_view(connection, name, view)
        finally:
            await self.dialect.close(connection)

    def _pin(self, catalog: Catalog) -> None:
        """Have new connections look for bare names where this one did: what they mean is part of the policy."""
        if self._session.search_path is None:
            self._session = replace(self._session, search_path=catalog.search_path)
            self._pool.session = self._session

    async def _check_view(self, connection: Any, name: tuple[str, str], view: str) -> None:
        try:
            await self.dialect.fetch(connection, Read(view), Bounds(1, 1_000, 5), {})
        except Exception as error:  # noqa: BLE001  (whatever the driver raises, the operator is told)
            message = f"The policy of {'.'.join(name)} is not valid SQL."
            raise ConfigError(message, hint=str(self.dialect.translate(error, view))) from None

    async def learn_functions(self) -> None:
        """Ask for the code of the database's own that a statement may reach without naming it.

        Raises:
            DatabaseError: the database could not be asked.
        """
        self._note_own(await self._asked(self.dialect.own_code))

    def _note_own(self, own: OwnCode) -> None:
        self.extras = self.extras.knowing(own, self.dialect.functions)

    async def warm(self) -> None:
        """Open the first connections, so that no caller waits for them."""
        await self._pool.warm()

    async def fetch(self, query: ApprovedQuery, bounds: Bounds, arguments: tuple[Argument, ...] = ()) -> ResultSet:
        """Run an approved statement within the bounds, with a value for each of its placeholders.

        Raises:
            DatabaseError: it could not be run, took too long, or there was no connection.
            InvalidParameter: the engine does not take one of the values.
        """
        read = _read_of(query, arguments)
        try:
            return await self._fetch(read, bounds)
        except _ConnectionLost:
            # A read can be asked again. Every connection of before is tested first now.
            self._pool.suspect_all()
        return await self._fetch(read, bounds)

    async def _fetch(self, read: Read, bounds: Bounds) -> ResultSet:
        # Written out, and not with _connection: every statement comes this way.
        lent = await self._pool.lend()
        connection = lent.driver_connection
        try:
            async with asyncio.timeout(bounds.seconds + 1):
                return await self.dialect.fetch(connection, read, bounds, self._memory)
        except BaseException as error:
            raise await self._failed(connection, error, read.text) from error
        finally:
            self._pool.return_later(lent)

    async def estimate(self, query: ApprovedQuery, bounds: Bounds, arguments: tuple[Argument, ...] = ()) -> Estimate:
        """Return what the engine's planner expects of an approved statement.

        Raises:
            DatabaseError: the statement could not be planned.
        """
        read = _read_of(query, arguments)

        async def explained(connection: Any) -> Estimate:
            async with asyncio.timeout(bounds.seconds):
                return await self.dialect.explain(connection, read, bounds, self._memory)

        return await self._asked(explained, read.text)

    async def plan(self, query: ApprovedQuery, bounds: Bounds, *, measured: bool = False) -> Plan:
        """Return how the engine means to run an approved statement, as it is written; `measured` has it run.

        Raises:
            InvalidParameter: the engine cannot measure a plan.
            DatabaseError: the statement could not be planned, or took too long.
        """
        read = _read_of(query, ())

        async def planned(connection: Any) -> Plan:
            async with asyncio.timeout(bounds.seconds + 1):
                return await self.dialect.plan(connection, read, measured=measured)

        return await self._asked(planned, read.text)

    async def statistics(self, relation: tuple[str, str]) -> Statistics | None:
        """Return what the engine has counted of a table; None under a policy, which the counts know nothing of.

        Raises:
            DatabaseError: it could not be asked.
        """
        if self._policy is not None:
            return None
        return await self._asked(lambda connection: self.dialect.statistics(connection, relation))

    async def describe(self, query: ApprovedQuery, names: Sequence[str] = ()) -> Description:
        """Return the types of an approved statement's placeholders and columns; `names` are those of its parameters.

        Nothing of it is run.

        Raises:
            DatabaseError: the engine does not take the statement; a `QueryFailed` has the place where it knows one.
        """
        read = _read_of(query, tuple(Argument(name, None) for name in names))

        async def described(connection: Any) -> Description:
            async with asyncio.timeout(self._session.seconds):
                return await self.dialect.describe(connection, read)

        return await self._asked(described, read.text)

    @property
    def is_governed(self) -> bool:
        """Say whether a policy hides anything of the database."""
        return self._policy is not None

    @property
    def has_policy_in_text(self) -> bool:
        """Say whether the policy is written into every statement, by the guard, for the catalog as it is."""
        return self._policy is not None and self.dialect.policy_in_text

    @property
    def shows_plans(self) -> bool:
        """Say whether a caller may see plans: they hold the conditions of a policy."""
        return self.settings.explain and self._policy is None

    @asynccontextmanager
    async def _connection(self, text: str | None = None) -> AsyncIterator[Any]:
        """Lend a connection for anything else; whatever happens, it is reset or thrown away."""
        lent = await self._pool.lend()
        try:
            yield lent.driver_connection
        except BaseException as error:
            raise await self._failed(lent.driver_connection, error, text) from error
        finally:
            self._pool.return_later(lent)

    async def _asked(self, question: Callable[[Any], Awaitable[T]], text: str | None = None) -> T:
        """Return the answer to a question put to a connection, and to another where the first one was dead."""
        try:
            async with self._connection(text) as connection:
                return await question(connection)
        except _ConnectionLost:
            self._pool.suspect_all()
        async with self._connection(text) as connection:
            return await question(connection)

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
        if self._policy is None:
            return self.dialect.translate(error, text)
        # The engine counts places in what ran, with the policy's views before it.
        translated = self.dialect.translate(error)
        # An engine's complaint about a value repeats it, and the value may be one that nobody may see.
        if isinstance(translated, QueryFailed) and (translated.about_values or _quotes_more(translated.message, text)):
            return QueryFailed("A value could not be computed or converted.", sqlstate=translated.sqlstate)
        return translated

    async def catalog(self) -> Catalog:
        """Return the catalog: the one at hand while it is young or unchanged, else read anew.

        Raises:
            DatabaseError: it could not be read.
        """
        return await (await self._snapshots()).catalog()

    async def catalog_of(self, names: Iterable[str]) -> Catalog:
        """Return a catalog that holds the relations of these names, if there are such.

        It is the one at hand; while there is none, these relations alone are read, by one statement.

        Raises:
            DatabaseError: it could not be read.
        """
        return await (await self._snapshots()).catalog_of(names)

    async def policy(self) -> Substitution | None:
        """Return the policy as the guard applies it, for the catalog as it is; None when there is nothing to apply.

        Raises:
            DatabaseError: the catalog could not be read.
            ConfigError: the policy does not fit the catalog any more: nothing is answered then.
        """
        if not self.has_policy_in_text:
            return None
        snapshots = await self._snapshots()
        await snapshots.catalog()
        return snapshots.substitution

    async def _snapshots(self) -> Snapshots:
        if "_kept" not in self.__dict__:
            await asyncio.to_thread(import_module, "dbmcp.snapshots")
        return self._kept

    @cached_property
    def _kept(self) -> Snapshots:
        """Return what keeps the catalog, made at its first use."""
        from dbmcp.snapshots import Snapshots  # noqa: PLC0415

        policy = self._policy, self.extras
        return Snapshots(self.dialect, policy, self.settings.catalog_seconds, self._asked, self._note_catalog)

    def _note_catalog(self, catalog: Catalog, own: OwnCode) -> None:
        """Take over what a catalog tells of statements: types and meanings of names may have changed with it."""
        self._note_own(own)
        if self.has_policy_in_text:
            self._pin(catalog)
        self._memory.clear()

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()


def _read_of(query: ApprovedQuery, arguments: tuple[Argument, ...]) -> Read:
    if len(arguments) != query.parameters:
        raise ValueError("there must be a value for each placeholder")
    return Read(query.text, query.has_star, query.prelude, arguments)


def _extras(settings: DatabaseSettings) -> Extras:
    """Return what the operator allows beyond the reviewed lists.

    Raises:
        ConfigError: an extension has no profile.
    """
    try:
        functions = [extensions.profile(name) for name in settings.extensions]
        operators = [extensions.operators(name) for name in settings.extensions]
    except ValueError as error:
        raise ConfigError(f"databases.extensions: {error}") from None
    return Extras(
        frozenset(settings.functions).union(*functions),
        frozenset(settings.function_schemas),
        frozenset(settings.operators).union(*operators),
        frozenset(settings.operators),
    )


def _quotes_more(message: str, text: str | None) -> bool:
    """Say whether a message quotes what does not stand in the statement: a value, whatever the error is called."""
    known = (text or "").casefold()
    return any(quoted.casefold() not in known for quoted in re.findall(r'"([^"]*)"', message))


class _ConnectionLost(DatabaseUnavailable):
    """The connection died under a statement: a read may be tried on another."""

    def __init__(self) -> None:
        super().__init__("The connection to the database was lost.", hint="Try again.")
