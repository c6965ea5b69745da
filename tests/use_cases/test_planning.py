"""Explaining reads, on real engines: what is told, advised and refused, and that nothing is run unasked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from dbmcp.config import Settings
from dbmcp.errors import DbmcpError, Forbidden, InvalidParameter, QueryFailed, QueryTimeout, StatementRejected
from dbmcp.limits import Limits
from dbmcp.runtime import Runtime
from dbmcp.use_cases import Ask, check_sql, explain_sql
from tests import engines

TABLES = """
CREATE TABLE customer (id integer PRIMARY KEY, email varchar(80), joined timestamp, city text);
INSERT INTO customer SELECT g, 'e' || g || '@example.org', '2020-01-01'::timestamp + g * interval '1 hour',
  'city ' || g % 50 FROM generate_series(1, 20000) AS g;
CREATE INDEX customer_email ON customer (email); CREATE INDEX customer_joined ON customer (joined);
CREATE TABLE "Order" (id integer PRIMARY KEY, customer_id integer, "Status" text, created_at timestamp, total numeric,
  note text, a integer, b integer);
INSERT INTO "Order" SELECT g, 1 + g % 20000, CASE WHEN g % 1000 = 0 THEN 'open' ELSE 'closed' END,
  '2021-01-01'::timestamp + g * interval '5 min', g % 977, repeat('x', 200), g % 100, g % 100
  FROM generate_series(1, 60000) AS g;
CREATE TABLE part (id integer, kind text) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (20000);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (20000) TO (40000);
INSERT INTO part SELECT g, 'k' || g % 5000 FROM generate_series(0, 39999) AS g;
CREATE VIEW open_order AS SELECT * FROM "Order" WHERE "Status" = 'open';
CREATE TABLE small AS SELECT g AS a FROM generate_series(1, 100) AS g;
"""
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 - 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture(scope="module")
def database(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make a shop that is large enough for advice."""
    with engines.fresh_postgresql_database(postgresql_server) as made:
        made.run(TABLES)
        made.run("ANALYZE")
        # One process, so that the same plan is made everywhere.
        made.run(f'ALTER ROLE "{made.reader}" SET max_parallel_workers_per_gather = 0')
        made.run(f'ALTER ROLE "{made.reader}" SET jit = off')
        made.grant_reader()
        yield made


@asynccontextmanager
async def running(url: str, limits: Limits | None = None, **flags: Any) -> AsyncIterator[Runtime]:
    """Start a runtime of one database."""
    settings = {"url": url, "explain_analyze": True, **flags}
    runtime = Runtime(Settings.model_validate({"databases": {"main": settings}, "limits": limits or Limits()}))
    try:
        yield runtime
    finally:
        await runtime.close()


@pytest.fixture
async def runtime(database: engines.PostgresqlDatabase) -> AsyncIterator[Runtime]:
    """Serve the shop, to a role that may read it."""
    async with running(database.reader_url) as made:
        yield made


async def hints(runtime: Runtime, sql: str, *, analyze: bool = False) -> list[str]:
    text = (await explain_sql(runtime, sql, analyze=analyze)).text
    return [line.removeprefix("! ") for line in text.splitlines() if line.startswith("! ")]


async def test_a_plan_is_told_in_lines_with_estimates(runtime: Runtime) -> None:
    sql = """SELECT c.email FROM "Order" AS o JOIN customer AS c ON c.id = o.customer_id
      WHERE o."Status" = 'open' AND o.created_at > '2021-02-01' ORDER BY o.total DESC LIMIT 3"""
    head, *lines = (await explain_sql(runtime, sql)).text.splitlines()
    assert head.startswith("~3 rows expected, cost ")
    steps = [line.strip().partition(" ~")[0] for line in lines if not line.startswith("!")]
    assert steps[:2] == ["Limit", "Sort by o.total DESC"]
    assert any(step.startswith('Seq Scan "Order" o, filter ') and "\"Status\" = 'open'" in step for step in steps)
    assert "Index Scan customer c by customer_pkey (id = o.customer_id)" in steps
    assert all(" ~" in line for line in lines if not line.startswith("!"))
    assert lines[1].startswith("  Sort")


async def test_a_missing_index_is_named_with_its_columns(runtime: Runtime) -> None:
    sql = """SELECT * FROM "Order" WHERE created_at > '2021-02-01' AND "Status" = 'open' AND note <> 'y'"""
    (hint,) = await hints(runtime, sql)
    assert hint.startswith('All of "Order" (60000 rows) is read for ~')
    assert hint.endswith('consider an index on "Order"("Status", created_at).')


