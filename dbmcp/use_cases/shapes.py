"""The shape of tables' data: find the database → catalog → statistics, or approve → fetch → render → report.

What is read is a statement like any other: the guard approves it, and a policy is in it. What the engine has counted
knows of no policy, and is not asked for under one.
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from dbmcp.catalog.render import bounded, printable, shown_name
from dbmcp.errors import InvalidParameter, QueryFailed, QueryTimeout, StatementRejected, UnknownTable, did_you_mean
from dbmcp.results import Bounds
from dbmcp.use_cases.answers import Reply, fetched, reported
from dbmcp.use_cases.shape_of_rows import is_counted, shapes_of
from dbmcp.use_cases.shape_text import SAMPLE_ROWS, Look, shape_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Column
    from dbmcp.database import Database
    from dbmcp.results import ResultSet
    from dbmcp.runtime import Runtime
    from dbmcp.shapes import Statistics

MAX_TABLES = 10
# So many rows of a table are read at most, and fewer of a wide one: so many cells.
MAX_ROWS = 5_000
_MAX_CELLS = 100_000
_FEWEST_ROWS = 60
_SMALL_ROWS = 500
_MAX_BYTES = 1_000_000
# A table of so many times more rows is sampled; the first rows of a smaller one tell enough.
_SAMPLED_FROM = 10


async def shape_of_tables(
    runtime: Runtime, tables: Sequence[str], database: str | None = None, after: Reply | None = None
) -> Reply:
    """Return for each table a few rows and, for each column, NULLs, distinct values, ranges and common values.

    All of it stands `after` a description of the tables, if there is one, within the bytes of one reply.

    Raises:
        UnknownTable: with the nearest names.
        UnknownDatabase, InvalidParameter, DatabaseError
    """
    with reported(runtime, "shape_of_tables", database) as done:
        if not 1 <= len(tables) <= MAX_TABLES:
            raise InvalidParameter(f"The data of 1 to {MAX_TABLES} tables is described at a time.")
        found = runtime.database(database)
        catalog, relations = await _found(found, tables)
        if len(relations) > MAX_TABLES:
            raise InvalidParameter(f"The names mean {len(relations)} tables.", hint="Name them with their schemas.")
        limits = runtime.settings.limits
        ends_at = time.monotonic() + limits.seconds
        texts = _begun(after, limits.bytes)
        room = limits.bytes - sum(len(text.encode()) + 2 for text in texts)
        for relation in relations:
            seconds = ends_at - time.monotonic()
            looking = _Looking(runtime, found, catalog, relation, seconds)
            texts.append(await looking.text(room // len(relations) - 2))
        return done(Reply("\n\n".join(texts)))


def _begun(after: Reply | None, max_bytes: int) -> list[str]:
    """Return the description that stands before the data, in half of the bytes."""
    if after is None:
        return []
    return [bounded(after.text.split("\n"), max_bytes // 2, "describe_tables without data")]


@dataclass(frozen=True, slots=True)
class _Looking:
    """One look at the data of one table, for at most so many seconds."""

    runtime: Runtime
    database: Database
    catalog: Catalog
    relation: Relation
    seconds: float

    async def text(self, max_bytes: int) -> str:
        """Return what there is to say of the table; where it cannot be read, why."""
        name = shown_name(self.catalog, self.relation)
        if not self.relation.readable:
            return f"{name}: this role may not read it"
        if self.seconds <= 0:
            return f"{name}: no time was left for it"
        try:
            look = await self._look()
        except (StatementRejected, QueryFailed, QueryTimeout) as error:
            # The other tables are told all the same.
            return f"{name}: its data could not be read: {printable(error.message)}"
        return shape_text(name, self.relation, look, max_bytes, hidden_by=self._hidden_by())

    def _hidden_by(self) -> str | None:
        """Return the setting that keeps values out of the reply, if it does."""
        return None if self.database.settings.samples else f"databases.{self.database.name}.samples"

    async def _look(self) -> Look:
        """Take what the engine has counted, where the table is too large to be read; else read."""
        counted = await self._counted()
        if counted is not None:
            sample = await self._read(SAMPLE_ROWS, "") if self.database.settings.samples else None
            when = f" on {counted.counted_on}" if counted.counted_on else ""
            over = f"~{counted.rows} rows, as ANALYZE counted them{when}"
            readable = {column.name for column in self.relation.readable_columns}
            columns = [column for column in counted.columns if column.name in readable]
            return Look(over, counted.rows, columns, sample, "estimate")
        rows = self._most_rows()
        sampling = self._sampling(rows)
        result = None
        if sampling:
            try:
                result = await self._read(rows, sampling)
            except QueryFailed:
                # Not every table can be sampled: one with partitions elsewhere cannot.
                result = None
        picked = "a sample of " if result is not None and result.rows else "the first "
        if result is None or not result.rows:
            result = await self._read(rows, "")
        whole = not result.more and picked == "the first "
        known = self._known_rows()
        of = f" of ~{known}" if known and known > len(result.rows) else ""
        over = f"all {len(result.rows)} rows" if whole else f"{picked}{len(result.rows)} rows{of}"
        if whole and len(result.rows) == 1:
            over = "the only row"
        shapes = await asyncio.to_thread(shapes_of, result)
        return Look(over, len(result.rows), shapes, result, "all" if whole else "some")

    def _most_rows(self) -> int:
        """Return how many rows are read at most: of a table that is thought to be small fewer, with longer texts."""
        rows = max(min(MAX_ROWS, _MAX_CELLS // max(len(self.relation.readable_columns), 1)), _FEWEST_ROWS)
        known = self._known_rows()
        return min(rows, max(2 * known, _SMALL_ROWS)) if known is not None else rows

    async def _counted(self) -> Statistics | None:
        rows = self._known_rows()
        if rows is None or rows <= MAX_ROWS:
            return None
        counted = await self.database.statistics(self.relation.key)
        if counted is None:
            return None
        names = {column.name for column in counted.columns}
        return counted if all(column.name in names for column in self.relation.readable_columns) else None

    def _known_rows(self) -> int | None:
        """Return the engine's estimate of the rows; of a partitioned table the sum of its partitions'."""
        if self.relation.rows or self.relation.partitioning is None:
            return self.relation.rows
        parts, total = [self.relation.key], 0
        while parts:
            parent = parts.pop()
            below = [child for child, of in self.catalog.children if of == parent]
            total += sum(self.catalog.by_name[name].rows or 0 for name in below if name in self.catalog.by_name)
            parts += below
        return total or None

    def _sampling(self, rows: int) -> str:
        """Return the clause that reads some pages of a large table, here and there; a policy's view has no pages."""
        known = self._known_rows()
        kinds = ("table", "partitioned table", "materialized view")
        if self.catalog.dialect != "postgresql" or self.database.is_governed or self.relation.kind not in kinds:
            return ""
        if known is None or known <= _SAMPLED_FROM * rows:
            return ""
        # A little less than may be read: what is cut would be the end of the table.
        return f" TABLESAMPLE SYSTEM ({90 * rows / known:.6f}) REPEATABLE (1)"

    async def _read(self, rows: int, sampling: str) -> ResultSet:
        """Run one bounded read of the table, approved like a caller's."""
        limits = self.runtime.settings.limits
        sql = f"SELECT {self._columns(limits.statement_bytes)} FROM {self._name()}{sampling} LIMIT {rows + 1}"  # noqa: S608
        approved = await self.runtime.approve(sql, self.database)
        bounds = Bounds(rows, _MAX_BYTES, max(self.seconds, 0.001))
        return await fetched(self.database, approved, bounds)

    def _name(self) -> str:
        # Under a policy of SQLite's only the bare name means what may be seen; elsewhere it may mean another table.
        name = _identifier(self.relation.name)
        return name if self.catalog.dialect == "sqlite" else f"{_identifier(self.relation.schema)}.{name}"

    def _columns(self, max_bytes: int) -> str:
        """Return what is selected: everything, or the columns that the role may read; of bytes their number."""
        columns = self.relation.readable_columns
        listed = [self._column(column) for column in columns]
        ends = list(accumulate(len(item.encode()) + 2 for item in listed))
        fitting = bisect_right(ends, max_bytes - 1_000)
        is_all = len(columns) == len(self.relation.columns)
        if is_all and (fitting < len(listed) or not any(map(self._is_counted, columns))):
            return "*"
        return ", ".join(listed[:fitting])

    def _column(self, column: Column) -> str:
        name = _identifier(column.name)
        if not self._is_counted(column):
            return name
        function = "octet_length" if self.catalog.dialect == "postgresql" else "length"
        return f"{function}({name}) AS {name}"

    def _is_counted(self, column: Column) -> bool:
        """Say whether the number of bytes is read in place of them; a mask may have made a text of them."""
        return is_counted(column) and not self.database.is_governed and self.relation.kind != "virtual table"


async def _found(database: Database, names: Sequence[str]) -> tuple[Catalog, list[Relation]]:
    """Return the catalog and the relations of these names.

    Raises:
        UnknownTable: with the nearest.
    """
    catalog = await database.catalog_of(names)
    if not all(catalog.find(name) for name in names):
        catalog = await database.catalog()
    relations: dict[Relation, None] = {}
    for name in names:
        found = catalog.find(name)
        if not found:
            hint = did_you_mean(name, [catalog.shown_name(item) for item in catalog.listed])
            raise UnknownTable(f"There is no table {name[:200]!r}.", hint=hint or "Use search_schema to find tables.")
        relations.update(dict.fromkeys(found))
    return catalog, list(relations)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
