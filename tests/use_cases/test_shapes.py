"""The shape of data, on real engines: what is counted, what is cut, what is left out, and how long it may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from dbmcp.config import Settings
from dbmcp.errors import InvalidParameter, UnknownTable
from dbmcp.limits import Limits
from dbmcp.runtime import Runtime
from dbmcp.use_cases import describe_tables, shape_of_tables
from tests import engines

SMALL = """
CREATE TABLE person (id integer PRIMARY KEY, kind text, score integer, born date, note text, gone text);
INSERT INTO person VALUES (1, 'cat', 10, '2001-02-03', 'one, two', NULL), (2, 'dog', 9, '1999-12-31', NULL, NULL),
  (3, 'cat', -5, '2020-01-01', '', NULL), (4, 'cat', 100, NULL, 'one, two', NULL);
CREATE TABLE blank (a integer, b text);
CREATE VIEW cats AS SELECT id, kind FROM person WHERE kind = 'cat';
"""


@asynccontextmanager
async def running(url: str | Path, limits: Limits | None = None, **flags: Any) -> AsyncIterator[Runtime]:
    """Start a runtime of one database."""
    runtime = Runtime(
        Settings.model_validate({"databases": {"main": {"url": str(url), **flags}}, "limits": limits or Limits()})
    )
    try:
        yield runtime
    finally:
        await runtime.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Return a function that makes a database on each engine, and returns its URL for a reader."""
    if request.param == "sqlite":
        yield lambda sql: str(engines.build_sqlite_file(tmp_path / "test.sqlite", sql))
        return
    with engines.fresh_postgresql_database(request.getfixturevalue("postgresql_from_wheel")) as database:

        def on_postgresql(sql: str) -> str:
            database.run(sql)
            database.grant_reader()
            return database.reader_url

        yield on_postgresql


async def lines(runtime: Runtime, *tables: str) -> list[str]:
    return (await shape_of_tables(runtime, tables)).text.splitlines()


async def test_a_small_table_is_told_exactly(made: Callable[[str], str]) -> None:
    async with running(made(SMALL)) as runtime:
        assert await lines(runtime, "person") == [
            "person: 4 sample rows",
            "id,kind,score,born,note,gone",
            '1,cat,10,2001-02-03,"one, two",',
            "2,dog,9,1999-12-31,,",
            '3,cat,-5,2020-01-01,"",',
            '4,cat,100,,"one, two",',
            "of all 4 rows:",
            "id integer: unique, 1 .. 4",
            "kind text: 2 distinct, cat ×3, dog ×1",
            "score integer: unique, -5 .. 100",
            "born date: 25% null, unique, 1999-12-31 .. 2020-01-01",
            'note text: 25% null, 2 distinct, "one, two" ×2, "" ×1',
            "gone text: all NULL",
        ]


async def test_a_view_is_read_like_a_table_and_an_empty_one_is_said_to_be_empty(made: Callable[[str], str]) -> None:
    async with running(made(SMALL)) as runtime:
        found = await lines(runtime, "cats", "blank")
        assert found[0] == "cats: 3 sample rows"
        assert "kind text: always cat" in found
        assert found[-1] == "blank: no rows"


async def test_values_may_be_kept_out_of_replies(made: Callable[[str], str]) -> None:
    async with running(made(SMALL), samples=False) as runtime:
        found = await lines(runtime, "person")
    assert found == [
        "person: values are not shown (databases.main.samples = false)",
        "of all 4 rows:",
        "id integer: unique",
        "kind text: 2 distinct",
        "score integer: unique",
        "born date: 25% null, unique",
        "note text: 25% null, 2 distinct",
        "gone text: all NULL",
    ]


async def test_an_unknown_table_and_too_many_are_refused(made: Callable[[str], str]) -> None:
    async with running(made(SMALL)) as runtime:
        with pytest.raises(UnknownTable, match="Did you mean person"):
            await shape_of_tables(runtime, ["persn"])
        for tables in ([], ["person"] * 11):
            with pytest.raises(InvalidParameter, match="1 to 10 tables"):
                await shape_of_tables(runtime, tables)


async def test_more_rows_than_are_read_are_told_to_be_there(made: Callable[[str], str]) -> None:
    many = """CREATE TABLE many (n integer, m integer);
      INSERT INTO many WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 6000)
      SELECT n, n % 200 FROM g;"""
    async with running(made(many)) as runtime:
        found = await lines(runtime, "many")
    assert "of the first 5000 rows:" in found
    assert "n integer: no value twice, 1 .. 5000" in found
    assert "m integer: ≥200 distinct, 0 .. 199" in found


