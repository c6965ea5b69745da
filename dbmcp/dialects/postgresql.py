"""PostgreSQL, through asyncpg.

The session is opened read-only with its time limits by start-up parameters, which cost no round trip. What runs is
a single statement of the extended protocol, wrapped so that the engine prints and clips every value itself and stops
after the row limit. What READ ONLY does not stop (advisory locks, notifications, sleeping, functions that reach out)
is for the guard, the role's own rights and the reset to stop.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

import asyncpg
from lru import LRU

from dbmcp.dialects import (
    postgresql_catalog,
    postgresql_errors,
    postgresql_plans,
    postgresql_role,
    postgresql_statistics,
)
from dbmcp.dialects.base import CatalogRows, Dialect, Memory, OwnCode, Read, Session
from dbmcp.dialects.functions import extensions, held_back, load
from dbmcp.dialects.postgresql_arguments import Placeholder, check_taken, placeholders, with_values
from dbmcp.dialects.postgresql_connection import Connection, opened
from dbmcp.dialects.postgresql_values import KINDS, OPERATORS, SHORT_TYPES, as_texts, cut_at, masked, quoted
from dbmcp.dialects.relations import allowed_relations, held_back_relations
from dbmcp.errors import ConfigError
from dbmcp.results import Bounds, Column, Description, Estimate, ResultSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dbmcp.errors import DbmcpError
    from dbmcp.plans import Plan
    from dbmcp.policy import Shown
    from dbmcp.shapes import Statistics

_URL_HINT = "Write postgresql://user:password@host:port/database, with %XX for signs like @, / or # in a password."

_COST = re.compile(r"cost=\d+\.\d+\.\.(\d+\.\d+)")
_ROWS = re.compile(r"rows=(\d+)")

# How often the catalog is read while it changes.
_CATALOG_ATTEMPTS = 10
# How long the columns of `SELECT *` are trusted before they are asked for again, in seconds.
STAR_LIFETIME_S = 5.0


@dataclass(frozen=True, slots=True)
class _Plan:
    """What was learnt of a statement when it was first prepared; `wrapped` maps a row and cell limit to what runs."""

    columns: tuple[Column, ...]
    oids: tuple[int, ...]
    learnt_at: float
    placeholders: tuple[Placeholder, ...] = ()
    wrapped: LRU[tuple[int, int], str] = field(default_factory=lambda: LRU(4))

    def wrap(self, read: Read, rows: int, cell_chars: int) -> str:
        """Return the statement that runs: the caller's text, whole, within one that prints, clips and stops."""
        found = self.wrapped.get((rows, cell_chars))
        if found is None:
            found = self.wrapped[rows, cell_chars] = self._wrap(read, rows, cell_chars)
        return found

    def _wrap(self, read: Read, rows: int, cell_chars: int) -> str:
        text = read.text
        if not self.columns:
            return f"{read.prelude}SELECT FROM (\n{text}\n) AS _q LIMIT {rows + 1}"
        shown = [quoted(column.name) for column in self.columns]
        aliases = ""
        if len(set(shown)) < len(shown):
            shown = [f"c{index}" for index in range(1, len(self.oids) + 1)]
            aliases = f"({', '.join(shown)})"
        # By name where that is possible: after a column was dropped and another added, a star must fail here, and be
        # learnt anew, rather than show a value under another's name.
        cells = as_texts(shown, self.oids, cell_chars)
        # The text ends on a line of its own: it may close with a line comment.
        return f"{read.prelude}SELECT {cells} FROM (\n{text}\n) AS _q{aliases} LIMIT {rows + 1}"  # noqa: S608


@cache
def _held_back() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in extensions.profiles():
        found.update(extensions.held_back(name))
    # A name that pg_catalog's own list allows is its function first.
    return {name: why for name, why in found.items() if name not in load("postgresql")} | dict(held_back("postgresql"))


