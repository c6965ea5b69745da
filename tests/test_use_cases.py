"""The use cases on a real file: what each returns, what it refuses, and the one event it reports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from dbmcp.config import Settings
from dbmcp.database import DatabaseSettings
from dbmcp.errors import (
    DbmcpError,
    InvalidParameter,
    QueryFailed,
    QueryTimeout,
    StatementRejected,
    UnknownDatabase,
    UnknownTable,
)
from dbmcp.events import RequestEnded
from dbmcp.limits import Limits
from dbmcp.observers import OBSERVERS
from dbmcp.runtime import Runtime
from dbmcp.use_cases import (
    Ask,
    check_sql,
    describe_database,
    describe_tables,
    judge,
    list_databases,
    run_sql,
    search_schema,
)
from tests import engines

SCHEMA = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customer VALUES (1, 'a'), (2, 'b'), "
    "(3, 'c');"
    "CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer);"
)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 - 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return engines.build_sqlite_file(tmp_path / "shop.db", SCHEMA)


@pytest.fixture
async def runtime(path: Path) -> AsyncIterator[Runtime]:
    """Open a runtime of one database, with small limits."""
    database = DatabaseSettings.model_validate({"url": str(path), "description": "the shop"})
    runtime = Runtime(
        Settings(databases={"shop": database}, limits=Limits(rows=2, max_rows=3, bytes=1_000, seconds=0.3))
    )
    yield runtime
    await runtime.close()


@pytest.fixture
def events() -> Iterator[list[RequestEnded]]:
    """Keep what is reported while a test runs."""
    heard: list[RequestEnded] = []
    OBSERVERS["test"] = heard.append
    yield heard
    del OBSERVERS["test"]


async def test_a_read_is_answered_and_reported_once(runtime: Runtime, events: list[RequestEnded]) -> None:
    reply = await run_sql(runtime, Ask("SELECT id FROM customer ORDER BY id"))
    assert reply.text == "id\n1\n2\n"
    assert reply.rows == 2
    assert reply.notice is not None
    assert reply.notice.startswith("Cut to 2 rows; there are more. Use a limit of up to 3,")
    (event,) = events
    assert (event.action, event.code, event.rows, event.bytes) == ("query", "ok", 2, len(reply.text))


@pytest.mark.parametrize(
    "ask, error, code",
    [
        (Ask("DELETE FROM customer"), StatementRejected, "write"),
        (Ask("SELECT (1"), StatementRejected, "syntax_error"),
        (Ask("SELECT nope FROM customer"), QueryFailed, "query_failed"),
        (Ask("SELECT 1", format="xml"), InvalidParameter, "invalid_parameter"),
        (Ask("SELECT 1", limit=0), InvalidParameter, "invalid_parameter"),
        (Ask("SELECT 1", database="nope"), UnknownDatabase, "unknown_database"),
        (Ask(ENDLESS), QueryTimeout, "query_timeout"),
    ],
)
async def test_a_refusal_is_reported_with_its_code(
    runtime: Runtime, events: list[RequestEnded], ask: Ask, error: type[DbmcpError], code: str
) -> None:
    with pytest.raises(error):
        await run_sql(runtime, ask)
    (event,) = events
    assert (event.code, event.rows, event.bytes) == (code, None, None)


async def test_names_that_were_meant_come_from_the_tables_of_the_statement(runtime: Runtime) -> None:
    with pytest.raises(QueryFailed, match="Did you mean customer_id") as caught:
        await run_sql(runtime, Ask("SELECT custmer_id FROM invoice"))
    assert caught.value.missing == ("column", "custmer_id")
    with pytest.raises(QueryFailed, match="Did you mean invoice"):
        await run_sql(runtime, Ask("SELECT 1 FROM invoise"))


async def test_a_verdict_is_the_same_when_it_is_remembered(runtime: Runtime) -> None:
    first = await run_sql(runtime, Ask("SELECT count(*) AS n FROM customer"))
    second = await run_sql(runtime, Ask("SELECT count(*) AS n FROM customer"))
    assert first == second
    for _ in range(2):
        with pytest.raises(StatementRejected):
            await run_sql(runtime, Ask("DROP TABLE customer"))


async def test_a_dry_run_runs_nothing(runtime: Runtime, events: list[RequestEnded]) -> None:
    reply = await check_sql(runtime, Ask(ENDLESS))
    assert reply.text.startswith("approved")
    assert "limits: 2 rows, 1000 bytes, 0.3 s" in reply.text
    assert events[0].action == "check"
    with pytest.raises(StatementRejected):
        await check_sql(runtime, Ask("DELETE FROM customer"))


def test_a_verdict_needs_no_database() -> None:
    assert judge("SELECT lower(a) FROM t", "postgresql").text == "approved; reads t; calls lower"
    with pytest.raises(StatementRejected):
        judge("DROP TABLE t", "sqlite")


async def test_a_search_says_when_nothing_matches(runtime: Runtime) -> None:
    assert (await search_schema(runtime, "zzzz")).text == "No table matches 'zzzz'; there are 2 in all."
    assert (await search_schema(runtime)).text.splitlines() == ["customer", "invoice"]
    assert "customer_id>customer.id" in (await search_schema(runtime, "invoices")).text
    assert (await search_schema(runtime, offset=1)).text == "invoice"
    assert (await search_schema(runtime, "main.*")).text.splitlines() == ["customer", "invoice"]
    assert (await search_schema(runtime, offset=2)).text == "There are 2; an offset of 2 is behind the last."
    assert (await search_schema(runtime, "x" * 300)).text.count("x") == 100


async def test_an_empty_database_is_said_to_be_empty(tmp_path: Path) -> None:
    path = engines.build_sqlite_file(tmp_path / "empty.db", "CREATE TABLE t (a int); DROP TABLE t")
    runtime = Runtime(Settings(databases={"empty": DatabaseSettings.model_validate({"url": str(path)})}))
    try:
        assert (await search_schema(runtime)).text == "There are no tables."
        assert (await search_schema(runtime, "x")).text == "There are no tables."
        assert (await describe_database(runtime, "empty")).text == "There are no tables."
    finally:
        await runtime.close()


async def test_tables_are_described_one_in_detail_and_several_in_lines(runtime: Runtime) -> None:
    one = (await describe_tables(runtime, ["invoice"])).text
    assert one.startswith("CREATE TABLE invoice (\n")
    both = (await describe_tables(runtime, ["customer", "invoice"])).text
    assert [line.partition("(")[0] for line in both.splitlines()[2:4]] == ["customer", "invoice"]
    assert both.endswith("-- joins\ninvoice.customer_id = customer.id")
    for detail, beginning in (("lines", "-- * primary"), ("ddl", "CREATE TABLE customer ("), ("json", '{"tables":[')):
        shown = (await describe_tables(runtime, ["customer", "invoice"], detail=detail)).text
        assert shown.startswith(beginning)
    with pytest.raises(InvalidParameter, match=r"one of lines, ddl, json\. Did you mean lines"):
        await describe_tables(runtime, ["customer"], detail="line")
    with pytest.raises(UnknownTable, match="Did you mean invoice"):
        await describe_tables(runtime, ["customer", "invoce"])


async def test_a_table_named_twice_is_shown_once(runtime: Runtime) -> None:
    assert (await describe_tables(runtime, ["invoice", "main.invoice"])).text.startswith("CREATE TABLE invoice (\n")


async def test_a_database_is_described_by_schema(runtime: Runtime) -> None:
    whole = await describe_database(runtime, "shop")
    assert whole == await describe_database(runtime, "shop", "main")
    with pytest.raises(UnknownTable, match="Did you mean main"):
        await describe_database(runtime, "shop", "mian")


async def test_the_databases_are_listed_with_their_descriptions(runtime: Runtime) -> None:
    assert (await list_databases(runtime)).text == "shop (sqlite) -- the shop"


async def test_several_databases_must_be_named(path: Path) -> None:
    database = DatabaseSettings.model_validate({"url": str(path)})
    runtime = Runtime(Settings(databases={"one": database, "two": database}))
    try:
        with pytest.raises(UnknownDatabase, match="Name one of one, two"):
            await run_sql(runtime, Ask("SELECT 1"))
        assert (await run_sql(runtime, Ask("SELECT 1 AS a", database="two"))).text == "a\n1\n"
    finally:
        await runtime.close()
