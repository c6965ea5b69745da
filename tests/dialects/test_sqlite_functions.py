"""SQLite's own functions on a pooled connection, and names that look like faults of the engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.policy.conftest import outcome, running


@pytest.mark.parametrize("value", ["1.5", "-1.5", "2", "NULL", "'abc'", "1e300", "x'41'"])
async def test_floor_is_sqlites(sqlite_file: Callable[[str], Path], value: str) -> None:
    sql = f"SELECT typeof(floor({value})) AS kind, CAST(floor({value}) AS TEXT) AS shown"
    try:
        expected = sqlite3.connect(":memory:").execute(sql).fetchone()
    except sqlite3.OperationalError:
        pytest.skip("this SQLite is built without mathematical functions")
    async with running(sqlite_file("CREATE TABLE t (a)")) as runtime:
        found = await outcome(runtime, sql)
    assert found.lines == ("kind,shown", ",".join(cell or "" for cell in expected), "")


async def test_there_is_no_regexp(sqlite_file: Callable[[str], Path]) -> None:
    async with running(sqlite_file("CREATE TABLE t (a)")) as runtime:
        assert (await outcome(runtime, "SELECT 'a' REGEXP 'a'")).lines == ("query_failed", "No such function: REGEXP.")


@pytest.mark.parametrize("name", ["locked", "busy_at", "interrupted", "readonly", "too big"])
async def test_a_name_is_not_taken_for_a_fault_of_the_engine(sqlite_file: Callable[[str], Path], name: str) -> None:
    async with running(sqlite_file("CREATE TABLE t (a)")) as runtime:
        found = await outcome(runtime, f'SELECT count(t."{name}") FROM t')
    assert found.lines == ("query_failed", f"No such column: t.{name}.")
