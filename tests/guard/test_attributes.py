"""Functions of a database's own, written as columns: `(x).f` and `t.f` call them where there is no column f."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from dbmcp.config import Settings
from dbmcp.errors import QueryFailed, StatementRejected
from dbmcp.guard import approve
from dbmcp.runtime import Runtime
from dbmcp.use_cases import Ask, describe_tables, run_sql
from tests.corpus import schema
from tests.engines import PostgresqlDatabase

pytestmark = pytest.mark.anyio

CALLS = (
    "SELECT (name).note_visit FROM customer",
    "SELECT (c.name).note_visit FROM customer AS c",
    "SELECT (lower(name)).note_visit FROM customer",
    "SELECT (c).note_visit FROM customer AS c",
    "SELECT c.note_visit FROM customer AS c",
    "SELECT customer.note_visit FROM public.customer",
    "SELECT public.customer.note_visit FROM public.customer",
    "SELECT id FROM customer AS c ORDER BY (c.name).run",
    'SELECT (SELECT name FROM customer LIMIT 1)."note_visit"',
    "SELECT (ARRAY(SELECT name FROM customer))[1].visits",
    "SELECT (name).upper FROM customer",
    # A function in FROM that gives plain values has no columns: what is behind its name takes the value.
    "SELECT g.run FROM unnest(ARRAY['SELECT 1']) AS g",
    "SELECT g.run FROM unnest(ARRAY['SELECT 1']) AS g (x)",
    "SELECT unnest.run FROM unnest(ARRAY['SELECT 1'])",
    "SELECT x.run FROM CAST('SELECT 1' AS text) AS x",
    "SELECT x.run FROM coalesce('SELECT 1') AS x",
    "SELECT x.run FROM current_user AS x",
    "SELECT x.run FROM ROWS FROM (lower('SELECT 1')) AS x",
    "SELECT id FROM customer, LATERAL lower(name) AS x ORDER BY x.run",
    "SELECT (SELECT x.run) FROM pg_catalog.lower('SELECT 1') AS x",
)
COLUMNS = (
    "SELECT (home).city, (c.home).zip, (c).name, c.name, c.* FROM customer AS c",
    "SELECT (name).length, (balance).abs FROM customer",
    "SELECT (json_each('{}')).key",
    # A name of one's own on the list of functions calls the listed one as well, where nothing of it is volatile.
    "SELECT (name).lower FROM customer",
    "SELECT g, g.n, k.key, k.value FROM generate_series(1, 2) AS g (n), json_each('{}') AS k",
    "SELECT x.run FROM json_to_record('{}') AS x (run integer)",
    "SELECT x.run FROM (SELECT 1 AS run) AS x",
)


@asynccontextmanager
async def serving(database: PostgresqlDatabase, **settings: Any) -> AsyncIterator[Runtime]:
    runtime = Runtime(Settings.model_validate({"databases": {"inn": {"url": database.reader_url, **settings}}}))
    try:
        yield runtime
    finally:
        await runtime.close()


@pytest.fixture
def inn(postgresql_database: PostgresqlDatabase) -> PostgresqlDatabase:
    postgresql_database.run(schema("postgresql"))
    postgresql_database.grant_reader()
    return postgresql_database


@pytest.mark.parametrize("is_checked", [True, False])
async def test_a_function_of_the_databases_own_is_not_called_as_a_column(
    inn: PostgresqlDatabase, *, is_checked: bool
) -> None:
    async with serving(inn) as runtime:
        if is_checked:
            await runtime.check()
        for sql in CALLS:
            with pytest.raises(StatementRejected) as refusal:
                await run_sql(runtime, Ask(sql))
            assert (refusal.value.code, sql) == ("function_not_allowed", sql)
        for sql in COLUMNS:
            await run_sql(runtime, Ask(sql))


@pytest.mark.parametrize("policy", [{}, {"deny_tables": ["audit"]}])
async def test_a_function_that_takes_a_domain_over_rows_takes_rows(
    inn: PostgresqlDatabase, policy: dict[str, list[str]]
) -> None:
    inn.run("CREATE DOMAIN visitor AS customer; CREATE DOMAIN regular AS visitor")
    inn.run("CREATE FUNCTION told(visitor) RETURNS text LANGUAGE sql AS 'SELECT max(note) FROM public.audit'")
    inn.run("CREATE FUNCTION tells(regular, int DEFAULT 1) RETURNS text LANGUAGE sql AS 'SELECT public.told($1)'")
    async with serving(inn, policy=policy) as runtime:
        for sql in ("SELECT c.told FROM customer AS c", "SELECT customer.tells FROM public.customer"):
            with pytest.raises(StatementRejected, match=r"may be a function"):
                await run_sql(runtime, Ask(sql))


async def test_a_function_that_was_put_into_pg_catalog_is_no_function_of_the_engines(inn: PostgresqlDatabase) -> None:
    inn.run("CREATE FUNCTION pg_catalog.run_far(text) RETURNS text LANGUAGE sql AS 'SELECT public.run($1)'")
    async with serving(inn) as runtime:
        for sql in ("SELECT (name).run_far FROM customer", "SELECT x.run_far FROM CAST('SELECT 1' AS text) AS x"):
            with pytest.raises(StatementRejected, match=r"run_far may be a function"):
                await run_sql(runtime, Ask(sql))


async def test_an_operator_can_allow_a_function_that_is_written_as_a_column(inn: PostgresqlDatabase) -> None:
    inn.run("CREATE FUNCTION initial(who customer) RETURNS text STABLE LANGUAGE sql AS 'SELECT left($1.name, 1)'")
    async with serving(inn) as runtime:
        with pytest.raises(StatementRejected, match=r"databases\.<name>\.functions"):
            await run_sql(runtime, Ask("SELECT c.initial FROM customer AS c WHERE id = 1"))
    async with serving(inn, functions=["initial"]) as runtime:
        reply = await run_sql(runtime, Ask("SELECT c.initial FROM customer AS c WHERE id = 1"))
        assert reply.text.startswith("initial\n")


async def test_a_function_made_after_the_start_is_known_with_the_next_look_at_the_catalog(
    inn: PostgresqlDatabase,
) -> None:
    async with serving(inn, catalog_seconds=0) as runtime:
        await runtime.check()
        sql = "SELECT c.noted FROM customer AS c"
        with pytest.raises(QueryFailed):
            await run_sql(runtime, Ask(sql))
        inn.run("CREATE FUNCTION noted(who customer) RETURNS integer LANGUAGE sql AS 'SELECT note_visit($1.name)'")
        await describe_tables(runtime, ["customer"])
        with pytest.raises(StatementRejected, match="noted may be a function"):
            await run_sql(runtime, Ask(sql))


@pytest.mark.parametrize("value", ["1", "'me'", "'me'::text", "CAST('1' AS numeric(5, 2))", "ARRAY[1]", "true AND x"])
def test_behind_a_value_there_is_a_function_and_no_database_is_needed_to_tell(value: str) -> None:
    with pytest.raises(StatementRejected, match="my_function is not allowed"):
        approve(f"SELECT ({value}).my_function")
    assert "lower" in approve(f"SELECT ({value}).lower").functions


@pytest.mark.parametrize(
    "row", ["home", "c.home", "'(1)'::address", "ROW(1)::public.date", "f[1]", "(ARRAY[c])[1]", "lag(c) OVER w"]
)
def test_behind_what_may_be_a_row_there_may_be_a_column(row: str) -> None:
    assert approve(f"SELECT ({row}).city FROM customer AS c WINDOW w AS ()").has_attributes
