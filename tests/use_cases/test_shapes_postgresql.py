"""The shape of data on PostgreSQL: statistics, samples, values of every kind, 1,600 columns, rights of the role."""

from __future__ import annotations

import pytest

from dbmcp.errors import UnknownTable
from dbmcp.runtime import Runtime
from dbmcp.use_cases import shape_of_tables
from tests import engines
from tests.use_cases.test_shapes import lines, running

pytestmark = pytest.mark.postgresql

LARGE = """
CREATE TABLE large (id integer PRIMARY KEY, kind text, part integer, doc jsonb, raw bytea, tags text[], never date);
INSERT INTO large SELECT g, CASE WHEN g % 100 = 0 THEN 'rare' ELSE 'usual' END, nullif(g % 4, 0), '{"a": 1}', '\\x01',
  '{a,b}', NULL FROM generate_series(1, 60000) AS g;
"""


async def test_a_large_table_is_told_by_what_analyze_counted(postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run(LARGE)
    postgresql_database.run("ANALYZE large")
    postgresql_database.grant_reader()
    async with running(postgresql_database.reader_url) as runtime:
        found = await lines(runtime, "large")
    assert found[0] == "large: 5 sample rows"
    assert any(line.startswith("of ~60000 rows, as ANALYZE counted them on 20") for line in found)
    by_name = {line.partition(" ")[0]: line for line in found[8:]}
    assert by_name["id"].startswith("id integer: unique, ")
    assert "~2 distinct, rare .. usual, mostly usual 9" in by_name["kind"]
    assert by_name["part"].startswith("part integer: 25% null, ~3 distinct, 1 .. 3, mostly ")
    assert by_name["never"] == "never date: all NULL"
    assert by_name["raw"].startswith("raw bytea (bytes): ~1 distinct")


async def test_a_large_table_that_was_not_counted_is_read_to_a_bound(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(LARGE)
    postgresql_database.grant_reader()
    async with running(postgresql_database.reader_url) as runtime:
        found = await lines(runtime, "large")
    assert "of the first 5000 rows:" in found
    assert "kind text: ≥2 distinct, rare .. usual, mostly usual 99%, rare 1.0%" in found


async def test_a_large_table_that_has_changed_is_sampled_from_all_of_it(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    """The engine knows about how many rows there are, and not which: VACUUM counts, and ANALYZE looks."""
    postgresql_database.run(LARGE.replace("60000", "200000"))
    postgresql_database.run("VACUUM large")
    postgresql_database.grant_reader()
    async with running(postgresql_database.reader_url) as runtime:
        found = await lines(runtime, "large")
    (over,) = (line for line in found if line.startswith("of a sample of "))
    assert over.endswith(" rows of ~200000:")
    (identity,) = (line for line in found if line.startswith("id "))
    least, _, greatest = identity.partition("no value twice, ")[2].partition(" .. ")
    assert int(greatest) - int(least) > 100_000


EVERY_KIND = """
CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN positive AS integer CHECK (value > 0);
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE kinds (e mood, a integer[], j json, jb jsonb, bin bytea, i interval, b boolean, p pair, n numeric,
  d positive, u uuid, r int4range, t timestamptz,
  g integer GENERATED ALWAYS AS (length(body)) STORED, body text, m money);
INSERT INTO kinds (e, a, j, jb, bin, i, b, p, n, d, u, r, t, body, m) VALUES
  ('sad', '{1,2}', ('{"long": "' || repeat('x', 500) || '"}')::json, '[1]', '\\x010203', '1 day 02:03:04', true,
   '(1,"x, y")', 'NaN', 1, '00000000-0000-0000-0000-000000000001', '[1,5)', '2024-01-01 UTC', repeat('long ', 100), 12),
  ('happy', '{}', '{}', '[]', '\\x', '-1 mons', false, NULL, 1e30, 2, NULL, 'empty', 'infinity', 'short', -3),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0044-03-15 BC', NULL, NULL);
"""


@pytest.mark.parametrize("analyzed", [False, True])
async def test_values_of_every_kind_are_told_short(
    postgresql_database: engines.PostgresqlDatabase, *, analyzed: bool
) -> None:
    postgresql_database.run(EVERY_KIND)
    if analyzed:
        postgresql_database.run("ANALYZE")
    postgresql_database.grant_reader()
    async with running(postgresql_database.reader_url) as runtime:
        found = await lines(runtime, "kinds")
    by_name = {line.partition(" ")[0]: line.partition(": ")[2] for line in found[5:]}
    assert "3 bytes" in found[2]
    assert "1 day 02:03:04" in found[2]
    assert max(len(line) for line in found) < 600
    assert by_name["e"] == by_name["a"] == by_name["i"] == "33% null, unique"
    assert by_name["j"] == "33% null, unique" if analyzed else "33% null, ≥2 distinct"
    assert by_name["bin"] == "33% null, unique, 0 .. 3"
    assert by_name["n"].endswith("1000000000000000000000000000000")
    assert by_name["d"] == "33% null, unique, 1 .. 2"
    assert by_name["g"] == "33% null, unique, 5 .. 500"
    assert by_name["t"] == "unique"
    assert by_name["p"] == "67% null, unique"


async def test_a_table_of_1600_columns_is_read_and_cut(postgresql_database: engines.PostgresqlDatabase) -> None:
    columns = ", ".join(f'"a column of quite some length that is number {n:04}" integer' for n in range(1600))
    postgresql_database.run(f"CREATE TABLE wide ({columns}); INSERT INTO wide SELECT FROM generate_series(1, 100)")
    postgresql_database.grant_reader()
    async with running(postgresql_database.reader_url) as runtime:
        reply = await shape_of_tables(runtime, ["wide"])
        assert len(reply.text.encode()) <= 40_000
        assert "of the first 62 rows:" in reply.text
        assert "more lines left off" in reply.text
        reader = postgresql_database.reader
        postgresql_database.run(f'REVOKE SELECT ON wide FROM "{reader}"')
        names = ", ".join(f'"a column of quite some length that is number {n:04}"' for n in range(1, 1600))
        postgresql_database.run(f'GRANT SELECT ({names}) ON wide TO "{reader}"')
    async with running(postgresql_database.reader_url) as runtime:
        text = (await shape_of_tables(runtime, ["wide"])).text
        assert "number 0000" not in text
        assert "number 0001" in text


async def test_a_role_that_may_read_some_columns_is_told_of_those(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE TABLE t AS SELECT g AS a, 'hidden' || g % 3 AS b, g % 2 AS c"
        " FROM generate_series(1, 20000) AS g; CREATE TABLE shut AS SELECT 'hidden' AS a"
    )
    reader = postgresql_database.reader
    postgresql_database.run(f'GRANT SELECT (a, c) ON t TO "{reader}"')
    for analyzed in (False, True):
        if analyzed:
            postgresql_database.run("ANALYZE")
        async with running(postgresql_database.reader_url) as runtime:
            found = await lines(runtime, "t")
            assert found[1] == "a,c"
            assert "hidden" not in "\n".join(found)
            assert analyzed is any("ANALYZE" in line for line in found)
            assert await told(runtime, "shut") == "shut: this role may not read it"


async def told(runtime: Runtime, table: str) -> str:
    try:
        return (await shape_of_tables(runtime, [table])).text
    except UnknownTable:
        return "unknown"


async def test_row_security_holds_for_samples_and_statistics(postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run(
        "CREATE TABLE t AS SELECT g AS a, CASE WHEN g <= 3 THEN 'open' ELSE 'hidden' END AS b"
        " FROM generate_series(1, 20000) AS g; ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY open ON t USING (a <= 3)"
    )
    postgresql_database.run("ANALYZE")
    postgresql_database.grant_reader()
    async with running(postgresql_database.reader_url) as runtime:
        found = await lines(runtime, "t")
    assert "b text: always open" in found
    assert "hidden" not in "\n".join(found)


async def test_a_partitioned_table_is_told_with_all_its_partitions(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        "CREATE TABLE p (a integer, b text) PARTITION BY RANGE (a);"
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (90000);"
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (90000) TO (180000);"
        "INSERT INTO p SELECT g, 'x' FROM generate_series(0, 179999) AS g"
    )
    # The partitions alone, as autovacuum does.
    postgresql_database.run("ANALYZE p1")
    postgresql_database.run("ANALYZE p2")
    postgresql_database.grant_reader()
    async with running(postgresql_database.reader_url) as runtime:
        await runtime.database(None).catalog()
        found = await lines(runtime, "p")
    assert any(line.startswith("of a sample of ") and line.endswith("rows of ~180000:") for line in found), found
    (told_of,) = (line for line in found if line.startswith("a integer"))
    assert int(told_of.rpartition(" .. ")[2]) > 90_000


async def test_what_is_too_expensive_is_said_and_the_others_are_told(
    postgresql_database: engines.PostgresqlDatabase,
) -> None:
    postgresql_database.run(
        LARGE + "CREATE TABLE t AS SELECT 1 AS a; CREATE VIEW v AS SELECT 1 / (a - 1) AS z FROM t;"
        "CREATE VIEW pairs AS SELECT a.id FROM large AS a, large AS b ORDER BY a.doc"
    )
    postgresql_database.grant_reader()
    async with running(postgresql_database.reader_url, max_cost=100_000) as runtime:
        found = await lines(runtime, "pairs", "t", "v")
    assert found[0].startswith("pairs: its data could not be read: The estimated cost is ")
    assert "a integer: always 1" in found
    assert found[-1] == "v: its data could not be read: Division by zero."