class PostgreSQL(Dialect):
    """PostgreSQL 13 and later."""

    name = "postgresql"
    schemes = ("postgresql", "postgres")
    sqlglot_name = "postgres"
    sqlalchemy_url = "postgresql+asyncpg://"
    default_schema = "public"
    policy_in_text = True
    instead_of: ClassVar[Mapping[str, str]] = {
        "EXPLAIN": "Send the SELECT itself; the plan of one is shown by explain.",
        "SHOW": "Settings of the server are not shown.",
        "SET": "The session's settings are fixed.",
        "COPY": "Send the SELECT itself; the reply is CSV.",
        "CALL": "Procedures are not run; this server only reads.",
    }

    @property
    def functions(self) -> frozenset[str]:
        """Return the functions of pg_catalog that a statement may call."""
        return load("postgresql")

    @property
    def functions_held_back(self) -> Mapping[str, str]:
        """Return the functions held back, with their reasons; those of extensions too, which may be installed."""
        return _held_back()

    @property
    def operators(self) -> frozenset[str]:
        """Return the operators of pg_catalog."""
        return OPERATORS

    def relation_held_back(self, schema: str, name: str) -> str | None:
        """Return why a catalog relation is held back; a bare name means pg_catalog's first, as to the engine."""
        qualified = f"{schema or 'pg_catalog'}.{name}"
        if qualified in allowed_relations("postgresql"):
            return None
        held_back = held_back_relations("postgresql")
        # An extension's views lie in whatever schema it was installed in: they are listed by their bare names.
        if reason := held_back.get(qualified) or held_back.get(name):
            return reason
        if not schema and name.startswith("pg_"):
            return "it looks like a relation of the system catalog; write its schema if it is yours"
        if schema in ("pg_catalog", "information_schema") or schema.startswith(("pg_toast", "pg_temp")):
            return "only relations of the system catalog that are known to be harmless may be read"
        return None

    def check_url(self, url: str) -> str:
        """Return the URL with a scheme that asyncpg takes."""
        _, separator, rest = url.partition("://")
        try:
            parts = urlsplit(url)
        except ValueError:
            raise ConfigError("The database URL cannot be read.", hint=_URL_HINT) from None
        # A sign of the password's that is not written %XX would make a part of it the database's name, or lose it.
        if not separator or "@" in parts.path or parts.fragment:
            raise ConfigError("The database URL cannot be read.", hint=_URL_HINT)
        try:
            parts.port  # noqa: B018
        except ValueError:
            message = "The database URL's port is not a number from 0 to 65535."
            raise ConfigError(message, hint=_URL_HINT) from None
        return f"postgresql://{rest}"

    async def connect(self, session: Session) -> Connection:
        """Open a connection that is read-only and bounded in time from its first statement."""
        try:
            return await opened(self.check_url(session.url), session)
        except (asyncpg.ClientConfigurationError, ValueError):
            raise ConfigError("The database URL cannot be read.", hint=_URL_HINT) from None
        except Exception as error:  # noqa: BLE001  (whatever the driver raises, a caller is told one of ours)
            raise postgresql_errors.unavailable(error) from None

    async def check_role(self, connection: Connection, name: str) -> None:
        """Refuse a role that may do more than read."""
        report = await postgresql_role.inspect(connection)
        if refusal := postgresql_role.refusal(report):
            database, schemas = await connection.fetchrow(postgresql_catalog.SCHEMAS)
            script = postgresql_role.grant_script(report, database, json.loads(schemas))
            raise ConfigError(refusal, hint=postgresql_role.remedy(name), script=script)

    async def fetch(self, connection: Connection, read: Read, bounds: Bounds, memory: Memory) -> ResultSet:
        """Run one statement: three round trips when it is new, one when it was met before."""
        plan: _Plan | None = memory.get((read.prelude, read.text))
        fresh = plan is None or (read.columns_may_change and time.monotonic() - plan.learnt_at > STAR_LIFETIME_S)
        if plan is None or fresh:
            plan = await self._learn(connection, read, memory)
        try:
            return await self._run(connection, plan, read, bounds)
        except asyncpg.PostgresError as error:
            # What was learnt may be out of date: a column was dropped or has another type. Ask once more.
            if fresh or not postgresql_errors.may_be_outdated(error):
                raise
            plan = await self._learn(connection, read, memory)
            return await self._run(connection, plan, read, bounds)

    async def _learn(self, connection: Connection, read: Read, memory: Memory) -> _Plan:
        text = f"{read.prelude}SELECT * FROM (\n{read.text}\n) AS _q" if read.prelude else read.text  # noqa: S608
        prepared = await connection.prepare(text, name="")
        attributes = prepared.get_attributes()
        columns = tuple(Column(item.name, item.type.name, KINDS.get(item.type.oid, "text")) for item in attributes)
        oids = tuple(item.type.oid for item in attributes)
        taken = await placeholders(connection, prepared.get_parameters()) if read.arguments else ()
        plan = _Plan(columns, oids, time.monotonic(), taken)
        memory[read.prelude, read.text] = plan
        return plan

    async def _run(self, connection: Connection, plan: _Plan, read: Read, bounds: Bounds) -> ResultSet:
        unbounded = sum(1 for oid in plan.oids if oid not in SHORT_TYPES)
        bounds = bounds.useful(len(plan.columns))
        cell_chars = bounds.cell_chars(unbounded)
        wrapped = plan.wrap(read, bounds.rows, cell_chars)
        rows = await with_values(connection.fetch_as_prepared, wrapped, read.arguments, plan.placeholders)
        more = len(rows) > bounds.rows
        cut = cut_at(rows, plan.oids, cell_chars)
        return ResultSet(plan.columns, rows[: bounds.rows] if more else rows, more, cut)

    async def explain(self, connection: Connection, read: Read, bounds: Bounds, memory: Memory) -> Estimate:
        """Ask the planner; its first line has the cost with the row limit, its second the rows without it."""
        plan = memory.get((read.prelude, read.text)) or await self._learn(connection, read, memory)
        wrapped = f"EXPLAIN {plan.wrap(read, bounds.rows, bounds.cell_chars(1))}"
        rows = await with_values(connection.fetch_as_prepared, wrapped, read.arguments, plan.placeholders)
        lines = [row[0] for row in rows]
        cost = _COST.search(lines[0])
        # What the views of a policy cost stands first, further in.
        below = next((line for line in lines[1:] if line.startswith("  ->")), "")
        expected = _ROWS.search(below)
        return Estimate(
            "\n".join(lines), float(cost.group(1)) if cost else None, int(expected.group(1)) if expected else None
        )

    async def plan(self, connection: Connection, read: Read, *, measured: bool) -> Plan:
        """Ask for the plan of the statement without the limits of a reply, or run it so."""
        return await postgresql_plans.plan(connection, read, measured=measured)

    async def statistics(self, connection: Connection, relation: tuple[str, str]) -> Statistics | None:
        """Return what ANALYZE has counted, of the columns that the role may see."""
        return await postgresql_statistics.statistics(connection, relation)

    async def describe(self, connection: Connection, read: Read) -> Description:
        """Prepare the statement, and ask for the full names of its types."""
        plan = await self._learn(connection, read, {})
        for argument, placeholder in zip(read.arguments, plan.placeholders, strict=True):
            check_taken(argument.name, placeholder)
        taken = [item.oid for item in plan.placeholders]
        rows = await connection.fetch(postgresql_catalog.TYPE_NAMES, [str(oid) for oid in (*taken, *plan.oids)])
        names = [row[0] for row in rows]
        columns = (replace(item, type=name) for item, name in zip(plan.columns, names[len(taken) :], strict=True))
        return Description(tuple(names[: len(taken)]), tuple(columns))

    async def read_catalog(self, connection: Connection) -> CatalogRows:
        """Read every part in one repeatable-read transaction, with an empty search_path so that names are whole.

        What is dropped meanwhile can still be listed when the engine prints definitions, which are of the moment, and
        fails: then everything is read again.
        """
        statement = postgresql_catalog.everything(connection.get_server_version().major)
        for attempt in range(_CATALOG_ATTEMPTS):
            try:
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    bare = await connection.fetch(postgresql_catalog.bare())
                    await connection.fetch(postgresql_catalog.emptied())
                    found = await connection.fetch(statement)
            except (asyncpg.InternalServerError, asyncpg.UndefinedTableError, asyncpg.UndefinedObjectError):
                if attempt == _CATALOG_ATTEMPTS - 1:
                    raise
            else:
                break
        return chain((("bare", row) for row in bare), postgresql_catalog.rows_of(found))

    async def read_relations(self, connection: Connection, names: Iterable[str]) -> CatalogRows:
        """Read relations by their names, and what points to them."""
        statement = postgresql_catalog.some(connection.get_server_version().major)
        return postgresql_catalog.rows_of(await connection.fetch(statement, list(names)))

    async def own_code(self, connection: Connection) -> OwnCode:
        """Ask for the functions and operators that a text may reach on the session's search_path."""
        return postgresql_catalog.own_code(await connection.fetch(postgresql_catalog.own()))

    async def fingerprint(self, connection: Connection) -> str:
        """Hash the identity and version of every row of the catalog that a schema is made of."""
        return str(await connection.fetchval(postgresql_catalog.fingerprint()))

    async def reset(self, connection: Connection) -> None:
        """Roll back, close cursors, unlisten, unlock and restore every setting, in one round trip.

        A statement that was cancelled is waited for, however late the engine looks for that: as long as it is at work,
        the connection keeps its place in the pool, and no other takes a place on the server in its stead.
        """
        if connection.is_closed():
            raise ConnectionError
        await connection.reset()

    async def ping(self, connection: Connection) -> None:
        """Run a statement that costs nothing; asyncpg fails on the empty one."""
        await connection.execute("SELECT 1", timeout=5)

    async def cancel(self, connection: Connection) -> None:
        """Do nothing: asyncpg sends the cancel request when its call is cancelled; its next call waits for the end."""

    async def close(self, connection: Connection) -> None:
        """Close in order, or at once when the server does not answer."""
        try:
            await connection.close(timeout=2)
        except Exception:  # noqa: BLE001
            connection.terminate()

    def view_of(self, relation: tuple[str, str], shown: Shown, hash_key: str) -> str:
        """Return the SELECT that stands for a governed table."""
        columns = ", ".join(masked(quoted(name), mask, hash_key, name) for name, mask in shown.columns)
        schema, name = relation
        select = f"SELECT {columns} FROM {quoted(schema)}.{quoted(name)} AS {quoted(name)}"  # noqa: S608
        # From version 17 on the planner looks through a WITH clause at the statistics of its columns, and tries the
        # caller's operators on values of hidden rows, where an error tells of them. It does not look through a union.
        return f"{select} WHERE ({shown.where}\n) UNION ALL {select} WHERE false" if shown.where else select

    def translate(self, error: BaseException, text: str | None = None) -> DbmcpError:
        """Return ours for asyncpg's."""
        return postgresql_errors.translate(error, text)

    def is_lost(self, error: BaseException) -> bool:
        """Tell a dead connection from a refused statement."""
        return postgresql_errors.is_lost(error)
