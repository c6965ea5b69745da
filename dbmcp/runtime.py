"""What one running server or command holds, built from Settings: databases, verdicts, observers."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from lru import LRU

from dbmcp.database import Database
from dbmcp.errors import ConfigError, UnknownDatabase, did_you_mean
from dbmcp.observers import OBSERVERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from dbmcp.config import Settings
    from dbmcp.events import RequestEnded
    from dbmcp.guard import ApprovedQuery
    from dbmcp.guard.substitution import Substitution

_REMEMBERED_VERDICTS = 1_000
# Longer texts are not remembered, and are judged on a thread: they could keep the loop busy.
_SHORT_TEXT = 8_192


class Runtime:
    """The databases of the settings, and what requests share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.databases = {
            name: Database(name, database, settings.limits) for name, database in settings.databases.items()
        }
        self._verdicts: LRU[tuple[str, Substitution | None, str], ApprovedQuery] = LRU(_REMEMBERED_VERDICTS)
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

    async def _load_guard(self) -> Callable[..., ApprovedQuery]:
        if self._approve is None:
            module = await asyncio.to_thread(import_module, "dbmcp.guard")
            # The first statement loads the grammar and the lists: that is paid here, and not by a caller.
            for dialect in {database.dialect.name for database in self.databases.values()}:
                await asyncio.to_thread(module.approve, "SELECT 1", dialect)
            self._approve = module.approve
        return self._approve

    async def approve(self, sql: str, database: Database) -> ApprovedQuery:
        """Return the guard's verdict on a statement, remembered when it was passed before.

        Raises:
            StatementRejected: it is not one read.
        """
        policy = await database.policy()
        # Compiled anew when the catalog changes; a verdict belongs to one state of it.
        key = (database.name, policy, sql)
        if (known := self._verdicts.get(key)) is not None:
            return known
        approve = self._approve or await self._load_guard()
        max_bytes = self.settings.limits.statement_bytes
        judge = partial(approve, sql, database.dialect.name, max_bytes=max_bytes, extras=database.extras, policy=policy)
        if len(sql) > _SHORT_TEXT:
            return await asyncio.to_thread(judge)
        approved = judge()
        self._verdicts[key] = approved
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
