"""The policy on PostgreSQL, attacked: nothing hidden is told, by rows, by errors, or by whether there is one."""

from __future__ import annotations

import asyncio
import re

import pytest

from dbmcp.config import Settings
from dbmcp.runtime import Runtime
from tests.engines import PostgresqlDatabase
from tests.policy.conftest import Databases, attempts, judge, outcome, running

ATTEMPTS = attempts("postgresql")
# A change is looked for before each statement.
AT_ONCE = {"catalog_seconds": 0}


@pytest.mark.parametrize("expected, sql", ATTEMPTS, ids=[sql[:80] for _, sql in ATTEMPTS])
async def test_nothing_hidden_is_told(on_postgresql: Databases, expected: str, sql: str) -> None:
    await judge(on_postgresql, sql, expected)


PERSON = """
CREATE TABLE person (id integer PRIMARY KEY, name text);
INSERT INTO person VALUES (1, 'ann'), (2, 'qzx');
CREATE TABLE blocked (person_id integer, why text);
INSERT INTO blocked VALUES (2, 'qzx-why');
"""
NOT_BLOCKED = "id NOT IN (SELECT person_id FROM blocked)"


@pytest.mark.parametrize("blocked", [{"where": "false"}, {"mask": {"person_id": "null"}}, {"deny": ["why"]}])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM person",
        "SELECT name FROM person LEFT JOIN blocked ON false",
        "SELECT name FROM public.person WHERE NOT EXISTS (SELECT FROM blocked WHERE false)",
        "WITH blocked AS (SELECT 0 AS person_id) SELECT name FROM person, blocked",
        "SELECT person.name FROM person LEFT JOIN public.blocked ON false",
    ],
)
async def test_what_a_condition_reads_is_not_for_the_caller_to_choose(
    database: PostgresqlDatabase, blocked: dict[str, object], sql: str
) -> None:
    database.run(PERSON)
    database.grant_reader()
    policy = {"tables": {"person": {"where": NOT_BLOCKED}, "blocked": blocked}}
    async with running(database.reader_url, policy) as runtime:
        assert (await outcome(runtime, sql)).lines[1:] == ("ann", "")


async def test_what_a_mask_reads_is_not_for_the_caller_to_choose(database: PostgresqlDatabase) -> None:
    database.run(PERSON)
    database.grant_reader()
    mask = {"sql": "CASE WHEN id NOT IN (SELECT person_id FROM blocked) THEN name END"}
    policy = {"tables": {"person": {"mask": {"name": mask}}, "blocked": {"where": "false"}}}
    async with running(database.reader_url, policy) as runtime:
        found = await outcome(runtime, "SELECT person.name FROM person LEFT JOIN blocked ON false ORDER BY person.id")
    assert found.answered
    assert "qzx" not in found.text


NAMESAKES = PERSON + "CREATE SCHEMA other; CREATE TABLE other.person AS SELECT 7 AS id, 'eve'::text AS name;"


@pytest.mark.parametrize("governed", ["person", "other.person"])
@pytest.mark.parametrize(
    "sql, said",
    [
        ("SELECT a.id, b.id FROM public.person AS a, other.person AS b ORDER BY 1", None),
        ("SELECT p.id, person.id FROM person AS p JOIN other.person ON true ORDER BY 1", None),
        ("SELECT * FROM public.person, other.person", 'Table name "person" specified more than once'),
        ("SELECT * FROM person, other.person", 'Table name "person" specified more than once'),
        ("SELECT public.person.id, other.person.id FROM public.person, other.person", "Give the table an alias"),
    ],
)
async def test_two_tables_of_one_name_need_an_alias(
    database: PostgresqlDatabase, governed: str, sql: str, said: str | None
) -> None:
    """As docs/policy.md says."""
    database.run(NAMESAKES)
    for schema in ("public", "other"):
        database.grant_reader(schema)
    async with running(database.reader_url, {"tables": {governed: {"mask": {"name": "redact"}}}}) as runtime:
        found = await outcome(runtime, sql)
    assert said in found.text if said else found.lines[1:] == ("1,7", "2,7", "")


async def test_views_made_or_changed_after_the_start_are_refused(database: PostgresqlDatabase) -> None:
    database.run(PERSON + "CREATE VIEW shown AS SELECT why AS name FROM blocked;")
    database.grant_reader()
    policy = {"tables": {"person": {"where": "id = 1"}}}
    async with running(database.reader_url, policy, **AT_ONCE) as runtime:
        assert (await outcome(runtime, "SELECT * FROM shown")).answered
        database.run("CREATE VIEW later AS SELECT name FROM person; CREATE VIEW far AS SELECT * FROM later;")
        database.run(
            "CREATE OR REPLACE VIEW shown AS SELECT name FROM person; CREATE TABLE child () INHERITS (person);"
        )
        database.grant_reader()
        for name in ("later", "far", "shown", "child"):
            assert not (await outcome(runtime, f"SELECT * FROM {name}")).answered