@pytest.mark.parametrize(
    "sql, index",
    [
        ("SELECT * FROM open_order", '"Order"("Status")'),
        ("SELECT * FROM part WHERE kind = 'k1'", "part(kind)"),
        ("SELECT * FROM customer WHERE city IN ('city 1', 'city 2')", "customer(city)"),
        ("SELECT * FROM customer WHERE 'city 1' = city", "customer(city)"),
        ("SELECT * FROM customer WHERE city IS NULL", "customer(city)"),
        ("SELECT * FROM customer WHERE city BETWEEN 'city 1' AND 'city 11'", "customer(city)"),
    ],
)
async def test_a_missing_index_is_found_through_views_partitions_and_forms(
    runtime: Runtime, sql: str, index: str
) -> None:
    assert [hint.partition("index on ")[2] for hint in await hints(runtime, sql)] == [f"{index}."]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM customer WHERE id = 3",
        "SELECT * FROM customer WHERE email = 'e3@example.org'",
        "SELECT count(*) FROM customer WHERE joined > '2020-01-02'",
        "SELECT * FROM small WHERE a = 3",
        "SELECT * FROM customer WHERE city <> 'city 1'",
        "SELECT * FROM customer WHERE city LIKE '%1'",
        "SELECT * FROM customer WHERE city = 'city 1' OR id = 3",
        "SELECT * FROM customer LIMIT 10 OFFSET 20",
        "SELECT 'OFFSET 99999'",
        "SELECT 1",
        "SELECT * FROM generate_series(1, 10)",
        "SELECT count(*) FROM pg_class",
    ],
)
async def test_no_advice_is_given_where_none_is_due(runtime: Runtime, sql: str) -> None:
    assert await hints(runtime, sql) == []


@pytest.mark.parametrize(
    "condition, hidden",
    [
        ("lower(email) = 'x'", "lower((email)::text) hides email from its index customer_email"),
        ("joined::date = '2020-02-02'", "(joined)::date hides joined from its index customer_joined"),
        ("date_trunc('day', joined) = '2020-02-02'", "hides joined from its index customer_joined"),
        ("id + 1 = 3", "id + 1 hides id from its index customer_pkey"),
        ("id::text = '3'", "(id)::text hides id from its index customer_pkey"),
    ],
)
async def test_what_hides_a_column_from_its_index_is_named(runtime: Runtime, condition: str, hidden: str) -> None:
    (hint,) = await hints(runtime, f"SELECT * FROM customer WHERE {condition}")
    assert hidden in hint


async def test_an_offset_a_spill_and_a_loop_are_named(runtime: Runtime) -> None:
    (offset,) = await hints(runtime, "SELECT * FROM customer ORDER BY id LIMIT 10 OFFSET 5000")
    assert offset.startswith("OFFSET 5000 reads")
    (spill,) = await hints(runtime, 'SELECT * FROM "Order" ORDER BY note, total')
    assert spill.startswith("The sort of ~60000 rows takes about 1")
    assert "it will go to disk" in spill
    assert await hints(runtime, 'SELECT * FROM "Order" ORDER BY note, total LIMIT 10') == []
    loop = await hints(runtime, 'SELECT count(*) FROM "Order" AS o JOIN customer AS c ON o.total < c.id')
    assert loop[0].startswith("The loop compares ")


async def test_a_measured_plan_tells_what_was_found(runtime: Runtime) -> None:
    text = (await explain_sql(runtime, "SELECT * FROM customer WHERE id < 100", analyze=True)).text
    assert "; found 99 in " in text.splitlines()[0]
    assert " found 99" in text.splitlines()[1]


async def test_a_wrong_estimate_is_pointed_out_with_its_size(runtime: Runtime) -> None:
    """The planner takes the two columns, which are equal, for independent of each other."""
    sql = 'SELECT * FROM "Order" WHERE a = 7 AND b = 7'
    (wrong, *_) = [hint for hint in await hints(runtime, sql, analyze=True) if "wrong by" in hint]
    assert wrong.startswith('"Order": ')
    assert "rows expected, 600 found, wrong by " in wrong
    assert wrong.endswith('ANALYZE "Order" may mend it.')
    assert not [
        hint for hint in await hints(runtime, "SELECT * FROM customer LIMIT 1", analyze=True) if "wrong" in hint
    ]


async def test_a_sort_that_went_to_disk_is_told_as_it_was(runtime: Runtime) -> None:
    found = await hints(runtime, 'SELECT * FROM "Order" ORDER BY note, total', analyze=True)
    assert any(hint.startswith("The sort went to disk (") for hint in found)


