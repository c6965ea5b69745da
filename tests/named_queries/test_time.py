"""What time alone does to named queries: a good file stays good, and a live check tells of what has grown old."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbmcp import config
from dbmcp.runtime import Runtime
from dbmcp.use_cases.checking import check_live
from tests import engines
from tests.named_queries.files import faults_in, sql_file, write


@pytest.mark.parametrize(
    "keys",
    [
        "default = 2020-01-01\nmaximum = 'today'",
        "default = 'today'\nmaximum = 2020-01-01",
        "minimum = 'today'\nmaximum = 2020-01-01",
        "minimum = 2999-01-01\nmaximum = 'today'",
        "default = 'today - 9 days'\nminimum = 'today - 1 month'\nmaximum = 'now'",
        "minimum = 'today'\n[[examples]]\narguments = { p = 2020-01-01 }",
        "maximum = 'today'\n[[examples]]\narguments = { p = 2999-01-01 }",
    ],
)
def test_a_file_that_is_good_does_not_go_bad_with_time_alone(tmp_path: Path, keys: str) -> None:
    assert faults_in(tmp_path, sql_file(f"[parameters.p]\ntype = 'date'\n{keys}", "SELECT :p")) == []


async def test_an_example_that_has_grown_old_is_told_by_a_live_check(tmp_path: Path) -> None:
    header = "[parameters.p]\ntype = 'date'\nminimum = 'today'\n[[examples]]\narguments = { p = 2020-01-01 }"
    write(tmp_path / "queries", "q", sql_file(header, "SELECT :p AS p"))
    database = engines.build_sqlite_file(tmp_path / "test.db", "CREATE TABLE t (x)")
    runtime = Runtime(config.load({"queries": [str(tmp_path / "queries")]}, url=str(database)))
    try:
        (fault,) = (await check_live(runtime, update=False)).faults
    finally:
        await runtime.close()
    assert (fault.line, fault.message) == (6, "The example fails: The parameter 'p' must be at least today.")
