"""Which database a snapshot is held against, where databases have other names than when it was made."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dbmcp import config
from dbmcp.named_queries.snapshot import FILE_NAME
from dbmcp.runtime import Runtime
from dbmcp.use_cases.checking import check_live
from tests import engines
from tests.named_queries.files import sql_file, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two databases of one schema, and a query on whichever is served."""
    for name in ("own", "staging"):
        engines.build_sqlite_file(tmp_path / f"{name}.db", "CREATE TABLE t (a, b)")
    write(tmp_path / "queries", "q", sql_file("", "SELECT * FROM t"))
    return tmp_path


async def faults(folder: Path, *names: str, update: bool = False) -> list[str]:
    """Return the faults of a live check on the databases of these names; on one by its path alone."""
    databases = {name: {"url": str(folder / f"{name}.db")} for name in names}
    settings = config.load({"queries": [str(folder / "queries")], "databases": databases})
    runtime = Runtime(settings)
    try:
        checked = await check_live(runtime, update=update)
    finally:
        await runtime.close()
    return [str(fault).replace(f"{folder / 'queries'}/", "") for fault in checked.faults]


async def test_a_snapshot_of_ones_own_copy_serves_for_staging(folder: Path) -> None:
    assert await faults(folder, "own", update=True) == []
    assert await faults(folder, "staging") == []
    with closing(sqlite3.connect(folder / "staging.db")) as connection:
        connection.execute("ALTER TABLE t DROP COLUMN b")
    (fault,) = await faults(folder, "staging")
    assert fault.startswith("q.sql:4:1: The column 'b' is gone from the result.")


async def test_of_several_databases_each_is_held_against_its_own(folder: Path) -> None:
    write(folder / "queries", "q", sql_file('database = ["own", "staging"]', "SELECT * FROM t"))
    assert await faults(folder, "own", "staging", update=True) == []
    assert sorted(json.loads((folder / "queries" / FILE_NAME).read_text())["q"]) == ["own", "staging"]
    write(folder / "queries", "q", sql_file('database = "own"', "SELECT * FROM t"))
    (fault,) = await faults(folder, "own", "staging")
    assert fault.startswith("q.sql:1:1: The query does not run on the database staging any more.")


async def test_a_database_that_the_snapshot_does_not_have_is_told(folder: Path) -> None:
    write(folder / "queries", "q", sql_file('database = ["own"]', "SELECT * FROM t"))
    assert await faults(folder, "own", update=True) == []
    write(folder / "queries", "q", sql_file('database = ["own", "staging"]', "SELECT * FROM t"))
    (fault,) = await faults(folder, "own", "staging")
    assert fault.startswith("q.sql:1:1: The query is not in queries.snapshot.json for the database staging.")
