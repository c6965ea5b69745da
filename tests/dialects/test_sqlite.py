"""SQLite's dialect: its locks, its values, the comments in its definitions, its paths."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from dbmcp.catalog.reader import build
from dbmcp.dialects import dialect_named
from dbmcp.dialects.base import Read, Session
from dbmcp.dialects.sqlite_catalog import comments_of, labels_of
from dbmcp.dialects.sqlite_values import as_text
from dbmcp.errors import ConfigError, DatabaseUnavailable, QueryFailed
from dbmcp.results import Bounds, ResultSet

BOUNDS = Bounds(1_000, 100_000, 10)
SQLITE = dialect_named("sqlite")
Build = Callable[[str], Path]


@asynccontextmanager
async def connected(path: Path | str) -> AsyncIterator[Any]:
    connection = await SQLITE.connect(Session(str(path)))
    try:
        yield connection
    finally:
        await SQLITE.close(connection)


async def fetch(connection: Any, sql: str, bounds: Bounds = BOUNDS) -> ResultSet:
    return await SQLITE.fetch(connection, Read(sql), bounds, {})


HELD_BACK = (
    "SELECT load_extension('x')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT * FROM pragma_user_version",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM sqlite_dbpage",
    "PRAGMA user_version",
    "PRAGMA table_info(item)",
    "PRAGMA query_only = OFF",
    "PRAGMA trusted_schema = ON",
    "ATTACH ':memory:' AS x",
    "DETACH main",
    "VACUUM",
    "VACUUM INTO 'x'",
    "REINDEX",
    "ANALYZE",
    "BEGIN",
    "COMMIT",
    "SAVEPOINT a",
    "EXPLAIN DELETE FROM item",
    "CREATE TRIGGER t AFTER INSERT ON item BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE t USING fts5(a)",
    "INSERT INTO item VALUES (1) RETURNING id",
)


async def test_the_engine_itself_refuses_what_is_held_back(sqlite_file: Build) -> None:
    """No guard stands before the authorizer. Those it lets pass change nothing and show nothing."""
    harmless = {"PRAGMA table_info(item)", "EXPLAIN DELETE FROM item"}
    path = sqlite_file("CREATE TABLE item (id int); INSERT INTO item VALUES (1)")
    before = path.read_bytes()
    passed = []
    async with connected(path) as connection:
        for sql in HELD_BACK:
            try:
                await fetch(connection, sql)
            except (sqlite3.Error, QueryFailed):
                continue
            passed.append(sql)
    assert set(passed) <= harmless
    assert path.read_bytes() == before


async def test_a_file_is_never_made_nor_changed(tmp_path: Path, sqlite_file: Build) -> None:
    with pytest.raises(ConfigError, match="never creates one"):
        await SQLITE.connect(Session(str(tmp_path / "new.db")))
    assert not (tmp_path / "new.db").exists()
    path = sqlite_file("CREATE TABLE item (id int)")
    async with connected(path) as connection:
        await fetch(connection, "SELECT * FROM item")
    assert sorted(item.name for item in path.parent.iterdir()) == [path.name]


async def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    async with connected(tmp_path / "empty.db") as connection:
        assert (await fetch(connection, "SELECT count(*) FROM sqlite_schema")).rows[0][0] == "0"
    assert (tmp_path / "empty.db").stat().st_size == 0


async def test_a_database_in_wal_mode_is_read_while_a_writer_has_it_open(sqlite_file: Build) -> None:
    path = sqlite_file("PRAGMA journal_mode = WAL; CREATE TABLE item (id int)")
    writer = sqlite3.connect(path, isolation_level=None)
    try:
        writer.execute("INSERT INTO item VALUES (1)")
        async with connected(path) as connection:
            assert (await fetch(connection, "SELECT count(*) FROM item")).rows[0][0] == "1"
            writer.execute("INSERT INTO item VALUES (2)")
            assert (await fetch(connection, "SELECT count(*) FROM item")).rows[0][0] == "2"
    finally:
        writer.close()


VALUES = (
    ("NULL", None),
    ("''", ""),
    ("0", "0"),
    ("-9223372036854775808", "-9223372036854775808"),
    ("1.0", "1.0"),
    ("0.1 + 0.2", "0.3"),
    ("1e100", "1.0e+100"),
    ("1.5e-10", "1.5e-10"),
    ("1e999", "Inf"),
    ("-1e999", "-Inf"),
    ("-0.0", "0.0"),
    ("123456789012345678.0", "1.23456789012346e+17"),
    ("2.0 / 3", "0.666666666666667"),
    ("x'00ff'", "X'00FF'"),
    ("x''", "X''"),
    ("'ä😀'", "ä😀"),
    ("1 = 1", "1"),
    ("date('2024-02-29')", "2024-02-29"),
    ("json('[1, 2]')", "[1,2]"),
    ("char(0) || 'a'", "\x00a"),
)


async def test_a_value_prints_as_the_engines_own_shell_prints_it(sqlite_file: Build) -> None:
    faults = {}
    async with connected(sqlite_file("CREATE TABLE item (id int)")) as connection:
        for expression, expected in VALUES:
            printed = (await fetch(connection, f"SELECT {expression}")).rows[0][0]
            if printed != expected:
                faults[expression] = (printed, expected)
    assert faults == {}


async def test_a_real_prints_as_a_cast_to_text_does(sqlite_file: Build) -> None:
    numbers = (
        "0.1 1e15 1e16 123456.789 1e-5 0.0001 3.14159265358979 1e22 5e-324 1.7976931348623157e308 100000.0".split()
    )
    async with connected(sqlite_file("CREATE TABLE item (id int)")) as connection:
        for number in numbers:
            row = (await fetch(connection, f"SELECT {number}, CAST({number} AS TEXT)")).rows[0]
            assert row[0] == row[1]


async def test_a_text_that_is_not_utf_8_does_not_fail_the_result(sqlite_file: Build) -> None:
    path = sqlite_file(
        "CREATE TABLE item (id int, name text); INSERT INTO item VALUES (1, CAST(x'61ff' AS TEXT)), (2, 'ok')"
    )
    async with connected(path) as connection:
        result = await fetch(connection, "SELECT name FROM item ORDER BY id")
        assert [row[0] for row in result.rows] == ["a\\xff", "ok"]
        assert (await fetch(connection, "SELECT 'ä'")).rows[0][0] == "ä", "the next statement reads as before"


async def test_the_kind_of_a_column_is_that_of_all_its_values(sqlite_file: Build) -> None:
    async with connected(sqlite_file("CREATE TABLE item (id int)")) as connection:
        sql = "SELECT 1, 1, 'x', NULL, 1.5 UNION ALL SELECT 2, 'a', 'y', NULL, 2"
        result = await fetch(connection, sql)
        assert [column.kind for column in result.columns] == ["integer", "text", "text", "text", "number"]


def test_a_nan_prints_as_nothing() -> None:
    assert as_text(float("nan")) == ""


@pytest.mark.parametrize(
    "url, file",
    [
        ("{path}", None),
        ("sqlite:///{path}", None),
        ("sqlite:////{bare}", None),
        ("file:{path}", None),
        ("sqlite:///{path}?immutable=1", None),
        ("sqlite+aiosqlite:///{path}", None),
    ],
)
async def test_every_way_to_name_a_file_is_understood(sqlite_file: Build, url: str, file: None) -> None:
    path = sqlite_file("CREATE TABLE item (id int)")
    text = url.format(path=path, bare=str(path).lstrip("/"))
    async with connected(text) as connection:
        assert (await fetch(connection, "SELECT count(*) FROM item")).rows[0][0] == "0"


async def test_a_file_with_an_odd_name_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a b?#%20é.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE item (id int)")
    connection.close()
    async with connected(str(path)) as opened:
        assert (await fetch(opened, "SELECT count(*) FROM item")).rows[0][0] == "0"


async def test_a_damaged_file_is_said_to_be_damaged(sqlite_file: Build) -> None:
    path = sqlite_file("CREATE TABLE item (id int); INSERT INTO item VALUES (1)")
    path.write_bytes(path.read_bytes()[:2_000])
    try:
        async with connected(path) as connection:
            await fetch(connection, "SELECT * FROM item")
    except (sqlite3.Error, DatabaseUnavailable) as error:
        assert isinstance(SQLITE.translate(error), DatabaseUnavailable)  # noqa: PT017 - on opening, or on reading
    else:
        pytest.fail("a damaged file was read")


def test_comments_belong_to_their_table_and_columns() -> None:
    sql = """CREATE TABLE "odd name" ( -- the table
        id INTEGER PRIMARY KEY, -- the key
        "Quoted Col" TEXT DEFAULT '-- none', -- quoted, with -- inside
        [bracket] TEXT, -- in brackets
        `tick` TEXT, -- in ticks
        plain TEXT,
        -- a line of its own
        last TEXT CHECK (last IN ('a', 'b')) -- the last
    )"""
    assert comments_of(sql) == {
        "": "the table",
        "id": "the key",
        "quoted col": "quoted, with -- inside",
        "bracket": "in brackets",
        "tick": "in ticks",
        "last": "the last",
    }


def test_a_comment_alone_on_the_next_line_is_the_tables() -> None:
    assert comments_of("CREATE TABLE t (\n  -- what it holds\n  id int -- the key\n)") == {
        "": "what it holds",
        "id": "the key",
    }


def test_a_comment_behind_several_columns_is_the_last_ones() -> None:
    lines = ["(a int, b numeric(5,", "2), -- of b", "c int, d text CHECK (d IN (',', 'x')), -- of d", "e -- of e"]
    assert comments_of("CREATE TABLE t " + "\n".join([*lines, ")"])) == {"b": "of b", "d": "of d", "e": "of e"}


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE t (id int)",
        "CREATE TABLE t (id int, s text DEFAULT '-- no')",
        "",
        "CREATE VIEW v AS SELECT 1 -- x",
    ],
)
def test_what_has_no_comment_has_none(sql: str) -> None:
    assert set(comments_of(sql)) <= {""}


async def test_an_opening_bracket_on_a_line_of_its_own_does_not_hide_the_comments() -> None:
    assert comments_of("CREATE TABLE t\n(\n  id int, -- the key\n  b int -- other\n)") == {
        "id": "the key",
        "b": "other",
    }


@pytest.mark.parametrize(
    "line", ["'" * 61, '"' * 61, "''a" * 61, "CHECK (a IN (" + "'' " * 61, "CHECK (a IN (" + "''," * 61, "[" * 61]
)
def test_a_line_of_many_quotes_is_read_in_no_time(line: str) -> None:
    """The patterns must not try every way to pair quotes; in a process of its own, so that it can be ended."""
    program = (
        "import sys; from dbmcp.dialects.sqlite_catalog import comments_of, labels_of; "
        "comments_of(sys.argv[1]); labels_of(sys.argv[1])"
    )
    command = [sys.executable, "-c", program, f"CREATE TABLE t (\n{line}\n)"]
    subprocess.run(command, check=True, timeout=10, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})


def test_labels_are_the_texts_a_check_allows() -> None:
    sql = (
        "CREATE TABLE t (a TEXT CHECK (a IN ('x', 'it''s', 'z')), b INT CHECK (b IN (1, 2)), "
        "[C d] TEXT CHECK(\"C d\" IN('k')))"
    )
    assert labels_of(sql) == {"a": ["x", "it's", "z"], "c d": ["k"]}


async def test_the_catalog_of_a_file_has_keys_comments_and_labels(sqlite_file: Build) -> None:
    path = sqlite_file("""
        CREATE TABLE parent ( -- the parents
            id INTEGER PRIMARY KEY, -- the key
            code TEXT UNIQUE NOT NULL DEFAULT 'x', size REAL GENERATED ALWAYS AS (id * 2) VIRTUAL,
            kind TEXT CHECK (kind IN ('a', 'b')));
        CREATE TABLE child (p INTEGER REFERENCES parent, n INTEGER, PRIMARY KEY (n, p)) WITHOUT ROWID;
        CREATE TABLE grandchild (p INTEGER, n INTEGER, FOREIGN KEY (n, p) REFERENCES child (n, p));
        CREATE INDEX by_kind ON parent (kind); CREATE VIEW seen AS SELECT id FROM parent;
        CREATE TABLE "odd ""name"" .😀" ("Col umn" INTEGER, untyped);
        INSERT INTO parent (id) VALUES (1); ANALYZE;
    """)
    async with connected(path) as connection:
        catalog = build(await SQLITE.read_catalog(connection), "main")
    assert {item.name: item.kind for item in catalog.relations} == {
        "parent": "table",
        "child": "table",
        "grandchild": "table",
        "seen": "view",
        'odd "name" .😀': "table",
    }
    (parent,) = catalog.find("parent")
    assert (parent.comment, parent.rows, parent.primary_key) == ("the parents", 1, ("id",))
    columns = {column.name: column for column in parent.columns}
    assert (columns["id"].comment, columns["kind"].labels) == ("the key", ("a", "b"))
    assert columns["size"].generated == "id * 2"
    assert (columns["code"].not_null, columns["code"].default) == (True, "'x'")
    assert [index.name for index in parent.indexes] == ["by_kind"]
    (child,) = catalog.find("child")
    assert child.primary_key == ("n", "p")
    assert child.foreign_keys[0].target_columns == ("id",)
    (grandchild,) = catalog.find("grandchild")
    assert (grandchild.foreign_keys[0].columns, grandchild.foreign_keys[0].target_columns) == (("n", "p"), ("n", "p"))


async def test_a_foreign_key_to_a_missing_table_does_no_harm(sqlite_file: Build) -> None:
    path = sqlite_file(
        "CREATE TABLE child (p INTEGER REFERENCES nowhere, q INTEGER REFERENCES Other (x)); CREATE TABLE other (x int)"
    )
    async with connected(path) as connection:
        catalog = build(await SQLITE.read_catalog(connection), "main")
    (child,) = catalog.find("child")
    assert len(child.foreign_keys) == 2


async def test_what_is_broken_does_not_hide_the_other_tables(sqlite_file: Build) -> None:
    """A view over a table that is gone, and a virtual table whose module is missing."""
    path = sqlite_file(
        "CREATE TABLE gone (a int); CREATE VIEW broken AS SELECT a FROM gone; "
        "DROP TABLE gone; CREATE TABLE item (id int); PRAGMA writable_schema = ON; INSERT INTO sqlite_schema "
        "VALUES ('table', 'guess', 'guess', 0, 'CREATE VIRTUAL TABLE guess USING no_such_module')"
    )
    async with connected(path) as connection:
        catalog = build(await SQLITE.read_catalog(connection), "main")
    assert {item.name: len(item.columns) for item in catalog.relations} == {"broken": 0, "guess": 0, "item": 1}
