"""SQLite's virtual tables under a policy: what holds, indexes or lists the data of a governed table is shut with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dbmcp.errors import ConfigError
from dbmcp.use_cases import search_schema
from tests.policy.conftest import outcome, running

MakeFile = Callable[[str], Path]
FULL_TEXT = """
CREATE TABLE letter (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO letter VALUES (1, 'qzx dear');
CREATE VIRTUAL TABLE letter_text USING fts5 (body, content='letter', content_rowid='id');
INSERT INTO letter_text (letter_text) VALUES ('rebuild');
CREATE VIRTUAL TABLE letter_copy USING fts5 (body); INSERT INTO letter_copy SELECT body FROM letter;
CREATE VIRTUAL TABLE letter_words USING fts5vocab ('letter_copy', 'row');
CREATE VIRTUAL TABLE spot USING rtree (id, low, high); INSERT INTO spot VALUES (1, 7770001, 7770002);
"""
LETTER = "CREATE TABLE letter (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO letter VALUES (1, 'qzx dear');"
MASKED = {"tables": {"letter": {"mask": {"body": "redact"}}}}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM letter_text",
        "SELECT count(*) FROM letter_text WHERE letter_text MATCH 'qzx'",
        "SELECT rowid FROM letter_copy WHERE body MATCH 'qz*'",
        "SELECT count(*) FROM letter_copy",
        "SELECT highlight(letter_copy, 0, '', '') FROM letter_copy",
        "SELECT * FROM letter_copy_content",
        "SELECT hex(block) FROM main.letter_copy_data",
        "SELECT hex(block) FROM letter_text_data",
        "SELECT term FROM letter_words",
    ],
)
@pytest.mark.parametrize("denied", [["letter_copy"], ["letter_copy_content"], ["letter_*"]])
async def test_full_text_tables_are_shut_with_what_they_hold(
    sqlite_file: MakeFile, sql: str, denied: list[str]
) -> None:
    async with running(sqlite_file(FULL_TEXT), {"deny_tables": denied, **MASKED}) as runtime:
        assert not (await outcome(runtime, sql)).answered
        assert (await outcome(runtime, "SELECT body FROM letter")).lines[1] == "***"
        assert "letter_" not in (await search_schema(runtime, "")).text


@pytest.mark.parametrize("name", ["letter_text", "letter_copy", "letter_copy_content", "letter_words", "spot"])
@pytest.mark.parametrize("table", [{"where": "false"}, {"mask": {}}])
async def test_a_part_of_a_virtual_table_is_not_offered(
    sqlite_file: MakeFile, name: str, table: dict[str, object]
) -> None:
    """What MATCH finds, snippet() shows and the index holds is past any mask and condition: it is all or nothing."""
    with pytest.raises(
        ConfigError, match=f"The policy of {name} cannot be kept.* Put (\\w+) under deny_tables"
    ) as caught:
        async with running(sqlite_file(FULL_TEXT), {"tables": {name: table}}):
            pass
    assert name.startswith(str(caught.value).partition("Put ")[2].split()[0])


@pytest.mark.parametrize(
    "definition",
    [
        "fts5 (body, content=letter)",
        "fts5 (body, content = 'Letter')",
        'fts5 (body, cont="letter")',
        "fts5 (body, content=[letter])",
        "fts5 (body, content=`letter`)",
        "fts4 (content=letter, body)",
        'fts4 (body, content="letter")',
        "fts4 (body, content='letters')",
    ],
)
async def test_an_index_over_a_governed_table_is_shut_however_its_definition_writes_it(
    sqlite_file: MakeFile, definition: str
) -> None:
    path = sqlite_file(
        f'{LETTER} CREATE VIEW letters AS SELECT id, body FROM "LETTER"; CREATE VIRTUAL TABLE found USING {definition};'
        "INSERT INTO found (found) VALUES ('rebuild');"
    )
    async with running(path) as runtime:
        assert (await outcome(runtime, "SELECT count(*) FROM found WHERE found MATCH 'qzx'")).lines[1] == "1"
    async with running(path, MASKED) as runtime:
        for sql in ("SELECT count(*) FROM found WHERE found MATCH 'qzx'", "SELECT count(*) FROM found_docsize"):
            assert not (await outcome(runtime, sql)).answered


@pytest.mark.parametrize(
    "definition", ["fts5 (letter, body)", "fts4 (letter)", "fts5 (body, prefix='2')", "rtree (letter, low, high)"]
)
async def test_a_virtual_table_with_a_column_called_like_a_governed_table_stays_open(
    sqlite_file: MakeFile, definition: str
) -> None:
    path = sqlite_file(f"{LETTER} CREATE VIRTUAL TABLE note USING {definition}; CREATE TABLE letter_log (what TEXT);")
    async with running(path, MASKED) as runtime:
        assert (await outcome(runtime, "SELECT count(*) FROM note")).lines[1] == "0"
        assert (await outcome(runtime, "SELECT count(*) FROM letter_log")).lines[1] == "0"


async def test_an_index_made_after_the_start_is_refused(sqlite_file: MakeFile) -> None:
    path = sqlite_file(LETTER)
    async with running(path, MASKED, pool={"size": 1, "overflow": 0}) as runtime:
        assert (await outcome(runtime, "SELECT body FROM letter")).lines[1] == "***"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                "CREATE VIRTUAL TABLE later USING fts5 (body, content='letter');"
                "INSERT INTO later (later) VALUES ('rebuild');"
            )
        for sql in ("SELECT count(*) FROM later WHERE later MATCH 'qzx'", "SELECT hex(block) FROM later_data"):
            assert not (await outcome(runtime, sql)).answered


async def test_the_parts_are_known_by_their_names_where_the_module_is_missing(sqlite_file: MakeFile) -> None:
    """Without the module, SQLite takes them for tables like any other."""
    path = sqlite_file("CREATE TABLE guess_vocab AS SELECT 'qzx' AS word; CREATE TABLE guesses AS SELECT 1 AS n;")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES "
            "('table', 'guess', 'guess', 0, 'CREATE VIRTUAL TABLE guess USING no_such_module')"
        )
    async with running(path, {"deny_tables": ["guess"]}) as runtime:
        for sql in ("SELECT * FROM guess_vocab", "SELECT 1 FROM guess"):
            assert not (await outcome(runtime, sql)).answered
        assert (await outcome(runtime, "SELECT n FROM guesses")).lines[1] == "1"
