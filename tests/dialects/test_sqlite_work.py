"""How long values may be for a statement on SQLite: long for what is done with short literals, short for the rest."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest

from dbmcp.dialects.sqlite_connection import Connection
from dbmcp.dialects.sqlite_work import MAX_VALUE_BYTES, Work
from dbmcp.errors import QueryFailed

TABLES = """
CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c, d, k, name, body, code, path, doc, "replace");
CREATE VIRTUAL TABLE docs USING fts5 (body);
"""


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Open an empty file of these tables as dbmcp opens it."""
    path = tmp_path_factory.mktemp("work") / "work.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.executescript(TABLES)
    with closing(sqlite3.connect(path, factory=Connection, isolation_level=None)) as opened:
        yield opened.lock_down(None, frozenset())


def longest(connection: Connection, sql: str) -> int:
    """Return the bytes that a value may have for a statement, 0 where it is refused."""
    try:
        connection.execute(sql).close()
    except QueryFailed:
        return 0
    return connection.longest_value


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM t",
        "SELECT replace(replace(body, char(13) || char(10), ' '), '  ', ' '), trim(name), instr(a, 'x') FROM t",
        "SELECT ltrim(code, '0'), RTRIM(path, ('/')), trim(hex(a), x'00') FROM t",
        "SELECT * FROM t WHERE body LIKE '%word%' OR body NOT LIKE 'a' || '%' AND name GLOB '[a-z]*'",
        "SELECT json_patch(doc, '{\"a\": null}'), json_set(doc, '$.a', b, '$.c', d) FROM t",
        "SELECT json_extract(doc, '$.' || k), json_remove(doc, '$.' || k) FROM t",
        "SELECT like('%a%', body), glob('*a*', body) FROM t",
        "SELECT 'instr(a, b)', \"trim\" FROM t -- replace(a, b, c)",
        "SELECT /* trim(a, b) */ [replace] FROM t",
        "SELECT rowid, snippet(docs, 0, '<', '>', '…', 10), bm25(docs) FROM docs WHERE docs MATCH 'a NOT b'",
        "SELECT d.body FROM t JOIN docs AS d ON d.rowid = t.id WHERE d.docs MATCH 'a' || ' b'",
        "SELECT * FROM t, docs WHERE docs = 'word' AND t.id = docs.rowid",
        "SELECT * FROM (docs JOIN t ON docs.rowid = t.id)",
        f"SELECT {', '.join(['coalesce(a, 1)'] * 40)} FROM t",
        f"SELECT * FROM t WHERE id IN ({', '.join(['1'] * 4_000)})",
        "SELECT * FROM (VALUES " + ", ".join(["(1, 2)"] * 500) + ")",
    ],
)
def test_what_looks_for_short_literals_reads_values_of_every_length(connection: Connection, sql: str) -> None:
    assert longest(connection, sql) == MAX_VALUE_BYTES


@pytest.mark.parametrize(
    "sql, most",
    [
        ("SELECT instr(a, b) FROM t", 262_144),
        ("SELECT replace(a, b, '') FROM t", 262_144),
        ("SELECT replace(a, 'x' || b, '') FROM t", 262_144),
        ("SELECT [Replace] /* , 'x' */ (a, \"b\", 'c') FROM t", 262_144),
        ("SELECT trim(a, b) FROM t", 16_384),
        ("SELECT \"rtrim\"(a, upper('x')) FROM t", 16_384),
        ("SELECT `ltrim`(a, (SELECT 'x')) FROM t", 16_384),
        ("SELECT json_patch(a, b) FROM t", 16_384),
        ("SELECT json_set(a, '$.' || b, 1) FROM t", 16_384),
        ("SELECT json_insert(a, '$.x', b, c, d) FROM t", 16_384),
        ("SELECT a LIKE b FROM t", 1_048_576),
        ("SELECT a NOT LIKE '%' || b FROM t", 1_048_576),
        ("SELECT like(b, a), glob(c, a) FROM t", 262_144),
        ("SELECT docs.body FROM docs, t WHERE docs MATCH 'a' || b", 16_384),
        ("SELECT * FROM docs WHERE body MATCH (SELECT 'a')", 16_384),
        ("SELECT docs.body FROM docs, t WHERE docs = b", 16_384),
        ("SELECT * FROM docs WHERE 'a' = docs", 16_384),
        ('SELECT * FROM docs AS d WHERE d."Docs" IN (SELECT b FROM t)', 16_384),
        ("SELECT x FROM (SELECT docs AS x FROM docs) WHERE x = 'a'", 16_384),
        ("SELECT 1 FROM docs AS x JOIN docs AS y USING (docs)", 16_384),
        ("SELECT 1 FROM t, docs AS d WHERE d.'docs' = b", 16_384),
        (f"SELECT {', '.join(['instr(a, b)'] * 1_900)} FROM t", 0),
        # An expression of a subquery, or under an alias, is computed wherever its name stands.
        ("SELECT v, v, v FROM (SELECT instr(a, b) AS v FROM t)", 16_384),
        ("SELECT instr(a, b) AS v FROM t WHERE v > 1 OR v < 0", 16_384),
        (f"SELECT {', '.join(['v'] * 1_000)} FROM (SELECT trim(a, b) AS v FROM t)", 0),
        (f"SELECT {', '.join(['length(a)'] * 1_900)} FROM t", 16_384),
        (f"SELECT {', '.join(['a LIKE b'] * 500)} FROM t", 0),
        (f"SELECT trim(a, '{'x' * 60_000}') FROM t", 0),
    ],
)
def test_what_looks_for_anything_longer_reads_shorter_values(connection: Connection, sql: str, most: int) -> None:
    assert longest(connection, sql) == most


@pytest.mark.parametrize(
    "sql", ["", ")", "(((", "SELECT '", 'SELECT "', "/*", "a LIKE", "instr(", "MATCH", "||", "trim(,)"]
)
def test_what_is_no_statement_does_no_harm(sql: str) -> None:
    assert Work(sql, {"docs"}).longest_value(Counter()) > 0
