"""The policy on SQLite, attacked: nothing hidden is told, by rows, by errors, or by whether there is one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dbmcp.dialects import sqlite_catalog
from dbmcp.dialects.sqlite_policy import install
from dbmcp.errors import QueryFailed
from dbmcp.policy import Policy, PolicySettings
from dbmcp.use_cases import Ask, check_sql, search_schema
from tests.policy.conftest import Databases, attempts, judge, outcome, running

ATTEMPTS = attempts("sqlite")
MakeFile = Callable[[str], Path]
# A change is looked for before each statement, and every statement meets the connection of the one before.
AT_ONCE = {"catalog_seconds": 0, "pool": {"size": 1, "overflow": 0}}
PERSON = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO person VALUES (1, 'ann'), (2, 'qzx');
CREATE TABLE blocked (person_id INTEGER, why TEXT);
INSERT INTO blocked VALUES (2, 'qzx-why');
"""


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


@pytest.mark.parametrize("expected, sql", ATTEMPTS, ids=[sql[:80] for _, sql in ATTEMPTS])
async def test_nothing_hidden_is_told(on_sqlite: Databases, expected: str, sql: str) -> None:
    await judge(on_sqlite, sql, expected)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM person",
        "SELECT name FROM person LEFT JOIN blocked ON false",
        "WITH blocked AS (SELECT 0 AS person_id) SELECT name FROM person, blocked WHERE person_id = 0",
        "WITH blocked AS (SELECT 0 AS person_id) SELECT (SELECT max(name) FROM person), person_id FROM blocked",
    ],
)
async def test_what_a_condition_reads_is_not_for_the_caller_to_choose(sqlite_file: MakeFile, sql: str) -> None:
    condition = "id NOT IN (SELECT person_id FROM main.blocked)"
    policy = {"tables": {"person": {"where": condition}, "blocked": {"where": "false"}}}
    async with running(sqlite_file(PERSON), policy) as runtime:
        found = await outcome(runtime, sql)
    assert found.answered
    assert "ann" in found.text
    assert "qzx" not in found.text


@pytest.mark.parametrize(
    "sql", ["SELECT why FROM blocked", "SELECT name FROM main.person", "SELECT id FROM person JOIN blocked USING (why)"]
)
async def test_a_dry_run_knows_the_policy(sqlite_file: MakeFile, sql: str) -> None:
    policy = {"deny_tables": ["blocked"], "tables": {"person": {"mask": {"name": "redact"}}}}
    async with running(sqlite_file(PERSON), policy) as runtime:
        with pytest.raises(QueryFailed, match="may not be read"):
            await check_sql(runtime, Ask(sql))
        told = await check_sql(runtime, Ask("SELECT name, count(*) AS name FROM person -- all"))
        assert told.text.startswith("approved; reads person\nlimits: ")
        assert "plan" not in told.text


async def test_views_made_after_the_start_are_refused(sqlite_file: MakeFile) -> None:
    path = sqlite_file(PERSON)
    async with running(path, {"tables": {"person": {"where": "id = 1"}}}, **AT_ONCE) as runtime:
        assert (await outcome(runtime, "SELECT name FROM person")).lines[1:] == ("ann", "")
        change(path, "CREATE VIEW later AS SELECT name FROM person; CREATE VIEW far AS SELECT count(*) FROM later;")
        for name in ("later", "far"):
            assert not (await outcome(runtime, f"SELECT * FROM {name}")).answered


async def test_a_table_made_after_the_start_is_denied_by_its_pattern(sqlite_file: MakeFile) -> None:
    path = sqlite_file("CREATE TABLE secret_first (id INTEGER);")
    async with running(path, {"deny_tables": ["secret_*"]}, **AT_ONCE) as runtime:
        assert not (await outcome(runtime, "SELECT * FROM secret_first")).answered
        change(path, "CREATE TABLE secret_second AS SELECT 'qzx' AS what;")
        assert not (await outcome(runtime, "SELECT * FROM secret_second")).answered


