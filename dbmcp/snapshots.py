"""The catalog of one database: read whole, kept while nothing has changed, governed by its policy.

Imported with the first look at a catalog: what a server does before its first reply does not need it.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from dbmcp.catalog.govern import govern, hidden_relations
from dbmcp.catalog.model import names_in
from dbmcp.catalog.reader import build
from dbmcp.collector import paused
from dbmcp.dialects.base import OwnCode
from dbmcp.errors import QueryTimeout
from dbmcp.guard.substitution import Substitution

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from dbmcp.catalog.model import Catalog
    from dbmcp.dialects.base import CatalogRows, Dialect
    from dbmcp.guard.extras import Extras
    from dbmcp.policy import Policy

T = TypeVar("T")

# A default may hold a value of a column that is hidden.
_COLUMNS = ("information_schema", "columns")
_COLUMNS_WITHOUT_DEFAULTS = """
SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, NULL::text AS column_default,
  is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision, udt_schema,
  udt_name, is_identity, is_generated, is_updatable FROM information_schema.columns"""


class Asked(Protocol):
    """Answers a question that is put to a connection, asked again where the connection turned out to be dead."""

    def __call__(self, question: Callable[[Any], Awaitable[T]], /) -> Awaitable[T]:
        """Return the question's answer."""


class Snapshots:
    """The snapshot of a catalog that is at hand, and the policy compiled for it.

    With the policy come the functions and operators that the operator allows. `on_read` is told of every catalog that
    replaces another, ungoverned, at the moment it does.
    """

    def __init__(
        self,
        dialect: Dialect,
        policy: tuple[Policy | None, Extras],
        seconds: float,
        asked: Asked,
        on_read: Callable[[Catalog, OwnCode], None],
    ) -> None:
        self._dialect = dialect
        self._policy, self._allowed = policy
        self._seconds = seconds
        self._asked = asked
        self._on_read = on_read
        self._catalog: Catalog | None = None
        self._fingerprint = ""
        self._checked_at = float("-inf")
        self._reading = asyncio.Lock()
        self.substitution: Substitution | None = None

    async def built(self, rows: CatalogRows) -> Catalog:
        """Return the catalog that rows describe, made on a thread beside the requests."""
        return await asyncio.to_thread(build, rows, self._dialect.default_schema, self._dialect.name)

    async def catalog(self) -> Catalog:
        """Return the catalog: the one at hand while it is young or unchanged, else read anew.

        Raises:
            DatabaseError: it could not be read.
        """
        if (young := self._young()) is not None:
            return young
        async with self._reading:
            if (young := self._young()) is not None:
                return young
            try:
                return await self._read()
            except QueryTimeout:
                # Someone is changing a table, and holds it. A policy must not be that of before.
                if self._catalog is None or self._policy is not None:
                    raise
                self._checked_at = time.monotonic()
                return self._catalog

    def _young(self) -> Catalog | None:
        return self._catalog if time.monotonic() - self._checked_at < self._seconds else None

    async def catalog_of(self, names: Iterable[str]) -> Catalog:
        """Return a catalog that holds the relations of these names, if there are such.

        It is the one at hand; while there is none, these relations alone are read, by one statement.

        Raises:
            DatabaseError: it could not be read.
        """
        if self._catalog is not None or self._policy is not None:
            return await self.catalog()
        wanted = {part for name in names for part in names_in(name)}
        rows = await self._asked(lambda connection: self._dialect.read_relations(connection, wanted))
        return await self.catalog() if rows is None else await self.built(rows)

    async def _read(self) -> Catalog:
        known = None if self._catalog is None else self._fingerprint

        async def rows_if_changed(connection: Any) -> tuple[str, CatalogRows | None, OwnCode]:
            found = await self._dialect.fingerprint(connection)
            if found == known:
                return found, None, OwnCode()
            reading.enter_context(paused())
            return found, await self._dialect.read_catalog(connection), await self._dialect.own_code(connection)

        with ExitStack() as reading:
            found, rows, own = await self._asked(rows_if_changed)
            catalog = self._catalog
            if catalog is None or rows is not None:
                catalog = await self._replace(await self.built(rows or []), own)
        self._fingerprint, self._checked_at = found, time.monotonic()
        return catalog

    async def _replace(self, read: Catalog, own: OwnCode) -> Catalog:
        """Put a catalog in the place of the one at hand, with its policy, all at one moment."""
        shown, substitution = read, None
        if self._policy is not None:
            if self._dialect.policy_in_text:
                substitution = await asyncio.to_thread(self.compiled, self._policy, read, own)
            shown = await asyncio.to_thread(govern, read, self._policy)
        self._catalog, self.substitution = shown, substitution
        self._on_read(read, own)
        return shown

    def compiled(self, policy: Policy, catalog: Catalog, own: OwnCode) -> Substitution:
        """Return the policy's views, and what may not be read, for one state of the catalog.

        Raises:
            ConfigError: the policy does not fit the catalog.
        """
        policy.check(catalog.by_name)
        views: dict[tuple[str, str], str] = {}
        key = policy.settings.hash_key.get_secret_value()
        for name in policy.tables:
            shown = policy.shown(*name, [item.name for item in catalog.by_name[name].columns if item.readable])
            views[name] = self._dialect.view_of(name, shown, key)
        fenced = frozenset(name for name, table in policy.tables.items() if table.where)
        views[_COLUMNS] = _COLUMNS_WITHOUT_DEFAULTS
        return Substitution(
            views,
            hidden_relations(catalog, policy),
            catalog.bare,
            frozenset(catalog.by_name),
            fenced,
            frozenset(own.attributes) - self._allowed.functions,
            frozenset(name for name, takes_row in own.attributes.items() if takes_row) - self._allowed.functions,
            frozenset(item.name for item in catalog.functions),
            own.operators - self._allowed.signs,
        )