@pytest.mark.parametrize("analyze", [False, True])
@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM customer",
        "WITH gone AS (DELETE FROM customer RETURNING *) SELECT * FROM gone",
        "SELECT * INTO copy FROM customer",
        "SELECT * FROM customer FOR UPDATE",
        "EXPLAIN ANALYZE DELETE FROM customer",
        "SELECT 1; DELETE FROM customer",
        "SELECT 1) AS _q; DELETE FROM customer; --",
        "SELECT pg_sleep(1)",
        "SELECT nextval('s')",
    ],
)
async def test_only_an_approved_read_is_explained(
    runtime: Runtime, database: engines.PostgresqlDatabase, sql: str, *, analyze: bool
) -> None:
    with pytest.raises(StatementRejected):
        await explain_sql(runtime, sql, analyze=analyze)
    assert database.rows("SELECT count(*) FROM customer") == [(20000,)]


async def test_a_statement_may_end_in_a_comment_and_have_no_columns(runtime: Runtime) -> None:
    assert "Seq Scan small" in (await explain_sql(runtime, "SELECT a AS x, a AS x FROM small -- all")).text
    assert "Seq Scan small" in (await explain_sql(runtime, "SELECT FROM small")).text


async def test_an_unknown_column_comes_back_with_the_one_that_was_meant(runtime: Runtime) -> None:
    with pytest.raises(QueryFailed, match="Did you mean email"):
        await explain_sql(runtime, "SELECT emial FROM customer")


async def test_a_plan_of_many_parts_stays_within_the_bytes(postgresql_database: engines.PostgresqlDatabase) -> None:
    parts = "".join(f"CREATE TABLE p{n} PARTITION OF p FOR VALUES IN ({n});" for n in range(300))
    postgresql_database.run(f"CREATE TABLE p (a integer, b text) PARTITION BY LIST (a); {parts}")
    postgresql_database.grant_reader()
    async with running(postgresql_database.reader_url, Limits(bytes=1_000)) as runtime:
        text = (await explain_sql(runtime, "SELECT * FROM p WHERE b = 'x'")).text
        assert len(text.encode()) <= 1_000
        assert "… 294 more steps like these" in text
        wide = " UNION ALL ".join(f"(SELECT * FROM p{n} WHERE b = '{'é' * 400}' ORDER BY b)" for n in range(30))
        assert len((await explain_sql(runtime, wide)).text.encode()) <= 1_000


async def test_a_measured_plan_ends_at_the_time_limit(database: engines.PostgresqlDatabase) -> None:
    async with running(database.reader_url, Limits(seconds=0.3)) as runtime:
        assert "Recursive Union" in (await explain_sql(runtime, ENDLESS)).text
        with pytest.raises(QueryTimeout):
            await explain_sql(runtime, ENDLESS, analyze=True)
        assert "found 1" in (await explain_sql(runtime, "SELECT 1", analyze=True)).text


async def test_a_cancelled_measurement_ends_on_the_server(
    runtime: Runtime, database: engines.PostgresqlDatabase
) -> None:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND usename = $1"

    async def is_running(*, wanted: bool) -> None:
        with anyio.fail_after(10):
            while (await asyncio.to_thread(database.rows, asked, database.reader) != [(0,)]) is not wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    task = asyncio.create_task(explain_sql(runtime, ENDLESS, analyze=True))
    await is_running(wanted=True)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await is_running(wanted=False)


async def test_plans_that_are_off_are_refused_with_the_setting(database: engines.PostgresqlDatabase) -> None:
    async with running(database.reader_url, explain=False) as runtime:
        with pytest.raises(Forbidden, match=r"can set databases\.main\.explain = true"):
            await explain_sql(runtime, "SELECT 1")
        assert "plan:" not in (await check_sql(runtime, Ask("SELECT 1"))).text
    async with running(database.reader_url, explain_analyze=False) as runtime:
        assert "Result" in (await explain_sql(runtime, "SELECT 1")).text
        with pytest.raises(Forbidden, match=r"can set databases\.main\.explain_analyze = true"):
            await explain_sql(runtime, "SELECT 1", analyze=True)


@pytest.mark.parametrize("policy", [{"tables": {"small": {"where": "a = 4"}}}, {"deny_tables": ["small"]}])
@pytest.mark.parametrize("analyze", [False, True])
async def test_under_a_policy_no_plan_is_shown(
    database: engines.PostgresqlDatabase, policy: dict[str, Any], *, analyze: bool
) -> None:
    async with running(database.reader_url, policy=policy) as runtime:
        for sql in ("SELECT * FROM small", "SELECT * FROM customer"):
            with pytest.raises(Forbidden, match="under a policy"):
                await explain_sql(runtime, sql, analyze=analyze)
        assert "plan:" not in (await check_sql(runtime, Ask("SELECT * FROM customer"))).text


