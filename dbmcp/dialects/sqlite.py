"""SQLite, through aiosqlite. The file is opened read-only and is never created.

Locks of the engine: `mode=ro`, `query_only`, an authorizer that allows reads, the listed functions and nothing else,
limits on lengths and attachments, `trusted_schema` off, and a deadline that the virtual machine itself looks at.
What they do not stop: a statement that is long in compiling (SQLite looks at the deadline only while running), the end
of a sort, of which only the memory is bounded, and snippet() and highlight() of a document with very many hits.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, quote, unquote, urlsplit

import aiosqlite

from dbmcp.dialects import sqlite_catalog, sqlite_plans, sqlite_values
from dbmcp.dialects.base import CatalogRows, Dialect, Memory, Read, Session
from dbmcp.dialects.functions import held_back, load
from dbmcp.dialects.relations import held_back_relations
from dbmcp.dialects.sqlite_connection import Connection
from dbmcp.dialects.sqlite_errors import too_long, translate
from dbmcp.errors import ConfigError, DatabaseUnavailable, DbmcpError, InvalidParameter, QueryFailed, did_you_mean
from dbmcp.results import Bounds, Column, Description, Estimate, ResultSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.plans import Plan
    from dbmcp.results import ValueKind

_ROWS_A_HOP = 256
_HEADER = b"SQLite format 3\x00"


class SQLite(Dialect):
    """SQLite 3, as Python's own module has it."""

    name = "sqlite"
    schemes = ("sqlite", "file")
    sqlglot_name = "sqlite"
    sqlalchemy_url = "sqlite+aiosqlite://"
    default_schema = "main"
    instead_of: ClassVar[Mapping[str, str]] = {
        "PRAGMA": "Use describe_tables, or SELECT … FROM pragma_table_info('name').",
        "EXPLAIN": "Send the SELECT itself; the plan of one is shown by explain.",
        "ATTACH": "Only the configured databases can be read.",
    }
    words_before_parenthesis: ClassVar[frozenset[str]] = frozenset(
        """all and any as between by case cast collate cross distinct else end escape except exclude exists filter from
        full glob group groups having if in inner intersect is isnull join left like limit match materialized natural
        not notnull nulls offset on or order outer over partition range recursive regexp return returning right rows
        select some then union using values when where with within""".split()
    ) - {"if", "glob", "like", "match", "regexp"}

    @property
    def functions(self) -> frozenset[str]:
        """Return the functions a statement may call."""
        return load("sqlite")

    @property
    def functions_held_back(self) -> Mapping[str, str]:
        """Return the functions held back, with their reasons."""
        return held_back("sqlite")

    def relation_held_back(self, schema: str, name: str) -> str | None:
        """Return why a table of the engine's own is held back."""
        if schema == "temp":
            return "temporary tables are not served"
        held = held_back_relations("sqlite")
        if reason := held.get(name):
            return reason
        if name.startswith("pragma_") and name not in load("sqlite"):
            return "only the pragmas that describe tables may be read"
        return None

    def check_url(self, url: str) -> str:
        """Return the `file:` URI of an existing database, opened read-only."""
        path, query = _path_of(url)
        if not path:
            raise ConfigError(
                "The SQLite URL names no file.", hint="Write sqlite:///path/to/file.db or the path itself."
            )
        file = Path(path).expanduser()
        _check_file(file)
        immutable = "&immutable=1" if parse_qs(query).get("immutable") == ["1"] else ""
        return f"file:{quote(str(file.resolve()))}?mode=ro{immutable}"

    async def connect(self, session: Session) -> aiosqlite.Connection:
        """Open the file read-only and lock the connection down."""
        uri = self.check_url(session.url)
        connection = aiosqlite.Connection(
            lambda: sqlite3.connect(
                uri, uri=True, factory=Connection, isolation_level=None, timeout=session.wait_seconds
            ).lock_down(session.policy, session.functions),
            iter_chunk_size=_ROWS_A_HOP,
        )
        # Nothing waits for the thread of a connection that was never given back.
        connection._thread.daemon = True  # noqa: SLF001
        try:
            await connection
            await connection.execute_fetchall("PRAGMA schema_version")
        except sqlite3.Error as error:
            await self.close(connection)
            raise _unavailable(error) from None
        except BaseException:
            await self.close(connection)
            raise
        return connection

    async def fetch(self, connection: aiosqlite.Connection, read: Read, bounds: Bounds, memory: Memory) -> ResultSet:  # noqa: ARG002
        """Run one statement as it is, and stop one row after the limit."""
        _raw(connection).deadline = time.monotonic() + bounds.seconds
        try:
            result = await self._read_decoded(connection, read, bounds)
        except sqlite3.Error as error:
            longest = _raw(connection).longest_value
            # A virtual table would have to be declared anew, which the authorizer takes for a write.
            await self._check_current(connection)
            if isinstance(error, sqlite3.DataError) and "too big" in str(error):
                raise too_long(str(error), longest) from None
            raise
        # Looked at afterwards: a schema that has not changed since was the same while the statement ran.
        await self._check_governed(connection)
        return result

    async def _read_decoded(self, connection: aiosqlite.Connection, read: Read, bounds: Bounds) -> ResultSet:
        try:
            return await self._read(connection, read, bounds)
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
        # A text that is not UTF-8: one odd cell never fails a result.
        connection.text_factory = sqlite_values.decode
        try:
            return await self._read(connection, read, bounds)
        finally:
            connection.text_factory = str

    async def _read(self, connection: aiosqlite.Connection, read: Read, bounds: Bounds) -> ResultSet:
        cursor = await connection.execute(read.text, sqlite_values.inputs(read.arguments))
        try:
            names = [item[0] for item in cursor.description or ()]
            if not names:
                raise QueryFailed("The statement returned no columns.")
            bounds = bounds.useful(len(names))
            cell_chars = bounds.cell_chars(len(names))
            rows: list[Sequence[Any]] = []
            size = 0
            hop = 1
            while len(rows) <= bounds.rows and size <= bounds.memory_chars:
                chunk = list(await cursor.fetchmany(min(hop, bounds.rows + 1 - len(rows))))
                if not chunk:
                    break
                whole = sum(len(value) for row in chunk for value in row if isinstance(value, (str, bytes)))
                # A row may hold megabytes before it is clipped: as many at a time as the last ones let expect.
                hop = max(1, min(_ROWS_A_HOP, 4 * hop, bounds.memory_chars * len(chunk) // (whole + 1)))
                size += sqlite_values.clip_rows(chunk, cell_chars)
                rows.extend(chunk)
        finally:
            await cursor.close()
        more = len(rows) > bounds.rows or size > bounds.memory_chars
        kept = rows[: bounds.rows]
        kinds: list[ValueKind] = [sqlite_values.kind_of(kept, index) for index in range(len(names))]
        columns = tuple(Column(name, kind, kind) for name, kind in zip(names, kinds, strict=True))
        return ResultSet(columns, [sqlite_values.as_texts(row) for row in kept], more, cell_chars)

    async def explain(self, connection: aiosqlite.Connection, read: Read, bounds: Bounds, memory: Memory) -> Estimate:  # noqa: ARG002
        """Return SQLite's query plan; it has no costs that could be compared."""
        values = sqlite_values.inputs(read.arguments)
        rows = await connection.execute_fetchall(f"EXPLAIN QUERY PLAN {read.text}", values)
        return Estimate("\n".join(str(row[3]) for row in rows))

    async def plan(self, connection: aiosqlite.Connection, read: Read, *, measured: bool) -> Plan:
        """Return SQLite's query plan; it measures none."""
        if measured:
            hint = "Ask for the plan without analyze, and time the query itself."
            raise InvalidParameter("SQLite cannot measure a plan.", hint=hint)
        rows = await connection.execute_fetchall(
            f"EXPLAIN QUERY PLAN {read.text}", sqlite_values.inputs(read.arguments)
        )
        return sqlite_plans.plan_of(rows)

    async def describe(self, connection: aiosqlite.Connection, read: Read) -> Description:
        """Return the names of the columns: SQLite gives types to values, and neither to columns nor to placeholders."""
        # The last line may be a comment. Without a row nothing is sorted or counted.
        text = f"SELECT * FROM (\n{read.text}\n) LIMIT 0"  # noqa: S608
        async with connection.execute(text, sqlite_values.inputs(read.arguments)) as cursor:
            names = sqlite_values.column_names([item[0] for item in cursor.description])
        await self._check_governed(connection)
        return Description(("",) * len(read.arguments), tuple(Column(name, "", "any") for name in names))

    async def read_catalog(self, connection: aiosqlite.Connection) -> CatalogRows:
        """Read every part in one transaction."""
        await self._check_current(connection)
        raw = _raw(connection)
        # A new authorizer ends the statements that were prepared under the old one: none is left for a caller.
        await connection.set_authorizer(raw._authorize_catalog)  # noqa: SLF001
        try:
            definitions = list(await connection.execute_fetchall(sqlite_catalog.DEFINITIONS))
            columns = list(await connection.execute_fetchall(sqlite_catalog.COLUMNS))
            for (name,) in await connection.execute_fetchall(sqlite_catalog.ONE_BY_ONE):
                # One that fails has no columns, and the others keep theirs.
                with suppress(sqlite3.OperationalError):
                    columns += await connection.execute_fetchall(sqlite_catalog.COLUMNS_OF_ONE, (name,))
            shadows: set[str] = set()
            with suppress(sqlite3.OperationalError):
                shadows = {name for (name,) in await connection.execute_fetchall(sqlite_catalog.SHADOWS)}
            counts: dict[str, int] = {}
            if await connection.execute_fetchall(sqlite_catalog.HAS_STATISTICS):
                counts = dict(await connection.execute_fetchall(sqlite_catalog.STATISTICS))  # type: ignore[arg-type]
        finally:
            await connection.set_authorizer(raw._authorize)  # noqa: SLF001
        rows = sqlite_catalog.rows_of(definitions, columns, counts, shadows)
        if raw.closed.policy is None:
            return rows
        views = [row[1] for row in definitions if row[0] == "view"]
        closed = [item for name in views if (item := await self._read_by(connection, name))]
        closed += [("main", name, "main", source) for name, source in raw.closed.with_others.items()]
        return chain(rows, (("dependencies", item) for item in closed))

    async def _read_by(self, connection: aiosqlite.Connection, view: str) -> tuple[str, str, str, str] | None:
        """Return which closed table a view of the file reads, None when it reads none."""
        raw = _raw(connection)
        raw.denied = ""
        quoted = view.replace('"', '""')
        with suppress(sqlite3.Error):
            await connection.execute_fetchall(f'SELECT * FROM main."{quoted}" LIMIT 0')  # noqa: S608
        closed = raw.denied
        return ("main", view, "main", closed) if closed not in ("", view) else None

    async def fingerprint(self, connection: aiosqlite.Connection) -> str:
        """Return the schema's version: SQLite counts every change of it."""
        rows = await connection.execute_fetchall("PRAGMA schema_version")
        return str(next(iter(rows))[0])

    async def _check_current(self, connection: aiosqlite.Connection) -> None:
        """Raise when the schema is not the one that the connection was made for."""
        raw = _raw(connection)
        raw.outdated = raw.outdated or await self.fingerprint(connection) != str(raw.version)
        if raw.outdated:
            raise sqlite3.ProgrammingError("closed: the schema has changed")

    async def _check_governed(self, connection: aiosqlite.Connection) -> None:
        """Raise when the connection's policy was made for another schema."""
        if _raw(connection).closed.policy is not None or _raw(connection).outdated:
            await self._check_current(connection)

    async def reset(self, connection: aiosqlite.Connection) -> None:
        """End what a statement may have left open, and wait for one that was cancelled."""
        raw = _raw(connection)
        if raw.deadline < time.monotonic():
            await self.ping(connection)
        raw.deadline = float("inf")
        if connection.in_transaction:
            await connection.rollback()
        await self._check_governed(connection)

    async def ping(self, connection: aiosqlite.Connection) -> None:
        """Read nothing."""
        await connection.execute_fetchall("SELECT 1")
        await self._check_current(connection)

    async def cancel(self, connection: aiosqlite.Connection) -> None:
        """Interrupt what runs; what waits to run on the connection's thread finds its time over."""
        _raw(connection).deadline = float("-inf")
        await connection.interrupt()

    async def close(self, connection: aiosqlite.Connection) -> None:
        """Close the file, and wait for the connection's thread: it must not outlive the loop it reports to."""
        with suppress(sqlite3.Error, ValueError):
            await connection.close()
        await asyncio.to_thread(connection._thread.join, 2)  # noqa: SLF001

    def translate(self, error: BaseException, text: str | None = None) -> DbmcpError:  # noqa: ARG002
        """Return ours for sqlite3's."""
        return translate(error)

    def is_lost(self, error: BaseException) -> bool:
        """Tell a closed connection from a refused statement."""
        gone = "closed" in str(error) or "no active connection" in str(error)
        return gone and isinstance(error, (ValueError, sqlite3.ProgrammingError))


def _raw(connection: aiosqlite.Connection) -> Connection:
    """Return the sqlite3 connection below, whose deadline may be set from any thread."""
    raw: Connection = connection._conn  # type: ignore[assignment]  # noqa: SLF001
    return raw


def _path_of(url: str) -> tuple[str, str]:
    """Return the file path and the query of a `sqlite:` or `file:` URL, or of a plain path."""
    scheme, separator, _ = url.partition(":")
    if not separator or scheme.partition("+")[0].lower() not in SQLite.schemes:
        return url, ""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if scheme.lower() != "file":
        # sqlite:///relative and sqlite:////absolute, as SQLAlchemy writes them; sqlite://name is forgiven.
        path = path[1:] if path.startswith("/") and not parts.netloc else f"{parts.netloc}{path}"
    return path, parts.query


def _check_file(file: Path) -> None:
    """Refuse what is no readable SQLite database; a missing file is never created.

    Raises:
        ConfigError: naming the file, which is no secret: it is what the operator typed.
    """
    if file.name == ":memory:":
        raise ConfigError("An in-memory database is always empty.", hint="Name a file.")
    try:
        with file.open("rb") as stream:
            header = stream.read(len(_HEADER))
    except FileNotFoundError:
        near = _near_file(file)
        raise ConfigError(f"There is no SQLite file {str(file)!r}; dbmcp never creates one.", hint=near) from None
    except IsADirectoryError:
        raise ConfigError(f"{str(file)!r} is a folder, not a SQLite file.") from None
    except OSError:
        raise ConfigError(f"The SQLite file {str(file)!r} cannot be read.", hint="Check its permissions.") from None
    if header and header != _HEADER:
        raise ConfigError(
            f"{str(file)!r} is not a SQLite database.", hint="Its first bytes are those of another format."
        )


def _near_file(file: Path) -> str | None:
    try:
        names = [entry.name for entry in file.parent.iterdir() if entry.is_file()]
    except OSError:
        return f"There is no folder {str(file.parent)!r} either."
    return did_you_mean(file.name, names)


def _unavailable(error: sqlite3.Error) -> DbmcpError:
    if "not a database" in str(error) or "malformed" in str(error):
        return DatabaseUnavailable("The file is no SQLite database, or it is damaged.")
    if "locked" in str(error) or "busy" in str(error):
        return DatabaseUnavailable("The SQLite file is locked by a writer.", hint="Try again later.")
    return DatabaseUnavailable(
        "The SQLite file cannot be opened.",
        hint="A database in WAL mode needs a writable folder, or ?immutable=1 in its URL when nobody writes to it.",
    )
