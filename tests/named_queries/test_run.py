"""Calls of named queries on real engines: what is answered, refused, kept and counted."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dbmcp.config import Settings
from dbmcp.errors import Forbidden, InvalidParameter, QueryFailed, RateLimited, StatementRejected, UnknownQuery
from dbmcp.events import RequestEnded
from dbmcp.named_queries.model import LibraryError
from dbmcp.observers import OBSERVERS
from dbmcp.principal import Principal
from dbmcp.runtime import Runtime
from dbmcp.server.tools import TOOLS
from dbmcp.use_cases import find_query, run_named_query
from tests import engines
from tests.named_queries.files import sql_file, write

SHOP = (
    "CREATE TABLE orders (id integer PRIMARY KEY, store integer, total numeric, ordered_on date, note text);"
    "INSERT INTO orders VALUES (1, 1, 9.5, '2026-01-01', 'a'), (2, 1, 20, '2026-02-01', 'b'), "
    "(3, 2, 7.25, '2026-03-01', NULL);"
)
ORDERS = sql_file(
    '[parameters.store]\ntype = "integer"\noptional = true\n'
    '[parameters.since]\ntype = "date"\noptional = true\n'
    '[parameters.sort]\ntype = "choice"\ndefault = "id"\noptions = { id = "id", dearest = "total DESC" }',
    "SELECT id FROM orders WHERE true\n  /*[*/ AND store = :store /*]*/\n  /*[*/ AND ordered_on >= :since /*]*/\n"
    "ORDER BY /*sort[*/ id /*]*/",
)


@asynccontextmanager
async def serving(
    folder: Path, url: str, database: dict[str, Any] | None = None, **settings: Any
) -> AsyncIterator[Runtime]:
    """Open a runtime on the queries of a folder, for one database called main."""
    databases = {"main": {"url": url, **(database or {})}}
    runtime = Runtime(Settings(databases=databases, queries=(str(folder),), **settings))
    try:
        await runtime.check()
        runtime.load_library()
        yield runtime
    finally:
        await runtime.close()


@pytest.fixture
def shop(tmp_path: Path) -> str:
    return str(engines.build_sqlite_file(tmp_path / "shop.db", SHOP))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "queries"


async def text(runtime: Runtime, name: str, caller: Principal | None = None, /, **given: Any) -> str:
    """Return the text of the reply to a call."""
    return (await run_named_query(runtime, name, given, caller)).text


async def judge_orders(runtime: Runtime) -> None:
    """Call the query with each set of its arguments."""
    assert await text(runtime, "orders") == "id\n1\n2\n3\n"
    assert await text(runtime, "orders", store=1) == "id\n1\n2\n"
    assert await text(runtime, "orders", since="2026-02-01", sort="dearest") == "id\n2\n3\n"
    assert await text(runtime, "orders", store=1, since="2026-02-01") == "id\n2\n"
    assert await text(runtime, "orders", store=None) == "id\n1\n2\n3\n"


async def test_optional_parts_and_choices_make_the_text_that_runs_on_sqlite(folder: Path, shop: str) -> None:
    write(folder, "orders", ORDERS)
    async with serving(folder, shop) as runtime:
        await judge_orders(runtime)


async def test_optional_parts_and_choices_make_the_text_that_runs_on_postgresql(
    folder: Path, postgresql_database: engines.PostgresqlDatabase
) -> None:
    postgresql_database.run(SHOP)
    postgresql_database.grant_reader()
    write(folder, "orders", ORDERS)
    async with serving(folder, postgresql_database.reader_url) as runtime:
        await judge_orders(runtime)


async def test_a_policy_holds_for_named_queries_too(
    folder: Path, postgresql_database: engines.PostgresqlDatabase
) -> None:
    postgresql_database.run(SHOP)
    postgresql_database.grant_reader()
    write(folder, "orders", ORDERS)
    write(folder, "notes", sql_file('[parameters.id]\ntype = "integer"', "SELECT * FROM orders WHERE id >= :id"))
    write(folder, "denied", sql_file("", "SELECT note FROM orders"))
    policy = {"policy": {"tables": {"orders": {"deny": ["note"], "mask": {"total": "null"}, "where": "store = 1"}}}}
    async with serving(folder, postgresql_database.reader_url, policy) as runtime:
        assert await text(runtime, "orders") == "id\n1\n2\n"
        assert await text(runtime, "orders", store=2) == "id\n"
        assert await text(runtime, "notes", id=2) == "id,store,total,ordered_on\n2,1,,2026-02-01\n"
        with pytest.raises(QueryFailed):
            await text(runtime, "denied")


async def test_a_policy_on_sqlite_holds_for_named_queries_too(folder: Path, shop: str) -> None:
    write(folder, "notes", sql_file('[parameters.id]\ntype = "integer"', "SELECT * FROM orders WHERE id >= :id"))
    policy = {"policy": {"tables": {"orders": {"deny": ["note"], "where": "store = 1"}}}}
    async with serving(folder, shop, policy) as runtime:
        assert await text(runtime, "notes", id=2) == "id,store,total,ordered_on\n2,1,20,2026-02-01\n"


async def test_a_claim_fills_its_parameter_from_the_settings_or_the_caller(folder: Path, shop: str) -> None:
    claim = '[parameters.mine]\ntype = "integer"\nclaim = "store"'
    write(folder, "mine", sql_file(claim, "SELECT id FROM orders WHERE store = :mine ORDER BY id"))
    async with serving(folder, shop, claims={"store": 2}) as runtime:
        assert await text(runtime, "mine") == "id\n3\n"
        assert await text(runtime, "mine", Principal("anna", {"store": 1})) == "id\n1\n2\n"
        with pytest.raises(Forbidden, match="needs the claim 'store'"):
            await text(runtime, "mine", Principal("ben"))
        with pytest.raises(InvalidParameter, match="There is no parameter 'mine'"):
            await text(runtime, "mine", mine=1)


async def test_a_claim_that_the_engine_does_not_take_is_not_told_by_its_parameter(
    folder: Path, postgresql_database: engines.PostgresqlDatabase
) -> None:
    claim = '[parameters.tenant]\ntype = "string"\nclaim = "org"'
    write(folder, "mine", sql_file(claim, "SELECT CAST(:tenant AS integer) AS tenant"))
    async with serving(folder, postgresql_database.reader_url, claims={"org": "x"}) as runtime:
        with pytest.raises(Forbidden) as refused:
            await text(runtime, "mine")
        assert "tenant" not in str(refused.value)


async def test_a_scope_that_the_caller_lacks_is_refused(folder: Path, shop: str) -> None:
    write(folder, "q", sql_file('scopes = ["orders:read", "money:read"]'))
    async with serving(folder, shop) as runtime:
        assert await text(runtime, "q") == "one\n1\n"
        assert await text(runtime, "q", Principal("a", {}, frozenset({"orders:read", "money:read", "x"}))) == "one\n1\n"
        with pytest.raises(Forbidden, match="needs the scope 'money:read'"):
            await text(runtime, "q", Principal("b", {}, frozenset({"orders:read"})))


async def test_calls_beyond_the_rate_are_refused_for_each_caller_apart(folder: Path, shop: str) -> None:
    write(
        folder, "q", sql_file('rate = "2/day"\n[parameters.a]\ntype = "integer"\noptional = true', "SELECT :a AS one")
    )
    async with serving(folder, shop) as runtime:
        for _ in range(2):
            with pytest.raises(InvalidParameter):
                await text(runtime, "q", a="x")
            await text(runtime, "q")
        with pytest.raises(RateLimited, match=r"may be run 2 times a day. Try again in \d+ s") as refused:
            await text(runtime, "q")
        assert 0 < refused.value.retry_after_s <= 86_400
        await text(runtime, "q", Principal("another"))


async def test_a_reply_is_given_again_for_the_same_call_alone(folder: Path, shop: str) -> None:
    parameters = '[parameters.store]\ntype = "integer"\n[parameters.who]\ntype = "string"\nclaim = "who"'
    sql = "SELECT count(*) AS n, :who AS who FROM orders WHERE store = :store"
    write(folder, "kept", sql_file(f"cache_seconds = 3600\n{parameters}", sql))
    write(folder, "fresh", sql_file(parameters, sql))
    anna, ben = Principal("anna", {"who": "anna"}), Principal("ben", {"who": "ben"})
    async with serving(folder, shop) as runtime:
        assert await text(runtime, "kept", anna, store=1) == "n,who\n2,anna\n"
        with closing(sqlite3.connect(shop)) as writer:
            writer.execute("INSERT INTO orders VALUES (4, 1, 1, '2026-04-01', 'd')")
            writer.commit()
        assert await text(runtime, "kept", anna, store=1) == "n,who\n2,anna\n"
        assert await text(runtime, "kept", ben, store=1) == "n,who\n3,ben\n"
        assert await text(runtime, "kept", anna, store=2) == "n,who\n1,anna\n"
        assert await text(runtime, "fresh", anna, store=1) == "n,who\n3,anna\n"
        write(folder, "kept", sql_file(f"cache_seconds = 60\n{parameters}", sql))
        runtime.load_library()
        assert await text(runtime, "kept", anna, store=1) == "n,who\n3,anna\n"


async def test_values_that_are_equal_and_print_otherwise_are_other_calls(folder: Path, shop: str) -> None:
    write(folder, "q", sql_file('cache_seconds = 60\n[parameters.p]\ntype = "json"', "SELECT :p AS p"))
    async with serving(folder, shop) as runtime:
        assert [await text(runtime, "q", p=given) for given in (1, True, 1.0, "1")] == [
            "p\n1\n", "p\ntrue\n", "p\n1.0\n", 'p\n"""1"""\n',
        ]  # fmt: skip


async def test_limits_of_the_query_bound_its_reply_and_the_notice_says_what_helps(folder: Path, shop: str) -> None:
    write(folder, "rows", sql_file("limits = { rows = 2 }", "SELECT id FROM orders ORDER BY id"))
    write(folder, "bytes", sql_file("limits = { bytes = 1000 }", "SELECT hex(zeroblob(300)) AS x FROM orders"))
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 - 1 FROM n) SELECT count(*) FROM n"
    write(folder, "seconds", sql_file("limits = { seconds = 0.2 }", endless))
    async with serving(folder, shop) as runtime:
        reply = await run_named_query(runtime, "rows", {})
        assert (reply.text, reply.rows) == ("id\n1\n2\n", 2)
        assert reply.notice == "Cut to 2 rows; there are more. Narrower arguments show the rest."
        reply = await run_named_query(runtime, "bytes", {})
        assert reply.notice == "Cut to 1 rows: the reply is limited to 1000 bytes. Narrower arguments show the rest."
        with pytest.raises(Exception, match="it ran longer than allowed"):
            await run_named_query(runtime, "seconds", {})


async def test_a_relative_default_is_resolved_when_the_query_is_called(folder: Path, shop: str) -> None:
    header = '[parameters.day]\ntype = "date"\ndefault = "today - 1 day"\n'
    write(folder, "q", sql_file(header, "SELECT :day AS day"))
    async with serving(folder, shop) as runtime:
        before = datetime.now(UTC)
        found = (await text(runtime, "q")).split()[1]
        days = {(moment - timedelta(days=1)).date().isoformat() for moment in (before, datetime.now(UTC))}
        assert found in days


async def test_structured_output_is_json_that_fits_the_schema_learnt_from_the_engine(
    folder: Path, postgresql_database: engines.PostgresqlDatabase
) -> None:
    postgresql_database.run(SHOP)
    postgresql_database.grant_reader()
    header = 'output = "structured"\n[parameters.id]\ntype = "integer"'
    write(folder, "q", sql_file(header, "SELECT id, total, ordered_on FROM orders WHERE id = :id"))
    async with serving(folder, postgresql_database.reader_url) as runtime:
        await runtime.learn_outputs()
        row = runtime.output_schemas["q"]["properties"]["rows"]["items"]["properties"]
        assert {name: item["type"] for name, item in row.items()} == {
            "id": ["integer", "null"],
            "total": ["number", "string", "null"],
            "ordered_on": ["string", "null"],
        }
        reply = await run_named_query(runtime, "q", {"id": 1})
        assert reply.is_structured
        assert reply.text == '{"rows":[\n{"id":1,"total":9.5,"ordered_on":"2026-01-01"}\n]}'


async def test_a_query_whose_columns_cannot_be_learnt_is_served_without_a_schema(
    folder: Path, shop: str, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder, "q", sql_file('output = "structured"', "SELECT x FROM nowhere"))
    async with serving(folder, shop) as runtime:
        await runtime.learn_outputs()
        assert runtime.output_schemas == {}
    assert "the columns of the named query q are not known: No such table: nowhere" in caplog.text


async def test_a_name_that_is_no_query_comes_back_with_the_nearest(folder: Path, shop: str) -> None:
    write(folder, "late_orders", sql_file(""))
    async with serving(folder, shop) as runtime:
        with pytest.raises(UnknownQuery, match=r"There is no named query 'late_order'. Did you mean late_orders?"):
            await text(runtime, "late_order")
        with pytest.raises(UnknownQuery, match=r"There is no named query 'zzz'. Known are late_orders."):
            await text(runtime, "zzz")
        assert (await find_query(runtime, "orders late")).text == "late_orders() -- d"
        assert (await find_query(runtime, "zzz")).text == "No query matches 'zzz'; there are 1 in all."
        with pytest.raises(InvalidParameter):
            await find_query(runtime, "x" * 301)


async def test_a_call_is_reported_once_by_the_name_of_the_query(folder: Path, shop: str) -> None:
    write(folder, "q", sql_file(""))
    heard: list[RequestEnded] = []
    OBSERVERS["test"] = heard.append
    try:
        async with serving(folder, shop) as runtime:
            await text(runtime, "q")
            with pytest.raises(InvalidParameter):
                await text(runtime, "q", x=1)
    finally:
        del OBSERVERS["test"]
    assert [(event.action, event.code, event.rows) for event in heard] == [
        ("q", "ok", 1),
        ("q", "invalid_parameter", None),
    ]


async def test_a_query_of_several_databases_runs_on_the_one_that_is_named(folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        engines.build_sqlite_file(tmp_path / f"{name}.db", f"CREATE TABLE t (x); INSERT INTO t VALUES ('{name}')")
    write(folder, "q", sql_file('cache_seconds = 60\ndatabase = ["one", "two"]', "SELECT x FROM t"))
    databases = {name: {"url": str(tmp_path / f"{name}.db")} for name in ("one", "two")}
    runtime = Runtime(Settings(databases=databases, queries=(str(folder),)))
    try:
        runtime.load_library()
        assert [await text(runtime, "q", database=name) for name in ("one", "two")] == ["x\none\n", "x\ntwo\n"]
        for wrong in ({}, {"database": "three"}, {"database": ["one"]}, {"database": None}):
            with pytest.raises(InvalidParameter, match="'database' must be one of one, two"):
                await text(runtime, "q", **wrong)
    finally:
        await runtime.close()


async def test_a_library_that_does_not_load_leaves_the_one_of_before(folder: Path, shop: str) -> None:
    write(folder, "q", sql_file(""))
    async with serving(folder, shop) as runtime:
        before = runtime.library
        write(folder, "r", sql_file("", "DELETE FROM orders"))
        with pytest.raises(LibraryError):
            await asyncio.to_thread(runtime.load_library)
        assert runtime.library is before
        assert await text(runtime, "q") == "one\n1\n"


async def test_a_query_that_would_cost_too_much_with_its_arguments_is_refused(
    folder: Path, postgresql_database: engines.PostgresqlDatabase
) -> None:
    sql = "SELECT * FROM generate_series(1, :n) AS a (x)"
    write(folder, "q", sql_file('[parameters.n]\ntype = "integer"', sql))
    async with serving(folder, postgresql_database.reader_url, {"max_estimated_rows": 1_000}) as runtime:
        assert (await run_named_query(runtime, "q", {"n": 3})).rows == 3
        with pytest.raises(StatementRejected, match="rows are expected; at most 1000 are allowed"):
            await text(runtime, "q", n=100_000)


def test_a_server_without_named_queries_imports_nothing_of_them(shop: str) -> None:
    program = f"""
import sys
from dbmcp.config import load
from dbmcp.runtime import Runtime
from dbmcp.server.app import create_server
from dbmcp.server.tool_list import ToolList
runtime = Runtime(load(url={shop!r}))
create_server(runtime)
print(len(ToolList(runtime).page(None).tools), [name for name in sys.modules if name.startswith("dbmcp.named_queries")])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == f"{len(TOOLS)} []\n", done.stderr
