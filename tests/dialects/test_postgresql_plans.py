"""Plans of PostgreSQL, and what ANALYZE has counted, on real servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from dbmcp.dialects import dialect_of
from dbmcp.dialects.base import Read, Session
from dbmcp.dialects.postgresql_plans import plan_of
from dbmcp.plans import Plan, Step
from dbmcp.shapes import Statistics
from tests import engines

pytestmark = pytest.mark.postgresql

TABLES = """
CREATE TABLE parent (id integer PRIMARY KEY, kind text, at timestamp, amount numeric);
INSERT INTO parent SELECT g, 'k' || g % 4, '2025-01-01'::timestamp + g * interval '1 hour', g % 100
  FROM generate_series(1, 20000) AS g;
CREATE INDEX parent_kind ON parent (kind); CREATE INDEX parent_at ON parent (at);
CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent);
INSERT INTO child SELECT g, 1 + g % 20000 FROM generate_series(1, 40000) AS g;
CREATE VIEW joined AS SELECT c.id, p.kind FROM child AS c JOIN parent AS p ON p.id = c.parent_id;
CREATE SCHEMA "Odd ""s"; CREATE TABLE "Odd ""s"."a.b" ("Col ""x" integer);
"""


@pytest.fixture(scope="module")
def database(postgresql_server: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make two tables that were analysed."""
    with engines.fresh_postgresql_database(postgresql_server) as made:
        made.run(TABLES)
        made.run("ANALYZE")
        made.grant_reader()
        made.run(
            f'GRANT USAGE ON SCHEMA "Odd ""s" TO "{made.reader}"; GRANT SELECT ON "Odd ""s"."a.b" TO "{made.reader}"'
        )
        yield made


@pytest.fixture
async def connection(database: engines.PostgresqlDatabase) -> AsyncIterator[Any]:
    """Connect as the reader."""
    dialect = dialect_of(database.reader_url)
    opened = await dialect.connect(Session(database.reader_url))
    yield opened
    await dialect.close(opened)


async def planned(connection: Any, sql: str, *, measured: bool = False) -> Plan:
    return await dialect_of("postgresql://h/d").plan(connection, Read(sql), measured=measured)


async def steps(connection: Any, sql: str, *, measured: bool = False) -> list[Step]:
    return list((await planned(connection, sql, measured=measured)).root.walk())


async def test_a_whole_scan_is_told_with_its_schema_and_filter(connection: Any) -> None:
    plan = await planned(connection, "SELECT * FROM parent AS p WHERE amount = 3")
    (scan,) = plan.root.walk()
    assert (scan.kind, scan.schema, scan.table, scan.alias, scan.is_whole) == ("scan", "public", "parent", "p", True)
    assert "p.amount" in scan.filter
    assert scan.rows is not None
    assert 100 < scan.rows < 400
    assert plan.cost is not None
    assert not plan.is_measured
    assert plan.sort_bytes is not None
    assert plan.hash_bytes is not None
    assert plan.hash_bytes >= plan.sort_bytes > 0


async def test_a_look_up_is_told_with_its_index_and_condition(connection: Any) -> None:
    (scan,) = await steps(connection, "SELECT * FROM parent WHERE id = 3")
    assert (scan.index, scan.on, scan.is_whole) == ("parent_pkey", "(parent.id = 3)", False)


async def test_a_bitmap_is_one_step_with_all_its_indexes(connection: Any) -> None:
    await connection.execute("SET enable_seqscan = off")
    sql = "SELECT * FROM parent WHERE at < '2025-01-03' OR kind = 'k3' AND at > '2027-01-01'"
    found = [item for item in await steps(connection, sql) if item.kind == "scan"]
    assert len(found) == 1
    assert {"parent_at"} <= set(found[0].index.split(" + ")) <= {"parent_at", "parent_kind"}
    assert not found[0].steps


async def test_a_join_through_a_view_shows_the_tables_below(connection: Any) -> None:
    found = await steps(connection, "SELECT * FROM joined WHERE kind = 'k1'")
    assert {item.table for item in found if item.kind == "scan"} == {"parent", "child"}
    (join,) = (item for item in found if item.kind == "join")
    assert "parent_id" in join.on
    left = await steps(connection, "SELECT * FROM child c LEFT JOIN parent p ON p.id = c.parent_id + 1")
    assert any(item.name == "Hash Left Join" for item in left)