async def test_a_new_column_is_shown_and_a_lost_one_ends_every_answer(database: PostgresqlDatabase) -> None:
    """As docs/policy.md says: a policy names what is hidden, and one that does not fit any more answers nothing."""
    database.run(PERSON)
    database.grant_reader()
    policy = {"tables": {"person": {"mask": {"name": "redact"}}}}
    async with running(database.reader_url, policy, **AT_ONCE) as runtime:
        assert (await outcome(runtime, "SELECT * FROM person")).lines[0] == "id,name"
        database.run("ALTER TABLE person ADD COLUMN age integer DEFAULT 7")
        assert (await outcome(runtime, "SELECT * FROM person")).lines[:2] == ("id,name,age", "1,***,7")
        database.run("ALTER TABLE person RENAME COLUMN name TO called")
        for sql in ("SELECT * FROM person", "SELECT * FROM blocked", "SELECT 1"):
            assert (await outcome(runtime, sql)).lines[0] == "config_error"


async def test_a_table_that_was_renamed_is_not_open_under_its_new_name(database: PostgresqlDatabase) -> None:
    database.run(PERSON)
    database.grant_reader()
    async with running(database.reader_url, {"tables": {"person": {"where": "id = 1"}}}, **AT_ONCE) as runtime:
        database.run("ALTER TABLE person RENAME TO people")
        assert (await outcome(runtime, "SELECT * FROM people")).lines[0] == "config_error"


async def test_a_table_made_after_the_start_is_denied_by_its_pattern(database: PostgresqlDatabase) -> None:
    database.run("CREATE TABLE secret_first (id integer)")
    database.grant_reader()
    async with running(database.reader_url, {"deny_tables": ["secret_*"]}, **AT_ONCE) as runtime:
        database.run("CREATE TABLE secret_second AS SELECT 'qzx' AS what")
        database.grant_reader()
        assert not (await outcome(runtime, "SELECT * FROM secret_second")).answered


async def test_a_bare_name_means_what_the_search_path_says(database: PostgresqlDatabase) -> None:
    database.run(PERSON + "CREATE SCHEMA other; CREATE TABLE other.person AS SELECT 'open' AS name;")
    database.grant_reader()
    database.grant_reader("other")
    policy = {"tables": {"public.person": {"where": "id = 1"}}}
    async with running(database.reader_url, policy, search_path="other, public") as runtime:
        assert (await outcome(runtime, "SELECT name FROM person")).lines[1] == "open"
        assert (await outcome(runtime, "SELECT name FROM public.person")).lines[1:] == ("ann", "")


async def test_a_search_path_changed_after_the_start_opens_nothing(database: PostgresqlDatabase) -> None:
    """New connections of the pool come with the role's new path; what a bare name means was learnt on an old one."""
    database.run(PERSON + "CREATE SCHEMA other; CREATE TABLE other.person AS SELECT 'open' AS name;")
    database.grant_reader()
    database.grant_reader("other")
    database.run(f'ALTER ROLE "{database.reader}" SET search_path = other, public')
    async with running(database.reader_url, {"tables": {"public.person": {"where": "id = 1"}}}) as runtime:
        assert (await outcome(runtime, "SELECT name FROM person")).lines[1] == "open"
        database.run(f'ALTER ROLE "{database.reader}" SET search_path = public')
        found = await asyncio.gather(*(outcome(runtime, f"SELECT name, {n} FROM person") for n in range(8)))
    assert [item.text for item in found if "qzx" in item.text] == []


async def test_masks_take_columns_of_every_type(database: PostgresqlDatabase) -> None:
    types = ("json", "jsonb", "point", "text[]", "bytea", "int4range", "interval", "boolean", "char(9)", "tsvector")
    columns = ", ".join(f"c{n} {kind}" for n, kind in enumerate(types))
    database.run(
        f"CREATE TABLE odd ({columns}); INSERT INTO odd DEFAULT VALUES;"
        """INSERT INTO odd VALUES ('"qzx"', '"qzx"', '(7,7)', '{qzx}', 'qzx', '[1,2]', '1 day', true, 'qzx', 'qzx')"""
    )
    database.grant_reader()
    for mask in ("null", "hash", "partial", "redact"):
        policy = {"tables": {"odd": {"mask": {f"c{n}": mask for n in range(len(types))}}}}
        async with running(database.reader_url, policy) as runtime:
            found = await outcome(runtime, "SELECT * FROM odd")
        assert found.answered
        assert "," * (len(types) - 1) in found.lines
        assert ("***" in found.text) == (mask in ("partial", "redact"))
        assert "qzx" not in found.text


@pytest.mark.parametrize("mask", ["name::integer", "name::jsonb ->> 'a'", "to_tsquery(name)", "name::regclass::text"])
async def test_a_mask_that_fails_repeats_no_value(database: PostgresqlDatabase, mask: str) -> None:
    database.run(
        PERSON + "UPDATE person SET name = 'qzx qzx' WHERE id = 2; UPDATE person SET name = 'qzx' WHERE id = 1;"
    )
    database.grant_reader()
    # No row is asked for at the start: the mask fails later.
    policy = {"tables": {"person": {"mask": {"name": {"sql": f"CASE WHEN id > 0 THEN ({mask})::text END"}}}}}
    runtime = Runtime(Settings(databases={"main": {"url": database.reader_url, "policy": policy}}))
    try:
        found = await outcome(runtime, "SELECT name FROM person")
    finally:
        await runtime.close()
    assert not found.answered
    assert "qzx" not in found.text


