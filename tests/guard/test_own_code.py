"""Functions of a database's own that have the name of a listed one: a bare call may mean them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from dbmcp.config import Settings
from dbmcp.errors import StatementRejected
from dbmcp.runtime import Runtime
from dbmcp.use_cases import Ask, run_sql
from tests.engines import PostgresqlDatabase

OWN = """
CREATE TABLE item (id integer, price double precision, feeling text);
INSERT INTO item VALUES (1, 2.345, 'calm');
CREATE TABLE visit (note text);
CREATE TYPE mood AS ENUM ('calm', 'cross');
CREATE FUNCTION noted(what text) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT pg_notify(''own'', what); SELECT what';
CREATE FUNCTION upper(mood) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT noted($1::text)';
CREATE FUNCTION lower(mood) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''low''';
CREATE FUNCTION round(double precision, integer) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT round($1::numeric, $2)';
CREATE FUNCTION step(text, mood) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT noted($2::text)';
CREATE AGGREGATE max(mood) (SFUNC = step, STYPE = text);
CREATE FUNCTION uuidv7(mood) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT noted($1::text)';
CREATE FUNCTION json_scalar(mood) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT noted($1::text)';
CREATE SCHEMA aside;
GRANT USAGE ON SCHEMA aside TO PUBLIC;
CREATE FUNCTION aside.left(mood, integer) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT public.noted($1::text)';
"""
MEANT = (
    "SELECT upper('calm'::mood)",
    "SELECT upper('x')",
    'SELECT "upper"(feeling::mood) FROM item',
    "SELECT id FROM item ORDER BY upper(feeling)",
    "SELECT max(feeling::mood) OVER () FROM item",
    "SELECT x FROM upper('calm') AS x",
    "SELECT ('calm'::mood).upper",
    "SELECT (i.feeling).max FROM item AS i",
)
OTHERS = (
    ("SELECT pg_catalog.upper('x') AS a", "X"),
    ("SELECT pg_catalog.max(price) AS a FROM item", "2.345"),
    ("SELECT lower('CALM') AS a", "calm"),
    ("SELECT lower('calm'::mood) AS a", "low"),
    ("SELECT round(price, 1) AS a FROM item", "2.3"),
    ("SELECT left('abc', 1) AS a", "a"),
    ("SELECT min(price) AS a FROM item", "2.345"),
    ("SELECT (feeling).lower AS a FROM item", "calm"),
)


@asynccontextmanager
async def serving(database: PostgresqlDatabase, **settings: Any) -> AsyncIterator[Runtime]:
    runtime = Runtime(Settings.model_validate({"databases": {"main": {"url": database.reader_url, **settings}}}))
    try:
        yield runtime
    finally:
        await runtime.close()


@pytest.fixture
def own(postgresql_database: PostgresqlDatabase) -> PostgresqlDatabase:
    postgresql_database.run(OWN)
    postgresql_database.grant_reader()
    return postgresql_database


@pytest.mark.parametrize("is_checked", [True, False])
async def test_a_volatile_function_is_not_called_by_the_name_of_a_listed_one(
    own: PostgresqlDatabase, *, is_checked: bool
) -> None:
    async with serving(own) as runtime:
        if is_checked:
            await runtime.check()
        for sql in MEANT:
            with pytest.raises(StatementRejected) as refusal:
                await run_sql(runtime, Ask(sql))
            assert refusal.value.code == "function_not_allowed", sql
            assert "may be a" in str(refusal.value)
            assert "databases.<name>.functions" in str(refusal.value)
        for sql, shown in OTHERS:
            assert (await run_sql(runtime, Ask(sql))).text == f"a\n{shown}\n", sql


async def test_the_refusal_says_how_the_engines_own_is_written(own: PostgresqlDatabase) -> None:
    async with serving(own) as runtime:
        with pytest.raises(
            StatementRejected, match=r"a volatile function .*\. Write pg_catalog\.upper for the engine's"
        ):
            await run_sql(runtime, Ask("SELECT upper('x')"))


async def test_the_operator_can_allow_it(own: PostgresqlDatabase) -> None:
    async with serving(own, functions=["upper"]) as runtime:
        assert (await run_sql(runtime, Ask("SELECT upper('calm'::mood) AS a"))).text == "a\ncalm\n"
        with pytest.raises(StatementRejected, match="max may be a volatile function"):
            await run_sql(runtime, Ask("SELECT max(feeling::mood) FROM item"))


async def test_a_schema_off_the_path_does_not_count_until_it_is_on_it(own: PostgresqlDatabase) -> None:
    async with serving(own, search_path="public, aside") as runtime:
        with pytest.raises(StatementRejected, match="left may be a volatile function"):
            await run_sql(runtime, Ask("SELECT left('abc', 1) AS a"))
    async with serving(own, search_path="pg_temp") as runtime:
        assert (await run_sql(runtime, Ask("SELECT upper('x') AS a"))).text == "a\nX\n"


async def test_grammar_that_older_servers_take_for_a_call_is_judged_as_one(own: PostgresqlDatabase) -> None:
    async with serving(own) as runtime:
        with pytest.raises(StatementRejected, match="json_scalar may be a volatile function"):
            await run_sql(runtime, Ask("SELECT json_scalar('calm')"))


async def test_one_made_after_the_start_is_known_with_the_next_look_at_the_catalog(own: PostgresqlDatabase) -> None:
    async with serving(own, catalog_seconds=0) as runtime:
        await runtime.check()
        sql = "SELECT reverse('ab') AS a"
        assert (await run_sql(runtime, Ask(sql))).text == "a\nba\n"
        own.run("CREATE FUNCTION reverse(mood) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT noted($1::text)'")
        await runtime.database(None).catalog()
        with pytest.raises(StatementRejected, match="reverse may be a volatile function"):
            await run_sql(runtime, Ask(sql))