async def test_what_is_too_expensive_is_not_measured(database: engines.PostgresqlDatabase) -> None:
    async with running(database.reader_url, max_estimated_rows=1_000) as runtime:
        assert "Seq Scan customer" in (await explain_sql(runtime, "SELECT * FROM customer")).text
        with pytest.raises(StatementRejected, match="rows are expected"):
            await explain_sql(runtime, "SELECT * FROM customer", analyze=True)


async def test_a_dry_run_holds_the_plan_and_the_hints(runtime: Runtime) -> None:
    text = (await check_sql(runtime, Ask("SELECT * FROM customer WHERE city = 'x'"))).text
    assert text.startswith("approved; reads customer\nlimits: ")
    assert "\nplan:\n~" in text
    assert "index on customer(city)" in text


SQLITE = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, status TEXT, at TEXT);
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, city TEXT); CREATE INDEX customer_email ON customer (email);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
  INSERT INTO orders SELECT i, i % 500, 's' || i % 100, '2025' FROM n;
INSERT INTO customer SELECT id, 'e' || id, 'c' || id % 50 FROM orders;
CREATE INDEX helper ON orders (at); ANALYZE; DROP INDEX helper;
CREATE VIEW late AS SELECT * FROM orders WHERE status = 's1';
"""


@pytest.fixture
async def on_sqlite(sqlite_file: Any) -> AsyncIterator[Runtime]:
    """Serve a file whose larger table was counted."""
    async with running(str(sqlite_file(SQLITE))) as runtime:
        yield runtime


@pytest.mark.parametrize(
    "sql, expected",
    [
        ("SELECT * FROM customer WHERE email = 'e1'", []),
        ("SELECT * FROM orders o WHERE o.status = 's1' AND at > '2024'", ["orders(status, at)"]),
        ("SELECT * FROM orders AS o WHERE 's' <> o.status", []),
        ("SELECT * FROM orders WHERE status IN ('a', 'b')", ["orders(status)"]),
        ("SELECT 'status = 1' FROM orders -- status = 1", []),
        (
            "SELECT * FROM customer c JOIN orders o ON o.customer_id = c.id WHERE c.email = 'e1'",
            ["orders(customer_id)"],
        ),
        (
            "SELECT * FROM customer WHERE lower(email) = 'e1'",
            ["lower(email) hides email from its index customer_email"],
        ),
        ("SELECT * FROM orders ORDER BY id LIMIT 5 OFFSET 2000", ["OFFSET 2000"]),
        ("SELECT * FROM orders ORDER BY id LIMIT 2000, 5", ["OFFSET 2000"]),
    ],
)
async def test_sqlite_is_advised_by_its_plan_and_the_statement(
    on_sqlite: Runtime, sql: str, expected: list[str]
) -> None:
    found = await hints(on_sqlite, sql)
    assert len(found) == len(expected), found
    assert all(part in hint for part, hint in zip(expected, found, strict=True)), found


async def test_a_plan_of_sqlite_is_told_in_lines(on_sqlite: Runtime) -> None:
    sql = "SELECT city, count(*) FROM customer c JOIN orders o ON o.id = c.id WHERE email > 'e' GROUP BY city"
    lines = (await explain_sql(on_sqlite, sql)).text.splitlines()
    assert "SEARCH o by INTEGER PRIMARY KEY (rowid=?)" in lines
    assert "TEMP B-TREE for GROUP BY" in lines


async def test_sqlite_measures_no_plan_and_shows_none_under_a_policy(
    on_sqlite: Runtime, sqlite_file: Any, tmp_path: Path
) -> None:
    with pytest.raises(InvalidParameter, match="SQLite cannot measure"):
        await explain_sql(on_sqlite, "SELECT 1", analyze=True)
    with pytest.raises(DbmcpError, match="DELETE changes the database"):
        await explain_sql(on_sqlite, "DELETE FROM orders")
    path = engines.build_sqlite_file(tmp_path / "governed.sqlite", SQLITE)
    async with running(str(path), policy={"tables": {"orders": {"where": "status = 's1'"}}}) as runtime:
        with pytest.raises(Forbidden, match="under a policy"):
            await explain_sql(runtime, "SELECT * FROM customer")
