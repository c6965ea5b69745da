"""Noticing that a schema has changed, for clients that want to know; nobody's database is asked for nobody."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from dbmcp.errors import DbmcpError
from dbmcp.server.resources import SCHEMES, Address, address_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dbmcp.catalog.model import Catalog
    from dbmcp.database import Database
    from dbmcp.runtime import Runtime
    from dbmcp.server.changes import Audience

_LOG = logging.getLogger("dbmcp.watch")


class CatalogWatch:
    """Looks at each database's catalog every `watch_seconds`, as long as anyone listens, and tells what has changed."""

    def __init__(self, runtime: Runtime, audience: Audience) -> None:
        self._runtime = runtime
        self._audience = audience
        # What those who listen were last told of, or began with; None as long as nobody listens.
        self._seen: dict[str, Catalog | None] = {}
        self._tasks: list[asyncio.Task[None]] = []
        audience.on_interest = self.begin

    async def begin(self) -> None:
        """Note how the catalogs are now, where nobody listened before: what comes after is a change."""
        if not self._tasks:
            watched = [item for item in self._runtime.databases.values() if item.settings.watch_seconds]
            self._tasks = [asyncio.create_task(self._watch(item)) for item in watched]
        unseen = [item for name, item in self._runtime.databases.items() if self._seen.get(name) is None]
        await asyncio.gather(*(self._look(item) for item in unseen))

    async def stop(self) -> None:
        """End it."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _look(self, database: Database) -> None:
        """Take the catalog as it is now for the one that is known; one that cannot be read is told when it can be."""
        with suppress(DbmcpError):
            self._seen[database.name] = await database.catalog()

    async def _watch(self, database: Database) -> None:
        while True:
            await asyncio.sleep(database.settings.watch_seconds)
            try:
                await self._tell_changes(database)
            except DbmcpError as error:
                _LOG.debug("the catalog of %s could not be looked at: %s", database.name, error.code)
            except Exception as error:  # noqa: BLE001  (whatever it is: the next look may go well)
                _LOG.error("the catalog of %s could not be looked at (%s)", database.name, type(error).__name__)

    async def _tell_changes(self, database: Database) -> None:
        wants_list, uris = self._audience.wants_list, self._audience.wanted_uris
        mine = [address for uri in uris if (address := address_of(uri)) and address.database == database.name]
        if not wants_list and not mine:
            self._seen[database.name] = None
            return
        now = await database.catalog()
        # Read after the waiting: someone who begins to listen may have noted it meanwhile.
        before = self._seen.get(database.name)
        self._seen[database.name] = now
        if before is None or before is now:
            return
        is_other_list = before.schema_names != now.schema_names or _names(before) != _names(now)
        changed = await asyncio.to_thread(_changed, before, now, mine)
        await self._audience.announce_resources(list_changed=is_other_list and wants_list, uris=changed)


def _names(catalog: Catalog) -> list[tuple[str, str]]:
    return [item.key for item in catalog.listed]


def _changed(before: Catalog, now: Catalog, addresses: Iterable[Address]) -> list[str]:
    """Return the URIs of those resources whose text is about anything that differs between two catalogs."""
    keys = before.by_name.keys() | now.by_name.keys()
    changed = {key for key in keys if before.by_name.get(key) != now.by_name.get(key)}
    # A table's text tells of the keys that point to it.
    pointed = {
        key for key in before.inbound.keys() | now.inbound.keys() if _pointing(before, key) != _pointing(now, key)
    }
    schemas = {schema for schema, _ in changed | pointed}

    def is_changed(address: Address) -> bool:
        if not SCHEMES[address.scheme].is_of_places:
            return bool(schemas)
        if address.table is not None and address.schema is not None:
            return (address.schema, address.table) in changed | pointed
        if address.schema is not None:
            return address.schema in schemas
        # Not all of the catalog: no text of a database tells of functions, extensions or sequences.
        return bool(schemas) or before.dependencies != now.dependencies

    return [address.uri for address in addresses if is_changed(address)]


def _pointing(catalog: Catalog, key: tuple[str, str]) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    return [(source.key, constraint.columns) for source, constraint in catalog.inbound.get(key, ())]
