"""What is too long for a value is an error, and never NULL, whichever function made it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dbmcp.dialects.sqlite_connection import Connection
from dbmcp.dialects.sqlite_overflow import Loud, silent_functions
from dbmcp.errors import QueryFailed
from dbmcp.policy import Policy, PolicySettings
from tests.engines import build_sqlite_file

FILE = """
CREATE TABLE t (id integer PRIMARY KEY, body text, form text, code text AS (printf('%03d', id)));
INSERT INTO t (body, form) VALUES ('x', '%d'), (NULL, NULL);
CREATE TABLE long (body text);
INSERT INTO long VALUES (hex(zeroblob(1500000)));
CREATE INDEX by_code ON t (format('%05d', id));
CREATE VIEW codes AS SELECT id, printf('%s-%d', code, id) AS code FROM t;
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_sqlite_file(tmp_path_factory.mktemp("overflow") / "test.sqlite", FILE)


def opened(path: Path, policy: Policy | None = None) -> Connection:
    connection = sqlite3.connect(path, factory=Connection, isolation_level=None)
    return connection.lock_down(policy, frozenset())


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    with closing(opened(path)) as connection:
        yield connection


# {long} is a text of 3,000,000 bytes; a value may have 4 MiB, and less beside calls that are long at work.
TOO_LONG = (
    "printf('%s%s', {long}, {long})",
    "format('%s%s', {long}, {long})",
    'PRINTF ("%s", {long} || substr({long}, 1, 1190000)) || format("%20000s", 1)',
    "\"printf\"('%5000000d', 1)",
    "[format]('%.*c', 5000000, 'x')",
    "`printf`('%-5000000s|', 'x')",
    "printf('%05000000d', 1)",
    "printf('%.5000000f', 1.5)",
    "printf('%Q', replace({long}, '0', ''''))",
    "printf(form || '%5000000d', id, 1)",
    "length(printf('%5000000d', 1))",
    "printf('%s', printf('%5000000d', 1))",
    "printf(printf('%%%dd', 5000000), 1)",
    "coalesce(printf('%5000000d', 1), 'nothing')",
    "count(printf('%5000000d', 1))",
    "printf /* ( */ (-- )\n'%5000000d', 1)",
    "(SELECT printf('%5000000d', 1))",
    "zeroblob(5000000)",
    "randomblob(5000000)",
    "{long} || {long}",
    "hex({long})",
    "replace({long}, '0', '00')",
    "quote(replace({long}, '0', ''''))",
    "strftime(replace({long}, '000', '%Y%m'), 'now')",
    "json_array({long}, {long})",
    "json_object('a', {long}, 'b', {long})",
    "json_quote(replace({long}, '0', '\"'))",
    "json_set('{{}}', '$.a', {long}, '$.b', {long})",
    "json_patch(json_object('a', {long}), json_object('b', {long}))",
    "(SELECT group_concat({long}) FROM (SELECT 1 UNION ALL SELECT 2))",
    "(SELECT json_group_array({long}) FROM (SELECT 1 UNION ALL SELECT 2))",
    "(SELECT json_group_object(id, {long}) FROM t)",
    "(SELECT max(g) FROM (SELECT group_concat({long}) OVER (ORDER BY id) AS g FROM t))",
)


@pytest.mark.parametrize("call", TOO_LONG)
def test_a_result_that_is_too_long_is_an_error(connection: Connection, call: str) -> None:
    sql = f"SELECT {call.format(long='(SELECT body FROM long)')} AS made FROM t WHERE id = 1"
    with pytest.raises((sqlite3.DataError, sqlite3.OperationalError, QueryFailed), match=r"too big|too large|larger"):
        list(connection.execute(sql))


def test_it_is_an_error_wherever_the_call_stands(connection: Connection) -> None:
    call = "printf('%5000000d', id)"
    for sql in (
        f"SELECT id FROM t WHERE {call} IS NULL",
        f"SELECT id FROM t ORDER BY {call}",
        f"SELECT count(*) FROM t GROUP BY {call} HAVING {call} IS NULL",
        f"SELECT a.id FROM t AS a LEFT JOIN t AS b ON {call.replace('id', 'a.id')} = b.body",
        f"WITH made AS (SELECT {call} AS c FROM t) SELECT count(c) FROM made",
        f"VALUES ({call.replace('id', '1')})",
        f"SELECT 1 UNION SELECT {call} FROM t",
        f"SELECT id FROM t LIMIT length({call.replace('id', '1')})",
        f"SELECT sum(id) FILTER (WHERE {call} IS NULL) OVER () FROM t",
        f"SELECT value FROM json_each({call.replace('id', '1')})",
    ):
        with pytest.raises(sqlite3.DataError, match="too big"):
            list(connection.execute(sql))