async def test_sorts_groups_and_subqueries_are_told(connection: Any) -> None:
    sql = "SELECT kind, count(*) FROM parent WHERE amount > (SELECT avg(amount) FROM parent) GROUP BY 1 ORDER BY 2 DESC"
    found = await steps(connection, sql)
    assert [item.on for item in found if item.kind == "sort"] == ["(count(*)) DESC"]
    assert any(item.name == "HashAggregate" and item.on == "parent.kind" for item in found)
    assert any(item.part.startswith("InitPlan") for item in found)


async def test_names_of_any_kind_arrive_as_they_are(connection: Any) -> None:
    (scan,) = await steps(connection, 'SELECT * FROM "Odd ""s"."a.b" WHERE "Col ""x" = 1')
    assert (scan.schema, scan.table) == ('Odd "s', "a.b")


async def test_a_measured_plan_has_rows_loops_and_time(connection: Any) -> None:
    plan = await planned(connection, "SELECT count(*) FROM child WHERE parent_id < 500", measured=True)
    assert plan.is_measured
    assert plan.seconds is not None
    assert plan.seconds > 0
    scan = next(item for item in plan.root.walk() if item.table == "child")
    assert (scan.found, scan.removed, scan.loops) == (998, 39002, 1)
    assert scan.seconds is not None
    assert scan.seconds <= plan.seconds


async def test_a_sort_on_disk_is_told_with_its_size(connection: Any) -> None:
    await connection.execute("SET work_mem = '64kB'")
    found = await steps(connection, "SELECT * FROM parent ORDER BY amount, kind DESC", measured=True)
    (sort,) = (item for item in found if item.kind == "sort")
    assert sort.spilled > 100_000


async def test_a_hash_table_on_disk_is_told(connection: Any) -> None:
    await connection.execute("SET work_mem = '64kB'; SET enable_mergejoin = off; SET enable_nestloop = off")
    sql = "SELECT count(*) FROM child JOIN parent ON parent.id = child.parent_id + 1"
    assert any(item.kind == "hash" and item.spilled for item in await steps(connection, sql, measured=True))


@pytest.mark.parametrize("write", ["DELETE FROM parent", "WITH d AS (DELETE FROM parent RETURNING *) SELECT * FROM d"])
@pytest.mark.parametrize("measured", [False, True])
async def test_no_write_gets_past_the_engine_even_without_a_guard(
    connection: Any, database: engines.PostgresqlDatabase, write: str, *, measured: bool
) -> None:
    """The statement stands within a query, in a read-only session."""
    with pytest.raises(Exception, match=r"syntax error|read-only|permission denied|top level"):
        await planned(connection, write, measured=measured)
    assert database.rows("SELECT count(*) FROM parent") == [(20000,)]


def test_a_plan_deeper_than_any_is_read_to_a_bound() -> None:
    node: dict[str, Any] = {"Node Type": "Result", "Plan Rows": 1}
    for _ in range(900):
        node = {"Node Type": "Limit", "Plan Rows": 1, "Plans": [node]}
    assert len(list(plan_of({"Plan": node}, 1, 1).root.walk())) == 201


async def counted(url: str, name: str, schema: str = "public") -> Statistics | None:
    dialect = dialect_of(url)
    opened = await dialect.connect(Session(url))
    try:
        return await dialect.statistics(opened, (schema, name))
    finally:
        await dialect.close(opened)


async def test_what_analyze_counted_is_read(database: engines.PostgresqlDatabase) -> None:
    found = await counted(database.reader_url, "parent")
    assert found is not None
    assert found.rows == 20000
    assert found.counted_on is not None
    by_name = {item.name: item for item in found.columns}
    assert (by_name["id"].is_unique, by_name["id"].least, by_name["id"].greatest) == (True, "1", "20000")
    assert by_name["kind"].distinct == 4
    assert {value for value, _ in by_name["kind"].common} == {"k0", "k1", "k2", "k3"}
    assert sum(share for _, share in by_name["kind"].common) == pytest.approx(1, abs=0.01)
    assert (by_name["amount"].least, by_name["amount"].greatest) == ("0", "99")
    assert by_name["at"].least is not None
    assert by_name["at"].least.startswith("2025-01-01")