async def test_a_table_that_was_renamed_is_not_open_under_its_new_name(sqlite_file: MakeFile) -> None:
    path = sqlite_file(PERSON)
    async with running(path, {"tables": {"person": {"where": "id = 1"}}}, **AT_ONCE) as runtime:
        assert (await outcome(runtime, "SELECT * FROM person")).answered
        change(path, "ALTER TABLE person RENAME TO people;")
        found = await outcome(runtime, "SELECT * FROM people")
    assert not found.answered
    assert "qzx" not in found.text


async def test_a_new_column_is_shown_and_a_lost_one_ends_every_answer(sqlite_file: MakeFile) -> None:
    """As docs/policy.md says: a policy names what is hidden, and one that does not fit any more answers nothing."""
    path = sqlite_file(PERSON)
    async with running(path, {"tables": {"person": {"mask": {"name": "redact"}}}}, **AT_ONCE) as runtime:
        assert (await outcome(runtime, "SELECT * FROM person")).lines[0] == "id,name"
        change(path, "ALTER TABLE person ADD COLUMN age INTEGER DEFAULT 7;")
        assert (await outcome(runtime, "SELECT * FROM person")).lines[:2] == ("id,name,age", "1,***,7")
        change(path, "ALTER TABLE person RENAME COLUMN name TO called;")
        for sql in ("SELECT * FROM person", "SELECT * FROM blocked", "SELECT 1"):
            assert (await outcome(runtime, sql)).lines[0] == "config_error"


async def test_a_policy_on_a_view_governs_the_view(sqlite_file: MakeFile) -> None:
    path = sqlite_file(PERSON + "CREATE VIEW shown AS SELECT id, name FROM person;")
    async with running(path, {"tables": {"shown": {"mask": {"name": "redact"}, "where": "id = 2"}}}) as runtime:
        assert (await outcome(runtime, "SELECT * FROM shown")).lines[1:] == ("2,***", "")
        assert not (await outcome(runtime, "SELECT * FROM main.shown")).answered
        assert (await outcome(runtime, "SELECT name FROM person WHERE id = 2")).lines[1] == "qzx"


async def test_what_dbmcp_reads_of_the_schema_is_not_read_by_a_caller_in_the_same_words(sqlite_file: MakeFile) -> None:
    """Python's module keeps compiled statements by their text, and compiling is when SQLite asks what is allowed."""
    path = sqlite_file(PERSON + "INSERT INTO person SELECT id + 10, 'qzx' FROM person; ANALYZE;")
    async with running(path, {"tables": {"person": {"where": "id = 1"}}}, **AT_ONCE) as runtime:
        catalog = sqlite_catalog
        for sql in (catalog.DEFINITIONS, catalog.COLUMNS, catalog.SHADOWS, catalog.STATISTICS):
            await search_schema(runtime)
            assert not (await outcome(runtime, sql)).answered


@pytest.mark.parametrize("length", [3, 30_000, 3_000_000])
async def test_how_long_a_redacted_value_is_is_not_told(sqlite_file: MakeFile, length: int) -> None:
    """A statement that computes what it looks for may read short values alone, and fails on others."""
    path = sqlite_file(
        f"CREATE TABLE person (name TEXT, note TEXT); INSERT INTO person VALUES ('ann', '{'q' * length}');"
    )
    async with running(path, {"tables": {"person": {"mask": {"note": "redact"}}}}) as runtime:
        found = await outcome(runtime, "SELECT note, trim(name, substr(note, 1, 1)) AS name FROM person")
    assert found.lines == ("note,name", "***,ann", "")


def test_a_look_up_by_an_index_stays_one_without_a_condition(sqlite_file: MakeFile) -> None:
    path = sqlite_file("CREATE TABLE big (id INTEGER PRIMARY KEY, name TEXT, code TEXT); CREATE INDEX c ON big (code);")
    policy = Policy(PolicySettings.model_validate({"tables": {"big": {"mask": {"name": "hash"}}}}), "main")
    with closing(sqlite3.connect(path)) as connection:
        install(connection, policy)
        for condition, index in (("id = 7", "INTEGER PRIMARY KEY"), ("code = 'c'", "INDEX c")):
            plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM big WHERE {condition}").fetchall()
            assert index in str(plan)