def test_it_is_an_error_where_values_must_be_shorter(connection: Connection) -> None:
    beside = "trim(form, body) AS trimmed"
    assert connection.execute(f"SELECT length(printf('%16000d', id)), {beside} FROM t").fetchone()[0] == 16_000
    assert connection.longest_value == 16_384
    with pytest.raises(sqlite3.DataError, match="too big"):
        connection.execute(f"SELECT printf('%17000d', id), {beside} FROM t").fetchall()


# Whatever runs in place of a statement, its columns and rows are its own.
SAME = (
    "SELECT printf('%d', id), format ( '%s' /* c */ , body ) FROM t",
    "SELECT 1 + printf('%d', id) AS n, printf ( -- (\n'x''y(', 1) FROM t ORDER BY printf('%05d', -id), 1",
    "SELECT printf(form, id), printf(NULL), printf(), format(NULL, 1), printf(body OR form, 1) FROM t",
    "SELECT printf(printf('%%%dd', 3), id), upper(printf('a')) FROM t",
    "SELECT * FROM (SELECT printf('%d', id), id AS i FROM t) WHERE i > 1",
    "WITH printf(a) AS (SELECT 1), format (b) AS MATERIALIZED (SELECT 2) SELECT * FROM printf, format",
    "WITH format(b) AS NOT MATERIALIZED (SELECT printf('~~%d', 2)) SELECT b FROM format",
    "SELECT 'printf(''x'')', \"form\" AS \"format(x)\", 'a~b' || printf('/*~*/') FROM t",
    "SELECT printf('%d', count(*)), printf('%s', max(body)), id FROM t",
    "SELECT printf('%d', row_number() OVER (ORDER BY id)) FROM t",
    "SELECT count(*), printf('%d', id % 2) FROM t GROUP BY printf('%d', id % 2)",
    "SELECT id FROM t WHERE printf('%d', id) = id || '' AND printf('%d', id) COLLATE NOCASE = '1'",
    "SELECT code FROM codes",
    "SELECT code, trim(body, 'x') FROM t",
    "SELECT id FROM t WHERE format('%05d', id) = '00001'",
    "SELECT CASE WHEN printf('%d', 1) THEN printf('a') ELSE format('b') END, length(zeroblob(2)), printf('%s', 'x')",
)


@pytest.mark.parametrize("sql", SAME)
def test_names_and_rows_are_those_of_the_callers_own_text(connection: Connection, path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as plain:
        expected = plain.execute(sql)
        found = connection.execute(sql)
        assert [item[0] for item in found.description] == [item[0] for item in expected.description]
        assert found.fetchall() == expected.fetchall()


def test_a_call_is_not_read_by_its_text(connection: Connection) -> None:
    """SQLite would take the name that is gone for a text, and answer with that."""
    sql = "SELECT \"printf('%d', id)\" FROM (SELECT printf('%d', id) FROM t)"
    if not silent_functions():
        assert connection.execute(sql).fetchall() == [("1",), ("2",)]
        return
    with pytest.raises(QueryFailed, match="as its name"):
        connection.execute(sql)


def test_calls_of_the_files_own_views_keep_their_room(connection: Connection) -> None:
    assert connection.execute("SELECT code FROM codes ORDER BY length(code)").fetchone() == ("001-1",)
    if silent_functions():
        with pytest.raises(QueryFailed, match="too many functions"):
            connection.execute("SELECT code, trim(code, id || '') FROM codes")
        with pytest.raises(QueryFailed, match="too many functions"):
            connection.execute("SELECT code, trim(body, form) FROM t")


def test_a_mask_that_makes_too_much_is_an_error(path: Path) -> None:
    masks: dict[str, Any] = {"body": {"sql": "printf('%s%5000000d', body, 1)"}}
    policy = Policy(PolicySettings.model_validate({"tables": {"t": {"mask": masks}}}), "main")
    with closing(opened(path, policy)) as connection:
        assert connection.execute("SELECT id FROM t").fetchall() == [(1,), (2,)]
        with pytest.raises(sqlite3.DataError, match="too big"):
            connection.execute("SELECT body FROM t").fetchall()


def test_a_function_that_gives_null_of_its_own_accord_may() -> None:
    loud = Loud("SELECT geopoly_svg(shape, 'x'), printf('a')", {"geopoly_svg": "geopoly_blob({first})"})
    assert "CASE WHEN geopoly_blob(shape) IS NOT NULL THEN zeroblob(2147483647) END" in loud.text
    assert loud.text.count("ifnull") == 1
    assert loud.name(loud.text) == "SELECT geopoly_svg(shape, 'x'), printf('a')"


def test_a_text_that_looks_like_what_is_put_in_stays(sqlite_file: Callable[[str], Path]) -> None:
    with closing(opened(sqlite_file("CREATE TABLE a (b)"))) as connection:
        cursor = connection.execute("SELECT ifnull(/*~*/printf('/*~~*/'),/*~*/1/*~*/)")
        assert cursor.description[0][0] == "ifnull(/*~*/printf('/*~~*/'),/*~*/1/*~*/)"
        assert cursor.fetchall() == [("/*~~*/",)]
