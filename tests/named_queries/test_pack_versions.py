"""The pack on the versions of PostgreSQL that it is for: what they call their columns, and which settings they have.

Servers of one version or two are at hand. Of the others, the view of pg_stat_statements is made here as they have it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

import pytest

from dbmcp.config import Settings
from dbmcp.named_queries.packs import PACKS
from dbmcp.runtime import Runtime
from dbmcp.use_cases import run_named_query
from tests import engines

_BLOCKS = " ".join(
    f"{kind}_blks_{what}:bigint"
    for kind, whats in (("shared", "hit read dirtied written"), ("local", "hit read dirtied written"))
    for what in whats.split()
)
_IDS = "userid:oid dbid:oid"
_TIMES = " ".join(f"{what}_{{0}}_time:float8" for what in ("total", "min", "max", "mean", "stddev"))
_BODY = (
    f"queryid:bigint query:text plans:bigint {_TIMES.format('plan')} calls:bigint {_TIMES.format('exec')} rows:bigint"
    f" {_BLOCKS} temp_blks_read:bigint temp_blks_written:bigint"
)
_WAL = "wal_records:bigint wal_fpi:bigint wal_bytes:numeric"
_JIT = " ".join(
    f"jit_{name}"
    for name in "functions:bigint generation_time:float8 inlining_count:bigint inlining_time:float8".split()
)
_OLD_IO = "blk_read_time:float8 blk_write_time:float8"
_TEMP_IO = "temp_blk_read_time:float8 temp_blk_write_time:float8"
_NEW_IO = " ".join(f"{kind}_blk_{what}_time:float8" for kind in ("shared", "local") for what in ("read", "write"))
_SINCE = "stats_since:timestamptz minmax_stats_since:timestamptz"
# The columns of the view, by the version of the extension and of PostgreSQL that it comes with.
COLUMNS: Mapping[str, str] = {
    "1.8, of PostgreSQL 13": f"{_IDS} {_BODY} {_OLD_IO} {_WAL}",
    "1.9, of PostgreSQL 14": f"{_IDS} toplevel:bool {_BODY} {_OLD_IO} {_WAL}",
    "1.10, of PostgreSQL 15 and 16": f"{_IDS} toplevel:bool {_BODY} {_OLD_IO} {_TEMP_IO} {_WAL} {_JIT}",
    "1.11, of PostgreSQL 17": f"{_IDS} toplevel:bool {_BODY} {_NEW_IO} {_TEMP_IO} {_WAL} {_JIT} {_SINCE}",
    "1.12, of PostgreSQL 18": f"{_IDS} toplevel:bool {_BODY} {_NEW_IO} {_TEMP_IO} {_WAL} wal_buffers_full:bigint {_JIT}"
    f" parallel_workers_to_launch:bigint parallel_workers_launched:bigint {_SINCE}",
}
KEY = "0123456789abcdef0123456789abcdef"
STATEMENTS = {
    1: ("SELECT  $1\n+ $2", 10, 500.0),
    2: ("ALTER ROLE r PASSWORD 'tr0ub4dor'", 1, 400.0),
    3: (f"EXPLAIN WITH _policy1 AS (SELECT sha256('{KEY}')) SELECT 1", 1, 300.0),
    4: ("<insufficient privilege>", 3, 100.0),
}


def view_of(columns: str) -> str:
    """Return the statement that makes the view with these columns, and a row for each of the statements."""
    cells = dict(item.split(":") for item in columns.split())
    rows = []
    for number, (text, calls, total) in STATEMENTS.items():
        known = {
            # The role that made the server.
            "userid": "10",
            "dbid": "(SELECT oid FROM pg_database WHERE datname = current_database())",
            "queryid": str(number),
            "query": f"$x${text}$x$",
            "calls": str(calls),
            "total_exec_time": str(total),
            "mean_exec_time": str(total / calls),
        }
        shown = ", ".join(f"({known.get(name, 'NULL')})::{kind} AS {name}" for name, kind in cells.items())
        rows.append(f"SELECT {shown}")
    return f"CREATE VIEW pg_stat_statements AS {' UNION ALL '.join(rows)}"


@pytest.fixture
def database(postgresql_from_wheel: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make a database on the wheel's server, where no extension of that name is loaded."""
    with engines.fresh_postgresql_database(postgresql_from_wheel) as made:
        yield made


async def rows(url: str, name: str, **arguments: object) -> list[dict[str, str]]:
    """Return the rows of a query of the pack."""
    runtime = Runtime(Settings.model_validate({"databases": {"shop": {"url": url}}, "query_packs": ["postgresql"]}))
    try:
        runtime.load_library()
        return list(csv.DictReader(io.StringIO((await run_named_query(runtime, name, arguments)).text)))
    finally:
        await runtime.close()


@pytest.mark.parametrize("columns", COLUMNS.values(), ids=COLUMNS)
async def test_slow_statements_are_read_from_the_columns_of_every_version(
    database: engines.PostgresqlDatabase, columns: str
) -> None:
    database.run(view_of(columns))
    database.grant_reader()
    found = await rows(database.reader_url, "pg_slow_statements")
    assert [(row["calls"], row["total_ms"], row["statement"]) for row in found] == [
        ("10", "500.0", "SELECT $1 + $2"),
        ("1", "400.0", "hidden: it may hold a password"),
        ("3", "100.0", "hidden: the role is no member of pg_read_all_stats"),
    ]
    assert all(row["role"] for row in found)
    for by in ("mean", "slowest", "calls", "reads"):
        ordered = await rows(database.reader_url, "pg_slow_statements", by=by, calls=3)
        assert {row["calls"] for row in ordered} == {"10", "3"}
        assert ordered[0]["calls"] == ("10" if by in ("mean", "calls") else ordered[0]["calls"])


def test_the_pack_says_from_which_version_of_the_extension_on() -> None:
    text = (PACKS["postgresql"].folder / "pg_slow_statements.sql").read_text(encoding="utf-8")
    assert "of version 1.8 or newer" in text.partition("*/")[0]


async def test_vacuum_comes_no_later_than_the_limit_that_postgresql_has_from_18_on(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n; ANALYZE t")
    postgresql_database.grant_reader()

    async def comes_at() -> str:
        (row,) = await rows(postgresql_database.reader_url, "pg_vacuum")
        return row["vacuumed_at_dead_rows"]

    assert await comes_at() == "250"
    postgresql_database.run("ALTER TABLE t SET (autovacuum_vacuum_threshold = 7, autovacuum_vacuum_scale_factor = 0.5)")
    assert await comes_at() == "507"
    ((version,),) = postgresql_database.rows("SELECT current_setting('server_version_num')::int")
    assert isinstance(version, int)
    if version >= 180_000:
        for most, expected in ((100, "100"), (-1, "507"), (9_000, "507")):
            postgresql_database.run(f"ALTER TABLE t SET (autovacuum_vacuum_max_threshold = {most})")
            assert await comes_at() == expected
