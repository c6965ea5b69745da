"""Operators of a database's own, written with a sign of the engine's, under a policy: their functions read past it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from dbmcp.errors import StatementRejected
from dbmcp.guard import approve
from dbmcp.guard.substitution import Substitution
from tests.engines import PostgresqlDatabase
from tests.policy.conftest import outcome, running

OWN = """
CREATE TYPE nick AS ENUM ('ann', 'bo');
CREATE TABLE person (id integer PRIMARY KEY, name nick, secret text);
INSERT INTO person VALUES (1, 'ann', 'qzx'), (2, 'bo', 'kjy');
CREATE FUNCTION tells(nick, nick) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $f$
DECLARE told text;
BEGIN SELECT max(secret) INTO told FROM public.person; RAISE EXCEPTION '%', told USING ERRCODE = '42000'; END $f$;
CREATE SCHEMA own;
GRANT USAGE ON SCHEMA own TO PUBLIC;
"""
SIGNS = ("=", "<>", "<", "<=", ">", ">=", "~~", "~")
DENIED: dict[str, Any] = {"tables": {"person": {"deny": ["secret"]}}}
PATH = "public, own"

# With each sign what uses it: it must be refused, and be answered where the operator vouches for the sign.
USES = (
    ("=", "SELECT name = 'ann' FROM person"),
    ("=", "SELECT id FROM person WHERE name IN ('ann', 'bo')"),
    ("=", "SELECT id FROM person WHERE name IN (SELECT name FROM person)"),
    ("=", "SELECT id FROM person WHERE name = ANY (ARRAY['ann'::nick])"),
    ("=", "SELECT id FROM person WHERE name = ALL (SELECT name FROM person)"),
    ("=", "SELECT id FROM person WHERE (id, name) = (SELECT 1, 'ann'::nick)"),
    ("=", "SELECT nullif(name, 'ann') FROM person"),
    ("=", "SELECT id FROM person WHERE name IS DISTINCT FROM 'ann'"),
    ("=", "SELECT id FROM person WHERE name IS NOT DISTINCT FROM 'ann'"),
    ("=", "SELECT CASE name WHEN 'ann' THEN 1 END FROM person"),
    ("=", "SELECT a.id FROM person AS a JOIN person AS b USING (name)"),
    ("=", "SELECT 1 FROM person AS a NATURAL JOIN person AS b"),
    ("<>", "SELECT id FROM person WHERE name NOT IN ('ann', 'bo')"),
    ("<>", "SELECT id FROM person WHERE name <> 'ann'"),
    ("<>", "SELECT id FROM person WHERE name != 'ann'"),
    (">=", "SELECT id FROM person WHERE name BETWEEN 'ann' AND 'bo'"),
    ("<=", "SELECT id FROM person WHERE name BETWEEN SYMMETRIC 'bo' AND 'ann'"),
    ("<", "SELECT id FROM person WHERE name NOT BETWEEN 'ann' AND 'bo'"),
    (">", "SELECT id FROM person WHERE name NOT BETWEEN SYMMETRIC 'bo' AND 'ann'"),
    ("<", "SELECT id FROM person ORDER BY name USING <"),
    ("~~", "SELECT id FROM person WHERE name LIKE 'a%'"),
    ("~", "SELECT id FROM person WHERE name SIMILAR TO 'a%'"),
)
# Nothing of these uses a sign of the database's own.
OTHERS = (
    "SELECT id FROM person WHERE name OPERATOR(pg_catalog.=) 'ann'",
    "SELECT id FROM person WHERE name::text OPERATOR(pg_catalog.~~) 'a%'",
    "SELECT CASE WHEN name OPERATOR(pg_catalog.=) 'ann' THEN 1 END FROM person",
    "SELECT name::text || '!', id + 1, id % 2 FROM person ORDER BY name",
    "SELECT count(*) FROM person GROUP BY name",
    "SELECT id FROM person WHERE name::text ILIKE 'a%' OR name::text !~ 'a'",
)


def with_operators(schema: str) -> str:
    made = "".join(
        f"CREATE OPERATOR {schema}.{sign} (LEFTARG = nick, RIGHTARG = nick, FUNCTION = tells);" for sign in SIGNS
    )
    return OWN + made


@pytest.mark.parametrize("sign, sql", USES)
def test_a_sign_that_may_be_the_databases_own_is_refused(sign: str, sql: str) -> None:
    known = frozenset({("public", "person")})
    policy = Substitution({}, {}, {"person": ("public", "person")}, known, operators=frozenset({sign}))
    with pytest.raises(
        StatementRejected, match=rf"The operator {re.escape(sign)} may be the database's own"
    ) as refusal:
        approve(sql, policy=policy)
    assert refusal.value.code == "policy"
    assert f"OPERATOR(pg_catalog.{sign})" in str(refusal.value)
    approve(sql, policy=replace(policy, operators=frozenset()))


async def test_every_use_of_such_a_sign_is_refused_unless_the_operator_vouches_for_it(
    database: PostgresqlDatabase,
) -> None:
    database.run(with_operators("own"))
    database.grant_reader()
    async with running(database.reader_url, DENIED, search_path=PATH) as runtime:
        for _, sql in USES:
            found = await outcome(runtime, sql)
            assert found.lines[0] == "policy", (sql, found.text)
            assert "qzx" not in found.text
    async with running(database.reader_url, DENIED, search_path=PATH, operators=list(SIGNS)) as runtime:
        for _, sql in USES:
            assert (await outcome(runtime, sql)).lines[0] != "policy", sql


async def test_what_is_the_engines_for_certain_is_answered(database: PostgresqlDatabase) -> None:
    database.run(with_operators("own"))
    database.grant_reader()
    async with running(database.reader_url, DENIED, search_path=PATH) as runtime:
        for sql in OTHERS:
            found = await outcome(runtime, sql)
            assert found.answered, (sql, found.text)


async def test_operators_off_the_path_do_not_count(database: PostgresqlDatabase) -> None:
    database.run(with_operators("own"))
    database.grant_reader()
    async with running(database.reader_url, DENIED) as runtime:
        for sign, sql in USES:
            # Enums are not compared with patterns.
            assert (await outcome(runtime, sql)).answered == ("~" not in sign), sql


async def test_without_a_policy_a_sign_is_a_sign(database: PostgresqlDatabase) -> None:
    database.run(with_operators("public"))
    database.grant_reader()
    async with running(database.reader_url) as runtime:
        assert (await outcome(runtime, "SELECT id FROM person WHERE id = 1")).lines[:2] == ("id", "1")


async def test_an_operator_made_since_is_noticed_with_the_next_look_at_the_catalog(
    database: PostgresqlDatabase,
) -> None:
    database.run(OWN)
    database.grant_reader()
    async with running(database.reader_url, DENIED, catalog_seconds=0) as runtime:
        sql = "SELECT id FROM person WHERE name = 'ann'"
        assert (await outcome(runtime, sql)).lines[:2] == ("id", "1")
        same = "CREATE FUNCTION same(pair, pair) RETURNS boolean LANGUAGE sql AS 'SELECT true'"
        database.run(f"CREATE TYPE pair AS (a int); {same}")
        database.run("CREATE OPERATOR = (LEFTARG = pair, RIGHTARG = pair, FUNCTION = same)")
        assert (await outcome(runtime, sql)).lines[0] == "policy"


async def test_operators_of_a_reviewed_extension_do_not_count(database: PostgresqlDatabase) -> None:
    """One of the two is at hand with every server of the tests; < and = of their types are theirs."""
    if not database.rows("SELECT FROM pg_available_extensions WHERE name IN ('vector', 'citext')"):
        pytest.fail("no extension is at hand")
    (name,) = database.rows("SELECT min(name) FROM pg_available_extensions WHERE name IN ('vector', 'citext')")[0]
    database.run(f'{OWN} CREATE EXTENSION "{name}"')
    database.grant_reader()
    async with running(database.reader_url, DENIED) as runtime:
        for sign in ("=", "<", "<>"):
            assert (await outcome(runtime, f"SELECT id FROM person WHERE name {sign} 'ann'")).answered