async def test_an_error_names_no_wrong_place(database: PostgresqlDatabase) -> None:
    """The engine counts places in what ran, which begins with the policy's views."""
    database.run(PERSON)
    database.grant_reader()
    async with running(database.reader_url, {"tables": {"person": {"where": "id = 1"}}}) as runtime:
        found = await outcome(runtime, "SELECT nosuch FROM person WHERE true" + " AND true" * 200)
    assert "nosuch" in found.text
    assert "column 8)" in found.text or "line" not in found.text


@pytest.mark.parametrize("bound", [{"max_cost": 1}, {"max_estimated_rows": 1}])
async def test_a_bound_on_the_cost_tells_no_figures(database: PostgresqlDatabase, bound: dict[str, int]) -> None:
    """They count what is hidden too."""
    database.run(PERSON + "INSERT INTO person SELECT n, 'qzx' FROM generate_series(3, 700) AS n; ANALYZE person;")
    database.grant_reader()
    async with running(database.reader_url, {"tables": {"person": {"where": "id < 300"}}}, **bound) as runtime:
        found = await outcome(runtime, "SELECT * FROM person")
    assert found.lines[0] == "too_expensive"
    assert set(re.findall(r"\d+", found.text)) <= {"1"}


async def test_a_policy_on_a_view_governs_the_view(database: PostgresqlDatabase) -> None:
    database.run(PERSON + "CREATE VIEW shown AS SELECT id, name FROM person; CREATE VIEW far AS SELECT * FROM shown;")
    database.grant_reader()
    async with running(database.reader_url, {"tables": {"shown": {"mask": {"name": "redact"}}}}) as runtime:
        assert (await outcome(runtime, "SELECT name FROM shown")).lines[1:] == ("***", "***", "")
        assert not (await outcome(runtime, "SELECT name FROM far")).answered
        assert (await outcome(runtime, "SELECT name FROM person WHERE id = 2")).lines[1] == "qzx"


async def test_a_look_up_by_an_index_stays_one_without_a_condition(database: PostgresqlDatabase) -> None:
    """What dbmcp runs is planned by a connection of the test's own."""
    database.run(
        "CREATE TABLE big (id integer PRIMARY KEY, name text, code text); CREATE INDEX ON big (code);"
        "INSERT INTO big SELECT n, 'n' || n, 'c' || n FROM generate_series(1, 20000) AS n; ANALYZE big;"
    )
    database.grant_reader()
    policy: dict[str, object] = {"tables": {"big": {"mask": {"name": "hash"}}}}
    for sql in ("SELECT * FROM big WHERE id = 77", "SELECT name FROM public.big AS b WHERE b.code = 'c77'"):
        assert "Index Scan" in await plan_of(database, policy, sql)
    assert "CTE Scan" in await plan_of(database, {"tables": {"big": {"where": "id > 0"}}}, "SELECT * FROM big")


async def plan_of(database: PostgresqlDatabase, policy: dict[str, object], sql: str) -> str:
    settings = Settings(databases={"main": {"url": database.reader_url, "policy": policy}})
    runtime = Runtime(settings)
    try:
        query = await runtime.approve(sql, runtime.database(None))
    finally:
        await runtime.close()
    return "\n".join(
        str(line) for (line,) in database.rows(f"EXPLAIN {query.prelude}SELECT * FROM ({query.text}) AS q")
    )


OWN_FUNCTIONS = """
CREATE TABLE person (id integer PRIMARY KEY, secret text);
INSERT INTO person VALUES (1, 'qzx');
CREATE FUNCTION abs(text) RETURNS text LANGUAGE sql AS 'SELECT max(secret) FROM public.person';
CREATE FUNCTION uuidv7(integer) RETURNS text LANGUAGE sql AS 'SELECT max(secret) FROM public.person';
CREATE FUNCTION "json_scalar"(integer) RETURNS text LANGUAGE sql AS 'SELECT max(secret) FROM public.person';
"""


@pytest.mark.parametrize(
    "sql", ["SELECT abs('x'::text)", "SELECT uuidv7(1)", "SELECT json_scalar(1)", "SELECT x FROM abs('x'::text) AS x"]
)
async def test_a_function_of_the_databases_own_is_not_called_by_the_name_of_an_allowed_one(
    database: PostgresqlDatabase, sql: str
) -> None:
    database.run(OWN_FUNCTIONS)
    database.grant_reader()
    async with running(database.reader_url, {"tables": {"person": {"deny": ["secret"]}}}) as runtime:
        assert "policy" in str(await outcome(runtime, sql))
        assert (await outcome(runtime, "SELECT pg_catalog.abs(-1) AS a")).lines[:2] == ("a", "1")
        assert (await outcome(runtime, "SELECT length('abc') AS a")).lines[:2] == ("a", "3")
