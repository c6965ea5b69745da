"""What one running server or command holds, built from Settings: databases, verdicts, observers."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from lru import LRU

from dbmcp.cache import Cache
from dbmcp.database import Database
from dbmcp.errors import ConfigError, DbmcpError, RateLimited, UnknownDatabase, UnknownQuery, did_you_mean
from dbmcp.formats import objects
from dbmcp.observers import OBSERVERS
from dbmcp.principal import Principal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from dbmcp.config import Settings
    from dbmcp.events import RequestEnded
    from dbmcp.guard import ApprovedQuery
    from dbmcp.guard.extras import Extras
    from dbmcp.guard.substitution import Substitution
    from dbmcp.named_queries.model import Home, Library, NamedQuery, Variant
    from dbmcp.rate_limit import RateLimiter
    from dbmcp.results import Description

_LOG = logging.getLogger("dbmcp.runtime")
_REMEMBERED_VERDICTS = 1_000
# Longer texts are not remembered, and are judged on a thread: they could keep the loop busy.
_SHORT_TEXT = 8_192
# So many named queries are told by name where one was asked for that is not there.
_FEW_QUERIES = 20


class Runtime:
    """The databases of the settings, and what requests share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.databases = {
            name: Database(name, database, settings.limits) for name, database in settings.databases.items()
        }
        self._verdicts: LRU[tuple[str, Extras, Substitution | None, str, int], ApprovedQuery] = LRU(
            _REMEMBERED_VERDICTS
        )
        self._library: Library | None = None
        # For queries with structured output, the JSON Schema of what they return; swapped whole as well.
        self.output_schemas: Mapping[str, Mapping[str, Any]] = {}
        # Whoever calls over stdio.
        self.local = Principal("local", settings.claims)
        self.replies: Cache[Any] = Cache()
        self._loaded: Library | None = None
        self._rates: RateLimiter | None = None
        self._approve: Callable[..., ApprovedQuery] | None = None
        self._warming: asyncio.Task[None] | None = None

    async def check(self) -> None:
        """Connect to every database once, all at a time.

        Raises:
            ConfigError: there is none, or one is configured wrongly.
            DatabaseUnavailable: one cannot be reached; named in the message.
        """
        if not self.databases:
            raise ConfigError(
                "There is no database to serve.",
                hint="Give a URL or a SQLite file, set DATABASE_URL, or write a dbmcp.toml; or try --demo.",
            )
        databases = list(self.databases.values())
        found = await asyncio.gather(*(database.check() for database in databases), return_exceptions=True)
        for database, error in zip(databases, found, strict=True):
            if isinstance(error, BaseException):
                if len(databases) > 1 and hasattr(error, "message"):
                    error.message = f"Database {database.name!r}: {error.message}"
                raise error

    def start_warming(self, after_seconds: float = 0.0) -> None:
        """Begin to import what the first reply does not need, and to open the first connections."""
        self._warming = asyncio.create_task(self._warm(after_seconds))

    async def _warm(self, after_seconds: float) -> None:
        await asyncio.sleep(after_seconds)
        await self._load_guard()
        await asyncio.gather(*(database.warm() for database in self.databases.values()), return_exceptions=True)
        await asyncio.to_thread(import_module, "dbmcp.snapshots")

    async def _load_guard(self) -> Callable[..., ApprovedQuery]:
        if self._approve is None:
            module = await asyncio.to_thread(import_module, "dbmcp.guard")
            # The first statement loads the grammar and the lists: that is paid here, and not by a caller.
            for dialect in {database.dialect.name for database in self.databases.values()}:
                await asyncio.to_thread(module.approve, "SELECT 1", dialect)
            self._approve = module.approve
        return self._approve

    @property
    def library(self) -> Library:
        """Return the named queries that are served: swapped whole, so that whoever took it goes on with what they took.

        A server without named queries asks for none, and does not import what they are made of.
        """
        if self._library is None:
            from dbmcp.named_queries.model import Library as Empty  # noqa: PLC0415

            self._library = Empty()
        return self._library

    @library.setter
    def library(self, library: Library) -> None:
        self._library = library

    def read_library(self) -> None:
        """Read the named queries as far as they are listed: until `load_library` has approved them, none can be run.

        It imports none of the guard's parsers, which take longer than all else at the start.

        Raises:
            LibraryError, ConfigError: as `load_library` does, less what the guard would refuse.
        """
        from dbmcp.named_queries import library  # noqa: PLC0415
        from dbmcp.named_queries.model import LibraryError  # noqa: PLC0415

        settings = self.settings
        try:
            found = library.read(settings.queries, self._homes(), settings.limits, settings.query_packs)
        except LibraryError:
            # The guard has its say: whoever mends the files is told everything at once.
            self.load_library()
            return
        self.library = found.of_groups(settings.query_groups)

    def load_library(self) -> Library:
        """Read the named queries of the settings, put them in the place of those of before, and return them.

        It takes its time, and may be called on a thread.

        Raises:
            LibraryError: with every fault; the queries of before stay.
            ConfigError: a pack or a group that is not there.
        """
        # They bring the guard's parsers with them.
        from dbmcp.named_queries import library  # noqa: PLC0415

        settings = self.settings
        loaded = library.load(settings.queries, self._homes(), settings.limits, settings.query_packs, self._loaded)
        served = loaded.of_groups(settings.query_groups)
        if self._rates is None and any(query.rate for query in served.queries.values()):
            from dbmcp.rate_limit import RateLimiter  # noqa: PLC0415

            self._rates = RateLimiter()
        self._loaded, self.library = loaded, served
        return served

    def _homes(self) -> dict[str, Home]:
        from dbmcp.named_queries.model import Home  # noqa: PLC0415

        return {
            name: Home(database.dialect.name, database.extras, database.is_governed)
            for name, database in self.databases.items()
        }

    async def learn_outputs(self) -> None:
        """Ask the databases for the columns of the queries with structured output, and make their schemas of them.

        A query whose columns cannot be learnt now is served without a schema, and that is logged.
        """
        found: dict[str, Mapping[str, Any]] = {}
        for query in self.library.queries.values():
            if query.output == "structured":
                try:
                    found[query.name] = objects.schema([item.columns for item in await self.describe(query)])
                except DbmcpError as error:
                    _LOG.warning("the columns of the named query %s are not known: %s", query.name, error)
        self.output_schemas = found

    async def describe(self, query: NamedQuery) -> list[Description]:
        """Return what its databases say of every variant of a query.

        Raises:
            DatabaseError: one does not take a variant.
        """
        return [
            await database.describe(await self.approved(variant, database), variant.names)
            for database in map(self.database, query.databases)
            for variant in query.variants.values()
        ]

    async def approved(self, variant: Variant, database: Database) -> ApprovedQuery:
        """Return the verdict on a variant: the one of loading, with the policy of a database that is under one."""
        if not database.has_policy_in_text:
            return variant.approved[database.name]
        return await self.approve(variant.text, database, len(variant.names))

    def named_query(self, name: str) -> NamedQuery:
        """Return the named query of this name.

        Raises:
            UnknownQuery: there is none.
        """
        query = self.library.queries.get(name)
        if query is None:
            known = self.library.queries
            few = f"Known are {', '.join(known)}." if 0 < len(known) <= _FEW_QUERIES else None
            hint = did_you_mean(name, known) or few or "Use find_query, or dbmcp queries list, to find one."
            raise UnknownQuery(f"There is no named query {name[:100]!r}.", hint=hint)
        return query

    def count_call(self, query: NamedQuery, caller: Principal) -> None:
        """Count a call of a query against its rate.

        Raises:
            RateLimited: the caller has used up the calls of the last while.
        """
        if query.rate is None or self._rates is None:
            return
        wait_s = self._rates.take(query.rate, caller.name, query.name)
        if wait_s is not None:
            message = f"The query {query.name} may be run {query.rate.replace('/', ' times a ')}."
            raise RateLimited(message, hint=f"Try again in {max(wait_s, 1):.0f} s.", retry_after_s=wait_s)

    async def approve(self, sql: str, database: Database, parameters: int = 0) -> ApprovedQuery:
        """Return the guard's verdict on a statement, remembered when it was passed before.

        Raises:
            StatementRejected: it is not one read.
        """
        policy = await database.policy()
        # Compiled anew when the catalog changes; a verdict belongs to one state of it.
        known = self._verdicts.get((database.name, database.extras, policy, sql, parameters))
        if known is not None:
            return known
        approve = self._approve or await self._load_guard()
        max_bytes = self.settings.limits.statement_bytes
        judge = partial(approve, sql, database.dialect.name, max_bytes=max_bytes, policy=policy, parameters=parameters)
        is_long = len(sql) > _SHORT_TEXT
        approved = await asyncio.to_thread(judge, extras=database.extras) if is_long else judge(extras=database.extras)
        if (approved.has_attributes or approved.functions) and not database.extras.knows_functions:
            # It has names that may be functions of the database's own.
            await database.learn_functions()
            approved = judge(extras=database.extras)
        if not is_long:
            self._verdicts[database.name, database.extras, policy, sql, parameters] = approved
        return approved

    def database(self, name: str | None) -> Database:
        """Return the database of this name; the only one when there is one and none is named.

        Raises:
            UnknownDatabase: there is no such database, or several and none is named.
        """
        if name is None and len(self.databases) == 1:
            return next(iter(self.databases.values()))
        if name in self.databases:
            return self.databases[name]
        known = ", ".join(self.databases)
        if name is None:
            raise UnknownDatabase("There are several databases.", hint=f"Name one of {known}.")
        raise UnknownDatabase(
            f"There is no database {name!r}.", hint=did_you_mean(name, self.databases) or f"Known are {known}."
        )

    def report(self, event: RequestEnded) -> None:
        """Tell every observer."""
        for observe in OBSERVERS.values():
            observe(event)

    async def close(self) -> None:
        """Stop warming and close every database."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.wait([self._warming], timeout=2)
        await asyncio.gather(*(database.close() for database in self.databases.values()), return_exceptions=True)
