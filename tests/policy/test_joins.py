"""Joins by USING and NATURAL on SQLite: its authorizer is not asked about their columns, so the text is judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dbmcp.errors import DbmcpError
from dbmcp.use_cases import Ask, run_sql
from tests.policy.conftest import outcome, running

MakeFile = Callable[[str], Path]
FILE = '''
CREATE TABLE "a""""b" (id INTEGER, word TEXT); INSERT INTO "a""""b" VALUES (1, 'hidden');
CREATE TABLE "'" (id INTEGER, word TEXT); INSERT INTO "'" VALUES (1, 'hidden');
CREATE TABLE "ÄÖ 😀" (id INTEGER, word TEXT); INSERT INTO "ÄÖ 😀" VALUES (1, 'hidden');
CREATE TABLE open_table (id INTEGER, word TEXT); INSERT INTO open_table VALUES (1, 'seen');
'''
NAMES = ['a""b', "'", "ÄÖ 😀"]
BY_USING = "SELECT count(*) FROM {table} JOIN (SELECT 'hid' || 'den' AS word) USING (word)"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("policy", ["denied", "masked"])
async def test_odd_names_are_found_however_they_are_quoted(sqlite_file: MakeFile, name: str, policy: str) -> None:
    tables = {name: {"mask": {"word": "redact"}} for name in NAMES}
    settings = {"deny_tables": NAMES} if policy == "denied" else {"tables": tables}
    doubled = {sign: f"{sign}{name.replace(sign, sign * 2)}{sign}" for sign in ('"', "'", "`")}
    async with running(sqlite_file(FILE), settings) as runtime:
        for quoted in (*doubled.values(), f"[{name}]"):
            found = await outcome(runtime, BY_USING.format(table=f"main.{quoted}"))
            assert found.lines[0] == "query_failed", quoted


async def test_the_refusal_says_what_would_work(sqlite_file: MakeFile) -> None:
    async with running(sqlite_file(FILE), {"tables": {"open_table": {"mask": {"word": "redact"}}}}) as runtime:
        with pytest.raises(DbmcpError, match="Write ON in their place, and the names of tables without main"):
            await run_sql(runtime, Ask(BY_USING.format(table="main.open_table")))
        assert (await outcome(runtime, BY_USING.format(table="open_table"))).lines[1] == "0"


async def test_words_like_these_joins_are_no_such_joins(sqlite_file: MakeFile) -> None:
    async with running(sqlite_file(FILE), {"deny_tables": ["open_*"]}) as runtime:
        found = await outcome(runtime, "SELECT 'naturally, open_table' AS focusing, 'main' AS using_it")
        assert found.answered


async def test_a_policy_that_denies_nothing_whole_leaves_joins_alone(sqlite_file: MakeFile) -> None:
    async with running(sqlite_file(FILE), {"tables": {"'": {"mask": {"word": "redact"}}}}) as runtime:
        found = await outcome(runtime, "SELECT o.word FROM main.open_table AS o NATURAL JOIN main.open_table")
        assert found.lines[1] == "seen"