ODD_TYPES = """
CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TYPE pair AS (a integer, b text);
CREATE TABLE odd (e mood, a integer[], j json, jb jsonb, by bytea, i interval, b boolean, p pair, bx box, n numeric,
  t text, never integer, r int4range, u uuid);
INSERT INTO odd SELECT CASE WHEN g % 3 = 0 THEN 'sad' ELSE 'happy' END::mood, ARRAY[g % 5, 1], '{"a": 1}', '{"b": 2}',
  '\\x0102', '1 day', g % 2 = 0, (g % 2, 'x, "y')::pair, '((0,0),(1,1))',
  CASE WHEN g % 2 = 0 THEN 'NaN' ELSE '1.5' END::numeric,
  repeat('long ', 100) || g % 2, NULL, '[1,5)', '00000000-0000-0000-0000-000000000001'
  FROM generate_series(1, 1000) AS g;
"""


async def test_values_of_odd_types_make_no_error(postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run(ODD_TYPES)
    postgresql_database.run("ANALYZE odd")
    postgresql_database.grant_reader()
    found = await counted(postgresql_database.reader_url, "odd")
    assert found is not None
    by_name = {item.name: item for item in found.columns}
    assert list(by_name) == ["e", "a", "j", "jb", "by", "i", "b", "p", "bx", "n", "t", "never", "r", "u"]
    assert {value for value, _ in by_name["e"].common} == {"sad", "happy"}
    assert by_name["never"].nulls == 1
    assert by_name["by"].common == ()
    assert (by_name["n"].least, by_name["n"].greatest) == ("1.5", "1.5")
    assert all(len(value) <= 61 for item in found.columns for value, _ in item.common)


async def test_a_table_that_was_not_counted_or_has_changed_has_no_statistics(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run("CREATE TABLE t AS SELECT g AS a FROM generate_series(1, 1000) AS g")
    postgresql_database.grant_reader()
    url = postgresql_database.reader_url
    assert await counted(url, "t") is None
    assert await counted(url, "no such") is None
    postgresql_database.run("ANALYZE t")
    assert await counted(url, "t") is not None
    postgresql_database.run("INSERT INTO t SELECT generate_series(1, 500)")

    async def is_gone() -> bool:
        return await counted(url, "t") is None

    for _ in range(200):
        if await is_gone():
            break
        # The server counts changes a little later.
        await asyncio.sleep(0.05)
    assert await is_gone()


async def test_a_role_gets_no_statistics_of_columns_and_rows_that_it_may_not_read(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE TABLE t AS SELECT g AS a, 'hidden' || g % 3 AS b FROM generate_series(1, 1000) AS g;"
        "CREATE TABLE owned AS SELECT 1 AS a FROM generate_series(1, 1000); ALTER TABLE owned ENABLE ROW LEVEL SECURITY"
    )
    postgresql_database.run("ANALYZE")
    reader = postgresql_database.reader
    postgresql_database.run(f'GRANT SELECT (a) ON t TO "{reader}"; GRANT SELECT ON owned TO "{reader}"')
    found = await counted(postgresql_database.reader_url, "t")
    assert found is not None
    assert [item.name for item in found.columns] == ["a"]
    assert await counted(postgresql_database.reader_url, "owned") is None


async def test_a_partitioned_table_is_counted_with_its_partitions(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE TABLE t (a integer) PARTITION BY RANGE (a);"
        "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (500);"
        "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (500) TO (1000); INSERT INTO t SELECT generate_series(0, 999);"
        "CREATE TABLE base (a integer); CREATE TABLE more () INHERITS (base); INSERT INTO base VALUES (1)"
    )
    postgresql_database.run("ANALYZE")
    postgresql_database.grant_reader()
    ((version,),) = postgresql_database.rows("SELECT current_setting('server_version_num')::int")
    found = await counted(postgresql_database.reader_url, "t")
    if int(str(version)) >= 140000:
        assert found is not None
        assert (found.rows, found.columns[0].least, found.columns[0].greatest) == (1000, "0", "999")
    # Rows of its children are not in the counts of a table alone.
    assert await counted(postgresql_database.reader_url, "base") is None