HOSTILE = ['a"b', "a.b", "a'b", "ORDER", "späße 😀", "x" * 63, ' "; DROP TABLE t; --', "a\\b", "%s $1 :x ?1", "a\tb"]


async def test_names_of_any_kind_are_read(made: Callable[[str], str]) -> None:
    quoted = ['"' + name.replace('"', '""') + '"' for name in HOSTILE]
    columns = ", ".join(f"{name} integer" for name in quoted)
    tables = "".join(f"CREATE TABLE {name} ({columns}); INSERT INTO {name} ({name}) VALUES (7);" for name in quoted)
    async with running(made(tables)) as runtime:
        for name, written in zip(HOSTILE, quoted, strict=True):
            found = await lines(runtime, written)
            assert "of the only row:" in found, found
            assert sum(line.endswith(": always 7") for line in found) == 1, found
            assert sum(line.endswith(": all NULL") for line in found) == len(HOSTILE) - 1, name


async def test_what_a_row_holds_stays_on_its_line(made: Callable[[str], str]) -> None:
    tricky = "a\u001b[31m\u202eb\u2028c"
    async with running(made(f"CREATE TABLE t (a text); INSERT INTO t VALUES ('{tricky}'), ('{'long ' * 5000}')")) as it:
        text = (await shape_of_tables(it, ["t"])).text
    assert not {"\u001b", "\u202e", "\u2028"} & set(text)
    assert len(text) < 500
    assert "…" in text


async def test_a_reply_stays_within_its_bytes_after_a_description(made: Callable[[str], str]) -> None:
    columns = ", ".join(f"column_{n} text" for n in range(300))
    row = ", ".join(f"'{'é' * 50}{n}'" for n in range(300))
    url = made(f"CREATE TABLE wide ({columns}); INSERT INTO wide VALUES ({row}); {SMALL}")
    async with running(url, Limits(bytes=4_000)) as runtime:
        described = await describe_tables(runtime, ["wide", "person"])
        reply = await shape_of_tables(runtime, ["wide", "person"], None, described)
    assert len(reply.text.encode()) <= 4_000
    assert "column_0" in reply.text
    assert "person: " in reply.text
    assert "lines left off" in reply.text


async def test_the_time_limit_holds_for_all_tables_together(made: Callable[[str], str]) -> None:
    endless = """CREATE TABLE t (a integer); INSERT INTO t VALUES (1); CREATE VIEW endless AS
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 - 1 FROM n) SELECT count(*) AS c FROM n;"""
    async with running(made(endless), Limits(seconds=0.4)) as runtime:
        found = await lines(runtime, "t", "endless")
        assert "a integer: always 1" in found
        assert found[-1].startswith("endless: its data could not be read: ")
        later = await lines(runtime, "endless", "t")
        assert later[0].startswith("endless: its data could not be read: ")


async def test_a_cancelled_look_leaves_the_connection_fit_for_others(made: Callable[[str], str]) -> None:
    endless = """CREATE VIEW endless AS
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 - 1 FROM n) SELECT count(*) AS c FROM n;"""
    async with running(made(endless + SMALL), pool={"size": 1, "overflow": 0}) as runtime:
        await shape_of_tables(runtime, ["person"])
        task = asyncio.create_task(shape_of_tables(runtime, ["endless"]))
        with anyio.move_on_after(0.3):
            await asyncio.shield(task)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with anyio.fail_after(10):
            assert "of all 4 rows:" in await lines(runtime, "person")


async def test_bytes_of_sqlite_are_told_by_their_number(sqlite_file: Callable[[str], Path]) -> None:
    path = sqlite_file(
        "CREATE TABLE t (b BLOB, any_value, g INTEGER GENERATED ALWAYS AS (length(b) * 2)); "
        "INSERT INTO t (b, any_value) VALUES (x'0102', x'01'), (zeroblob(300000), x'0203'), (NULL, NULL);"
        "CREATE VIRTUAL TABLE words USING fts5(body); INSERT INTO words VALUES ('hello');"
        "CREATE VIEW broken AS SELECT * FROM gone;"
    )
    async with running(path) as runtime:
        found = await lines(runtime, "t")
        assert "2 bytes,1 bytes,4" in found
        assert "300000 bytes,2 bytes,600000" in found
        assert "b blob (bytes): 33% null, unique, 2 .. 300000" in found
        assert any(line.startswith("any_value") and line.endswith(": 33% null, unique") for line in found)
        assert "body: always hello" in [line.replace(" any", "") for line in await lines(runtime, "words")]
        assert (await lines(runtime, "broken"))[0].startswith("broken: its data could not be read: ")
