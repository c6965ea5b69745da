"""What the schema of an output promises, held against the rows of every sample and of every query of the pack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dbmcp.config import Settings
from dbmcp.demo import samples, seed
from dbmcp.formats import objects
from dbmcp.named_queries.packs import PACKS
from dbmcp.runtime import Runtime
from dbmcp.use_cases import run_named_query
from tests import engines
from tests.named_queries.files import sql_file, write

# Arguments that leave out as little as possible.
OF_PACK: Mapping[str, Mapping[str, Any]] = {
    "pg_activity": {"idle": True},
    "pg_bloat": {"at_least_mb": 0},
    "pg_cache_hit": {"blocks": 0},
    "pg_long_transactions": {"longer_than": "0 seconds"},
    "pg_missing_indexes": {"rows": 0},
    "pg_unused_indexes": {"at_least_mb": 0},
}
TABLES = """
CREATE TABLE parent (id integer PRIMARY KEY, word text);
CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent, word text);
INSERT INTO parent SELECT n, 'w' || n FROM generate_series(1, 100) AS n;
CREATE INDEX child_word ON child (word);
CREATE INDEX child_word_too ON child (word);
ANALYZE;
"""


async def judge(runtime: Runtime, name: str, arguments: Mapping[str, Any]) -> int:
    """Run a query as structured, check the rows against the schema that its columns make; return how many there are."""
    query = replace(runtime.library.queries[name], output="structured")
    runtime.library = replace(runtime.library, queries={**runtime.library.queries, name: query})
    schema = objects.schema([described.columns for described in await runtime.describe(query)])
    jsonschema.Draft202012Validator.check_schema(schema)
    columns = schema["properties"]["rows"]["items"]["properties"]
    assert all(column.get("description", "a type") for column in columns.values())
    reply = await run_named_query(runtime, name, arguments)
    content = json.loads(reply.text)
    jsonschema.Draft202012Validator(schema).validate(content)
    rows: list[dict[str, Any]] = content["rows"]
    return len(rows)


async def test_every_sample_gives_what_its_schema_promises() -> None:
    settings = Settings(
        databases={"copper-hare": {"url": str(seed.ensure())}},
        queries=(str(samples.folder()),),
        claims=dict(samples.CLAIMS),
    )
    runtime = Runtime(settings)
    try:
        for query in runtime.load_library().queries.values():
            for example in query.examples:
                assert await judge(runtime, query.name, example.arguments) == example.rows
    finally:
        await runtime.close()


async def test_every_query_of_the_pack_gives_what_its_schema_promises(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(TABLES)
    postgresql_database.grant_reader()
    found: dict[str, int] = {}
    for url in (postgresql_database.reader_url, postgresql_database.url):
        database = {"url": url, "allow_writable_role": True}
        runtime = Runtime(Settings(databases={"shop": database}, query_packs=("postgresql",)))
        try:
            for name in sorted(set(runtime.load_library().queries) - {"pg_slow_statements"}):
                found[name] = found.get(name, 0) + await judge(runtime, name, OF_PACK.get(name, {}))
        finally:
            await runtime.close()
    assert len(found) == len(list(PACKS["postgresql"].folder.glob("*.sql"))) - 1
    # What nothing waits for and nobody copies has no rows here; all others are judged by some.
    assert {name for name, rows in found.items() if not rows} <= {
        "pg_blocking",
        "pg_locks_held",
        "pg_long_transactions",
    }


HOSTILE_COLUMNS = {
    "a name twice": "SELECT 1 AS a, 'x' AS a, true AS a",
    "a name like a number of ours": "SELECT 1 AS a, 2 AS a, 3 AS a_2",
    "names that need quotes": 'SELECT 1 AS "a""b", 2 AS "{}", 3 AS "%s", 4 AS "😀", 5 AS "rows", 6 AS "notice"',
    "no rows": "SELECT 1 AS a WHERE false",
    "nothing but nulls": "SELECT NULL AS a, NULL::int AS b, NULL::jsonb AS c, NULL::bytea AS d",
    "numbers that JSON rounds": "SELECT 9007199254740993 AS a, 'NaN'::float8 AS b, '-Infinity'::numeric AS c, 1e400",
    "numbers that JSON takes": "SELECT 1::smallint AS a, 4294967295::oid AS b, 1.50 AS c, 0.1::real AS d, -0.0::float8",
    "types of texts": "SELECT '{1,2}'::int[] AS a, '[1,2)'::int4range AS b, 'x'::name AS c, '\\xff'::bytea AS d, true",
    "documents": """SELECT '{"a": [1, null]}'::jsonb AS a, '1'::json AS b, '"x"'::jsonb AS c, 'null'::jsonb AS d""",
    "moments": "SELECT 'infinity'::date AS a, 'epoch'::timestamptz AS b, interval '-1 day' AS c, time '24:00' AS d",
    "columns without a name": "SELECT 1, 'x', (SELECT 2)",
}


@pytest.mark.parametrize("sql", HOSTILE_COLUMNS.values(), ids=HOSTILE_COLUMNS)
async def test_odd_columns_fit_the_schema_that_they_make(
    postgresql_database: engines.PostgresqlDatabase, tmp_path: Path, sql: str
) -> None:
    write(tmp_path, "odd", sql_file("", sql))
    runtime = Runtime(Settings(databases={"main": {"url": postgresql_database.reader_url}}, queries=(str(tmp_path),)))
    try:
        runtime.load_library()
        assert await judge(runtime, "odd", {}) == (0 if sql.endswith("false") else 1)
    finally:
        await runtime.close()


async def test_a_column_of_sqlite_may_hold_values_of_every_type(tmp_path: Path) -> None:
    rows = "(1, 'x', 1.5), ('x', 2, x'ff'), (NULL, 1e999, 9e18)"
    table = f"CREATE TABLE t (a INTEGER, b TEXT, c); INSERT INTO t VALUES {rows}"
    database = engines.build_sqlite_file(tmp_path / "test.db", table)
    write(tmp_path / "queries", "odd", sql_file("", "SELECT a, b, c, a, 1 = 1 AS d, 9007199254740993 AS e FROM t"))
    runtime = Runtime(Settings(databases={"main": {"url": str(database)}}, queries=(str(tmp_path / "queries"),)))
    try:
        runtime.load_library()
        assert await judge(runtime, "odd", {}) == 3
    finally:
        await runtime.close()
